//! Delivers to customers.
//!
//! What it is not: it formats nothing by a mark-up language. Styles go as entities beside the text, so nothing that a customer
//! or an agent wrote can format.
use std::collections::BTreeSet;
use std::time::Duration;

use bot_core::reply::{Button, Reply, Run};
use bot_runtime::channel::{Address, Channel, Delivered, Delivery, Outgoing, Pace, SendError};
use bot_runtime::split::split;
use reqwest::Url;
use serde::Serialize;
use serde_json::Value as Json;
use teloxide_core::payloads::setters::*;
use teloxide_core::payloads::{
    CopyMessage, CopyMessages, EditMessageCaption, EditMessageText, SendChatAction, SendMessage,
};
use teloxide_core::requests::Payload;
use teloxide_core::types::{
    ChatAction, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity,
    MessageId, ReplyParameters,
};

use crate::api::{Api, Failure};
use crate::inbound::{BUTTON, NAME};

/// UTF-16 units of a message.
pub const LONGEST: usize = 4096;

/// UTF-16 units under a file.
const CAPTION: usize = 1024;

/// Files that are copied at once.
const FILES: usize = 100;

/// Telegram, as far as it delivers.
pub struct Telegram {
    api: Api,
}

impl Telegram {
    /// Delivers by this way.
    pub fn new(api: Api) -> Telegram {
        Telegram { api }
    }

    async fn say(&self, delivery: &Delivery, runs: Vec<Run>, buttons: &[Button]) -> Sent {
        let parts = split(&visible(runs), LONGEST, utf16);
        // Nothing but buttons can't be sent, and nothing at all need not.
        let dots = vec![vec![Run { text: "…".to_owned(), ..Run::default() }]];
        let parts = if parts.is_empty() && !buttons.is_empty() { dots } else { parts };
        let Some(runs) = parts.get(part(delivery)) else { return Ok(Delivered::default()) };
        let more = part(delivery) + 1 < parts.len();
        let (text, entities) = message(runs);
        let mut payload = SendMessage::new(chat(&delivery.address)?, text)
            .entities(entities)
            .link_preview_options(no_preview());
        if !buttons.is_empty() && !more {
            payload = payload.reply_markup(keyboard(buttons));
        }
        payload.reply_parameters = delivery.quotes.as_deref().filter(|_| part(delivery) == 0).and_then(reply);
        let sent = self.send(payload, |payload, to| payload.chat_id = to.into()).await?;
        Ok(Delivered { messages: ids(&sent), more })
    }

    async fn copy(&self, delivery: &Delivery, agent: &str, files: &[String], text: &str) -> Sent {
        let groups = groups(files)
            .ok_or_else(|| SendError::Final("files of another channel can't be copied to Telegram".into()))?;
        let to = chat(&delivery.address)?;
        let Some((from, messages)) = groups.get(part(delivery)) else { return Ok(Delivered::default()) };
        let copied = match &messages[..] {
            [message] => {
                let mut payload = CopyMessage::new(to, *from, *message);
                let (caption, entities) = self::message(&signed(agent, text));
                if !text.is_empty() && utf16(&caption) <= CAPTION {
                    payload = payload.caption(caption).caption_entities(entities);
                }
                payload.reply_parameters = delivery.quotes.as_deref().and_then(reply);
                self.send(payload, |payload, to| payload.chat_id = to.into()).await?
            }
            messages => {
                let payload = CopyMessages::new(to, *from, messages.iter().copied());
                self.send(payload, |payload, to| payload.chat_id = to.into()).await?
            }
        };
        let messages = ids(&copied);
        if messages.is_empty() {
            return Err(SendError::Final("the files are not there any more".to_owned()));
        }
        Ok(Delivered { messages, more: part(delivery) + 1 < groups.len() })
    }

    async fn edit(&self, delivery: &Delivery, agent: &str, id: &str, text: &str) -> Sent {
        let (to, id) = (chat(&delivery.address)?, message_id(id)?);
        let parts = split(&signed(agent, text), LONGEST, utf16);
        let Some((text, entities)) = parts.first().map(|runs| message(runs)) else {
            return Ok(Delivered::default());
        };
        let payload = EditMessageText::new(to, id, text.clone())
            .entities(entities.clone())
            .link_preview_options(no_preview());
        let mut edited = self.api.call(&payload).await;
        if edited.as_ref().is_err_and(|failure| failure.says(&["no text in the message"])) {
            let payload = EditMessageCaption::new(to, id).caption(text).caption_entities(entities);
            edited = self.api.call(&payload).await;
        }
        unless_same(edited)?;
        Ok(Delivered::default())
    }

    /// Sends; where a group has become another one, there.
    async fn send<P: Payload + Serialize>(
        &self,
        mut payload: P,
        put: fn(&mut P, ChatId),
    ) -> Result<Json, SendError> {
        let sent = self.api.call(&payload).await;
        let moved = sent.as_ref().err().and_then(Failure::refusal).and_then(|refusal| refusal.moved);
        match moved {
            Some(to) => {
                put(&mut payload, ChatId(to));
                Ok(self.api.call(&payload).await?)
            }
            None => Ok(sent?),
        }
    }
}

type Sent = Result<Delivered, SendError>;

impl Channel for Telegram {
    fn name(&self) -> &str {
        NAME
    }

    async fn deliver(&self, delivery: &Delivery) -> Sent {
        match &delivery.what {
            Outgoing::Bot { reply: Reply { text, buttons } } => {
                self.say(delivery, text.runs(), buttons).await
            }
            Outgoing::Agent { agent, text } => self.say(delivery, signed(agent, text), &[]).await,
            Outgoing::Files { agent, files, text } => self.copy(delivery, agent, files, text).await,
            Outgoing::Edit { agent, message, text } => self.edit(delivery, agent, message, text).await,
        }
    }

