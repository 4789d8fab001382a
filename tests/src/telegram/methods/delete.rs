//! `deleteMessage`, `deleteMessages`.
use serde_json::{Value, json};

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::{BOT, State};

/// How old a message may be to be deleted by the bot, in seconds.
const OLDEST: i64 = 48 * 60 * 60;

/// `deleteMessage`.
pub fn delete(state: &mut State, parameters: &Parameters) -> Answer {
    let chat = state.joined(parameters, "chat_id")?.id;
    let id = parameters.number("message_id").unwrap_or(0);
    if state.message(chat, id).is_none() {
        return Err(Refusal::bad("message to delete not found"));
    }
    if !may(state, chat, id) {
        return Err(Refusal::bad("message can't be deleted"));
    }
    state.deletes(chat, id);
    Ok(json!(true))
}

/// `deleteMessages`: those that can't be are skipped.
pub fn delete_all(state: &mut State, parameters: &Parameters) -> Answer {
    let chat = state.joined(parameters, "chat_id")?.id;
    for id in super::copy::ids(parameters)? {
        if may(state, chat, id) {
            state.deletes(chat, id);
        }
    }
    Ok(Value::Bool(true))
}

fn may(state: &State, chat: i64, id: i64) -> bool {
    let (Some(place), Some(message)) = (state.chat(chat), state.message(chat, id)) else { return false };
    let young = message.date + OLDEST > state.clock.date();
    let administrator = chat < 0 && state.rights_in(place).delete_messages;
    administrator || young && (chat > 0 || message.from == BOT)
}
