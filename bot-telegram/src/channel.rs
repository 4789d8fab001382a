//! Delivers to customers.
//!
//! What it is not: it formats by no mark-up language. Styles go as entities beside the text, so nothing that a customer or an
//! agent wrote can format.
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bot_core::reply::{Button, Run};
use bot_runtime::channel::{Address, Channel, Delivered, Delivery, Outgoing, Pace, SendError};
use bot_runtime::split::split;
use bot_runtime::store::{EventId, SqliteStore, Store};
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
use crate::inbound::{BUTTON, NAME, id};

/// UTF-16 units of a message, and of what stands under a file.
pub const LONGEST: usize = 4096;
const CAPTION: usize = 1024;

/// Files that are copied at once.
const FILES: usize = 100;

/// Events among which the message is looked for that a reply in a group is for.
const RECENT: i64 = 100_000;

/// Telegram, as far as it delivers.
pub struct Telegram {
    pub api: Api,
    pub store: Arc<SqliteStore>,
}

type Sent = Result<Delivered, SendError>;

impl Channel for Telegram {
    fn name(&self) -> &str {
        NAME
    }

    async fn deliver(&self, delivery: &Delivery) -> Sent {
        match &delivery.what {
            Outgoing::Bot { reply } => self.say(delivery, reply.text.runs(), &reply.buttons).await,
            Outgoing::Agent { agent, text } => self.say(delivery, signed(agent, text), &[]).await,
            Outgoing::Files { agent, files, text } => self.copy(delivery, files, signed(agent, text)).await,
            Outgoing::Edit { agent, message, text } => {
                self.edit(delivery, message, signed(agent, text)).await
            }
        }
    }

