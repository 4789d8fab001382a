//! What an event means: pure, from JSON to an arrival.
//!
//! What it is not: a library's types of events. Those refuse the whole of a message for one field that is newer than they are.
//! Here only what is needed is read, and nothing else can fail.
use bot_core::dialogue::{AttachmentKind, Customer, Input};
use bot_core::text::Language;
use bot_runtime::channel::{Address, Body, Inbound, Message};
use jiff::Timestamp;
use serde_json::{Value as Json, json};

/// The channel's name.
pub const NAME: &str = "discord";

/// What stands before a button's id in its data.
pub const BUTTON: &str = "b:";

/// Who the bot is.
#[derive(Clone, Debug, Default)]
pub struct Me {
    /// The bot's id as a person.
    pub id: String,
    /// Its application's.
    pub application: String,
    /// Whether it is given what people write on servers.
    pub reads: bool,
}

/// Where something was said, as far as customers are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// Between one person and the bot, or in a channel: `CHANNEL`, `CHANNEL:USER`.
    Open,
    /// In a channel for support, which leads to a private thread: `CHANNEL/USER`.
    Support {
        /// That channel.
        channel: String,
        /// The customer whose thread it was said in; `None`: in the channel itself.
        user: Option<String>,
    },
}

/// What an event is at the customers' side.
#[derive(Debug, PartialEq)]
pub enum Meaning {
    /// Somebody has written to the bot.
    Arrival(Box<Inbound>),
    /// It is none of the bot's business.
    Nothing,
    /// It can't be understood: kept as it is.
    Unread,
}

/// The kinds of messages that are words: plain ones, and replies.
const WORDS: [u64; 2] = [0, 19];

/// A message that forwards another one.
const FORWARD: u64 = 1;

/// What it means at the customers' side. `now` is when it came: presses carry no time.
pub fn meaning(name: &str, data: &Json, at: &Where, me: &Me, now: Timestamp) -> Meaning {
    let Some(channel) = data["channel_id"].as_str() else { return Meaning::Unread };
    let user = user(data)["id"].as_str();
    if matches!(at, Where::Support { user: Some(owner), .. } if user.is_some_and(|user| user != owner)) {
        return Meaning::Nothing;
    }
    let read = match name {
        "MESSAGE_CREATE" => said(data, at, me),
        "MESSAGE_UPDATE" => changed(data, at, me),
        "MESSAGE_DELETE" => deleted(data, at),
        _ => done(data),
    };
    let body = match read {
        Some(Ok(body)) => body,
        Some(Err(Silent)) => return Meaning::Nothing,
        None => return Meaning::Unread,
    };
    let (Some(peer), Some(key)) = (peer(data, channel, user, at), key(name, data)) else {
        return Meaning::Unread;
    };
    Meaning::Arrival(Box::new(Inbound {
        address: Address { channel: NAME.to_owned(), peer },
        key,
        at: time(name, data).unwrap_or(now),
        customer: user.map(|_| customer(data)),
        body,
    }))
}

/// Nobody's words to the bot.
struct Silent;

type Read = Option<Result<Body, Silent>>;

fn peer(data: &Json, channel: &str, user: Option<&str>, at: &Where) -> Option<String> {
    match at {
        Where::Support { channel, user: Some(owner) } => Some(format!("{channel}/{owner}")),
        Where::Support { channel, user: None } => Some(format!("{channel}/{}", user?)),
        Where::Open if is_direct(data) => Some(channel.to_owned()),
        Where::Open => Some(format!("{channel}:{}", user?)),
    }
}

/// Whether it was said between one person and the bot.
pub fn is_direct(data: &Json) -> bool {
    data["guild_id"].is_null()
}

/// What identifies an event; `None`: it is none that counts.
pub fn key(name: &str, data: &Json) -> Option<String> {
    let id = data["id"].as_str()?;
    match name {
        "MESSAGE_CREATE" => Some(format!("m{id}")),
        "MESSAGE_UPDATE" => Some(format!("e{id}/{}", data["edited_timestamp"].as_str()?)),
        "MESSAGE_DELETE" => Some(format!("d{id}")),
        "INTERACTION_CREATE" => Some(format!("i{id}")),
        "THREAD_CREATE" => Some(format!("t{id}")),
        _ => None,
    }
}

