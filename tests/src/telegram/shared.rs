//! The state between the threads: those that change it, and those that wait for a change.
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use tokio::sync::watch;

use super::call::Call;
use super::state::State;
use crate::fake::Watched;

type Hooks<T> = RwLock<Vec<Arc<dyn Fn(&T) + Send + Sync>>>;

/// What the handles and the server have in common.
pub(super) struct Shared {
    pub token: String,
    state: Watched<State>,
    pub on_exchange: Hooks<Call>,
    pub on_update: Hooks<Value>,
}

impl Shared {
    pub fn new(token: String) -> Shared {
        let (on_exchange, on_update) = Default::default();
        Shared { token, state: Watched::new(State::new()), on_exchange, on_update }
    }

    /// Looks at it.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.state.read(look)
    }

    /// Looks at it and changes it without waking anybody.
    pub fn quietly<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.state.quietly(change)
    }

    /// Changes it, and wakes all who wait.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (result, fresh) = self.state.change(|state| {
            let result = change(state);
            (result, std::mem::take(&mut state.fresh))
        });
        fresh.iter().for_each(|update| call(&self.on_update, update));
        result
    }

    /// Tells of changes from now on.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.state.watch()
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
    pub fn wait<T>(&self, what: &str, look: impl FnMut(&State) -> Option<T>) -> T {
        self.state.wait(what, look, story)
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
