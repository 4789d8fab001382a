//! Parts a text that is too long for one message, at the most sensible places.
//!
//! A paragraph's end is best, then a line's, a sentence's, a word's; last, between two characters as people see them. Styles
//! are cut along. White space where it is parted is left out, and nothing else.
//!
//! What it is not: it knows no platform. How long a message may be, and how a text is measured, comes in.
//!
//! ```
//! use bot_core::reply::Markup;
//! use bot_runtime::split::split;
//!
//! let runs = Markup("**One two.** Three four.".into()).runs();
//! let parts = split(&runs, 12, |text| text.chars().count());
//! assert_eq!(parts.len(), 2);
//! assert_eq!((parts[0][0].text.as_str(), parts[0][0].bold), ("One two.", true));
//! assert_eq!((parts[1][0].text.as_str(), parts[1][0].bold), ("Three four.", false));
//! ```
use std::ops::Range;

use bot_core::reply::Run;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// A place that leaves less than one part in so many of a message is no sensible one: a worse kind of place is taken.
const LEAST: usize = 3;

/// The parts of a text, each at most `limit` long by `measure`, none of them blank. The same text gives the same parts.
///
/// `measure` must be additive: a text is as long as its characters together. A single character that is longer than `limit`
/// is a part of its own.
pub fn split(runs: &[Run], limit: usize, measure: impl Fn(&str) -> usize) -> Vec<Vec<Run>> {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    ranges(&text, limit, &measure).into_iter().map(|range| cut(runs, range)).collect()
}

/// What stands on a button: one line of at most `most` UTF-16 units, as no platform counts more. What is cut ends with `…`, and
/// where there is nothing to be seen, that is all.
///
/// ```
/// use bot_runtime::split::label;
///
/// assert_eq!(label("Where is\nmy parcel", 80), "Where is my parcel");
/// assert_eq!(label("Where is my parcel", 10), "Where is…");
/// ```
pub fn label(text: &str, most: usize) -> String {
    let seen: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let units = |text: &str| text.encode_utf16().count();
    if !line.is_empty() && units(&line) <= most {
        return line;
    }
    let fits = fitting(&line, most.saturating_sub(1), &units);
    format!("{}…", line[..grapheme(&line, fits, 0)].trim_end())
}

/// Where the parts are in the text.
fn ranges(text: &str, limit: usize, measure: &dyn Fn(&str) -> usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let at = indentation(rest, limit, measure);
        rest = &rest[at..];
        if rest.is_empty() {
            return parts;
        }
        let (start, end) = (text.len() - rest.len(), part(rest, limit, measure));
        parts.push(start..start + rest[..end].trim_end().len());
        rest = &rest[end..];
    }
}

/// Past white space; the indentation of a line stays, unless it fills the message.
fn indentation(text: &str, limit: usize, measure: &dyn Fn(&str) -> usize) -> usize {
    let blank = text.len() - text.trim_start().len();
    let line = text[..blank].rfind('\n').map_or(blank, |newline| newline + 1);
    if blank < text.len() && measure(&text[line..blank]) <= limit / LEAST { line } else { blank }
}

/// How many bytes the first part has. The text begins with something that is not blank.
fn part(text: &str, limit: usize, measure: &dyn Fn(&str) -> usize) -> usize {
    let fits = fitting(text, limit, measure);
    if text[fits..].trim().is_empty() {
        return text.len();
    }
    let window = &text[..fits];
    let early = fits / LEAST;
    // White space right behind what fits is a place, too.
    let ends_word = text[fits..].starts_with(char::is_whitespace);
    let ends_line = text[fits..].starts_with(['\n', '\r']);
    let first = text.len() - text.trim_start().len();
    let late = |at: &usize| *at > early.max(first);
    let whole = |ends: bool| ends.then_some(fits);
    whole(text[fits..].starts_with("\n\n"))
        .or_else(|| window.rfind("\n\n").filter(late))
        .or_else(|| whole(ends_line))
        .or_else(|| window.rfind('\n').filter(late))
        .or_else(|| sentence(text, fits).filter(late))
        .or_else(|| whole(ends_word))
        .or_else(|| window.rfind(char::is_whitespace).filter(|at| *at > first))
        .unwrap_or_else(|| grapheme(text, fits, first))
}

/// How many bytes of a text are at most `limit` long; at least one character.
fn fitting(text: &str, limit: usize, measure: &dyn Fn(&str) -> usize) -> usize {
    let mut long = 0;
    for (at, character) in text.char_indices() {
        long += measure(&text[at..at + character.len_utf8()]);
        if long > limit {
            return at.max(text.chars().next().map_or(0, char::len_utf8));
        }
    }
    text.len()
}

/// The end of the last sentence that fits, with what tells that it is one: the beginning of the next.
fn sentence(text: &str, fits: usize) -> Option<usize> {
    let next = text[fits..].chars().next().map_or(0, char::len_utf8);
    let starts = text[..fits + next].split_sentence_bound_indices().map(|(at, _)| at);
    starts.filter(|at| *at <= fits).last()
}

/// The last place that fits and is not within a character as people see it; within it, if it is longer than a message.
fn grapheme(text: &str, fits: usize, first: usize) -> usize {
    let mut cursor = GraphemeCursor::new(fits, text.len(), true);
    if cursor.is_boundary(text, 0) == Ok(true) {
        return fits;
    }
    match cursor.prev_boundary(text, 0) {
        Ok(Some(at)) if at > first => at,
        _ => fits,
    }
}

