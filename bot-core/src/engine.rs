//! The façade: load a bot folder, take turns, explain them.
use std::collections::BTreeMap;

use jiff::Zoned;
use serde::Serialize;
use serde_json::Value as Json;

use crate::catalog::{Catalog, Diagnostic, Diagnostics, Source};
use crate::dialogue::{ActionOutcome, Event, Input, Tracker};
use crate::entity::EntityMatch;
use crate::matcher::{Candidate, Explanation, Matcher};
use crate::text::Utterance;

/// A loaded bot.
#[derive(Debug)]
pub struct Engine {
    catalog: Catalog,
    matcher: Matcher,
}

/// What a message was understood as, before anything is done about it.
#[derive(Clone, Debug)]
pub struct Understanding {
    /// The message in tokens.
    pub utterance: Utterance,
    /// The values in it.
    pub entities: Vec<EntityMatch>,
    /// The intents, best first.
    pub ranking: Vec<Candidate>,
    /// What the thresholds make of the ranking.
    pub decision: Decision,
}

/// What the thresholds make of a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The best is sure enough.
    Act,
    /// Ask "Do you mean …?".
    Ask,
    /// Not understood.
    NotUnderstood,
}

impl Engine {
    /// Loads a bot folder: all its YAML files, in any order.
    ///
    /// # Errors
    /// All problems of the folder at once, if one of them is an error.
    pub fn load(_sources: Vec<Source>) -> Result<Engine, Diagnostics> {
        todo!()
    }

    /// The compiled folder.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// What an author should look at, though the folder loads.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        todo!()
    }

    /// What happens next. Total: every input in every state gives events; not understanding is one of them.
    pub fn turn(&self, _tracker: &Tracker, _input: &Input, _now: &Zoned) -> Vec<Event> {
        todo!()
    }

    /// What a message would be understood as in that conversation, at most `limit` intents.
    pub fn understand(&self, _tracker: &Tracker, _text: &str, _now: &Zoned, _limit: usize) -> Understanding {
        todo!()
    }

    /// Why a candidate has its confidence.
    pub fn explain(&self, understanding: &Understanding, candidate: &Candidate) -> Explanation {
        self.matcher.explain(&understanding.utterance, &understanding.entities, candidate.intent)
    }
}

/// The handler of an action: its arguments to its result, or the reason of its failure.
pub type Handler = Box<dyn Fn(&Json) -> Result<Json, String> + Send + Sync>;

/// Answers actions without a network: from registered Rust code, else with their `sample`.
#[derive(Default)]
pub struct Actions {
    handlers: BTreeMap<String, Handler>,
}

impl Actions {
    /// Registers the code of an action.
    pub fn register(
        &mut self,
        action: impl Into<String>,
        handler: impl Fn(&Json) -> Result<Json, String> + Send + Sync + 'static,
    ) {
        self.handlers.insert(action.into(), Box::new(handler));
    }

    /// The outcome of a call.
    pub fn answer(&self, catalog: &Catalog, action: &str, with: &Json) -> ActionOutcome {
        let sample = || catalog.actions.get(action).and_then(|action| action.sample.clone());
        match self.handlers.get(action) {
            Some(handler) => handler(with).map_or_else(ActionOutcome::Failed, ActionOutcome::Done),
            None => sample().map_or_else(
                || ActionOutcome::Failed("no back end and no sample".into()),
                ActionOutcome::Done,
            ),
        }
    }
}

/// A conversation in memory whose actions are answered at once: for a terminal, for tests, for embedding.
pub struct Conversation<'a> {
    engine: &'a Engine,
    actions: &'a Actions,
    /// Where it stands.
    pub tracker: Tracker,
    /// All that happened.
    pub events: Vec<Event>,
}

impl<'a> Conversation<'a> {
    /// A new conversation.
    pub fn new(engine: &'a Engine, actions: &'a Actions) -> Conversation<'a> {
        Conversation { engine, actions, tracker: Tracker::default(), events: Vec::new() }
    }

    /// Takes a turn, and those of the actions it calls; returns the events of all of them.
    pub fn send(&mut self, input: &Input, now: &Zoned) -> Vec<Event> {
        let mut new = Vec::new();
        let mut inputs = std::collections::VecDeque::from([input.clone()]);
        while let Some(input) = inputs.pop_front() {
            for event in self.engine.turn(&self.tracker, &input, now) {
                self.tracker.apply(&event);
                if let Event::ActionCalled { call, action, with } = &event {
                    let outcome = self.actions.answer(&self.engine.catalog, action, with);
                    inputs.push_back(Input::ActionDone { call: *call, outcome });
                }
                new.push(event);
            }
        }
        self.events.extend(new.iter().cloned());
        new
    }
}
