//! The state between the threads: those that change it, and those that wait for a change.
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::watch;

use super::call::Call;
use super::state::State;

/// Waiting that long means that it never comes.
const HANGS: Duration = Duration::from_secs(60);

type Hooks<T> = RwLock<Vec<Arc<dyn Fn(&T) + Send + Sync>>>;

/// What the handles and the server have in common.
pub(super) struct Shared {
    pub token: String,
    state: Mutex<State>,
    changed: Condvar,
    version: watch::Sender<u64>,
    pub on_exchange: Hooks<Call>,
    pub on_update: Hooks<Value>,
}

impl Shared {
    pub fn new(token: String) -> Shared {
        let (on_exchange, on_update) = Default::default();
        let version = watch::Sender::new(0);
        Shared {
            token,
            state: Mutex::new(State::new()),
            changed: Condvar::new(),
            version,
            on_exchange,
            on_update,
        }
    }

    /// A test that panicked while it held the state has failed already: others go on.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at it.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Looks at it and changes it without waking anybody.
    pub fn quietly<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.lock())
    }

    /// Changes it, and wakes all who wait.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        let fresh = std::mem::take(&mut state.fresh);
        drop(state);
        self.changed.notify_all();
        self.version.send_modify(|version| *version += 1);
        fresh.iter().for_each(|update| call(&self.on_update, update));
        result
    }

    /// Tells of changes from now on.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Notes a request and its answer.
    pub fn note(&self, noted: Call) {
        call(&self.on_exchange, &noted);
        self.change(|state| state.calls.push(noted));
    }

    /// Waits until there is something.
    ///
    /// # Panics
    /// It doesn't come within a minute: with what was waited for and the last calls.
    pub fn wait<T>(&self, what: &str, mut look: impl FnMut(&State) -> Option<T>) -> T {
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

fn call<T>(hooks: &Hooks<T>, with: &T) {
    let hooks = hooks.read().unwrap_or_else(PoisonError::into_inner).clone();
    hooks.iter().for_each(|hook| hook(with));
}

/// The last calls, one a line.
fn story(state: &State) -> String {
    let asked = state.calls().iter().filter(|call| call.method != "getUpdates");
    let lines: Vec<String> = asked
        .map(|call| {
            format!(
                "  {} {} -> {} {}",
                call.method,
                call.parameters,
                call.status,
                call.refusal().unwrap_or("ok")
            )
        })
        .collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
