//! `sendMessage`, `sendChatAction`.
use serde_json::{Map, Value, json};

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::chat::Chat;
use super::super::state::{BOT, Said, State, message as fields};
use super::{keyboard, text};

const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

/// `sendMessage`.
pub fn message(state: &mut State, parameters: &Parameters) -> Answer {
    let chat = state.joined(parameters, "chat_id")?;
    let text = text::text(parameters, "message is too long")?;
    let said = said(state, chat, parameters)?;
    sent(state, said, fields::text(&text.text, text.entities))
}

/// Where something goes, what it answers and what stands below it.
pub fn said(state: &State, chat: &Chat, parameters: &Parameters) -> Result<Said, Refusal> {
    let thread = state.sends_to(chat, parameters)?;
    let reply_to = reply(chat, parameters)?;
    let markup = keyboard::markup(parameters)?;
    Ok(Said { chat: chat.id, from: BOT, thread, reply_to, markup, ..Said::default() })
}

/// Says it, if the pace allows.
pub fn sent(state: &mut State, said: Said, content: Map<String, Value>) -> Answer {
    let chat = said.chat;
    state.paced(chat, 1)?;
    let id = state.say(Said { content, ..said });
    Ok(state.message(chat, id).map_or(Value::Null, |message| message.json(state)))
}

fn reply(chat: &Chat, parameters: &Parameters) -> Result<Option<i64>, Refusal> {
    let given = parameters.json("reply_parameters")?;
    let number = |name: &str| given.as_ref().and_then(|given| given[name].as_i64());
    let id = number("message_id").or_else(|| parameters.number("reply_to_message_id"));
    let Some(id) = id.filter(|id| *id != 0) else { return Ok(None) };
    let elsewhere = number("chat_id").is_some_and(|other| other != chat.id);
    if chat.messages.contains_key(&id) && !elsewhere {
        return Ok(Some(id));
    }
    let anyway = given.as_ref().is_some_and(|given| given["allow_sending_without_reply"] == json!(true));
    if anyway || parameters.flag("allow_sending_without_reply") {
        return Ok(None);
    }
    Err(Refusal::bad("message to be replied not found"))
}

/// `sendChatAction`.
pub fn action(state: &mut State, parameters: &Parameters) -> Answer {
    let action = parameters.text("action").unwrap_or_default();
    let chat = state.joined(parameters, "chat_id")?;
    let (id, thread) = (chat.id, state.sends_to(chat, parameters)?);
    if !ACTIONS.contains(&action.as_str()) {
        return Err(Refusal::bad("wrong parameter action in request"));
    }
    state.actions.push((id, thread, action));
    Ok(json!(true))
}
