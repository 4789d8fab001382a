//! E-mail addresses, phone numbers and URLs.
//!
//! What people write, not what the standards allow: no quoted local parts, no numeric hosts.
use std::sync::LazyLock;

use regex::Regex;

use crate::text::{Span, readable};

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"[\p{L}\p{N}_][\p{L}\p{N}._%+'-]*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,24}",
    )
});

static URL: LazyLock<Regex> = LazyLock::new(|| {
    let tlds = "com|org|net|info|io|dev|app|shop|store|eu|de|at|ch|fr|es|it|nl|be|pl|se|dk|no|fi|pt|ie|uk|us|ca|me|tv";
    compiled(&format!(
        r#"(?i)(?:\bhttps?://|\bwww\.)[^\s<>"]+|\b(?:[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{N}}-]*[\p{{L}}\p{{N}}])?\.)+(?:{tlds})\b(?:[/?#][^\s<>"]*)?"#
    ))
});

/// Digits with at most three separators between them, perhaps behind a plus.
static PHONE: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?:\+[ ]?)?\(?[0-9](?:[ \u{a0}./()–-]{0,3}[0-9]){6,24}"));

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns of this file compile, which its tests show")
}

/// The e-mail addresses in a message, as typed.
pub(super) fn emails(text: &str) -> Vec<(Span, String)> {
    // Most messages have no @, and the search for the sign costs nothing beside the expression.
    let text = if text.contains('@') { readable(text) } else { "" };
    let found = EMAIL.find_iter(text);
    found.map(|found| (Span::from(found.range()), found.as_str().to_owned())).collect()
}

/// The URLs in a message, as typed, without the punctuation of the sentence behind them.
pub(super) fn urls(text: &str) -> Vec<(Span, String)> {
    let text = if text.contains('.') || text.contains("://") { readable(text) } else { "" };
    let found = URL.find_iter(text).filter(|found| !is_host_of_email(text, found.start(), found.end()));
    found.filter_map(|found| trimmed(found.start(), found.as_str())).collect()
}

fn is_host_of_email(text: &str, start: usize, end: usize) -> bool {
    text[..start].ends_with(['@', '.', '-', '+', '_']) || text[end..].starts_with('@')
}

fn trimmed(start: usize, found: &str) -> Option<(Span, String)> {
    let closing = ['.', ',', ';', ':', '!', '?', '\'', '*', '…'];
    let mut url = found.trim_end_matches(closing);
    // A bracket belongs to the sentence unless it was opened in the URL.
    let mut surplus = url.matches(')').count().saturating_sub(url.matches('(').count());
    while url.ends_with(')') && surplus > 0 {
        surplus -= 1;
        url = url[..url.len() - 1].trim_end_matches(closing);
    }
    (!url.is_empty()).then(|| (Span { start, end: start + url.len() }, url.to_owned()))
}

/// The phone numbers in a message, as digits behind an optional plus. In an answer, a run of digits alone is one; else it
/// needs a plus, a leading zero or separators, since it may be an order number.
pub(super) fn phones(text: &str, answer: bool) -> Vec<(Span, String)> {
    let digits = text.bytes().filter(u8::is_ascii_digit).nth(6).is_some();
    let text = if digits { readable(text) } else { "" };
    let mut found = Vec::new();
    for candidate in PHONE.find_iter(text) {
        let end = candidate.end();
        let starts = group_starts(candidate.as_str()).map(|index| candidate.start() + index);
        let phone = starts.filter_map(|start| {
            let phone = phone(&text[start..end], answer)?;
            stands_alone(text, start, end).then_some((Span { start, end }, phone))
        });
        found.extend(phone.take(1));
    }
    found
}

/// Where a number may start within a candidate: at its start, and behind a space, since another number may precede it.
fn group_starts(candidate: &str) -> impl Iterator<Item = usize> {
    let spaces = candidate.match_indices([' ', '\u{a0}']).map(|(index, space)| index + space.len());
    std::iter::once(0).chain(spaces)
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let joins = |mark: char| mark.is_alphanumeric() || matches!(mark, '@' | '_' | '#' | '+' | '=');
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let identifier = before.is_some_and(|mark| matches!(mark, '-' | '/' | '.' | ','))
        && text[..start].len() > 1
        && text[..start].chars().rev().nth(1).is_some_and(char::is_alphanumeric);
    let amount = text[end..].trim_start().starts_with(['€', '$', '£', '%']);
    !before.is_some_and(joins) && !after.is_some_and(joins) && !identifier && !amount
}

/// The digits of a phone number, if it is one.
fn phone(typed: &str, answer: bool) -> Option<String> {
    let international = typed.starts_with('+');
    // "+49 (0) 30": the zero is not dialled from abroad.
    let dialled = if international { typed.replacen("(0)", "", 1) } else { typed.to_owned() };
    let digits: String = dialled.chars().filter(char::is_ascii_digit).collect();
    let groups: Vec<&str> =
        typed.split(|mark: char| !mark.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let sure = international || digits.starts_with('0');
    if !(7..=15).contains(&digits.len()) || is_date(&groups) || (!sure && is_amount(typed)) {
        return None;
    }
    if !sure && !answer && !is_national(typed, &groups) {
        return None;
    }
    Some(match (international, digits.strip_prefix("00")) {
        (true, _) => format!("+{digits}"),
        (_, Some(rest)) => format!("+{rest}"),
        _ => digits,
    })
}

/// Whether a number without plus and zero is written in groups, as phone numbers are.
fn is_national(typed: &str, groups: &[&str]) -> bool {
    typed.starts_with('(') || (groups.len() >= 2 && groups.iter().all(|group| (2..=5).contains(&group.len())))
}

fn is_date(groups: &[&str]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    match lengths[..] {
        [4, 1..=2, 1..=2] => groups[0].starts_with("19") || groups[0].starts_with("20"),
        [1..=2, 1..=2, 4] => groups[2].starts_with("19") || groups[2].starts_with("20"),
        _ => false,
    }
}

/// "1.234.567": thousands in groups.
fn is_amount(typed: &str) -> bool {
    let mut groups = typed.split('.');
    groups.next().is_some_and(|first| first.len() <= 3)
        && typed.contains('.')
        && groups.all(|group| group.len() == 3)
}
