//! `setMessageReaction`.
use serde_json::{Value, json};

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::State;

/// Emoji that can be reactions, as the documentation lists them.
const EMOJI: &str = "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 \
    👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡";

/// `setMessageReaction`: a bot has one at a message, or none.
pub fn set(state: &mut State, parameters: &Parameters) -> Answer {
    let chat = state.joined(parameters, "chat_id")?.id;
    let wanted = parameters.list("reaction")?.unwrap_or_default();
    if wanted.len() > 1 {
        return Err(Refusal::bad("REACTIONS_TOO_MANY"));
    }
    let emoji = wanted.first().map(emoji).transpose()?;
    let id = parameters.number("message_id").unwrap_or(0);
    let message = state.message_mut(chat, id).ok_or_else(|| Refusal::bad("message to react not found"))?;
    message.reaction = emoji;
    Ok(json!(true))
}

fn emoji(reaction: &Value) -> Result<String, Refusal> {
    let emoji = reaction["emoji"].as_str().unwrap_or_default();
    // The heart is often written with the selector of its colour.
    let plain = emoji.trim_end_matches('\u{fe0f}');
    if reaction["type"] != json!("emoji") || !EMOJI.split_whitespace().any(|known| known == plain) {
        return Err(Refusal::bad("REACTION_INVALID"));
    }
    Ok(plain.to_owned())
}
