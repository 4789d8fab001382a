//! What a client may send: text in, a command or a close code out.
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::codes::Code;

/// A client's frame, understood.
#[derive(Debug)]
pub(super) enum Received {
    Heartbeat,
    Identify(Identify),
    Resume(Resume),
    /// A request for members of a server.
    Members(Value),
    /// Accepted, and of no consequence: presence, voice, sounds.
    Harmless,
}

#[derive(Debug, Deserialize)]
pub(super) struct Identify {
    pub token: String,
    pub intents: u64,
    #[serde(rename = "properties")]
    _properties: serde_json::Map<String, Value>,
    pub shard: Option<(u64, u64)>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Resume {
    pub token: String,
    pub session_id: String,
    pub seq: u64,
}

/// Reads a frame that isn't too long.
pub(super) fn read(text: &str) -> Result<Received, Code> {
    let mut payload: Value = serde_json::from_str(text).map_err(|_| Code::DECODE_ERROR)?;
    let op = payload["op"].as_u64().ok_or(Code::DECODE_ERROR)?;
    let data = payload.get_mut("d").map_or(Value::Null, Value::take);
    match op {
        1 if data.is_null() || data.is_u64() => Ok(Received::Heartbeat),
        1 => Err(Code::DECODE_ERROR),
        2 => of(data).map(Received::Identify),
        6 => of(data).map(Received::Resume),
        8 => Ok(Received::Members(data)),
        3 | 4 | 31 | 43 => Ok(Received::Harmless),
        _ => Err(Code::UNKNOWN_OPCODE),
    }
}

fn of<T: DeserializeOwned>(data: Value) -> Result<T, Code> {
    serde_json::from_value(data).map_err(|_| Code::DECODE_ERROR)
}

/// A frame's text for the record: without the token.
pub(super) fn without_token(text: &str) -> String {
    let Ok(mut payload) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    match payload.pointer_mut("/d/token") {
        Some(token) => *token = Value::String("[token]".to_owned()),
        None => return text.to_owned(),
    }
    payload.to_string()
}
