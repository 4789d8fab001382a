//! A person in a channel: what one can do there.
use std::sync::Arc;

use super::shared::Shared;
use super::shown::Shown;
use super::state::file::File;
use super::state::mentions::Allowed;
use super::state::message::{Message, REPLY};
use super::state::permissions::{
    READ_MESSAGE_HISTORY, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL,
};
use super::state::{BOT, State};

/// Somebody in a channel, a thread or a direct chat with the bot.
#[derive(Clone)]
pub struct Place {
    shared: Arc<Shared>,
    person: u64,
    /// None: the direct chat, which begins with the first thing that either side does in it.
    channel: Option<u64>,
}

impl Place {
    pub(super) fn direct(shared: Arc<Shared>, person: u64) -> Place {
        Place { shared, person, channel: None }
    }

    pub(super) fn channel(shared: Arc<Shared>, person: u64, channel: u64) -> Place {
        Place { shared, person, channel: Some(channel) }
    }

    /// The channel's id. A direct chat is begun by this, without a word.
    pub fn channel_id(&self) -> u64 {
        self.act(|_, channel| channel)
    }

    /// Writes; returns the message's id, as everything that says something does.
    ///
    /// # Panics
    /// The person may not write there.
    pub fn writes(&self, text: &str) -> u64 {
        self.says(text, Message::default())
    }

    /// Sends files, with a text; `""`: none.
    ///
    /// # Panics
    /// The person may not write there.
    pub fn sends(&self, files: &[File], text: &str) -> u64 {
        let numbered = self.act(|state, _| {
            files.iter().map(|file| (state.snowflake(), file.clone())).collect::<Vec<(u64, File)>>()
        });
        self.says(text, Message { attachments: numbered, ..Message::default() })
    }

    /// Answers a message of the channel, whose author is pinged.
    ///
    /// # Panics
    /// The person may not write there.
    pub fn replies(&self, message: u64, text: &str) -> u64 {
        let channel = self.channel_id();
        self.says(text, Message { kind: REPLY, reference: Some((channel, message)), ..Message::default() })
    }

    fn says(&self, text: &str, message: Message) -> u64 {
        let person = self.person;
        self.act(|state, channel| {
            may_write(state, person, channel);
            let replied =
                message.reference.and_then(|(channel, id)| Some(state.message(channel, id)?.author));
            let pinged = state.pinged((person, channel), text, &Allowed::all(), replied);
            let content = text.trim().to_owned();
            let nonce = Some(serde_json::json!(state.snowflake().to_string()));
            state.say(Message { channel, author: person, content, pinged, nonce, ..message })
        })
    }

    /// Edits an own message.
    ///
    /// # Panics
    /// There is no such message of the person's.
    pub fn edits(&self, message: u64, text: &str) {
        let person = self.person;
        self.act(|state, channel| {
            let own = state.message(channel, message).is_some_and(|message| message.author == person);
            assert!(own, "{person} has no message {message} in {channel} to edit");
            let pinged = state.pinged((person, channel), text, &Allowed::all(), None);
            state.edit(channel, message, |message| {
                message.content = text.trim().to_owned();
                message.pinged = pinged;
            });
        });
    }

    /// Deletes a message.
    pub fn deletes(&self, message: u64) {
        self.act(|state, channel| state.delete(channel, message));
    }

    /// Puts an emoji below a message.
    pub fn reacts(&self, message: u64, emoji: &str) {
        self.act(|state, channel| state.reacts(channel, self.person, message, emoji, true));
    }

    /// Takes it back.
    pub fn unreacts(&self, message: u64, emoji: &str) {
        self.act(|state, channel| state.reacts(channel, self.person, message, emoji, false));
    }

    /// Begins to type.
    pub fn types(&self) {
        self.act(|state, channel| state.types(channel, self.person));
    }

    /// What the person sees in the channel, in the order of time.
    pub fn chat(&self) -> Vec<Shown> {
        self.shared.read(|state| seen(state, self.person, self.known(state)))
    }

    /// Waits until the bot has said something there that has that in it; returns the newest such.
    ///
    /// # Panics
    /// It doesn't come.
    pub fn waits_for(&self, text: &str) -> Shown {
        let what = format!("{} to be told {text:?}", self.person);
        self.shared.wait(&what, |state| {
            let all = seen(state, self.person, self.known(state));
            all.into_iter().rev().find(|shown| shown.from_id == BOT && shown.text.contains(text))
        })
    }

    fn known(&self, state: &State) -> Option<u64> {
        self.channel.or_else(|| state.direct(self.person))
    }

    pub(super) fn person(&self) -> u64 {
        self.person
    }

    pub(super) fn act<T>(&self, deed: impl FnOnce(&mut State, u64) -> T) -> T {
        self.shared.change(|state| {
            let channel = self.channel.unwrap_or_else(|| state.open_direct(self.person));
            deed(state, channel)
        })
    }
}

/// What somebody sees in a channel.
pub(super) fn seen(state: &State, person: u64, channel: Option<u64>) -> Vec<Shown> {
    let Some(channel) =
        channel.filter(|channel| state.may(person, *channel, VIEW_CHANNEL | READ_MESSAGE_HISTORY))
    else {
        return Vec::new();
    };
    let all = state.shown(channel).into_iter();
    all.filter(|shown| shown.only_for.is_none_or(|only| only == person)).collect()
}

fn may_write(state: &State, person: u64, channel: u64) {
    let Some(place) = state.channels.get(&channel) else { panic!("there is no channel {channel}") };
    let needed = match (place.guild, &place.thread) {
        (None, _) => 0,
        (_, Some(_)) => SEND_MESSAGES_IN_THREADS,
        _ => SEND_MESSAGES,
    };
    assert!(state.may(person, channel, VIEW_CHANNEL | needed), "{person} may not write in {channel}");
    assert!(!place.is_locked(), "{channel} is locked, {person} can't write in it");
}
