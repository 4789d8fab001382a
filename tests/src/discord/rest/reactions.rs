//! Emojis below messages.
use super::{Route, route, unknown};
use crate::discord::answer::{Answer, Refusal, done, ok};
use crate::discord::request::Asked;
use crate::discord::state::permissions::{ADD_REACTIONS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY};
use crate::discord::state::{BOT, State, user::User};

/// A quarter of a second for each.
pub const ROUTES: &[Route] = &[
    route("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", (1, 250), add),
    route(
        "DELETE",
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
        (1, 250),
        remove,
    ),
    route("GET", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}", (5, 5000), list),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions", (1, 250), clear),
];

/// Different emojis of a message.
const MOST: usize = 20;

/// The channel and message, and that they can be touched.
fn place(state: &State, asked: &Asked) -> Result<(u64, u64), Refusal> {
    let (channel, id) = (asked.id("channel_id")?, asked.id("message_id")?);
    state.read_message(channel, id)?;
    if state.channels[&channel].is_archived() {
        return Err(Refusal::code(50083));
    }
    Ok((channel, id))
}

/// An emoji as the path names it: a character of its own, or `name:id`, of which there are none here.
fn emoji(asked: &Asked) -> Result<&str, Refusal> {
    let emoji = asked.text_of_path("emoji_name");
    let is_one =
        !emoji.is_empty() && emoji.chars().count() <= 10 && !emoji.chars().any(char::is_alphanumeric);
    if is_one && !emoji.is_ascii() { Ok(emoji) } else { Err(unknown(10014)) }
}

fn add(state: &mut State, asked: &Asked) -> Answer {
    let (channel, id) = place(state, asked)?;
    let emoji = emoji(asked)?;
    if state.channels[&channel].guild.is_some() {
        let there = state.channels[&channel].messages[&id].reactions.iter().any(|one| one.emoji == emoji);
        state.reached_with(channel, READ_MESSAGE_HISTORY | if there { 0 } else { ADD_REACTIONS })?;
    }
    if state.channels[&channel].messages[&id].reactions.len() >= MOST {
        return Err(Refusal::code(30010));
    }
    state.reacts(channel, BOT, id, emoji, true);
    done()
}

fn remove(state: &mut State, asked: &Asked) -> Answer {
    let (channel, id) = place(state, asked)?;
    state.reacts(channel, BOT, id, emoji(asked)?, false);
    done()
}

fn list(state: &mut State, asked: &Asked) -> Answer {
    let (channel, id) = (asked.id("channel_id")?, asked.id("message_id")?);
    let emoji = emoji(asked)?;
    let message = state.read_message(channel, id)?;
    let users = message.reactions.iter().filter(|one| one.emoji == emoji).flat_map(|one| &one.users);
    ok(users.filter_map(|user| state.users.get(user).map(User::json)).collect())
}

fn clear(state: &mut State, asked: &Asked) -> Answer {
    let (channel, id) = place(state, asked)?;
    state.reached_with(channel, MANAGE_MESSAGES)?;
    if let Some(message) = state.message_mut(channel, id) {
        message.reactions.clear();
    }
    done()
}
