//! The checks on a turn: intent, confidence, slots, hand-off …
use std::collections::BTreeMap;

use bot_core::dialogue::{Event, replies};
use bot_core::handoff::Ticket;
use serde_json::Value as Json;

use super::model::{Check, HandoffCheck, What};
use super::talk::Taken;
use super::wildcard;
use crate::session::understood;

/// A check that does not hold.
pub struct Broken {
    /// Where it was written.
    pub line: usize,
    /// What was expected and what is.
    pub message: String,
}

/// The checks that don't hold after that turn.
pub fn broken(checks: &[Check], taken: &Taken) -> Vec<Broken> {
    let messages = checks.iter().flat_map(|check| {
        found(&check.what, taken).into_iter().map(|message| Broken { line: check.line, message })
    });
    messages.collect()
}

fn found(what: &What, taken: &Taken) -> Vec<String> {
    let after = &taken.after;
    let one = |name: &str, holds: bool, expected: String, got: String| {
        if holds { Vec::new() } else { vec![format!("{name}: expected {expected}, got {got}")] }
    };
    match what {
        What::Intent(expected) => {
            let got = intents(taken);
            let holds = expected.as_ref().map_or(got.is_empty(), |name| got.contains(&name.as_str()));
            one("intent", holds, or_none(expected.as_deref()), joined(&got))
        }
        What::Confidence(bound) => {
            let got = understood(&taken.events).next_back().map(|(_, confidence)| confidence);
            let shown = got.map_or("none".to_owned(), |got| format!("{got:.2}"));
            one("confidence", got.is_some_and(|got| bound.holds(got)), bound.to_string(), shown)
        }
        What::Slots(expected) => slots(expected, taken),
        What::Handoff(expected) => handoff(expected, taken),
        What::Ended(expected) => {
            let got = after.topics.is_empty();
            one("ended", got == *expected, expected.to_string(), got.to_string())
        }
        What::State(expected) => {
            let got = after.state();
            one("state", got == *expected, or_none(expected.as_deref()), or_none(got.as_deref()))
        }
        What::Owner(expected) => {
            let got = format!("{:?}", after.owner).to_lowercase();
            one("owner", got == *expected, expected.clone(), got)
        }
        What::Silent(expected) => {
            let said: Vec<String> = replies(&taken.events).iter().map(|reply| reply.text.plain()).collect();
            one(
                "silent",
                said.is_empty() == *expected,
                expected.to_string(),
                or_none(said.first().map(String::as_str)),
            )
        }
        What::Language(expected) => {
            let got = after.language.as_ref();
            one(
                "language",
                got == Some(expected),
                expected.to_string(),
                got.map_or("none".into(), |got| got.to_string()),
            )
        }
    }
}

fn or_none(name: Option<&str>) -> String {
    name.unwrap_or("none").to_owned()
}

fn joined(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// What the turn was about: what its messages were taken for, and topics that ended; else the topic that is open, since an
/// answer to its question belongs to it.
fn intents(taken: &Taken) -> Vec<&str> {
    let ended = taken.events.iter().filter_map(|event| match event {
        Event::FlowEnded { intent, .. } => Some(intent.as_str()),
        _ => None,
    });
    let found: Vec<_> = understood(&taken.events).map(|(intent, _)| intent).chain(ended).collect();
    let missed = taken.events.contains(&Event::Missed);
    let open = taken.after.topics.last().map(|topic| topic.intent.as_str());
    if found.is_empty() && !missed { open.into_iter().collect() } else { found }
}

fn slots(expected: &[(String, Json)], taken: &Taken) -> Vec<String> {
    let known = known(taken);
    let wrong = expected.iter().filter_map(|(name, wanted)| {
        let got = known.get(name);
        let holds = got.map_or(wanted.is_null(), |got| same(wanted, got));
        let shown = got.map_or("nothing".to_owned(), text);
        (!holds).then(|| format!("slots: expected {name} = {}, got {shown}", text(wanted)))
    });
    wrong.collect()
}

/// Slots of the topic that is open or has just ended, and values set.
fn known(taken: &Taken) -> BTreeMap<String, Json> {
    let mut tracker = taken.before.clone();
    let mut slots = taken.after.slots();
    for event in &taken.events {
        if matches!(event, Event::FlowEnded { .. }) && taken.after.topics.is_empty() {
            slots = tracker.slots();
        }
        tracker.apply(event);
    }
    let mut known = tracker.values;
    known.extend(slots.into_iter().map(|(name, slot)| (name, slot.value.to_json())));
    known
}

/// Values are equal as data or as texts: `3`, `3.0` and `"3"` are the same to an author.
fn same(wanted: &Json, got: &Json) -> bool {
    let numbers = wanted.as_f64().zip(got.as_f64()).is_some_and(|(wanted, got)| wanted == got);
    numbers || wanted == got || wildcard::matches(&text(wanted), &text(got))
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn handoff(expected: &HandoffCheck, taken: &Taken) -> Vec<String> {
    let got = taken.events.iter().find_map(|event| match event {
        Event::HandedOff(ticket) => Some(ticket.as_ref()),
        _ => None,
    });
    match (expected, got) {
        (HandoffCheck::None, None) => Vec::new(),
        (HandoffCheck::None, Some(ticket)) => {
            vec![format!("handoff: expected none, got one to {}: {}", ticket.team, ticket.reason)]
        }
        (HandoffCheck::Ticket { .. }, None) => vec!["handoff: expected one, got none".to_owned()],
        (HandoffCheck::Ticket { team, priority, reason }, Some(ticket)) => {
            let priority = priority.map(|priority| format!("{priority:?}").to_lowercase());
            ticket_differences([team.as_ref(), priority.as_ref(), reason.as_ref()], ticket)
        }
    }
}

fn ticket_differences(expected: [Option<&String>; 3], ticket: &Ticket) -> Vec<String> {
    let priority = format!("{:?}", ticket.priority).to_lowercase();
    let got = [("team", &ticket.team), ("priority", &priority), ("reason", &ticket.reason)];
    let pairs = expected.into_iter().zip(got);
    pairs
        .filter_map(|(expected, (name, got))| Some((expected?, name, got)))
        .filter(|(expected, _, got)| !wildcard::matches(expected, got))
        .map(|(expected, name, got)| format!("handoff: expected {name} {expected}, got {got}"))
        .collect()
}
