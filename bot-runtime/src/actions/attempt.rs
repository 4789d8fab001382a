//! One attempt: the answer, or what is known of why there is none.
use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;

use bot_core::catalog::Method;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value as Json;

use super::request::Prepared;
use super::resolve::{PrivateAddress, UnknownHost};

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 256 * 1024;

/// A connection that can't be made in this time counts as not made: then nothing was carried out.
pub(super) const CONNECT: Duration = Duration::from_secs(3);

/// Why an attempt failed. The reasons hold nothing of the request or the answer but the status.
#[derive(Debug)]
pub(super) enum Failure {
    /// Certainly not carried out.
    NotExecuted {
        reason: String,
        /// How long the back end wants to be left alone.
        after: Option<Duration>,
    },
    /// Perhaps carried out.
    InDoubt { reason: String, after: Option<Duration> },
    /// Another attempt would end the same way.
    Final { reason: String },
}

impl Failure {
    pub fn reason(&self) -> &str {
        match self {
            Failure::NotExecuted { reason, .. }
            | Failure::InDoubt { reason, .. }
            | Failure::Final { reason } => reason,
        }
    }

    fn is_final(reason: impl Into<String>) -> Failure {
        Failure::Final { reason: reason.into() }
    }
}

/// Sends a request once, and reads the answer.
pub(super) async fn attempt(client: &Client, request: &Prepared) -> Result<Json, Failure> {
    let answer = async {
        let sent =
            client.request(method(request.method), request.url.clone()).headers(request.headers.clone());
        let sent = match &request.body {
            Some(body) => sent.body(body.clone()),
            None => sent,
        };
        read(sent.send().await.map_err(failure_of)?).await
    };
    match tokio::time::timeout(request.timeout, answer).await {
        Ok(result) => result,
        Err(_) => Err(Failure::InDoubt {
            reason: format!("the back end did not answer within {} s", request.timeout.as_secs_f64()),
            after: None,
        }),
    }
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

async fn read(response: Response) -> Result<Json, Failure> {
    let status = response.status();
    if !status.is_success() {
        return Err(refusal(status, response.headers()));
    }
    let body = body(response).await?;
    if body.trim_ascii().is_empty() {
        return Ok(Json::Null);
    }
    serde_json::from_slice(&body).map_err(|_| {
        Failure::is_final(format!("the back end answered {}, but not with JSON", status.as_u16()))
    })
}

async fn body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let too_large = || Failure::is_final("the back end's answer is larger than 256 KiB");
    if response.content_length().is_some_and(|length| length > LONGEST_ANSWER as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure_of)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What a status other than a success means.
fn refusal(status: StatusCode, headers: &HeaderMap) -> Failure {
    let reason = format!("the back end answered {}", status.as_u16());
    let after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let after = after.map(Duration::from_secs);
    if status == StatusCode::TOO_MANY_REQUESTS {
        Failure::NotExecuted { reason, after }
    } else if status.is_server_error() {
        Failure::InDoubt { reason, after }
    } else if status.is_redirection() {
        Failure::is_final(format!("{reason}, a redirect, which is not followed: configure the final address"))
    } else {
        Failure::is_final(reason)
    }
}

/// What an error of the connection means. Its own text is not used: it shows the address.
fn failure_of(error: reqwest::Error) -> Failure {
    if let Some(refused) = cause::<PrivateAddress>(&error) {
        return Failure::is_final(refused.to_string());
    }
    if error.is_connect() {
        let reason = format!("the back end could not be reached: {}", why_unreachable(&error));
        return Failure::NotExecuted { reason, after: None };
    }
    if error.is_builder() {
        return Failure::is_final("the request could not be made");
    }
    Failure::InDoubt { reason: "the connection to the back end broke off".to_owned(), after: None }
}

fn why_unreachable(error: &reqwest::Error) -> String {
    use ErrorKind::{ConnectionRefused, ConnectionReset, HostUnreachable, InvalidData, NetworkUnreachable};
    if error.is_timeout() {
        return format!("no connection within {} s", CONNECT.as_secs());
    }
    if let Some(unknown) = cause::<UnknownHost>(error) {
        return unknown.to_string();
    }
    match cause::<std::io::Error>(error).map(std::io::Error::kind) {
        Some(InvalidData) => "its TLS certificate or its answer to TLS is not accepted".to_owned(),
        Some(kind @ (ConnectionRefused | ConnectionReset | HostUnreachable | NetworkUnreachable)) => {
            kind.to_string()
        }
        _ => "no connection".to_owned(),
    }
}

/// The innermost error of that type among an error and its causes.
fn cause<'e, E: Error + 'static>(error: &'e reqwest::Error) -> Option<&'e E> {
    let mut next: Option<&'e (dyn Error + 'static)> = Some(error);
    let mut found = None;
    while let Some(error) = next {
        found = error.downcast_ref::<E>().or(found);
        next = error.source();
    }
    found
}
