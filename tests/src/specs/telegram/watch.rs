//! Watching a stand-in: all that goes over its wire is held against the description.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::{Finding, Spec};
use crate::telegram::{Call, Telegram};

/// What was found since the watch began.
#[derive(Clone, Default)]
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// How many requests there were, by method.
    requests: BTreeMap<String, usize>,
    /// What does not fit, with the first thing that it was found in.
    findings: BTreeMap<String, String>,
}

impl Watch {
    /// Begins to watch, if there is a description; without, that is told on the terminal.
    pub fn begin(telegram: &Telegram) -> Option<Watch> {
        let spec = Arc::new(Spec::here()?);
        let watch = Watch::default();
        let (seen, of) = (watch.clone(), Arc::clone(&spec));
        telegram.on_exchange(move |call| seen.exchange(&of, call));
        let seen = watch.clone();
        telegram.on_update(move |update| seen.note(spec.update(update), update));
        Some(watch)
    }

    fn exchange(&self, spec: &Spec, call: &Call) {
        *self.seen().requests.entry(call.method.clone()).or_default() += 1;
        self.note(spec.request(&call.method, &call.parameters), &call.parameters);
        // With a status of 0 there was no answer, and a server that fails may show a page.
        let shown = call.status != 0 && (call.status < 500 || call.answer.is_object());
        if shown {
            self.note(spec.answer(&call.method, &call.answer), &call.answer);
        }
    }

    fn note(&self, findings: Vec<Finding>, of: &Value) {
        let mut seen = self.seen();
        for finding in findings {
            seen.findings.entry(finding.to_string()).or_insert_with(|| of.to_string());
        }
    }

    /// The methods that were asked for.
    pub fn methods(&self) -> Vec<String> {
        self.seen().requests.keys().cloned().collect()
    }

    /// # Panics
    /// Something did not fit: with all of it.
    pub fn finds_nothing(&self) {
        self.finds_only(&[]);
    }

    /// # Panics
    /// Something else than that did not fit, or something of that was not seen: with all that does not fit.
    pub fn finds_only(&self, expected: &[&str]) {
        let seen = self.seen();
        let found: Vec<&str> = seen.findings.keys().map(String::as_str).collect();
        let lines: String =
            seen.findings.iter().map(|(what, of)| format!("{what}\n    in {of:.300}\n")).collect();
        assert!(found == expected, "{} findings instead of {expected:?}:\n{lines}", found.len());
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
