//! The platform of a world, as the harness uses it: customers and agents do things there, and what the bot did there is seen.
//!
//! What it is not: it decides nothing and checks nothing. Each platform is a [`Stage`]; which one a world has stands in its
//! plan, as a [`Site`].
mod arrivals;
mod diary;
mod discord;
mod standin;
mod telegram;

use std::time::{Duration, Instant};

use bot_core::handoff::AgentAct;
use bot_runtime::kill;
use bot_runtime::store::StoreError;

use super::random::Random;
use super::record::{Kept, Topic};
use super::store::Reader;
use crate::standin::{Delivered, Fault, Ledger, Part};

/// Which platform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Site {
    /// The stand-in of the harness's own: nothing but messages and deliveries.
    #[default]
    Standin,
    /// The stateful stand-in for Telegram.
    Telegram {
        /// Updates come to the program, and are not fetched by it.
        webhook: bool,
    },
    /// The stateful stand-in for Discord.
    Discord,
}

impl Site {
    /// Builds it.
    pub fn build(self) -> Box<dyn Stage> {
        match self {
            Site::Standin => Box::new(standin::Standin::start()),
            Site::Telegram { webhook } => Box::new(telegram::Telegram::start(webhook)),
            Site::Discord => Box::new(discord::Discord::start()),
        }
    }

    /// The points at which a program of this platform can be made to die.
    pub fn points(self) -> Vec<&'static str> {
        match self {
            Site::Standin => kill::POINTS.to_vec(),
            Site::Telegram { .. } | Site::Discord => [kill::POINTS, kill::PLATFORM_POINTS].concat(),
        }
    }

    /// What the platform calls the customer with that number.
    pub fn peer(self, number: u64) -> String {
        match self {
            Site::Standin => format!("c{number}"),
            // An account, and the name that it goes by.
            Site::Telegram { .. } | Site::Discord => (1_000 + number).to_string(),
        }
    }

    /// Nothing happens for so long only when everything that can be done is done: longer than a program waits by itself after
    /// the troubles of the platform.
    pub fn idle(self) -> Duration {
        match self {
            Site::Standin => Duration::from_millis(400),
            Site::Telegram { .. } => Duration::from_millis(1_500),
            // A connection that has just begun and breaks is followed by a pause.
            Site::Discord => Duration::from_millis(2_500),
        }
    }

    /// What is not in the store's queues, what agents are shown, may come until nothing has happened for so long.
    pub fn rest(self) -> Duration {
        match self {
            Site::Standin => Duration::ZERO,
            Site::Telegram { .. } | Site::Discord => Duration::from_secs(5),
        }
    }

    /// Whether agents can do something in a conversation only once it was shown to them.
    pub fn has_topics(self) -> bool {
        self.desk().is_some()
    }

    /// What the store calls the desk that has them.
    pub fn desk(self) -> Option<&'static str> {
        match self {
            Site::Standin => None,
            Site::Telegram { .. } => Some("telegram"),
            Site::Discord => Some("discord"),
        }
    }

    /// Whether the platform itself tells a repetition, so that customers see none.
    pub fn tells_repetitions(self) -> bool {
        self == Site::Discord
    }

    /// Whether agents can take an answer back.
    pub fn has_deletions(self) -> bool {
        self == Site::Discord
    }

    /// Whether agents and customers may overtake each other on their way to the bot.
    pub fn parts_agents(self) -> bool {
        // The staff group is another chat than the customer's, and the updates of a chat wait for no other's. Discord's events are
        // all in one order.
        matches!(self, Site::Telegram { .. })
    }
}

/// Something that a customer or an agent does.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// The customer writes.
    Say(String),
    /// The customer presses the button with that label, under the last message that has it.
    Press(String),
    /// The customer sends so many pictures as an album, with words under the first.
    Album(usize, String),
    /// The customer changes the message with that text to another one.
    Edit(String, String),
    /// An agent does something. The messages and files that it is about are those that have its words.
    Act(&'static str, AgentAct),
    /// The same by a button, where the conversation's ticket is shown with one.
    Button(&'static str, AgentAct),
}

impl Deed {
    /// Whether an agent does it.
    pub fn is_agents(&self) -> bool {
        matches!(self, Deed::Act(..) | Deed::Button(..))
    }
}

/// A process that ran, or runs.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// Its number.
    pub id: u32,
    /// When it was started.
    pub from: Instant,
    /// When it was dead; `None`: it runs.
    pub to: Option<Instant>,
    /// Whether it was killed.
    pub killed: bool,
}

/// A platform with customers and agents.
pub trait Stage: Send {
    /// What a program finds it by: variables and their values.
    fn environment(&self, part: Part) -> Vec<(&'static str, String)>;

    /// Somebody does something. `false`: not possible yet, and nothing was done.
    fn perform(&mut self, peer: &str, deed: &Deed) -> bool;

    /// What arrived at a customer so far.
    fn lines(&self, peer: &str) -> Vec<Delivered>;

    /// Whether the bot has confirmed everything, of one customer and their agents or of all.
    fn is_confirmed(&self, peer: Option<&str>) -> bool;

    /// Whether the program is connected, where the platform knows.
    fn is_connected(&self) -> bool {
        false
    }

    /// Whether the program is there: what is written before is not for it. The store says what it has come to.
    ///
    /// # Errors
    /// The store can't be read.
    fn is_open(&self, _store: &Reader) -> Result<bool, StoreError> {
        Ok(true)
    }

    /// Whether all that happened is stored, as far as the store says so by itself.
    ///
    /// # Errors
    /// The store can't be read.
    fn is_stored(&self, _store: &Reader) -> Result<bool, StoreError> {
        Ok(true)
    }

    /// How the customer is called here whose conversation has that address.
    fn called(&self, address: &str) -> String {
        address.to_owned()
    }

    /// How much has happened so far: messages confirmed, deliveries arrived.
    fn events(&self) -> u64;

    /// Waits until something happens after so many events, at most so long; returns how many there are now.
    fn wait_for_event(&self, after: u64, at_most: Duration) -> u64;

    /// Whether something that was in doubt has been delivered again by a process that was started then.
    fn has_repeated(&self, life: &Life) -> bool;

    /// A bad moment, or none, as the numbers say.
    fn trouble(&mut self, random: &mut Random);

    /// What no platform does, to show that it is seen.
    fn sabotage(&mut self, fault: Fault);

    /// What is written down, at the end. What the store has serves to tell a repetition from a second message.
    fn ledger(&self, conversations: &[Kept], lives: &[Life]) -> Ledger;

    /// What stands before agents, at the end.
    fn topics(&self, conversations: &[Kept], lives: &[Life]) -> Vec<Topic>;
}