/// Who has done it.
pub fn user(data: &Json) -> &Json {
    let all = [&data["author"], &data["member"]["user"], &data["user"]];
    all.into_iter().find(|user| user.is_object()).unwrap_or(&Json::Null)
}

/// Whether a person has written it, and not a program or Discord itself.
pub fn is_person(message: &Json) -> bool {
    let is_silent = message["author"]["bot"] == true || message["author"]["system"] == true;
    !is_silent && message["webhook_id"].is_null()
}

/// Whether it is words, and not what Discord tells by itself.
pub fn is_words(message: &Json) -> bool {
    message["type"].as_u64().is_none_or(|kind| WORDS.contains(&kind))
}

/// Whether another one's message was forwarded.
pub fn is_forward(message: &Json) -> bool {
    message["message_reference"]["type"] == FORWARD
}

fn said(message: &Json, at: &Where, me: &Me) -> Read {
    let is_known = message["id"].is_string() && message["author"]["id"].is_string();
    if !is_known {
        return None;
    }
    let (words, is_named) = words(message, me);
    let is_reply = message["referenced_message"]["author"]["id"] == me.id.as_str();
    let is_addressed = is_direct(message) || *at != Where::Open || is_named || is_reply;
    if !is_person(message) || !is_words(message) || !is_addressed {
        return Some(Err(Silent));
    }
    let (kind, files) = attachments(message);
    let input = match kind {
        Some(kind) => {
            let caption = Some(words).filter(|caption| !caption.is_empty());
            Input::Attachment { kind, caption, files, album: None }
        }
        // On a server, what people write may not come.
        None if words.is_empty() && !is_named && !is_direct(message) => return Some(Err(Silent)),
        None => Input::text(words),
    };
    let quotes = replies_to(message);
    let message = Message { id: message["id"].as_str()?.to_owned(), desk: None, quotes };
    Some(Ok(Body::Input { input, message: Some(message) }))
}

/// A link's preview changes no words, and comes as a change, too.
fn changed(message: &Json, at: &Where, me: &Me) -> Read {
    let is_whole = message["author"].is_object() && message["content"].is_string();
    if !is_whole || message["edited_timestamp"].is_null() || !is_person(message) || !is_words(message) {
        return Some(Err(Silent));
    }
    let (text, is_named) = words(message, me);
    let is_addressed = is_direct(message) || *at != Where::Open || is_named;
    if !is_addressed {
        return Some(Err(Silent));
    }
    Some(Ok(Body::Edit { message: message["id"].as_str()?.to_owned(), text }))
}

/// In an open channel nobody says whose message it was.
fn deleted(data: &Json, at: &Where) -> Read {
    let is_known = is_direct(data) || matches!(at, Where::Support { user: Some(_), .. });
    if !is_known {
        return Some(Err(Silent));
    }
    Some(Ok(Body::Delete { message: data["id"].as_str()?.to_owned() }))
}

/// A button, a choice, a command.
fn done(data: &Json) -> Read {
    let input = match data["type"].as_u64()? {
        2 => Input::text(command(data)?),
        3 => Input::Press { id: pressed(data)?.strip_prefix(BUTTON)?.to_owned() },
        _ => return Some(Err(Silent)),
    };
    Some(Ok(Body::Input { input, message: None }))
}

/// The data of what was pressed or chosen.
pub fn pressed(data: &Json) -> Option<&str> {
    data["data"]["values"][0].as_str().or(data["data"]["custom_id"].as_str())
}

