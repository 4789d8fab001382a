//! `copyMessage`, `copyMessages`, `forwardMessage`.
use serde_json::{Value, json};

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::message::{self as fields, Message};
use super::super::state::{Said, State};
use super::{send, text};

/// Messages in one call.
const MOST: usize = 100;

/// `copyMessage`.
pub fn copy(state: &mut State, parameters: &Parameters) -> Answer {
    let source = source(state, parameters, "message to copy not found")?;
    if !can_be_copied(&source) {
        return Err(Refusal::bad("message can't be copied"));
    }
    let chat = state.joined(parameters, "chat_id")?;
    let said = send::said(state, chat, parameters)?;
    let mut content = source.content.clone();
    if parameters.has("caption") && source.media().is_some() {
        let caption = text::caption(parameters)?;
        content.retain(|name, _| !name.starts_with("caption"));
        content.extend(fields::caption(&caption.text, caption.entities));
    }
    let copied_from = Some((source.chat, source.id));
    let sent = send::sent(state, Said { copied_from, ..said }, content)?;
    Ok(json!({"message_id": sent["message_id"]}))
}

/// `copyMessages`: those that can't be are skipped; albums stay together.
pub fn copy_all(state: &mut State, parameters: &Parameters) -> Answer {
    let from = state.reached(parameters, "from_chat_id")?.id;
    let ids = ids(parameters)?;
    let found = ids.iter().filter_map(|id| state.message(from, *id)).filter(|message| can_be_copied(message));
    let mut sources: Vec<Message> = found.cloned().collect();
    if sources.is_empty() {
        return Err(Refusal::bad("there are no messages to forward"));
    }
    if parameters.flag("remove_caption") {
        sources.iter_mut().for_each(|source| source.content.retain(|name, _| !name.starts_with("caption")));
    }
    let chat = state.joined(parameters, "chat_id")?;
    let (chat, thread) = (chat.id, state.sends_to(chat, parameters)?);
    state.paced(chat, sources.len())?;
    let number = state.number();
    let copies = sources.into_iter().map(|source| {
        let album = source.album.map(|album| format!("{album}{number}"));
        let copied_from = Some((source.chat, source.id));
        let said =
            Said { chat, thread, from: super::super::state::BOT, album, copied_from, ..Said::default() };
        json!({"message_id": state.say(Said { content: source.content, ..said })})
    });
    Ok(copies.collect())
}

/// `forwardMessage`.
pub fn forward(state: &mut State, parameters: &Parameters) -> Answer {
    let source = source(state, parameters, "message to forward not found")?;
    if source.service.is_some() {
        return Err(Refusal::bad("message can't be forwarded"));
    }
    let chat = state.joined(parameters, "chat_id")?;
    let said = send::said(state, chat, parameters)?;
    let origin = source.origin.clone().unwrap_or_else(|| origin(state, &source));
    send::sent(state, Said { origin: Some(origin), ..said }, source.content)
}

fn origin(state: &State, source: &Message) -> Value {
    match state.user(source.from) {
        Some(user) if !source.anonymous => {
            json!({"type": "user", "sender_user": user.json(), "date": source.date})
        }
        _ => {
            json!({"type": "chat", "sender_chat": state.chat(source.chat).map(|chat| chat.json()), "date": source.date})
        }
    }
}

fn source(state: &State, parameters: &Parameters, missing: &str) -> Result<Message, Refusal> {
    let from = state.reached(parameters, "from_chat_id")?.id;
    let id =
        parameters.number("message_id").ok_or_else(|| Refusal::bad("message identifier is not specified"))?;
    state.message(from, id).cloned().ok_or_else(|| Refusal::bad(missing))
}

fn can_be_copied(message: &Message) -> bool {
    message.service.is_none()
}

/// `message_ids`: 1 to 100, each greater than the one before.
pub fn ids(parameters: &Parameters) -> Result<Vec<i64>, Refusal> {
    let list = parameters.list("message_ids")?.unwrap_or_default();
    let ids: Vec<i64> = list.iter().filter_map(Value::as_i64).collect();
    match ids.len() {
        0 => Err(Refusal::bad("message identifiers are not specified")),
        count if count > MOST => Err(Refusal::bad("too many message identifiers specified")),
        _ if !ids.is_sorted_by(|a, b| a < b) => {
            Err(Refusal::bad("message identifiers must be in a strictly increasing order"))
        }
        _ => Ok(ids),
    }
}
