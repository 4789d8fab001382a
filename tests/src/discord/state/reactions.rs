//! Emojis below messages, and who is typing.
use serde_json::json;

use super::State;
use super::message::Reaction;
use crate::discord::gateway as intents;

impl State {
    /// Somebody puts an emoji below a message, or takes it back; the bot is told.
    pub(in crate::discord) fn reacts(&mut self, channel: u64, user: u64, id: u64, emoji: &str, on: bool) {
        let Some(message) = self.message_mut(channel, id) else { return };
        let author = message.author;
        let there = message.reactions.iter_mut().find(|one| one.emoji == emoji);
        let changes = there.as_ref().is_some_and(|one| one.users.contains(&user)) != on;
        match there {
            Some(one) if on && changes => one.users.push(user),
            Some(one) if !on => one.users.retain(|of| *of != user),
            None if on => {
                message.reactions.push(Reaction { emoji: emoji.to_owned(), users: vec![user] });
            }
            _ => {}
        }
        message.reactions.retain(|one| !one.users.is_empty());
        if changes {
            self.tell_reaction((channel, id), user, emoji, on.then_some(author));
        }
    }

    fn tell_reaction(&mut self, (channel, id): (u64, u64), user: u64, emoji: &str, added_to: Option<u64>) {
        let mut data = json!({"user_id": user.to_string(), "channel_id": channel.to_string(), "message_id": id.to_string(),
            "emoji": {"id": null, "name": emoji}, "burst": false, "type": 0});
        if let Some(guild) = self.channels.get(&channel).and_then(|channel| channel.guild) {
            data["guild_id"] = json!(guild.to_string());
            if added_to.is_some() {
                data["member"] = self.member_json(guild, user);
            }
        }
        let name = if added_to.is_some() { "MESSAGE_REACTION_ADD" } else { "MESSAGE_REACTION_REMOVE" };
        if let Some(author) = added_to {
            data["message_author_id"] = json!(author.to_string());
        }
        self.tell(name, channel, data, (intents::GUILD_MESSAGE_REACTIONS, intents::DIRECT_MESSAGE_REACTIONS));
    }

    /// Somebody begins to type.
    pub(in crate::discord) fn types(&mut self, channel: u64, user: u64) {
        let at = self.clock.date();
        let mut data =
            json!({"channel_id": channel.to_string(), "user_id": user.to_string(), "timestamp": at});
        if let Some(guild) = self.channels.get(&channel).and_then(|channel| channel.guild) {
            data["guild_id"] = json!(guild.to_string());
            data["member"] = self.member_json(guild, user);
        }
        self.tell(
            "TYPING_START",
            channel,
            data,
            (intents::GUILD_MESSAGE_TYPING, intents::DIRECT_MESSAGE_TYPING),
        );
    }
}
