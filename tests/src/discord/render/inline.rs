//! What stands within a line: emphasis, code, links, mentions.
use std::sync::LazyLock;

use regex::Regex;

use super::{Inner, Kind, Part};

static MENTION: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<channel>\d+)|/(?P<command>[^:>\n]{1,100}):\d+|t:(?P<time>-?\d{1,17})(?::[tTdDfFRsS])?|a?:(?P<emoji>\w+):\d+|id:(?P<place>\w+))>";
    Regex::new(pattern).expect("it is one")
});
static BARE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^(?i:https?|steam|discord)://[^\s<]+"#).expect("it is one"));
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^<((?:[^: >\n]+:/[^ >\n]+)|mailto:[^ >\n]+|tel:[^ >\n]+|[^\s@>]+@[^\s@>]+\.[^\s@>]+|\+[0-9][0-9() -]{5,})>")
        .expect("it is one")
});
static MASKED: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"^\[((?:\[[^\]]*\]|[^\[\]]|\])*?)\]\(\s*<?((?:\([^)]*\)|[^\s\\()]|\\.)*?)>?(?:\s+['"][\s\S]*?['"])?\s*\)"#;
    Regex::new(pattern).expect("it is one")
});

/// A part at the beginning of a text; `before` is what stands before it.
pub fn inline(text: &str, before: Option<char>) -> Option<Part<'_>> {
    let first = text.chars().next()?;
    match first {
        '\\' => escaped(text),
        '`' => code(text),
        '<' => mention(text).or_else(|| bracketed(text)),
        '[' => masked(text),
        '@' => everyone(text),
        '*' => double(text, "**", Kind::Bold).or_else(|| italic_star(text)),
        '_' => double(text, "__", Kind::Underline).or_else(|| italic_line(text, before)),
        '~' => double(text, "~~", Kind::Strike),
        '|' => double(text, "||", Kind::Spoiler),
        _ if before.is_none_or(|before| !before.is_alphanumeric()) => bare(text),
        _ => None,
    }
}

/// A mark behind a backslash is itself.
fn escaped(text: &str) -> Option<Part<'_>> {
    let next =
        text[1..].chars().next().filter(|next| !next.is_ascii_alphanumeric() && !next.is_whitespace())?;
    let bytes = 1 + next.len_utf8();
    Some(Part { bytes, kind: None, inner: Inner::Plain(&text[1..bytes]) })
}

/// Nothing is escaped in code.
fn code(text: &str) -> Option<Part<'_>> {
    if let Some(inner) = text.strip_prefix("```")
        && let Some(end) = inner.find("```").filter(|end| !inner[..*end].trim_matches('\n').is_empty())
    {
        let inner = Inner::Plain(inner[..end].trim_matches('\n'));
        return Some(Part { bytes: end + 6, kind: Some(Kind::CodeBlock), inner });
    }
    let ticks = text.chars().take_while(|c| *c == '`').count();
    let inner = &text[ticks..];
    let mut at = 0;
    loop {
        let end = at + inner[at..].find('`')?;
        let run = inner[end..].chars().take_while(|c| *c == '`').count();
        if run == ticks && end > 0 {
            let inner = Inner::Plain(&inner[..end]);
            return Some(Part { bytes: end + 2 * ticks, kind: Some(Kind::Code), inner });
        }
        at = end + run;
    }
}

fn mention(text: &str) -> Option<Part<'_>> {
    let found = MENTION.captures(text)?;
    let name = |name: &str| found.name(name).map(|found| found.as_str().to_owned());
    let kind = name("user")
        .map(Kind::User)
        .or_else(|| name("role").map(Kind::Role))
        .or_else(|| name("channel").map(Kind::Channel))
        .or_else(|| name("command").map(Kind::Command))
        .or_else(|| name("time").map(Kind::Time))
        .or_else(|| name("emoji").map(Kind::Emoji))
        .or_else(|| name("place").map(Kind::Channel))?;
    let all = found.get(0)?.as_str();
    Some(Part { bytes: all.len(), kind: Some(kind), inner: Inner::Plain(&text[..all.len()]) })
}

