//! A guild with the bot in it.
use std::sync::Arc;

use super::agent::Agent;
use super::shared::Shared;
use super::shown::Shown;
use super::state::channel::{Channel, Overwrite};
use super::state::guild::Role;
use super::state::people::{AGENTS, STAFF, SUPPORT};
use super::state::{BOT, State};

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

    /// The bot's own role loses a permission in the whole guild: [`permissions`](super::permissions).
    pub fn takes_permission(&self, permission: u64) {
        self.own_role(|role| role.permissions &= !permission);
    }

    /// The bot's own role has a permission again, or more than before.
    pub fn gives_permission(&self, permission: u64) {
        self.own_role(|role| role.permissions |= permission);
    }

    fn own_role(&self, change: impl FnOnce(&mut Role)) {
        self.shared.change(|state| {
            let own = state.guilds[&self.id].roles.values().find(|role| role.managed).map(|role| role.id);
            if let Some(own) = own {
                state.change_role(self.id, own, change);
            }
        });
    }

    /// The bot may do that no more in one channel, whatever its role says.
    pub fn takes_permission_in(&self, channel: u64, permission: u64) {
        self.in_channel(channel, |own| {
            (own.allow, own.deny) = (own.allow & !permission, own.deny | permission)
        });
    }

    /// The bot may do that in one channel, whatever its role says.
    pub fn gives_permission_in(&self, channel: u64, permission: u64) {
        self.in_channel(channel, |own| {
            (own.allow, own.deny) = (own.allow | permission, own.deny & !permission)
        });
    }

    fn in_channel(&self, channel: u64, change: impl FnOnce(&mut Overwrite)) {
        self.shared.change(|state| state.overwrite(channel, BOT, change));
    }

    /// A role has exactly these permissions.
    pub fn sets_role(&self, role: u64, permissions: u64) {
        self.shared.change(|state| state.change_role(self.id, role, |role| role.permissions = permissions));
    }

    /// A member loses the role of that name, or has it again.
    pub fn takes_role(&self, user: u64, name: &str) {
        let role = self.role(name);
        self.shared.change(|state| state.change_roles(self.id, user, |roles| roles.retain(|of| *of != role)));
    }

    /// A member has the role of that name.
    pub fn gives_role(&self, user: u64, name: &str) {
        let role = self.role(name);
        self.shared.change(|state| {
            state.change_roles(self.id, user, |roles| {
                roles.retain(|of| *of != role);
                roles.push(role);
            });
        });
    }

    /// Deletes the role of that name, which its members lose.
    pub fn deletes_role(&self, name: &str) {
        let role = self.role(name);
        self.shared.change(|state| state.delete_role(self.id, role));
    }

    /// The bot is thrown out.
    pub fn kicks_bot(&self) {
        self.shared.change(|state| state.bot_leaves(self.id));
    }

    /// The bot is invited again, with its own role.
    pub fn invites_bot(&self) {
        self.shared.change(|state| state.bot_joins(self.id));
    }

    /// The guild can't be reached for a while, or can be again, as in an outage.
    pub fn outage(&self, out: bool) {
        self.shared.change(|state| state.outage(self.id, out));
    }

    /// A text channel more, which everybody sees; returns its id.
    pub fn new_channel(&self, name: &str) -> u64 {
        self.shared.change(|state| {
            let id = state.new_channel(self.id, name, Vec::new());
            state.tell_channel("CHANNEL_CREATE", id);
            id
        })
    }

    /// Deletes a channel with the threads in it, or a thread.
    pub fn deletes_channel(&self, id: u64) {
        self.shared.change(|state| state.delete_channel(id));
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
