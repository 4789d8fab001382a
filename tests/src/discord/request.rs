//! A request as the API takes it: the path's ids, the query, JSON or a form with files.
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::state::file::File;

/// A request that has been read.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The path's ids by their names.
    pub ids: Vec<(&'static str, String)>,
    pub query: Map<String, Value>,
    /// Null without one.
    pub body: Value,
    /// By the number in `files[0]`.
    pub files: Vec<(u64, File)>,
}

impl Asked {
    /// An id of the path.
    pub fn id(&self, name: &str) -> Result<u64, Refusal> {
        let text = self.text_of_path(name);
        text.parse().map_err(|_| not_snowflake(name, text))
    }

    /// A part of the path; empty if it isn't there.
    pub fn text_of_path(&self, name: &str) -> &str {
        self.ids.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }

    /// An id of the query.
    pub fn id_of_query(&self, name: &str) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.query.get(name).and_then(Value::as_str) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| not_snowflake(name, text))
    }

    /// A flag of the query.
    pub fn flag(&self, name: &str) -> bool {
        self.query.get(name).and_then(Value::as_str).is_some_and(|text| ["true", "True", "1"].contains(&text))
    }

    /// A field of the body; null if it isn't there.
    pub fn field(&self, name: &str) -> &Value {
        self.body.get(name).unwrap_or(&Value::Null)
    }

    /// A field that is a text; empty if it isn't there.
    pub fn text(&self, name: &str) -> &str {
        self.field(name).as_str().unwrap_or_default()
    }
}

fn not_snowflake(name: &str, text: &str) -> Refusal {
    Refusal::field(name, "NUMBER_TYPE_COERCE", &format!("Value \"{text}\" is not snowflake."))
}

/// A value that is an id: a text, or a number.
pub fn id_of(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Reads query and body.
pub async fn read(request: Request) -> Result<Asked, Refusal> {
    type Fields = Vec<(String, String)>;
    let query = Query::<Fields>::try_from_uri(request.uri()).map(|query| query.0).unwrap_or_default();
    let query = query.into_iter().map(|(name, value)| (name, json!(value))).collect();
    let sort = request.headers().get(CONTENT_TYPE).and_then(|sort| sort.to_str().ok()).unwrap_or_default();
    if sort.starts_with("multipart/form-data") {
        let (body, files) = of_parts(request).await?;
        return Ok(Asked { query, body, files, ..Asked::default() });
    }
    let bytes = axum::body::to_bytes(request.into_body(), super::server::UPLOAD).await;
    let bytes = bytes.map_err(|_| Refusal::code(40005))?;
    Ok(Asked { query, body: of_json(&bytes)?, ..Asked::default() })
}

fn of_json(bytes: &[u8]) -> Result<Value, Refusal> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(bytes).map_err(|_| Refusal::code(50109))
}

async fn of_parts(request: Request) -> Result<(Value, Vec<(u64, File)>), Refusal> {
    let unreadable = |_| Refusal::code(50109);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Refusal::code(50109))?;
    let (mut body, mut files) = (json!({}), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let (name, file) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(str::to_owned));
        let sort = part.content_type().map(str::to_owned);
        let bytes = part.bytes().await.map_err(unreadable)?;
        match file {
            None if name == "payload_json" => body = of_json(&bytes)?,
            None => body[name] = json!(String::from_utf8_lossy(&bytes)),
            Some(file) => files.push((number(&name), File::of_type(&file, sort.as_deref(), bytes.to_vec()))),
        }
    }
    Ok((body, files))
}

/// 3 in `files[3]`.
fn number(name: &str) -> u64 {
    name.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or_default()
}
