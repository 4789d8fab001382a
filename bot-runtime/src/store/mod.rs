//! What must outlive the process: conversations, inbox, events, outbox, timers, tickets, and where they stand on platforms.
//!
//! A store keeps what it is given, and decides one thing only: whether a commit still fits ([`Commit::revision`]). What follows
//! from a turn's events is worked out before, in the runtime. Several processes may share a store.
mod error;
mod ids;
mod memory;
mod pairs;
mod places;
mod rules;
mod sending;
mod sqlite;
mod turn;
mod views;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

pub use self::error::StoreError;
pub use self::ids::{ConversationId, EventId, InboxId, OutboxId, WorkerId};
pub use self::memory::MemoryStore;
pub use self::places::{Fate, Thread, Trace, Twin};
pub use self::sending::{CALLS, Entry, NewEntry, Settled, Work};
pub use self::sqlite::SqliteStore;
pub use self::turn::{Commit, ITEMS, Item, LinkChange, Loaded, Received, TicketChange};
pub use self::views::{Listed, StoredEvent, StoredTicket, TicketFilter};
use crate::channel::{Address, Inbound};

/// Keeps what must outlive the process. All methods are atomic; those that change something return when it is durable.
pub trait Store: Send + Sync + 'static {
    /// Stores arrivals, in this order, each once; makes conversations that are not there yet. An arrival's customer, if
    /// there is one and it differs from the tracker's or the last stored, becomes an [`Input::Customer`] before it. An edit
    /// of a message that still waits in the inbox replaces its text there; one of a message that is done with becomes
    /// [`Input::Edited`]; one that changes nothing, or whose message is not known, is noted and dropped.
    ///
    /// [`Input::Customer`]: bot_core::dialogue::Input::Customer
    /// [`Input::Edited`]: bot_core::dialogue::Input::Edited
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
    ///
    /// [`Input::TimerDue`]: bot_core::dialogue::Input::TimerDue
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

    /// The conversation that this one has become a part of: both were the same customer's, and everything of this one is there
    /// now. `None`: it stands for itself, or is not there.
    ///
    /// A conversation that others have become a part of is held at the addresses of all, one on each channel. What is delivered
    /// goes to the address on the entry's route; [`Loaded::address`] is the one at which the customer has written last.
    fn linked(
        &self,
        conversation: ConversationId,
    ) -> impl Future<Output = Result<Option<ConversationId>, StoreError>> + Send;

    /// Conversations, the most recently active first.
    fn list(&self, limit: usize) -> impl Future<Output = Result<Vec<Listed>, StoreError>> + Send;

    /// Tickets, the most urgent first, then those that wait longest.
    fn tickets(
        &self,
        filter: TicketFilter,
    ) -> impl Future<Output = Result<Vec<StoredTicket>, StoreError>> + Send;

    /// What events of a conversation after `after` have become on platforms, oldest first; those without anything are left
    /// out. A customer's message belongs to the [`CustomerSaid`] of the commit that was done with it, an agent's to the
    /// event with what that agent did; of several, in order, each to its own, and what is left over to the last. A message
    /// without such an event is dropped. What became of a delivery is known for [`REMEMBERED`].
    ///
    /// [`CustomerSaid`]: bot_core::dialogue::Event::CustomerSaid
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
    /// Those of events that are erased are left out. A stale thread ([`Store::stale_threads`]) stays so: its place is noted if
    /// there is one, and no state is kept.
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
    /// Of their state nothing is left. A thread is stale until it is dropped: what was under way when the customer was
    /// forgotten, and is noted later, does not make anybody believe that it is erased.
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
