//! A group of staff.
use std::sync::Arc;

use super::agent::Agent;
use super::shared::Shared;
use super::shown::Shown;
use super::state::BOT;
use super::state::chat::{Rights, Role, Topic};

/// A group with the bot in it.
#[derive(Clone)]
pub struct Group {
    shared: Arc<Shared>,
    id: i64,
}

/// The account that owns the groups.
pub(super) const OWNER: i64 = 900_000_001;

impl Group {
    pub(super) fn new(shared: Arc<Shared>, id: i64) -> Group {
        Group { shared, id }
    }

    /// Its id, which is negative.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Its topics that are there, in the order of their ids, without General.
    pub fn topics(&self) -> Vec<Topic> {
        self.shared.read(|state| state.topics(self.id))
    }

    /// The topic whose name has that in it.
    pub fn topic_named(&self, name: &str) -> Option<Topic> {
        self.topics().into_iter().find(|topic| topic.name.contains(name))
    }

    /// Waits for a topic whose name has that in it.
    ///
    /// # Panics
    /// It doesn't come.
    pub fn waits_for_topic(&self, name: &str) -> Topic {
        let what = format!("a topic named {name:?} in {}", self.id);
        self.shared
            .wait(&what, |state| state.topics(self.id).into_iter().find(|topic| topic.name.contains(name)))
    }

    /// Waits until a message with that in it stands in a topic; the newest such.
    ///
    /// # Panics
    /// It doesn't come.
    pub fn waits_for(&self, topic: i64, text: &str) -> Shown {
        let what = format!("{text:?} in topic {topic} of {}", self.id);
        self.shared.wait(&what, |state| {
            state.shown_in(self.id, topic).into_iter().rev().find(|shown| shown.text.contains(text))
        })
    }

    /// What stands in a topic; [`super::GENERAL`] is General.
    pub fn topic(&self, id: i64) -> Vec<Shown> {
        self.shared.read(|state| state.shown_in(self.id, id))
    }

    /// Everything that stands in the group.
    pub fn chat(&self) -> Vec<Shown> {
        self.shared.read(|state| state.shown(self.id))
    }

    /// A person who is a member; no administrator.
    pub fn agent(&self, id: i64, name: &str) -> Agent {
        self.shared.change(|state| {
            state.person(id, name, Some("en"));
            state.member(self.id, id, Role::Member);
        });
        Agent::new(Arc::clone(&self.shared), self.id, id)
    }

    /// The bot is an administrator with only these rights, and with none of them a plain member.
    pub fn demotes_bot(&self, rights: Rights) {
        let role = if rights == Rights::NONE { Role::Member } else { Role::Administrator(rights) };
        self.shared.change(|state| state.bot_becomes(self.id, OWNER, role));
    }

    /// The bot is an administrator with all rights again; it comes back if it had gone.
    pub fn promotes_bot(&self) {
        self.shared.change(|state| state.bot_becomes(self.id, OWNER, Role::Administrator(Rights::ALL)));
    }

    /// The bot is thrown out.
    pub fn kicks_bot(&self) {
        self.shared.change(|state| state.bot_becomes(self.id, OWNER, Role::Kicked));
    }

    /// What the bot is in it.
    pub fn bot(&self) -> Role {
        self.shared.read(|state| state.chats[&self.id].members[&BOT].role)
    }

    /// The group becomes a supergroup: what was there is there, under a new id, which this returns. Requests to the old one are
    /// refused with the new one. On the real platform only groups without topics do that; here any does. Ask for the group under
    /// its new id with [`super::Telegram::group_at`].
    pub fn migrates(&self) -> i64 {
        self.shared.change(|state| state.migrate(self.id, OWNER))
    }

    /// Topics are switched on or off.
    pub fn has_topics(&self, forum: bool) {
        self.shared.change(|state| {
            if let Some(chat) = state.chats.get_mut(&self.id) {
                chat.forum = forum;
            }
        });
    }
}
