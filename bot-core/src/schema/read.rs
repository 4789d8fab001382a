//! Small readers: a node to a text, texts, a number, named entries; what does not fit is reported and left out.
//!
//! What it is not: it does not know what a bot is.
use std::ops::Range;

use serde_json::{Map, Number, Value as Json};

use super::keys::{self, Shape};
use super::report::{Place, Report, did_you_mean, nearest, one_of};
use super::syntax;
use super::tree::{Kind, Node};

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub text: String,
    pub place: Place,
    /// Where in the place the text starts, if it is written there letter by letter.
    direct: Option<usize>,
}

impl Words {
    fn new(text: &str, place: Place, report: &Report) -> Words {
        let written = report.text_at(place);
        let quoted = usize::from(written.starts_with(['"', '\'']));
        let direct =
            written.get(quoted..).is_some_and(|inner| inner.starts_with(text) && !text.contains('\n'));
        Words { text: text.to_owned(), place, direct: direct.then_some(quoted) }
    }

    /// The place of some bytes of the text; the whole text's where it is written with escapes or over several lines.
    pub fn part(&self, range: Range<usize>) -> Place {
        let (Some(quote), Some(before)) = (self.direct, self.text.get(..range.start)) else {
            return self.place;
        };
        let start = self.place.start + quote + range.start;
        let end = (self.place.start + quote + range.end).min(self.place.end).max(start);
        Place { start, end, column: self.place.column + quote + before.chars().count(), ..self.place }
    }
}

/// A value and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<T> {
    pub value: T,
    pub place: Place,
}

/// What a node is, in words.
fn described(node: &Node) -> &'static str {
    match &node.kind {
        Kind::List(_) => "a list",
        Kind::Map(_) => "a group of keys",
        Kind::Scalar { text, quoted: false } if text.is_empty() => "empty",
        Kind::Scalar { text, quoted: false } if text.parse::<f64>().is_ok() => "a number",
        Kind::Scalar { text, quoted: false } if matches!(text.as_str(), "true" | "false") => "true or false",
        Kind::Scalar { .. } => "a text",
    }
}

impl Report {
    pub fn wrong_type(&self, node: &Node, what: &str, wanted: &str, help: Option<String>) {
        let message = format!("{what} must be {wanted}, this is {}", described(node));
        self.error(node.place, "wrong-type", message, help);
    }

    /// A text. Whatever is written as a single value is one: `12`, `no`, `2026-12-25`.
    pub fn words(&self, node: &Node, what: &str) -> Option<Words> {
        self.words_or(node, what, "a text")
    }

    fn words_or(&self, node: &Node, what: &str, wanted: &str) -> Option<Words> {
        let Kind::Scalar { text, quoted } = &node.kind else {
            self.explain_no_text(node, what, wanted);
            return None;
        };
        if text.trim().is_empty() {
            let help = "write something, or delete it".to_owned();
            self.error(node.place, "empty", format!("{what} is empty"), help);
            return None;
        }
        if !quoted {
            self.warn_of_comment(node.place);
        }
        Some(Words::new(text.trim_end_matches('\n'), node.place, self))
    }

    /// A key or a list where a text should be: mostly a text with a colon, or one that begins with a bracket.
    fn explain_no_text(&self, node: &Node, what: &str, wanted: &str) {
        let is_told = |(key, _): &(Node, Node)| !matches!(key.kind, Kind::Scalar { .. });
        if self.is_full() || matches!(&node.kind, Kind::Map(entries) if entries.iter().any(is_told)) {
            return;
        }
        let file = &self.file(node.place).text;
        let first = file[node.place.start..].chars().next().unwrap_or_default();
        let line = syntax::line_at(file, node.place.start);
        let in_brackets = file[line.start..node.place.start].contains(['[', '{']);
        let end = if in_brackets { node.place.end.min(line.end) } else { line.end };
        let help = || {
            let start = if in_brackets { node.place.start } else { line.start };
            let before = file[start..node.place.start].trim_start();
            let text = &file[node.place.start..end.max(node.place.start)];
            let text = if in_brackets { text.trim_end_matches(['}', ',']) } else { text };
            Some(format!("if it is a text, put it in quotes: `{before}{}`", syntax::quote(text.trim_end())))
        };
        match &node.kind {
            Kind::Map(entries) if first != '{' && entries.len() == 1 => {
                let key = self.text_at(entries[0].0.place);
                let message =
                    format!("{what} must be {wanted}; the colon with a space behind it makes `{key}` a key");
                self.error(node.place, "wrong-type", message, help());
            }
            Kind::Map(entries) if first == '{' && entries.len() == 1 && entries[0].1.is_empty() => {
                self.error(
                    node.place,
                    "special-character",
                    "a text that begins with `{` must stand in quotes",
                    help(),
                );
            }
            Kind::List(items) if first == '[' && items.len() == 1 && what.starts_with("an item") => {
                let message = "a text that begins with `[` must stand in quotes";
                self.error(node.place, "special-character", message, help());
            }
            Kind::List(_) if first == '[' => self.wrong_type(node, what, wanted, help()),
            _ => self.wrong_type(node, what, wanted, None),
        }
    }

