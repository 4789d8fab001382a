//! What happens in channels: something is said, changed, deleted.
use serde_json::{Value, json};

use super::channel::{Channel, DIRECT};
use super::message::Message;
use super::{BOT, State};
use crate::discord::gateway as intents;

impl State {
    /// Puts a message into its channel and tells the bot, if it sees it; returns its id. An archived thread is opened again, and
    /// who writes in a thread, or is pinged in it, becomes a member of it.
    ///
    /// # Panics
    /// There is no such channel.
    pub(in crate::discord) fn say(&mut self, said: Message) -> u64 {
        let (id, at, place) = (self.snowflake(), self.clock.millis(), said.channel);
        let (author, seen) = (said.author, said.only_for.is_none());
        if seen {
            self.enlivened(place, &said);
        }
        let channel = self.channels.get_mut(&place).expect("the channel is there");
        if seen {
            channel.last_message = Some(id);
            if let Some(thread) = &mut channel.thread {
                thread.sent += 1;
            }
        }
        channel.messages.insert(id, Message { id, at, ..said });
        self.tell_message("MESSAGE_CREATE", place, id);
        if author == BOT
            && let Some(Value::String(nonce)) =
                self.message(place, id).and_then(|message| message.nonce.clone())
        {
            self.nonces.insert(nonce, (self.clock.now(), place, id));
        }
        id
    }

    /// Changes a message; the bot is told.
    pub(in crate::discord) fn edit(&mut self, channel: u64, id: u64, change: impl FnOnce(&mut Message)) {
        let at = self.clock.millis();
        if let Some(message) = self.message_mut(channel, id) {
            change(message);
            message.edited = Some(at);
        }
        self.tell_message("MESSAGE_UPDATE", channel, id);
    }

    /// Deletes a message; the bot is told.
    pub(in crate::discord) fn delete(&mut self, channel: u64, id: u64) {
        let Some(place) = self.channels.get_mut(&channel) else { return };
        let Some(message) = place.messages.remove(&id) else { return };
        let mut data = json!({"id": id.to_string(), "channel_id": channel.to_string()});
        if let Some(guild) = place.guild {
            data["guild_id"] = json!(guild.to_string());
        }
        if message.only_for.is_none() {
            self.tell("MESSAGE_DELETE", channel, data, (intents::GUILD_MESSAGES, intents::DIRECT_MESSAGES));
        }
    }

    /// The direct channel of a person, new if need be.
    pub(in crate::discord) fn open_direct(&mut self, user: u64) -> u64 {
        if let Some(channel) = self.direct(user) {
            return channel;
        }
        let id = self.snowflake();
        let channel = Channel { id, kind: DIRECT, recipient: Some(user), ..Channel::default() };
        self.channels.insert(id, channel);
        id
    }

    /// Deletes a channel, with the threads in it.
    pub(in crate::discord) fn delete_channel(&mut self, id: u64) -> Option<Channel> {
        let below: Vec<u64> = self
            .channels
            .values()
            .filter(|channel| channel.parent == Some(id))
            .map(|channel| channel.id)
            .collect();
        for thread in below {
            self.delete_channel(thread);
        }
        let seen = self.channels.get(&id).is_some_and(|channel| self.sees(channel));
        let gone = self.channels.remove(&id)?;
        if seen {
            self.tell_gone(&gone);
        }
        Some(gone)
    }
}
