//! One request to Discord, and what became of it.
//!
//! What it is not: it knows no message and no thread. How fast it may ask, Discord says itself, route by route (`pace`).
use std::time::Duration;

use anyhow::{Result, ensure};
use bot_runtime::channel::SendError;
use bot_runtime::files::File;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Error, Method, RequestBuilder, Url, redirect};
use serde_json::Value as Json;
use tokio::time::timeout;

use crate::pace::Pace;

/// How long an answer may take; the sender gives up after a minute.
const ANSWER: Duration = Duration::from_secs(15);

/// How long a file may take; it is fetched and sent within the minute after which a sender gives up.
const FILE: Duration = Duration::from_secs(25);

/// Bytes of a file that Discord takes from a bot.
pub const LARGEST: u64 = 10 << 20;

/// Discord's own servers.
pub const SERVER: &str = "https://discord.com/api/v10";

/// A way to Discord. It has no `Debug`: the token is in it. Clones share their connections and their pace.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base: Url,
    token: String,
    pace: Pace,
}

/// A request that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What it means for a delivery; its words are for agents.
    pub error: SendError,
    /// The status: 400, 403, 429 …; 0: there was none.
    pub status: u16,
    /// Discord's own number: 50007, 10003 …; 0: there was none.
    pub code: u64,
    /// Discord's words, and where they apply.
    pub what: String,
}

/// What Discord says of a channel or person, and what agents read.
const REASONS: [(u64, &str); 11] = [
    (50007, "the customer takes no direct messages from the bot"),
    (50278, "the customer is on no server with the bot any more"),
    (10003, "that channel was deleted"),
    (10004, "the bot was removed from that server"),
    (10008, "that message was deleted"),
    (10013, "the customer's account is gone"),
    (50001, "the bot may not see that channel"),
    (50013, "the bot may not write in that channel"),
    (20026, "Discord has put this bot under quarantine"),
    (160005, "that thread is locked"),
    (40005, "that file is too large for Discord"),
];

impl Api {
    /// Asks Discord's servers, or the one at `server`. To be called inside a runtime.
    ///
    /// # Errors
    /// The address or the token can't be one.
    pub fn new(token: &str, server: Option<&str>) -> Result<Api> {
        let base = Url::parse(server.unwrap_or(SERVER)).ok();
        let base = base.filter(|url| ["http", "https"].contains(&url.scheme()));
        ensure!(base.is_some(), "DISCORD_API_URL is not like {SERVER}");
        let token = token.trim().trim_start_matches("Bot ").to_owned();
        let mut headers = HeaderMap::new();
        let authorization = HeaderValue::from_str(&format!("Bot {token}"));
        ensure!(authorization.is_ok(), "DISCORD_TOKEN has characters that no token has");
        if let Ok(mut authorization) = authorization {
            authorization.set_sensitive(true);
            headers.insert(AUTHORIZATION, authorization);
        }
        let agent = concat!("DiscordBot (bot-discord, ", env!("CARGO_PKG_VERSION"), ")");
        headers.insert(USER_AGENT, HeaderValue::from_static(agent));
        // A server that sends elsewhere would send the token along.
        let client = Client::builder().redirect(redirect::Policy::none()).tcp_nodelay(true);
        let client = client.default_headers(headers).connect_timeout(Duration::from_secs(5));
        let client = client.build().map_err(Error::without_url)?;
        let base = base.unwrap_or_else(|| unreachable!("ensured above"));
        Ok(Api { client, base, token, pace: Pace::new() })
    }

