//! What an update means: pure, from JSON to an arrival.
//!
//! What it is not: teloxide's types of updates. Those make a message without content of one with an entity of a kind that is newer
//! than they are, so a customer's words would be lost. Here only what is needed is read, and nothing else can fail.
use bot_core::dialogue::{AttachmentKind, Customer, Input};
use bot_core::text::Language;
use bot_runtime::channel::{Address, Body, Inbound, Message};
use jiff::Timestamp;
use serde_json::Value as Json;

/// The channel's name.
pub const NAME: &str = "telegram";

/// What stands before a button's id in its data.
pub const BUTTON: &str = "b:";

/// Who the bot is.
#[derive(Clone, Debug, Default)]
pub struct Me {
    pub id: i64,
    pub username: String,
}

/// What an update is at the customers' side.
#[derive(Debug, PartialEq)]
pub enum Meaning {
    /// Somebody has written to the bot.
    Arrival(Box<Inbound>),
    /// It is none of the bot's business.
    Nothing,
    /// It can't be understood: kept as it is.
    Unread,
}

/// What a message that is no text has, the more telling names first: an animation is a document, too.
const ATTACHMENTS: [(&str, AttachmentKind); 17] = [
    ("photo", AttachmentKind::Picture),
    ("animation", AttachmentKind::Video),
    ("video", AttachmentKind::Video),
    ("video_note", AttachmentKind::Video),
    ("voice", AttachmentKind::Voice),
    ("audio", AttachmentKind::Voice),
    ("sticker", AttachmentKind::Sticker),
    ("document", AttachmentKind::Document),
    ("venue", AttachmentKind::Location),
    ("location", AttachmentKind::Location),
    ("contact", AttachmentKind::Other),
    ("dice", AttachmentKind::Other),
    ("poll", AttachmentKind::Other),
    ("story", AttachmentKind::Other),
    ("game", AttachmentKind::Other),
    ("checklist", AttachmentKind::Other),
    ("paid_media", AttachmentKind::Other),
];

/// What Telegram tells by itself, and updates that are nobody's words to the bot.
const SILENT: [&str; 9] = [
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "connected_website",
    "proximity_alert_triggered",
    "my_chat_member",
    "channel_post",
    "edited_channel_post",
];

/// What it means at the customers' side. `now` is when it came: presses carry no time.
pub fn meaning(update: &Json, me: &Me, now: Timestamp) -> Meaning {
    if is_silent(update) { Meaning::Nothing } else { read(update, me, now).unwrap_or(Meaning::Unread) }
}

fn read(update: &Json, me: &Me, now: Timestamp) -> Option<Meaning> {
    let (subject, press) = (subject(update), &update["callback_query"]);
    let from = if press.is_object() { &press["from"] } else { &subject["from"] };
    let (chat, user) = (subject["chat"]["id"].as_i64()?, from["id"].as_i64());
    let is_private = subject["chat"]["type"] == "private";
    let body = if press.is_object() {
        pressed(press)
    } else {
        let (words, named) = words(subject, me);
        let is_person =
            from["is_bot"] == false && subject["sender_chat"].is_null() && subject["via_bot"].is_null();
        let is_addressed = is_private || named || subject["reply_to_message"]["from"]["id"] == me.id;
        if !is_person || !is_addressed || is_silent(subject) {
            return Some(Meaning::Nothing);
        }
        if update["message"].is_object() { Some(said(subject, words)?) } else { changed(subject, words) }
    };
    let Some(body) = body else { return Some(Meaning::Nothing) };
    let peer = if is_private { chat.to_string() } else { format!("{chat}:{}", user?) };
    Some(Meaning::Arrival(Box::new(Inbound {
        address: Address { channel: NAME.to_owned(), peer },
        key: key(update)?,
        at: time(subject).filter(|_| press.is_null()).unwrap_or(now),
        customer: Some(customer(from)),
        body,
    })))
}

/// What identifies an update; `None`: it is none.
pub fn key(update: &Json) -> Option<String> {
    update["update_id"].as_i64().map(|id| format!("u{id}"))
}

/// The message, or else what is about a chat.
pub fn subject(update: &Json) -> &Json {
    let pressed = &update["callback_query"]["message"];
    let all = [&update["message"], &update["edited_message"], pressed, &update["my_chat_member"]];
    all.into_iter().find(|subject| subject.is_object()).unwrap_or(&Json::Null)
}

fn is_silent(json: &Json) -> bool {
    SILENT.iter().any(|name| json.get(name).is_some())
}