    /// `say: Order #12`: YAML takes all behind ` #` for a comment.
    fn warn_of_comment(&self, place: Place) {
        let file = &self.file(place).text;
        if !file[place.end..].trim_start_matches(' ').starts_with('#') || self.is_full() {
            return;
        }
        let line = syntax::line_at(file, place.end);
        let behind = &file[place.end..line.end.max(place.end)];
        let cut = behind.trim_start();
        let is_word = cut.strip_prefix('#').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        if is_word {
            let from = line.end - cut.len();
            let place = Place { start: from, end: line.end, ..self.place(place.file, from..line.end) };
            let message = format!("the text ends before `{cut}`: behind a space, `#` begins a comment");
            let help =
                "put the whole text in quotes, or a space behind the `#` if it is a comment".to_owned();
            self.warning(place, "comment", message, help);
        }
    }

    /// One text, or a list of texts.
    pub fn texts(&self, node: &Node, what: &str) -> Vec<Words> {
        match &node.kind {
            Kind::List(items) => {
                self.warn_of_comma(items);
                let each = format!("an item of {what}");
                items.iter().filter_map(|item| self.words(item, &each)).collect()
            }
            _ => self.words_or(node, what, "a text or a list of texts").into_iter().collect(),
        }
    }

    /// `say: [Yes, we are open.]`: one sentence that the comma makes two.
    fn warn_of_comma(&self, items: &[Node]) {
        let sentence = |node: &Node| match &node.kind {
            Kind::Scalar { text, quoted: false } => Some(text.clone()),
            _ => None,
        };
        for pair in items.windows(2) {
            let (Some(first), Some(second)) = (sentence(&pair[0]), sentence(&pair[1])) else { continue };
            let between =
                &self.file(pair[0].place).text[pair[0].place.end..pair[1].place.start.max(pair[0].place.end)];
            let cut = between == ", "
                && first.starts_with(char::is_uppercase)
                && !first.ends_with(['.', '!', '?'])
                && second.starts_with(char::is_lowercase)
                && second.ends_with(['.', '!', '?']);
            if cut {
                let message = format!("the comma in `[ ]` makes two texts of this: `{first}` and `{second}`");
                let help = format!("if it is one text, put it in quotes: `\"{first}, {second}\"`");
                self.warning(pair[1].place, "comma", message, help);
            }
        }
    }

    pub fn flag(&self, node: &Node, what: &str) -> Option<At<bool>> {
        let value = match &node.kind {
            Kind::Scalar { text, .. } => match text.to_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        };
        if value.is_none() {
            self.wrong_type(node, what, "`true` or `false`", None);
        }
        value.map(|value| At { value, place: node.place })
    }

    pub fn number(&self, node: &Node, what: &str) -> Option<At<f64>> {
        let text = match &node.kind {
            Kind::Scalar { text, .. } => text.as_str(),
            _ => "",
        };
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        if value.is_none() {
            let percent = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
            let comma = text.replacen(',', ".", 1).parse::<f64>().ok();
            let meant =
                percent.map(|number| number / 100.0).or(comma).map(|number| format!("write `{number}`"));
            self.wrong_type(node, what, "a number", meant);
        }
        value.map(|value| At { value, place: node.place })
    }

    /// A whole number from `least` up.
    pub fn count(&self, node: &Node, what: &str, least: u32) -> Option<At<u32>> {
        let At { value, place } = self.number(node, what)?;
        let whole = value.fract() == 0.0 && value >= f64::from(least) && value <= 1000.0;
        if !whole {
            let message = format!("{what} must be a whole number from {least} to 1000");
            self.error(place, "bad-value", message, None);
        }
        whole.then_some(At { value: value as u32, place })
    }

