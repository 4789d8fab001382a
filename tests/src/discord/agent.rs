//! A person of staff.
use std::sync::Arc;

use super::place::Place;
use super::shared::Shared;
use super::state::file::File;
use super::state::threads::NewThread;

/// A member of a guild with the role of agents.
#[derive(Clone)]
pub struct Agent {
    shared: Arc<Shared>,
    guild: u64,
    id: u64,
}

impl Agent {
    pub(super) fn new(shared: Arc<Shared>, guild: u64, id: u64) -> Agent {
        Agent { shared, guild, id }
    }

    /// The account.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The agent in a channel or a thread: what all people can do there.
    pub fn in_channel(&self, channel: u64) -> Place {
        Place::channel(Arc::clone(&self.shared), self.id, channel)
    }

    /// Writes in a thread; returns the message's id, as everything that says something does.
    pub fn writes(&self, thread: u64, text: &str) -> u64 {
        self.in_channel(thread).writes(text)
    }

    /// Sends files into a thread, with a text; `""`: none.
    pub fn sends(&self, thread: u64, files: &[File], text: &str) -> u64 {
        self.in_channel(thread).sends(files, text)
    }

    /// Answers a message of a thread.
    pub fn replies(&self, thread: u64, message: u64, text: &str) -> u64 {
        self.in_channel(thread).replies(message, text)
    }

    /// Edits an own message.
    pub fn edits(&self, thread: u64, message: u64, text: &str) {
        self.in_channel(thread).edits(message, text);
    }

    /// Deletes a message.
    pub fn deletes(&self, thread: u64, message: u64) {
        self.in_channel(thread).deletes(message);
    }

    /// Deletes a thread with all that stands in it.
    pub fn deletes_thread(&self, thread: u64) {
        self.shared.change(|state| state.delete_channel(thread));
    }

    /// Presses the newest button with that label in a thread; returns the id of the interaction.
    pub fn presses(&self, thread: u64, label: &str) -> u64 {
        self.in_channel(thread).presses(label)
    }

    /// Picks an option with that label in a thread.
    pub fn picks(&self, thread: u64, label: &str) -> u64 {
        self.in_channel(thread).picks(label)
    }

    /// Gives a slash command in a channel or a thread.
    pub fn commands(&self, channel: u64, name: &str, options: &[(&str, &str)]) -> u64 {
        self.in_channel(channel).commands(name, options)
    }

    /// Opens a thread in a channel; returns its id.
    pub fn opens_thread(&self, channel: u64, name: &str, private: bool) -> u64 {
        let new = NewThread {
            parent: channel,
            owner: self.id,
            name: name.to_owned(),
            private,
            from: None,
            auto_archive: 4320,
            invitable: true,
        };
        self.shared.change(|state| state.open_thread(new))
    }

    /// Renames a thread.
    pub fn renames_thread(&self, thread: u64, name: &str) {
        self.shared.change(|state| state.rename(thread, self.id, name));
    }

    /// Archives a thread, or takes that back.
    pub fn archives_thread(&self, thread: u64, archived: bool) {
        self.shared.change(|state| state.settle(thread, (Some(archived), None), None));
    }

    /// Locks a thread, or takes that back.
    pub fn locks_thread(&self, thread: u64, locked: bool) {
        self.shared.change(|state| state.settle(thread, (None, Some(locked)), None));
    }

    /// Adds somebody to a thread.
    pub fn adds(&self, thread: u64, user: u64) {
        self.shared.change(|state| state.add_to_thread(thread, self.id, user));
    }

    /// Leaves the guild.
    pub fn leaves(&self) {
        self.shared.change(|state| state.leaves(self.guild, self.id));
    }
}
