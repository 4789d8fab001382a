//! The only thread that writes: it does what waits in batches, one transaction and one flush of the disk for each.
//!
//! Nothing is answered before it is durable. Work that fails undoes itself only; when the transaction fails, all of it does.
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::watch;

use super::super::StoreError;
use super::queue::{Effects, Job};

/// At most so much in a transaction: above that a batch gains nothing, and those at its head wait for its tail.
const BATCH: usize = 256;

/// How often to look for what other processes have changed, and for what is still to be erased.
const LOOK: Duration = Duration::from_millis(50);

/// How long to wait for readers to leave the log. They come back to it at the next look, so not long.
const READERS: Duration = Duration::from_millis(20);

pub(super) struct Writer {
    connection: Connection,
    changes: watch::Sender<u64>,
    /// SQLite's number for what others have changed.
    others: Option<i64>,
    /// Erased bytes are still in the log.
    traces: bool,
    patience: Duration,
}

impl Writer {
    pub fn new(connection: Connection, changes: watch::Sender<u64>, patience: Duration) -> Writer {
        let mut writer = Writer { connection, changes, others: None, traces: true, patience };
        writer.others = writer.others_changes();
        writer.remove_traces();
        writer
    }

    /// Works until nobody can bring any more.
    pub fn run(mut self, jobs: Receiver<Box<dyn Job>>) {
        loop {
            match jobs.recv_timeout(LOOK) {
                Ok(first) => self.batch(std::iter::once(first).chain(jobs.try_iter()).take(BATCH).collect()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.look();
        }
        self.traces = true;
        self.remove_traces();
    }

    fn batch(&mut self, mut batch: Vec<Box<dyn Job>>) {
        let stored = self.transaction(&mut batch);
        if stored.as_ref().is_ok_and(|effects| effects.erased) {
            self.traces = true;
            self.remove_traces();
        }
        if stored.as_ref().is_ok_and(|effects| !effects.silent) {
            self.changes.send_modify(|number| *number += 1);
        }
        let stored = stored.map(|_| ());
        for job in batch {
            job.answer(stored.clone());
        }
    }

    fn transaction(&self, batch: &mut [Box<dyn Job>]) -> Result<Effects, StoreError> {
        self.execute("BEGIN IMMEDIATE")?;
        let done = self.all(batch).and_then(|effects| {
            crate::kill::point("store.commit.before");
            self.execute("COMMIT")?;
            crate::kill::point("store.commit.after");
            Ok(effects)
        });
        if done.is_err() && !self.connection.is_autocommit() {
            // If this fails, too, SQLite has rolled back by itself.
            let _ = self.execute("ROLLBACK");
        }
        done
    }

    fn all(&self, batch: &mut [Box<dyn Job>]) -> Result<Effects, StoreError> {
        let mut all = Effects { silent: true, erased: false };
        for job in batch {
            let effects = self.one(job.as_mut())?;
            all.silent &= effects.silent;
            all.erased |= effects.erased;
        }
        Ok(all)
    }

    /// Does one job. An error: SQLite has given the whole transaction up, as it does on a full disk.
    fn one(&self, job: &mut dyn Job) -> Result<Effects, StoreError> {
        self.execute("SAVEPOINT job")?;
        let before = self.connection.total_changes();
        let outcome = job.run(&self.connection);
        match outcome {
            Ok(mut effects) => {
                self.execute("RELEASE job")?;
                effects.silent |= self.connection.total_changes() == before;
                Ok(effects)
            }
            Err(error) if self.connection.is_autocommit() => Err(error),
            Err(_) => {
                self.execute("ROLLBACK TO job")?;
                self.execute("RELEASE job")?;
                Ok(Effects { silent: true, erased: false })
            }
        }
    }

    fn execute(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn look(&mut self) {
        if self.traces {
            self.remove_traces();
        }
        let others = self.others_changes();
        if others.is_some() && others != self.others {
            self.others = others;
            self.changes.send_modify(|number| *number += 1);
        }
    }

    /// Changes when another connection has changed the file, and only then.
    fn others_changes(&self) -> Option<i64> {
        let mut version = self.connection.prepare_cached("PRAGMA data_version").ok()?;
        version.query_row([], |row| row.get(0)).ok()
    }

    /// Moves everything from the log into the file, where what is erased is overwritten, and empties the log. While somebody
    /// reads from the log it can't be emptied; then it is tried again.
    fn remove_traces(&mut self) {
        let _ = self.connection.busy_timeout(READERS);
        let busy =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        let _ = self.connection.busy_timeout(self.patience);
        self.traces = !matches!(busy, Ok(false));
    }
}
