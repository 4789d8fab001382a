//! The desk's place on Telegram: a group with topics, one for each customer.
//!
//! What it is not: what is shown there, and what agents' words do, is the board's.
use std::time::Duration;

use bot_runtime::channel::SendError;
use bot_runtime::desk::board::{Heard, Place, Post, Spoken, ThreadError, Threads};
use bot_runtime::files::Files;
use bot_runtime::store::Fate;
use jiff::Timestamp;
use serde_json::Value as Json;
use teloxide_core::payloads::setters::*;
use teloxide_core::payloads::{
    CreateForumTopic, DeleteForumTopic, DeleteMessage, EditForumTopic, EditMessageText, GetChatMember,
    SetMessageReaction,
};
use teloxide_core::types::{ChatId, InlineKeyboardMarkup, ReactionType, ThreadId, UserId};

use crate::api::{Api, Failure};
use crate::inbound::{Me, NAME, album, attachment, file, id, key, name, replies_to, subject, time, words};
use crate::send::{
    LONGEST, Target, Text, chat, groups, keyboard, no_preview, number, reply, unless_same, utf16,
};

/// What an administrator is called who does not want to be known.
const ANONYMOUS: &str = "Team";

/// How often it is asked at once whether somebody is in the group, while no answer comes.
const ASKED: usize = 3;

/// What the bot must be allowed in a group of agents, and what Telegram calls it where rights are given.
pub const RIGHTS: [(&str, &str); 2] =
    [("can_manage_topics", "Manage Topics"), ("can_delete_messages", "Delete Messages")];

const GONE: [&str; 4] = ["message thread not found", "TOPIC_ID_INVALID", "TOPIC_DELETED", "TOPIC_CLOSED"];
const NO_MESSAGE: [&str; 9] = [
    "message to edit not found",
    "message can't be edited",
    "message to copy not found",
    "message can't be copied",
    "no messages to forward",
    "files are not there",
    "message to react not found",
    "message to be replied not found",
    "MESSAGE_ID_INVALID",
];
const FORBIDDEN: [&str; 6] = [
    "not enough rights",
    "ADMIN_REQUIRED",
    "have no rights",
    "not a forum",
    "chat not found",
    "CHAT_WRITE_FORBIDDEN",
];

/// Groups of agents, as far as they are written to.
pub struct Topics(pub Api, pub Files);

impl Threads for Topics {
    fn name(&self) -> &str {
        NAME
    }

    fn longest(&self) -> usize {
        LONGEST
    }

    fn measure(&self, text: &str) -> usize {
        utf16(&literal(text))
    }

    fn budget(&self) -> (u32, Duration) {
        (20, Duration::from_secs(60))
    }

    async fn open(&self, room: &str, title: &str) -> Result<String, ThreadError> {
        let made = self.0.call(&CreateForumTopic::new(chat(room)?, title)).await?;
        let thread = made["message_thread_id"].as_i64();
        Ok(thread.ok_or_else(|| Failure::doubt("the new topic has no id"))?.to_string())
    }

    async fn rename(&self, at: &Place, title: &str) -> Result<(), ThreadError> {
        let payload = EditForumTopic::new(chat(&at.room)?, thread(at)?.ok_or(ThreadError::ThreadGone)?);
        Ok(unless_same(self.0.call(&payload.name(title)).await)?)
    }

    async fn erase(&self, at: &Place) -> Result<(), ThreadError> {
        let thread = thread(at)?.ok_or(ThreadError::ThreadGone)?;
        self.0.call(&DeleteForumTopic::new(chat(&at.room)?, thread)).await?;
        Ok(())
    }

