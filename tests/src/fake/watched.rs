//! State between threads: those that change it, and those that wait for a change.
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// Waiting that long means that it never comes.
const HANGS: Duration = Duration::from_secs(60);

/// State that can be looked at, changed and waited for.
pub struct Watched<S> {
    state: Mutex<S>,
    changed: Condvar,
    version: watch::Sender<u64>,
}

impl<S> Watched<S> {
    /// With that at first.
    pub fn new(state: S) -> Watched<S> {
        Watched { state: Mutex::new(state), changed: Condvar::new(), version: watch::Sender::new(0) }
    }

    /// A test that panicked while it held the state has failed already: others go on.
    fn lock(&self) -> MutexGuard<'_, S> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at it.
    pub fn read<T>(&self, look: impl FnOnce(&S) -> T) -> T {
        look(&self.lock())
    }

    /// Changes it without waking anybody.
    pub fn quietly<T>(&self, change: impl FnOnce(&mut S) -> T) -> T {
        change(&mut self.lock())
    }

    /// Changes it, and wakes all who wait.
    pub fn change<T>(&self, change: impl FnOnce(&mut S) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        self.version.send_modify(|version| *version += 1);
        result
    }

    /// Tells of changes from now on.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Waits until there is something; looked for after each change.
    ///
    /// # Panics
    /// It doesn't come within a minute: with what was waited for and what `story` tells of the state then.
    pub fn wait<T>(
        &self,
        what: &str,
        mut look: impl FnMut(&S) -> Option<T>,
        story: impl FnOnce(&S) -> String,
    ) -> T {
        let until = Instant::now() + HANGS;
        let mut state = self.lock();
        loop {
            if let Some(found) = look(&state) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let story = story(&state);
                drop(state);
                panic!("waited {HANGS:?} in vain for {what}; the last calls:\n{story}");
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
