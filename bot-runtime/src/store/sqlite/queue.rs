//! Work for a thread that owns a connection, and its answers.
//!
//! No task of the async runtime ever waits for a disk or a lock: it hands its work over and waits for the answer.
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::super::StoreError;

/// How much work waits before those who bring more have to.
const ROOM: usize = 1024;

/// What a piece of work did, beyond its answer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effects {
    /// Nobody needs to look because of it.
    pub silent: bool,
    /// Something was erased, and must go from the log beside the file, too.
    pub erased: bool,
}

/// A piece of work.
pub(super) trait Job: Send {
    /// Does it. An error: what it has changed must be undone.
    fn run(&mut self, connection: &Connection) -> Result<Effects, StoreError>;

    /// Tells who waits for it. An error: nothing of what was run together is stored.
    fn answer(self: Box<Self>, stored: Result<(), StoreError>);
}

struct Task<T, F> {
    work: Option<F>,
    outcome: Result<T, StoreError>,
    answer: oneshot::Sender<Result<T, StoreError>>,
    _room: OwnedSemaphorePermit,
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnOnce(&Connection, &mut Effects) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<Effects, StoreError> {
        let mut effects = Effects::default();
        if let Some(work) = self.work.take() {
            self.outcome = work(connection, &mut effects);
        }
        match &self.outcome {
            Ok(_) => Ok(effects),
            Err(error) => Err(error.clone()),
        }
    }

    fn answer(self: Box<Self>, stored: Result<(), StoreError>) {
        // Who no longer waits misses nothing: it is stored all the same.
        let _ = self.answer.send(stored.and(self.outcome));
    }
}

/// Where work is handed in.
pub(super) struct Queue {
    jobs: Mutex<Option<Sender<Box<dyn Job>>>>,
    room: Arc<Semaphore>,
    ended: Mutex<Option<oneshot::Receiver<()>>>,
}

impl Queue {
    /// Starts a thread with that name.
    pub fn start(
        name: &str,
        run: impl FnOnce(Receiver<Box<dyn Job>>) + Send + 'static,
    ) -> Result<Queue, StoreError> {
        let (jobs, received) = channel();
        let (end, ended) = oneshot::channel();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            run(received);
            // Only now the connection is gone.
            let _ = end.send(());
        });
        thread.map_err(|error| StoreError::Open(format!("no thread for the store: {error}")))?;
        let room = Arc::new(Semaphore::new(ROOM));
        Ok(Queue { jobs: Mutex::new(Some(jobs)), room, ended: Mutex::new(Some(ended)) })
    }

    /// Has something done, and waits for the answer.
    pub async fn call<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &mut Effects) -> Result<T, StoreError> + Send + 'static,
    {
        let room = self.room.clone().acquire_owned().await.map_err(|_| StoreError::closed())?;
        let (answer, answered) = oneshot::channel();
        let outcome = Err(StoreError::Other("it was not tried".to_owned()));
        self.hand_in(Box::new(Task { work: Some(work), outcome, answer, _room: room }))?;
        answered.await.unwrap_or_else(|_| Err(StoreError::Other("its thread has ended".to_owned())))
    }

    fn hand_in(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = jobs.as_ref().ok_or_else(StoreError::closed)?;
        jobs.send(job).map_err(|_| StoreError::Other("its thread has ended".to_owned()))
    }

    /// What waits is still done; then the thread ends and lets its connection go.
    pub async fn end(&self) -> Result<(), StoreError> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(StoreError::closed)?;
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(ended) = ended {
            // An error means as well that it has ended.
            let _ = ended.await;
        }
        Ok(())
    }
}
