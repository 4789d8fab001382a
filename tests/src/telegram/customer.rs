//! A person who chats with the bot.
use std::sync::Arc;

use super::shared::Shared;
use super::shown::Shown;
use super::state::chat::Role;
use super::state::{BOT, Said, labels};
use super::{Group, Media};

/// A customer in a private chat with the bot. The chat begins with the first thing that the customer does in it: until then the
/// bot can't write.
#[derive(Clone)]
pub struct Customer {
    pub(super) shared: Arc<Shared>,
    id: i64,
}

impl Customer {
    pub(super) fn new(shared: Arc<Shared>, id: i64) -> Customer {
        Customer { shared, id }
    }

    /// The account, which is the id of the private chat, too.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Writes; returns the message's id, as everything that says something does.
    pub fn writes(&self, text: &str) -> i64 {
        self.act(|state, said| state.writes(text, said))
    }

    /// Sends something, with words below it where it can have some; `""`: none.
    pub fn sends(&self, media: Media, caption: &str) -> i64 {
        self.act(|state, said| state.sends(media, caption, said))
    }

    /// Sends so many pictures as one album, the caption below the first.
    pub fn sends_album(&self, count: usize, caption: &str) -> Vec<i64> {
        let chat = self.id;
        self.act(|state, _| {
            state.sends_album(count, caption, || Said { chat, from: chat, ..Said::default() })
        })
    }

    /// Forwards what somebody with that name wrote, whose account stays hidden.
    pub fn forwards(&self, author: &str, text: &str) -> i64 {
        self.act(|state, said| {
            let origin = super::hidden_origin(author, state.clock.date());
            state.writes(text, Said { origin: Some(origin), ..said })
        })
    }

    /// Edits an own message: its text, or its caption.
    ///
    /// # Panics
    /// There is no such message of the customer's.
    pub fn edits(&self, message: i64, text: &str) {
        self.act(|state, said| state.edits(said.chat, said.from, message, text));
    }

    /// Answers a message.
    pub fn replies(&self, message: i64, text: &str) -> i64 {
        self.act(|state, said| state.writes(text, Said { reply_to: Some(message), ..said }))
    }

    /// Deletes a message on both sides. The bot isn't told.
    pub fn deletes(&self, message: i64) {
        self.act(|state, said| state.deletes(said.chat, message));
    }

    /// Reacts to a message. The bot is told if it has asked for `message_reaction`.
    pub fn reacts(&self, message: i64, emoji: &str) {
        self.act(|state, said| state.reacts(said.chat, said.from, message, Some(emoji)));
    }

    /// Presses the newest button with that label; returns the id of the press, for [`super::State::press`].
    ///
    /// # Panics
    /// There is no such button; the message says which there are.
    pub fn presses(&self, label: &str) -> String {
        self.act(|state, said| {
            let Some((message, data)) = state.button(said.chat, None, label) else {
                panic!("no button {label:?}; there are {}", labels(state, said.chat));
            };
            state.presses(said.chat, said.from, message, &data)
        })
    }

    /// A press with any data on a message, as a forged one, or one on a keyboard that has gone, would be.
    ///
    /// # Panics
    /// There is no such message.
    pub fn presses_data(&self, message: i64, data: &str) -> String {
        self.act(|state, said| state.presses(said.chat, said.from, message, data))
    }

    /// Blocks the bot.
    pub fn blocks(&self) {
        self.act(|state, said| state.bot_becomes(said.chat, said.from, Role::Kicked));
    }

    /// Takes that back.
    pub fn unblocks(&self) {
        self.act(|state, said| state.bot_becomes(said.chat, said.from, Role::Member));
    }

    /// Deletes the account.
    pub fn deactivates(&self) {
        let id = self.id;
        self.act(|state, _| state.users.get_mut(&id).expect("the account is there").deactivated = true);
    }

    /// Sets another language in the app; `""`: none is known.
    pub fn speaks(&self, language: &str) {
        let language = Some(language.to_owned()).filter(|language| !language.is_empty());
        let id = self.id;
        self.act(|state, _| state.users.get_mut(&id).expect("the account is there").language = language);
    }

    /// What stands in the chat.
    pub fn chat(&self) -> Vec<Shown> {
        self.shared.read(|state| state.shown(self.id))
    }

    /// What the bot has said in the chat, and is still there.
    pub fn answers(&self) -> Vec<Shown> {
        self.chat().into_iter().filter(|shown| shown.from_id == BOT).collect()
    }

    /// Waits until the bot has said something that has that in it; returns it.
    ///
    /// # Panics
    /// It doesn't come.
    pub fn waits_for(&self, text: &str) -> Shown {
        let what = format!("the customer {} to be told {text:?}", self.id);
        self.shared.wait(&what, |state| {
            state
                .shown(self.id)
                .into_iter()
                .rev()
                .find(|shown| shown.from_id == BOT && shown.text.contains(text))
        })
    }

    /// Writes in a group, as a member of it.
    pub fn writes_in(&self, group: &Group, text: &str) -> i64 {
        let (chat, from) = (group.id(), self.id);
        self.shared.change(|state| {
            if !state.chats[&chat].members.contains_key(&from) {
                state.member(chat, from, Role::Member);
            }
            state.writes(text, Said { chat, from, ..Said::default() })
        })
    }

    fn act<T>(&self, deed: impl FnOnce(&mut super::State, Said) -> T) -> T {
        self.shared.change(|state| {
            state.private(self.id);
            deed(state, Said { chat: self.id, from: self.id, ..Said::default() })
        })
    }
}
