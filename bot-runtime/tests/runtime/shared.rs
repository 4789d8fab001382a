//! A store that outlives the runtimes that use it, fails when it is told to, and writes down who had turns.
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bot_runtime::channel::{Address, Inbound};
use bot_runtime::store::*;
use jiff::Timestamp;
use tokio::sync::watch;

#[derive(Default)]
pub struct Shared<S> {
    pub store: Arc<S>,
    /// The disk is full.
    pub full: Arc<AtomicBool>,
    /// So many of the next calls that only desks make fail.
    pub locked: Arc<AtomicUsize>,
    /// The conversations of all commits, in order.
    pub turns: Arc<Mutex<Vec<ConversationId>>>,
    /// Commits that came too late.
    pub late: Arc<AtomicUsize>,
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        let Shared { store, full, locked, turns, late } = self;
        let (store, full, locked) = (store.clone(), full.clone(), locked.clone());
        Shared { store, full, locked, turns: turns.clone(), late: late.clone() }
    }
}

impl<S> Shared<S> {
    pub fn new(store: S) -> Shared<S> {
        let (store, full, locked) = (Arc::new(store), Arc::default(), Arc::default());
        Shared { store, full, locked, turns: Arc::default(), late: Arc::default() }
    }

    fn room(&self) -> Result<(), StoreError> {
        if self.full.load(Ordering::SeqCst) { Err(StoreError::Full) } else { Ok(()) }
    }

    fn desk(&self) -> Result<(), StoreError> {
        let fewer = |left: usize| left.checked_sub(1);
        match self.locked.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer) {
            Ok(_) => Err(StoreError::Locked),
            Err(_) => self.room(),
        }
    }
}

impl<S: Store> Store for Shared<S> {
    async fn receive(&self, arrivals: Vec<Inbound>, now: Timestamp) -> Result<Vec<Received>, StoreError> {
        self.room()?;
        self.store.receive(arrivals, now).await
    }
    async fn ready(&self, limit: usize) -> Result<Vec<ConversationId>, StoreError> {
        self.store.ready(limit).await
    }
    async fn load(&self, conversation: ConversationId) -> Result<Option<Loaded>, StoreError> {
        self.store.load(conversation).await
    }
    async fn commit(&self, commit: Commit) -> Result<bool, StoreError> {
        self.room()?;
        let conversation = commit.conversation;
        let fits = self.store.commit(commit).await?;
        if fits {
            self.turns.lock().unwrap().push(conversation);
        } else {
            self.late.fetch_add(1, Ordering::SeqCst);
        }
        Ok(fits)
    }
    async fn failed(&self, item: InboxId) -> Result<u32, StoreError> {
        self.room()?;
        self.store.failed(item).await
    }
    async fn fire(&self, now: Timestamp) -> Result<(usize, Option<Timestamp>), StoreError> {
        self.room()?;
        self.store.fire(now).await
    }
    async fn take(
        &self,
        route: &str,
        worker: &WorkerId,
        dead: &[WorkerId],
        now: Timestamp,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<Timestamp>), StoreError> {
        self.room()?;
        self.store.take(route, worker, dead, now, limit).await
    }
    async fn settle(&self, settled: Vec<(OutboxId, Settled)>, now: Timestamp) -> Result<(), StoreError> {
        self.room()?;
        self.store.settle(settled, now).await
    }
    async fn beat(&self, worker: &WorkerId) -> Result<BTreeMap<WorkerId, u64>, StoreError> {
        self.room()?;
        self.store.beat(worker).await
    }
    async fn leave(&self, worker: &WorkerId) -> Result<(), StoreError> {
        self.store.leave(worker).await
    }
    async fn unsettled(&self, conversation: ConversationId) -> Result<usize, StoreError> {
        self.store.unsettled(conversation).await
    }
    async fn events(
        &self,
        conversation: Option<ConversationId>,
        after: EventId,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.store.events(conversation, after, limit).await
    }
    async fn newest(&self) -> Result<EventId, StoreError> {
        self.store.newest().await
    }
    async fn find(&self, address: &Address) -> Result<Option<ConversationId>, StoreError> {
        self.store.find(address).await
    }
    async fn list(&self, limit: usize) -> Result<Vec<Listed>, StoreError> {
        self.store.list(limit).await
    }
    async fn tickets(&self, filter: TicketFilter) -> Result<Vec<StoredTicket>, StoreError> {
        self.store.tickets(filter).await
    }
    async fn traces(
        &self,
        conversation: ConversationId,
        after: EventId,
        limit: usize,
    ) -> Result<Vec<Trace>, StoreError> {
        self.store.traces(conversation, after, limit).await
    }
    async fn event_of(
        &self,
        conversation: ConversationId,
        desk: Option<&str>,
        message: &str,
    ) -> Result<Option<EventId>, StoreError> {
        self.store.event_of(conversation, desk, message).await
    }
    async fn thread(&self, desk: &str, conversation: ConversationId) -> Result<Option<Thread>, StoreError> {
        self.desk()?;
        self.store.thread(desk, conversation).await
    }
    async fn thread_at(&self, desk: &str, room: &str, thread: &str) -> Result<Option<Thread>, StoreError> {
        self.desk()?;
        self.store.thread_at(desk, room, thread).await
    }
    async fn keep_thread(&self, thread: Thread, twins: Vec<(EventId, Twin)>) -> Result<(), StoreError> {
        self.desk()?;
        self.store.keep_thread(thread, twins).await
    }
    async fn drop_thread(&self, desk: &str, conversation: ConversationId) -> Result<(), StoreError> {
        self.desk()?;
        self.store.drop_thread(desk, conversation).await
    }
    async fn linked(&self, conversation: ConversationId) -> Result<Option<ConversationId>, StoreError> {
        self.store.linked(conversation).await
    }

    async fn stale_threads(&self, desk: &str) -> Result<Vec<Thread>, StoreError> {
        self.desk()?;
        self.store.stale_threads(desk).await
    }
    async fn memo(&self, owner: &str, name: &str) -> Result<Option<String>, StoreError> {
        self.desk()?;
        self.store.memo(owner, name).await
    }
    async fn keep_memo(&self, owner: &str, name: &str, value: Option<String>) -> Result<(), StoreError> {
        self.desk()?;
        self.store.keep_memo(owner, name, value).await
    }
    async fn keep_unread(
        &self,
        channel: &str,
        key: &str,
        raw: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.room()?;
        self.store.keep_unread(channel, key, raw, now).await
    }
    async fn expire(&self, before: Option<Timestamp>, now: Timestamp) -> Result<usize, StoreError> {
        self.room()?;
        self.store.expire(before, now).await
    }
    fn changes(&self) -> watch::Receiver<u64> {
        self.store.changes()
    }
    /// Not yet: somebody else may use it.
    async fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
