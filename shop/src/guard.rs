//! What happens before a request is looked at: the token, failures for trying them out, and requests that came before.
use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Mutex;

use crate::Options;
use crate::refusal::Refusal;

/// The longest body of an answer; all are much shorter.
const LONGEST: usize = 64 * 1024;

/// A request that changes something, by its address and its `Idempotency-Key`.
type Key = (String, String);

pub(crate) struct Guard {
    options: Options,
    /// What was answered to requests that changed something.
    answered: Mutex<HashMap<Key, Bytes>>,
}

impl Guard {
    pub fn new(options: Options) -> Guard {
        Guard { options, answered: Mutex::default() }
    }

    fn is_allowed(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.options.token else { return true };
        let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        shown.and_then(|value| value.strip_prefix("Bearer ")) == Some(token)
    }
}

pub(crate) async fn pass(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    tokio::time::sleep(guard.options.slow).await;
    if guard.options.fail {
        return Refusal(StatusCode::SERVICE_UNAVAILABLE, "the shop is closed for a test".to_owned())
            .into_response();
    }
    if !guard.is_allowed(request.headers()) {
        return Refusal(StatusCode::UNAUTHORIZED, "the token is missing or wrong".to_owned()).into_response();
    }
    match key(&request) {
        Some(key) => once(&guard, key, request, next).await,
        None => next.run(request).await,
    }
}

fn key(request: &Request) -> Option<Key> {
    let key = request.headers().get("idempotency-key")?.to_str().ok()?;
    let changes = request.method() != Method::GET;
    changes.then(|| (format!("{} {}", request.method(), request.uri()), key.to_owned()))
}

/// A request that was answered well before gets the same answer, and changes nothing.
async fn once(guard: &Guard, key: Key, request: Request, next: Next) -> Response {
    // Held to the end, so that a second one waits for the first one's answer.
    let mut answered = guard.answered.lock().await;
    if let Some(body) = answered.get(&key) {
        return ([(CONTENT_TYPE, "application/json")], body.clone()).into_response();
    }
    let response = next.run(request).await;
    if !response.status().is_success() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    answered.insert(key, body.clone());
    Response::from_parts(parts, Body::from(body))
}
