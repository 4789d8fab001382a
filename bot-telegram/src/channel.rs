//! Delivers to customers.
//!
//! What it is not: it formats by no mark-up language. Styles go as entities beside the text, so nothing that a customer or an
//! agent wrote can format.
use std::sync::Arc;
use std::time::Duration;

use bot_core::reply::{Button, Run};
use bot_runtime::channel::{Address, Channel, Delivered, Delivery, Outgoing, Pace, SendError};
use bot_runtime::files::{File, Files};
use bot_runtime::split::split;
use bot_runtime::store::{EventId, SqliteStore, Store};
use reqwest::Url;
use teloxide_core::payloads::{DeleteMessage, SendChatAction};
use teloxide_core::types::{ChatAction, ChatId, ReplyParameters};

use crate::api::{Api, Failure};
use crate::inbound::{BUTTON, NAME, id};
use crate::send::{CAPTION, LONGEST, Target, Text, chat, file_name, groups, keyboard, number, reply, utf16};

/// Events among which the message is looked for that a reply in a group is for.
const RECENT: i64 = 100_000;

/// Telegram, as far as it delivers.
pub struct Telegram {
    pub api: Api,
    pub store: Arc<SqliteStore>,
    pub files: Files,
}

impl Channel for Telegram {
    fn name(&self) -> &str {
        NAME
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Delivered, SendError> {
        let delivered = self.deliver_to(chat(&delivery.address.peer)?, delivery).await;
        Ok(match delivered {
            Err(Failure { moved: Some(to), .. }) => self.deliver_to(ChatId(to), delivery).await?,
            delivered => delivered?,
        })
    }

    async fn busy(&self, address: &Address) {
        if let Ok(chat) = chat(&address.peer) {
            let _ = self.api.call(&SendChatAction::new(chat, ChatAction::Typing)).await;
        }
    }

    fn owns(&self, file: &str) -> bool {
        file_name(file).is_some()
    }

    async fn fetch(&self, file: &str) -> Result<File, SendError> {
        match file_name(file) {
            Some((_, _, Some(id))) => Ok(self.api.file(id).await?),
            _ => Err(SendError::Final("that can be shown in Telegram only".to_owned())),
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
    async fn deliver_to(&self, to: ChatId, delivery: &Delivery) -> Result<Delivered, Failure> {
        let runs = delivery.what.runs(|address| web(address).is_some());
        match &delivery.what {
            Outgoing::Bot { reply } => self.say(to, delivery, runs, &reply.buttons).await,
            Outgoing::Agent { .. } => self.say(to, delivery, runs, &[]).await,
            Outgoing::Files { files, text, .. } => {
                let caption = Some(Text::of(&runs)).filter(|text| utf16(&text.text) <= CAPTION);
                self.copy(to, delivery, files, caption.filter(|_| !text.trim().is_empty())).await
            }
            Outgoing::Edit { message, .. } => {
                let text = Text::of(&split(&runs, LONGEST, utf16)[0]);
                self.api.edit(to, number(message)?, text).await?;
                Ok(Delivered::default())
            }
            Outgoing::Delete { message, .. } => {
                match self.api.call(&DeleteMessage::new(to, number(message)?)).await {
                    Err(failure) if !failure.says(&["message to delete not found"]) => Err(failure),
                    _ => Ok(Delivered::default()),
                }
            }
        }
    }

    async fn say(
        &self,
        to: ChatId,
        delivery: &Delivery,
        runs: Vec<Run>,
        buttons: &[Button],
    ) -> Result<Delivered, Failure> {
        let mut parts = split(&runs, LONGEST, utf16);
        if parts.is_empty() && !buttons.is_empty() {
            // Buttons can't stand alone.
            parts.push(vec![Run { text: "…".to_owned(), ..Run::default() }]);
        }
        let (Some(runs), more) = nth(&parts, delivery.part) else { return Ok(Delivered::default()) };
        let keys = buttons.iter().map(|button| (button.label.as_str(), format!("{BUTTON}{}", button.id)));
        let mut payload = Text::of(runs).to(to);
        payload.reply_markup = keyboard(keys).filter(|_| !more).map(Into::into);
        payload.reply_parameters = self.reply(delivery).await;
        let sent = self.api.call(&payload).await?;
        Ok(Delivered { messages: id(&sent).into_iter().collect(), more })
    }

    async fn copy(
        &self,
        to: ChatId,
        delivery: &Delivery,
        files: &[String],
        caption: Option<Text>,
    ) -> Result<Delivered, Failure> {
        let groups = groups(files);
        let (Some(group), more) = nth(&groups, delivery.part) else { return Ok(Delivered::default()) };
        let to = Target { chat: to, thread: None, reply: self.reply(delivery).await };
        let messages = self.api.show(&self.files, to, group, caption.filter(|_| delivery.part == 0)).await?;
        Ok(Delivered { messages, more })
    }

    /// What the message replies to; in a group also what the bot says, as it talks to one of many.
    async fn reply(&self, delivery: &Delivery) -> Option<ReplyParameters> {
        let quotes = match &delivery.quotes {
            _ if delivery.part > 0 => None,
            None if delivery.address.peer.contains(':') => self.last(&delivery.address).await,
            quotes => quotes.clone(),
        };
        // It may be gone by now.
        reply(quotes.as_deref()).map(ReplyParameters::allow_sending_without_reply)
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

/// Telegram links web addresses only.
pub fn web(address: &str) -> Option<Url> {
    Url::parse(address).ok().filter(|url| ["http", "https"].contains(&url.scheme()))
}
