//! `/why`: what the last message was understood as, and what the bot made of it.
use anyhow::Result;
use bot_core::dialogue::Event;
use bot_runtime::desk::why;
use bot_runtime::store::{EventId, Store};

use super::talk::Chat;
use crate::paint::harmless;

/// The last turn in words.
///
/// # Errors
/// The store can't be read.
pub fn text<S: Store>(chat: &Chat<S>) -> Result<String> {
    let events = chat.events(EventId::default())?;
    if !events.iter().any(|stored| matches!(stored.event, Event::CustomerSaid { .. })) {
        return Ok("You have not written anything yet.".to_owned());
    }
    Ok(harmless(&why(&chat.engine(), &events, chat.now().time_zone())))
}
