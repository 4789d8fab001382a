//! A message as the stand-in keeps it, and how the Bot API and a person see it.
use serde_json::{Map, Value, json};

use super::State;
use super::chat::Chat;
use super::user::{ANONYMOUS, User};
use crate::telegram::media::Media;
use crate::telegram::shown::{Button, Shown};

/// A message.
#[derive(Clone, Debug, Default)]
pub struct Message {
    pub id: i64,
    pub chat: i64,
    /// The topic; none in General.
    pub thread: Option<i64>,
    /// The account it is from; an anonymous administrator's own.
    pub from: i64,
    /// It was written as the group.
    pub anonymous: bool,
    pub date: i64,
    pub edited: Option<i64>,
    /// What it says and carries: fields of the Bot API's message (`text`, `entities`, `photo`, `caption`, `forum_topic_created`, …).
    pub content: Map<String, Value>,
    /// Its inline keyboard.
    pub markup: Option<Value>,
    pub reply_to: Option<i64>,
    pub album: Option<String>,
    /// `forward_origin`.
    pub origin: Option<Value>,
    pub copied_from: Option<(i64, i64)>,
    /// The bot's reaction.
    pub reaction: Option<String>,
    /// The kind of a service message.
    pub service: Option<&'static str>,
}

/// A message's fields with that text and the entities in it.
pub fn text(text: &str, entities: Vec<Value>) -> Map<String, Value> {
    let mut content = Map::from_iter([("text".to_owned(), json!(text))]);
    if !entities.is_empty() {
        content.insert("entities".to_owned(), json!(entities));
    }
    content
}

/// The same for what a file says below it; nothing where that is empty.
pub fn caption(caption: &str, entities: Vec<Value>) -> Map<String, Value> {
    let named = text(caption, entities).into_iter().filter(|_| !caption.is_empty());
    named
        .map(|(name, value)| (if name == "text" { "caption" } else { "caption_entities" }.to_owned(), value))
        .collect()
}

impl Message {
    /// The text or caption.
    pub fn words(&self) -> &str {
        let words = self.content.get("text").or_else(|| self.content.get("caption"));
        words.and_then(Value::as_str).unwrap_or_default()
    }

    /// The format of the text or caption.
    pub fn entities(&self) -> &[Value] {
        let entities = self.content.get("entities").or_else(|| self.content.get("caption_entities"));
        entities.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// What it carries besides text.
    pub fn media(&self) -> Option<Media> {
        // An animation has a document beside it.
        let of = |media: &Media| self.content.contains_key(media.field());
        Some(Media::Animation).filter(of).or_else(|| Media::ALL.into_iter().find(of))
    }

    /// The buttons, row by row.
    pub fn buttons(&self) -> Vec<Button> {
        let rows = self.markup.as_ref().and_then(|markup| markup["inline_keyboard"].as_array());
        let rows = rows.into_iter().flatten().enumerate();
        rows.flat_map(|(row, keys)| keys.as_array().into_iter().flatten().map(move |key| button(key, row)))
            .collect()
    }

    /// The `Message` of the Bot API; what it answers is shown in it one level deep.
    pub fn json(&self, state: &State) -> Value {
        let mut message = self.json_alone(state);
        if let Some(reply) = self.answered(state) {
            message["reply_to_message"] = reply.json_alone(state);
        }
        message
    }

    /// What the server says it answers. In a topic that is the message that opened it when it is nothing else.
    fn answered<'a>(&self, state: &'a State) -> Option<&'a Message> {
        let own = self.thread.filter(|thread| *thread != self.id);
        state.message(self.chat, self.reply_to.or(own)?)
    }

    fn json_alone(&self, state: &State) -> Value {
        let chat = state.chat(self.chat).map(Chat::json).unwrap_or(Value::Null);
        let mut message = json!({"message_id": self.id});
        if let Some(thread) = self.thread {
            message["message_thread_id"] = json!(thread);
            message["is_topic_message"] = json!(true);
        }
        message["from"] = state.user(self.account()).map(User::json).unwrap_or(Value::Null);
        if self.anonymous {
            message["sender_chat"] = chat.clone();
            message["author_signature"] = json!("Support");
        }
        message["chat"] = chat;
        message["date"] = json!(self.date);
        self.rest(&mut message);
        message
    }

    fn rest(&self, message: &mut Value) {
        let some = [
            ("edit_date", self.edited.map(Value::from)),
            ("media_group_id", self.album.clone().map(Value::from)),
            ("forward_origin", self.origin.clone()),
            ("reply_markup", self.markup.clone()),
        ];
        for (name, value) in some {
            if let Some(value) = value {
                message[name] = value;
            }
        }
        for (name, value) in &self.content {
            message[name] = value.clone();
        }
    }

    /// The account that it is shown to come from.
    fn account(&self) -> i64 {
        if self.anonymous { ANONYMOUS } else { self.from }
    }

    /// As a person sees it.
    pub fn shown(&self, state: &State) -> Shown {
        let user = state.user(self.from);
        let group = state.chat(self.chat).filter(|_| self.anonymous).map(|chat| chat.title.clone());
        Shown {
            id: self.id,
            thread: self.thread,
            from: group.or_else(|| Some(user?.name.clone())).unwrap_or_default(),
            from_id: self.account(),
            by_bot: user.is_some_and(|user| user.bot),
            text: self.words().to_owned(),
            entities: self.entities().to_vec(),
            buttons: self.buttons(),
            reply_to: self.reply_to,
            copied_from: self.copied_from,
            forwarded: self.origin.is_some(),
            edited: self.edited.is_some(),
            media: self.media().map(|media| media.field().to_owned()),
            album: self.album.clone(),
            reaction: self.reaction.clone(),
            service: self.service.map(str::to_owned),
        }
    }
}

fn button(key: &Value, row: usize) -> Button {
    let text = |name: &str| key[name].as_str().map(str::to_owned);
    Button { label: text("text").unwrap_or_default(), data: text("callback_data"), url: text("url"), row }
}
