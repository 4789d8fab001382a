//! `/why`: what the last message was understood as, and what the bot made of it.
use bot_core::dialogue::Event;

use super::{Chat, LastTurn, state};
use crate::explain::{self, Depth};

/// The last turn in words.
pub fn text(chat: &Chat) -> String {
    let Some(last) = &chat.last else { return "You have not written anything yet.".to_owned() };
    let understanding = chat.engine.understand(&last.before, &last.text, &last.now);
    let mut text = explain::text(chat.engine, &understanding, Depth::Best);
    text.push_str("\nturn");
    let steps = steps(chat, last);
    if steps.is_empty() {
        text.push_str("      nothing happened");
    }
    for step in steps {
        text.push_str("\n  ");
        text.push_str(&step);
    }
    text
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
                Event::TimerSet { at, step, .. } => format!("timer {step} set for {at}"),
                Event::HandedOff(ticket) => format!("handed off to {}: {}", ticket.team, ticket.reason),
                Event::LanguageChosen { language } => format!("language is {language}"),
                Event::Restarted => "started over".to_owned(),
                _ => return None,
            })
        })
        .collect()
}
