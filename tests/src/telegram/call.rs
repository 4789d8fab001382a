//! The ledger: what the bot asked for, and what it was told.
use std::time::Duration;

use serde_json::Value;

/// A request of the bot and its answer.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its place in the ledger, from 0, in the order in which requests came in.
    pub number: usize,
    /// The method as the documentation spells it (`sendMessage`), or as it was asked for where it is unknown.
    pub method: String,
    /// Its parameters, as an object. What came as text in a form but is a number, a flag or JSON by its look is one here, too; an
    /// uploaded file is `{"file_name": …, "size": …}`.
    pub parameters: Value,
    /// The HTTP status of the answer; 0 where a fault left the bot without one.
    pub status: u16,
    /// The body of the answer. With a fault that came after the effect it is what the bot would have been told, with one before it
    /// null.
    pub answer: Value,
    /// When it came in, since the start of the stand-in.
    pub at: Duration,
    /// How long the answer took.
    pub took: Duration,
    /// The fault that was ordered for it, if one met it.
    pub fault: Option<String>,
}

impl Call {
    /// A parameter; null where it isn't there.
    pub fn parameter(&self, name: &str) -> &Value {
        self.parameters.get(name).unwrap_or(&Value::Null)
    }

    /// The chat that it is for.
    pub fn chat(&self) -> Option<i64> {
        let chat = self.parameter("chat_id");
        chat.as_i64().or_else(|| chat.as_str()?.parse().ok())
    }

    /// `result` of the answer, where the bot was told `ok`.
    pub fn result(&self) -> Option<&Value> {
        self.answer.get("result")
    }

    /// `description` of the answer, where it is a refusal.
    pub fn refusal(&self) -> Option<&str> {
        self.answer.get("description")?.as_str()
    }
}
