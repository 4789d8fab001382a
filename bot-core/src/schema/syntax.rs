//! Explains what is no YAML to somebody who does not know YAML: which line, why, and the corrected line.
//!
//! The parser says where it stopped; what the author tripped over stands in that line or in the one before. What it is
//! not: it parses nothing, it guesses from lines.
use std::ops::Range;

/// The kinds of problems that are found here and can be read past.
pub(super) const CODES: [&str; 3] = ["special-character", "unclosed-quote", "backslash"];

/// What an author tripped over.
pub(super) struct Trap {
    pub code: &'static str,
    /// Where, what, and what to do.
    pub problems: Vec<(Range<usize>, String, Option<String>)>,
    /// What to overwrite so that the rest of the file can be read.
    pub mask: Option<Range<usize>>,
}

impl Trap {
    fn value(
        code: &'static str,
        place: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Trap {
        Trap { code, problems: vec![(place.clone(), message.into(), help)], mask: Some(place) }
    }

    fn structure(place: Range<usize>, message: impl Into<String>, help: Option<String>) -> Trap {
        Trap { code: "syntax", problems: vec![(place, message.into(), help)], mask: None }
    }
}

/// Explains the parser's error at byte `at`.
pub(super) fn explain(text: &str, at: usize, info: &str) -> Trap {
    if info.contains("recursion limit") {
        let help = "a bracket too many? No bot needs that many levels".to_owned();
        let problem = (at..at, "this is nested far too deep".to_owned(), Some(help));
        return Trap { code: "too-deep", problems: vec![problem], mask: None };
    }
    let line = meant_line(text, at);
    let previous = previous_line(text, line.start);
    tabs(text, info)
        .or_else(|| quotes(text, at, info))
        .or_else(|| value_trap(text, line.clone()))
        .or_else(|| missing_colon(text, line.clone()))
        .or_else(|| previous.clone().and_then(|line| value_trap(text, line)))
        .or_else(|| previous.clone().and_then(|line| missing_colon(text, line)))
        .or_else(|| unclosed(text, line.start, ['[', '{']))
        .or_else(|| flow_trap(text, line.clone()))
        .unwrap_or_else(|| indentation(text, line, previous, info))
}

/// The line of a byte, without its line break.
pub(super) fn line_at(text: &str, at: usize) -> Range<usize> {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    start..start + text[start..end].trim_end().len()
}

/// "put it in quotes: `say: "…"`" for a value that runs from `start` to the end of its line.
pub(super) fn quoted_value(text: &str, start: usize, end: usize) -> Option<String> {
    let line = line_at(text, start);
    let before = text.get(line.start..start)?.trim_start();
    let value = without_comment(text.get(start..end)?);
    Some(format!("put the text in quotes: `{before}{}`", quote(value)))
}

/// A text as YAML reads it back unchanged.
pub(super) fn quote(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// The line of the error, or the last one that has something in it.
fn meant_line(text: &str, at: usize) -> Range<usize> {
    let line = line_at(text, at);
    if text[line.clone()].trim().is_empty() { previous_line(text, line.start).unwrap_or(line) } else { line }
}

/// The nearest line above that is neither empty nor a comment.
fn previous_line(text: &str, start: usize) -> Option<Range<usize>> {
    lines_above(text, start).find(|line| {
        let written = text[line.clone()].trim_start();
        !written.is_empty() && !written.starts_with('#')
    })
}

fn lines_above(text: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut start = start;
    std::iter::from_fn(move || {
        let line = line_at(text, start.checked_sub(1)?);
        start = line.start;
        Some(line)
    })
}

/// A value without the comment behind it.
fn without_comment(value: &str) -> &str {
    value.find(" #").map_or(value, |at| &value[..at]).trim_end()
}

/// What stands in a line behind its `- ` and `key: `.
fn value_of(text: &str, line: Range<usize>) -> Range<usize> {
    let mut start = line.start + (text[line.clone()].len() - text[line.clone()].trim_start().len());
    while let Some(rest) = text[start..line.end].strip_prefix("- ") {
        start = line.end - rest.trim_start().len();
    }
    let rest = &text[start..line.end];
    let colon = if rest.starts_with(['"', '\'']) {
        let quote = &rest[..1];
        rest[1..].find(quote).map(|at| at + 2).filter(|&at| rest[at..].starts_with(':'))
    } else if rest.starts_with(['{', '[']) {
        None
    } else {
        rest.find(": ").or_else(|| rest.ends_with(':').then(|| rest.len() - 1))
    };
    if let Some(colon) = colon {
        start = line.end - rest[colon + 1..].trim_start().len();
    }
    start..start + without_comment(&text[start..line.end]).len()
}

fn tabs(text: &str, info: &str) -> Option<Trap> {
    if !info.contains("tab") && !info.contains("valid YAML whitespace") {
        return None;
    }
    let mut problems = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim_end();
        let indent = &written[..written.len() - written.trim_start().len()];
        if let Some(tab) = indent.find('\t') {
            let help = format!("put spaces there: `{}{}`", indent.replace('\t', "  "), written.trim_start());
            let message = "this line is indented with a tab; YAML takes only spaces".to_owned();
            problems.push((start + tab..start + indent.len(), message, Some(help)));
        } else if let Some(tab) = written.find(":\t").or_else(|| written.find("-\t")) {
            let help = format!("put a space there: `{}`", written.trim_start().replace('\t', " "));
            problems.push((
                start + tab..start + tab + 2,
                "a tab stands where a space is needed".to_owned(),
                Some(help),
            ));
        }
        start += line.len();
    }
    (!problems.is_empty()).then_some(Trap { code: "tab", problems, mask: None })
}

fn quotes(text: &str, at: usize, info: &str) -> Option<Trap> {
    let line = line_at(text, at);
    if info.contains("escape") || info.contains("hexadecimal") {
        return Some(backslash(text, at, line));
    }
    if info.contains("trailing content") {
        return unclosed(text, line.start, ['"', '\'']).or_else(|| closed_early(text, line));
    }
    info.contains("quoted scalar").then(|| unclosed_quote(text, at..line.end.max(at)))
}

fn backslash(text: &str, at: usize, line: Range<usize>) -> Trap {
    let rest = &text[at..line.end.max(at)];
    let is_end = |&(index, _): &(usize, &str)| index > 0 && !rest[..index].ends_with('\\');
    let place = at..rest.match_indices('"').find(is_end).map_or(line.end.max(at), |(end, _)| at + end + 1);
    let inner = text[place.clone()].trim_matches('"').to_owned();
    let help = format!("use single quotes, in which `\\` is just itself: `'{}'`", inner.replace('\'', "''"));
    Trap::value(
        "backslash",
        place,
        "in double quotes, `\\` stands for special characters, and this is none",
        Some(help),
    )
}

fn unclosed_quote(text: &str, place: Range<usize>) -> Trap {
    let written = &text[place.clone()];
    let mark = &written[..1.min(written.len())];
    let help = format!("close it at the end of the text: `{}{mark}`", without_comment(written));
    Trap::value(
        "unclosed-quote",
        place,
        format!("this text begins with {mark} and is never closed"),
        Some(help),
    )
}

/// `'it's fine'`, `"Yes" is an answer`: quotes that end before the text does.
fn closed_early(text: &str, line: Range<usize>) -> Option<Trap> {
    let place = value_of(text, line);
    let value = &text[place.clone()];
    let mark = value.chars().next().filter(|mark| ['"', '\''].contains(mark))?;
    let whole = value.len() > 1 && value.ends_with(mark) && !value[1..value.len() - 1].contains("\" ");
    let inner = if whole { &value[1..value.len() - 1] } else { value };
    let before = text[line_at(text, place.start).start..place.start].trim_start();
    let help = format!("put the whole text into the other quotes: `{before}{}`", other_quotes(inner));
    let message = format!("the text goes on behind the {mark} that closes it");
    Some(Trap::value("unclosed-quote", place, message, Some(help)))
}

fn other_quotes(text: &str) -> String {
    if text.contains('"') { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// The nearest line above whose value opens one of these and does not close it.
fn unclosed(text: &str, start: usize, marks: [char; 2]) -> Option<Trap> {
    let here = line_at(text, start);
    let line = std::iter::once(here.clone())
        .filter(|_| marks[0] == '[')
        .chain(lines_above(text, start))
        .take(30)
        .find(|line| {
            let value = &text[value_of(text, line.clone())];
            let Some(mark) = value.chars().next().filter(|mark| marks.contains(mark)) else { return false };
            match mark {
                '[' => value.matches('[').count() > value.matches(']').count(),
                '{' => value.matches('{').count() > value.matches('}').count(),
                quote => value.matches(quote).count() == 1,
            }
        })?;
    let place = value_of(text, line);
    let mark = &text[place.start..place.start + 1];
    if marks[0] != '[' {
        return Some(unclosed_quote(text, place));
    }
    let close = if mark == "[" { "]" } else { "}" };
    let message = format!("the `{mark}` that opens here is not closed");
    let help = format!("write the `{close}`, or put the text in quotes: `{}`", quote(&text[place.clone()]));
    Some(Trap::structure(place, message, Some(help)))
}

/// A value that YAML takes for something else than a text.
fn value_trap(text: &str, line: Range<usize>) -> Option<Trap> {
    let place = value_of(text, line);
    let value = &text[place.clone()];
    let first = value.chars().next()?;
    let message = match first {
        '"' | '\'' => return None,
        '{' | '[' if value.starts_with("{{") || value.starts_with("{%") || goes_on(value) => {
            begins_with(first)
        }
        '{' | '[' => return None,
        '|' | '>' if value[1..].trim_start_matches(['+', '-']).is_empty() => return None,
        '*' | '&' | '!' | '%' | '@' | '`' | '|' | '>' | ',' | ']' | '}' => begins_with(first),
        '-' | '?' if value[1..].starts_with(' ') => begins_with(first),
        _ if value.contains(": ") || value.ends_with(':') => {
            "a colon with a space behind it makes a key; a text with one must stand in quotes".to_owned()
        }
        _ => return None,
    };
    let help = quoted_value(text, place.start, place.end);
    Some(Trap::value("special-character", place, message, help))
}

fn begins_with(first: char) -> String {
    format!("a text that begins with `{first}` must stand in quotes")
}

/// Whether there is anything behind the bracket that closes the first one.
fn goes_on(value: &str) -> bool {
    let mut depth = 0i32;
    for (at, character) in value.char_indices() {
        match character {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return !value[at + 1..].trim().is_empty();
        }
    }
    false
}

/// A line that is neither `key: value` nor `- item`, or that lacks the space behind its colon.
fn missing_colon(text: &str, line: Range<usize>) -> Option<Trap> {
    let place = line.start + (text[line.clone()].len() - text[line.clone()].trim_start().len())..line.end;
    let written = without_comment(&text[place.clone()]);
    let key_end =
        written.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(written.len());
    let (key, rest) = written.split_at(key_end);
    if key.is_empty() || written.starts_with('-') {
        return None;
    }
    if rest.is_empty() {
        let help = format!("write `{key}:`");
        return Some(Trap::structure(place, format!("there is no colon behind `{key}`"), Some(help)));
    }
    let value = rest.strip_prefix(':').filter(|value| !value.is_empty() && !value.starts_with([' ', '/']));
    if let Some(value) = value {
        let help = format!("write `{key}: {value}`");
        return Some(Trap::structure(place, "there is no space behind the colon", Some(help)));
    }
    let plain = !written.contains(": ") && !written.ends_with(':');
    let message = "this line is neither `key: text` nor `- text`";
    plain.then(|| Trap::structure(place, message, Some(format!("if it goes on a list, write `- {written}`"))))
}

/// `{ say: Note: this }`: inside brackets, nobody can tell where a text was meant to end.
fn flow_trap(text: &str, line: Range<usize>) -> Option<Trap> {
    let place = value_of(text, line);
    let value = &text[place.clone()];
    value.starts_with(['[', '{']).then(|| {
        let message =
            "inside `[ ]` and `{ }`, texts with `,` `:` `?` `[` `{` or quotes in them must stand in quotes";
        let help = "put each such text in quotes, or write one to a line with `- ` before it".to_owned();
        Trap::value("special-character", place.clone(), message, Some(help))
    })
}

fn indentation(text: &str, line: Range<usize>, previous: Option<Range<usize>>, info: &str) -> Trap {
    let indent = |line: &Range<usize>| text[line.clone()].len() - text[line.clone()].trim_start().len();
    let place = line.start + indent(&line)..line.end;
    match previous {
        Some(above) if indent(&above) != indent(&line) => {
            let message = "this line does not start in the column of the lines it belongs to";
            let help = "lines that belong together start in the same column; the line above starts in column";
            Trap::structure(place, message, Some(format!("{help} {}", indent(&above) + 1)))
        }
        _ => Trap::structure(place, format!("this can't be read: {info}"), None),
    }
}
