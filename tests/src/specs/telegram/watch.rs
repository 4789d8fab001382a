//! Watching a stand-in: all that goes over its wire is held against the description.
use std::sync::Arc;

use super::Spec;
use crate::specs::noted::Noted;
use crate::telegram::{Call, Telegram};

/// What was found since the watch began.
#[derive(Clone, Default)]
pub struct Watch {
    /// The methods that were asked for, and what does not fit.
    noted: Noted,
}

impl Watch {
    /// Begins to watch, if there is a description; without, that is told on the terminal.
    pub fn begin(telegram: &Telegram) -> Option<Watch> {
        let spec = Arc::new(Spec::here()?);
        let watch = Watch::default();
        let (seen, of) = (watch.clone(), Arc::clone(&spec));
        telegram.on_exchange(move |call| seen.exchange(&of, call));
        let seen = watch.clone();
        telegram.on_update(move |update| seen.noted.note(spec.update(update), update));
        Some(watch)
    }

    fn exchange(&self, spec: &Spec, call: &Call) {
        self.noted.came(&call.method);
        self.noted.note(spec.request(&call.method, &call.parameters), &call.parameters);
        // With a status of 0 there was no answer, and a server that fails may show a page.
        let shown = call.status != 0 && (call.status < 500 || call.answer.is_object());
        if shown {
            self.noted.note(spec.answer(&call.method, &call.answer), &call.answer);
        }
    }

    /// The methods that were asked for.
    pub fn methods(&self) -> Vec<String> {
        self.noted.names()
    }

    /// # Panics
    /// Something did not fit: with all of it.
    pub fn finds_nothing(&self) {
        self.finds_only(&[]);
    }

    /// # Panics
    /// Something else than that did not fit, or something of that was not seen: with all that does not fit.
    pub fn finds_only(&self, expected: &[&str]) {
        self.noted.finds_only(expected);
    }
}
