//! Gateway intents: their bits, and what is blanked without the one for content.
use serde_json::{Value, json};

pub const GUILDS: u64 = 1;
pub const GUILD_MEMBERS: u64 = 1 << 1;
pub const GUILD_MODERATION: u64 = 1 << 2;
pub const GUILD_EXPRESSIONS: u64 = 1 << 3;
pub const GUILD_INTEGRATIONS: u64 = 1 << 4;
pub const GUILD_WEBHOOKS: u64 = 1 << 5;
pub const GUILD_INVITES: u64 = 1 << 6;
pub const GUILD_VOICE_STATES: u64 = 1 << 7;
pub const GUILD_PRESENCES: u64 = 1 << 8;
pub const GUILD_MESSAGES: u64 = 1 << 9;
pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
pub const GUILD_MESSAGE_TYPING: u64 = 1 << 11;
pub const DIRECT_MESSAGES: u64 = 1 << 12;
pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
pub const DIRECT_MESSAGE_TYPING: u64 = 1 << 14;
pub const MESSAGE_CONTENT: u64 = 1 << 15;

/// Those that must be switched on in the developer portal.
pub const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;

/// All that there are: the above, scheduled events, moderation rules and polls.
const ALL: u64 = 0x1_ffff | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;

/// Whether there are no others among these.
pub(super) fn are_known(intents: u64) -> bool {
    intents & !ALL == 0
}

/// The data of an event as a session sees it that may not read content.
pub(super) fn blanked(name: &str, data: &Value, bot: &str) -> Value {
    let mut data = data.clone();
    if matches!(name, "MESSAGE_CREATE" | "MESSAGE_UPDATE") {
        blank(&mut data, bot);
    }
    data
}

/// Blanks a message, unless it is the bot's own or mentions the bot; the one that it replies to is a message of its own.
fn blank(message: &mut Value, bot: &str) {
    if let Some(referenced) = message.get_mut("referenced_message").filter(|message| message.is_object()) {
        blank(referenced, bot);
    }
    if is_of(&message["author"], bot) || mentions(message, bot) {
        return;
    }
    let nothing = [
        ("content", json!("")),
        ("embeds", json!([])),
        ("attachments", json!([])),
        ("components", json!([])),
    ];
    for (field, nothing) in nothing {
        if let Some(there) = message.get_mut(field) {
            *there = nothing;
        }
    }
    message.as_object_mut().and_then(|message| message.remove("poll"));
}

fn mentions(message: &Value, bot: &str) -> bool {
    message["mentions"].as_array().is_some_and(|users| users.iter().any(|user| is_of(user, bot)))
}

fn is_of(user: &Value, bot: &str) -> bool {
    user["id"].as_str() == Some(bot)
}
