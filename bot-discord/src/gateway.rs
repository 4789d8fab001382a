//! The connection through which Discord tells what happens: raw texts, strictly in order.
//!
//! A session outlives its socket and this process: what is needed to go on with it is in the store. The same way leads back after
//! a broken socket, a heartbeat without an answer, and a restart.
//!
//! What it is not: it does not read events but those about the connection itself.
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use bot_runtime::store::{SqliteStore, Store, StoreError};
use futures_core::Stream;
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use twilight_gateway::error::{ReceiveMessageError, ReceiveMessageErrorType};
use twilight_gateway::queue::Queue;
use twilight_gateway::{Config, ConfigBuilder, Intents, Message, Session, Shard, ShardId};

use crate::api::{Api, Failure};
use crate::inbound::{Me, NAME};
use crate::snowflake::since;

/// Discord wants a sign of life about every 41 seconds, and answers it: who hears nothing for so long is not connected.
const SILENT: Duration = Duration::from_secs(100);

/// Times at which a new session was asked for, the oldest first.
const IDENTIFIES: &str = "identifies";

/// Discord takes a token away that asks for more than 1,000 new sessions a day.
const DAY: SignedDuration = SignedDuration::from_hours(24);
const MOST: usize = 900;

/// What is wanted of the gateway; what people write on a server comes only where the developer portal allows it.
pub const INTENTS: Intents = Intents::GUILDS.union(Intents::GUILD_MESSAGES).union(Intents::DIRECT_MESSAGES);

/// How far the intake is: all before it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The session, if there is one that may be gone on with.
    pub session: Option<Known>,
    /// The newest message that was seen.
    pub seen: Option<u64>,
    /// What came after that message must be looked up in the channels.
    pub behind: Option<u64>,
}

/// A session that Discord may still know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// Where it is gone on with.
    pub url: String,
    /// The number of the last event that is stored.
    pub sequence: u64,
}

/// Something that came through the gateway.
#[derive(Debug, PartialEq)]
pub enum Came {
    /// An event.
    Event(Json),
    /// A text that is none.
    Odd(String),
    /// The connection is over; what to do then.
    Over(Over),
}

/// How a connection has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The session may be gone on with.
    Resume,
    /// A new session is needed.
    Anew,
    /// There is no use in trying again; what to do, for operators.
    Never(&'static str),
}

/// One connection.
pub struct Gateway {
    shard: Shard<Identifies>,
}

impl Gateway {
    /// Connects with the first question for what came, and goes on with the session if there is one.
    pub fn new(api: &Api, me: &Me, store: &Arc<SqliteStore>, at: &str, session: Option<&Known>) -> Gateway {
        let content = if me.reads { Intents::MESSAGE_CONTENT } else { Intents::empty() };
        let queue = Identifies { api: api.clone(), store: store.clone() };
        let config = ConfigBuilder::new(api.token().to_owned(), INTENTS | content).proxy_url(at.to_owned());
        let config = match session {
            Some(known) => {
                config.session(Session::new(known.sequence, known.id.clone())).resume_url(known.url.clone())
            }
            None => config,
        };
        let config: Config<Identifies> = config.queue(queue).build();
        Gateway { shard: Shard::with_config(ShardId::ONE, config) }
    }

    /// What comes next. An event that is not asked for is not lost: Discord sends it again to who goes on with the session. While
    /// nobody waits for this, no sign of life is sent.
    pub async fn next(&mut self) -> Came {
        loop {
            let next = poll_fn(|context| Pin::new(&mut self.shard).poll_next(context));
            let came = timeout(SILENT, next).await.map_or(Some(Came::Over(Over::Resume)), read);
            if let Some(came) = came {
                return came;
            }
        }
    }
}

/// What twilight has read; `None`: there is nothing to do.
fn read(next: Option<Result<Message, ReceiveMessageError>>) -> Option<Came> {
    match next {
        Some(Ok(Message::Text(text))) => told(&text),
        Some(Ok(Message::Close(frame))) => Some(Came::Over(ending(frame.map(|frame| frame.code)))),
        Some(Err(error)) => match error.into_parts().0 {
            ReceiveMessageErrorType::Deserializing { event } => Some(Came::Odd(event)),
            _ => Some(Came::Over(Over::Resume)),
        },
        None => Some(Came::Over(Over::Resume)),
    }
}

/// What the number means with which Discord has closed a connection.
fn ending(code: Option<u16>) -> Over {
    match code {
        Some(4004) => Over::Never(
            "Discord does not take DISCORD_TOKEN: in the developer portal open the application → Bot → Reset Token, copy it, and start \
             again",
        ),
        Some(4010 | 4011) => Over::Never(
            "Discord wants this bot to be divided into shards, which this program does not do: it is on too many servers",
        ),
        Some(4012) => Over::Never(
            "Discord does not speak this version of the gateway any more: a newer program is needed",
        ),
        Some(4013) => {
            Over::Never("Discord does not know what this program asks for: a newer program is needed")
        }
        Some(4014) => Over::Never(
            "the bot may not read what people write: in the developer portal open the application → Bot → Privileged Gateway Intents → \
             switch on Message Content Intent → Save Changes, and start again",
        ),
        // The session is not known any more.
        Some(4003 | 4007 | 4009) => Over::Anew,
        _ => Over::Resume,
    }
}

/// What a text says; `None`: there is nothing to do.
fn told(text: &str) -> Option<Came> {
    let text: Json = serde_json::from_str(text).unwrap_or_default();
    match text["op"].as_u64()? {
        0 => Some(Came::Event(text)),
        7 => Some(Came::Over(Over::Resume)),
        9 if text["d"] == true => Some(Came::Over(Over::Resume)),
        9 => Some(Came::Over(Over::Anew)),
        _ => None,
    }
}

