//! `/why`: what the last message was understood as, and what the bot made of it.
use bot_core::dialogue::{Event, Purpose};

use super::{Chat, LastTurn, state};
use crate::explain::{self, Depth};
use crate::paint::harmless;

/// The last turn in words.
pub fn text(chat: &Chat) -> String {
    let Some(last) = &chat.last else { return "You have not written anything yet.".to_owned() };
    let mut text = understood(chat, last);
    for (index, step) in steps(chat, last).into_iter().enumerate() {
        let title = if index == 0 { "turn" } else { "" };
        text.push_str(&format!("\n{title:<9} {step}"));
    }
    text
}

/// How the message was read; an answer to the open question was not held against the intents.
fn understood(chat: &Chat, last: &LastTurn) -> String {
    let ranked = |event: &Event| matches!(event, Event::Understood { .. } | Event::Missed);
    match last.before.state().filter(|_| !last.events.iter().any(ranked)) {
        Some(question) => {
            format!("message   {}\nread as   an answer to the question {question}", harmless(&last.text))
        }
        None => {
            let understanding = chat.engine.understand(&last.before, &last.text, &last.now);
            explain::text(chat.engine, &understanding, Depth::Best)
        }
    }
}

fn steps(chat: &Chat, last: &LastTurn) -> Vec<String> {
    let language = chat.engine.catalog().language();
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
