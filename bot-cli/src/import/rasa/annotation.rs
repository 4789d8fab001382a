//! Annotated values in Rasa's examples: `[Berlin](city)`, `[NYC]{"entity": "city", "value": "New York", "role": "to"}`.
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::{Map, Value as Json};

/// A part of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain words.
    Words(String),
    /// A value.
    Value(Annotated),
}

/// A value that was marked in an example.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotated {
    /// The words in the sentence.
    pub words: String,
    /// The entity.
    pub entity: String,
    /// The value that the words stand for.
    pub value: Option<String>,
    /// The role or, without one, the group.
    pub role: Option<String>,
}

/// As Rasa itself finds them.
static ANNOTATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[(?<words>[^\]]+?)\](?:\((?<entity>[^:)]+?)(?::(?<value>[^)]+))?\)|(?<one>\{[^}]+?\})|\[(?<several>.*?)\])")
        .expect("the expression is right")
});

/// The parts of an example, and what could not be read in it.
pub fn parse(example: &str) -> (Vec<Piece>, Vec<String>) {
    let (mut pieces, mut problems, mut last) = (Vec::new(), Vec::new(), 0);
    for found in ANNOTATION.captures_iter(example) {
        let whole = found.get(0).map_or(0..0, |whole| whole.range());
        let words = found["words"].to_owned();
        add_words(&mut pieces, &example[last..whole.start]);
        match annotated(&found, &mut problems) {
            Ok(value) => pieces.push(Piece::Value(value)),
            Err(problem) => {
                problems.push(problem);
                add_words(&mut pieces, &words);
            }
        }
        last = whole.end;
    }
    add_words(&mut pieces, &example[last..]);
    (pieces, problems)
}

fn add_words(pieces: &mut Vec<Piece>, words: &str) {
    match pieces.last_mut() {
        Some(Piece::Words(before)) => before.push_str(words),
        _ if words.is_empty() => {}
        _ => pieces.push(Piece::Words(words.to_owned())),
    }
}

fn annotated(found: &Captures<'_>, problems: &mut Vec<String>) -> Result<Annotated, String> {
    let words = found["words"].to_owned();
    if let Some(entity) = found.name("entity") {
        let value = found.name("value").map(|value| value.as_str().to_owned());
        return Ok(Annotated { words, entity: entity.as_str().to_owned(), value, role: None });
    }
    if let Some(one) = found.name("one") {
        return keys(one.as_str())
            .and_then(|keys| with_keys(words, &keys))
            .ok_or_else(|| broken(one.as_str()));
    }
    let several = found.name("several").map_or("", |several| several.as_str());
    let list: Vec<Map<String, Json>> =
        serde_json::from_str(&format!("[{several}]")).map_err(|_| broken(several))?;
    if list.len() > 1 {
        problems.push(format!("`{words}` is several values at once: only the first was taken"));
    }
    list.first().and_then(|keys| with_keys(words, keys)).ok_or_else(|| broken(several))
}

fn broken(written: &str) -> String {
    format!("`{written}` can't be read")
}

fn keys(written: &str) -> Option<Map<String, Json>> {
    serde_json::from_str(written).ok()
}

fn with_keys(words: String, keys: &Map<String, Json>) -> Option<Annotated> {
    let text = |key: &str| match keys.get(key)? {
        Json::String(text) => Some(text.clone()),
        Json::Null => None,
        other => Some(other.to_string()),
    };
    let role = match (text("role"), text("group")) {
        (Some(role), Some(group)) => Some(format!("{role}_{group}")),
        (role, group) => role.or(group),
    };
    Some(Annotated { words, entity: text("entity")?, value: text("value"), role })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(example: &str) -> String {
        let (pieces, problems) = parse(example);
        let mut shown: Vec<_> = pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Words(words) => format!("'{words}'"),
                Piece::Value(Annotated { words, entity, value, role }) => {
                    format!("{words}:{entity}={}@{}", value.unwrap_or_default(), role.unwrap_or_default())
                }
            })
            .collect();
        shown.extend(problems);
        shown.join(" ")
    }

    #[test]
    fn all_of_rasas_notations() {
        for (example, parts) in [
            ("fly to [Berlin](city)", "'fly to ' Berlin:city=@"),
            ("[the capital](city:Berlin)!", "the capital:city=Berlin@ '!'"),
            (
                r#"to [NYC]{"entity": "city", "value": "New York", "role": "to"}"#,
                "'to ' NYC:city=New York@to",
            ),
            (r#"[two]{"entity": "n", "value": 2, "group": "1"}"#, "two:n=2@1"),
            (
                r#"[a][{"entity": "x"}, {"entity": "y"}]"#,
                "a:x=@ `a` is several values at once: only the first was taken",
            ),
            ("a [b] (c) [d", "'a [b] (c) [d'"),
            (r#"[a]{entity: x} b"#, "'a b' `{entity: x}` can't be read"),
            (r#"[a]{"value": "x"}"#, "'a' `{\"value\": \"x\"}` can't be read"),
            ("plain", "'plain'"),
        ] {
            assert_eq!(shown(example), parts, "{example}");
        }
    }
}