/// A command as it would be typed: its name, and what was filled in.
pub fn command(data: &Json) -> Option<String> {
    let mut text = format!("/{}", data["data"]["name"].as_str()?);
    for option in data["data"]["options"].as_array().into_iter().flatten() {
        let value = &option["value"];
        text += &format!(" {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    Some(text)
}

/// What an interaction that is no command is answered with at once.
pub fn acknowledgement(data: &Json) -> Option<Json> {
    match data["type"].as_u64()? {
        3 | 5 => Some(json!({ "type": 6 })),
        4 => Some(json!({ "type": 8, "data": { "choices": [] } })),
        _ => None,
    }
}

/// The message that it replies to. A forwarded one is none.
pub fn replies_to(message: &Json) -> Option<String> {
    let id = message["message_reference"]["message_id"].as_str();
    id.filter(|_| !is_forward(message)).map(str::to_owned)
}

/// What is shown with a message: the kind of the first, and the names by which all can be fetched.
pub fn attachments(message: &Json) -> (Option<AttachmentKind>, Vec<String>) {
    let (channel, id) = (text(&message["channel_id"]), text(&message["id"]));
    let mut kinds = Vec::new();
    let mut files = Vec::new();
    for (file, kind) in pieces(message).into_iter().flat_map(shown) {
        kinds.push(kind);
        files.push(format!("{channel}/{id}/{}", text(&file["id"])));
    }
    let others = ["poll", "activity"].iter().any(|other| message[other].is_object());
    (kinds.first().copied().or(others.then_some(AttachmentKind::Other)), files)
}

/// The message, and what it forwards.
pub fn pieces(message: &Json) -> Vec<&Json> {
    let forwarded = message["message_snapshots"].as_array().into_iter().flatten();
    std::iter::once(message).chain(forwarded.map(|snapshot| &snapshot["message"])).collect()
}

/// Files and stickers, each with its kind.
fn shown(piece: &Json) -> impl Iterator<Item = (&Json, AttachmentKind)> {
    let all = |name: &str| piece[name].as_array().into_iter().flatten();
    let files = all("attachments").map(|file| (file, kind(file)));
    files.chain(all("sticker_items").map(|sticker| (sticker, AttachmentKind::Sticker)))
}

fn kind(file: &Json) -> AttachmentKind {
    match file["content_type"].as_str().and_then(|kind| kind.split('/').next()) {
        Some("image") => AttachmentKind::Picture,
        Some("video") => AttachmentKind::Video,
        Some("audio") => AttachmentKind::Voice,
        _ => AttachmentKind::Document,
    }
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

/// When it happened; a press and a deletion do not say.
pub fn time(name: &str, data: &Json) -> Option<Timestamp> {
    let time = match name {
        "MESSAGE_UPDATE" => &data["edited_timestamp"],
        _ => &data["timestamp"],
    };
    time.as_str()?.parse().ok()
}

/// How somebody is called: on this server, else everywhere.
pub fn name(data: &Json) -> String {
    let user = user(data);
    let all = [&data["member"]["nick"], &user["global_name"], &user["username"]];
    all.into_iter().find_map(Json::as_str).unwrap_or_default().to_owned()
}

fn customer(data: &Json) -> Customer {
    Customer {
        name: Some(name(data)).filter(|name| !name.is_empty()),
        language: data["locale"].as_str().and_then(Language::parse),
        channel: Some(NAME.to_owned()),
        verified: false,
    }
}

/// The text without the bot's name, and whether that was there. What was forwarded counts as said.
pub fn words(message: &Json, me: &Me) -> (String, bool) {
    let said: Vec<_> = pieces(message).into_iter().map(|piece| text(&piece["content"])).collect();
    let mut said = said.join("\n").trim().to_owned();
    let mentions = [format!("<@{}>", me.id), format!("<@!{}>", me.id)];
    let mut is_named = false;
    for mention in mentions {
        while let Some(at) = said.find(&mention) {
            let (before, after) = (said[..at].trim_end(), &said[at + mention.len()..]);
            let after = after.trim_start_matches([' ', ',', ':', '\n']);
            let gap = if before.is_empty() || after.is_empty() { "" } else { " " };
            said = format!("{before}{gap}{after}");
            is_named = true;
        }
    }
    (said, is_named)
}

#[cfg(test)]
pub mod tests;
