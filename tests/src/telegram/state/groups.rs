//! Groups: who is in them, their topics, their moves.
use serde_json::{Map, Value, json};

use super::chat::{Chat, Kind, Member, Rights, Role, Topic};
use super::deeds::Said;
use super::user::User;
use super::{BOT, State};

/// The colour of topics that ask for none.
pub const COLOUR: i64 = 7_322_096;

impl State {
    /// Somebody has an account.
    pub(in crate::telegram) fn person(&mut self, id: i64, name: &str, language: Option<&str>) {
        self.users.entry(id).or_insert_with(|| User::person(id, name, language));
    }

    /// The private chat of somebody with the bot.
    pub(in crate::telegram) fn private(&mut self, user: i64) {
        let name = self.users[&user].name.clone();
        let chat = || {
            let mut chat = Chat::new(user, Kind::Private, &name, false);
            chat.members.insert(BOT, Member::new(Role::Member));
            chat
        };
        self.chats.entry(user).or_insert_with(chat);
    }

    /// A group with the bot in it.
    pub(in crate::telegram) fn new_group(
        &mut self,
        id: i64,
        title: &str,
        kind: Kind,
        forum: bool,
        bot: Role,
    ) {
        let mut chat = Chat::new(id, kind, title, forum);
        chat.members.insert(BOT, Member::new(bot));
        self.chats.insert(id, chat);
    }

    /// Somebody is made that in a group.
    pub(in crate::telegram) fn member(&mut self, chat: i64, user: i64, role: Role) {
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.members.entry(user).or_insert_with(|| Member::new(role)).role = role;
        }
    }

    /// An administrator with all rights writes as the group from now on, or no longer.
    pub(in crate::telegram) fn anonymous(&mut self, chat: i64, user: i64, anonymous: bool) {
        self.member(chat, user, Role::Administrator(Rights::ALL));
        let member = self.chats.get_mut(&chat).and_then(|chat| chat.members.get_mut(&user));
        member.expect("just made one").anonymous = anonymous;
    }

    /// A service message of that field.
    pub(in crate::telegram) fn announce(&mut self, said: Said, service: &'static str, value: Value) -> i64 {
        let content = Map::from_iter([(service.to_owned(), value)]);
        self.say(Said { content, service: Some(service), ..said })
    }

    /// Somebody opens a topic; returns its id.
    pub(in crate::telegram) fn new_topic(&mut self, chat: i64, from: i64, name: &str, colour: i64) -> i64 {
        let next = self.chat(chat).map_or(1, |chat| chat.last_message() + 1).max(2);
        if let Some(chat) = self.chats.get_mut(&chat) {
            // 1 is General.
            while chat.last_message() + 1 < next {
                chat.next_message();
            }
            chat.topics.insert(next, Topic { id: next, name: name.to_owned(), colour, closed: false });
        }
        let created = json!({"name": name, "icon_color": colour});
        let said = Said { chat, from, thread: Some(next), ..Said::default() };
        self.announce(said, "forum_topic_created", created)
    }

    /// Somebody renames a topic.
    pub(in crate::telegram) fn rename_topic(&mut self, chat: i64, from: i64, topic: i64, name: &str) {
        self.change_topic(chat, topic, |topic| topic.name = name.to_owned());
        self.announce(in_topic(chat, from, topic), "forum_topic_edited", json!({"name": name}));
    }

    /// Somebody closes a topic, or opens it again.
    pub(in crate::telegram) fn close_topic(&mut self, chat: i64, from: i64, topic: i64, closed: bool) {
        self.change_topic(chat, topic, |topic| topic.closed = closed);
        let service = if closed { "forum_topic_closed" } else { "forum_topic_reopened" };
        self.announce(in_topic(chat, from, topic), service, json!({}));
    }

    fn change_topic(&mut self, chat: i64, topic: i64, change: impl FnOnce(&mut Topic)) {
        let found = self.chats.get_mut(&chat).and_then(|chat| chat.topics.get_mut(&topic));
        if let Some(topic) = found {
            change(topic);
        }
    }

    /// A topic is deleted with all that stands in it: the bot isn't told.
    pub(in crate::telegram) fn delete_topic(&mut self, chat: i64, topic: i64) -> bool {
        let Some(chat) = self.chats.get_mut(&chat) else { return false };
        chat.messages.retain(|_, message| message.thread != Some(topic));
        chat.topics.remove(&topic).is_some()
    }

    /// A group becomes a supergroup; returns its new id.
    pub(in crate::telegram) fn migrate(&mut self, old: i64, by: i64) -> i64 {
        let new = -1_009_000_000_000 - self.number();
        let Some(chat) = self.chats.get_mut(&old) else { return old };
        let moved = chat.migrated(new);
        chat.migrated_to = Some(new);
        self.chats.insert(new, moved);
        self.announce(Said { chat: old, from: by, ..Said::default() }, "migrate_to_chat_id", json!(new));
        self.announce(Said { chat: new, from: by, ..Said::default() }, "migrate_from_chat_id", json!(old));
        new
    }
}

fn in_topic(chat: i64, from: i64, topic: i64) -> Said {
    Said { chat, from, thread: super::thread(topic), ..Said::default() }
}
