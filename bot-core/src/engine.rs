//! The façade: load a bot folder, take turns, explain them.
//!
//! ```
//! use bot_core::catalog::Source;
//! use bot_core::engine::{Actions, Conversation, Engine};
//! use bot_core::dialogue::{Input, replies};
//!
//! let yaml = "intents: { hours: { examples: [when are you open], say: From 9 to 5. } }";
//! let engine = Engine::load(vec![Source::new("shop.yaml", yaml)])?;
//! let actions = Actions::default();
//! let mut conversation = Conversation::new(&engine, &actions);
//! let now = "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse()?;
//! let events = conversation.send(&Input::text("When are you open?"), &now);
//! assert_eq!(replies(&events)[0].text.plain(), "From 9 to 5.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
mod review;

use std::collections::{BTreeMap, VecDeque};

use jiff::Zoned;
use serde_json::Value as Json;

use crate::catalog::{self, Catalog, Diagnostic, Diagnostics, IntentId, Source};
use crate::dialogue::{self, ActionOutcome, Brain, Commands, Event, Input, Tracker};
use crate::entity::{EntityMatch, Recognizer};
use crate::matcher::{Candidate, Explanation, Matcher, Reasons, Stage};
use crate::text::{Language, Utterance};

pub use crate::dialogue::{Command, Decision, act_threshold, decide, offered};

/// A loaded bot.
#[derive(Debug)]
pub struct Engine {
    catalog: Catalog,
    warnings: Vec<Diagnostic>,
    matcher: Matcher,
    recognizer: Recognizer,
    commands: Commands,
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
    /// The part of the message that the ranking was made from: all of it, or the sentence that says what is wanted.
    pub part: Utterance,
    part_entities: Vec<EntityMatch>,
}

impl Engine {
    /// Loads a bot folder: all its YAML files, in any order.
    ///
    /// # Errors
    /// All problems of the folder at once, if one of them is an error.
    pub fn load(sources: Vec<Source>) -> Result<Engine, Diagnostics> {
        let (catalog, warnings) = catalog::load(sources)?;
        Ok(Engine { warnings, ..Engine::from_catalog(catalog) })
    }

    /// A bot from what has been compiled before, and perhaps changed since: to measure what some examples are worth, by
    /// leaving them out. Whoever changes a catalog keeps its indexes in range.
    ///
    /// ```
    /// use bot_core::catalog::Source;
    /// use bot_core::engine::Engine;
    ///
    /// let yaml = "intents: { hours: { examples: [when are you open, opening hours], say: From 9 to 5. } }";
    /// let mut catalog = Engine::load(vec![Source::new("shop.yaml", yaml)])?.catalog().clone();
    /// catalog.intents[0].examples.remove(1);
    /// assert_eq!(Engine::from_catalog(catalog).catalog().intents[0].examples.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_catalog(catalog: Catalog) -> Engine {
        let matcher = Matcher::new(&catalog);
        let recognizer = Recognizer::new(&catalog);
        let commands = Commands::new(&catalog);
        Engine { catalog, warnings: Vec::new(), matcher, recognizer, commands }
    }

    /// The same bot with other facts, as far as they are given: for tests of what depends on them.
    pub fn with_facts(mut self, facts: impl IntoIterator<Item = (String, Json)>) -> Engine {
        self.catalog.settings.facts.extend(facts);
        self
    }

    /// The compiled folder.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// What an author should look at, though the folder loads: by file and line. The intents are compared with each other
    /// for it, which loading does not do.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let mut warnings = self.warnings.clone();
        warnings.extend(review::shared_sentences(&self.catalog, &self.matcher, &self.recognizer));
        warnings.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        warnings
    }

    /// What happens next. Total: every input in every state gives events; not understanding is one of them.
    pub fn turn(&self, tracker: &Tracker, input: &Input, now: &Zoned) -> Vec<Event> {
        dialogue::turn(self.brain(), tracker, input, now)
    }

    /// Puts an input aside with which [`Engine::turn`] panicked again and again: notes what the customer said and hands the
    /// conversation to a person of the first team. Reads nothing and goes through no flow. Total, as `turn` is.
    pub fn put_aside(&self, tracker: &Tracker, input: &Input, now: &Zoned) -> Vec<Event> {
        dialogue::put_aside(self.brain(), tracker, input, now)
    }

    /// The matcher alone, without the dialogue around it.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// Whether the intent's `when` holds in that conversation.
    pub fn exists(&self, tracker: &Tracker, intent: IntentId, now: &Zoned) -> bool {
        dialogue::exists(self.brain(), tracker, intent, now)
    }

    /// What a message would be understood as in that conversation.
    pub fn understand(&self, tracker: &Tracker, text: &str, now: &Zoned) -> Understanding {
        self.understand_among(tracker, text, now, &|_| true)
    }

    /// The same if only those intents came into question for which `among` holds (and that exist).
    pub fn understand_among(
        &self,
        tracker: &Tracker,
        text: &str,
        now: &Zoned,
        among: &dyn Fn(IntentId) -> bool,
    ) -> Understanding {
        let reading = dialogue::read_among(self.brain(), tracker, text, now, among);
        let decision = decide(&self.catalog, &reading.ranking);
        let (part, part_entities) = reading.part;
        let (utterance, entities, ranking) = (reading.utterance, reading.entities, reading.ranking);
        Understanding { utterance, entities, ranking, decision, part, part_entities }
    }

    /// Why a candidate has its confidence.
    pub fn explain(&self, understanding: &Understanding, candidate: &Candidate) -> Explanation {
        if candidate.stage == Stage::Command {
            let description = "a command counts as it is".to_owned();
            return Explanation { value: candidate.confidence, description, details: Vec::new() };
        }
        self.matcher.explain(&understanding.part, &understanding.part_entities, candidate.intent)
    }

    /// The same as data, with the same `among` as the understanding.
    pub fn reasons_among(
        &self,
        understanding: &Understanding,
        among: &dyn Fn(IntentId) -> bool,
        intent: IntentId,
    ) -> Reasons {
        self.matcher.reasons(&understanding.part, &understanding.part_entities, among, intent)
    }

    /// Customers may link their conversations on several channels by `/link`, from now on. Who runs the bot decides: the events of
    /// it ask for codes, and a bot on one channel alone has no use for them.
    pub fn allow_links(&self) {
        self.commands.allow_links();
    }

    /// The commands that a platform's menu shows, in that language: `start`, `help`, `human`, `cancel`, `forget`, and then the
    /// intents that *help* offers to everybody, as far as their names can be commands. A customer writes them with a `/`;
    /// the name of every other intent of the folder is one as well.
    ///
    /// ```
    /// use bot_core::catalog::Source;
    /// use bot_core::dialogue::{Input, Tracker, replies};
    /// use bot_core::engine::Engine;
    /// use bot_core::text::Language;
    ///
    /// let yaml = "intents: { hours: { title: Opening hours, examples: [when are you open], say: From 9 to 5. } }";
    /// let engine = Engine::load(vec![Source::new("shop.yaml", yaml)])?;
    /// let commands = engine.commands(&Language::new("en"));
    /// let hours = commands.last().ok_or("there is one for each intent")?;
    /// assert_eq!((hours.name.as_str(), hours.description.as_str()), ("hours", "Opening hours"));
    ///
    /// let now = "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse()?;
    /// let said = |text| replies(&engine.turn(&Tracker::default(), &Input::text(text), &now))
    ///     .iter().map(|reply| reply.text.plain()).collect::<Vec<_>>();
    /// assert_eq!(said("/hours"), ["From 9 to 5."]);
    /// // A link can lead to an intent: t.me/NAME?start=hours
    /// assert_eq!(said("/start hours").last().map(String::as_str), Some("From 9 to 5."));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn commands(&self, language: &Language) -> Vec<Command> {
        self.commands.menu(&self.catalog, language)
    }

    fn brain(&self) -> Brain<'_> {
        Brain {
            catalog: &self.catalog,
            matcher: &self.matcher,
            recognizer: &self.recognizer,
            commands: &self.commands,
        }
    }
}

