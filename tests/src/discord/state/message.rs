//! A message as the stand-in keeps it, and how the API shows it.
use serde_json::{Value, json};

use super::file::File;
use super::mentions::Pinged;
use super::user::User;
use super::{BOT, State, stamp};
use crate::discord::gateway as intents;

/// What somebody writes.
pub const PLAIN: u8 = 0;
/// Somebody was added to a thread.
pub const ADDED: u8 = 1;
/// A thread got another name.
pub const RENAMED: u8 = 4;
/// A thread was opened; stands in its channel.
pub const OPENED: u8 = 18;
/// An answer to a message.
pub const REPLY: u8 = 19;
/// An answer to a slash command.
pub const COMMAND: u8 = 20;
/// Stands first in a thread that began with a message.
pub const STARTER: u8 = 21;

/// Only one person sees it.
pub const EPHEMERAL: u64 = 1 << 6;
/// The bot "is thinking".
pub const LOADING: u64 = 1 << 7;
/// A thread began with it.
pub const HAS_THREAD: u64 = 1 << 5;
/// Components alone make it up.
pub const COMPONENTS_V2: u64 = 1 << 15;

/// A message.
#[derive(Clone, Debug, Default)]
pub struct Message {
    pub id: u64,
    pub channel: u64,
    pub author: u64,
    pub kind: u8,
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub attachments: Vec<(u64, File)>,
    pub flags: u64,
    /// The message that it answers: its channel and itself.
    pub reference: Option<(u64, u64)>,
    pub nonce: Option<Value>,
    /// Milliseconds since 1970.
    pub at: i64,
    pub edited: Option<i64>,
    pub pinged: Pinged,
    pub reactions: Vec<Reaction>,
    /// `interaction_metadata`.
    pub interaction: Option<Value>,
    /// Who alone sees it.
    pub only_for: Option<u64>,
    /// The thread that began with it.
    pub thread: Option<u64>,
}

/// An emoji below a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaction {
    pub emoji: String,
    pub users: Vec<u64>,
}

impl Message {
    /// It is nobody's words.
    pub fn is_system(&self) -> bool {
        ![PLAIN, REPLY, COMMAND].contains(&self.kind)
    }

    fn reactions_json(&self) -> Vec<Value> {
        let all = self.reactions.iter().map(|reaction| {
            json!({"emoji": {"id": null, "name": reaction.emoji}, "count": reaction.users.len(),
                "count_details": {"burst": 0, "normal": reaction.users.len()}, "burst_colors": [],
                "me_burst": false, "me": reaction.users.contains(&BOT)})
        });
        all.collect()
    }
}

impl State {
    /// As the API shows a message, without what it answers.
    fn message_alone(&self, message: &Message) -> Value {
        let user = |id: &u64| self.users.get(id).map(User::json);
        let date = self.clock.date();
        let file = |(id, file): &(u64, File)| {
            let mut json = file.json(*id, &self.host, message.channel, date);
            if message.only_for.is_some() {
                json["ephemeral"] = json!(true);
            }
            json
        };
        let pinged = &message.pinged;
        let mut json = json!({"id": message.id.to_string(), "channel_id": message.channel.to_string(), "type": message.kind,
            "content": message.content, "author": user(&message.author),
            "mentions": pinged.users.iter().filter_map(user).collect::<Vec<Value>>(),
            "mention_roles": pinged.roles.iter().map(u64::to_string).collect::<Vec<String>>(),
            "mention_everyone": pinged.everyone,
            "attachments": message.attachments.iter().map(file).collect::<Vec<Value>>(), "embeds": message.embeds,
            "components": message.components, "timestamp": stamp(message.at),
            "edited_timestamp": message.edited.map(stamp), "flags": message.flags, "pinned": false, "tts": false});
        self.more(message, &mut json);
        json
    }

    fn more(&self, message: &Message, json: &mut Value) {
        if let Some(nonce) = &message.nonce {
            json["nonce"] = nonce.clone();
        }
        if let Some((channel, id)) = message.reference {
            json["message_reference"] =
                json!({"type": 0, "channel_id": channel.to_string(), "message_id": id.to_string()});
            if let Some(guild) = self.channels.get(&channel).and_then(|channel| channel.guild) {
                json["message_reference"]["guild_id"] = json!(guild.to_string());
            }
        }
        if !message.reactions.is_empty() {
            json["reactions"] = json!(message.reactions_json());
        }
        if let Some(metadata) = &message.interaction {
            json["interaction_metadata"] = metadata.clone();
            json["application_id"] = json!(BOT.to_string());
            json["webhook_id"] = json!(BOT.to_string());
        }
        let thread = message.thread.and_then(|thread| self.channels.get(&thread));
        if let Some(thread) = thread {
            json["thread"] = self.channel_json(thread);
        }
    }

    /// As the API shows a message. Without the intent for contents it is blank, unless it is the bot's, for the bot, or direct.
    pub fn message_json(&self, message: &Message) -> Value {
        let mut json = self.message_alone(message);
        self.blank(message, &mut json);
        if let Some((channel, id)) = message.reference {
            let answered = self.message(channel, id).map(|answered| {
                let mut json = self.message_alone(answered);
                self.blank(answered, &mut json);
                // The description knows none there.
                json.as_object_mut().map(|fields| fields.remove("reactions"));
                json
            });
            json["referenced_message"] = json!(answered);
        }
        json
    }

    fn blank(&self, message: &Message, json: &mut Value) {
        let direct = self.channels.get(&message.channel).is_some_and(|channel| channel.guild.is_none());
        let open = self.may_use(intents::MESSAGE_CONTENT)
            || direct
            || message.author == BOT
            || message.pinged.users.contains(&BOT);
        if !open {
            json["content"] = json!("");
            for list in ["embeds", "attachments", "components"] {
                json[list] = json!([]);
            }
        }
    }

    /// As the gateway tells of a message; it sees to contents itself.
    pub fn message_event(&self, message: &Message) -> Value {
        let mut json = self.message_alone(message);
        if let Some((channel, id)) = message.reference {
            json["referenced_message"] =
                json!(self.message(channel, id).map(|answered| self.message_alone(answered)));
        }
        let Some(channel) = self.channels.get(&message.channel) else { return json };
        json["channel_type"] = json!(channel.kind);
        let Some(guild) = channel.guild else { return json };
        json["guild_id"] = json!(guild.to_string());
        let member = |user: u64| Some(self.guilds.get(&guild)?.members.get(&user)?.json_alone());
        if let Some(member) = member(message.author).filter(|_| message.interaction.is_none()) {
            json["member"] = member;
        }
        for (index, user) in message.pinged.users.iter().enumerate() {
            json["mentions"][index]["member"] = json!(member(*user));
        }
        json
    }

    /// A message.
    pub fn message(&self, channel: u64, id: u64) -> Option<&Message> {
        self.channels.get(&channel)?.messages.get(&id)
    }

    pub(in crate::discord) fn message_mut(&mut self, channel: u64, id: u64) -> Option<&mut Message> {
        self.channels.get_mut(&channel)?.messages.get_mut(&id)
    }
}