fn everyone(text: &str) -> Option<Part<'_>> {
    let word = ["@everyone", "@here"].into_iter().find(|word| text.starts_with(word))?;
    Some(Part { bytes: word.len(), kind: Some(Kind::Everyone), inner: Inner::Plain(word) })
}

fn link<'a>(bytes: usize, url: &str, inner: Inner<'a>) -> Option<Part<'a>> {
    Some(Part { bytes, kind: Some(Kind::Link(url.to_owned())), inner })
}

fn bare(text: &str) -> Option<Part<'_>> {
    let found = BARE.find(text)?.as_str();
    let url = found.trim_end_matches(['.', ',', ':', ';', '"', '\'', ']', ')']);
    let closed = if url.contains('(') && found[url.len()..].starts_with(')') { 1 } else { 0 };
    let bytes = url.len() + closed;
    let has_host = text[..bytes].split_once("://").is_some_and(|(_, host)| !host.is_empty());
    if has_host { link(bytes, &text[..bytes], Inner::Plain(&text[..bytes])) } else { None }
}

fn bracketed(text: &str) -> Option<Part<'_>> {
    let found = BRACKETED.captures(text)?;
    let url = found.get(1)?;
    link(found.get(0)?.len(), url.as_str(), Inner::Plain(&text[url.range()]))
}

/// Words that lead elsewhere.
fn masked(text: &str) -> Option<Part<'_>> {
    let found = MASKED.captures(text)?;
    let (words, url) = (found.get(1)?, found.get(2)?.as_str());
    let leads =
        ["http://", "https://", "discord://"].iter().any(|scheme| url.to_lowercase().starts_with(scheme));
    let fits = leads && !words.as_str().trim().is_empty();
    if fits { link(found.get(0)?.len(), url, Inner::Marked(&text[words.range()])) } else { None }
}

/// Between two marks of two characters: the shortest part that isn't empty, and no such character follows.
fn double<'a>(text: &'a str, mark: &str, kind: Kind) -> Option<Part<'a>> {
    let inner = text.strip_prefix(mark)?;
    let last = mark.chars().next()?;
    let mut at = 0;
    while at < inner.len() {
        let here = &inner[at..];
        let next = here.chars().next()?;
        let ends =
            here.starts_with(mark) && at > 0 && (!here[2..].starts_with(last) || last == '|' || last == '~');
        if ends {
            return Some(Part { bytes: at + 4, kind: Some(kind), inner: Inner::Marked(&inner[..at]) });
        }
        at += next.len_utf8();
        // What is escaped ends nothing.
        if next == '\\' && matches!(last, '*' | '_') {
            at += inner[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    None
}

/// `*x*`: no blank follows the first mark, none stands before the last.
fn italic_star(text: &str) -> Option<Part<'_>> {
    let inner = &text[1..];
    inner.chars().next().filter(|first| !first.is_whitespace() && *first != '*')?;
    single(inner, '*', |inner, at| {
        let blank = inner[..at].chars().last().is_some_and(char::is_whitespace);
        !blank && !inner[at + 1..].starts_with('*')
    })
}

/// `_x_`: not within a word.
fn italic_line(text: &str, before: Option<char>) -> Option<Part<'_>> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if before.is_some_and(word) {
        return None;
    }
    single(&text[1..], '_', |inner, at| !inner[at + 1..].chars().next().is_some_and(word))
}

fn single(inner: &str, mark: char, ends: impl Fn(&str, usize) -> bool) -> Option<Part<'_>> {
    let mut at = 0;
    while at < inner.len() {
        let here = &inner[at..];
        let next = here.chars().next()?;
        let pair = here.chars().take_while(|c| *c == mark).count() >= 2;
        if next == mark && !pair && at > 0 && ends(inner, at) {
            return Some(Part {
                bytes: at + 2,
                kind: Some(Kind::Italic),
                inner: Inner::Marked(&inner[..at]),
            });
        }
        at += if pair { 2 } else { next.len_utf8() };
        if next == '\\' {
            at += inner[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    None
}
