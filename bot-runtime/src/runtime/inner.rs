//! What all parts of a runtime share.
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use bot_core::engine::Engine;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::TakeTurn;
use super::busy::Busy;
use crate::actions::Actions;
use crate::clock::Clock;
use crate::files::Files;
use crate::store::{ConversationId, Store, WorkerId};

/// A hint that something can be done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Nudge {
    /// Something new came in there.
    One(ConversationId),
    /// What waits may go on.
    All,
}

pub(super) struct Inner<S> {
    pub store: Arc<S>,
    pub engine: ArcSwap<Engine>,
    pub clock: Clock,
    pub turn: TakeTurn,
    pub turns_at_once: usize,
    pub actions: Option<Actions>,
    pub worker: WorkerId,
    /// Workers that have died.
    pub dead: Mutex<Vec<WorkerId>>,
    /// The channels of this process, with the time to wait for the rest of a message.
    pub channels: Mutex<BTreeMap<String, Duration>>,
    /// How those channels show that something takes long.
    pub busy: Mutex<BTreeMap<String, Busy>>,
    /// What those channels hand out.
    pub files: Files,
    pub nudges: mpsc::UnboundedSender<Nudge>,
    /// Nothing new is begun any more.
    pub stopping: CancellationToken,
    /// The worker is not alive any more.
    pub stopped: CancellationToken,
    /// What has to be finished before the store is let go.
    pub tasks: TaskTracker,
    /// Whether `stop` has done its work; held by the one that does it.
    pub is_stopped: tokio::sync::Mutex<bool>,
    /// Timers may have been set.
    pub timers: Notify,
    /// Another bot was taken.
    pub swapped: Notify,
}

impl<S: Store> Inner<S> {
    /// How long to wait for the rest of what a customer of that channel writes; `None`: another process serves it.
    pub fn window(&self, channel: &str) -> Option<Duration> {
        locked(&self.channels).get(channel).copied()
    }

    /// A channel of this process; its conversations are looked at again.
    pub fn adopt(&self, channel: &str, window: Option<Duration>) {
        let mut channels = locked(&self.channels);
        let is_new = window.is_some() || !channels.contains_key(channel);
        if is_new {
            channels.insert(channel.to_owned(), window.unwrap_or_default());
            self.nudge(Nudge::All);
        }
    }

    /// Where there are several channels, a customer may be the same on two of them.
    pub fn allow_links(&self, engine: &Engine) {
        if locked(&self.busy).len() > 1 {
            engine.allow_links();
            self.swapped.notify_waiters();
        }
    }

    pub fn nudge(&self, nudge: Nudge) {
        // Nobody listens after a stop; what is in the store is not lost.
        let _ = self.nudges.send(nudge);
    }

    pub fn dead(&self) -> Vec<WorkerId> {
        locked(&self.dead).clone()
    }
}

/// No code that can panic runs under these locks.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Unique for each start: process, time, and a counter for several runtimes in one process.
pub(super) fn new_worker() -> WorkerId {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    WorkerId(format!("{process:x}-{time:x}-{count:x}"))
}
