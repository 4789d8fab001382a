//! Takes in what Telegram tells: by asking for it, or where it delivers. Stored, then confirmed.
//!
//! What it is not: teloxide's dispatcher, which confirms what it has in memory only.
use anyhow::{Context, Result};
use bot_runtime::channel::SendError;
use bot_runtime::desk::board::Board;
use bot_runtime::kill;
use bot_runtime::runtime::Runtime;
use bot_runtime::store::{SqliteStore, Store, StoreError};
use bot_serve::patience::{insist, keep_on};
use jiff::Timestamp;
use serde_json::Value as Json;
use teloxide_core::payloads::setters::*;
use teloxide_core::payloads::{AnswerCallbackQuery, DeleteWebhook, GetMe, GetUpdates};
use teloxide_core::types::AllowedUpdate::{self, CallbackQuery, EditedMessage, Message, MyChatMember};
use tokio_util::sync::CancellationToken;

use crate::api::{Api, Failure};
use crate::desk::{Topics, heard, presser};
use crate::inbound::{self, Me, Meaning, NAME, meaning, subject};

/// What is asked for; the rest is nobody's words to the bot.
pub const ALLOWED: [AllowedUpdate; 4] = [Message, EditedMessage, CallbackQuery, MyChatMember];

/// Seconds that Telegram may hold a question for updates open.
const POLL: u32 = 50;

/// Where updates go.
pub struct Intake {
    pub api: Api,
    pub me: Me,
    pub runtime: Runtime<SqliteStore>,
    pub board: Board<SqliteStore, Topics>,
}

impl Intake {
    /// Takes in updates. When it returns, all are stored: confirm them then, and not before.
    pub async fn take_in(&self, updates: &[Json]) -> Result<(), StoreError> {
        kill::point("updates.received");
        let now = Timestamp::now();
        let (mut arrivals, mut staff, mut presses) = (Vec::new(), Vec::new(), Vec::new());
        for update in updates {
            if self.is_staff(&subject(update)["chat"]).await? {
                staff.push(update);
                continue;
            }
            match meaning(update, &self.me, now) {
                Meaning::Arrival(arrival) => arrivals.push(*arrival),
                Meaning::Nothing => note(update),
                Meaning::Unread => self.keep(update, now).await?,
            }
            presses.extend(update["callback_query"]["id"].as_str());
        }
        if !arrivals.is_empty() {
            self.runtime.receive(arrivals).await?;
        }
        presses.into_iter().for_each(|press| self.answer(press, None));
        for update in staff {
            self.hear(update, now).await?;
        }
        kill::point("updates.stored");
        Ok(())
    }

    async fn is_staff(&self, chat: &Json) -> Result<bool, StoreError> {
        match chat["id"].as_i64() {
            Some(id) if chat["type"] != "private" => self.board.is_room(&id.to_string()).await,
            _ => Ok(false),
        }
    }

    async fn keep(&self, update: &Json, now: Timestamp) -> Result<(), StoreError> {
        let Some(key) = inbound::key(update) else { return Ok(()) };
        tracing::warn!(key, "an update that can't be understood is kept as it is");
        self.runtime.store().keep_unread(NAME, &key, &update.to_string(), now).await.map(drop)
    }

    async fn hear(&self, update: &Json, now: Timestamp) -> Result<(), StoreError> {
        let press = &update["callback_query"];
        let Some(id) = press["id"].as_str() else {
            if let Some(heard) = heard(update, &self.me, None, now) {
                self.board.hear(heard).await?;
            }
            return Ok(());
        };
        let told = match presser(&self.api, update).await {
            Ok(None) => Some("You are not in this group any more.".to_owned()),
            Ok(agent) => match heard(update, &self.me, agent, now) {
                Some(heard) => self.board.hear(heard).await?,
                None => None,
            },
            Err(_) => Some("Telegram does not say whether you are in this group: press again.".to_owned()),
        };
        self.answer(id, told);
        Ok(())
    }

