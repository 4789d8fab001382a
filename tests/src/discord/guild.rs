//! A guild with the bot in it.
use std::sync::Arc;

use super::agent::Agent;
use super::shared::Shared;
use super::shown::Shown;
use super::state::State;
use super::state::channel::Channel;
use super::state::people::{AGENTS, STAFF, SUPPORT};

/// A guild, which people call a server.
#[derive(Clone)]
pub struct Guild {
    shared: Arc<Shared>,
    id: u64,
}

/// A thread as it is at the moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// Its id, which is that of the message it began with, if it did.
    pub id: u64,
    /// The channel it is in.
    pub parent: u64,
    /// Its name.
    pub name: String,
    /// Only its members see it, and who may manage threads.
    pub private: bool,
    /// It is put away.
    pub archived: bool,
    /// Only who may manage threads can write in it.
    pub locked: bool,
    /// Its members.
    pub members: Vec<u64>,
}

impl Thread {
    fn of(channel: &Channel) -> Option<Thread> {
        let thread = channel.thread.as_ref()?;
        Some(Thread {
            id: channel.id,
            parent: channel.parent?,
            name: channel.name.clone(),
            private: channel.is_private(),
            archived: thread.archived,
            locked: thread.locked,
            members: thread.members.keys().copied().collect(),
        })
    }
}

impl Guild {
    pub(super) fn new(shared: Arc<Shared>, id: u64) -> Guild {
        Guild { shared, id }
    }

    /// Its id.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The channel of staff, which agents and the bot see.
    pub fn staff_channel(&self) -> u64 {
        self.channel_named(STAFF)
    }

    /// The channel for support, which everybody sees.
    pub fn support_channel(&self) -> u64 {
        self.channel_named(SUPPORT)
    }

    /// The text channel of that name.
    ///
    /// # Panics
    /// There is none.
    pub fn channel_named(&self, name: &str) -> u64 {
        let found = self.shared.read(|state| {
            let of = |channel: &&Channel| channel.guild == Some(self.id) && channel.thread.is_none();
            let channel = state.channels.values().filter(of).find(|channel| channel.name == name);
            channel.map(|channel| channel.id)
        });
        found.unwrap_or_else(|| panic!("the guild {} has no channel {name:?}", self.id))
    }

    /// The role of that name, new if need be. Agents have "Agents".
    pub fn role(&self, name: &str) -> u64 {
        self.shared.change(|state| state.role(self.id, name))
    }

    /// A member with the role "Agents".
    pub fn agent(&self, id: u64, name: &str) -> Agent {
        let role = self.role(AGENTS);
        self.shared.change(|state| {
            state.person(id, name, "en");
            state.change_roles(self.id, id, |roles| {
                if !roles.contains(&role) {
                    roles.push(role);
                }
            });
        });
        Agent::new(Arc::clone(&self.shared), self.id, id)
    }

    /// Its threads, also archived ones, in the order of their ids.
    pub fn threads(&self) -> Vec<Thread> {
        self.shared.read(|state| threads(state, self.id))
    }

    /// The thread whose name has that in it.
    pub fn thread_named(&self, name: &str) -> Option<Thread> {
        self.threads().into_iter().find(|thread| thread.name.contains(name))
    }

    /// Waits for a thread whose name has that in it.
    ///
    /// # Panics
    /// It doesn't come.
    pub fn waits_for_thread(&self, name: &str) -> Thread {
        let what = format!("a thread named {name:?} in {}", self.id);
        self.shared.wait(&what, |state| {
            threads(state, self.id).into_iter().find(|thread| thread.name.contains(name))
        })
    }

    /// What stands in a thread or a channel, with what only one person sees.
    pub fn thread(&self, id: u64) -> Vec<Shown> {
        self.shared.read(|state| state.shown(id))
    }

    /// Waits until a message with that in it stands in a thread or a channel; the newest such.
    ///
    /// # Panics
    /// It doesn't come.
    pub fn waits_for(&self, thread: u64, text: &str) -> Shown {
        let what = format!("{text:?} in {thread} of {}", self.id);
        self.shared.wait(&what, |state| {
            state.shown(thread).into_iter().rev().find(|shown| shown.text.contains(text))
        })
    }
}

fn threads(state: &State, guild: u64) -> Vec<Thread> {
    state.channels.values().filter(|channel| channel.guild == Some(guild)).filter_map(Thread::of).collect()
}