/// The id is looked up in the conversation of this chat and person: a forged or an old one finds nothing there.
fn pressed(press: &Json) -> Option<Body> {
    let id = press["data"].as_str()?.strip_prefix(BUTTON)?.to_owned();
    Some(Body::Input { input: Input::Press { id }, message: None })
}

fn said(message: &Json, words: String) -> Option<Body> {
    let input = match attachment(message) {
        _ if message["text"].is_string() => Input::text(words),
        Some(kind) => Input::Attachment {
            kind,
            caption: Some(words).filter(|caption| !caption.is_empty()),
            files: vec![file(message)],
            album: album(message),
        },
        None => return None,
    };
    let message = Message { id: id(message)?, desk: None, quotes: replies_to(message) };
    Some(Body::Input { input, message: Some(message) })
}

/// A location that moves on, or a button that is gone, changes no words.
fn changed(message: &Json, text: String) -> Option<Body> {
    let has_words = message["text"].is_string() || message["caption"].is_string();
    id(message).filter(|_| has_words).map(|message| Body::Edit { message, text })
}

/// A message's id.
pub fn id(message: &Json) -> Option<String> {
    message["message_id"].as_i64().map(|id| id.to_string())
}

/// When it was written, or changed.
pub fn time(message: &Json) -> Option<Timestamp> {
    let seconds = message["edit_date"].as_i64().or(message["date"].as_i64())?;
    Timestamp::from_second(seconds).ok()
}

/// What it is, if it is no text.
pub fn attachment(message: &Json) -> Option<AttachmentKind> {
    ATTACHMENTS.iter().find(|(name, _)| message.get(name).is_some()).map(|(_, kind)| *kind)
}

/// The name by which it can be copied, and behind it the one by which it can be fetched, if it is a file.
pub fn file(message: &Json) -> String {
    let copied = format!("{}/{}", message["chat"]["id"], message["message_id"]);
    match fetched(message) {
        Some(file) => format!("{copied}/{file}"),
        None => copied,
    }
}

/// Of a picture's sizes the last is the largest.
fn fetched(message: &Json) -> Option<&str> {
    let found = ATTACHMENTS.iter().find_map(|(name, _)| message.get(name))?;
    let found = found.as_array().map_or(Some(found), |sizes| sizes.last())?;
    found["file_id"].as_str()
}

/// The album that it is a part of.
pub fn album(message: &Json) -> Option<String> {
    message["media_group_id"].as_str().map(str::to_owned)
}

/// The message that it replies to. In a topic every message replies to the one that has made the topic.
pub fn replies_to(message: &Json) -> Option<String> {
    let replied = &message["reply_to_message"];
    id(replied).filter(|_| replied.get("forum_topic_created").is_none())
}

/// First and last name.
pub fn name(user: &Json) -> String {
    let names = [&user["first_name"], &user["last_name"]];
    let names: Vec<_> = names.into_iter().filter_map(Json::as_str).collect();
    names.join(" ").trim().to_owned()
}

fn customer(from: &Json) -> Customer {
    Customer {
        name: Some(name(from)).filter(|name| !name.is_empty()),
        language: from["language_code"].as_str().and_then(Language::parse),
        channel: Some(NAME.to_owned()),
        verified: false,
    }
}

/// Text or caption without the bot's name (`/help@shop_bot`, `@shop_bot, where …`), and whether that was there.
pub fn words(message: &Json, me: &Me) -> (String, bool) {
    let text = message["text"].as_str().or(message["caption"].as_str()).unwrap_or_default();
    let name = format!("@{}", me.username.to_ascii_lowercase());
    let lower = text.to_ascii_lowercase();
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_command = |at: usize| text.starts_with('/') && !text[..at].contains(char::is_whitespace);
    let stands = |at: &usize| {
        let ends = !text[at + name.len()..].starts_with(is_part);
        ends && name.len() > 1 && (is_command(*at) || !text[..*at].ends_with(is_part))
    };
    let Some(at) = lower.match_indices(&name).map(|(at, _)| at).find(stands) else {
        return (text.to_owned(), false);
    };
    let (before, after) = (&text[..at], &text[at + name.len()..]);
    let is_spaced = before.is_empty() || before.ends_with(char::is_whitespace);
    let after = if is_spaced { after.trim_start_matches([' ', ',', ':', '\n']) } else { after };
    (format!("{before}{after}").trim_end().to_owned(), true)
}

#[cfg(test)]
pub mod tests;
