//! Threads: opened, archived, locked, renamed; their members.
use serde_json::json;

use super::channel::{Channel, PRIVATE_THREAD, PUBLIC_THREAD, Thread, member_json};
use super::message::{ADDED, HAS_THREAD, Message, OPENED, RENAMED, STARTER};
use super::{BOT, State};
use crate::discord::gateway as intents;

/// A thread to be opened.
#[derive(Clone, Debug)]
pub struct NewThread {
    /// The channel it is in.
    pub parent: u64,
    /// Who opens it.
    pub owner: u64,
    pub name: String,
    pub private: bool,
    /// The message with which it begins.
    pub from: Option<u64>,
    /// Minutes.
    pub auto_archive: u64,
    pub invitable: bool,
}

impl State {
    /// Opens a thread, with its owner as a member; returns its id, which is that of the message with which it begins.
    ///
    /// # Panics
    /// There is no such channel.
    pub(in crate::discord) fn open_thread(&mut self, new: NewThread) -> u64 {
        let id = new.from.unwrap_or_else(|| self.snowflake());
        let (guild, now) = (self.channels[&new.parent].guild, self.clock.millis());
        let thread = Thread {
            owner: new.owner,
            invitable: new.invitable,
            created: now,
            archive_changed: now,
            auto_archive: new.auto_archive,
            members: [(new.owner, now)].into(),
            ..Thread::default()
        };
        let kind = if new.private { PRIVATE_THREAD } else { PUBLIC_THREAD };
        let channel = Channel {
            id,
            kind,
            guild,
            parent: Some(new.parent),
            name: new.name.clone(),
            thread: Some(thread),
            ..Channel::default()
        };
        self.channels.insert(id, channel);
        self.tell_new_thread(id);
        self.announce_thread(id, new);
        id
    }

    fn tell_new_thread(&mut self, id: u64) {
        let channel = &self.channels[&id];
        let mut data = self.channel_json(channel);
        data["newly_created"] = json!(true);
        self.tell("THREAD_CREATE", id, data, (intents::GUILDS, 0));
    }

    /// What stands in the channel, and first in the thread, of a thread that is not private.
    fn announce_thread(&mut self, id: u64, new: NewThread) {
        match new.from {
            Some(from) => {
                if let Some(message) = self.message_mut(new.parent, from) {
                    message.thread = Some(id);
                    message.flags |= HAS_THREAD;
                }
                self.tell_message("MESSAGE_UPDATE", new.parent, from);
                let reference = Some((new.parent, from));
                self.say(Message {
                    channel: id,
                    author: new.owner,
                    kind: STARTER,
                    reference,
                    ..Message::default()
                });
            }
            None if !new.private => {
                let said = Message {
                    channel: new.parent,
                    author: new.owner,
                    kind: OPENED,
                    content: new.name,
                    reference: Some((id, id)),
                    ..Message::default()
                };
                self.say(said);
            }
            None => {}
        }
    }

    /// Something is said in a channel: an archived thread opens, its author and whom it pings become members.
    pub(super) fn enlivened(&mut self, id: u64, said: &Message) {
        if self.channels.get(&id).is_none_or(|channel| channel.thread.is_none()) {
            return;
        }
        if self.channels[&id].is_archived() {
            self.settle(id, (Some(false), None), None);
        }
        if ![ADDED, STARTER, RENAMED].contains(&said.kind) {
            self.join_thread(id, said.author);
            said.pinged.users.iter().for_each(|user| self.join_thread(id, *user));
        }
    }

    /// Archives, locks, or takes that back; the bot is told.
    pub(in crate::discord) fn settle(
        &mut self,
        id: u64,
        (archived, locked): (Option<bool>, Option<bool>),
        auto_archive: Option<u64>,
    ) {
        let now = self.clock.millis();
        let Some(thread) = self.channels.get_mut(&id).and_then(|channel| channel.thread.as_mut()) else {
            return;
        };
        let before = (thread.archived, thread.locked, thread.auto_archive);
        thread.archived = archived.unwrap_or(thread.archived);
        thread.locked = locked.unwrap_or(thread.locked);
        thread.auto_archive = auto_archive.unwrap_or(thread.auto_archive);
        if thread.archived != before.0 {
            thread.archive_changed = now;
        }
        if (thread.archived, thread.locked, thread.auto_archive) != before {
            self.tell_channel("THREAD_UPDATE", id);
        }
    }