    async fn post(&self, at: &Place, post: &Post) -> Result<String, ThreadError> {
        let room = chat(&at.room)?;
        let mut payload = Text { text: literal(&post.text), ..Text::default() }.to(room);
        payload.message_thread_id = thread(at)?;
        payload.disable_notification = post.silent.then_some(true);
        payload.reply_parameters = reply(post.replies_to.as_deref());
        payload.reply_markup = keys(post).map(Into::into);
        let sent = self.0.call(&payload).await?;
        let id = id(&sent).ok_or_else(|| Failure::doubt("the message has no id"))?;
        let is_in = sent["message_thread_id"].as_i64().map(|thread| thread.to_string());
        if at.thread.is_some() && is_in != at.thread {
            self.0.call(&DeleteMessage::new(room, number(&id)?)).await?;
            return Err(ThreadError::ThreadGone);
        }
        Ok(id)
    }

    async fn change(&self, at: &Place, message: &str, post: &Post) -> Result<(), ThreadError> {
        let mut payload = EditMessageText::new(chat(&at.room)?, number(message)?, literal(&post.text))
            .link_preview_options(no_preview());
        payload.reply_markup = keys(post);
        Ok(unless_same(self.0.call(&payload).await)?)
    }

    async fn copy(
        &self,
        at: &Place,
        files: &[String],
        replies_to: Option<&str>,
    ) -> Result<Vec<String>, ThreadError> {
        let (room, thread, mut copied) = (chat(&at.room)?, thread(at)?, Vec::new());
        for group in &groups(files) {
            // What is written under them is told by itself: here it would call whoever it names.
            let to = Target { chat: room, thread, reply: reply(replies_to) };
            copied.extend(self.0.show(&self.1, to, group, Some(Text::default())).await?);
        }
        Ok(copied)
    }

    async fn mark(&self, at: &Place, message: &str, fate: Fate) -> Result<(), ThreadError> {
        let emoji = match fate {
            Fate::Waiting => None,
            Fate::Sent => Some("👍"),
            Fate::Failed => Some("👎"),
        };
        let reaction = emoji.map(|emoji| ReactionType::Emoji { emoji: emoji.to_owned() });
        let payload = SetMessageReaction::new(chat(&at.room)?, number(message)?).reaction(reaction);
        match self.0.call(&payload).await {
            // A group may allow none.
            Err(failure) if !failure.says(&["REACTION"]) => Err(failure.into()),
            _ => Ok(()),
        }
    }
}

impl From<Failure> for ThreadError {
    fn from(failure: Failure) -> ThreadError {
        match failure.moved {
            Some(room) => ThreadError::Moved(room.to_string()),
            None if failure.says(&GONE) => ThreadError::ThreadGone,
            None if failure.says(&NO_MESSAGE) => ThreadError::MessageGone,
            None if failure.code == 403 || failure.says(&FORBIDDEN) => ThreadError::Forbidden(format!(
                "{}: in Telegram open the group → Edit → Administrators → the bot, and allow Manage Topics and Delete Messages",
                failure.what
            )),
            None => ThreadError::Send(failure.error),
        }
    }
}

/// General is no topic of its own.
fn thread(at: &Place) -> Result<Option<ThreadId>, SendError> {
    at.thread.as_deref().map(number).transpose().map(|id| id.map(ThreadId))
}

fn keys(post: &Post) -> Option<InlineKeyboardMarkup> {
    keyboard(post.buttons.iter().map(|button| (button.label.as_str(), button.data.clone())))
}

/// Nobody is called by what a customer wrote: Telegram would tell whoever is named behind an `@`.
fn literal(text: &str) -> String {
    let mut before = ' ';
    let apart = text.chars().flat_map(|letter| {
        let calls = letter == '@' && !before.is_alphanumeric();
        before = letter;
        [Some(letter), calls.then_some('\u{2060}')]
    });
    apart.flatten().collect()
}

