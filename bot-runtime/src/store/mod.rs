//! What must outlive the process: conversations, inbox, events, outbox, timers, tickets.
//!
//! A store keeps what it is given, and decides one thing only: whether a commit still fits ([`Commit::revision`]). What follows
//! from a turn's events is worked out before, in the runtime. Several processes may share a store.
mod memory;
mod pairs;
mod rules;
mod sqlite;

use std::collections::BTreeMap;
use std::time::Duration;

use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::handoff::{Owner, Ticket};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::sync::watch;

pub use self::memory::MemoryStore;
pub use self::sqlite::SqliteStore;
use crate::channel::{Address, Inbound, Outgoing};

/// A conversation in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConversationId(pub i64);

/// An item of the inbox. Items of one conversation are in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InboxId(pub i64);

/// An entry of the outbox. Entries of one conversation and route are in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OutboxId(pub i64);

/// An event in the store; later events have larger ids, over all conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventId(pub i64);

/// A process that shares the store; unique for each start.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WorkerId(pub String);

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
    /// platforms, inbox and outbox, timers, tickets, what desks remember of it.
    pub forget: bool,
}

/// An entry for the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// Who delivers it: a channel's name, or [`CALLS`].
    pub route: String,
    /// What.
    pub what: Work,
    /// The event that it follows from: its place among [`Commit::events`].
    pub event: Option<usize>,
}

/// The route of calls of actions.
pub const CALLS: &str = "call";

/// What an entry of the outbox is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum Work {
    /// To be delivered to the customer.
    Deliver {
        /// What.
        what: Outgoing,
    },
    /// To be called.
    Call {
        /// Identifies the call within the conversation.
        call: u64,
        /// The action.
        action: String,
        /// Its arguments.
        with: Json,
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

/// An entry of the outbox that was taken for sending.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which.
    pub id: OutboxId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Where it is held.
    pub address: Address,
    /// Who delivers it.
    pub route: String,
    /// What.
    pub what: Work,
    /// How many attempts have failed.
    pub attempts: u32,
    /// An earlier attempt may have arrived: the process that made it died, or could not tell.
    pub in_doubt: bool,
    /// How many parts of it have been delivered.
    pub part: u32,
    /// The message that it replies to, as the customer's channel calls it: [`Message::quotes`] of the agent's deed.
    pub quotes: Option<String>,
}

/// What became of an attempt to send.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// It is sent.
    Sent {
        /// The platform's ids of the messages.
        messages: Vec<String>,
        /// What comes back into the conversation's inbox: the outcome of a call.
        answer: Option<Input>,
    },
    /// A part of it is sent, and the next is to follow at once. Attempts count anew, and of the next part there is no doubt.
    Part {
        /// Which part. If it is not the one that is awaited, the entry stays as it is: another worker has gone on with it.
        part: u32,
        /// The platform's ids of the messages.
        messages: Vec<String>,
    },
    /// It is tried again.
    Again {
        /// Not before.
        at: Timestamp,
        /// Why.
        reason: String,
        /// Whether it may have arrived.
        in_doubt: bool,
    },
    /// It failed for good.
    Failed {
        /// Why.
        reason: String,
        /// What comes back into the conversation's inbox: that it could not be delivered, or the failure of a call.
        answer: Option<Input>,
    },
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent {
    /// Which.
    pub id: EventId,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// A ticket as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredTicket {
    /// Its number, from 1.
    pub number: u64,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Where that is held.
    pub address: Address,
    /// What an agent gets.
    pub ticket: Ticket,
    /// Where it stands: waiting, person or closed.
    pub owner: Owner,
    /// Who has it, or had it last.
    pub agent: Option<String>,
    /// When agents were told of it, for the last time.
    pub announced: Timestamp,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// 1 to 5.
    pub stars: Option<u8>,
}

/// Which tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Only of this conversation.
    pub conversation: Option<ConversationId>,
    /// Closed ones, too.
    pub closed: bool,
    /// At most so many, the most urgent first, then those that wait longest; zero: all.
    pub limit: usize,
}

/// A conversation as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Which.
    pub id: ConversationId,
    /// Where it is held.
    pub address: Address,
    /// Who answers.
    pub owner: Owner,
    /// When something happened in it, for the last time.
    pub active: Timestamp,
}

