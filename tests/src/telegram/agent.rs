//! A person in a group of staff.
use std::sync::Arc;

use serde_json::json;

use super::Media;
use super::shared::Shared;
use super::state::chat::{Rights, Role};
use super::state::{Said, State, labels, thread};

/// A member of a group. Topics are named by their id; [`super::GENERAL`] is General.
#[derive(Clone)]
pub struct Agent {
    shared: Arc<Shared>,
    group: i64,
    id: i64,
}

impl Agent {
    pub(super) fn new(shared: Arc<Shared>, group: i64, id: i64) -> Agent {
        Agent { shared, group, id }
    }

    /// The account.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Writes in a topic; returns the message's id, as everything that says something does.
    pub fn writes(&self, topic: i64, text: &str) -> i64 {
        self.act(|state, said| state.writes(text, Said { thread: thread(topic), ..said }))
    }

    /// Sends something into a topic, with words below it where it can have some; `""`: none.
    pub fn sends(&self, topic: i64, media: Media, caption: &str) -> i64 {
        self.act(|state, said| state.sends(media, caption, Said { thread: thread(topic), ..said }))
    }

    /// Sends so many pictures as one album, the caption below the first.
    pub fn sends_album(&self, topic: i64, count: usize, caption: &str) -> Vec<i64> {
        let (chat, from) = (self.group, self.id);
        let said = || Said { chat, from, thread: thread(topic), ..Said::default() };
        self.act(|state, _| state.sends_album(count, caption, said))
    }

    /// Forwards what somebody with that name wrote elsewhere.
    pub fn forwards(&self, topic: i64, author: &str, text: &str) -> i64 {
        self.act(|state, said| {
            let origin = Some(super::hidden_origin(author, state.clock.date()));
            state.writes(text, Said { thread: thread(topic), origin, ..said })
        })
    }

    /// Answers a message, in its topic.
    ///
    /// # Panics
    /// There is no such message.
    pub fn replies(&self, message: i64, text: &str) -> i64 {
        self.act(|state, said| {
            let thread = state.message(said.chat, message).expect("there is no such message").thread;
            state.writes(text, Said { thread, reply_to: Some(message), ..said })
        })
    }

    /// Edits an own message: its text, or its caption.
    ///
    /// # Panics
    /// There is no such message of the agent's.
    pub fn edits(&self, message: i64, text: &str) {
        self.act(|state, said| state.edits(said.chat, said.from, message, text));
    }

    /// Deletes a message. The bot isn't told.
    pub fn deletes(&self, message: i64) {
        self.act(|state, said| state.deletes(said.chat, message));
    }

    /// Presses the button with that label of a message; returns the id of the press, for [`State::press`].
    ///
    /// # Panics
    /// There is no such button; the message says which there are.
    pub fn presses(&self, message: i64, label: &str) -> String {
        self.act(|state, said| {
            let Some((_, data)) = state.button(said.chat, Some(message), label) else {
                panic!("no button {label:?} at {message}; there are {}", labels(state, said.chat));
            };
            state.presses(said.chat, said.from, message, &data)
        })
    }

    /// A press with any data on a message.
    ///
    /// # Panics
    /// There is no such message.
    pub fn presses_data(&self, message: i64, data: &str) -> String {
        self.act(|state, said| state.presses(said.chat, said.from, message, data))
    }

    /// Opens a topic of that name; returns its id.
    pub fn opens_topic(&self, name: &str) -> i64 {
        self.act(|state, said| state.new_topic(said.chat, said.from, name, 7_322_096))
    }

    /// Deletes a topic with all that stands in it. The bot isn't told.
    pub fn deletes_topic(&self, topic: i64) {
        self.act(|state, said| state.delete_topic(said.chat, topic));
    }

    /// Renames a topic.
    pub fn renames_topic(&self, topic: i64, name: &str) {
        self.act(|state, said| state.rename_topic(said.chat, said.from, topic, name));
    }

    /// Closes a topic.
    pub fn closes_topic(&self, topic: i64) {
        self.act(|state, said| state.close_topic(said.chat, said.from, topic, true));
    }

    /// Opens a closed topic again.
    pub fn reopens_topic(&self, topic: i64) {
        self.act(|state, said| state.close_topic(said.chat, said.from, topic, false));
    }

    /// Is an administrator with all rights who writes as the group from now on. Presses still carry the own account.
    pub fn anonymous(&self) {
        self.act(|state, said| state.anonymous(said.chat, said.from, true));
    }

    /// Is an administrator with all rights from now on.
    pub fn administrator(&self) {
        self.act(|state, said| state.member(said.chat, said.from, Role::Administrator(Rights::ALL)));
    }

    /// Leaves the group.
    pub fn leaves(&self) {
        self.act(|state, said| {
            state.member(said.chat, said.from, Role::Left);
            let user = state.users[&said.from].json();
            state.announce(said, "left_chat_member", user)
        });
    }

    /// Is a member again.
    pub fn joins(&self) {
        self.act(|state, said| {
            state.member(said.chat, said.from, Role::Member);
            let user = state.users[&said.from].json();
            state.announce(said, "new_chat_members", json!([user]))
        });
    }

    fn act<T>(&self, deed: impl FnOnce(&mut State, Said) -> T) -> T {
        self.shared.change(|state| deed(state, Said { chat: self.group, from: self.id, ..Said::default() }))
    }
}
