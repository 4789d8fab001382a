//! `/why`: what the last message was understood as, and what the bot made of it.
use anyhow::Result;
use bot_core::dialogue::{Event, Tracker};
use bot_core::explain;
use bot_runtime::store::{EventId, Store};
use jiff::Timestamp;

use super::talk::Chat;
use crate::paint::harmless;

/// The last turn in words.
///
/// # Errors
/// The store can't be read.
pub fn text<S: Store>(chat: &Chat<S>) -> Result<String> {
    let events = chat.events(EventId::default())?;
    let Some((index, text, at)) = last_message(&events) else {
        return Ok("You have not written anything yet.".to_owned());
    };
    let (before, events) = events.split_at(index);
    let (before, now) = (Tracker::replay(before), at.to_zoned(chat.now().time_zone().clone()));
    let turn = explain::Turn { text, before: &before, events, now: &now };
    Ok(harmless(&explain::turn(&chat.engine(), turn)))
}

fn last_message(events: &[Event]) -> Option<(usize, &str, Timestamp)> {
    events.iter().enumerate().rev().find_map(|(index, event)| match event {
        Event::CustomerSaid { text, at } => Some((index, text.as_str(), *at)),
        _ => None,
    })
}
