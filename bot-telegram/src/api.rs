//! One request to the Bot API, and what became of it.
//!
//! What it is not: teloxide's way of asking. That one waits ten seconds after each 5xx, forgets the status, and its errors show
//! the token. The requests and their types are teloxide's.
use std::time::Duration;

use anyhow::{Result, ensure};
use bot_runtime::channel::SendError;
use bot_runtime::files::File;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Error, Response, Url, redirect};
use serde::Serialize;
use serde_json::Value as Json;
use teloxide_core::payloads::GetFile;
use teloxide_core::requests::Payload;
use teloxide_core::types::FileId;

/// How long an answer may take, beyond what was asked for; the sender gives up after a minute.
const ANSWER: Duration = Duration::from_secs(15);

/// How long a file may take.
const FILE: Duration = Duration::from_secs(30);

/// Bytes of a file that Telegram gives to a bot.
const LARGEST: usize = 20 << 20;
const TOO_LARGE: &str = "the file is larger than the 20 MB that Telegram gives to a bot";
const NO_FILE: &str = "the file is not there any more";

/// Telegram's own servers.
const SERVER: &str = "https://api.telegram.org";

/// A way to the Bot API. It has no `Debug`: the token is in it. Clones share their connections.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base: Url,
}

/// A request that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What it means for a delivery; its words are for agents.
    pub error: SendError,
    /// The status: 400, 403, 429 …; 0: there was none.
    pub code: u16,
    /// Telegram's words.
    pub what: String,
    /// The id that the group has now.
    pub moved: Option<i64>,
}

/// What Telegram says of a chat, and what agents read.
const REASONS: [(&str, &str); 12] = [
    ("file is too big", TOO_LARGE),
    ("Request Entity Too Large", "the file is larger than Telegram takes from a bot"),
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

impl Api {
    /// Asks Telegram's servers, or the one at `server`.
    pub fn new(token: &str, server: Option<&str>) -> Result<Api> {
        let base = Url::parse(server.unwrap_or(SERVER)).ok().and_then(|mut url| {
            url.path_segments_mut().ok()?.pop_if_empty().push(&format!("bot{token}"));
            Some(url)
        });
        let base = base.filter(|url| ["http", "https"].contains(&url.scheme()));
        ensure!(base.is_some(), "TELEGRAM_API_URL is not like {SERVER}");
        // A server that sends elsewhere would send the token along.
        let client = Client::builder().redirect(redirect::Policy::none()).tcp_nodelay(true);
        let client = client.connect_timeout(Duration::from_secs(5)).build().map_err(Error::without_url)?;
        Ok(Api { client, base: base.unwrap_or_else(|| unreachable!("ensured above")) })
    }

    /// Where it asks, without the token.
    pub fn server(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    fn at(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        url
    }

    /// Asks.
    pub async fn call<P: Payload + Serialize>(&self, payload: &P) -> Result<Json, Failure> {
        let url = self.at(&[P::NAME]);
        // What Telegram may hold open, it is given time for.
        let within = ANSWER + payload.timeout_hint().unwrap_or_default();
        let answer = self.client.post(url).timeout(within).json(payload).send().await;
        answered(answer).await
    }

    /// Sends a file. Of the other fields those that are null are left out.
    pub async fn send(
        &self,
        method: &str,
        field: &'static str,
        fields: &Json,
        file: &File,
    ) -> Result<Json, Failure> {
        let mut form = Form::new();
        for (name, value) in fields.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            form = form.text(name.clone(), value);
        }
        let form = form.part(field, Part::bytes(file.bytes.clone()).file_name(file.name.clone()));
        let url = self.at(&[method]);
        answered(self.client.post(url).timeout(FILE).multipart(form).send().await).await
    }

    /// Fetches a file. The token is in its address: nobody else gets to know it.
    pub async fn file(&self, id: &str) -> Result<File, Failure> {
        let found = self.call(&GetFile::new(FileId(id.to_owned()))).await?;
        let path = found["file_path"].as_str().ok_or_else(|| Failure::refused(NO_FILE))?;
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            let token = self.base.path().rsplit('/').next().unwrap_or_default();
            segments.pop().push("file").push(token).extend(path.split('/'));
        }
        let mut answer = self.client.get(url).timeout(ANSWER).send().await.map_err(broken)?;
        match answer.status().as_u16() {
            200 => {}
            429 | 500.. => return Err(Failure::doubt("Telegram's server did not give the file")),
            _ => return Err(Failure::refused(NO_FILE)),
        }
        let mut bytes = Vec::new();
        while let Some(more) = answer.chunk().await.map_err(broken)? {
            bytes.extend_from_slice(&more);
            if bytes.len() > LARGEST {
                return Err(Failure::refused(TOO_LARGE));
            }
        }
        Ok(File { name: path.rsplit('/').next().unwrap_or("file").to_owned(), bytes })
    }
}

impl Failure {
    /// What can't be known.
    pub fn doubt(what: &str) -> Failure {
        Failure { error: SendError::Doubt(what.to_owned()), code: 0, what: what.to_owned(), moved: None }
    }

    /// What was not done, and never will be.
    pub fn refused(what: &str) -> Failure {
        Failure { error: SendError::Final(what.to_owned()), code: 400, what: what.to_owned(), moved: None }
    }

    /// Whether Telegram said one of these words.
    pub fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|words| self.what.contains(words))
    }
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> SendError {
        failure.error
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Failure {
        Failure { error, code: 0, what: String::new(), moved: None }
    }
}

async fn answered(answer: Result<Response, Error>) -> Result<Json, Failure> {
    let answer = answer.map_err(broken)?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await.map_err(broken)?;
    read(status, serde_json::from_slice(&body).unwrap_or_default())
}

fn broken(error: Error) -> Failure {
    let what = match (error.is_connect(), error.is_timeout()) {
        (true, _) => "no connection to Telegram",
        (_, true) => "no answer from Telegram in time",
        _ => "the connection to Telegram broke",
    };
    let sort = if error.is_connect() { SendError::Retry } else { SendError::Doubt };
    Failure { error: sort(what.to_owned()), code: 0, what: what.to_owned(), moved: None }
}

/// What an answer means. One without a description is not Telegram's, but of what stands between.
fn read(status: u16, mut answer: Json) -> Result<Json, Failure> {
    if status < 400 && answer["ok"] == true {
        return Ok(answer["result"].take());
    }
    let code = answer["error_code"].as_u64().and_then(|code| code.try_into().ok()).unwrap_or(status);
    let what = answer["description"].as_str().map_or_else(|| format!("status {status}"), str::to_owned);
    let parameters = &answer["parameters"];
    let wait = parameters["retry_after"].as_u64().or((code == 429).then_some(1));
    let known = REASONS.iter().find(|(words, _)| what.contains(words));
    let error = match (wait, code, known) {
        (Some(pause), ..) => SendError::Wait { pause: Duration::from_secs(pause), all: false },
        (_, ..=399 | 500.., _) => SendError::Doubt(format!("Telegram's server failed: {what}")),
        (.., Some((_, reason))) => SendError::Final((*reason).to_owned()),
        // The token was renewed: no fault of the message.
        (_, 401 | 404, _) => SendError::Retry(format!("Telegram does not take the token: {what}")),
        _ => SendError::Final(format!("Telegram refuses it: {what}")),
    };
    Err(Failure { error, code, what, moved: parameters["migrate_to_chat_id"].as_i64() })
}

#[cfg(test)]
mod tests;
