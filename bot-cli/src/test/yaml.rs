//! YAML as a tree in which every node knows its place. What it is not: it does not know what a test is.
//!
//! Test files are read from this tree and not by serde, since a message about the third entry of a talk must point at it, and
//! since `user: 12345678` and `user: yes` are texts there.
use bot_core::catalog::{Diagnostic, Severity};
pub use bot_core::schema::yaml::{Kind, Node, Place, read};
use serde_json::Value as Json;

/// An error at a place.
pub fn problem(
    file: &str,
    place: Place,
    code: &'static str,
    message: impl Into<String>,
    help: Option<&str>,
) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code,
        message: message.into(),
        file: file.to_owned(),
        line: place.line,
        column: place.column,
        span: place.range(),
        help: help.map(str::to_owned),
        other: None,
    }
}

/// What a test finds in a node.
pub trait Values {
    /// The text as written, if it is one. Nothing at all is no text; `""` is.
    fn text(&self) -> Option<&str>;

    /// The key of a map's entry.
    fn key(&self) -> &str {
        self.text().unwrap_or_default()
    }

    /// What it would be called in a message.
    fn described(&self) -> &'static str;

    /// The value, with the types of YAML 1.2.
    fn to_json(&self) -> Json;
}

impl Values for Node {
    fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } if !self.is_nothing() => Some(text),
            _ => None,
        }
    }

    fn described(&self) -> &'static str {
        match &self.kind {
            _ if self.is_nothing() => "nothing",
            Kind::Scalar { .. } => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }

    fn to_json(&self) -> Json {
        match &self.kind {
            Kind::Scalar { text, quoted: true } => text.clone().into(),
            Kind::Scalar { text, quoted: false } => plain(text),
            Kind::List(items) => items.iter().map(Node::to_json).collect(),
            Kind::Map(entries) => {
                entries.iter().map(|(key, value)| (key.key().to_owned(), value.to_json())).collect()
            }
        }
    }
}

fn plain(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        _ => number(text).unwrap_or_else(|| text.into()),
    }
}

/// `007` stays a text: a number has no leading zero, and an order has.
fn number(text: &str) -> Option<Json> {
    let digits = text.trim_start_matches(['-', '+']);
    let zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    if zero || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let integer = text.parse::<i64>().ok().map(Json::from);
    integer.or_else(|| text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Json::from))
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::Source;

    use super::*;

    #[test]
    fn values_have_their_types() {
        for (yaml, want) in [
            ("[1, -2, 2.5, 1e3]", "[1,-2,2.5,1000.0]"),
            ("[007, 0, 0.5, 12a, \"12\"]", "[\"007\",0,0.5,\"12a\",\"12\"]"),
            ("[true, no, null, ~, ]", "[true,\"no\",null,null]"),
            ("{a: {b: [x]}}", "{\"a\":{\"b\":[\"x\"]}}"),
        ] {
            let (root, problems) = read(&Source::new("x.yaml", yaml));
            assert_eq!(problems, []);
            assert_eq!(root.unwrap().to_json().to_string(), want, "{yaml}");
        }
    }
}