/// A message on a platform that an event is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Twin {
    /// The desk on which it stands; `None`: the customer's channel.
    pub desk: Option<String>,
    /// The platform's id of it.
    pub message: String,
    /// The message that it replies to, as the customer's channel calls it.
    pub quotes: Option<String>,
}

/// What became of something that was to be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is not settled.
    Waiting,
    /// The customer has it.
    Sent,
    /// The customer will never have it.
    Failed,
}

/// What an event has become on platforms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The event.
    pub event: EventId,
    /// The messages that it is, in the order in which they were noted.
    pub twins: Vec<Twin>,
    /// What became of it, if it was to be delivered.
    pub fate: Option<Fate>,
}

/// Where a desk shows a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// The desk.
    pub desk: String,
    /// The conversation.
    pub conversation: ConversationId,
    /// The desk's room, such as a group's id.
    pub room: String,
    /// The thread in the room; `None`: it is still to be made, or was begun to be made.
    pub thread: Option<String>,
    /// The last event that is done with there.
    pub shown: EventId,
    /// What else the desk must remember of it.
    pub state: Json,
}

/// What a store can't do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It can't be opened; what to do stands in the text.
    #[error("{0}")]
    Open(String),
    /// The disk is full.
    #[error("the disk that holds the store is full: nothing was stored")]
    Full,
    /// Another program holds it.
    #[error("the store is locked by another program")]
    Locked,
    /// It is damaged, or something in it can't be read.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// Anything else.
    #[error("the store failed: {0}")]
    Other(String),
}

impl StoreError {
    /// What every call gets after [`Store::close`].
    pub(crate) fn closed() -> StoreError {
        StoreError::Other("it is closed".to_owned())
    }
}

