//! What the world does for the bot.
use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::check::{Scope, Where};
use super::load::{origin, unique};
use super::values::duration;
use super::{Action, Method, Request};
use crate::schema::read::Words;
use crate::schema::report::Report;
use crate::schema::written::{self, Contents};

const TIMEOUT: SignedDuration = SignedDuration::from_secs(5);

pub(super) fn compile(report: &Report, scope: &Scope<'_>, contents: &[Contents]) -> BTreeMap<String, Action> {
    let written = contents.iter().flat_map(|contents| &contents.actions);
    let unique = unique(report, "the action", written, |action| &action.name);
    unique.into_iter().map(|(name, action)| (name.to_owned(), action_of(report, scope, action))).collect()
}

fn action_of(report: &Report, scope: &Scope<'_>, written: &written::Action) -> Action {
    let name = &written.name;
    for template in &written.templates {
        scope.check_text(template, Where::Action(&name.text));
    }
    Action {
        name: name.text.clone(),
        request: request(report, written),
        sample: written.sample.clone(),
        origin: origin(report, name.place),
    }
}

fn request(report: &Report, written: &written::Action) -> Option<Request> {
    if let [_, (second, _), ..] = &written.requests[..] {
        let message = format!("the action `{}` sends two requests; it can send one", written.name.text);
        report.error(second.place, "wrong-type", message, "make an action of each".to_owned());
    }
    let timeout = written.timeout.as_ref().and_then(|words| duration(report, words, "`timeout`"));
    let Some((key, url)) = written.requests.first() else {
        warn_of_no_request(report, written);
        return None;
    };
    let method = method(&key.text);
    let retries = written.retries.map_or(0, |retries| retries.value);
    if let Some(place) = written.retries.map(|retries| retries.place)
        && retries > 0
        && method != Method::Get
        && written.idempotency_key.is_none()
    {
        let message = format!("a `{}` that is sent again may be done twice", key.text);
        let help =
            "write an `idempotency_key`, by which the back end knows it again, or no `retries`".to_owned();
        report.error(place, "unsafe-retries", message, help);
    }
    let text = |words: &Words| words.text.clone();
    Some(Request {
        method,
        url: url.text.clone(),
        headers: written.headers.iter().map(|(name, value)| (text(name), text(value))).collect(),
        json: written.json.clone(),
        timeout: timeout.unwrap_or(TIMEOUT),
        retries,
        idempotency_key: written.idempotency_key.as_ref().map(text),
    })
}

/// Keys of a request without the request.
fn warn_of_no_request(report: &Report, written: &written::Action) {
    let stray = !written.headers.is_empty()
        || written.json.is_some()
        || written.timeout.is_some()
        || written.retries.is_some();
    if stray {
        let message = format!(
            "the action `{}` says how to send a request, and no `get`, `post` … says where to",
            written.name.text
        );
        report.error(
            written.name.place,
            "missing-key",
            message,
            "write the address behind `get:` or `post:`".to_owned(),
        );
    }
}

fn method(key: &str) -> Method {
    match key {
        "post" => Method::Post,
        "put" => Method::Put,
        "patch" => Method::Patch,
        "delete" => Method::Delete,
        _ => Method::Get,
    }
}
