//! A request as it will be sent, made of an action's templates and a call's arguments. It sends nothing.
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bot_core::catalog::{Action, Method, Request};
use bot_core::template::{self as core_template, Text};
use bot_core::text::Language;
use minijinja::value::Value;
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value as Json;

use super::template::{self, Values, trusted};
use super::{Call, Environment, url};

/// The header by which a back end knows a request again.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Headers that say where a request goes and where it ends: those of the connection, not the author's.
const RESERVED: [&str; 6] = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te"];

/// A request as it will be sent.
pub(super) struct Prepared {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
    /// For each attempt, from connecting to the last byte of the answer.
    pub timeout: Duration,
    /// How often it may be sent again.
    pub retries: u32,
    /// Whether doing it twice does no harm.
    pub is_repeatable: bool,
}

/// Whether calling an action twice does no harm: a `get`, or one whose back end knows a request again.
pub(super) fn is_repeatable(action: &Action) -> bool {
    action.is_safe() || action.request.as_ref().is_some_and(|request| request.idempotency_key.is_some())
}

/// Makes the request of a call.
///
/// # Errors
/// A setting is missing, or an argument can't stand where it is used.
pub(super) async fn prepare(
    request: &Request,
    environment: &Environment,
    call: Call<'_>,
) -> Result<Prepared, String> {
    let settings = Settings::read(request, environment).await?;
    let values = settings.values(call.with);
    let filled = template::fill(&request.url, &values).map_err(|error| format!("the address {error}"))?;
    let mut headers = headers(request, &values)?;
    let body = match &request.json {
        Some(json) => Some(body(json, &settings, call.with)?),
        None => None,
    };
    if body.is_some() {
        headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    }
    if request.method != Method::Get {
        let key = idempotency_key(request, &values, call.key)?;
        headers.entry(IDEMPOTENCY_KEY).or_insert(key);
    }
    Ok(Prepared {
        method: request.method,
        url: url::build(&filled)?,
        headers,
        body,
        timeout: request.timeout.unsigned_abs(),
        retries: request.retries,
        is_repeatable: request.method == Method::Get || request.idempotency_key.is_some(),
    })
}

/// The variables and secrets that a request names, and no others: a template can't list what it doesn't name.
struct Settings {
    variables: BTreeMap<String, String>,
    secrets: BTreeMap<String, String>,
}

impl Settings {
    async fn read(request: &Request, environment: &Environment) -> Result<Settings, String> {
        let texts = texts(request);
        let mut settings = Settings { variables: BTreeMap::new(), secrets: BTreeMap::new() };
        for name in names(&texts, "env") {
            let value = environment.variable(&name).ok_or_else(|| format!("{name} is not set"))?;
            settings.variables.insert(name, value.to_owned());
        }
        for name in names(&texts, "secret") {
            let value = environment.secret(&name).await?;
            settings.secrets.insert(name, value);
        }
        Ok(settings)
    }

    /// For texts: settings over arguments, so that no argument takes the place of a setting.
    fn values(&self, with: &Json) -> Values {
        let mut values: Values =
            arguments(with).map(|(name, value)| (name.to_owned(), Value::from_serialize(value))).collect();
        let variables = self.variables.iter().map(|(name, value)| (name.as_str(), trusted(value)));
        values.insert("env".to_owned(), variables.collect());
        values.insert("secret".to_owned(), Value::from_serialize(&self.secrets));
        values
    }

    /// For JSON.
    fn data(&self, with: &Json) -> core_template::Values {
        let mut values = core_template::Values::new(&Language::new("en"));
        for (name, value) in arguments(with) {
            values.set(name, value);
        }
        values.set("env", &self.variables);
        values.set("secret", &self.secrets);
        values
    }
}

fn arguments(with: &Json) -> impl Iterator<Item = (&str, &Json)> {
    with.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// All templates of a request.
fn texts(request: &Request) -> Vec<String> {
    let mut texts = vec![request.url.clone()];
    texts.extend(request.headers.values().cloned());
    texts.extend(request.idempotency_key.clone());
    request.json.iter().for_each(|json| add_texts(json, &mut texts));
    texts
}

fn add_texts(json: &Json, texts: &mut Vec<String>) {
    match json {
        Json::String(text) => texts.push(text.clone()),
        Json::Array(items) => items.iter().for_each(|item| add_texts(item, texts)),
        Json::Object(fields) => fields.values().for_each(|value| add_texts(value, texts)),
        _ => {}
    }
}

fn names(texts: &[String], root: &str) -> BTreeSet<String> {
    texts.iter().flat_map(|text| template::names(&Text::new(text.as_str()), root)).collect()
}

fn headers(request: &Request, values: &Values) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, text) in &request.headers {
        let bad = |what: &str| format!("the header `{name}` {what}");
        let key = HeaderName::try_from(name).map_err(|_| bad("has no valid name"))?;
        if RESERVED.contains(&key.as_str()) {
            return Err(bad("can't be set: it belongs to the connection"));
        }
        headers.insert(key, header_value(text, values).map_err(|error| bad(&error))?.1);
    }
    Ok(headers)
}

/// The value of a header, and whether a value in it is empty.
fn header_value(text: &str, values: &Values) -> Result<(bool, HeaderValue), String> {
    let filled = template::fill(text, values)?;
    let plain = filled.plain();
    if plain.contains(char::is_control) {
        return Err("would get a line break or another control character".to_owned());
    }
    let mut value = HeaderValue::from_bytes(plain.as_bytes()).map_err(|_| "has no valid value".to_owned())?;
    // Shown as "Sensitive" wherever headers are printed.
    value.set_sensitive(true);
    Ok((filled.has_a_gap(), value))
}

/// The author's key where there is one: it says what "the same request" means, beyond this call. One with a gap would be
/// the same for different things, so the call's own key stands in.
fn idempotency_key(request: &Request, values: &Values, own: &str) -> Result<HeaderValue, String> {
    let own = || HeaderValue::try_from(own).map_err(|_| "the call's key is not valid in a header".to_owned());
    let Some(text) = &request.idempotency_key else { return own() };
    match header_value(text, values).map_err(|error| format!("the idempotency_key {error}"))? {
        (true, _) => own(),
        (false, value) if value.is_empty() => own(),
        (false, value) => Ok(value),
    }
}

fn body(json: &Json, settings: &Settings, with: &Json) -> Result<Vec<u8>, String> {
    let filled = core_template::fill(json, &settings.data(with));
    serde_json::to_vec(&filled).map_err(|_| "the body can't be written as JSON".to_owned())
}
