//! What customers and agents are sent alike: texts with styles, buttons and choices, files, by Discord's names.
//!
//! What it is not: it does not trust what people wrote. Discord formats by signs inside the text, so each sign that is meant
//! literally is marked as such, and `allowed_mentions` is empty on every call.
use bot_core::reply::Run;
use bot_runtime::split::{label, split};
use reqwest::Url;
use serde_json::{Value as Json, json};

use crate::api::Failure;

/// Characters of a message.
pub const LONGEST: usize = 2000;

/// Characters of a link's address; a longer one is written out.
const ADDRESS: usize = 500;

/// UTF-16 units of a label.
const LABEL: usize = 80;
const CHOICE: usize = 100;

/// Buttons that stand in a row; more are choices of a list.
const ROW: usize = 5;

/// Choices of a list, and lists of a message.
const CHOICES: usize = 25;
const LISTS: usize = 5;

/// Characters of a nonce.
pub const NONCE: usize = 25;

/// Nothing is unfurled.
const NO_EMBEDS: u64 = 1 << 2;
/// Only the one who has pressed sees it.
const PRIVATE: u64 = 1 << 6;
/// Nobody is notified.
const QUIET: u64 = 1 << 12;

/// A word joiner: it is not seen, and parts what must not be read together.
const JOINER: char = '\u{2060}';

/// A text as Discord shows it literally: nothing in it formats, links or mentions.
pub fn literal(text: &str) -> String {
    let text = shown(text);
    let mut literal = String::with_capacity(text.len() + 8);
    let (mut line, mut before) = (Line::Start, ' ');
    for (at, letter) in text.char_indices() {
        let rest = &text[at + letter.len_utf8()..];
        if is_sign(letter, line, rest.chars().next()) {
            literal.push('\\');
        }
        literal.push(letter);
        if letter == '@' && calls(before, rest) {
            literal.push(JOINER);
        }
        (line, before) = (line.after(letter), letter);
    }
    literal
}

/// Whether somebody may be called by what stands behind an `@`. An address of e-mail calls nobody, and stays one to copy.
fn calls(before: char, rest: &str) -> bool {
    !before.is_alphanumeric() || ["everyone", "here"].iter().any(|all| rest.starts_with(all))
}

/// Without control characters, which are refused, or change how the rest is shown.
fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect()
}

/// How long a text is at most once it is literal, each character by itself.
pub fn measure(text: &str) -> usize {
    let long = |letter: char| letter.len_utf16() + usize::from(letter.is_ascii_punctuation());
    text.chars().map(long).sum()
}

/// Where in a line a character stands: some are signs at its start only.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Start,
    Digits,
    Inside,
}

impl Line {
    fn after(self, letter: char) -> Line {
        match self {
            _ if letter == '\n' => Line::Start,
            Line::Start if letter.is_whitespace() => Line::Start,
            Line::Start | Line::Digits if letter.is_ascii_digit() => Line::Digits,
            _ => Line::Inside,
        }
    }
}

fn is_sign(letter: char, line: Line, next: Option<char>) -> bool {
    match letter {
        '\\' | '*' | '_' | '~' | '|' | '`' | '[' | ']' | '<' => true,
        '>' | '#' | '-' | '+' => {
            line == Line::Start && next.is_none_or(|next| next.is_whitespace() || "#>".contains(next))
        }
        '.' | ')' => line == Line::Digits,
        // An address is not linked without its `://`.
        ':' => next == Some('/'),
        _ => false,
    }
}

/// Styled pieces as Discord's signs.
pub fn styled(runs: &[Run]) -> String {
    let mut text = String::new();
    let mut is_styled = false;
    for run in &merged(runs) {
        let starts_line = text.rsplit('\n').next().unwrap_or_default().trim().is_empty();
        let piece = piece(run, starts_line);
        let styles = piece.starts_with(['*', '`', '[']);
        // Signs of two neighbours must not be read as one.
        if is_styled && styles && !piece.is_empty() {
            text.push(JOINER);
        }
        is_styled = piece.ends_with(['*', '`', ')']) && !piece.ends_with("\\*") && !piece.ends_with("\\`");
        text += &piece;
    }
    text
}

/// Neighbours of the same style as one.
fn merged(runs: &[Run]) -> Vec<Run> {
    let mut merged: Vec<Run> = Vec::new();
    for run in runs {
        match merged.last_mut() {
            Some(last) if Run { text: last.text.clone(), ..run.clone() } == *last => last.text += &run.text,
            _ => merged.push(run.clone()),
        }
    }
    merged
}

fn piece(run: &Run, starts_line: bool) -> String {
    let text = shown(&run.text);
    let plain = text.trim();
    if plain.is_empty() {
        return text;
    }
    if !run.bold && !run.italic && !run.code && run.link.is_none() {
        return if starts_line { literal(&text) } else { inside(&text) };
    }
    // Signs stand right at what they are for.
    let at = text.len() - text.trim_start().len();
    let (before, after) = (&text[..at], &text[at + plain.len()..]);
    let is_code = run.code && !plain.contains('`');
    let mut words = if is_code { code(plain) } else { literal(plain) };
    if let Some(address) = run.link.as_deref().and_then(web) {
        words = linked(plain, &words, &address);
    } else if !is_code {
        let sign = ["", "*", "**", "***"][usize::from(run.italic) + 2 * usize::from(run.bold)];
        words = format!("{sign}{words}{sign}");
    }
    format!("{}{words}{}", literal(before), literal(after))
}

