//! `/state`: what the bot knows and waits for.
use std::fmt::Write;

use bot_core::catalog::Catalog;
use bot_core::dialogue::{Offer, Topic, Tracker};
use bot_core::text::Language;
use jiff::{Timestamp, Unit};

use crate::paint::harmless;

/// The state in words, a fact a line.
pub fn text(tracker: &Tracker, catalog: &Catalog) -> String {
    let language = tracker.language.as_ref().unwrap_or_else(|| catalog.language());
    let mut lines = vec![
        row("answers", &format!("{:?}", tracker.owner).to_lowercase()),
        row("language", &language.to_string()),
        row("state", tracker.state().as_deref().unwrap_or("between topics")),
    ];
    lines.extend(tracker.topics.iter().rev().map(|topic| self::topic(topic, language)));
    lines.extend(tracker.offer.as_ref().map(|offer| row("offered", &offered(offer))));
    lines.extend(tracker.values.iter().map(|(name, value)| row("set", &format!("{name} = {value}"))));
    let due = tracker.timers.values().map(|timer| timer.at).min();
    lines.extend(due.map(|at| row("timer", &format!("due at {}", to_the_second(at)))));
    lines.join("\n")
}

fn to_the_second(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}

fn row(what: &str, value: &str) -> String {
    format!("{what:<9} {}", harmless(value))
}

fn topic(topic: &Topic, language: &Language) -> String {
    let mut text = row("topic", &topic.intent);
    for (name, slot) in &topic.slots {
        let _ = write!(text, "\n            {name} = {}", harmless(&slot.shown(language)));
    }
    for (name, result) in &topic.results {
        let _ = write!(text, "\n            {name} = {}", harmless(&result.to_string()));
    }
    text
}

fn offered(offer: &Offer) -> String {
    match offer {
        Offer::Meaning { intents, .. } => format!("did you mean {}?", intents.join(", ")),
        Offer::Person { reason } => format!("a person ({reason})"),
        Offer::Reverse { reason } => format!("a person, for what is done already ({reason})"),
        Offer::Resume => "to go on with the topic that waits".to_owned(),
        Offer::StillRight => "to go on with old answers".to_owned(),
        Offer::TryAgain => "to try again".to_owned(),
        Offer::Forget => "to erase what is known".to_owned(),
        Offer::Rating { ticket } => format!("to rate ticket {ticket}"),
    }
}
