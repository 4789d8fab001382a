//! A store in one file, by SQLite: several processes on one machine may share it.
//!
//! One thread writes, in batches with one flush of the disk each ([`writer`]); two read: one for turns, one for desks.
mod codec;
mod commit;
mod erase;
mod errors;
#[cfg(test)]
mod faults;
mod inbox;
mod links;
mod memos;
mod open;
mod outbox;
#[cfg(test)]
mod plans;
mod queue;
mod reader;
mod schema;
mod threads;
mod tickets;
mod traces;
mod views;
mod writer;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use self::codec::nanoseconds;
use self::queue::Queue;
use self::writer::Writer;
use super::{
    Commit, ConversationId, Entry, EventId, InboxId, Listed, Loaded, OutboxId, Received, Settled, Store,
    StoreError, StoredEvent, StoredTicket, Thread, TicketFilter, Trace, Twin, WorkerId,
};
use crate::channel::{Address, Inbound};

/// How long to wait for another program that holds the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keeps everything in a file.
pub struct SqliteStore {
    writer: Queue,
    /// For turns.
    turns: Queue,
    /// For desks, which may look at much.
    desks: Queue,
    changes: watch::Sender<u64>,
}

impl SqliteStore {
    /// Opens a file, or makes it. One of an older version of this program is brought to the present one.
    ///
    /// # Errors
    /// It can't be used; the text says why, and what to do. The file is unchanged then.
    pub fn open(path: impl AsRef<Path>) -> Result<SqliteStore, StoreError> {
        SqliteStore::open_patiently(path.as_ref(), PATIENCE)
    }

    /// The version of a file's format, without changing anything; `None`: the file is empty, or not there.
    ///
    /// # Errors
    /// It can't be used; the text says why, and what to do.
    pub fn version_of(path: impl AsRef<Path>) -> Result<Option<usize>, StoreError> {
        open::version(path.as_ref(), PATIENCE)
    }

    /// The same, waiting so long for another program that holds the file, when opening and later.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn open_patiently(path: &Path, patience: Duration) -> Result<SqliteStore, StoreError> {
        let changes = watch::Sender::new(0);
        let writer = Writer::new(open::writer(path, patience)?, changes.clone(), patience);
        let (turns, desks) = (open::reader(path, patience)?, open::reader(path, patience)?);
        Ok(SqliteStore {
            writer: Queue::start("store-writer", move |jobs| writer.run(jobs))?,
            turns: Queue::start("store-turns", move |jobs| reader::run(&turns, jobs))?,
            desks: Queue::start("store-desks", move |jobs| reader::run(&desks, jobs))?,
            changes,
        })
    }
}

impl Store for SqliteStore {
    async fn receive(&self, arrivals: Vec<Inbound>, now: Timestamp) -> Result<Vec<Received>, StoreError> {
        let now = nanoseconds(now);
        self.writer.call(move |connection, _| inbox::receive(connection, arrivals, now)).await
    }

    async fn ready(&self, limit: usize) -> Result<Vec<ConversationId>, StoreError> {
        self.turns.call(move |connection, _| inbox::ready(connection, limit)).await
    }

    async fn load(&self, conversation: ConversationId) -> Result<Option<Loaded>, StoreError> {
        let row = self.turns.call(move |connection, _| inbox::load(connection, conversation)).await?;
        row.map(inbox::LoadedRow::read).transpose()
    }

    async fn commit(&self, commit: Commit) -> Result<bool, StoreError> {
        let written = commit::Written::of(commit)?;
        self.writer.call(move |connection, effects| written.store(connection, effects)).await
    }

    async fn failed(&self, item: InboxId) -> Result<u32, StoreError> {
        self.writer.call(move |connection, _| inbox::failed(connection, item)).await
    }

    async fn fire(&self, now: Timestamp) -> Result<(usize, Option<Timestamp>), StoreError> {
        let now = nanoseconds(now);
        self.writer.call(move |connection, _| inbox::fire(connection, now)).await
    }

    async fn take(
        &self,
        route: &str,
        worker: &WorkerId,
        dead: &[WorkerId],
        now: Timestamp,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<Timestamp>), StoreError> {
        let (route, worker, dead) = (route.to_owned(), worker.clone(), dead.to_vec());
        let now = nanoseconds(now);
        let take = move |connection: &_, _: &mut _| {
            outbox::bury(connection, &dead)?;
            outbox::take(connection, &route, &worker, now, limit)
        };
        self.writer.call(take).await
    }

    async fn settle(&self, settled: Vec<(OutboxId, Settled)>, now: Timestamp) -> Result<(), StoreError> {
        let now = nanoseconds(now);
        self.writer.call(move |connection, _| outbox::settle(connection, settled, now)).await
    }

    async fn beat(&self, worker: &WorkerId) -> Result<BTreeMap<WorkerId, u64>, StoreError> {
        let worker = worker.clone();
        let beat = move |connection: &_, effects: &mut queue::Effects| {
            effects.silent = true;
            outbox::beat(connection, &worker)
        };
        self.writer.call(beat).await
    }

