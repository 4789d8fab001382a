//! The ledger: what the bot asked for, and what it was told.
use std::time::Duration;

use serde_json::Value;

/// A request of the bot and its answer.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its place in the ledger, from 0, in the order in which requests came in.
    pub number: usize,
    /// `GET`, `POST`, …
    pub method: String,
    /// The route as the documentation of the API spells it, `/channels/{channel_id}/messages`; empty for one that is unknown.
    pub route: &'static str,
    /// What was asked for, without `/api/v10` and without the query.
    pub path: String,
    /// The query.
    pub query: Value,
    /// The body, of a form its `payload_json`; null where there is none.
    pub body: Value,
    /// Names of the files that came with it.
    pub files: Vec<String>,
    /// The HTTP status of the answer; 0 where a fault left the bot without one.
    pub status: u16,
    /// The body of the answer. With a fault that came after the effect it is what the bot would have been told, with a dropped
    /// connection before it null.
    pub answer: Value,
    /// When it came in, since the start of the stand-in.
    pub at: Duration,
    /// How long the answer took.
    pub took: Duration,
    /// The fault that was ordered for it, if one met it.
    pub fault: Option<String>,
}

impl Call {
    /// A field of the body; null where it isn't there.
    pub fn field(&self, name: &str) -> &Value {
        self.body.get(name).unwrap_or(&Value::Null)
    }

    /// The method and the route: `POST /channels/{channel_id}/messages`.
    pub fn what(&self) -> String {
        format!("{} {}", self.method, if self.route.is_empty() { &self.path } else { self.route })
    }

    /// The channel that it is for.
    pub fn channel(&self) -> Option<u64> {
        self.path.strip_prefix("/channels/")?.split('/').next()?.parse().ok()
    }

    /// `code` of the answer, where it is a refusal with one.
    pub fn code(&self) -> Option<u64> {
        (self.status >= 400).then(|| self.answer.get("code")?.as_u64()).flatten()
    }
}
