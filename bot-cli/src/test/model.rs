//! Tests as they are meant: what is given, what is done, what is expected.
use std::collections::BTreeMap;

use bot_core::catalog::Priority;
use bot_core::dialogue::{ActionOutcome, Customer};
use bot_core::handoff::AgentAct;
use bot_core::text::Language;
use jiff::{SignedDuration, Zoned};
use serde_json::Value as Json;

/// A test of a file.
#[derive(Debug)]
pub enum Test {
    /// A conversation.
    Talk(Talk),
    /// Phrases of an intent.
    Phrases(Phrases),
}

/// A conversation test.
#[derive(Debug)]
pub struct Talk {
    /// What the author calls it.
    pub name: String,
    /// The file's name.
    pub file: String,
    /// The world it plays in.
    pub given: Given,
    /// The turns.
    pub turns: Vec<Turn>,
}

/// What is done, and what is expected of it.
#[derive(Debug)]
pub struct Turn {
    /// What is done.
    pub act: Act,
    /// The line of it.
    pub line: usize,
    /// What the bot must say, if anything is said of it.
    pub expected: Vec<Expected>,
    /// What else must hold.
    pub checks: Vec<Check>,
}

/// What is done in a turn.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// The conversation opens.
    Start,
    /// The customer writes.
    User(String),
    /// The customer presses the button of that label.
    Press(String),
    /// Time passes.
    Wait(SignedDuration),
    /// An agent does something; without a name, the one who has the conversation.
    Agent(Option<String>, AgentAct),
    /// What was said last can't be delivered, for this reason.
    Undelivered(String),
    /// The customer changes their last message.
    Edit(String),
}

/// A reply that is expected.
#[derive(Debug)]
pub struct Expected {
    /// Where it was written.
    pub line: usize,
    /// The whole text; `*` stands for anything.
    pub text: String,
    /// The labels of the buttons, if they are checked.
    pub buttons: Option<Vec<String>>,
}

/// What must hold after a turn.
#[derive(Debug)]
pub struct Check {
    /// Where it was written.
    pub line: usize,
    /// What.
    pub what: What,
}

/// What must hold after a turn.
#[derive(Debug)]
pub enum What {
    /// The message's intent, or the topic it belonged to; `None`: not understood.
    Intent(Option<String>),
    /// The confidence.
    Confidence(Bound),
    /// Slots and values set; null: not filled. Others may be filled too.
    Slots(Vec<(String, Json)>),
    /// A hand-off happened in the turn, or none.
    Handoff(HandoffCheck),
    /// No topic is open any more.
    Ended(bool),
    /// The state's name; `None`: between topics.
    State(Option<String>),
    /// Who answers: `bot`, `waiting`, `person`, `closed`.
    Owner(String),
    /// The language the bot answers in.
    Language(Language),
    /// The bot says nothing.
    Silent(bool),
}

/// `0.7`, `">= 0.6"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// How it compares.
    pub relation: Relation,
    /// With what.
    pub value: f64,
}

/// How a confidence compares with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Relation {
    Equal,
    AtLeast,
    Above,
    AtMost,
    Below,
}

/// What is expected of a hand-off.
#[derive(Debug)]
pub enum HandoffCheck {
    /// None.
    None,
    /// One with these properties, those that are given.
    Ticket { team: Option<String>, priority: Option<Priority>, reason: Option<String> },
}

/// An understanding test.
#[derive(Debug)]
pub struct Phrases {
    /// The intent.
    pub intent: String,
    /// The file's name.
    pub file: String,
    /// The world it plays in.
    pub given: Given,
    /// Phrases that are acted on as that intent.
    pub matches: Vec<Phrase>,
    /// Phrases that are not.
    pub rejects: Vec<Phrase>,
}

/// A phrase of an understanding test.
#[derive(Debug)]
pub struct Phrase {
    /// What a customer might write.
    pub text: String,
    /// Where it was written.
    pub line: usize,
}

/// The world a test plays in.
#[derive(Clone, Debug)]
pub struct Given {
    /// The time at the beginning.
    pub now: Zoned,
    /// What actions answer, in place of their samples.
    pub actions: Vec<(String, ActionOutcome)>,
    /// The customer; their language, too.
    pub customer: Customer,
    /// Facts in place of those in `bot.yaml`.
    pub facts: BTreeMap<String, Json>,
    /// How many tickets are before the customer's.
    pub queue: u32,
}

/// When a test plays that does not say it: a Monday, in the shop's hours.
pub const DEFAULT_NOW: &str = "2026-11-23T10:00:00+01:00[Europe/Berlin]";

impl Default for Given {
    fn default() -> Given {
        Given {
            now: DEFAULT_NOW.parse().expect("the constant is a time in a zone that is bundled"),
            actions: Vec::new(),
            customer: Customer { channel: Some("test".to_owned()), ..Customer::default() },
            facts: BTreeMap::new(),
            queue: 0,
        }
    }
}

impl Bound {
    /// Whether a confidence keeps to it; equal is equal to two digits, as confidences are shown.
    pub fn holds(self, confidence: f64) -> bool {
        match self.relation {
            Relation::Equal => (confidence - self.value).abs() < 0.005,
            Relation::AtLeast => confidence >= self.value,
            Relation::Above => confidence > self.value,
            Relation::AtMost => confidence <= self.value,
            Relation::Below => confidence < self.value,
        }
    }

    /// Reads `0.7` and `>= 0.6`.
    pub fn parse(text: &str) -> Option<Bound> {
        use Relation::*;
        let text = text.trim();
        let (relation, number) = [(">=", AtLeast), ("<=", AtMost), (">", Above), ("<", Below), ("=", Equal)]
            .into_iter()
            .find_map(|(sign, relation)| Some((relation, text.strip_prefix(sign)?)))
            .unwrap_or((Equal, text));
        let value = number.trim().parse().ok().filter(|value| (0.0..=1.0).contains(value))?;
        Some(Bound { relation, value })
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let sign = match self.relation {
            Relation::Equal => "",
            Relation::AtLeast => ">= ",
            Relation::Above => "> ",
            Relation::AtMost => "<= ",
            Relation::Below => "< ",
        };
        write!(f, "{sign}{}", self.value)
    }
}
