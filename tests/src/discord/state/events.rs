//! What the bot is told: only of what it sees.
use serde_json::{Value, json};

use super::channel::Channel;
use super::{BOT, State};
use crate::discord::gateway as intents;
use crate::discord::gateway::Emitted;

impl State {
    /// An event for the bot, if it needs any of these intents for it.
    pub(in crate::discord) fn emit(&mut self, name: &'static str, data: Value, needs: u64, is_direct: bool) {
        self.fresh.push(Emitted { name, data, needs, is_direct });
    }

    /// An event of a channel, if the bot sees it: with one intent for guilds, with the other for direct channels.
    pub(in crate::discord) fn tell(
        &mut self,
        name: &'static str,
        channel: u64,
        data: Value,
        (guild, direct): (u64, u64),
    ) {
        let Some(of) = self.channels.get(&channel).filter(|channel| self.sees(channel)) else { return };
        let is_direct = of.guild.is_none();
        self.emit(name, data, if is_direct { direct } else { guild }, is_direct);
    }

    /// MESSAGE_CREATE or MESSAGE_UPDATE.
    pub(in crate::discord) fn tell_message(&mut self, name: &'static str, channel: u64, id: u64) {
        let message = self.message(channel, id).filter(|message| message.only_for.is_none());
        let Some(data) = message.map(|message| self.message_event(message)) else { return };
        self.tell(name, channel, data, (intents::GUILD_MESSAGES, intents::DIRECT_MESSAGES));
    }

    /// An event about a channel or a thread itself: THREAD_UPDATE, CHANNEL_UPDATE.
    pub(in crate::discord) fn tell_channel(&mut self, name: &'static str, channel: u64) {
        let Some(data) = self.channels.get(&channel).map(|channel| self.channel_json(channel)) else {
            return;
        };
        self.tell(name, channel, data, (intents::GUILDS, intents::GUILDS));
    }

    /// THREAD_DELETE or CHANNEL_DELETE of one that has gone.
    pub(in crate::discord) fn tell_gone(&mut self, channel: &Channel) {
        let Some(guild) = channel.guild.filter(|guild| self.bot_in(*guild)) else { return };
        let (name, data) = match (&channel.thread, channel.parent) {
            (Some(_), Some(parent)) => {
                let data = json!({"id": channel.id.to_string(), "guild_id": guild.to_string(),
                    "parent_id": parent.to_string(), "type": channel.kind});
                ("THREAD_DELETE", data)
            }
            _ => ("CHANNEL_DELETE", self.channel_json(channel)),
        };
        self.emit(name, data, intents::GUILDS, false);
    }

    /// The bot is a member of the guild.
    pub(in crate::discord) fn bot_in(&self, guild: u64) -> bool {
        self.guilds.get(&guild).is_some_and(|guild| guild.members.contains_key(&BOT))
    }
}