/// What stands in the middle of a line.
fn inside(text: &str) -> String {
    let shown = literal(&format!("x{text}"));
    shown[1..].to_owned()
}

fn code(text: &str) -> String {
    format!("`{}`", shown(text).replace('@', &format!("@{JOINER}")))
}

/// Discord shows no words for an address that look like one.
fn linked(plain: &str, words: &str, address: &Url) -> String {
    let bare = |text: &str| text.trim_end_matches('/').to_owned();
    // The first bracket that closes ends the address, whatever stands around it.
    let shown = address.as_str().replace('(', "%28").replace(')', "%29");
    if bare(plain) == bare(address.as_str()) {
        format!("<{address}>")
    } else if plain.contains(['[', ']']) {
        // Apps differ in whether these may be escaped there.
        format!("{words} (<{address}>)")
    } else {
        format!("[{words}](<{shown}>)")
    }
}

/// Discord links web addresses only.
pub fn web(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    url.filter(|url| url.as_str().len() <= ADDRESS && !url.as_str().contains(['<', '>', ' ', '`']))
}

/// The messages of a text that may be too long for one: the same each time.
pub fn parts(runs: &[Run]) -> Vec<String> {
    let fit = |runs: &[Run], limit| {
        let parts: Vec<_> = split(runs, limit, measure).iter().map(|runs| styled(runs)).collect();
        parts.iter().all(|part| utf16(part) <= LONGEST).then_some(parts)
    };
    // Signs and addresses take their place, too.
    let limits = [LONGEST, LONGEST * 4 / 5, LONGEST / 2, LONGEST / 5];
    limits.into_iter().find_map(|limit| fit(runs, limit)).unwrap_or_else(|| {
        let plain: Vec<_> = runs.iter().map(|run| Run { text: run.text.clone(), ..Run::default() }).collect();
        split(&plain, LONGEST, measure).iter().map(|runs| styled(runs)).collect()
    })
}

/// As much of a text, literally, as a message holds.
pub fn beginning(text: &str) -> String {
    let run = Run { text: text.to_owned(), ..Run::default() };
    parts(&[run]).into_iter().next().unwrap_or_default()
}

/// How long a text is for Discord, or shorter.
pub fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A message. Nobody is ever called by it.
pub struct Letter(Json);

impl Letter {
    /// With a text that is already as Discord shows it.
    pub fn new(content: &str) -> Letter {
        Letter(json!({ "content": content, "flags": NO_EMBEDS, "allowed_mentions": { "parse": [] } }))
    }

    /// A second one with the same key is not made.
    pub fn once(mut self, key: &str) -> Letter {
        self.0["nonce"] = json!(key);
        self.0["enforce_nonce"] = json!(true);
        self
    }

    /// To a message; `must`: only if it is there.
    pub fn to(mut self, message: Option<&str>, must: bool) -> Letter {
        if let Some(id) = message {
            self.0["message_reference"] = json!({ "message_id": id, "fail_if_not_exists": must });
        }
        self
    }

    /// With buttons or lists, each by its label and data; none takes those away that were there.
    pub fn with<'a>(mut self, buttons: impl Iterator<Item = (&'a str, String)>) -> Letter {
        self.0["components"] = components(buttons.collect());
        self
    }

    /// Nobody is notified.
    pub fn quiet(self, is_quiet: bool) -> Letter {
        self.flag(QUIET, is_quiet)
    }

    /// Only for the one who has pressed.
    pub fn private(self) -> Letter {
        self.flag(PRIVATE, true)
    }

    fn flag(mut self, flag: u64, is_set: bool) -> Letter {
        let flags = self.0["flags"].as_u64().unwrap_or_default();
        self.0["flags"] = json!(if is_set { flags | flag } else { flags });
        self
    }

    /// As it is sent.
    pub fn body(self) -> Json {
        self.0
    }
}

fn components(buttons: Vec<(&str, String)>) -> Json {
    let rows: Vec<_> = if buttons.len() <= ROW {
        let row: Vec<_> = buttons.iter().map(|(label, data)| button(label, data)).collect();
        (!row.is_empty()).then_some(row).into_iter().collect()
    } else {
        buttons
            .chunks(CHOICES)
            .take(LISTS)
            .enumerate()
            .map(|(nth, choices)| vec![list(nth, choices)])
            .collect()
    };
    rows.into_iter().map(|row| json!({ "type": 1, "components": row })).collect()
}

fn button(text: &str, data: &str) -> Json {
    json!({ "type": 2, "style": 2, "label": label(text, LABEL), "custom_id": data })
}

fn list(nth: usize, choices: &[(&str, String)]) -> Json {
    let option = |(text, data): &(&str, String)| json!({ "label": label(text, CHOICE), "value": data });
    let options: Vec<_> = choices.iter().map(option).collect();
    json!({ "type": 3, "custom_id": format!("list:{nth}"), "options": options })
}

/// The id of what was made.
pub fn id(made: &Json) -> Result<String, Failure> {
    let id = made["id"].as_str().map(str::to_owned);
    id.ok_or_else(|| Failure::doubt("what was made has no id"))
}

/// Whether that is an id of Discord.
pub fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Letter {
    /// Says something more.
    pub fn say(mut self, more: &str) -> Json {
        let said = self.0["content"].as_str().unwrap_or_default();
        self.0["content"] = json!(format!("{said}\n{more}").trim());
        self.0
    }
}

#[cfg(test)]
mod tests;
