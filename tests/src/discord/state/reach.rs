//! What the bot may do where, with the server's refusals.
use super::channel::Channel;
use super::message::Message;
use super::permissions::{SEND_MESSAGES, SEND_MESSAGES_IN_THREADS};
use super::{BOT, State};
use crate::discord::answer::Refusal;

impl State {
    /// A channel that the bot sees.
    pub(in crate::discord) fn reached(&self, id: u64) -> Result<&Channel, Refusal> {
        let channel = self.channels.get(&id).ok_or_else(|| Refusal::code(10003))?;
        if self.sees(channel) { Ok(channel) } else { Err(Refusal::code(50001)) }
    }

    /// A channel that the bot sees, and may do that in.
    pub(in crate::discord) fn reached_with(&self, id: u64, permissions: u64) -> Result<&Channel, Refusal> {
        let channel = self.reached(id)?;
        let missing = permissions & !self.permissions(BOT, channel);
        if missing == 0 { Ok(channel) } else { Err(Refusal::code(50013)) }
    }

    /// A message of a channel that the bot sees. What only one person sees can't be had so.
    pub(in crate::discord) fn read_message(&self, channel: u64, id: u64) -> Result<&Message, Refusal> {
        let message = self.reached(channel)?.messages.get(&id);
        message.filter(|message| message.only_for.is_none()).ok_or_else(|| Refusal::code(10008))
    }

    /// A channel that the bot may send into; with that permission more.
    pub(in crate::discord) fn writable(&self, id: u64, more: u64) -> Result<&Channel, Refusal> {
        let channel = self.reached(id)?;
        if let Some(person) = channel.recipient {
            return self.takes_direct(person).map(|()| channel);
        }
        let send = if channel.thread.is_some() { SEND_MESSAGES_IN_THREADS } else { SEND_MESSAGES };
        self.reached_with(id, send | more)?;
        let may_manage = self.may(BOT, id, super::permissions::MANAGE_THREADS);
        match (channel.is_archived(), channel.is_locked()) {
            (true, true) => Err(Refusal::code(50083)),
            (false, true) if !may_manage => Err(Refusal::code(160_005)),
            (true, false) => self.one_more_thread(channel.guild).map(|()| channel),
            _ => Ok(channel),
        }
    }

    /// A person can be written to directly.
    fn takes_direct(&self, person: u64) -> Result<(), Refusal> {
        if self.gone.contains(&person) {
            return Err(Refusal::code(50278));
        }
        match self.users.get(&person) {
            Some(user) if !user.closed => Ok(()),
            _ => Err(Refusal::code(50007)),
        }
    }

    /// A guild that the bot is in.
    pub(in crate::discord) fn reached_guild(&self, id: u64) -> Result<&super::guild::Guild, Refusal> {
        let guild = self.guilds.get(&id).ok_or_else(|| Refusal::code(10004))?;
        if self.bot_in(id) { Ok(guild) } else { Err(Refusal::code(50001)) }
    }

    /// One thread more may be active in the guild.
    pub(in crate::discord) fn one_more_thread(&self, guild: Option<u64>) -> Result<(), Refusal> {
        let active = self.channels.values().filter(|channel| {
            channel.guild == guild && channel.thread.as_ref().is_some_and(|thread| !thread.archived)
        });
        if active.count() < self.most_threads { Ok(()) } else { Err(Refusal::code(160_006)) }
    }
}
