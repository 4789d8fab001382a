//! What an update means: pure, from JSON to an arrival.
//!
//! What it is not: teloxide's types of updates. Those make a message without content of one whose entities have a kind that is
//! newer than they are, so a customer's words would be lost; here is read what is needed, and nothing else can fail.
use bot_core::dialogue::{AttachmentKind, Customer, Input};
use bot_core::text::Language;
use bot_runtime::channel::{Address, Body, Inbound, Message as Place};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

/// The channel's name.
pub const NAME: &str = "telegram";

/// What stands before a button's id in its data.
pub const BUTTON: &str = "b:";

/// Who the bot is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Me {
    pub id: i64,
    #[serde(default)]
    pub username: String,
}

#[derive(Debug, Deserialize)]
pub struct Update {
    #[serde(rename = "update_id")]
    pub id: i64,
    pub message: Option<Message>,
    pub edited_message: Option<Message>,
    pub callback_query: Option<Press>,
    pub my_chat_member: Option<Membership>,
    /// Not asked for, and not read.
    pub channel_post: Option<IgnoredAny>,
    pub edited_channel_post: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub struct Message {
    #[serde(rename = "message_id")]
    pub id: i64,
    #[serde(rename = "message_thread_id")]
    pub thread: Option<i64>,
    #[serde(default)]
    pub is_topic_message: bool,
    pub from: Option<User>,
    pub sender_chat: Option<Chat>,
    pub date: i64,
    pub edit_date: Option<i64>,
    pub chat: Chat,
    pub reply_to_message: Option<Box<Message>>,
    pub via_bot: Option<IgnoredAny>,
    pub forward_origin: Option<IgnoredAny>,
    pub author_signature: Option<String>,
    pub media_group_id: Option<String>,
    pub text: Option<String>,
    pub caption: Option<String>,
    #[serde(default)]
    pub entities: Vec<Entity>,
    #[serde(default)]
    pub caption_entities: Vec<Entity>,
    pub migrate_to_chat_id: Option<i64>,
    pub forum_topic_created: Option<Topic>,
    /// What it is, if it is no text.
    #[serde(flatten)]
    pub rest: Map<String, Json>,
}

#[derive(Debug, Deserialize)]
pub struct User {
    pub id: i64,
    #[serde(default)]
    pub is_bot: bool,
    #[serde(default)]
    pub first_name: String,
    pub last_name: Option<String>,
    pub language_code: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Chat {
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Debug, Deserialize)]
pub struct Entity {
    #[serde(rename = "type")]
    kind: String,
    offset: usize,
    length: usize,
    user: Option<User>,
}

#[derive(Debug, Deserialize)]
pub struct Topic {
    pub name: String,
}

#[derive(Debug, Deserialize)]
pub struct Press {
    pub id: String,
    pub from: User,
    /// Without anything but its chat and id, if it is too old.
    pub message: Option<Message>,
    pub data: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Membership {
    pub chat: Chat,
    pub date: i64,
    pub new_chat_member: Json,
}

/// What an update is for the customers' side.
#[derive(Debug, PartialEq)]
pub enum Meaning {
    /// Somebody wrote to the bot.
    Arrival(Inbound),
    /// It is none of the bot's business.
    Nothing,
    /// It can't be understood: kept as it is.
    Unread,
}

/// What a message that is no text is called, the more telling names first: an animation is a document, too.
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

/// What Telegram tells by itself in a private chat. In groups nothing is read that isn't addressed to the bot.
const SERVICE: [&str; 6] = [
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "connected_website",
    "proximity_alert_triggered",
];

impl Update {
    /// The chat it is about.
    pub fn chat(&self) -> Option<&Chat> {
        let message = self.message.as_ref().or(self.edited_message.as_ref());
        let message = message.or(self.callback_query.as_ref().and_then(|press| press.message.as_ref()));
        let membership = self.my_chat_member.as_ref();
        message.map(|message| &message.chat).or(membership.map(|membership| &membership.chat))
    }

