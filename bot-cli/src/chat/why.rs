//! `/why`: what the last message was understood as, and what the bot made of it.
use anyhow::Result;
use bot_core::catalog::Catalog;
use bot_core::dialogue::{Event, Purpose, Tracker};
use bot_core::engine::Engine;
use bot_runtime::store::{EventId, Store};
use jiff::{Timestamp, Zoned};

use super::state;
use super::talk::Chat;
use crate::explain::{self, Depth};
use crate::paint::harmless;

/// The last turn, as it is found in the conversation's events.
struct LastTurn<'a> {
    text: &'a str,
    now: Zoned,
    before: Tracker,
    /// From the message on.
    events: &'a [Event],
}

/// The last turn in words.
///
/// # Errors
/// The store can't be read.
pub fn text<S: Store>(chat: &Chat<S>) -> Result<String> {
    let (events, engine) = (chat.events(EventId::default())?, chat.engine());
    let Some((index, text, at)) = last_message(&events) else {
        return Ok("You have not written anything yet.".to_owned());
    };
    let (before, events) = events.split_at(index);
    let now = at.to_zoned(chat.now().time_zone().clone());
    let last = LastTurn { text, now, before: Tracker::replay(before), events };
    let mut text = understood(&engine, &last);
    for (index, step) in steps(engine.catalog(), &last).into_iter().enumerate() {
        let title = if index == 0 { "turn" } else { "" };
        text.push_str(&format!("\n{title:<9} {step}"));
    }
    Ok(text)
}

fn last_message(events: &[Event]) -> Option<(usize, &str, Timestamp)> {
    events.iter().enumerate().rev().find_map(|(index, event)| match event {
        Event::CustomerSaid { text, at } => Some((index, text.as_str(), *at)),
        _ => None,
    })
}

/// How the message was read; an answer to the open question was not held against the intents.
fn understood(engine: &Engine, last: &LastTurn) -> String {
    let ranked = |event: &Event| matches!(event, Event::Understood { .. } | Event::Missed);
    match last.before.state().filter(|_| !last.events.iter().any(ranked)) {
        Some(question) => {
            format!("message   {}\nread as   an answer to the question {question}", harmless(last.text))
        }
        None => {
            let understanding = engine.understand(&last.before, last.text, &last.now);
            explain::text(engine, &understanding, Depth::Best)
        }
    }
}

fn steps(catalog: &Catalog, last: &LastTurn) -> Vec<String> {
    let language = catalog.language();
    last.events
        .iter()
        .filter_map(|event| {
            Some(match event {
                Event::Understood { intent, confidence } => format!("understood {intent} ({confidence:.2})"),
                Event::Missed => "not understood".to_owned(),
                Event::FlowStarted { intent, .. } => format!("started {intent}"),
                Event::FlowEnded { intent, outcome } => {
                    format!("ended {intent}: {}", format!("{outcome:?}").to_lowercase())
                }
                Event::QuestionAnswered { step } => format!("answered the question {step}"),
                Event::QuestionOpened { step } => format!("asked {step}"),
                Event::AnswerRejected { attempt } => {
                    format!("the answer could not be used (attempt {attempt})")
                }
                Event::SlotFilled { slot, value } => format!("{slot} = {}", state::shown(value, language)),
                Event::SlotCleared { slot } => format!("{slot} is open again"),
                Event::ValueSet { name, value } => format!("set {name} = {value}"),
                Event::ActionCalled { action, .. } => format!("called {action}"),
                Event::ActionFailed { reason, .. } => format!("the call failed: {reason}"),
                Event::TimerSet { at, purpose, .. } => format!("timer {} set for {at}", timer(purpose)),
                Event::HandedOff(ticket) => format!("handed off to {}: {}", ticket.team, ticket.reason),
                Event::LanguageChosen { language } => format!("language is {language}"),
                Event::Restarted => "started over".to_owned(),
                _ => return None,
            })
        })
        .collect()
}

fn timer(purpose: &Purpose) -> &str {
    match purpose {
        Purpose::Later { step, .. } => step,
        Purpose::Remind => "reminder",
        Purpose::Park => "parking",
        Purpose::Unclaimed => "unclaimed",
        Purpose::Idle => "idle agent",
        _ => "other",
    }
}
