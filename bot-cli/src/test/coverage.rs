//! What no test touches: intents, questions, options.
use std::collections::BTreeSet;

use bot_core::catalog::{Body, Catalog, Flow, Intent, StepKind};
use bot_core::dialogue::{Event, Tracker};
use bot_core::entity::Value;
use serde::Serialize;

/// What tests have touched so far.
#[derive(Debug, Default)]
pub struct Touched {
    intents: BTreeSet<String>,
    /// Intent and question.
    steps: BTreeSet<(String, String)>,
    /// Intent, slot and option.
    options: BTreeSet<(String, String, String)>,
}

/// What no test touches.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Untouched {
    /// Intents of the folder that no message was taken for.
    pub intents: Vec<String>,
    /// Questions that were never put: `intent.step`.
    pub steps: Vec<String>,
    /// Options that were never chosen: `intent.step: option`.
    pub options: Vec<String>,
}

impl Touched {
    /// An intent was reached.
    pub fn intent(&mut self, name: &str) {
        self.intents.insert(name.to_owned());
    }

    /// Goes over a conversation.
    pub fn conversation(&mut self, events: &[Event]) {
        let mut tracker = Tracker::default();
        for event in events {
            tracker.apply(event);
            let topic = tracker.topics.last().map(|topic| topic.intent.as_str());
            self.event(event, topic);
        }
    }

    fn event(&mut self, event: &Event, topic: Option<&str>) {
        match (event, topic) {
            (Event::Understood { intent, .. } | Event::FlowStarted { intent, .. }, _) => self.intent(intent),
            (Event::QuestionOpened { step }, Some(topic)) => {
                self.steps.insert((topic.to_owned(), step.clone()));
            }
            (Event::SlotFilled { slot, value }, Some(topic)) => {
                if let Value::Choice { key, .. } = &value.value {
                    self.options.insert((topic.to_owned(), slot.clone(), key.clone()));
                }
            }
            _ => {}
        }
    }

    /// What is left of a bot's own intents.
    pub fn rest(&self, catalog: &Catalog) -> Untouched {
        let mut rest = Untouched::default();
        for intent in catalog.intents.iter().filter(|intent| intent.origin.file != "built-in") {
            if !self.intents.contains(&intent.name) {
                rest.intents.push(intent.name.clone());
            } else if let Body::Flow(flow) = &intent.body {
                self.rest_of_flow(intent, flow, &mut rest);
            }
        }
        rest
    }

    fn rest_of_flow(&self, intent: &Intent, flow: &Flow, rest: &mut Untouched) {
        for step in &flow.steps {
            let name = format!("{}.{}", intent.name, step.name);
            let asks = matches!(step.kind, StepKind::Ask(_) | StepKind::Choose(_) | StepKind::Confirm(_));
            if asks && !self.steps.contains(&(intent.name.clone(), step.name.clone())) {
                rest.steps.push(name.clone());
            }
            if let StepKind::Choose(choose) = &step.kind {
                let chosen = |key: &String| {
                    self.options.contains(&(intent.name.clone(), choose.slot.clone(), key.clone()))
                };
                let open = choose.options.iter().filter(|(key, _)| !chosen(key));
                rest.options.extend(open.map(|(key, _)| format!("{name}: {key}")));
            }
        }
    }
}

impl Untouched {
    /// Whether everything is touched.
    pub fn is_empty(&self) -> bool {
        self.intents.is_empty() && self.steps.is_empty() && self.options.is_empty()
    }
}
