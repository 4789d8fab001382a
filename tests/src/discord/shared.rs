//! The state between the threads, and the way of events to the gateway.
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::call::Call;
use super::gateway::{Emitted, Home, Hub};
use super::state::State;
use crate::fake::Watched;

type Hooks<T> = RwLock<Vec<Arc<dyn Fn(&T) + Send + Sync>>>;

/// What the handles and the server have in common.
pub(super) struct Shared {
    pub token: String,
    pub hub: Arc<Hub>,
    state: Watched<State>,
    /// Held while something changes and its events are handed to the gateway, so that they come in the order of the changes. The
    /// gateway may read the state at any time: it must not change it.
    order: Mutex<()>,
    pub on_exchange: Hooks<Call>,
    pub on_event: Hooks<Emitted>,
}

impl Shared {
    pub fn new(token: String) -> Shared {
        let (on_exchange, on_event) = Default::default();
        let state = Watched::new(State::new());
        Shared { token, hub: Hub::new(), state, order: Mutex::new(()), on_exchange, on_event }
    }

    /// Looks at it.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.state.read(look)
    }

    /// Looks at it and changes it without waking anybody.
    pub fn quietly<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.state.quietly(change)
    }

    /// Changes it, tells the gateway, and wakes all who wait.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let _order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        let (result, fresh) = self.state.change(|state| {
            let result = change(state);
            (result, std::mem::take(&mut state.fresh))
        });
        for event in fresh {
            call(&self.on_event, &event);
            self.hub.emit(event);
        }
        result
    }

    /// Tells of changes from now on.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.state.watch()
    }

    /// Notes a request and its answer.
    pub fn note(&self, noted: Call) {
        call(&self.on_exchange, &noted);
        self.state.change(|state| state.calls.push(noted));
    }

    /// Waits until there is something.
    ///
    /// # Panics
    /// It doesn't come within a minute: with what was waited for and the last calls.
    pub fn wait<T>(&self, what: &str, look: impl FnMut(&State) -> Option<T>) -> T {
        self.state.wait(what, look, story)
    }
}

impl Home for Shared {
    fn token(&self) -> String {
        self.token.clone()
    }

    fn bot(&self) -> Value {
        self.read(|state| state.me())
    }

    fn application(&self) -> Value {
        self.read(|state| json!({"id": super::BOT.to_string(), "flags": state.application_flags()}))
    }

    fn guilds(&self) -> Vec<Value> {
        self.read(|state| state.guild_creates())
    }

    fn may_use(&self, intents: u64) -> bool {
        self.read(|state| state.may_use(intents))
    }
}

fn call<T>(hooks: &Hooks<T>, with: &T) {
    let hooks = hooks.read().unwrap_or_else(PoisonError::into_inner).clone();
    hooks.iter().for_each(|hook| hook(with));
}

/// The last calls, one a line.
fn story(state: &State) -> String {
    let line = |call: &Call| format!("  {} {} -> {} {}", call.method, call.path, call.status, call.answer);
    let calls = state.calls();
    calls[calls.len().saturating_sub(15)..].iter().map(line).collect::<Vec<String>>().join("\n")
}
