//! What there is, and the numbers that were given last.
use std::collections::{BTreeMap, HashMap};

use bot_core::dialogue::{Customer, Tracker};
use jiff::Timestamp;

use super::super::{
    ConversationId, EventId, InboxId, Item, OutboxId, StoredEvent, StoredTicket, Thread, Twin, Work, WorkerId,
};
use crate::channel::{self, Address};

#[derive(Default)]
pub(super) struct State {
    pub conversations: BTreeMap<ConversationId, Conversation>,
    pub places: HashMap<Address, ConversationId>,
    /// By channel and key.
    pub arrivals: HashMap<(String, String), Arrival>,
    /// Only what waits.
    pub inbox: BTreeMap<InboxId, Waiting>,
    pub events: BTreeMap<EventId, StoredEvent>,
    /// Only what is not settled.
    pub outbox: BTreeMap<OutboxId, Sending>,
    /// What was delivered, or never will be, by its event.
    pub settled: BTreeMap<OutboxId, Over>,
    pub twins: BTreeMap<(ConversationId, EventId), Vec<Twin>>,
    /// By desk and conversation; they outlive their conversations.
    pub threads: BTreeMap<(String, ConversationId), Kept>,
    /// Codes that were given and not used, hashed, with whose they are and how long they count.
    pub links: HashMap<String, (ConversationId, Timestamp)>,
    /// By owner and name.
    pub memos: HashMap<(String, String), String>,
    pub timers: BTreeMap<(ConversationId, u64), Timestamp>,
    pub tickets: BTreeMap<u64, StoredTicket>,
    pub workers: BTreeMap<WorkerId, u64>,
    pub last: Last,
    /// Whether something has changed that others must know of.
    pub changed: bool,
    pub closed: bool,
}

/// The numbers that were given last; none is given twice.
#[derive(Default)]
pub(super) struct Last {
    pub conversation: i64,
    pub inbox: i64,
    pub outbox: i64,
    pub event: i64,
    pub ticket: u64,
}

pub(super) struct Conversation {
    pub address: Address,
    pub revision: u64,
    pub active: Timestamp,
    pub tracker: Tracker,
    /// The customer that was put into the inbox last.
    pub customer: Option<Customer>,
    /// The conversation that this one has become a part of.
    pub linked: Option<ConversationId>,
    /// The customer's messages, to match edits with; the newest is the last.
    pub messages: Vec<Message>,
}

pub(super) struct Message {
    pub item: InboxId,
    /// `None`: the platform can't tell it, or it is taken back; it still is newer than those before it.
    pub message: Option<String>,
    pub text: String,
    pub stored: Timestamp,
}

pub(super) struct Arrival {
    pub conversation: ConversationId,
    pub stored: Timestamp,
}

pub(super) struct Waiting {
    pub conversation: ConversationId,
    pub item: Item,
    pub message: Option<channel::Message>,
}

pub(super) struct Sending {
    pub conversation: ConversationId,
    pub route: String,
    pub what: Work,
    pub event: Option<EventId>,
    /// How many parts are delivered.
    pub part: u32,
    pub attempts: u32,
    pub in_doubt: bool,
    /// `None`: at once.
    pub due: Option<Timestamp>,
    pub worker: Option<WorkerId>,
}

/// A delivery that is over.
pub(super) struct Over {
    pub conversation: ConversationId,
    pub event: EventId,
    pub failed: bool,
    pub at: Timestamp,
}

pub(super) struct Kept {
    pub thread: Thread,
    /// What stands there is to be erased.
    pub stale: bool,
}