    /// What identifies it.
    pub fn key(&self) -> String {
        format!("u{}", self.id)
    }

    /// What it is for the customers' side.
    pub fn meaning(&self, me: &Me, now: Timestamp) -> Meaning {
        match self {
            Update { message: Some(message), .. } => self.arrival(message, me, message.said(me)),
            Update { edited_message: Some(message), .. } => self.arrival(message, me, message.edited(me)),
            Update { callback_query: Some(press), .. } => self.press(press, now),
            Update { my_chat_member: Some(_), .. } => Meaning::Nothing,
            Update { channel_post: Some(_), .. } | Update { edited_channel_post: Some(_), .. } => {
                Meaning::Nothing
            }
            _ => Meaning::Unread,
        }
    }

    fn arrival(&self, message: &Message, me: &Me, body: Option<Body>) -> Meaning {
        let Some(from) = message.from.as_ref().filter(|from| message.is_by_a_person(from)) else {
            return Meaning::Nothing;
        };
        if !message.chat.is_private() && !message.is_addressed_to(me) {
            return Meaning::Nothing;
        }
        match body {
            Some(body) => {
                let at = message.edit_date.unwrap_or(message.date);
                Meaning::Arrival(self.inbound(&message.chat, from, at, body))
            }
            None if message.is_silent() => Meaning::Nothing,
            None => Meaning::Unread,
        }
    }

    /// The id is looked up in the conversation of this chat and person: a forged or old one finds nothing there.
    fn press(&self, press: &Press, now: Timestamp) -> Meaning {
        let id = press.data.as_deref().and_then(|data| data.strip_prefix(BUTTON));
        let (Some(id), Some(chat)) = (id, self.chat()) else { return Meaning::Nothing };
        let body = Body::Input { input: Input::Press { id: id.to_owned() }, message: None };
        Meaning::Arrival(self.inbound(chat, &press.from, now.as_second(), body))
    }