/// The runs of a range of the text, in their styles.
fn cut(runs: &[Run], range: Range<usize>) -> Vec<Run> {
    let mut at = 0;
    let mut found = Vec::new();
    for run in runs {
        let (start, end) = (range.start.max(at), range.end.min(at + run.text.len()));
        if start < end {
            found.push(Run { text: run.text[start - at..end - at].to_owned(), ..run.clone() });
        }
        at += run.text.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn characters(text: &str) -> usize {
        text.chars().count()
    }

    fn utf16(text: &str) -> usize {
        text.encode_utf16().count()
    }

    fn run(text: &str) -> Run {
        Run { text: text.to_owned(), ..Run::default() }
    }

    fn texts(parts: &[Vec<Run>]) -> Vec<String> {
        parts.iter().map(|runs| runs.iter().map(|run| run.text.as_str()).collect()).collect()
    }

    #[test]
    fn where_it_is_parted() {
        let rows: &[(&str, usize, &[&str])] = &[
            ("", 10, &[]),
            (" \n ", 10, &[]),
            ("short", 10, &["short"]),
            ("exactly10!", 10, &["exactly10!"]),
            ("exactly10!  \n", 10, &["exactly10!"]),
            // A paragraph before a line, a line before a sentence, a sentence before a word.
            ("One. Two.\n\nThree.\nFour. Five", 22, &["One. Two.", "Three.\nFour. Five"]),
            ("One. Two.\nThree. Four. Five", 20, &["One. Two.", "Three. Four. Five"]),
            ("One two. Three four five", 15, &["One two.", "Three four five"]),
            ("one two three", 9, &["one two", "three"]),
            ("one two three", 7, &["one two", "three"]),
            // A place that is too early is none.
            ("A\n\nbbbb cccc dddd eeee", 14, &["A\n\nbbbb cccc", "dddd eeee"]),
            // The indentation of a line stays; blank lines at the cut don't.
            ("list:\n\n\n    - one\n    - two", 16, &["list:", "    - one", "    - two"]),
            ("aaaaaaaaaaaa", 5, &["aaaaa", "aaaaa", "aa"]),
            ("see https://a.b/cccccccc", 21, &["see", "https://a.b/cccccccc"]),
            // What people see as one character stays one, if it can.
            ("aaae\u{301}e\u{301}", 4, &["aaa", "e\u{301}e\u{301}"]),
            ("👩‍👩‍👧👩‍👩‍👧", 6, &["👩‍👩‍👧", "👩‍👩‍👧"]),
            ("e\u{301}\u{301}\u{301}", 2, &["e\u{301}", "\u{301}\u{301}"]),
            ("日本語の文章です", 4, &["日本語の", "文章です"]),
            ("👍👍", 0, &["👍", "👍"]),
        ];
        for (text, limit, expected) in rows {
            assert_eq!(texts(&split(&[run(text)], *limit, characters)), *expected, "{text:?}");
        }
    }

    #[test]
    fn styles_are_cut_along() {
        let bold = Run { bold: true, ..run("one two three") };
        let link = Run { link: Some("https://a.b".to_owned()), ..run(" and here") };
        let parts = split(&[bold.clone(), link.clone()], 8, characters);
        assert_eq!(texts(&parts), ["one two", "three", "and here"]);
        assert!(parts[..2].iter().flatten().all(|run| run.bold && run.link.is_none()));
        assert_eq!(parts[2][0].link, link.link);
    }

    #[test]
    fn lengths_are_the_platform_s() {
        assert_eq!(texts(&split(&[run("👍👍👍")], 4, utf16)), ["👍👍", "👍"]);
    }

    fn pieces() -> impl Strategy<Value = Vec<Run>> {
        let text = prop_oneof![
            any::<String>(),
            "[a-z .!\n]{0,60}",
            "( |\n|\t|\u{a0}|x){0,40}",
            "(e\u{301}|👩\u{200d}👧|🇩🇪|日|\r\n|\\. ){0,20}",
        ];
        let run = (text, any::<bool>(), any::<bool>()).prop_map(|(text, bold, code)| Run {
            text,
            bold,
            code,
            ..Run::default()
        });
        prop::collection::vec(run, 0..5)
    }

    /// Each character that is not blank, with its style.
    fn seen<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Vec<(char, bool, bool)> {
        let styled = |run: &'a Run| run.text.chars().map(|character| (character, run.bold, run.code));
        runs.into_iter().flat_map(styled).filter(|(character, ..)| !character.is_whitespace()).collect()
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_long(runs in pieces(), limit in 2_usize..50) {
            let parts = split(&runs, limit, utf16);
            prop_assert_eq!(seen(parts.iter().flatten()), seen(&runs));
            for text in texts(&parts) {
                prop_assert!(utf16(&text) <= limit, "{:?}", text);
                prop_assert!(!text.trim().is_empty());
            }
        }

        #[test]
        fn what_fits_is_one_part(runs in pieces()) {
            let parts = split(&runs, 10_000, utf16);
            let whole: String = runs.iter().map(|run| run.text.as_str()).collect();
            prop_assert_eq!(parts.len(), usize::from(!whole.trim().is_empty()));
        }
    }
}
