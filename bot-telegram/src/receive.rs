//! Takes in what Telegram tells: by asking for it, or at a webhook. Stored, then confirmed.
//!
//! What it is not: teloxide's dispatcher, which confirms what it has in memory only.
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use bot_runtime::kill;
use bot_runtime::runtime::Runtime;
use bot_runtime::store::{SqliteStore, Store, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use subtle::ConstantTimeEq;
use teloxide_core::payloads::setters::*;
use teloxide_core::payloads::{AnswerCallbackQuery, DeleteWebhook, GetMe, GetUpdates, SetWebhook};
use teloxide_core::requests::Payload;
use teloxide_core::types::AllowedUpdate;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::api::{Api, Failure};
use crate::inbound::{Me, Meaning, NAME, Update};
use crate::settings::Webhook;

/// Seconds that Telegram may hold a question for updates open.
const POLL: u32 = 50;

/// Seconds more until a question is given up.
const GRACE: u32 = 15;

/// The longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What a webhook takes at once: an update is a few kilobytes.
const BODY: usize = 1 << 20;

/// How long a webhook's sender may take.
const SLOW: Duration = Duration::from_secs(30);

const ALLOWED: [AllowedUpdate; 4] = [
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
];

/// Where updates go.
pub struct Intake {
    pub api: Api,
    pub me: Me,
    pub runtime: Runtime<SqliteStore>,
}

impl Intake {
    /// Takes in updates, each as its JSON. When it returns, all are stored: confirm them then, and not before.
    async fn take_in(&self, updates: &[String]) -> Result<(), StoreError> {
        kill::point("updates.received");
        let now = Timestamp::now();
        let (mut arrivals, mut presses) = (Vec::new(), Vec::new());
        for raw in updates {
            let update: Option<Update> = serde_json::from_str(raw).ok();
            let meaning = update.as_ref().map_or(Meaning::Unread, |update| update.meaning(&self.me, now));
            match meaning {
                Meaning::Arrival(arrival) => arrivals.push(arrival),
                Meaning::Nothing => {}
                Meaning::Unread => self.keep(raw, now).await?,
            }
            presses.extend(update.and_then(|update| update.callback_query).map(|press| press.id));
        }
        if !arrivals.is_empty() {
            self.runtime.receive(arrivals).await?;
        }
        kill::point("updates.stored");
        for press in presses {
            let api = self.api.clone();
            // One that is too old has been answered by time; one that is not answered stops turning by itself.
            tokio::spawn(async move { api.call(&AnswerCallbackQuery::new(press.into())).await });
        }
        Ok(())
    }

    async fn keep(&self, raw: &str, now: Timestamp) -> Result<(), StoreError> {
        let Some(id) = update_id(raw) else { return Ok(()) };
        tracing::warn!(update = id, "an update that can't be understood: kept as it is");
        self.runtime.store().keep_unread(NAME, &format!("u{id}"), raw, now).await.map(drop)
    }
}

fn update_id(raw: &str) -> Option<i64> {
    serde_json::from_str::<Json>(raw).ok()?.get("update_id")?.as_i64()
}

/// Asks who the bot is, until there is an answer; `None`: it was told to stop meanwhile.
///
/// # Errors
/// Telegram does not know the token.
pub async fn greet(api: &Api, stop: &CancellationToken) -> Result<Option<Me>> {
    let Some(me) = insist(api, &GetMe::new(), stop).await.context(
        "Telegram does not take TELEGRAM_TOKEN: copy it once more from @BotFather, all of it, like 123456:ABC…",
    )?
    else {
        return Ok(None);
    };
    let me: Me = serde_json::from_value(me).context("what Telegram says of the bot can't be read")?;
    tracing::info!(bot = me.username, id = me.id, "Telegram knows the bot");
    Ok(Some(me))
}

/// Asks until it is answered or refused; `None`: it was told to stop meanwhile.
async fn insist<P: Payload + Serialize>(
    api: &Api,
    payload: &P,
    stop: &CancellationToken,
) -> Result<Option<Json>> {
    let mut pause = Pause::default();
    loop {
        let failure = match api.call(payload).await {
            Ok(answer) => return Ok(Some(answer)),
            Err(failure) => failure,
        };
        let wait = failure.refusal().map(|refusal| refusal.wait);
        if wait == Some(None) {
            bail!("{failure}");
        }
        tracing::warn!(method = P::NAME, "{failure}: it is tried again");
        if pause.is_cut(wait.flatten(), stop).await {
            return Ok(None);
        }
    }
}

/// Asks for updates until it is told to stop.
///
/// # Errors
/// None but at the start: what fails later is tried again.
pub async fn poll(intake: &Intake, stop: &CancellationToken) -> Result<()> {
    // What waits is not dropped.
    if insist(&intake.api, &DeleteWebhook::new(), stop).await?.is_none() {
        return Ok(());
    }
    let (mut offset, mut pause) = (None, Pause::default());
    loop {
        let batch = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            batch = updates(&intake.api, offset) => batch,
        };
        let wait = match batch {
            Ok(batch) => match intake.take_in(&batch).await {
                Ok(()) => {
                    // The last one, not the highest: after a quiet week they begin anew anywhere.
                    let last = batch.iter().rev().find_map(|raw| update_id(raw));
                    offset = last.map(|last| last + 1).or(offset);
                    pause = Pause::default();
                    continue;
                }
                Err(error) => {
                    tracing::error!("nothing is confirmed to Telegram: {error}");
                    None
                }
            },
            Err(failure) => {
                tracing::warn!("{}", trouble(&failure));
                failure.refusal().and_then(|refusal| refusal.wait)
            }
        };
        if pause.is_cut(wait, stop).await {
            return Ok(());
        }
    }
}

