//! What customers and agents are sent alike: texts with styles, files, buttons, by Telegram's names of chats and messages.
use bot_core::reply::Run;
use bot_runtime::channel::SendError;
use bot_runtime::files::{File, Files};
use bot_runtime::split::label;
use serde_json::{Value as Json, json};
use teloxide_core::payloads::setters::*;
use teloxide_core::payloads::{CopyMessage, CopyMessages, EditMessageCaption, EditMessageText, SendMessage};
use teloxide_core::types::{
    ChatId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, MessageId,
    ReplyParameters, ThreadId,
};

use crate::api::{Api, Failure};
use crate::channel::web;
use crate::inbound::id;

/// UTF-16 units of a message, and of what stands under a file.
pub const LONGEST: usize = 4096;
pub const CAPTION: usize = 1024;

/// UTF-16 units of a label. Apps show some thirty characters, and cut the rest themselves.
const LABEL: usize = 64;

/// Buttons of a message; what stands on others can be typed.
const BUTTONS: usize = 100;

/// Files that are copied at once.
const FILES: usize = 100;

/// Bytes of a picture.
const PICTURE: usize = 10 << 20;

/// Where something is to stand.
pub struct Target {
    pub chat: ChatId,
    pub thread: Option<ThreadId>,
    pub reply: Option<ReplyParameters>,
}

/// How long a text is for Telegram.
pub fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text and its styles, whose places count UTF-16 units.
#[derive(Default)]
pub struct Text {
    pub text: String,
    pub entities: Vec<MessageEntity>,
}

impl Text {
    /// Of styled pieces. Code bears no other style.
    pub fn of(runs: &[Run]) -> Text {
        let (mut text, mut entities, mut at) = (String::new(), Vec::new(), 0);
        for run in runs.iter().filter(|run| !run.text.is_empty()) {
            let long = utf16(&run.text);
            entities.extend(run.code.then(|| MessageEntity::code(at, long)));
            entities.extend((run.bold && !run.code).then(|| MessageEntity::bold(at, long)));
            entities.extend((run.italic && !run.code).then(|| MessageEntity::italic(at, long)));
            entities
                .extend(run.link.as_deref().and_then(web).map(|url| MessageEntity::text_link(url, at, long)));
            text += &run.text;
            at += long;
        }
        Text { text, entities }
    }

    /// To be sent to a chat.
    pub fn to(self, to: ChatId) -> SendMessage {
        let mut payload = SendMessage::new(to, self.text).link_preview_options(no_preview());
        payload.entities = Some(self.entities).filter(|entities| !entities.is_empty());
        payload
    }
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

impl Api {
    /// Changes a text, or what stands under a file.
    pub async fn edit(
        &self,
        to: ChatId,
        message: MessageId,
        Text { text, entities }: Text,
    ) -> Result<(), Failure> {
        let payload = EditMessageText::new(to, message, &text).entities(entities.clone());
        let edited = self.call(&payload.link_preview_options(no_preview())).await;
        unless_same(match edited {
            Err(failure) if failure.says(&["no text in the message"]) => {
                let payload = EditMessageCaption::new(to, message).caption(text);
                self.call(&payload.caption_entities(entities)).await
            }
            edited => edited,
        })
    }

    /// Sends files that belong together; returns the ids of the messages. An empty caption takes away what stands under a copy.
    pub async fn show(
        &self,
        files: &Files,
        to: Target,
        group: &Group,
        caption: Option<Text>,
    ) -> Result<Vec<String>, Failure> {
        let made = match group {
            Group::Own(from, ids) => self.copy(to, *from, ids, caption).await?,
            Group::Foreign(name) => self.upload(to, files.fetch(name).await?, caption).await?,
        };
        let ids: Vec<_> = match &made {
            Json::Array(copies) => copies.iter().filter_map(id).collect(),
            copy => id(copy).into_iter().collect(),
        };
        if ids.is_empty() { Err(Failure::refused("the files are not there any more")) } else { Ok(ids) }
    }

    async fn copy(
        &self,
        to: Target,
        from: ChatId,
        files: &[i32],
        caption: Option<Text>,
    ) -> Result<Json, Failure> {
        if let [file] = *files {
            let mut payload = CopyMessage::new(to.chat, from, MessageId(file));
            (payload.message_thread_id, payload.reply_parameters) = (to.thread, to.reply);
            (payload.caption, payload.caption_entities) =
                caption.map(|text| (text.text, text.entities)).unzip();
            return self.call(&payload).await;
        }
        let mut payload = CopyMessages::new(to.chat, from, files.iter().copied().map(MessageId));
        payload.message_thread_id = to.thread;
        payload.remove_caption = caption.filter(|caption| caption.text.is_empty()).map(|_| true);
        self.call(&payload).await
    }