    /// For the gateway.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The server that is asked.
    pub fn server(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Reads. What stands behind `?` is a query.
    pub async fn get(&self, path: &str) -> Result<Json, Failure> {
        self.ask(Method::GET, path, ANSWER, Ok).await
    }

    /// Makes.
    pub async fn post(&self, path: &str, body: &Json) -> Result<Json, Failure> {
        self.ask(Method::POST, path, ANSWER, |request| Ok(request.json(body))).await
    }

    /// Changes.
    pub async fn patch(&self, path: &str, body: &Json) -> Result<Json, Failure> {
        self.ask(Method::PATCH, path, ANSWER, |request| Ok(request.json(body))).await
    }

    /// Sets; `Json::Null`: there is nothing to say about it.
    pub async fn put(&self, path: &str, body: &Json) -> Result<Json, Failure> {
        let body = Some(body).filter(|body| !body.is_null());
        let with = |request: RequestBuilder| {
            Ok(match body {
                Some(body) => request.json(body),
                // Discord wants a length.
                None => request.body(""),
            })
        };
        self.ask(Method::PUT, path, ANSWER, with).await
    }

    /// Takes away.
    pub async fn delete(&self, path: &str) -> Result<Json, Failure> {
        self.ask(Method::DELETE, path, ANSWER, Ok).await
    }

    /// Makes, with a file.
    pub async fn send(&self, path: &str, body: &Json, file: &File) -> Result<Json, Failure> {
        let json = Part::text(body.to_string()).mime_str("application/json");
        let json = json.map_err(|_| Failure::refused("the message can't be written"))?;
        let bytes = Part::bytes(file.bytes.clone()).file_name(file.name.clone());
        let form = Form::new().part("payload_json", json).part("files[0]", bytes);
        self.ask(Method::POST, path, FILE, |request| Ok(request.multipart(form))).await
    }

    /// A file's bytes, of an address that Discord has given; `None`: it is larger than that. The token stays here.
    pub async fn fetch(&self, url: &str, most: u64) -> Result<Option<Vec<u8>>, Failure> {
        let url = Url::parse(url).ok().filter(|url| url.scheme() == "https" || self.is_own(url));
        let url = url.ok_or_else(|| Failure::refused("the file has no address"))?;
        let plain = Client::builder().redirect(redirect::Policy::none()).timeout(FILE);
        let plain = plain.build().map_err(broken)?;
        let mut answer = plain.get(url).send().await.map_err(broken)?;
        if !answer.status().is_success() {
            return Err(read(answer.status().as_u16(), None, Json::Null)
                .err()
                .unwrap_or_else(|| Failure::doubt("no file")));
        }
        if answer.content_length().is_some_and(|length| length > most) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        while let Some(more) = answer.chunk().await.map_err(broken)? {
            bytes.extend_from_slice(&more);
            if bytes.len() as u64 > most {
                return Ok(None);
            }
        }
        Ok(Some(bytes))
    }

    fn is_own(&self, url: &Url) -> bool {
        url.host() == self.base.host() && url.port() == self.base.port() && url.scheme() == self.base.scheme()
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        within: Duration,
        with: impl FnOnce(RequestBuilder) -> Result<RequestBuilder, Failure>,
    ) -> Result<Json, Failure> {
        let turn = self.pace.turn(&method, path);
        let turn = timeout(ANSWER, turn).await.unwrap_or_else(|_| Err(SendError::Retry(BUSY.to_owned())))?;
        let request = self.client.request(method, self.url(path)).timeout(within);
        let answer = with(request)?.send().await.map_err(broken)?;
        let status = answer.status().as_u16();
        let wait = self.pace.learn(turn, status, answer.headers());
        let body = answer.bytes().await.map_err(broken)?;
        let body =
            if body.is_empty() { Json::Null } else { serde_json::from_slice(&body).unwrap_or_default() };
        let read = read(status, wait, body);
        if let Err(Failure { error: SendError::Wait { pause, all: true }, .. }) = &read {
            self.pace.rest(*pause);
        }
        read
    }

    fn url(&self, path: &str) -> Url {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        url.set_query(query);
        url
    }
}

const BUSY: &str = "there is more to ask of Discord than it bears";

impl Failure {
    /// What can't be known.
    pub fn doubt(what: &str) -> Failure {
        Failure { error: SendError::Doubt(what.to_owned()), status: 0, code: 0, what: what.to_owned() }
    }

    /// What was not done, and never will be.
    pub fn refused(what: &str) -> Failure {
        Failure { error: SendError::Final(what.to_owned()), status: 400, code: 0, what: what.to_owned() }
    }

    /// Whether Discord has given one of these numbers.
    pub fn is(&self, codes: &[u64]) -> bool {
        codes.contains(&self.code)
    }
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> SendError {
        failure.error
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Failure {
        Failure { error, status: 0, code: 0, what: String::new() }
    }
}

fn broken(error: Error) -> Failure {
    let what = match (error.is_connect(), error.is_timeout()) {
        (true, _) => "no connection to Discord",
        (_, true) => "no answer from Discord in time",
        _ => "the connection to Discord broke",
    };
    let sort = if error.is_connect() { SendError::Retry } else { SendError::Doubt };
    Failure { error: sort(what.to_owned()), status: 0, code: 0, what: what.to_owned() }
}

/// What an answer means; `wait` is what its headers want. One without words is not Discord's, but of what stands between.
fn read(status: u16, wait: Option<Duration>, answer: Json) -> Result<Json, Failure> {
    if (200..300).contains(&status) {
        return Ok(answer);
    }
    let code = answer["code"].as_u64().unwrap_or_default();
    let words = answer["message"].as_str().map_or_else(|| format!("status {status}"), str::to_owned);
    let mut what = words.clone();
    if !answer["errors"].is_null() {
        what += &format!(" {}", answer["errors"]);
    }
    let known = REASONS.iter().find(|(known, _)| *known == code);
    let error = match (status, known) {
        (429, _) => SendError::Wait { pause: pause(&answer, wait), all: answer["global"] == true },
        (..=399 | 500.., _) => SendError::Doubt(format!("Discord's server failed: {words}")),
        (_, Some((_, reason))) => SendError::Final((*reason).to_owned()),
        // The token was renewed: no fault of the message.
        (401, _) => SendError::Retry(format!("Discord does not take the token: {words}")),
        _ => SendError::Final(format!("Discord refuses it: {words}")),
    };
    Err(Failure { error, status, code, what })
}

fn pause(answer: &Json, wait: Option<Duration>) -> Duration {
    let wanted = answer["retry_after"].as_f64().and_then(|wait| Duration::try_from_secs_f64(wait).ok());
    wanted.max(wait).unwrap_or(Duration::from_secs(1))
}

#[cfg(test)]
mod tests;
