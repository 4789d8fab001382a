//! Inline keyboards that the bot sends.
use serde_json::{Value, json};

use super::super::answer::Refusal;
use super::super::parameters::Parameters;

/// Bytes of `callback_data`.
const DATA: usize = 64;
/// Buttons below a message.
const BUTTONS: usize = 100;
/// What makes a button do something.
const DEEDS: [&str; 9] = [
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "pay",
];

/// What stands below a message: nothing, an inline keyboard, or something else that is no part of the message.
pub fn markup(parameters: &Parameters) -> Result<Option<Value>, Refusal> {
    let Some(markup) = parameters.json("reply_markup")? else { return Ok(None) };
    let fields = markup.as_object().ok_or_else(|| Refusal::bad("object expected as reply markup"))?;
    let Some(rows) = fields.get("inline_keyboard") else { return Ok(None) };
    let wrong =
        || Refusal::bad("field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays");
    let mut kept = Vec::new();
    for row in rows.as_array().ok_or_else(wrong)? {
        let keys = row.as_array().ok_or_else(wrong)?;
        keys.iter().try_for_each(button)?;
        kept.extend((!keys.is_empty()).then(|| json!(keys)));
    }
    let count: usize = kept.iter().filter_map(Value::as_array).map(Vec::len).sum();
    if count > BUTTONS {
        return Err(Refusal::bad("REPLY_MARKUP_TOO_LONG"));
    }
    Ok((count > 0).then(|| json!({"inline_keyboard": kept})))
}

fn button(key: &Value) -> Result<(), Refusal> {
    let fail = |text: &str| Refusal::bad(&format!("can't parse inline keyboard button: {text}"));
    let fields = key.as_object().ok_or_else(|| fail("InlineKeyboardButton must be an Object"))?;
    let label = fields
        .get("text")
        .and_then(Value::as_str)
        .ok_or_else(|| fail("Field \"text\" must be of type String"))?;
    if label.trim().is_empty() {
        return Err(Refusal::bad("BUTTON_TEXT_INVALID"));
    }
    if !DEEDS.iter().any(|deed| fields.contains_key(*deed)) {
        return Err(fail("Text buttons are unallowed in the inline keyboard"));
    }
    data(fields.get("callback_data"))?;
    url(fields.get("url"))
}

fn data(data: Option<&Value>) -> Result<(), Refusal> {
    let Some(data) = data else { return Ok(()) };
    let length = data.as_str().unwrap_or_default().len();
    if (1..=DATA).contains(&length) { Ok(()) } else { Err(Refusal::bad("BUTTON_DATA_INVALID")) }
}

fn url(url: Option<&Value>) -> Result<(), Refusal> {
    let Some(url) = url.and_then(Value::as_str) else { return Ok(()) };
    let known = ["http://", "https://", "tg://"].iter().any(|scheme| url.starts_with(scheme));
    if known || (!url.contains("://") && url.contains('.')) {
        return Ok(());
    }
    Err(Refusal::bad(&format!("inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")))
}
