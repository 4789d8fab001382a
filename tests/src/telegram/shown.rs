//! What stands in a chat, as a person sees it.
use serde_json::Value;

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Its id in the chat.
    pub id: i64,
    /// The topic it stands in; none in General and in private chats.
    pub thread: Option<i64>,
    /// Who is shown as its author: the name; an anonymous administrator's is the group's.
    pub from: String,
    /// The account it came from.
    pub from_id: i64,
    /// It is the bot's.
    pub by_bot: bool,
    /// Its text, or the caption of what it carries.
    pub text: String,
    /// The format of the text, as the Bot API says it (`type`, `offset`, `length` in UTF-16 units, …).
    pub entities: Vec<Value>,
    /// Its buttons, row by row.
    pub buttons: Vec<Button>,
    /// The message it answers. What merely stands in a topic answers nothing.
    pub reply_to: Option<i64>,
    /// The chat and message it is a copy of.
    pub copied_from: Option<(i64, i64)>,
    /// It is shown as forwarded.
    pub forwarded: bool,
    /// It is shown as edited. (New buttons alone don't count.)
    pub edited: bool,
    /// What it carries, by the name of its field: `photo`, `document`, `voice`, `sticker`, `location`, …
    pub media: Option<String>,
    /// The album it is part of.
    pub album: Option<String>,
    /// The bot's reaction to it.
    pub reaction: Option<String>,
    /// It is a service message of that kind, by the name of its field: `forum_topic_created`, …
    pub service: Option<String>,
}

impl Shown {
    /// The labels of its buttons, row by row.
    pub fn labels(&self) -> Vec<&str> {
        self.buttons.iter().map(|button| button.label.as_str()).collect()
    }
}

/// A button below a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What the bot gets when it is pressed; none for a link.
    pub data: Option<String>,
    /// Where it leads, if it is a link.
    pub url: Option<String>,
    /// Its row, from 0.
    pub row: usize,
}