/// Who pressed a button in a group of agents, if they belong to it now.
pub async fn presser(api: &Api, update: &Json) -> Result<Option<String>, Failure> {
    let from = &update["callback_query"]["from"];
    let (Some(room), Some(user)) = (subject(update)["chat"]["id"].as_i64(), from["id"].as_u64()) else {
        return Ok(None);
    };
    let payload = GetChatMember::new(ChatId(room), UserId(user));
    let mut asked = api.call(&payload).await;
    for _ in 1..ASKED {
        if matches!(asked, Err(Failure { code: 0 | 500.., .. })) {
            asked = api.call(&payload).await;
        }
    }
    let member = match asked {
        Err(failure) if failure.code == 400 => return Ok(None),
        asked => asked?,
    };
    Ok(is_in(&member).then(|| match member["is_anonymous"] == true {
        true => member["custom_title"].as_str().unwrap_or(ANONYMOUS).to_owned(),
        false => name(from),
    }))
}

fn is_in(member: &Json) -> bool {
    let status = member["status"].as_str().unwrap_or_default();
    ["creator", "administrator", "member"].contains(&status) || member["is_member"] == true
}

/// What somebody did in a group of agents; `None`: nothing for the desk. `presser` has pressed, if that is what it is.
pub fn heard(update: &Json, me: &Me, presser: Option<String>, now: Timestamp) -> Option<Heard> {
    let (message, press) = (subject(update), &update["callback_query"]);
    let agent = if press.is_object() { presser } else { agent(message) };
    let what = if let Some(data) = press["data"].as_str() {
        Spoken::Press { data: data.to_owned() }
    } else if update["my_chat_member"].is_object() {
        Spoken::Rights { missing: missing(&message["new_chat_member"]) }
    } else if update["edited_message"].is_object() {
        Spoken::Edit { message: id(message)?, text: words(message, me).0 }
    } else {
        said(message, me)?
    };
    let thread = message["message_thread_id"].as_i64().filter(|_| message["is_topic_message"] == true);
    let place = Place { room: message["chat"]["id"].to_string(), thread: thread.map(|id| id.to_string()) };
    let at = time(message).filter(|_| press.is_null()).unwrap_or(now);
    Some(Heard { place, key: key(update)?, at, agent, what })
}

fn said(message: &Json, me: &Me) -> Option<Spoken> {
    if let Some(room) = message["migrate_to_chat_id"].as_i64() {
        return Some(Spoken::Moved { room: room.to_string() });
    }
    if message["from"]["id"] == me.id {
        let title = message["forum_topic_created"]["name"].as_str()?.to_owned();
        return Some(Spoken::Opened { title });
    }
    let ((text, _), replies_to) = (words(message, me), replies_to(message));
    let is_for_another = text.starts_with('/') && text.split_whitespace().next()?.contains('@');
    match (message["text"].is_string(), attachment(message)) {
        (true, _) if is_for_another => None,
        (true, _) => Some(Spoken::Text { message: id(message)?, text, replies_to }),
        (false, Some(_)) => {
            let (files, album) = (vec![file(message)], album(message));
            Some(Spoken::Files { message: id(message)?, files, text, album, replies_to })
        }
        (false, None) => None,
    }
}

/// The agent's name as customers may see it; `None`: the words are not an agent's own.
fn agent(message: &Json) -> Option<String> {
    let is_own = message["forward_origin"].is_null() && message["via_bot"].is_null();
    let is_group = message["sender_chat"]["id"] == message["chat"]["id"];
    match &message["sender_chat"] {
        _ if !is_own => None,
        Json::Null => (message["from"]["is_bot"] == false).then(|| name(&message["from"])),
        // An administrator who does not want to be known.
        _ if is_group => Some(message["author_signature"].as_str().unwrap_or(ANONYMOUS).to_owned()),
        _ => None,
    }
}

/// What a member of a group of agents may not do though the bot must, with what to do.
pub fn missing(member: &Json) -> Vec<String> {
    match member["status"].as_str() {
        Some("creator") => Vec::new(),
        Some("administrator") => {
            let lacking = RIGHTS.iter().filter(|(right, _)| member[right] != true);
            lacking.map(|(_, name)| format!("the bot lacks the right {name}")).collect()
        }
        Some("left" | "kicked") | None => vec!["the bot is not in the group".to_owned()],
        Some(_) => vec!["the bot is no administrator of the group".to_owned()],
    }
}

#[cfg(test)]
mod tests;
