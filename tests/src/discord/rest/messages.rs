//! Messages: sent, fetched, changed, deleted.
use std::time::Duration;

use serde_json::Value;

use super::draft::Draft;
use super::{Route, route};
use crate::discord::answer::{Answer, Form, Refusal, done, ok};
use crate::discord::request::{Asked, id_of};
use crate::discord::state::message::{LOADING, Message, PLAIN, REPLY};
use crate::discord::state::permissions::{ATTACH_FILES, EMBED_LINKS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY};
use crate::discord::state::{BOT, State};

pub const ROUTES: &[Route] = &[
    route("GET", "/channels/{channel_id}/messages", (5, 5000), list),
    route("POST", "/channels/{channel_id}/messages", (5, 5000), create),
    route("GET", "/channels/{channel_id}/messages/{message_id}", (5, 5000), get),
    route("PATCH", "/channels/{channel_id}/messages/{message_id}", (5, 5000), edit),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}", (5, 1000), delete),
    route("POST", "/channels/{channel_id}/messages/bulk-delete", (1, 1000), delete_all),
];

/// How long a nonce is remembered.
const REMEMBERED: Duration = Duration::from_secs(5 * 60);

fn create(state: &mut State, asked: &Asked) -> Answer {
    let id = asked.id("channel_id")?;
    state.writable(id, 0)?;
    if let Some(first) = first_of_nonce(state, asked) {
        return ok(first);
    }
    let draft = Draft::of(asked, false)?;
    allowed(state, id, &draft)?;
    let reference = reference(state, asked, id)?;
    if draft.is_empty() {
        return Err(Refusal::code(50006));
    }
    let replied = reference.and_then(|(channel, id)| Some(state.message(channel, id)?.author));
    let pinged = state.pinged((BOT, id), &draft.content, &draft.allowed, replied);
    let mut message = draft.message(state, id);
    message.pinged = pinged;
    message.kind = if reference.is_some() { REPLY } else { PLAIN };
    (message.reference, message.nonce) = (reference, nonce(asked)?);
    let made = state.say(message);
    ok(state.message_json(&state.channels[&id].messages[&made]))
}

/// The message that was made with the same nonce a short while ago, where the bot asks for that.
fn first_of_nonce(state: &State, asked: &Asked) -> Option<Value> {
    let (at, channel, id) = state.nonces.get(asked.field("nonce").as_str()?)?;
    let holds = asked.field("enforce_nonce") == true && *at + REMEMBERED > state.clock.now();
    let first = state.message(*channel, *id).filter(|_| holds)?;
    Some(state.message_json(first))
}

fn nonce(asked: &Asked) -> Result<Option<Value>, Refusal> {
    match asked.field("nonce") {
        Value::Null => Ok(None),
        nonce @ Value::Number(number) if number.is_i64() || number.is_u64() => Ok(Some(nonce.clone())),
        Value::String(text) if text.chars().count() <= 25 => Ok(Some(Value::String(text.clone()))),
        _ => Err(Refusal::field("nonce", "NONCE_TYPE_INVALID_LENGTH", "Must be 25 or fewer in length.")),
    }
}

/// Files and embeds need permissions of their own.
pub fn allowed(state: &State, channel: u64, draft: &Draft) -> Result<(), Refusal> {
    let files = if draft.files.is_empty() { 0 } else { ATTACH_FILES };
    let embeds = if draft.embeds.is_empty() { 0 } else { EMBED_LINKS };
    state.reached_with(channel, files | embeds).map(|_| ())
}

fn reference(state: &State, asked: &Asked, channel: u64) -> Result<Option<(u64, u64)>, Refusal> {
    let reference = asked.field("message_reference");
    let Some(id) = reference.get("message_id").and_then(id_of) else { return Ok(None) };
    let wrong = |code: &str, text: &str| Err(Refusal::field("message_reference", code, text));
    if reference.get("channel_id").and_then(id_of).is_some_and(|of| of != channel) {
        return wrong(
            "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL",
            "Cannot reply to a message in a different channel",
        );
    }
    if state.reached(channel)?.guild.is_some() && !state.may(BOT, channel, READ_MESSAGE_HISTORY) {
        return Err(Refusal::code(160_002));
    }
    match state.message(channel, id).filter(|message| message.only_for.is_none()) {
        Some(message) if message.is_system() => {
            wrong("REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")
        }
        Some(_) => Ok(Some((channel, id))),
        None if reference["fail_if_not_exists"] == false => Ok(None),
        None => wrong("MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"),
    }
}