/// The handler of an action: its arguments to its result, or the reason of its failure.
pub type Handler = Box<dyn Fn(&Json) -> Result<Json, String> + Send + Sync>;

/// Answers actions without a network: from registered Rust code, else with their `sample`.
///
/// ```
/// use bot_core::engine::Actions;
/// use serde_json::json;
///
/// let mut actions = Actions::default();
/// actions.register("order", |with| match with["number"].as_str() {
///     Some("12345678") => Ok(json!({ "status": "shipped" })),
///     _ => Err("unknown order".into()),
/// });
/// ```
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
        let result = match self.handlers.get(action) {
            Some(handler) => handler(with),
            None => {
                let sample = catalog.actions.get(action).and_then(|action| action.sample.clone());
                sample.ok_or_else(|| "no back end is configured, and the action has no sample".to_owned())
            }
        };
        result.map_or_else(ActionOutcome::Failed, ActionOutcome::Done)
    }
}

/// A conversation in memory whose actions are answered and whose tickets are opened at once: for a terminal, for tests, for embedding.
pub struct Conversation<'a> {
    engine: &'a Engine,
    actions: &'a Actions,
    /// Where it stands.
    pub tracker: Tracker,
    /// All that happened.
    pub events: Vec<Event>,
    /// How many tickets are before the next one.
    pub queue: u32,
    /// How many tickets were opened.
    tickets: u64,
}

impl<'a> Conversation<'a> {
    /// A new conversation.
    pub fn new(engine: &'a Engine, actions: &'a Actions) -> Conversation<'a> {
        Conversation {
            engine,
            actions,
            tracker: Tracker::default(),
            events: Vec::new(),
            queue: 0,
            tickets: 0,
        }
    }

    /// Takes a turn, and those of the actions it calls and the tickets it opens; returns the events of all of them.
    pub fn send(&mut self, input: &Input, now: &Zoned) -> Vec<Event> {
        let mut new = Vec::new();
        let mut inputs = VecDeque::from([input.clone()]);
        while let Some(input) = inputs.pop_front() {
            for event in self.engine.turn(&self.tracker, &input, now) {
                self.tracker.apply(&event);
                inputs.extend(self.outcome(&event));
                new.push(event);
            }
        }
        self.events.extend(new.iter().cloned());
        new
    }

    fn outcome(&mut self, event: &Event) -> Option<Input> {
        match event {
            Event::ActionCalled { call, action, with, .. } => {
                let outcome = self.actions.answer(&self.engine.catalog, action, with);
                Some(Input::ActionDone { call: *call, outcome })
            }
            Event::HandedOff(_) => {
                self.tickets += 1;
                Some(Input::TicketOpened { ticket: self.tickets, ahead: self.queue })
            }
            _ => None,
        }
    }
}
