//! Finds values in a message: list values, patterns, numbers, money, dates, times, e-mail addresses …
//!
//! Numbers, dates, times and money follow the customer's language. What it is not: it does not know which question is open.
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::catalog::EntityId;
use crate::text::Span;

/// A value found in a message, normalised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// `text`, `email`, `phone`, `url`, `person_name`, and what a pattern found.
    Text(String),
    /// The key of a list value or of an option, and the word that is shown for it.
    Choice {
        /// The value as expressions see it.
        key: String,
        /// The word shown to people.
        label: String,
    },
    /// `number`.
    Number(f64),
    /// `money`: an amount and its ISO 4217 currency, if one was named.
    Money {
        /// The amount in the currency's main unit.
        amount: f64,
        /// The currency: `EUR`.
        currency: Option<String>,
    },
    /// `date`.
    Date(Date),
    /// `time`.
    Time(Time),
    /// `duration`, in seconds.
    Duration(i64),
    /// `yes_no`.
    YesNo(bool),
}

/// A value and where it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityMatch {
    /// Which entity.
    pub entity: EntityId,
    /// Where, in the message as typed.
    pub span: Span,
    /// What it means.
    pub value: Value,
}

/// Stand-in until the recognizer lands.
#[derive(Debug)]
pub struct Recognizer;
impl Recognizer {
    /// x
    pub fn new(_: &crate::catalog::Catalog) -> Recognizer { Recognizer }
    /// x
    pub fn find(&self, _: &crate::text::Utterance, _: &jiff::Zoned) -> Vec<EntityMatch> { vec![] }
    /// x
    pub fn find_one(&self, _: EntityId, _: &crate::text::Utterance, _: &jiff::Zoned) -> Vec<EntityMatch> { vec![] }
    /// x
    pub fn find_answer(&self, _: EntityId, _: &crate::text::Utterance, _: &jiff::Zoned) -> Vec<EntityMatch> { vec![] }
}
impl Value {
    /// x
    pub fn shown(&self, _: &crate::text::Language) -> String { String::new() }
    /// x
    pub fn to_json(&self) -> serde_json::Value { serde_json::Value::Null }
}
