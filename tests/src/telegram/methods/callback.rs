//! `answerCallbackQuery`.
use serde_json::json;

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::{Pressed, State};

/// Characters of what is shown.
const TEXT: usize = 200;

/// `answerCallbackQuery`.
pub fn answer(state: &mut State, parameters: &Parameters) -> Answer {
    let id = parameters.text("callback_query_id").unwrap_or_default();
    let text = parameters.text("text");
    if text.as_ref().is_some_and(|text| text.chars().count() > TEXT) {
        return Err(Refusal::bad("MESSAGE_TOO_LONG"));
    }
    if !state.answers(&id, Pressed { text, alert: parameters.flag("show_alert") }) {
        return Err(Refusal::bad("query is too old and response timeout expired or query ID is invalid"));
    }
    Ok(json!(true))
}
