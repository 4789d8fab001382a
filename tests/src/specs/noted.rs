//! What a watch has noted: what went over the wire, and what of it does not fit.
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: `sendMessage.entities[0].offset`.
    pub path: String,
    /// What: `String where Integer is expected`.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.what)
    }
}

/// A finding at that place.
pub(super) fn found(path: &str, what: &str) -> Finding {
    Finding { path: path.to_owned(), what: what.to_owned() }
}

/// The notes of a watch, shared with whoever writes them.
#[derive(Clone, Default)]
pub struct Noted {
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// How often there was what, by name.
    names: BTreeMap<String, usize>,
    /// What does not fit, with the first thing that it was found in.
    findings: BTreeMap<String, String>,
}

impl Noted {
    /// There was something of that name.
    pub(super) fn came(&self, name: &str) {
        *self.seen().names.entry(name.to_owned()).or_default() += 1;
    }

    /// Something was found in that.
    pub(super) fn note(&self, findings: Vec<Finding>, of: &Value) {
        let mut seen = self.seen();
        for finding in findings {
            seen.findings.entry(finding.to_string()).or_insert_with(|| of.to_string());
        }
    }

    /// The names of what there was.
    pub(super) fn names(&self) -> Vec<String> {
        self.seen().names.keys().cloned().collect()
    }

    /// # Panics
    /// Something else than that did not fit, or something of that was not seen: with all that does not fit.
    pub(super) fn finds_only(&self, expected: &[&str]) {
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
