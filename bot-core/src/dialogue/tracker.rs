//! The state of a conversation: a fold over its events.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::event::{Customer, Event, Offer, Slot};
use crate::handoff::Owner;
use crate::text::Language;

/// Where a conversation stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tracker {
    /// Who answers.
    pub owner: Owner,
    /// The language the bot answers in, once it is known.
    pub language: Option<Language>,
    /// What is known of the customer.
    pub customer: Customer,
    /// The topics: the last is the current one, those before it wait.
    pub topics: Vec<Topic>,
    /// What the bot has offered and waits for.
    pub offer: Option<Offer>,
    /// Values set by flows.
    pub values: BTreeMap<String, Json>,
    /// Messages not understood in a row.
    pub misses: u32,
}

/// A topic: an intent's flow on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// The intent.
    pub intent: String,
    /// The step it stands at.
    pub step: Option<String>,
    /// What is known.
    pub slots: BTreeMap<String, Slot>,
    /// The results of actions.
    pub results: BTreeMap<String, Json>,
}

impl Tracker {
    /// The conversation after these events.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Tracker {
        let mut tracker = Tracker::default();
        for event in events {
            tracker.apply(event);
        }
        tracker
    }

    /// Takes an event in.
    pub fn apply(&mut self, _event: &Event) {
        todo!()
    }

    /// The name of the state: intent and question, `refund.order_number`; `None` between topics.
    pub fn state(&self) -> Option<String> {
        let topic = self.topics.last()?;
        topic.step.as_ref().map(|step| format!("{}.{step}", topic.intent))
    }

    /// What is known in the current topic.
    pub fn slots(&self) -> BTreeMap<String, Slot> {
        self.topics.last().map(|topic| topic.slots.clone()).unwrap_or_default()
    }
}
