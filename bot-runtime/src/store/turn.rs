//! What a turn takes out of a store, and what it puts back.
use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::handoff::Ticket;
use jiff::Timestamp;

use super::{ConversationId, InboxId, NewEntry};
use crate::channel::Address;

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// `false`: it had arrived before.
    pub is_new: bool,
}

/// A conversation and what waits for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// Which.
    pub id: ConversationId,
    /// Where it is held.
    pub address: Address,
    /// Counts the commits.
    pub revision: u64,
    /// Where it stands.
    pub tracker: Tracker,
    /// The first items of its inbox, at most [`ITEMS`].
    pub inbox: Vec<Item>,
}

/// Items of an inbox that are loaded at once.
pub const ITEMS: usize = 32;

/// An item of an inbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Which.
    pub id: InboxId,
    /// When it was written.
    pub at: Timestamp,
    /// When it was stored.
    pub stored: Timestamp,
    /// What it is. An edit has been matched with the message that it changes.
    pub input: Input,
    /// How many turns with it have failed.
    pub attempts: u32,
}

/// What a turn changes: all of it, or nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The revision that was loaded: if it is another one by now, nothing is changed.
    pub revision: u64,
    /// When.
    pub at: Timestamp,
    /// The items of the inbox that are done with.
    pub done: Vec<InboxId>,
    /// What happened.
    pub events: Vec<Event>,
    /// Where the conversation stands now.
    pub tracker: Tracker,
    /// What is to be sent and called, in order.
    pub outbox: Vec<NewEntry>,
    /// Timers that are set: number and time.
    pub timers_set: Vec<(u64, Timestamp)>,
    /// Timers that are done.
    pub timers_done: Vec<u64>,
    /// What happens to the conversation's ticket, in order.
    pub ticket: Vec<TicketChange>,
    /// Everything the customer wrote here is erased: earlier events and what they have become on
    /// platforms, inbox and outbox, timers, tickets, what desks remember of it, and at which other addresses it is held.
    pub forget: bool,
    /// What is done about linking it with another conversation.
    pub link: Option<LinkChange>,
}

/// A step of linking two conversations of one customer. Codes are stored as what they are hashed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkChange {
    /// A code is given; the conversation's last one is worth nothing any more.
    Offer {
        /// The code's hash.
        hash: String,
        /// It is worth nothing from then on.
        until: Timestamp,
    },
    /// A code is tried. What comes of it is put into the inbox as [`Input::LinkAnswered`]; a code that is found is used up. The
    /// older conversation goes on with the contents of both, at all of their addresses ([`Store::linked`]).
    ///
    /// [`Store::linked`]: super::Store::linked
    Try {
        /// The code's hash.
        hash: String,
    },
}

/// A change of a conversation's ticket.
#[derive(Clone, Debug, PartialEq)]
pub enum TicketChange {
    /// A ticket is opened. The store gives it the next number, and puts [`Input::TicketOpened`] into the conversation's inbox.
    Open(Box<Ticket>),
    /// An agent has it.
    Claimed {
        /// Who.
        agent: String,
    },
    /// Nobody has it; it waits.
    Waiting,
    /// Agents were told of it again.
    Alerted,
    /// It is closed: by an agent, or because the customer went back to the bot.
    Closed,
    /// The customer rated it.
    Rated {
        /// Which.
        ticket: u64,
        /// 1 to 5.
        stars: u8,
    },
}
