//! What begins a line: quotes, headings, lists, small print.
use super::{Inner, Kind, Part};

/// A block at the start of a line.
pub fn block(text: &str) -> Option<Part<'_>> {
    quote(text).or_else(|| heading(text)).or_else(|| subtext(text)).or_else(|| item(text))
}

/// `>>> ` takes all that follows, `> ` its line and the next ones that begin so.
fn quote(text: &str) -> Option<Part<'_>> {
    let trimmed = text.trim_start_matches(' ');
    if let Some(all) = trimmed.strip_prefix(">>> ") {
        let inner = Inner::Lines(all.trim_start_matches(' ').to_owned());
        return Some(Part { bytes: text.len(), kind: Some(Kind::Quote), inner });
    }
    let quoted = |line: &str| line.trim_start_matches(' ').strip_prefix("> ").map(str::to_owned);
    let mut bytes = 0;
    let lines: Vec<String> =
        text.split_inclusive('\n').map_while(|line| quoted(line).inspect(|_| bytes += line.len())).collect();
    (!lines.is_empty()).then(|| Part { bytes, kind: Some(Kind::Quote), inner: Inner::Lines(lines.concat()) })
}

/// The line, and its bytes with the end of it.
fn line(text: &str) -> (&str, usize) {
    let line = text.split_inclusive('\n').next().unwrap_or_default();
    (line.trim_end_matches('\n'), line.len())
}

fn heading(text: &str) -> Option<Part<'_>> {
    let (line, bytes) = line(text);
    let trimmed = line.trim_start_matches(' ');
    let depth = trimmed.chars().take_while(|c| *c == '#').count();
    let words = trimmed.get(depth..)?;
    let inner = words.trim_start().trim_end_matches('#').trim_end();
    let fits = (1..=3).contains(&depth) && words.starts_with([' ', '\t']) && !inner.is_empty();
    fits.then_some(Part { bytes, kind: Some(Kind::Heading(depth)), inner: Inner::Marked(inner) })
}

fn subtext(text: &str) -> Option<Part<'_>> {
    let (line, bytes) = line(text);
    let words = line.trim_start_matches(' ').strip_prefix("-# ")?.trim();
    (!words.is_empty()).then_some(Part { bytes, kind: Some(Kind::Subtext), inner: Inner::Marked(words) })
}

fn item(text: &str) -> Option<Part<'_>> {
    let (line, bytes) = line(text);
    let trimmed = line.trim_start_matches(' ');
    let digits = trimmed.chars().take_while(char::is_ascii_digit).count();
    let after = match digits {
        0 => trimmed.strip_prefix(['-', '*'])?,
        _ => trimmed[digits..].strip_prefix('.')?,
    };
    let words = after.strip_prefix(' ')?.trim();
    (!words.is_empty()).then_some(Part { bytes, kind: Some(Kind::ListItem), inner: Inner::Marked(words) })
}
