//! What a method answers: a result, or the server's own refusal.
use serde_json::{Map, Value, json};

/// A result, or why there is none.
pub type Answer = Result<Value, Refusal>;

/// An answer with `ok: false`.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// `error_code`, which is the HTTP status too.
    pub code: u16,
    /// `description`.
    pub description: String,
    /// `parameters`: `retry_after`, `migrate_to_chat_id`.
    pub parameters: Map<String, Value>,
}

impl Refusal {
    /// A refusal with that code and exactly that text.
    pub fn new(code: u16, description: impl Into<String>) -> Refusal {
        Refusal { code, description: description.into(), parameters: Map::new() }
    }

    /// 400 with `Bad Request: ` before the text, which begins with a small letter unless it is a CONSTANT, as the server does it.
    pub fn bad(text: &str) -> Refusal {
        let constant = text.chars().nth(1).is_some_and(|second| second.is_uppercase() || second == '_');
        let text = if constant { text.to_owned() } else { small_first(text) };
        Refusal::new(400, format!("Bad Request: {text}"))
    }

    /// 403 with `Forbidden: ` before the text.
    pub fn forbidden(text: &str) -> Refusal {
        Refusal::new(403, format!("Forbidden: {text}"))
    }

    /// 429 with `retry_after` seconds.
    pub fn too_many(seconds: u64) -> Refusal {
        let refusal = Refusal::new(429, format!("Too Many Requests: retry after {seconds}"));
        refusal.with("retry_after", json!(seconds))
    }

    /// The same with a value more in `parameters`.
    pub fn with(mut self, name: &str, value: Value) -> Refusal {
        self.parameters.insert(name.to_owned(), value);
        self
    }
}

/// The answer as its body says it, and its HTTP status.
pub fn body(answer: &Answer) -> (u16, Value) {
    match answer {
        Ok(result) => (200, json!({"ok": true, "result": result})),
        Err(refusal) => {
            let mut body =
                json!({"ok": false, "error_code": refusal.code, "description": refusal.description});
            if !refusal.parameters.is_empty() {
                body["parameters"] = Value::Object(refusal.parameters.clone());
            }
            (refusal.code, body)
        }
    }
}

fn small_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().collect::<String>() + chars.as_str())
}