    fn inbound(&self, chat: &Chat, from: &User, at: i64, body: Body) -> Inbound {
        let peer =
            if chat.is_private() { chat.id.to_string() } else { format!("{}:{}", chat.id, from.id) };
        Inbound {
            address: Address { channel: NAME.to_owned(), peer },
            key: self.key(),
            at: time(at),
            customer: Some(from.customer()),
            body,
        }
    }
}

/// A time as Telegram writes it: seconds since 1970.
pub fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}

impl Chat {
    pub fn is_private(&self) -> bool {
        self.kind == "private"
    }
}

impl User {
    /// First and last name.
    pub fn name(&self) -> String {
        [Some(self.first_name.as_str()), self.last_name.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn customer(&self) -> Customer {
        Customer {
            name: Some(self.name()).filter(|name| !name.trim().is_empty()),
            language: self.language_code.as_deref().and_then(Language::parse),
            channel: Some(NAME.to_owned()),
            verified: false,
        }
    }
}

impl Message {
    /// No bot, no channel and no group in whose name somebody writes, nothing made by another bot.
    fn is_by_a_person(&self, from: &User) -> bool {
        !from.is_bot && self.sender_chat.is_none() && self.via_bot.is_none()
    }

    /// What it says.
    fn said(&self, me: &Me) -> Option<Body> {
        let input = match (&self.text, self.attachment()) {
            (Some(_), _) => Input::text(self.words(me)),
            (None, Some(kind)) => Input::Attachment {
                kind,
                caption: Some(self.words(me)).filter(|caption| !caption.is_empty()),
                files: vec![self.file()],
                album: self.media_group_id.clone(),
            },
            (None, None) => return None,
        };
        let quotes = self.replies_to().map(|id| id.to_string());
        Some(Body::Input { input, message: Some(Place { id: self.id.to_string(), desk: None, quotes }) })
    }

    /// What it says now.
    fn edited(&self, me: &Me) -> Option<Body> {
        let has_words = self.text.is_some() || self.caption.is_some();
        has_words.then(|| Body::Edit { message: self.id.to_string(), text: self.words(me) })
    }

    /// Whether nothing is lost if it is not read: Telegram tells something, or a location moves on.
    fn is_silent(&self) -> bool {
        self.edit_date.is_some() || SERVICE.iter().any(|name| self.rest.contains_key(*name))
    }

    /// What it is, if it is no text.
    pub fn attachment(&self) -> Option<AttachmentKind> {
        ATTACHMENTS.iter().find(|(name, _)| self.rest.contains_key(*name)).map(|(_, kind)| *kind)
    }

    /// The name by which it can be copied.
    pub fn file(&self) -> String {
        format!("{}/{}", self.chat.id, self.id)
    }

    /// The message that it replies to. In a topic every message replies to the one that made the topic.
    pub fn replies_to(&self) -> Option<i64> {
        let replied = self.reply_to_message.as_ref()?;
        replied.forum_topic_created.is_none().then_some(replied.id)
    }

    /// Text or caption as it is meant: without the bot's name behind a command, or wherever else in a group.
    pub fn words(&self, me: &Me) -> String {
        let text = self.text.as_deref().or(self.caption.as_deref()).unwrap_or_default();
        let text = without_name(text, me);
        if self.chat.is_private() { text } else { self.without_mentions(text, me) }
    }

    fn without_mentions(&self, mut text: String, me: &Me) -> String {
        let mentions: Vec<_> = self.mentions(me).map(str::to_owned).collect();
        for mention in &mentions {
            text = text.replacen(mention, "", 1);
        }
        if mentions.is_empty() { text } else { text.trim_matches([' ', ',', ':', '\n']).to_owned() }
    }

    /// Mentioned, replied to, or its command: only then a message in a group is for the bot.
    fn is_addressed_to(&self, me: &Me) -> bool {
        let replied = self.reply_to_message.as_ref().and_then(|replied| replied.from.as_ref());
        self.mentions(me).next().is_some()
            || replied.is_some_and(|from| from.id == me.id)
            || command_for(self.text.as_deref().unwrap_or_default())
                .is_some_and(|(_, name)| name.eq_ignore_ascii_case(&me.username))
    }

    fn mentions(&self, me: &Me) -> impl Iterator<Item = &str> {
        let text = self.text.as_deref().or(self.caption.as_deref()).unwrap_or_default();
        let entities = self.entities.iter().chain(&self.caption_entities);
        entities.filter_map(move |entity| {
            let words = entity.words(text)?;
            let name = words.strip_prefix('@').filter(|_| entity.kind == "mention");
            let by_name = name.is_some_and(|name| name.eq_ignore_ascii_case(&me.username));
            let by_id = entity.user.as_ref().is_some_and(|user| user.id == me.id);
            (by_name || by_id).then_some(words)
        })
    }
}

impl Entity {
    /// What it marks. Offsets count UTF-16 units, and may be anything.
    fn words<'a>(&self, text: &'a str) -> Option<&'a str> {
        let (start, end) = (byte(text, self.offset)?, byte(text, self.offset.checked_add(self.length)?)?);
        text.get(start..end).filter(|words| !words.is_empty())
    }
}

/// The byte at which a UTF-16 unit begins.
fn byte(text: &str, unit: usize) -> Option<usize> {
    let mut units = 0;
    let ends = text.char_indices().map(|(at, character)| {
        units += character.len_utf16();
        (at + character.len_utf8(), units)
    });
    std::iter::once((0, 0)).chain(ends).find(|(_, units)| *units == unit).map(|(at, _)| at)
}

/// A command and the bot that it names: `/help@shop_bot`.
fn command_for(text: &str) -> Option<(&str, &str)> {
    let word = text.split_whitespace().next()?;
    text.starts_with('/').then_some(())?;
    word.split_once('@')
}

/// `/help@shop_bot me` is `/help me`.
fn without_name(text: &str, me: &Me) -> String {
    match command_for(text) {
        Some((command, name)) if name.eq_ignore_ascii_case(&me.username) => {
            format!("{command}{}", &text[command.len() + 1 + name.len()..])
        }
        _ => text.to_owned(),
    }
}
