//! YAML as a tree in which every node knows its place. What it is not: it does not know what a test is.
//!
//! Test files are read from this tree and not by serde, since a message about the third entry of a talk must point at it, and
//! since `user: 12345678` and `user: yes` are texts there.
use std::ops::Range;

use bot_core::catalog::{Diagnostic, Severity};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use serde_json::Value as Json;

/// Deeper nesting is no test; it is refused before it fills the stack.
const DEEPEST: usize = 32;
/// A larger file is refused.
const LARGEST: usize = 1 << 20;

/// A node and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it is.
    pub place: Place,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A text, number, truth value or nothing; `plain` if it was not quoted.
    Scalar { text: String, plain: bool },
    /// `- …`
    List(Vec<Node>),
    /// `key: …`
    Map(Vec<(Node, Node)>),
}

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The bytes.
    pub span: Range<usize>,
}

/// Reads a file of one document; `None` if it is empty.
///
/// # Errors
/// It is no YAML, or YAML with means that no test needs.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Option<Node>, Box<Diagnostic>> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(file, bytes, error.valid_up_to()))?;
    if bytes.len() > LARGEST {
        let message = "this file is larger than 1 MiB";
        return Err(problem(file, Place { line: 1, column: 1, span: 0..0 }, "too-large", message, None));
    }
    let mut builder = Builder { file, text, offsets: offsets(text), parser: Parser::new_from_str(text) };
    builder.document()
}

fn not_utf8(file: &str, bytes: &[u8], at: usize) -> Box<Diagnostic> {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let help = "save it as UTF-8; many editors offer that under “Save with encoding”";
    problem(file, Place { line, column, span: at..at + 1 }, "not-utf-8", "this file is not UTF-8", Some(help))
}

/// An error at a place.
pub fn problem(
    file: &str,
    place: Place,
    code: &'static str,
    message: impl Into<String>,
    help: Option<&str>,
) -> Box<Diagnostic> {
    Box::new(Diagnostic {
        severity: Severity::Error,
        code,
        message: message.into(),
        file: file.to_owned(),
        line: place.line,
        column: place.column,
        span: place.span,
        help: help.map(str::to_owned),
    })
}

/// The byte of each character, and of the end: saphyr counts characters.
fn offsets(text: &str) -> Vec<usize> {
    text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect()
}

struct Builder<'a> {
    file: &'a str,
    text: &'a str,
    offsets: Vec<usize>,
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
}

type Built<T> = Result<T, Box<Diagnostic>>;

impl<'a> Builder<'a> {
    fn document(&mut self) -> Built<Option<Node>> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
                Event::StreamEnd => return Ok(root.filter(|node: &Node| !node.is_empty())),
                _ if root.is_some() => {
                    let message =
                        "a second document begins here; everything after the first `---` would be lost";
                    let help = "take the `---` away, or put it into a file of its own";
                    return Err(self.problem(span, "second-document", message, Some(help)));
                }
                event => root = Some(self.node(event, span, 0)?),
            }
        }
    }

    fn next(&mut self) -> Built<(Event<'a>, Span)> {
        match self.parser.next() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(self.broken(*error.marker(), error.info())),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Built<Node> {
        if depth > DEEPEST {
            return Err(self.problem(span, "too-deep", "this is nested too deeply", None));
        }
        let place = self.place(span);
        let kind = match event {
            Event::Scalar(text, style, ..) => {
                Kind::Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain }
            }
            Event::SequenceStart(..) => self.list(depth)?,
            Event::MappingStart(..) => self.map(depth)?,
            _ => {
                let message = "`*name` is an alias in YAML, and tests have none";
                return Err(self.problem(span, "alias", message, Some(STAR)));
            }
        };
        Ok(Node { kind, place })
    }

    fn list(&mut self, depth: usize) -> Built<Kind> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Kind::List(items)),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Built<Kind> {
        let mut entries = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Kind::Map(entries));
            }
            let key = self.node(event, span, depth + 1)?;
            let (event, span) = self.next()?;
            entries.push((key, self.node(event, span, depth + 1)?));
        }
    }

    fn place(&self, span: Span) -> Place {
        let (start, end) = (self.byte(span.start), self.byte(span.end));
        let first_line = self.text[start..end.max(start)].lines().next().unwrap_or_default().trim_end();
        Place { line: span.start.line(), column: span.start.col() + 1, span: start..start + first_line.len() }
    }

    fn byte(&self, marker: Marker) -> usize {
        self.offsets.get(marker.index()).copied().unwrap_or(self.text.len())
    }

    fn problem(&self, span: Span, code: &'static str, message: &str, help: Option<&str>) -> Box<Diagnostic> {
        problem(self.file, self.place(span), code, message, help)
    }

    fn broken(&self, at: Marker, info: &str) -> Box<Diagnostic> {
        let start = self.byte(at);
        let place = Place { line: at.line(), column: at.col() + 1, span: start..start };
        problem(self.file, place, "not-yaml", format!("this is not YAML: {info}"), Some(meant(info)))
    }
}