    /// A list of nodes.
    pub fn list<'n>(&self, node: &'n Node, what: &str) -> Option<&'n [Node]> {
        match &node.kind {
            Kind::List(items) => Some(items),
            _ if node.is_nothing() => Some(&[]),
            _ => {
                self.wrong_type(node, what, "a list, each item on a line that begins with `- `", None);
                None
            }
        }
    }

    /// Keys that the author chooses, and what stands under them.
    pub fn entries<'n>(&self, node: &'n Node, what: &str) -> Vec<(Words, &'n Node)> {
        match &node.kind {
            Kind::Map(entries) => {
                entries.iter().filter_map(|(key, value)| Some((self.key(key)?, value))).collect()
            }
            _ if node.is_nothing() => Vec::new(),
            _ => {
                self.wrong_type(node, what, "a group of keys, each on a line such as `name: …`", None);
                Vec::new()
            }
        }
    }

    /// A key; what is no text has been reported by the tree.
    fn key(&self, node: &Node) -> Option<Words> {
        match &node.kind {
            Kind::Scalar { text, .. } => Some(Words::new(text, node.place, self)),
            _ => None,
        }
    }

    /// A value with the type that it is written in.
    pub fn json(&self, node: &Node) -> Json {
        match &node.kind {
            Kind::Scalar { text, quoted: true } => Json::String(text.clone()),
            Kind::Scalar { text, quoted: false } => plain_json(text),
            Kind::List(items) => items.iter().map(|item| self.json(item)).collect(),
            Kind::Map(entries) => {
                let fields =
                    entries.iter().filter_map(|(key, value)| Some((self.key(key)?.text, self.json(value))));
                Json::Object(fields.collect::<Map<_, _>>())
            }
        }
    }

    /// All texts in a value, for checking the templates in it.
    pub fn texts_within(&self, node: &Node) -> Vec<Words> {
        match &node.kind {
            Kind::Scalar { text, .. } => vec![Words::new(text, node.place, self)],
            Kind::List(items) => items.iter().flat_map(|item| self.texts_within(item)).collect(),
            Kind::Map(entries) => entries.iter().flat_map(|(_, value)| self.texts_within(value)).collect(),
        }
    }
}

/// An unquoted value by YAML 1.2's core schema: so `no` and `007` are texts.
fn plain_json(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Json::Null,
        "true" | "True" | "TRUE" => return Json::Bool(true),
        "false" | "False" | "FALSE" => return Json::Bool(false),
        _ => {}
    }
    let digits = text.trim_start_matches(['-', '+']);
    let octal =
        digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    if octal || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || text.len() > digits.len() + 1
    {
        return Json::String(text.to_owned());
    }
    let whole = text.strip_prefix('+').unwrap_or(text).parse::<i64>().ok().map(Number::from);
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = || text.parse::<f64>().ok().filter(|_| !all_digits).and_then(Number::from_f64);
    whole.or_else(fraction).map_or_else(|| Json::String(text.to_owned()), Json::Number)
}

/// A group of keys that are known beforehand.
pub(crate) struct Fields<'a> {
    pub report: &'a Report,
    pub place: Place,
    entries: &'a [(Node, Node)],
}

