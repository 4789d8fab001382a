//! `/why`: what the last message was understood as, and what the bot made of it.
use bot_core::explain;

use super::{Chat, LastTurn};
use crate::paint::harmless;

/// The last turn in words.
pub fn text(chat: &Chat) -> String {
    let Some(LastTurn { text, before, events, now }) = &chat.last else {
        return "You have not written anything yet.".to_owned();
    };
    harmless(&explain::turn(chat.engine, explain::Turn { text, before, events, now }))
}