/// Keeps what must outlive the process. All methods are atomic; those that change something return when it is durable.
pub trait Store: Send + Sync + 'static {
    /// Stores arrivals, in this order, each once; makes conversations that are not there yet. An arrival's customer, if
    /// there is one and it differs from the tracker's or the last stored, becomes an [`Input::Customer`] before it. An edit
    /// of a message that still waits in the inbox replaces its text there; one of a message that is done with becomes
    /// [`Input::Edited`]; one that changes nothing, or whose message is not known, is noted and dropped.
    fn receive(
        &self,
        arrivals: Vec<Inbound>,
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<Received>, StoreError>> + Send;

    /// The conversations with something in their inbox, the one that waits longest first.
    fn ready(&self, limit: usize) -> impl Future<Output = Result<Vec<ConversationId>, StoreError>> + Send;

    /// A conversation with its inbox; `None`: there is none (any more).
    fn load(
        &self,
        conversation: ConversationId,
    ) -> impl Future<Output = Result<Option<Loaded>, StoreError>> + Send;

    /// Stores what a turn changed. `false`: the conversation has changed since it was loaded, and nothing was stored.
    fn commit(&self, commit: Commit) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Notes that a turn with this item failed; returns how often it has by now.
    fn failed(&self, item: InboxId) -> impl Future<Output = Result<u32, StoreError>> + Send;

    /// Puts [`Input::TimerDue`] into the inbox for each timer that is due, once; returns how many, and when the next is due.
    fn fire(
        &self,
        now: Timestamp,
    ) -> impl Future<Output = Result<(usize, Option<Timestamp>), StoreError>> + Send;

    /// Takes entries of the outbox for sending: of each conversation and route the first that is not settled, if it is due
    /// and nobody has it. What a worker in `dead` has taken is free again, and in doubt. Returns when the next is due, too.
    fn take(
        &self,
        route: &str,
        worker: &WorkerId,
        dead: &[WorkerId],
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Result<(Vec<Entry>, Option<Timestamp>), StoreError>> + Send;

    /// Notes what became of attempts, each with what comes back into the inbox.
    fn settle(
        &self,
        settled: Vec<(OutboxId, Settled)>,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Shows that the worker lives; returns the counters of all that share the store. One whose counter stands still is dead.
    fn beat(
        &self,
        worker: &WorkerId,
    ) -> impl Future<Output = Result<BTreeMap<WorkerId, u64>, StoreError>> + Send;

    /// The worker stops: it has nothing taken any more.
    fn leave(&self, worker: &WorkerId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// How many items and entries of a conversation are not done with: zero means that nothing more happens by itself, but
    /// for timers.
    fn unsettled(
        &self,
        conversation: ConversationId,
    ) -> impl Future<Output = Result<usize, StoreError>> + Send;

    /// Events after `after`, oldest first: of one conversation, or of all.
    fn events(
        &self,
        conversation: Option<ConversationId>,
        after: EventId,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<StoredEvent>, StoreError>> + Send;

    /// The id of the newest event.
    fn newest(&self) -> impl Future<Output = Result<EventId, StoreError>> + Send;

    /// The conversation at that address.
    fn find(
        &self,
        address: &Address,
    ) -> impl Future<Output = Result<Option<ConversationId>, StoreError>> + Send;

    /// Conversations, the most recently active first.
    fn list(&self, limit: usize) -> impl Future<Output = Result<Vec<Listed>, StoreError>> + Send;

    /// Tickets, the most urgent first, then those that wait longest.
    fn tickets(
        &self,
        filter: TicketFilter,
    ) -> impl Future<Output = Result<Vec<StoredTicket>, StoreError>> + Send;

    /// What events of a conversation after `after` have become on platforms, oldest first; those without anything are left
    /// out. A customer's message belongs to the [`Event::CustomerSaid`] of the commit that was done with it, an agent's to the
    /// event with what that agent did; of several, in order, each to its own, and what is left over to the last. A message
    /// without such an event is dropped. What became of a delivery is known for [`REMEMBERED`].
    fn traces(
        &self,
        conversation: ConversationId,
        after: EventId,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Trace>, StoreError>> + Send;

    /// The event that a message is; of several, as when it was edited, the first.
    fn event_of(
        &self,
        conversation: ConversationId,
        desk: Option<&str>,
        message: &str,
    ) -> impl Future<Output = Result<Option<EventId>, StoreError>> + Send;

    /// Where a desk shows a conversation.
    fn thread(
        &self,
        desk: &str,
        conversation: ConversationId,
    ) -> impl Future<Output = Result<Option<Thread>, StoreError>> + Send;

    /// What a desk shows in that thread of a room, also when it is stale.
    fn thread_at(
        &self,
        desk: &str,
        room: &str,
        thread: &str,
    ) -> impl Future<Output = Result<Option<Thread>, StoreError>> + Send;

    /// Notes where a desk shows a conversation and how far, and which messages there its events are: all of it, or nothing.
    /// Those of events that are erased are left out. While the thread is stale ([`Store::stale_threads`]), no state is kept.
    fn keep_thread(
        &self,
        thread: Thread,
        twins: Vec<(EventId, Twin)>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The desk shows the conversation nowhere any more.
    fn drop_thread(
        &self,
        desk: &str,
        conversation: ConversationId,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Threads of a desk whose conversation was erased, also at the customer's wish: what stands there is to be erased, too.
    /// Of their state nothing is left. A thread is stale until it is dropped, or kept as one that shows an event after the
    /// forgetting.
    fn stale_threads(&self, desk: &str) -> impl Future<Output = Result<Vec<Thread>, StoreError>> + Send;

    /// A small thing that a desk or channel remembers under a name.
    fn memo(
        &self,
        owner: &str,
        name: &str,
    ) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;

    /// Remembers it; `None`: forgets it.
    fn keep_memo(
        &self,
        owner: &str,
        name: &str,
        value: Option<String>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Keeps an arrival that can't be read, for [`REMEMBERED`]: nothing that a platform sent is lost. `false`: it had arrived.
    /// Its key counts as that of an arrival, in no conversation (number 0).
    fn keep_unread(
        &self,
        channel: &str,
        key: &str,
        raw: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Erases conversations in which nothing happened since `before` and for which nothing waits; returns how many. Also
    /// forgets the keys of arrivals that are older than [`REMEMBERED`].
    fn expire(
        &self,
        before: Option<Timestamp>,
        now: Timestamp,
    ) -> impl Future<Output = Result<usize, StoreError>> + Send;

    /// A number that changes after every change, also one by another process (then within 100 ms).
    fn changes(&self) -> watch::Receiver<u64>;

    /// Writes everything to its place and lets go. What is called afterwards fails.
    fn close(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// How long the key of an arrival is remembered: Telegram may send an update again for a day, and counts anew after a week.
pub const REMEMBERED: Duration = Duration::from_secs(8 * 24 * 3600);
