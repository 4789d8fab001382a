//! Actions: what the world does for the bot.
use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::Value as Json;

use super::Origin;

/// Something the world does for the bot.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// The HTTP request, if the author gave one.
    pub request: Option<Request>,
    /// What it answers when no back end is configured, and in tests.
    pub sample: Option<Json>,
    /// Where it was written.
    pub origin: Origin,
}

impl Action {
    /// Whether calling it twice does no harm: a `get`.
    pub fn is_safe(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.method == Method::Get)
    }
}

/// An HTTP request of an action. Its strings are templates that may use `env` and `secret`.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: String,
    /// The headers.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub json: Option<Json>,
    /// How long to wait for the answer; default 5 s.
    pub timeout: SignedDuration,
    /// How often to try again; default 0.
    pub retries: u32,
    /// Makes a request safe to repeat.
    pub idempotency_key: Option<String>,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the methods' names")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}