    async fn busy(&self, address: &Address) {
        if let Ok(chat) = chat(&address.peer) {
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

impl Telegram {
    async fn say(&self, delivery: &Delivery, runs: Vec<Run>, buttons: &[Button]) -> Sent {
        let mut parts = split(&visible(runs), LONGEST, utf16);
        if parts.is_empty() && !buttons.is_empty() {
            // Buttons can't stand alone.
            parts.push(vec![Run { text: "…".to_owned(), ..Run::default() }]);
        }
        let (Some(runs), more) = nth(&parts, delivery.part) else { return Ok(Delivered::default()) };
        let (text, entities) = message(runs);
        let mut payload = SendMessage::new(chat(&delivery.address.peer)?, text)
            .entities(entities)
            .link_preview_options(no_preview());
        if !buttons.is_empty() && !more {
            payload = payload.reply_markup(keyboard(buttons));
        }
        payload.reply_parameters = self.reply(delivery).await;
        let sent = self.send(payload, |payload, to| payload.chat_id = to.into()).await?;
        Ok(Delivered { messages: id(&sent).into_iter().collect(), more })
    }

    async fn copy(&self, delivery: &Delivery, files: &[String], words: Vec<Run>) -> Sent {
        let groups = groups(files)?;
        let to = chat(&delivery.address.peer)?;
        let (Some((from, messages)), more) = nth(&groups, delivery.part) else {
            return Ok(Delivered::default());
        };
        let copied = if let [message] = messages[..] {
            let mut payload = CopyMessage::new(to, *from, message);
            let (caption, entities) = self::message(&words);
            if utf16(&caption) <= CAPTION && !words[1].text.trim().is_empty() {
                payload = payload.caption(caption).caption_entities(entities);
            }
            payload.reply_parameters = self.reply(delivery).await;
            self.send(payload, |payload, to| payload.chat_id = to.into()).await?
        } else {
            let payload = CopyMessages::new(to, *from, messages.iter().copied());
            self.send(payload, |payload, to| payload.chat_id = to.into()).await?
        };
        let messages = ids(&copied);
        match messages.is_empty() {
            true => Err(SendError::Final("the files are not there any more".to_owned())),
            false => Ok(Delivered { messages, more }),
        }
    }

    async fn edit(&self, delivery: &Delivery, id: &str, words: Vec<Run>) -> Sent {
        let (to, id) = (chat(&delivery.address.peer)?, number(id)?);
        let (text, entities) = message(&split(&words, LONGEST, utf16)[0]);
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
    async fn send<P>(&self, mut payload: P, put: fn(&mut P, ChatId)) -> Result<Json, SendError>
    where
        P: Payload + Serialize,
    {
        match self.api.call(&payload).await {
            Err(Failure { moved: Some(to), .. }) => {
                put(&mut payload, ChatId(to));
                Ok(self.api.call(&payload).await?)
            }
            sent => Ok(sent?),
        }
    }

    /// What the message replies to; in a group also what the bot says, as it talks to one of many.
    async fn reply(&self, delivery: &Delivery) -> Option<ReplyParameters> {
        let quotes = match &delivery.quotes {
            _ if delivery.part > 0 => None,
            None if delivery.address.peer.contains(':') => self.last(&delivery.address).await,
            quotes => quotes.clone(),
        };
        reply(quotes.as_deref())
    }

    /// The customer's last message.
    async fn last(&self, address: &Address) -> Option<String> {
        let conversation = self.store.find(address).await.ok()??;
        let after = EventId(self.store.newest().await.ok()?.0 - RECENT);
        let traces = self.store.traces(conversation, after, usize::MAX).await.ok()?;
        let theirs = traces.into_iter().rev().filter(|trace| trace.fate.is_none());
        let mut theirs = theirs.flat_map(|trace| trace.twins).filter(|twin| twin.desk.is_none());
        theirs.next().map(|twin| twin.message)
    }
}

/// A part, and whether there are more.
fn nth<T>(parts: &[T], part: u32) -> (Option<&T>, bool) {
    let part = usize::try_from(part).unwrap_or(usize::MAX);
    (parts.get(part), part.saturating_add(1) < parts.len())
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
fn visible(mut runs: Vec<Run>) -> Vec<Run> {
    for run in &mut runs {
        if let Some(address) = run.link.take_if(|address| web(address).is_none()) {
            let address = address.trim_start_matches("mailto:").trim_start_matches("tel:");
            if address != run.text {
                run.text += &format!(" ({address})");
            }
        }
    }
    runs
}

fn web(address: &str) -> Option<Url> {
    Url::parse(address).ok().filter(|url| ["http", "https"].contains(&url.scheme()))
}

/// A text and its styles, whose places count UTF-16 units. Code bears no other style.
fn message(runs: &[Run]) -> (String, Vec<MessageEntity>) {
    let (mut text, mut entities, mut at) = (String::new(), Vec::new(), 0);
    for run in runs.iter().filter(|run| !run.text.is_empty()) {
        let long = utf16(&run.text);
        entities.extend(run.code.then(|| MessageEntity::code(at, long)));
        entities.extend((run.bold && !run.code).then(|| MessageEntity::bold(at, long)));
        entities.extend((run.italic && !run.code).then(|| MessageEntity::italic(at, long)));
        entities.extend(run.link.as_deref().and_then(web).map(|url| MessageEntity::text_link(url, at, long)));
        text += &run.text;
        at += long;
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
    let (prefer_small_media, prefer_large_media, show_above_text) = (false, false, false);
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media,
        prefer_large_media,
        show_above_text,
    }
}

/// To a message that may be gone by now.
pub fn reply(message: Option<&str>) -> Option<ReplyParameters> {
    let id = message?.parse().ok()?;
    Some(ReplyParameters::new(MessageId(id)).allow_sending_without_reply())
}

/// `CHAT`, or for one of many in a group `CHAT:USER`.
pub fn chat(peer: &str) -> Result<ChatId, SendError> {
    let chat = peer.split(':').next().and_then(|chat| chat.parse().ok());
    chat.map(ChatId).ok_or_else(|| SendError::Final("this is no chat of Telegram".to_owned()))
}

pub fn number(id: &str) -> Result<MessageId, SendError> {
    id.parse().map(MessageId).map_err(|_| SendError::Final("this is no message of Telegram".to_owned()))
}

/// Files by the chat that they are in, in the order in which Telegram wants them.
pub fn groups(files: &[String]) -> Result<Vec<(ChatId, Vec<MessageId>)>, SendError> {
    let mut groups: Vec<(ChatId, BTreeSet<i32>)> = Vec::new();
    for file in files {
        let named =
            file.split_once('/').and_then(|(chat, id)| Some((ChatId(chat.parse().ok()?), id.parse().ok()?)));
        let foreign = || SendError::Final("a file of another channel can't be shown in Telegram".to_owned());
        let (chat, id) = named.ok_or_else(foreign)?;
        match groups.last_mut().filter(|(last, ids)| *last == chat && ids.len() < FILES) {
            Some((_, ids)) => drop(ids.insert(id)),
            None => groups.push((chat, BTreeSet::from([id]))),
        }
    }
    Ok(groups.into_iter().map(|(chat, ids)| (chat, ids.into_iter().map(MessageId).collect())).collect())
}

/// The ids of what was sent: one message, or several.
pub fn ids(sent: &Json) -> Vec<String> {
    sent.as_array().map_or_else(|| id(sent).into_iter().collect(), |all| all.iter().filter_map(id).collect())
}

/// What is already as it should be has succeeded.
pub fn unless_same(edited: Result<Json, Failure>) -> Result<(), Failure> {
    match edited {
        Err(failure) if !failure.says(&["is not modified", "NOT_MODIFIED"]) => Err(failure),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
