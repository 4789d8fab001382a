//! Watching a stand-in: all that goes over its wires is held against the description.
use std::sync::Arc;

use super::gateway::title;
use super::{Exchange, Spec};
use crate::discord::gateway::{Frame, Hub, Side};
use crate::discord::{Call, Discord};
use crate::specs::noted::Noted;

/// What was found since the watch began.
#[derive(Clone, Default)]
pub struct Watch {
    /// What was asked for and told of, and what does not fit.
    noted: Noted,
}

impl Watch {
    /// Begins to watch, if there is a description; without, that is told on the terminal.
    pub fn begin(discord: &Discord) -> Option<Watch> {
        let spec = Arc::new(Spec::here()?);
        let watch = Watch::default().of_gateway(discord.gateway(), Arc::clone(&spec));
        let seen = watch.clone();
        discord.on_exchange(move |call| seen.exchange(&spec, call));
        Some(watch)
    }

    /// Begins to watch a gateway.
    pub fn of_gateway(self, hub: &Hub, spec: Arc<Spec>) -> Watch {
        let seen = self.clone();
        hub.on_frame(move |frame| seen.frame(&spec, frame));
        self
    }

    fn exchange(&self, spec: &Spec, call: &Call) {
        let Call { method, path, query, body, status, answer, .. } = call;
        let exchange = Exchange { method, path, query, body, status: *status, answer };
        self.noted.came(&call.what());
        self.noted.note(spec.request(&exchange), body);
        // With a status of 0 there was no answer.
        if *status != 0 {
            self.noted.note(spec.answer(&exchange), answer);
        }
    }

    fn frame(&self, spec: &Spec, frame: &Frame) {
        let payload = frame.payload();
        let name = title(payload["op"].as_i64(), payload["t"].as_str());
        let findings = match frame.side {
            Side::Bot => spec.sent(&payload),
            Side::Gateway => spec.received(&payload),
            // It was ordered to be wrong.
            Side::Fault => return,
        };
        self.noted.came(&name);
        self.noted.note(findings, &payload);
    }

    /// The operations that were asked for, as `POST /channels/{channel_id}/messages`, and the names of the gateway's payloads.
    pub fn names(&self) -> Vec<String> {
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
