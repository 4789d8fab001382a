//! A turn as it is shown: as text with numbered buttons, or as one JSON object.
use std::collections::BTreeMap;
use std::io::{self, Write};

use bot_core::dialogue::{Event, MASK, Slot, Tracker};
use bot_core::handoff::Owner;
use bot_runtime::channel::Outgoing;
use serde::Serialize;
use serde_json::Value as Json;

use crate::explain::rounded;
use crate::paint::{Paint, harmless};
use crate::session::understood;

/// Writes what is said to the customer: the bot's buttons under its reply as numbered choices, an agent's answer after their
/// name. A terminal shows no files, and what stands on it can't be changed: both are told.
///
/// # Errors
/// The stream can't be written.
pub fn write_said(out: &mut dyn Write, what: &Outgoing, paint: Paint) -> io::Result<()> {
    match what {
        Outgoing::Bot { reply } => {
            writeln!(out, "{}", paint.markup(&reply.text))?;
            for (index, button) in reply.buttons.iter().enumerate() {
                writeln!(out, "  {}. {}", index + 1, harmless(&button.label))?;
            }
        }
        Outgoing::Agent { agent, text } => {
            writeln!(out, "{} {}", paint.bold(&format!("{}:", harmless(agent))), harmless(text))?;
        }
        Outgoing::Files { agent, files, text } => {
            let sent = match files.len() {
                0 | 1 => "sent a file".to_owned(),
                count => format!("sent {count} files"),
            };
            let caption = if text.is_empty() { String::new() } else { format!(": {}", harmless(text)) };
            writeln!(out, "{} {sent}{caption}", paint.bold(&harmless(agent)))?;
        }
        Outgoing::Edit { agent, text, .. } => {
            writeln!(out, "{} changed an answer: {}", paint.bold(&harmless(agent)), harmless(text))?;
        }
        Outgoing::Delete { agent, text, .. } => {
            writeln!(out, "{} took back an answer: {}", paint.bold(&harmless(agent)), harmless(text))?;
        }
    }
    out.flush()
}

/// A turn for a program.
#[derive(Serialize)]
pub struct Turn<'a> {
    replies: Vec<Said<'a>>,
    intent: Option<&'a str>,
    confidence: Option<f64>,
    slots: BTreeMap<String, Json>,
    state: Option<String>,
    owner: Owner,
}

#[derive(Serialize)]
struct Said<'a> {
    text: String,
    buttons: Vec<&'a str>,
    /// The person who said it; the bot otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a str>,
}

impl<'a> Turn<'a> {
    /// What was said, what the events say of the message, and where the conversation stands after them.
    pub fn new(said: &'a [Outgoing], events: &'a [Event], tracker: &Tracker) -> Turn<'a> {
        let last = understood(events).next_back();
        Turn {
            replies: said.iter().map(Said::new).collect(),
            intent: last.map(|(intent, _)| intent),
            confidence: last.map(|(_, confidence)| rounded(confidence)),
            slots: tracker.slots().into_iter().map(|(name, slot)| (name, shown(&slot))).collect(),
            state: tracker.state(),
            owner: tracker.owner,
        }
    }
}

impl<'a> Said<'a> {
    fn new(what: &'a Outgoing) -> Said<'a> {
        let buttons = match what {
            Outgoing::Bot { reply } => reply.buttons.iter().map(|button| button.label.as_str()).collect(),
            _ => Vec::new(),
        };
        Said { text: what.plain(), buttons, agent: what.agent() }
    }
}

fn shown(slot: &Slot) -> Json {
    if slot.sensitive { MASK.into() } else { slot.value.to_json() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_agents_do_as_lines() {
        let (agent, text) = ("Kim\u{1b}".to_owned(), "Look\u{1b}[2J".to_owned());
        let files = |count: usize| vec!["7/1".to_owned(); count];
        for (what, want) in [
            (Outgoing::Agent { agent: agent.clone(), text: text.clone() }, "Kim�: Look�[2J\n"),
            (
                Outgoing::Files { agent: agent.clone(), files: files(1), text: String::new() },
                "Kim� sent a file\n",
            ),
            (
                Outgoing::Files { agent: agent.clone(), files: files(3), text: text.clone() },
                "Kim� sent 3 files: Look�[2J\n",
            ),
            (Outgoing::Edit { agent, message: "7".to_owned(), text }, "Kim� changed an answer: Look�[2J\n"),
        ] {
            let mut out = Vec::new();
            write_said(&mut out, &what, Paint::Plain).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), want, "{what:?}");
        }
    }
}
