//! A store in memory: plain maps behind one lock. For tests, and for a chat that nobody needs to go on with.
//!
//! It is the yardstick of the others: simple enough to be seen to be right.
mod conversation;
mod inbox;
mod links;
mod outbox;
mod state;
mod threads;
mod traces;
mod views;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

use self::state::State;
use super::{
    Commit, ConversationId, Entry, EventId, InboxId, Listed, Loaded, OutboxId, Received, Settled, Store,
    StoreError, StoredEvent, StoredTicket, Thread, TicketFilter, Trace, Twin, WorkerId,
};
use crate::channel::{Address, Inbound};

/// Keeps everything as long as it lives, and no longer.
pub struct MemoryStore {
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

impl Default for MemoryStore {
    fn default() -> MemoryStore {
        MemoryStore { state: Mutex::default(), changes: watch::Sender::new(0) }
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        // A panic while it was locked would be a fault of this module; what is there is still the best there is.
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed { Err(StoreError::closed()) } else { Ok(state) }
    }

    /// Does something, and tells those who watch if it changed anything.
    fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> Result<T, StoreError> {
        let mut state = self.state()?;
        let answer = act(&mut state);
        let changed = std::mem::take(&mut state.changed);
        drop(state);
        if changed {
            self.changes.send_modify(|number| *number += 1);
        }
        Ok(answer)
    }
}

impl Store for MemoryStore {
    async fn receive(&self, arrivals: Vec<Inbound>, now: Timestamp) -> Result<Vec<Received>, StoreError> {
        self.change(|state| arrivals.into_iter().map(|arrival| state.receive(arrival, now)).collect())
    }

    async fn ready(&self, limit: usize) -> Result<Vec<ConversationId>, StoreError> {
        Ok(self.state()?.ready(limit))
    }

    async fn load(&self, conversation: ConversationId) -> Result<Option<Loaded>, StoreError> {
        Ok(self.state()?.load(conversation))
    }

    async fn commit(&self, commit: Commit) -> Result<bool, StoreError> {
        self.change(|state| state.commit(commit))
    }

    async fn failed(&self, item: InboxId) -> Result<u32, StoreError> {
        self.change(|state| state.failed(item))
    }

    async fn fire(&self, now: Timestamp) -> Result<(usize, Option<Timestamp>), StoreError> {
        self.change(|state| state.fire(now))
    }

    async fn take(
        &self,
        route: &str,
        worker: &WorkerId,
        dead: &[WorkerId],
        now: Timestamp,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<Timestamp>), StoreError> {
        self.change(|state| {
            state.bury(dead);
            state.take(route, worker, now, limit)
        })
    }

    async fn settle(&self, settled: Vec<(OutboxId, Settled)>, now: Timestamp) -> Result<(), StoreError> {
        self.change(|state| settled.into_iter().for_each(|(id, what)| state.settle(id, what, now)))
    }

    async fn beat(&self, worker: &WorkerId) -> Result<BTreeMap<WorkerId, u64>, StoreError> {
        Ok(self.state()?.beat(worker))
    }

    async fn leave(&self, worker: &WorkerId) -> Result<(), StoreError> {
        self.change(|state| state.leave(worker))
    }

    async fn unsettled(&self, conversation: ConversationId) -> Result<usize, StoreError> {
        Ok(self.state()?.unsettled(conversation))
    }

    async fn events(
        &self,
        conversation: Option<ConversationId>,
        after: EventId,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        Ok(self.state()?.events(conversation, after, limit))
    }

    async fn newest(&self) -> Result<EventId, StoreError> {
        Ok(EventId(self.state()?.last.event))
    }

    async fn find(&self, address: &Address) -> Result<Option<ConversationId>, StoreError> {
        Ok(self.state()?.places.get(address).copied())
    }

    async fn linked(&self, conversation: ConversationId) -> Result<Option<ConversationId>, StoreError> {
        Ok(self.state()?.linked(conversation))
    }

    async fn list(&self, limit: usize) -> Result<Vec<Listed>, StoreError> {
        Ok(self.state()?.list(limit))
    }

    async fn tickets(&self, filter: TicketFilter) -> Result<Vec<StoredTicket>, StoreError> {
        Ok(self.state()?.tickets(&filter))
    }

    async fn traces(
        &self,
        conversation: ConversationId,
        after: EventId,
        limit: usize,
    ) -> Result<Vec<Trace>, StoreError> {
        Ok(self.state()?.traces(conversation, after, limit))
    }

    async fn event_of(
        &self,
        conversation: ConversationId,
        desk: Option<&str>,
        message: &str,
    ) -> Result<Option<EventId>, StoreError> {
        Ok(self.state()?.event_of(conversation, desk, message))
    }

    async fn thread(&self, desk: &str, conversation: ConversationId) -> Result<Option<Thread>, StoreError> {
        Ok(self.state()?.thread(desk, conversation))
    }

    async fn thread_at(&self, desk: &str, room: &str, thread: &str) -> Result<Option<Thread>, StoreError> {
        Ok(self.state()?.thread_at(desk, room, thread))
    }

    async fn keep_thread(&self, thread: Thread, twins: Vec<(EventId, Twin)>) -> Result<(), StoreError> {
        self.change(|state| state.keep_thread(thread, twins))
    }

    async fn drop_thread(&self, desk: &str, conversation: ConversationId) -> Result<(), StoreError> {
        self.change(|state| state.drop_thread(desk, conversation))
    }

    async fn stale_threads(&self, desk: &str) -> Result<Vec<Thread>, StoreError> {
        Ok(self.state()?.stale_threads(desk))
    }

    async fn memo(&self, owner: &str, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.state()?.memos.get(&(owner.to_owned(), name.to_owned())).cloned())
    }

    async fn keep_memo(&self, owner: &str, name: &str, value: Option<String>) -> Result<(), StoreError> {
        self.change(|state| state.keep_memo(owner, name, value))
    }

    async fn keep_unread(
        &self,
        channel: &str,
        key: &str,
        _raw: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.change(|state| state.keep_unread(channel, key, now))
    }

    async fn expire(&self, before: Option<Timestamp>, now: Timestamp) -> Result<usize, StoreError> {
        self.change(|state| state.expire(before, now))
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.state()?.closed = true;
        Ok(())
    }
}
