//! A turn as it is shown: as text with numbered buttons, or as one JSON object.
use std::collections::BTreeMap;
use std::io::{self, Write};

use bot_core::dialogue::{Event, Slot, Tracker, replies};
use bot_core::explain::MASK;
use bot_core::handoff::Owner;
use bot_core::reply::Reply;
use serde::Serialize;
use serde_json::Value as Json;

use crate::explain::rounded;
use crate::paint::{Paint, harmless};
use crate::session::understood;

/// Writes what the bot says, the buttons under each reply as numbered choices.
pub fn write_replies(out: &mut dyn Write, events: &[Event], paint: Paint) -> io::Result<()> {
    for reply in replies(events) {
        writeln!(out, "{}", paint.markup(&reply.text))?;
        for (index, button) in reply.buttons.iter().enumerate() {
            writeln!(out, "  {}. {}", index + 1, harmless(&button.label))?;
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
}

impl<'a> Turn<'a> {
    /// The turn of these events, and where the conversation stands after them.
    pub fn new(events: &'a [Event], tracker: &Tracker) -> Turn<'a> {
        let last = understood(events).next_back();
        Turn {
            replies: replies(events).into_iter().map(Said::new).collect(),
            intent: last.map(|(intent, _)| intent),
            confidence: last.map(|(_, confidence)| rounded(confidence)),
            slots: tracker.slots().into_iter().map(|(name, slot)| (name, shown(&slot))).collect(),
            state: tracker.state(),
            owner: tracker.owner,
        }
    }
}

impl<'a> Said<'a> {
    fn new(reply: &'a Reply) -> Said<'a> {
        Said {
            text: reply.text.plain(),
            buttons: reply.buttons.iter().map(|button| button.label.as_str()).collect(),
        }
    }
}

fn shown(slot: &Slot) -> Json {
    if slot.sensitive { MASK.into() } else { slot.value.to_json() }
}
