//! Everything that is so at the moment: accounts, chats, what waits for the bot, what it has asked for.
//!
//! Tests read it in [`super::Telegram::wait`]; only the stand-in changes it.
pub(super) mod access;
pub(super) mod chat;
mod deeds;
mod groups;
pub(super) mod message;
mod presses;
pub(super) mod user;
mod words;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use self::chat::{Chat, Topic};
pub use self::deeds::Said;
pub(super) use self::groups::COLOUR;
use self::message::Message;
pub(super) use self::presses::labels;
pub use self::presses::{Press, Pressed};
use self::user::User;
pub(super) use self::words::entities as found;
use super::call::Call;
use super::faults::{Fault, Faults, What};
use super::pace::Pace;
use super::shown::Shown;
use super::updates::Queue;
use super::webhook::Webhook;
use crate::fake::Clock;

/// The account of the bot.
pub const BOT: i64 = 7_000_000_001;

/// What is so at the moment.
pub struct State {
    pub(super) clock: Clock,
    pub(super) users: BTreeMap<i64, User>,
    pub(super) chats: BTreeMap<i64, Chat>,
    pub(super) updates: Queue,
    pub(super) presses: BTreeMap<String, Press>,
    /// By scope (its JSON) and language.
    pub(super) commands: BTreeMap<(String, String), Value>,
    /// Ids of files, and what kind they are of.
    pub(super) files: BTreeMap<String, super::Media>,
    /// What was uploaded: file's id, name and bytes.
    pub(super) uploads: Vec<(String, String, Vec<u8>)>,
    pub(super) webhook: Option<Webhook>,
    pub(super) faults: Faults,
    pub(super) pace: Pace,
    pub(super) calls: Vec<Call>,
    pub(super) requests: usize,
    /// The poller that is served; an older one is ended.
    pub(super) poller: u64,
    /// The bot sees in groups only what is meant for it, unless it is an administrator.
    pub(super) privacy: bool,
    /// Chat actions (`typing`) shown, in order.
    pub(super) actions: Vec<(i64, Option<i64>, String)>,
    /// Updates that nobody outside has been told of.
    pub(super) fresh: Vec<Value>,
    pub(super) webhook_scale: f64,
    numbers: i64,
}

impl State {
    pub(super) fn new() -> State {
        let users = [
            User::bot(BOT, "Shop", "shop_test_bot"),
            User::bot(user::ANONYMOUS, "Group", "GroupAnonymousBot"),
        ];
        State {
            clock: Clock::new(),
            users: users.into_iter().map(|user| (user.id, user)).collect(),
            chats: BTreeMap::new(),
            updates: Queue::new(),
            presses: BTreeMap::new(),
            commands: BTreeMap::new(),
            files: BTreeMap::new(),
            uploads: Vec::new(),
            webhook: None,
            faults: Faults::default(),
            pace: Pace::new(),
            calls: Vec::new(),
            requests: 0,
            poller: 0,
            privacy: true,
            actions: Vec::new(),
            fresh: Vec::new(),
            webhook_scale: 1.0,
            numbers: 0,
        }
    }

