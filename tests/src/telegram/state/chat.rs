//! Chats: private ones, groups, supergroups with topics; who is in them and may do what.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::message::Message;
use super::user::User;

/// The topic General. It has no `message_thread_id` in the Bot API.
pub const GENERAL: i64 = 1;

/// What sort of chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Private,
    Group,
    Supergroup,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Private => "private",
            Kind::Group => "group",
            Kind::Supergroup => "supergroup",
        }
    }
}

/// A chat.
#[derive(Clone, Debug)]
pub struct Chat {
    pub id: i64,
    pub kind: Kind,
    /// The group's title, or the person's name.
    pub title: String,
    pub forum: bool,
    pub messages: BTreeMap<i64, Message>,
    pub topics: BTreeMap<i64, Topic>,
    pub members: BTreeMap<i64, Member>,
    /// Where it has gone.
    pub migrated_to: Option<i64>,
    last_message: i64,
}

impl Chat {
    pub fn new(id: i64, kind: Kind, title: &str, forum: bool) -> Chat {
        let (messages, topics, members) = Default::default();
        let title = title.to_owned();
        Chat { id, kind, title, forum, messages, topics, members, migrated_to: None, last_message: 0 }
    }

    /// The id of the next message.
    pub fn next_message(&mut self) -> i64 {
        self.last_message += 1;
        self.last_message
    }

    /// The last message's id.
    pub fn last_message(&self) -> i64 {
        self.last_message
    }

    /// The same chat after its migration.
    pub fn migrated(&self, id: i64) -> Chat {
        let mut chat = Chat { id, kind: Kind::Supergroup, ..self.clone() };
        chat.messages.values_mut().for_each(|message| message.chat = id);
        chat
    }

    /// The `Chat` of the Bot API.
    pub fn json(&self) -> Value {
        let mut chat = json!({"id": self.id, "type": self.kind.word()});
        let name = if self.kind == Kind::Private { "first_name" } else { "title" };
        chat[name] = json!(self.title);
        if self.forum {
            chat["is_forum"] = json!(true);
        }
        chat
    }
}

/// A topic of a forum.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    /// `message_thread_id`: the id of the message that says that it was created.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The colour of its icon.
    pub colour: i64,
    /// It is closed: only administrators may write.
    pub closed: bool,
}

/// What somebody is in a chat.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub role: Role,
    /// An administrator who writes as the group.
    pub anonymous: bool,
}

/// A role, and the rights that come with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Owner,
    Administrator(Rights),
    Member,
    Left,
    Kicked,
}

impl Role {
    pub fn is_in(self) -> bool {
        !matches!(self, Role::Left | Role::Kicked)
    }

    pub fn is_administrator(self) -> bool {
        matches!(self, Role::Owner | Role::Administrator(_))
    }

    pub fn rights(self) -> Rights {
        match self {
            Role::Owner => Rights::ALL,
            Role::Administrator(rights) => rights,
            _ => Rights::NONE,
        }
    }
}

/// What an administrator may do, as far as a support bot has to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// `can_manage_topics`.
    pub manage_topics: bool,
    /// `can_delete_messages`.
    pub delete_messages: bool,
    /// `can_pin_messages`.
    pub pin_messages: bool,
}

impl Rights {
    /// All of them.
    pub const ALL: Rights = Rights { manage_topics: true, delete_messages: true, pin_messages: true };
    /// None of them; with these the bot is no administrator any more.
    pub const NONE: Rights = Rights { manage_topics: false, delete_messages: false, pin_messages: false };
}

impl Member {
    pub fn new(role: Role) -> Member {
        Member { role, anonymous: false }
    }

    /// The `ChatMember` of the Bot API.
    pub fn json(&self, user: &User) -> Value {
        let mut member = match self.role {
            Role::Owner => json!({"status": "creator", "is_anonymous": self.anonymous}),
            Role::Administrator(rights) => administrator(rights, self.anonymous),
            Role::Member => json!({"status": "member"}),
            Role::Left => json!({"status": "left"}),
            Role::Kicked => json!({"status": "kicked", "until_date": 0}),
        };
        member["user"] = user.json();
        member
    }
}

fn administrator(rights: Rights, anonymous: bool) -> Value {
    json!({
        "status": "administrator",
        "can_be_edited": false,
        "is_anonymous": anonymous,
        "can_manage_chat": true,
        "can_change_info": true,
        "can_delete_messages": rights.delete_messages,
        "can_invite_users": true,
        "can_restrict_members": false,
        "can_pin_messages": rights.pin_messages,
        "can_manage_topics": rights.manage_topics,
        "can_promote_members": false,
        "can_manage_video_chats": false,
        "can_post_stories": false,
        "can_edit_stories": false,
        "can_delete_stories": false,
    })
}