    /// Gives a channel or a thread another name; in a thread that is told by a message.
    pub(in crate::discord) fn rename(&mut self, id: u64, by: u64, name: &str) {
        let Some(channel) = self.channels.get_mut(&id).filter(|channel| channel.name != name) else { return };
        channel.name = name.to_owned();
        if channel.thread.is_some() {
            self.tell_channel("THREAD_UPDATE", id);
            let content = name.to_owned();
            self.say(Message { channel: id, author: by, kind: RENAMED, content, ..Message::default() });
        } else {
            self.tell_channel("CHANNEL_UPDATE", id);
        }
    }

    /// Gives a channel another topic.
    pub(in crate::discord) fn new_topic(&mut self, id: u64, topic: &str) {
        if let Some(channel) = self.channels.get_mut(&id) {
            channel.topic = Some(topic.to_owned()).filter(|topic| !topic.is_empty());
        }
        self.tell_channel("CHANNEL_UPDATE", id);
    }

    /// Somebody becomes a member of a thread, if they may see its channel.
    pub(in crate::discord) fn join_thread(&mut self, id: u64, user: u64) {
        let now = self.clock.millis();
        let parent = self.channels.get(&id).and_then(|channel| channel.parent).unwrap_or_default();
        if !self.may(user, parent, super::permissions::VIEW_CHANNEL) {
            return;
        }
        let Some(thread) = self.channels.get_mut(&id).and_then(|channel| channel.thread.as_mut()) else {
            return;
        };
        if thread.members.contains_key(&user) {
            return;
        }
        thread.members.insert(user, now);
        if user == BOT {
            let data = self.channel_json(&self.channels[&id]);
            self.tell("THREAD_CREATE", id, data, (intents::GUILDS, 0));
        }
        self.tell_members(id, vec![user], Vec::new());
    }

    /// Somebody is added to a thread by somebody else, which is told by a message.
    pub(in crate::discord) fn add_to_thread(&mut self, id: u64, by: u64, user: u64) {
        if self.channels.get(&id).is_some_and(|channel| channel.has_member(user)) {
            return;
        }
        self.join_thread(id, user);
        let pinged = super::mentions::Pinged { users: vec![user], ..Default::default() };
        self.say(Message { channel: id, author: by, kind: ADDED, pinged, ..Message::default() });
    }

    /// Somebody leaves a thread, or is taken out.
    pub(in crate::discord) fn leave_thread(&mut self, id: u64, user: u64) {
        let channel = self.channels.get_mut(&id);
        let gone = channel.and_then(|channel| channel.thread.as_mut()?.members.remove(&user));
        if gone.is_some() {
            self.tell_members(id, Vec::new(), vec![user]);
        }
    }

    /// THREAD_MEMBERS_UPDATE: with the privileged intent of everybody, without it of the bot alone.
    fn tell_members(&mut self, id: u64, added: Vec<u64>, removed: Vec<u64>) {
        let channel = &self.channels[&id];
        let (Some(thread), Some(guild)) = (&channel.thread, channel.guild) else { return };
        let own = added.contains(&BOT) || removed.contains(&BOT);
        let joined = |user: &u64| {
            let mut json = member_json(id, *user, thread.members.get(user).copied().unwrap_or_default());
            json["member"] = self.member_json(guild, *user);
            json
        };
        let mut data = json!({"id": id.to_string(), "guild_id": guild.to_string(), "member_count": thread.members.len().min(50)});
        if !added.is_empty() {
            data["added_members"] = added.iter().map(joined).collect();
        }
        if !removed.is_empty() {
            data["removed_member_ids"] = removed.iter().map(u64::to_string).collect();
        }
        let needs = if own { intents::GUILDS } else { intents::GUILD_MEMBERS };
        if own || self.sees(&self.channels[&id]) {
            self.emit("THREAD_MEMBERS_UPDATE", data, needs, false);
        }
    }
}
