//! What a text or a number must look like: formats and patterns, as far as the descriptions name them.
use jiff::Timestamp;
use serde_json::Value;

/// Whether a value has a format. Those of numbers are ranges; `nonce` and `double` demand nothing.
pub(super) fn has(format: &str, value: &Value) -> bool {
    match (format, value) {
        ("snowflake", Value::String(text)) => is_number(text),
        ("date-time", Value::String(text)) => text.parse::<Timestamp>().is_ok(),
        ("uri", Value::String(text)) => is_uri(text),
        ("int32", Value::Number(number)) => {
            number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
        }
        ("int64", Value::Number(number)) => number.is_i64(),
        _ => true,
    }
}

/// Whether a text is as a pattern has it. There are two of them.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    match pattern {
        "^(0|[1-9][0-9]*)$" => is_number(text),
        "^#(([0-9a-fA-F]{2}){3}|([0-9a-fA-F]){3})$" => is_colour(text),
        other => panic!("the description has a pattern that is not understood here: {other}"),
    }
}

fn is_number(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A scheme and something after it.
fn is_uri(text: &str) -> bool {
    let parts = text
        .split_once(':')
        .filter(|(scheme, rest)| scheme.starts_with(char::is_alphabetic) && !rest.is_empty());
    parts.is_some() && !text.contains(char::is_whitespace)
}