    /// Ends the button's turning. Nothing depends on it: one that is too old has ended by itself.
    fn answer(&self, press: &str, text: Option<String>) {
        let (api, mut payload) = (self.api.clone(), AnswerCallbackQuery::new(press.to_owned().into()));
        payload.text = text;
        tokio::spawn(async move {
            if let Err(failure) = api.call(&payload).await {
                tracing::debug!(code = failure.code, "a press was not answered");
            }
        });
    }
}

/// Somebody who blocks the bot gets no more replies: that is seen when one is sent.
fn note(update: &Json) {
    let about = &update["my_chat_member"];
    if let Some(status) = about["new_chat_member"]["status"].as_str() {
        tracing::info!(chat = %about["chat"]["id"], status, "what the bot is in a chat has changed");
    }
}

/// Asks who the bot is, until there is an answer; `None`: it was told to stop meanwhile.
///
/// # Errors
/// Telegram does not take the token.
pub async fn greet(api: &Api, stop: &CancellationToken) -> Result<Option<Me>> {
    let ask = async || match api.call(&GetMe::new()).await {
        Err(Failure { code: 401 | 404, what, .. }) => Err(SendError::Final(what)),
        answer => Ok(answer?),
    };
    let me = insist("getMe", stop, ask).await.context(
        "Telegram does not take TELEGRAM_TOKEN: copy it once more from @BotFather, all of it, like 123456:ABC…",
    )?;
    let Some(me) = me else { return Ok(None) };
    let username = me["username"].as_str().unwrap_or_default().to_owned();
    let me = Me { id: me["id"].as_i64().unwrap_or_default(), username };
    tracing::info!(bot = me.username, id = me.id, "Telegram knows the bot");
    Ok(Some(me))
}

/// Asks for updates until it is told to stop: what is not confirmed by then, comes again.
///
/// # Errors
/// At the start, if Telegram refuses to take a webhook away; what fails later is tried again.
pub async fn poll(intake: &Intake, stop: &CancellationToken) -> Result<()> {
    // With a webhook there would be no answers. What waits is not dropped.
    let delete = DeleteWebhook::new();
    insist("deleteWebhook", stop, || intake.api.call(&delete)).await?;
    keep_on(stop, None, async |offset| {
        let batch = updates(&intake.api, offset).await.map_err(|failure| {
            tracing::warn!("no updates: {}", remedy(&failure));
            failure.error
        })?;
        intake.take_in(&batch).await.map_err(|error| {
            tracing::error!("nothing is confirmed to Telegram: {error}");
            SendError::Retry(error.to_string())
        })?;
        // The last one, not the highest: after a quiet week they begin anew, anywhere.
        let last = batch.iter().rev().find_map(|update| update["update_id"].as_i64());
        Ok(last.map(|last| last + 1).or(offset))
    })
    .await;
    Ok(())
}

async fn updates(api: &Api, offset: Option<i64>) -> Result<Vec<Json>, Failure> {
    let mut payload = GetUpdates::new().limit(100).timeout(POLL).allowed_updates(ALLOWED);
    payload.offset = offset.and_then(|offset| i32::try_from(offset).ok());
    let mut updates = api.call(&payload).await?;
    Ok(updates.as_array_mut().map(std::mem::take).unwrap_or_default())
}

fn remedy(failure: &Failure) -> String {
    match failure.code {
        409 if failure.says(&["webhook"]) => {
            "a webhook is set for this bot: stop the program that has set it, then start this one again".to_owned()
        }
        409 => "another program takes this bot's updates with the same token: stop it, or give each a bot of its own; this one \
                goes on as soon as it can"
            .to_owned(),
        401 | 404 => format!("{}: was the token renewed? Set TELEGRAM_TOKEN and start again", failure.what),
        _ => format!("{}; it is tried again", failure.what),
    }
}
