//! `setMyCommands`, `getMyCommands`, `deleteMyCommands`.
use serde_json::{Value, json};

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::State;

/// Commands of one scope and language.
const MOST: usize = 100;
const SCOPES: [&str; 7] = [
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
];

/// `setMyCommands`. None are the same as deleting them.
pub fn set(state: &mut State, parameters: &Parameters) -> Answer {
    let place = place(state, parameters)?;
    let list = parameters.list("commands")?.ok_or_else(|| Refusal::bad("expected an Array of BotCommand"))?;
    if list.len() > MOST {
        return Err(Refusal::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    let commands = list.iter().map(command).collect::<Result<Vec<Value>, Refusal>>()?;
    if commands.is_empty() {
        state.commands.remove(&place);
    } else {
        state.commands.insert(place, json!(commands));
    }
    Ok(json!(true))
}

/// `getMyCommands`.
pub fn get(state: &mut State, parameters: &Parameters) -> Answer {
    let place = place(state, parameters)?;
    Ok(state.commands.get(&place).cloned().unwrap_or_else(|| json!([])))
}

/// `deleteMyCommands`.
pub fn delete(state: &mut State, parameters: &Parameters) -> Answer {
    let place = place(state, parameters)?;
    state.commands.remove(&place);
    Ok(json!(true))
}

/// The slash before a name may be there, and goes.
fn command(command: &Value) -> Result<Value, Refusal> {
    let text = |name: &str| command[name].as_str().unwrap_or_default().trim();
    let (name, description) = (text("command").trim_start_matches('/'), text("description"));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !(1..=32).contains(&name.len()) || !name.chars().all(plain) {
        return Err(Refusal::bad("BOT_COMMAND_INVALID"));
    }
    if !(1..=256).contains(&description.chars().count()) {
        return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
    }
    Ok(json!({"command": name, "description": description}))
}

/// The scope and the language.
fn place(state: &State, parameters: &Parameters) -> Result<(String, String), Refusal> {
    let scope = parameters.json("scope")?.unwrap_or_else(|| json!({"type": "default"}));
    let fields = scope.as_object().ok_or_else(|| Refusal::bad("BotCommandScope must be an Object"))?;
    let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
    if !SCOPES.contains(&kind) {
        return Err(Refusal::bad("can't parse BotCommandScope: unsupported type specified"));
    }
    if let Some(chat) = fields.get("chat_id") {
        let known =
            chat.as_i64().or_else(|| chat.as_str()?.parse().ok()).is_some_and(|id| state.chat(id).is_some());
        known.then_some(()).ok_or_else(|| Refusal::bad("chat not found"))?;
    }
    let language = parameters.text("language_code").unwrap_or_default();
    let two = language.len() == 2 && language.chars().all(|c| c.is_ascii_lowercase());
    if !language.is_empty() && !two {
        return Err(Refusal::bad("invalid language code specified"));
    }
    Ok((scope.to_string(), language))
}