/// How many at most, by `limit` of the query.
pub fn limit(asked: &Asked, usual: usize, most: usize) -> Result<usize, Refusal> {
    let Some(text) = asked.query.get("limit").and_then(Value::as_str) else { return Ok(usual) };
    match text.parse::<usize>() {
        Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
        Ok(0) => {
            Err(Refusal::field("limit", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1."))
        }
        Ok(_) => {
            let text = format!("int value should be less than or equal to {most}.");
            Err(Refusal::field("limit", "NUMBER_TYPE_MAX", &text))
        }
        Err(_) => {
            let text = format!("Value \"{text}\" is not int.");
            Err(Refusal::field("limit", "NUMBER_TYPE_COERCE", &text))
        }
    }
}

/// The newest first.
fn list(state: &mut State, asked: &Asked) -> Answer {
    let channel = state.reached(asked.id("channel_id")?)?;
    let most = limit(asked, 50, 100)?;
    let (before, after) = (asked.id_of_query("before")?, asked.id_of_query("after")?);
    let around = asked.id_of_query("around")?;
    let readable = channel.guild.is_none() || state.may(BOT, channel.id, READ_MESSAGE_HISTORY);
    let all = channel.messages.values().filter(|message| readable && message.only_for.is_none());
    let all: Vec<&Message> = all.collect();
    let chosen: Vec<&Message> = match (around, before, after) {
        (Some(around), ..) => {
            let at = all.partition_point(|message| message.id < around);
            let from = at.saturating_sub(most / 2);
            all[from..all.len().min(from + most)].to_vec()
        }
        (_, Some(before), _) => {
            let older: Vec<_> = all.into_iter().filter(|message| message.id < before).collect();
            older[older.len().saturating_sub(most)..].to_vec()
        }
        (_, _, Some(after)) => all.into_iter().filter(|message| message.id > after).take(most).collect(),
        _ => all[all.len().saturating_sub(most)..].to_vec(),
    };
    ok(chosen.into_iter().rev().map(|message| state.message_json(message)).collect())
}

fn get(state: &mut State, asked: &Asked) -> Answer {
    let (channel, id) = (asked.id("channel_id")?, asked.id("message_id")?);
    if state.reached(channel)?.guild.is_some() {
        state.reached_with(channel, READ_MESSAGE_HISTORY)?;
    }
    ok(state.message_json(state.read_message(channel, id)?))
}

fn edit(state: &mut State, asked: &Asked) -> Answer {
    let (channel, id) = (asked.id("channel_id")?, asked.id("message_id")?);
    let message = state.read_message(channel, id)?;
    if message.author != BOT {
        return Err(Refusal::code(50005));
    }
    if message.is_system() {
        return Err(Refusal::code(50021));
    }
    if state.channels[&channel].is_archived() {
        return Err(Refusal::code(50083));
    }
    let draft = Draft::of(asked, false)?;
    allowed(state, channel, &draft)?;
    change(state, (channel, id), draft, asked)?;
    ok(state.message_json(&state.channels[&channel].messages[&id]))
}

/// Changes what the body names; all else stays.
pub fn change(
    state: &mut State,
    (channel, id): (u64, u64),
    draft: Draft,
    asked: &Asked,
) -> Result<(), Refusal> {
    let old = state.message(channel, id).ok_or_else(|| Refusal::code(10008))?;
    let mut new = old.clone();
    draft.apply(state, &mut new, asked);
    if new.content.is_empty()
        && new.embeds.is_empty()
        && new.attachments.is_empty()
        && new.components.is_empty()
    {
        return Err(Refusal::code(50006));
    }
    new.pinged = state.pinged((BOT, channel), &new.content, &draft.allowed, None);
    new.flags &= !LOADING;
    state.edit(channel, id, |message| *message = new);
    Ok(())
}

fn delete(state: &mut State, asked: &Asked) -> Answer {
    let (channel, id) = (asked.id("channel_id")?, asked.id("message_id")?);
    let message = state.read_message(channel, id)?;
    if message.author != BOT {
        if state.channels[&channel].guild.is_none() {
            return Err(Refusal::code(50003));
        }
        state.reached_with(channel, MANAGE_MESSAGES)?;
    }
    if state.channels[&channel].is_archived() {
        return Err(Refusal::code(50083));
    }
    state.delete(channel, id);
    done()
}

fn delete_all(state: &mut State, asked: &Asked) -> Answer {
    let channel = asked.id("channel_id")?;
    if state.reached(channel)?.guild.is_none() {
        return Err(Refusal::code(50003));
    }
    state.reached_with(channel, MANAGE_MESSAGES)?;
    let ids: Vec<u64> = asked.field("messages").as_array().into_iter().flatten().filter_map(id_of).collect();
    let mut form = Form::default();
    if !(2..=100).contains(&ids.len()) {
        form.bad_length("messages", 2, 100);
    }
    form.check()?;
    ids.iter().for_each(|id| state.delete(channel, *id));
    done()
}
