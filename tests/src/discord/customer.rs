//! A person who chats with the bot.
use std::ops::Deref;
use std::sync::Arc;

use super::place::Place;
use super::shared::Shared;
use super::shown::Shown;
use super::state::BOT;

/// A customer. What is done without naming a place is done in the direct chat with the bot.
#[derive(Clone)]
pub struct Customer {
    shared: Arc<Shared>,
    id: u64,
    dm: Place,
}

impl Deref for Customer {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.dm
    }
}

impl Customer {
    pub(super) fn new(shared: Arc<Shared>, id: u64) -> Customer {
        Customer { dm: Place::direct(Arc::clone(&shared), id), shared, id }
    }

    /// The account.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The direct chat with the bot.
    pub fn dm(&self) -> &Place {
        &self.dm
    }

    /// The same in a channel or thread of a guild.
    pub fn in_channel(&self, channel: u64) -> Place {
        Place::channel(Arc::clone(&self.shared), self.id, channel)
    }

    /// Takes no direct messages any more, or blocks the bot, which looks the same to it.
    pub fn closes_dms(&self) {
        self.closed(true);
    }

    /// Takes that back.
    pub fn opens_dms(&self) {
        self.closed(false);
    }

    fn closed(&self, closed: bool) {
        self.shared
            .change(|state| state.users.get_mut(&self.id).expect("the account is there").closed = closed);
    }

    /// Leaves all guilds: nothing is in common with the bot any more.
    pub fn leaves_server(&self) {
        self.shared.change(|state| {
            state.gone.push(self.id);
            let guilds: Vec<u64> = state.guilds.keys().copied().collect();
            guilds.into_iter().for_each(|guild| state.leaves(guild, self.id));
        });
    }

    /// Joins all guilds again.
    pub fn joins_server(&self) {
        self.shared.change(|state| {
            state.gone.retain(|gone| *gone != self.id);
            let guilds: Vec<u64> = state.guilds.keys().copied().collect();
            guilds.into_iter().for_each(|guild| state.joins(guild, self.id));
        });
    }

    /// Sets another language in the app.
    pub fn speaks(&self, locale: &str) {
        let name = self.shared.read(|state| state.users[&self.id].name.clone());
        let locale = super::state::user::User::person(self.id, &name, locale).locale;
        self.shared
            .change(|state| state.users.get_mut(&self.id).expect("the account is there").locale = locale);
    }

    /// What the bot has said in the direct chat, and is still there.
    pub fn answers(&self) -> Vec<Shown> {
        self.chat().into_iter().filter(|shown| shown.from_id == BOT).collect()
    }
}