impl<'a> Fields<'a> {
    /// Opens it and reports the keys that don't belong there. `None` if it has no keys at all.
    pub fn open(report: &'a Report, node: &'a Node, what: &str, shapes: &[Shape]) -> Option<Fields<'a>> {
        Fields::open_with(report, node, what, shapes, |_| false)
    }

    /// Like [`Fields::open`], and accepts other keys too.
    pub fn open_with(
        report: &'a Report,
        node: &'a Node,
        what: &str,
        shapes: &[Shape],
        accept: impl Fn(&str) -> bool,
    ) -> Option<Fields<'a>> {
        let entries: &[(Node, Node)] = match &node.kind {
            Kind::Map(entries) => entries,
            _ if node.is_nothing() => &[],
            _ => {
                let keys = shapes.iter().flat_map(|shape| shape.keys).take(4).copied();
                let help = format!("its keys are {} …", one_of(keys).replace(" or ", ", "));
                report.wrong_type(node, what, "a group of keys", Some(help));
                return None;
            }
        };
        let fields = Fields { report, place: node.place, entries };
        for (key, value) in entries {
            let Some(name) = report.key(key) else { continue };
            if !shapes.iter().any(|shape| shape.keys.contains(&name.text.as_str())) && !accept(&name.text) {
                let comma = value.is_empty() && report.text_at(node.place).starts_with('{');
                report_unknown_key(report, &name, shapes, comma);
            }
        }
        Some(fields)
    }

    /// What stands under a key.
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key and what stands under it.
    pub fn entry(&self, key: &str) -> Option<(&'a Node, &'a Node)> {
        self.entries
            .iter()
            .find(|(node, _)| matches!(&node.kind, Kind::Scalar { text, .. } if text == key))
            .map(|(key, value)| (key, value))
    }

    pub fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    pub fn all(&self) -> impl Iterator<Item = (Words, &'a Node)> {
        self.entries.iter().filter_map(|(key, value)| Some((self.report.key(key)?, value)))
    }

    pub fn words(&self, key: &str) -> Option<Words> {
        self.report.words(self.node(key)?, &quoted(key))
    }

    pub fn texts(&self, key: &str) -> Vec<Words> {
        let Some(node) = self.node(key) else { return Vec::new() };
        self.report.texts(node, &quoted(key))
    }

    /// Texts under a key of which there may be none: nothing behind the key is an empty list.
    pub fn drafts(&self, key: &str) -> Vec<Words> {
        self.node(key).filter(|node| !node.is_empty()).map_or_else(Vec::new, |_| self.texts(key))
    }

    pub fn flag(&self, key: &str) -> Option<At<bool>> {
        self.report.flag(self.node(key)?, &quoted(key))
    }

    pub fn number(&self, key: &str) -> Option<At<f64>> {
        self.report.number(self.node(key)?, &quoted(key))
    }

    pub fn count(&self, key: &str, least: u32) -> Option<At<u32>> {
        self.report.count(self.node(key)?, &quoted(key), least)
    }

    /// Reports a key that must be there and is not.
    pub fn require(&self, key: &str, what: &str, help: &str) -> bool {
        if !self.has(key) {
            let place = self.entries.first().map_or(self.place, |(key, _)| key.place);
            let message = format!("{what} needs `{key}`, and there is none");
            self.report.error(place, "missing-key", message, Some(help.to_owned()));
        }
        self.has(key)
    }
}

fn quoted(key: &str) -> String {
    format!("`{key}`")
}

fn report_unknown_key(report: &Report, key: &Words, shapes: &[Shape], comma: bool) {
    let what = shapes.first().map_or("this", |shape| shape.what);
    let known = || shapes.iter().flat_map(|shape| shape.keys).copied();
    let synonym = || {
        let (_, meant) = keys::SYNONYMS.iter().find(|(word, _)| *word == key.text)?;
        known().find(|name| name == meant)
    };
    let help = if comma && key.text.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("a number is written with a point: `0.{}`", key.text)
    } else if comma {
        "inside `{ }`, a comma begins a new key: put the text before it in quotes".to_owned()
    } else if let Some(meant) = nearest(&key.text, known()).or_else(synonym) {
        format!("did you mean `{meant}`?")
    } else if let Some(home) = home_of(&key.text) {
        let home = if home == keys::SETTINGS.what { "the bot.yaml at the root of the folder" } else { home };
        format!("it belongs to {home}")
    } else {
        format!("known here: {}", one_of(known()))
    };
    report.error(key.place, "unknown-key", format!("`{}` is not a key of {what}", key.text), help);
}

/// Where a key belongs that is in the wrong place.
fn home_of(key: &str) -> Option<&'static str> {
    let shapes = [keys::SETTINGS, keys::FILE, keys::INTENT, keys::ENTITY, keys::ACTION, keys::TRANSLATION];
    let all = keys::STEPS.iter().chain(&shapes).chain([
        &keys::UNDERSTANDING,
        &keys::HANDOFF,
        &keys::TEAM,
        &keys::SILENCE,
    ]);
    all.into_iter().find(|shape| shape.keys.contains(&key)).map(|shape| shape.what)
}

/// Reports a name that stands for nothing.
pub(crate) fn unknown<'a>(
    report: &Report,
    code: &'static str,
    place: Place,
    message: String,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    otherwise: &str,
) {
    let names: Vec<&str> = known.clone().into_iter().collect();
    let listed = (1..=8).contains(&names.len()).then(|| format!("there is {}", one_of(names)));
    let help = did_you_mean(name, known).or(listed).unwrap_or_else(|| otherwise.to_owned());
    report.error(place, code, message, help);
}