    /// The requests of the bot that have been answered, or met their fault, in that order.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// Those of one method.
    pub fn calls_of(&self, method: &str) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.method.eq_ignore_ascii_case(method))
    }

    /// What stands in a chat, all topics together, in the order of ids. Nothing, if there is no such chat.
    pub fn shown(&self, chat: i64) -> Vec<Shown> {
        self.messages(chat).map(|message| message.shown(self)).collect()
    }

    /// What stands in a topic ([`super::GENERAL`]: in none).
    pub fn shown_in(&self, chat: i64, topic: i64) -> Vec<Shown> {
        let thread = thread(topic);
        let within = self.messages(chat).filter(|message| message.thread == thread);
        within.map(|message| message.shown(self)).collect()
    }

    /// The topics of a group that are there, in the order of ids, without General.
    pub fn topics(&self, group: i64) -> Vec<Topic> {
        self.chat(group).map(|chat| chat.topics.values().cloned().collect()).unwrap_or_default()
    }

    /// How many updates wait to be confirmed.
    pub fn pending(&self) -> usize {
        self.updates.pending()
    }

    /// The same, of one chat.
    pub fn pending_of(&self, chat: i64) -> usize {
        self.updates.waiting().filter(|update| update.chat == Some(chat)).count()
    }

    /// How often the bot has begun to poll.
    pub fn polls(&self) -> u64 {
        self.poller
    }

    /// How often delivery of a chat's oldest update to the webhook has failed in a row.
    pub fn pending_webhook_tries(&self, chat: i64) -> Option<u32> {
        self.webhook.as_ref()?.tries(chat)
    }

    /// A press of a button, and what the bot answered.
    pub fn press(&self, id: &str) -> Option<&Press> {
        self.presses.get(id)
    }

    /// The chat actions that were shown, in order: chat, topic, action.
    pub fn actions(&self) -> &[(i64, Option<i64>, String)] {
        &self.actions
    }

    /// The commands of the bot for a scope (`{"type":"default"}`) and a language (empty: all others).
    pub fn commands(&self, scope: &Value, language: &str) -> Option<&Value> {
        self.commands.get(&(scope.to_string(), language.to_owned()))
    }

    /// The time since the start, with what was skipped.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    pub(super) fn user(&self, id: i64) -> Option<&User> {
        self.users.get(&id)
    }

    pub(super) fn chat(&self, id: i64) -> Option<&Chat> {
        self.chats.get(&id)
    }

    pub(super) fn message(&self, chat: i64, id: i64) -> Option<&Message> {
        self.chats.get(&chat)?.messages.get(&id)
    }

    pub(super) fn message_mut(&mut self, chat: i64, id: i64) -> Option<&mut Message> {
        self.chats.get_mut(&chat)?.messages.get_mut(&id)
    }

    fn messages(&self, chat: i64) -> impl Iterator<Item = &Message> {
        self.chat(chat).into_iter().flat_map(|chat| chat.messages.values())
    }

    /// A number that was not used.
    pub(super) fn number(&mut self) -> i64 {
        self.numbers += 1;
        self.numbers
    }

    /// A file that was sent or uploaded; returns its id.
    pub(super) fn new_file(&mut self, kind: super::Media) -> String {
        let id = format!("AgACAgQAAxk-{}-{:06}", kind.field(), self.number());
        self.files.insert(id.clone(), kind);
        id
    }

    /// What is in a file. What people send has something of its own in it.
    pub(super) fn content(&self, id: &str) -> Vec<u8> {
        let uploaded = self.uploads.iter().find(|(known, ..)| known == id);
        uploaded.map_or_else(|| format!("what is in {id}").into_bytes(), |(.., bytes)| bytes.clone())
    }

    /// The name that the bot has for the file of a message: by which it is copied, and fetched.
    pub fn file_name(&self, chat: i64, message: i64) -> Option<String> {
        let found = self.chats.get(&chat)?.messages.get(&message)?;
        let value = found.content.get(found.media()?.field())?;
        let file = value.as_array().map_or(Some(value), |sizes| sizes.last())?;
        Some(format!("{chat}/{message}/{}", file["file_id"].as_str()?))
    }

    /// The bytes of each file that somebody sends.
    pub fn sent(&self) -> Vec<Vec<u8>> {
        self.files.keys().map(|id| self.content(id)).collect()
    }

    /// What the bot has uploaded: names and bytes.
    pub fn uploaded(&self) -> Vec<(String, Vec<u8>)> {
        self.uploads.iter().map(|(_, name, bytes)| (name.clone(), bytes.clone())).collect()
    }

    /// Something is to go wrong; what is about nothing to come happens at once.
    pub(super) fn order(&mut self, fault: Fault) {
        match fault.what {
            What::JumpIds(back) => self.updates.jump(back),
            What::UnknownUpdate(fields) => self.queue(fields, None),
            _ => self.faults.order(fault),
        }
    }

    /// An update for the bot, if it wants that kind.
    pub(super) fn tell(&mut self, kind: &str, value: Value, chat: Option<i64>) {
        if self.updates.wants(kind) {
            self.queue(json!({kind: value}), chat);
        }
    }

    /// An update of any fields.
    pub(super) fn queue(&mut self, fields: Value, chat: Option<i64>) {
        let fault = self.faults.at_update(chat);
        let update = self.updates.push(fields, chat, self.clock.now(), fault);
        self.fresh.push(update);
    }
}

/// The `message_thread_id` of a topic.
pub(super) fn thread(topic: i64) -> Option<i64> {
    (topic != chat::GENERAL).then_some(topic)
}
