//! `editMessageText`, `editMessageCaption`, `editMessageReplyMarkup`.
use serde_json::{Map, Value};

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::message::{self as fields, Message};
use super::super::state::{BOT, State};
use super::{keyboard, text as texts};

const SAME: &str = "message is not modified: specified new message content and reply markup are exactly the same as a current \
    content and reply markup of the message";

/// `editMessageText`.
pub fn text(state: &mut State, parameters: &Parameters) -> Answer {
    let text = texts::text(parameters, "MESSAGE_TOO_LONG")?;
    let (content, markup) = (fields::text(&text.text, text.entities), keyboard::markup(parameters)?);
    edited(state, parameters, |message| {
        if !message.content.contains_key("text") {
            return Err(Refusal::bad("there is no text in the message to edit"));
        }
        Ok((content, markup))
    })
}

/// `editMessageCaption`.
pub fn caption(state: &mut State, parameters: &Parameters) -> Answer {
    let text = texts::caption(parameters)?;
    let (words, markup) = (fields::caption(&text.text, text.entities), keyboard::markup(parameters)?);
    edited(state, parameters, |message| {
        if !message.media().is_some_and(super::super::Media::has_caption) {
            return Err(Refusal::bad("there is no caption in the message to edit"));
        }
        let mut content = message.content.clone();
        content.retain(|name, _| !name.starts_with("caption"));
        content.extend(words);
        Ok((content, markup))
    })
}

/// `editMessageReplyMarkup`.
pub fn markup(state: &mut State, parameters: &Parameters) -> Answer {
    let markup = keyboard::markup(parameters)?;
    edited(state, parameters, |message| Ok((message.content.clone(), markup)))
}

type New = (Map<String, Value>, Option<Value>);

fn edited(
    state: &mut State,
    parameters: &Parameters,
    new: impl FnOnce(&Message) -> Result<New, Refusal>,
) -> Answer {
    let chat = state.joined(parameters, "chat_id")?.id;
    let id = parameters.number("message_id").unwrap_or(0);
    let message = state.message(chat, id).ok_or_else(|| Refusal::bad("message to edit not found"))?;
    if message.from != BOT || message.service.is_some() || message.origin.is_some() {
        return Err(Refusal::bad("message can't be edited"));
    }
    let (content, markup) = new(message)?;
    let same = content == message.content;
    if same && markup == message.markup {
        return Err(Refusal::bad(SAME));
    }
    state.paced(chat, 1)?;
    let date = state.clock.date();
    if let Some(message) = state.message_mut(chat, id) {
        (message.content, message.markup) = (content, markup);
        // New buttons alone are no edit that people see.
        message.edited = if same { message.edited } else { Some(date) };
    }
    Ok(state.message(chat, id).map_or(Value::Null, |message| message.json(state)))
}