/// Where the gateway is, and how many new sessions may be asked for.
///
/// # Errors
/// Discord has not said.
pub async fn address(api: &Api) -> Result<(String, Limit), Failure> {
    let answer = api.get("gateway/bot").await?;
    let is_address = |url: &&str| Url::parse(url).is_ok_and(|url| ["ws", "wss"].contains(&url.scheme()));
    let url = answer["url"].as_str().filter(is_address);
    let url = url.ok_or_else(|| Failure::doubt("Discord does not say where its gateway is"))?;
    Ok((url.trim_end_matches('/').to_owned(), Limit::read(&answer["session_start_limit"])))
}

/// How many new sessions may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    left: u64,
    reset: Duration,
}

impl Limit {
    fn read(limit: &Json) -> Limit {
        let left = limit["remaining"].as_u64().unwrap_or(1);
        Limit { left, reset: Duration::from_millis(limit["reset_after"].as_u64().unwrap_or_default()) }
    }
}

/// Lets a new session be asked for when it may be: seldom, and counted across restarts.
#[derive(Clone)]
pub struct Identifies {
    api: Api,
    store: Arc<SqliteStore>,
}

impl Queue for Identifies {
    fn enqueue(&self, _shard: u32) -> oneshot::Receiver<()> {
        let (go, may_go) = oneshot::channel();
        let own = self.clone();
        tokio::spawn(async move {
            let mut tries = 0;
            while !go.is_closed() {
                match own.may_go().await {
                    // Nobody may be waiting any more.
                    Ok(None) => {
                        let _ = go.send(());
                        return;
                    }
                    Ok(Some(wait)) => {
                        tracing::warn!(seconds = wait.as_secs(), "a new session with Discord must wait");
                        sleep(wait).await;
                    }
                    Err(error) => {
                        tracing::warn!("a new session with Discord must wait: {error:#}");
                        sleep(Duration::from_secs(1 << std::cmp::min(tries, 6))).await;
                        tries += 1;
                    }
                }
            }
        });
        may_go
    }
}

impl Identifies {
    /// `None`: now, and that is counted.
    async fn may_go(&self) -> Result<Option<Duration>> {
        let now = Timestamp::now();
        let memo = self.store.memo(NAME, IDENTIFIES).await?;
        let mut times: Vec<Timestamp> =
            memo.and_then(|memo| serde_json::from_str(&memo).ok()).unwrap_or_default();
        times.retain(|at| now.duration_since(*at) < DAY && *at <= now);
        if let Some(wait) = back_off(&times, now) {
            return Ok(Some(wait));
        }
        let Ok((_, limit)) = address(&self.api).await else {
            bail!("Discord does not say how many are left")
        };
        if limit.left == 0 {
            return Ok(Some(limit.reset.max(Duration::from_secs(60))));
        }
        times.push(now);
        self.store.keep_memo(NAME, IDENTIFIES, Some(json!(times).to_string())).await?;
        Ok(None)
    }
}

/// How long to wait after those of the last day: with each of the last quarter of an hour twice as long. Discord refuses a second one
/// within five seconds of its clock; the one that was counted here came there a little later.
fn back_off(times: &[Timestamp], now: Timestamp) -> Option<Duration> {
    let last = now.duration_since(*times.last()?);
    let recent = times.iter().filter(|at| now.duration_since(**at) < SignedDuration::from_mins(15)).count();
    let mut pause = SignedDuration::from_secs((6 << recent.saturating_sub(1).min(7)).min(300));
    if times.len() >= MOST {
        pause = DAY / 48;
    }
    (pause - last).try_into().ok().filter(|wait: &Duration| !wait.is_zero())
}

impl Position {
    /// As it was kept; a bot with another token begins anew.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn load(store: &SqliteStore, me: &Me) -> Result<Position, StoreError> {
        let memo = store.memo(NAME, &Position::name(me)).await?;
        let position: Position = memo.and_then(|memo| serde_json::from_str(&memo).ok()).unwrap_or_default();
        let is_usable = |known: &Known| Url::parse(&known.url).is_ok();
        Ok(Position { session: position.session.filter(is_usable), ..position })
    }

    /// Keeps it. To be called when all before it is stored, and not before.
    ///
    /// # Errors
    /// The store can't be written.
    pub async fn keep(&self, store: &SqliteStore, me: &Me) -> Result<(), StoreError> {
        store.keep_memo(NAME, &Position::name(me), serde_json::to_string(self).ok()).await
    }

    fn name(me: &Me) -> String {
        format!("position/{}", me.application)
    }

    /// An event is stored.
    pub fn pass(&mut self, event: &Json) {
        let data = &event["d"];
        if event["t"] == "READY" {
            let before = self.seen;
            let text = |name: &str| data[name].as_str().map(str::to_owned);
            self.session = text("session_id").zip(text("resume_gateway_url")).map(|(id, url)| {
                let url = url.trim_end_matches('/').to_owned();
                Known { id, url, sequence: 0 }
            });
            self.seen = self.seen.or(Some(since(Timestamp::now())));
            self.behind = self.behind.or(before);
        }
        if event["t"] == "MESSAGE_CREATE" {
            self.seen = self.seen.max(data["id"].as_str().and_then(|id| id.parse().ok()));
        }
        if let (Some(known), Some(sequence)) = (&mut self.session, event["s"].as_u64()) {
            known.sequence = sequence;
        }
    }
}

#[cfg(test)]
mod tests;