    async fn leave(&self, worker: &WorkerId) -> Result<(), StoreError> {
        let worker = worker.clone();
        self.writer.call(move |connection, _| outbox::leave(connection, &worker)).await
    }

    async fn unsettled(&self, conversation: ConversationId) -> Result<usize, StoreError> {
        self.turns.call(move |connection, _| views::unsettled(connection, conversation)).await
    }

    async fn events(
        &self,
        conversation: Option<ConversationId>,
        after: EventId,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.desks.call(move |connection, _| views::events(connection, conversation, after, limit)).await
    }

    async fn newest(&self) -> Result<EventId, StoreError> {
        self.desks.call(|connection, _| views::newest(connection)).await
    }

    async fn find(&self, address: &Address) -> Result<Option<ConversationId>, StoreError> {
        let address = address.clone();
        self.desks.call(move |connection, _| views::find(connection, &address)).await
    }

    async fn linked(&self, conversation: ConversationId) -> Result<Option<ConversationId>, StoreError> {
        self.desks.call(move |connection, _| links::linked(connection, conversation)).await
    }

    async fn list(&self, limit: usize) -> Result<Vec<Listed>, StoreError> {
        self.desks.call(move |connection, _| views::list(connection, limit)).await
    }

    async fn tickets(&self, filter: TicketFilter) -> Result<Vec<StoredTicket>, StoreError> {
        self.desks.call(move |connection, _| tickets::list(connection, &filter)).await
    }

    async fn traces(
        &self,
        conversation: ConversationId,
        after: EventId,
        limit: usize,
    ) -> Result<Vec<Trace>, StoreError> {
        self.desks.call(move |connection, _| traces::traces(connection, conversation, after, limit)).await
    }

    async fn event_of(
        &self,
        conversation: ConversationId,
        desk: Option<&str>,
        message: &str,
    ) -> Result<Option<EventId>, StoreError> {
        let (desk, message) = (desk.map(str::to_owned), message.to_owned());
        let find = move |connection: &_, _: &mut _| {
            traces::event_of(connection, conversation, desk.as_deref(), &message)
        };
        self.desks.call(find).await
    }

    async fn thread(&self, desk: &str, conversation: ConversationId) -> Result<Option<Thread>, StoreError> {
        let desk = desk.to_owned();
        self.desks.call(move |connection, _| threads::find(connection, &desk, conversation)).await
    }

    async fn thread_at(&self, desk: &str, room: &str, thread: &str) -> Result<Option<Thread>, StoreError> {
        let (desk, room, thread) = (desk.to_owned(), room.to_owned(), thread.to_owned());
        self.desks.call(move |connection, _| threads::find_at(connection, &desk, &room, &thread)).await
    }

    async fn keep_thread(&self, thread: Thread, twins: Vec<(EventId, Twin)>) -> Result<(), StoreError> {
        let state = codec::to_json(&thread.state)?;
        self.writer.call(move |connection, _| threads::keep(connection, &thread, &state, twins)).await
    }

    async fn drop_thread(&self, desk: &str, conversation: ConversationId) -> Result<(), StoreError> {
        let desk = desk.to_owned();
        self.writer.call(move |connection, _| threads::forget(connection, &desk, conversation)).await
    }

    async fn stale_threads(&self, desk: &str) -> Result<Vec<Thread>, StoreError> {
        let desk = desk.to_owned();
        self.desks.call(move |connection, _| threads::stale(connection, &desk)).await
    }

    async fn memo(&self, owner: &str, name: &str) -> Result<Option<String>, StoreError> {
        let (owner, name) = (owner.to_owned(), name.to_owned());
        self.desks.call(move |connection, _| memos::find(connection, &owner, &name)).await
    }

    async fn keep_memo(&self, owner: &str, name: &str, value: Option<String>) -> Result<(), StoreError> {
        let (owner, name) = (owner.to_owned(), name.to_owned());
        self.writer.call(move |connection, _| memos::keep(connection, &owner, &name, value)).await
    }

    async fn keep_unread(
        &self,
        channel: &str,
        key: &str,
        raw: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (channel, key, raw) = (channel.to_owned(), key.to_owned(), raw.to_owned());
        let now = nanoseconds(now);
        self.writer.call(move |connection, _| inbox::keep_unread(connection, &channel, &key, &raw, now)).await
    }

    async fn expire(&self, before: Option<Timestamp>, now: Timestamp) -> Result<usize, StoreError> {
        let (before, now) = (before.map(nanoseconds), now);
        let mut erased = 0;
        // In parts, so that turns come in between.
        while let Some(before) = before {
            let part = move |connection: &_, effects: &mut _| erase::old(connection, before, effects);
            let count = self.writer.call(part).await?;
            erased += count;
            if count < erase::PART {
                break;
            }
        }
        self.writer.call(move |connection, effects| erase::keys(connection, now, effects)).await?;
        Ok(erased)
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.turns.end().await?;
        self.desks.end().await?;
        // The last: it empties the log.
        self.writer.end().await
    }
}
