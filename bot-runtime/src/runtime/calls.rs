//! Calls of actions: each by itself, bounded in all and for each action, so that one that hangs delays no other.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bot_core::dialogue::{ActionOutcome, Input};
use jiff::Timestamp;
use tokio::time::{Instant, timeout};

use super::busy;
use super::inner::{Inner, locked};
use super::keys::{digits, key_of};
use super::outlet::{Admission, Carrier};
use super::panics::Panicked;
use crate::actions::Call;
use crate::kill;
use crate::store::{CALLS, Entry, EventId, Settled, Store, Work};

/// Calls at the same time.
const AT_ONCE: usize = 64;

/// Of them, of one action.
const OF_ONE: usize = 16;

/// Calls that wait here behind those of their action; some megabytes. Whoever has more of them is not answered anyway.
const HELD: usize = 10_000;

/// Actions have time-outs of their own, of some seconds: this is for those that don't keep them.
const HANGS: Duration = Duration::from_secs(300);

pub(super) struct Calls<S> {
    inner: Arc<Inner<S>>,
    /// How many calls of each action are under way.
    under_way: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl<S: Store> Calls<S> {
    pub fn new(inner: Arc<Inner<S>>) -> Calls<S> {
        Calls { inner, under_way: Arc::default() }
    }

    fn count(&self, entry: &Entry, change: impl FnOnce(&mut usize)) {
        if let Work::Call { action, .. } = &entry.what {
            change(locked(&self.under_way).entry(action.clone()).or_default());
        }
    }
}

impl<S: Store> Carrier for Calls<S> {
    type Outcome = ActionOutcome;

    fn route(&self) -> &str {
        CALLS
    }

    fn capacity(&self) -> usize {
        HELD
    }

    fn admit(&self, entry: &Entry, under_way: usize, _now: Instant) -> Admission {
        let Work::Call { action, .. } = &entry.what else { return Admission::Now };
        let of_one = locked(&self.under_way).get(action).copied().unwrap_or_default();
        if under_way >= AT_ONCE || of_one >= OF_ONE { Admission::Full } else { Admission::Now }
    }

    fn carry(
        &mut self,
        entry: Arc<Entry>,
        _now: Instant,
    ) -> impl Future<Output = ActionOutcome> + Send + 'static {
        self.count(&entry, |count| *count += 1);
        let inner = self.inner.clone();
        async move { call(&inner, &entry).await }
    }

    fn settle(
        &mut self,
        entry: &Entry,
        outcome: Result<ActionOutcome, Panicked>,
        _now: Timestamp,
    ) -> Settled {
        self.count(entry, |count| *count = count.saturating_sub(1));
        let Work::Call { call, action, .. } = &entry.what else {
            return Settled::Failed { reason: "this is a message, and no call".to_owned(), answer: None };
        };
        let panicked = |_| {
            tracing::error!(action, id = entry.id.0, "the code of an action panicked");
            ActionOutcome::Failed(format!("the code of the action `{action}` panicked"))
        };
        let outcome = outcome.unwrap_or_else(panicked);
        let answer = Some(Input::ActionDone { call: *call, outcome: outcome.clone() });
        match outcome {
            ActionOutcome::Done(_) => Settled::Sent { messages: Vec::new(), answer },
            ActionOutcome::Failed(reason) => Settled::Failed { reason, answer },
        }
    }
}

async fn call<S: Store>(inner: &Inner<S>, entry: &Entry) -> ActionOutcome {
    let (Work::Call { action, with, .. }, Some(actions)) = (&entry.what, &inner.actions) else {
        return ActionOutcome::Failed("there is nothing to call".to_owned());
    };
    let key = key(inner, entry).await;
    let engine = inner.engine.load_full();
    let call = Call { action, with, key: &key, again: entry.in_doubt };
    let _busy = busy::show(inner, &entry.address);
    kill::point("call.before");
    let outcome = timeout(HANGS, actions.call(engine.catalog(), call)).await;
    kill::point("call.after");
    outcome.unwrap_or_else(|_| ActionOutcome::Failed("no answer in five minutes".to_owned()))
}

/// Numbers begin anew in another store, such as that of the next chat in memory, but the back end remembers their keys for
/// days: so the time when the conversation began is part of them.
async fn key<S: Store>(inner: &Inner<S>, entry: &Entry) -> String {
    let key = key_of('c', entry);
    match inner.store.events(Some(entry.conversation), EventId(0), 1).await.as_deref() {
        Ok([first]) => format!("{key}-{}", digits(first.at.as_millisecond())),
        _ => key,
    }
}