    /// A picture is shown as one; what Telegram takes for none is sent as a document.
    async fn upload(&self, to: Target, file: File, caption: Option<Text>) -> Result<Json, Failure> {
        let Text { text, entities } = caption.unwrap_or_default();
        let mut fields = json!({ "chat_id": to.chat });
        for (name, value) in [
            ("message_thread_id", to.thread.map(|thread| json!(thread))),
            ("reply_parameters", to.reply.map(|reply| json!(reply))),
            ("caption", Some(json!(text)).filter(|_| !text.is_empty())),
            ("caption_entities", Some(json!(entities)).filter(|_| !text.is_empty())),
        ] {
            fields[name] = value.unwrap_or_default();
        }
        if is_picture(&file) {
            match self.send("sendPhoto", "photo", &fields, &file).await {
                Err(Failure { code: 400, .. }) => {}
                sent => return sent,
            }
        }
        self.send("sendDocument", "document", &fields, &file).await
    }
}

/// Telegram takes pictures of up to 10 MB.
fn is_picture(file: &File) -> bool {
    let extension = file.name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_one = extension.is_some_and(|extension| ["jpg", "jpeg", "png", "webp"].contains(&&*extension));
    is_one && file.bytes.len() <= PICTURE
}

/// What is already as it should be has succeeded.
pub fn unless_same(edited: Result<Json, Failure>) -> Result<(), Failure> {
    match edited {
        Err(failure) if !failure.says(&["is not modified", "NOT_MODIFIED"]) => Err(failure),
        _ => Ok(()),
    }
}

/// Buttons by label and data; short ones stand side by side.
pub fn keyboard<'a>(buttons: impl Iterator<Item = (&'a str, String)>) -> Option<InlineKeyboardMarkup> {
    let buttons: Vec<_> = buttons.take(BUTTONS).map(|(text, data)| (label(text, LABEL), data)).collect();
    let widest = buttons.iter().map(|(label, _)| label.chars().count()).max()?;
    let key = |(label, data): &(String, String)| InlineKeyboardButton::callback(label, data);
    let rows = buttons.chunks((33 / (widest + 2)).clamp(1, 5));
    Some(InlineKeyboardMarkup::new(rows.map(|row| row.iter().map(key))))
}

/// To a message.
pub fn reply(message: Option<&str>) -> Option<ReplyParameters> {
    Some(ReplyParameters::new(number(message?).ok()?))
}

/// `CHAT`, or for one of many in a group `CHAT:USER`.
pub fn chat(peer: &str) -> Result<ChatId, SendError> {
    let chat = peer.split(':').next().and_then(|chat| chat.parse().ok());
    chat.map(ChatId).ok_or_else(|| SendError::Final("this is no chat of Telegram".to_owned()))
}

/// A message's id.
pub fn number(id: &str) -> Result<MessageId, SendError> {
    id.parse().map(MessageId).map_err(|_| SendError::Final("this is no message of Telegram".to_owned()))
}

/// Files that are sent at once.
#[derive(Debug, PartialEq, Eq)]
pub enum Group {
    /// Copied out of a chat, with ids that rise.
    Own(ChatId, Vec<i32>),
    /// One of another channel.
    Foreign(String),
}

/// What can be sent at once.
pub fn groups(files: &[String]) -> Vec<Group> {
    let mut groups = Vec::new();
    for file in files {
        match (file_name(file), groups.last_mut()) {
            (Some((chat, id, _)), Some(Group::Own(last, ids)))
                if *last == chat && ids.last() < Some(&id) && ids.len() < FILES =>
            {
                ids.push(id);
            }
            (Some((chat, id, _)), _) => groups.push(Group::Own(chat, vec![id])),
            (None, _) => groups.push(Group::Foreign(file.clone())),
        }
    }
    groups
}

/// A file by the name that `inbound` gives: the message it came with, and its own id, which some have not. Ids of other platforms
/// are too large for a message's.
pub fn file_name(name: &str) -> Option<(ChatId, i32, Option<&str>)> {
    let mut parts = name.splitn(3, '/');
    let (chat, message) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some((ChatId(chat), message, parts.next()))
}

#[cfg(test)]
mod tests;
