//! A request's parameters, from wherever the Bot API takes them: the query, a form, JSON, a form with files.
use std::collections::BTreeMap;

use axum::Form;
use axum::Json;
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use super::answer::Refusal;

/// Parameters by name, and the bytes of what was uploaded. What a form says is text, whatever it means.
#[derive(Clone, Debug, Default)]
pub struct Parameters(Map<String, Value>, Uploads);

type Uploads = BTreeMap<String, Vec<u8>>;

type Fields = Vec<(String, String)>;

impl Parameters {
    /// Those of a request.
    pub async fn of(request: Request) -> Result<Parameters, Refusal> {
        let query = Query::<Fields>::try_from_uri(request.uri()).map(|query| query.0).unwrap_or_default();
        let mut all: Map<String, Value> =
            query.into_iter().map(|(name, value)| (name, json!(value))).collect();
        let sort =
            request.headers().get(CONTENT_TYPE).and_then(|sort| sort.to_str().ok()).unwrap_or_default();
        let mut uploads = Uploads::new();
        let body = match sort.split(';').next().unwrap_or_default().trim() {
            "application/json" => of_json(request).await,
            "application/x-www-form-urlencoded" => of_form(request).await,
            "multipart/form-data" => of_parts(request, &mut uploads).await,
            _ => Ok(Map::new()),
        };
        all.extend(body?);
        Ok(Parameters(all, uploads))
    }

    /// A parameter as text; a number is one, too. Empty and absent are the same, as they are to the server.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.0.get(name)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (!text.is_empty() && !value.is_null()).then_some(text)
    }

    /// A parameter is there, be it empty.
    pub fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// A parameter as a number; what is none counts as absent, as it does to the server.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// A flag: `true`, `True`, `1`, `yes`.
    pub fn flag(&self, name: &str) -> bool {
        let text = self.text(name).unwrap_or_default().to_lowercase();
        ["true", "1", "yes"].contains(&text.as_str())
    }

    /// A parameter that is JSON, or text with JSON in it.
    pub fn json(&self, name: &str) -> Result<Option<Value>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| parse(name)),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// A list.
    pub fn list(&self, name: &str) -> Result<Option<Vec<Value>>, Refusal> {
        match self.json(name)? {
            None => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(_) => Err(parse(name)),
        }
    }

    /// The size and name of an uploaded file.
    pub fn file(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| value.get("file_name").is_some())
    }

    /// The bytes of an uploaded file.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        self.1.get(name).cloned().unwrap_or_default()
    }

    /// For the ledger: what is a number, a flag or JSON by its look is one. Texts stay as they are.
    pub fn ledger(&self) -> Value {
        let value = |name: &str, value: &Value| match value {
            Value::String(text) if !WORDS.contains(&name) => typed(text).unwrap_or_else(|| value.clone()),
            _ => value.clone(),
        };
        Value::Object(self.0.iter().map(|(name, of)| (name.clone(), value(name, of))).collect())
    }
}

/// Parameters that are text, whatever they look like.
const WORDS: [&str; 8] =
    ["text", "caption", "name", "callback_query_id", "url", "secret_token", "language_code", "parse_mode"];

fn typed(text: &str) -> Option<Value> {
    match text {
        "True" => Some(json!(true)),
        "False" => Some(json!(false)),
        _ => serde_json::from_str(text).ok(),
    }
}

fn parse(name: &str) -> Refusal {
    let what = match name {
        "reply_markup" => "reply keyboard markup JSON object",
        "reply_parameters" => "reply parameters JSON object",
        "reaction" => "reaction types JSON object",
        "commands" => "commands JSON object",
        "entities" | "caption_entities" => {
            return Refusal::bad("can't parse entities: expected an Array of MessageEntity");
        }
        _ => return Refusal::bad(&format!("can't parse \"{name}\"")),
    };
    Refusal::bad(&format!("can't parse {what}"))
}

async fn of_json(request: Request) -> Result<Map<String, Value>, Refusal> {
    match Json::<Value>::from_request(request, &()).await {
        Ok(Json(Value::Object(all))) => Ok(all),
        Ok(Json(Value::Null)) => Ok(Map::new()),
        _ => Err(Refusal::new(400, "Bad Request: can't parse JSON object")),
    }
}

async fn of_form(request: Request) -> Result<Map<String, Value>, Refusal> {
    let Form(fields) = Form::<Fields>::from_request(request, &()).await.map_err(|_| unreadable())?;
    Ok(fields.into_iter().map(|(name, value)| (name, json!(value))).collect())
}

async fn of_parts(request: Request, uploads: &mut Uploads) -> Result<Map<String, Value>, Refusal> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let mut all = Map::new();
    while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
        let (name, file) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(str::to_owned));
        let bytes = part.bytes().await.map_err(|_| unreadable())?;
        let value = match file {
            Some(file) => {
                uploads.insert(name.clone(), bytes.to_vec());
                json!({"file_name": file, "size": bytes.len()})
            }
            None => json!(String::from_utf8(bytes.to_vec()).map_err(|_| unreadable())?),
        };
        all.insert(name, value);
    }
    Ok(all)
}

fn unreadable() -> Refusal {
    Refusal::new(400, "Bad Request: failed to parse request body")
}