async fn updates(api: &Api, offset: Option<i64>) -> Result<Vec<String>, Failure> {
    let mut payload = GetUpdates::new().limit(100).timeout(POLL).allowed_updates(ALLOWED);
    payload.offset = offset.and_then(|offset| i32::try_from(offset).ok());
    let within = Duration::from_secs(u64::from(POLL + GRACE));
    match api.call_within(within, &payload).await? {
        Json::Array(updates) => Ok(updates.iter().map(Json::to_string).collect()),
        _ => Err(Failure::Doubt("an answer to getUpdates that can't be read".to_owned())),
    }
}

fn trouble(failure: &Failure) -> String {
    if failure.says(&["webhook is active"]) {
        return "a webhook is set for this bot, so Telegram gives nothing to who asks: stop the program that has set it, \
                and start this one again"
            .to_owned();
    }
    match failure.refusal().map(|refusal| refusal.code) {
        Some(409) => "another program takes this bot's updates with the same token: stop it, or give each a bot of its \
                      own; this one goes on as soon as it can"
            .to_owned(),
        Some(401 | 404) => format!("{failure}: was the token renewed? Set TELEGRAM_TOKEN and start again"),
        _ => format!("no updates: {failure}; it is tried again"),
    }
}

/// Grows from failure to failure.
#[derive(Default)]
struct Pause(u32);

impl Pause {
    /// 1 s, 2 s, 4 s … a minute, or as Telegram wants it; true: it was told to stop meanwhile.
    async fn is_cut(&mut self, wanted: Option<Duration>, stop: &CancellationToken) -> bool {
        let own = Duration::from_secs(1 << self.0.min(6)).min(LONGEST_PAUSE);
        self.0 += 1;
        tokio::select! {
            () = stop.cancelled() => true,
            () = sleep(wanted.unwrap_or(own)) => false,
        }
    }
}

struct Hook {
    intake: Arc<Intake>,
    secret: String,
}

/// Takes in what Telegram brings, until it is told to stop. The webhook stays then: Telegram keeps what comes meanwhile.
///
/// # Errors
/// It can't listen there, or Telegram refuses the address.
pub async fn listen(intake: Arc<Intake>, webhook: Webhook, stop: &CancellationToken) -> Result<()> {
    let Webhook { url, secret, listen } = webhook;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("can't listen at {listen}, which TELEGRAM_WEBHOOK_LISTEN names"))?;
    let set = SetWebhook::new(url).secret_token(secret.clone()).allowed_updates(ALLOWED).max_connections(40);
    let api = intake.api.clone();
    let app = Router::new().fallback(take).with_state(Arc::new(Hook { intake, secret }));
    let serve = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    let set = async {
        insist(&api, &set, stop).await.context("Telegram does not take TELEGRAM_WEBHOOK_URL")?;
        tracing::info!(%listen, "the webhook is set");
        anyhow::Ok(())
    };
    tokio::try_join!(async { serve.await.context("the webhook's listener has failed") }, set)?;
    Ok(())
}

async fn take(State(hook): State<Arc<Hook>>, request: Request) -> StatusCode {
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    if !knows_secret(request.headers(), &hook.secret) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(body) = timeout(SLOW, to_bytes(request.into_body(), BODY)).await else {
        return StatusCode::REQUEST_TIMEOUT;
    };
    let Ok(body) = body else { return StatusCode::PAYLOAD_TOO_LARGE };
    let Ok(update) = String::from_utf8(body.into()) else { return StatusCode::BAD_REQUEST };
    if update_id(&update).is_none() {
        return StatusCode::BAD_REQUEST;
    }
    match hook.intake.take_in(&[update]).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::error!("nothing is confirmed to Telegram: {error}");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Compared in constant time: how long it takes tells nothing about the secret.
fn knows_secret(headers: &HeaderMap, secret: &str) -> bool {
    let given = headers.get("x-telegram-bot-api-secret-token");
    given.is_some_and(|given| given.as_bytes().ct_eq(secret.as_bytes()).into())
}