const STAR: &str = "a text that begins with * needs quotes: bot: \"*thanks*\"";

/// What the author probably did, for what the parser says.
fn meant(info: &str) -> &'static str {
    if info.contains("mapping values") {
        "a text with `: ` in it needs quotes: bot: \"Note: it is free\""
    } else if info.contains("anchor") || info.contains("alias") {
        STAR
    } else if info.contains("tab") {
        "indent with spaces; YAML allows no tabs there"
    } else {
        "a text with `: ` or ` #` in it, or one that begins with * & [ { @ % or a quote, needs quotes around it"
    }
}

impl Node {
    fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if text.is_empty() || text == "~")
    }

    /// The text as written, if it is one. Nothing at all is no text; `""` is.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } if !self.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The key of a map's entry.
    pub fn key(&self) -> &str {
        self.text().unwrap_or_default()
    }

    /// What it would be called in a message.
    pub fn described(&self) -> &'static str {
        match &self.kind {
            _ if self.is_empty() => "nothing",
            Kind::Scalar { .. } => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }

    /// The value, with the types of YAML 1.2.
    pub fn to_json(&self) -> Json {
        match &self.kind {
            Kind::Scalar { text, plain: false } => text.clone().into(),
            Kind::Scalar { text, plain: true } => plain(text),
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
    use super::*;

    fn json(text: &str) -> Json {
        parse("x.yaml", text.as_bytes()).unwrap().unwrap().to_json()
    }

    #[test]
    fn values_have_their_types() {
        for (yaml, want) in [
            ("[1, -2, 2.5, 1e3]", "[1,-2,2.5,1000.0]"),
            ("[007, 0, 0.5, 12a, \"12\"]", "[\"007\",0,0.5,\"12a\",\"12\"]"),
            ("[true, no, null, ~, ]", "[true,\"no\",null,null]"),
            ("{a: {b: [x]}}", "{\"a\":{\"b\":[\"x\"]}}"),
        ] {
            assert_eq!(json(yaml).to_string(), want, "{yaml}");
        }
    }

    #[test]
    fn places_are_bytes_and_characters() {
        let text = "# übrig\n- bot: Grüße an\n  x: 1\n";
        let Some(Node { kind: Kind::List(items), .. }) = parse("x.yaml", text.as_bytes()).unwrap() else {
            panic!()
        };
        let Kind::Map(entries) = &items[0].kind else { panic!() };
        let (key, value) = &entries[0];
        assert_eq!((key.place.line, key.place.column), (2, 3));
        assert_eq!(&text[value.place.span.clone()], "Grüße an");
        assert_eq!((entries[1].0.place.line, entries[1].0.place.column), (3, 3));
    }

    #[test]
    fn what_is_no_test_file_says_why() {
        let deep = "[".repeat(100);
        let bomb = "- &a [x]\n- [*a, *a]\n";
        let large = "#".repeat(LARGEST + 1);
        for (bytes, line, want) in [
            (&b"- bot: Note: it is free"[..], 1, "needs quotes"),
            (b"- bot: *thanks*", 1, "begins with *"),
            (b"- a: 'x\n", 2, "this is not YAML"),
            (b"- a\n---\n- b\n", 3, "second document"),
            (b"- caf\xe9", 1, "UTF-8"),
            (b"- a\n-\t- b:\n\t\tc: 1\n", 2, ""),
            (deep.as_bytes(), 1, ""),
            (bomb.as_bytes(), 2, "alias"),
            (large.as_bytes(), 1, "1 MiB"),
        ] {
            let problem = parse("x.yaml", bytes).unwrap_err();
            let shown = format!("{} {:?}", problem.message, problem.help);
            assert!(shown.contains(want), "{shown}");
            assert!(problem.line >= line.min(1), "{shown} in line {}", problem.line);
        }
        assert!(parse("x.yaml", b"").unwrap().is_none());
        assert!(parse("x.yaml", b"# only a comment\n").unwrap().is_none());
    }
}