    async fn busy(&self, address: &Address) {
        if let Ok(chat) = chat(address) {
            let _ = self.api.call(&SendChatAction::new(chat, ChatAction::Typing)).await;
        }
    }

    /// What Telegram bears: about 30 a second, and one a second in a chat.
    fn pace(&self) -> Pace {
        Pace { per_second: 30.0, per_peer: Duration::from_secs(1), at_once: 30 }
    }

    fn burst_window(&self) -> Duration {
        Duration::from_millis(1500)
    }
}

fn part(delivery: &Delivery) -> usize {
    usize::try_from(delivery.part).unwrap_or(usize::MAX)
}

/// How long a text is for Telegram.
pub fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// What an agent says, behind their name.
fn signed(agent: &str, text: &str) -> Vec<Run> {
    let name = Run { text: format!("{agent}:"), bold: true, ..Run::default() };
    vec![name, Run { text: format!(" {text}"), ..Run::default() }]
}

/// Telegram links web addresses only: others are written out.
fn visible(runs: Vec<Run>) -> Vec<Run> {
    let written_out = |run: Run| match run.link {
        Some(address) if web(&address).is_none() => {
            let bare = address.trim_start_matches("mailto:").trim_start_matches("tel:");
            let text = if bare == run.text { run.text } else { format!("{} ({bare})", run.text) };
            Run { text, link: None, ..run }
        }
        _ => run,
    };
    runs.into_iter().map(written_out).collect()
}

fn web(address: &str) -> Option<Url> {
    Url::parse(address).ok().filter(|url| ["http", "https"].contains(&url.scheme()))
}

/// A text and its styles, whose places count UTF-16 units.
pub fn message(runs: &[Run]) -> (String, Vec<MessageEntity>) {
    let (mut text, mut entities, mut offset) = (String::new(), Vec::new(), 0);
    for run in runs {
        let length = utf16(&run.text);
        // Code bears no other style.
        let styles = [
            run.code.then(|| MessageEntity::code(offset, length)),
            (run.bold && !run.code).then(|| MessageEntity::bold(offset, length)),
            (run.italic && !run.code).then(|| MessageEntity::italic(offset, length)),
            run.link.as_deref().and_then(web).map(|url| MessageEntity::text_link(url, offset, length)),
        ];
        entities.extend(styles.into_iter().flatten().filter(|_| length > 0));
        text.push_str(&run.text);
        offset += length;
    }
    (text, entities)
}

/// Short labels stand side by side.
fn keyboard(buttons: &[Button]) -> InlineKeyboardMarkup {
    let widest = buttons.iter().map(|button| button.label.chars().count()).max().unwrap_or(0);
    let columns = (30 / (widest + 2)).clamp(1, 5);
    let key = |button: &Button| {
        InlineKeyboardButton::callback(button.label.clone(), format!("{BUTTON}{}", button.id))
    };
    InlineKeyboardMarkup::new(buttons.chunks(columns).map(|row| row.iter().map(key)))
}

/// No preview: whoever wrote the link, nothing is fetched for it.
pub fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// To a message that may be gone by now.
pub fn reply(message: &str) -> Option<ReplyParameters> {
    let id = message.parse().ok()?;
    Some(ReplyParameters::new(MessageId(id)).allow_sending_without_reply())
}

/// `CHAT`, or in a group `CHAT:USER`.
fn chat(address: &Address) -> Result<ChatId, SendError> {
    let chat = address.peer.split(':').next().and_then(|chat| chat.parse().ok());
    chat.map(ChatId).ok_or_else(|| SendError::Final("this is no chat of Telegram".to_owned()))
}

fn message_id(id: &str) -> Result<MessageId, SendError> {
    let no_id = |_| SendError::Final("this is no message of Telegram".to_owned());
    id.parse().map(MessageId).map_err(no_id)
}

/// Files by the chat they are in, in the order in which Telegram wants them; `None`: one of them is not Telegram's.
pub fn groups(files: &[String]) -> Option<Vec<(ChatId, Vec<MessageId>)>> {
    let mut chats: Vec<(ChatId, BTreeSet<i32>)> = Vec::new();
    for file in files {
        let (chat, message) = file.split_once('/')?;
        let (chat, message) = (ChatId(chat.parse().ok()?), message.parse().ok()?);
        match chats.last_mut().filter(|(last, messages)| *last == chat && messages.len() < FILES) {
            Some((_, messages)) => drop(messages.insert(message)),
            None => chats.push((chat, BTreeSet::from([message]))),
        }
    }
    let in_order = |(chat, messages): (ChatId, BTreeSet<i32>)| {
        (chat, messages.into_iter().map(MessageId).collect())
    };
    Some(chats.into_iter().map(in_order).collect())
}

/// The ids of what was sent: one message, or several.
pub fn ids(sent: &Json) -> Vec<String> {
    let id = |message: &Json| message.get("message_id").and_then(Json::as_i64).map(|id| id.to_string());
    match sent.as_array() {
        Some(messages) => messages.iter().filter_map(id).collect(),
        None => id(sent).into_iter().collect(),
    }
}

/// What is already as it should be has succeeded.
pub fn unless_same(edited: Result<Json, Failure>) -> Result<(), Failure> {
    match edited {
        Err(failure) if !failure.says(&["message is not modified"]) => Err(failure),
        _ => Ok(()),
    }
}
