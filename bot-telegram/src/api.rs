//! One request to the Bot API, and what became of it.
//!
//! What it is not: teloxide's way of asking. That one waits ten seconds after each 5xx, forgets the status, and its errors show
//! the token. Requests and their types are teloxide's.
use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bot_runtime::channel::SendError;
use reqwest::{Client, Url, redirect};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use teloxide_core::requests::Payload;

/// How long an answer may take; the sender gives up after a minute.
const ANSWER: Duration = Duration::from_secs(30);

/// Telegram's own servers.
const SERVER: &str = "https://api.telegram.org";

/// A way to the Bot API. Clones share their connections.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base: Url,
}

/// A request that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing was done: there is no connection.
    Offline(String),
    /// It can't be known whether it was done: a time-out, a reset, a 5xx.
    Doubt(String),
    /// Nothing was done: Telegram refused.
    Refused(Refusal),
}

/// Why Telegram refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The status: 400, 403, 429 …
    pub code: u16,
    /// Telegram's words.
    pub what: String,
    /// How long it wants to be left alone.
    pub wait: Option<Duration>,
    /// The id that the group has now.
    pub moved: Option<i64>,
}

#[derive(Default, Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    result: Json,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

impl Api {
    /// Asks Telegram's servers, or the one at `server`.
    pub fn new(token: &str, server: Option<&str>) -> Result<Api> {
        let server = server.unwrap_or(SERVER);
        let mut base =
            Url::parse(server).with_context(|| format!("TELEGRAM_API_URL: `{server}` is no address"))?;
        ensure!(["http", "https"].contains(&base.scheme()), "TELEGRAM_API_URL begins with https:// or http://");
        if let Ok(mut path) = base.path_segments_mut() {
            path.pop_if_empty().push(&format!("bot{token}"));
        }
        // A server that sends elsewhere would send the token along.
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .tcp_nodelay(true)
            .build()
            .map_err(reqwest::Error::without_url)?;
        Ok(Api { client, base })
    }

    /// Asks, and waits half a minute for the answer.
    pub async fn call<P: Payload + Serialize>(&self, payload: &P) -> Result<Json, Failure> {
        self.call_within(ANSWER, payload).await
    }

    /// Asks, and waits so long for the answer.
    pub async fn call_within<P: Payload + Serialize>(
        &self,
        within: Duration,
        payload: &P,
    ) -> Result<Json, Failure> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(P::NAME);
        }
        let response =
            self.client.post(url).timeout(within).json(payload).send().await.map_err(Failure::network)?;
        let status = response.status().as_u16();
        read(status, &response.bytes().await.map_err(Failure::network)?)
    }
}

impl fmt::Debug for Api {
    /// Without the address: the token is in it.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Api")
    }
}

/// What an answer means.
fn read(status: u16, body: &[u8]) -> Result<Json, Failure> {
    let answer = serde_json::from_slice::<Answer>(body);
    match answer {
        Ok(Answer { ok: true, result, .. }) if status < 400 => Ok(result),
        _ if status >= 500 => Err(Failure::Doubt(format!("Telegram's server answered {status}"))),
        Ok(Answer { ok: false, error_code, description, parameters, .. }) => {
            let code = error_code.unwrap_or(status);
            let wait = parameters.retry_after.or_else(|| (code == 429).then_some(1));
            let moved = parameters.migrate_to_chat_id;
            let wait = wait.map(Duration::from_secs);
            Err(Failure::Refused(Refusal { code, what: description, wait, moved }))
        }
        // Not Telegram: what stands between.
        _ if status >= 400 => {
            let wait = (status == 429).then_some(Duration::from_secs(1));
            let what = format!("a server on the way answered {status}");
            Err(Failure::Refused(Refusal { code: status, what, wait, moved: None }))
        }
        _ => Err(Failure::Doubt("an answer that can't be read".to_owned())),
    }
}

impl Failure {
    fn network(error: reqwest::Error) -> Failure {
        let error = error.without_url();
        match error.is_connect() {
            true => Failure::Offline(format!("no connection to Telegram: {error}")),
            false if error.is_timeout() => Failure::Doubt("no answer from Telegram in time".to_owned()),
            false => Failure::Doubt(format!("the connection to Telegram broke: {error}")),
        }
    }

    /// Why it was refused; `None`: it was not.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Failure::Refused(refusal) => Some(refusal),
            Failure::Offline(_) | Failure::Doubt(_) => None,
        }
    }

    /// Whether Telegram refused with one of these words.
    pub fn says(&self, words: &[&str]) -> bool {
        self.refusal().is_some_and(|refusal| words.iter().any(|words| refusal.what.contains(words)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Failure::Offline(what) | Failure::Doubt(what) => f.write_str(what),
            Failure::Refused(refusal) => write!(f, "Telegram refused: {} ({})", refusal.what, refusal.code),
        }
    }
}

/// What Telegram says of a chat, and what agents read.
const REASONS: [(&str, &str); 10] = [
    ("bot was blocked by the user", "the customer has blocked the bot"),
    ("user is deactivated", "the customer's account is gone"),
    ("can't initiate conversation", "the customer has never written to the bot here"),
    ("chat not found", "Telegram does not know this chat any more"),
    ("bot was kicked", "the bot was removed from that group"),
    ("not a member", "the bot is not in that group"),
    ("group chat was deleted", "that group was deleted"),
    ("not enough rights", "the bot may not write in that chat"),
    ("have no rights to send", "the bot may not write in that chat"),
    ("CHAT_WRITE_FORBIDDEN", "the bot may not write in that chat"),
];

impl From<Failure> for SendError {
    fn from(failure: Failure) -> SendError {
        let refusal = match failure {
            Failure::Offline(what) => return SendError::Retry(what),
            Failure::Doubt(what) => return SendError::Doubt(what),
            Failure::Refused(refusal) => refusal,
        };
        let known = REASONS.iter().find(|(words, _)| refusal.what.contains(words));
        match (refusal.wait, refusal.code, known) {
            (Some(pause), ..) => SendError::Wait { pause, all: false },
            // The token is wrong or was renewed: no fault of this message.
            (None, 401 | 404, None) => SendError::Retry(format!("the token is not valid: {}", refusal.what)),
            (None, _, Some((_, reason))) => SendError::Final((*reason).to_owned()),
            (None, ..) => SendError::Final(format!("Telegram refuses it: {}", refusal.what)),
        }
    }
}
