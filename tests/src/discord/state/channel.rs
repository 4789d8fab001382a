//! Channels: of guilds, direct ones, threads.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::message::Message;
use super::{BOT, State, stamp};

/// A text channel of a guild.
pub const TEXT: u8 = 0;
/// A direct channel.
pub const DIRECT: u8 = 1;
/// A public thread.
pub const PUBLIC_THREAD: u8 = 11;
/// A private thread.
pub const PRIVATE_THREAD: u8 = 12;

/// A channel of any kind.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    pub id: u64,
    pub kind: u8,
    pub guild: Option<u64>,
    /// The channel that a thread is in.
    pub parent: Option<u64>,
    pub name: String,
    pub topic: Option<String>,
    pub position: usize,
    pub overwrites: Vec<Overwrite>,
    /// The person of a direct channel.
    pub recipient: Option<u64>,
    pub thread: Option<Thread>,
    pub messages: BTreeMap<u64, Message>,
    /// Also of one that was deleted since.
    pub last_message: Option<u64>,
}

/// What a role or a member may more, or less, in a channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Overwrite {
    /// A role's, or a member's.
    pub id: u64,
    pub member: bool,
    pub allow: u64,
    pub deny: u64,
}

/// What makes a channel a thread.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    pub owner: u64,
    pub archived: bool,
    pub locked: bool,
    pub invitable: bool,
    /// Milliseconds since 1970.
    pub created: i64,
    pub archive_changed: i64,
    /// Minutes.
    pub auto_archive: u64,
    /// Since when, in milliseconds since 1970.
    pub members: BTreeMap<u64, i64>,
    /// With those that were deleted.
    pub sent: usize,
}

impl Overwrite {
    /// As the API shows it.
    pub fn json(&self) -> Value {
        json!({"id": self.id.to_string(), "type": u8::from(self.member), "allow": self.allow.to_string(), "deny": self.deny.to_string()})
    }
}

impl Channel {
    /// It is a private thread.
    pub fn is_private(&self) -> bool {
        self.kind == PRIVATE_THREAD
    }

    /// It is a thread that is archived.
    pub fn is_archived(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.archived)
    }

    /// It is a thread that is locked.
    pub fn is_locked(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.locked)
    }

    /// Somebody is a member of the thread.
    pub fn has_member(&self, user: u64) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.members.contains_key(&user))
    }

    fn thread_json(&self, thread: &Thread, json: &mut Value) {
        let messages = self.messages.values().filter(|message| message.kind != super::message::STARTER);
        let count = messages.filter(|message| message.only_for.is_none()).count();
        json["owner_id"] = json!(thread.owner.to_string());
        json["rate_limit_per_user"] = json!(0);
        json["message_count"] = json!(count);
        json["total_message_sent"] = json!(thread.sent);
        json["member_count"] = json!(thread.members.len().min(50));
        json["thread_metadata"] = json!({"archived": thread.archived, "archive_timestamp": stamp(thread.archive_changed),
            "auto_archive_duration": thread.auto_archive, "locked": thread.locked, "create_timestamp": stamp(thread.created)});
        if self.is_private() {
            json["thread_metadata"]["invitable"] = json!(thread.invitable);
        }
        if let Some(since) = thread.members.get(&BOT) {
            json["member"] = member_json(self.id, BOT, *since);
        }
    }
}

/// A member of a thread.
pub fn member_json(thread: u64, user: u64, since: i64) -> Value {
    json!({"id": thread.to_string(), "user_id": user.to_string(), "join_timestamp": stamp(since), "flags": 0})
}

impl State {
    /// As the API shows a channel of any kind.
    pub fn channel_json(&self, channel: &Channel) -> Value {
        let last = channel.last_message.map(|id| id.to_string());
        let mut json =
            json!({"id": channel.id.to_string(), "type": channel.kind, "last_message_id": last, "flags": 0});
        if let Some(recipient) = channel.recipient {
            json["recipients"] = json!([self.users.get(&recipient).map(super::user::User::json)]);
            return json;
        }
        json["guild_id"] = json!(channel.guild.map(|id| id.to_string()));
        json["name"] = json!(channel.name);
        json["parent_id"] = json!(channel.parent.map(|id| id.to_string()));
        match &channel.thread {
            Some(thread) => channel.thread_json(thread, &mut json),
            None => {
                json["topic"] = json!(channel.topic);
                json["position"] = json!(channel.position);
                json["nsfw"] = json!(false);
                json["rate_limit_per_user"] = json!(0);
                json["permission_overwrites"] = channel.overwrites.iter().map(Overwrite::json).collect();
            }
        }
        json
    }

    /// The bot sees the channel.
    pub fn sees(&self, channel: &Channel) -> bool {
        self.permissions(BOT, channel) & super::permissions::VIEW_CHANNEL != 0
    }
}
