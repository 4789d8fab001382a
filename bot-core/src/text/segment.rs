//! Cuts a message into words and emoji.
//!
//! Unicode's word boundaries (UAX 29), with three changes for how people type: a full stop or underscore between letters
//! separates ("order.where is it"), every kind of apostrophe joins ("where`s"), and emoji are words of their own.
use unicode_segmentation::UnicodeSegmentation;

use super::{Span, readable};

/// The places of the words and emoji within the readable part of a text, in order.
pub(super) fn words(text: &str) -> impl Iterator<Item = Span> {
    let text = readable(text);
    // Plain ASCII, as most English messages are, needs none of Unicode's tables.
    let (ascii, any) = if text.is_ascii() { (text, "") } else { ("", text) };
    ascii_words(ascii).chain(any_words(any))
}

/// The words of any text.
fn any_words(text: &str) -> impl Iterator<Item = Span> {
    joined(text).flat_map(move |span| Pieces { text, rest: span }).filter(move |span| is_word(span.of(text)))
}

/// The same for a text in ASCII.
fn ascii_words(text: &str) -> impl Iterator<Item = Span> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(u8::is_ascii_alphanumeric)?;
        let length = (start..bytes.len()).take_while(|&at| goes_on(bytes, at)).count();
        at = start + length;
        Some(Span { start, end: at })
    })
}

/// Whether the byte belongs to a word that has begun: a letter or digit, or a mark between two that it joins.
fn goes_on(bytes: &[u8], at: usize) -> bool {
    let between = |kind: fn(&u8) -> bool| kind(&bytes[at - 1]) && bytes.get(at + 1).is_some_and(kind);
    match bytes[at] {
        b'\'' => between(u8::is_ascii_alphabetic) || between(u8::is_ascii_digit),
        b'`' => between(u8::is_ascii_alphabetic),
        b'.' | b',' | b';' | b'_' => between(u8::is_ascii_digit),
        mark => mark.is_ascii_alphanumeric(),
    }
}

/// UAX 29's segments, those around an apostrophe joined to one.
fn joined(text: &str) -> impl Iterator<Item = Span> {
    let mut segments = text.split_word_bound_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = segments.next()?;
        let mut end = start + first.len();
        while ends_in_letter(&text[start..end])
            && segments.peek().is_some_and(|(_, next)| is_apostrophe(next))
        {
            let follows = text[end..].chars().nth(1).is_some_and(char::is_alphabetic);
            if !follows {
                break;
            }
            segments.next();
            end = segments.next().map_or(end, |(at, word)| at + word.len());
        }
        Some(Span { start, end })
    })
}

fn ends_in_letter(text: &str) -> bool {
    text.chars().next_back().is_some_and(char::is_alphabetic)
}

fn is_apostrophe(segment: &str) -> bool {
    matches!(segment, "'" | "`" | "´" | "’" | "‘" | "ʼ" | "′")
}

/// The pieces of a segment between the marks that UAX 29 keeps inside a word: `.`, `:`, `_` and the like separate unless
/// digits stand on both sides, as in `49.90`.
struct Pieces<'a> {
    text: &'a str,
    rest: Span,
}

impl Iterator for Pieces<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        if self.rest.is_empty() {
            return None;
        }
        let segment = self.rest.of(self.text);
        let start = self.rest.start;
        let mut previous = None;
        for (index, mark) in segment.char_indices() {
            let after = index + mark.len_utf8();
            if is_separator(mark) {
                let digits = [previous, segment[after..].chars().next()];
                if !digits.iter().all(|digit| digit.is_some_and(char::is_numeric)) {
                    self.rest.start = start + after;
                    return Some(Span { start, end: start + index });
                }
            }
            previous = Some(mark);
        }
        self.rest.start = self.rest.end;
        Some(Span { start, end: self.rest.end })
    }
}

fn is_separator(mark: char) -> bool {
    // Extenders and mid-letter marks of UAX 29 that are not apostrophes; ';' and ',' stand only between digits.
    matches!(
        mark,
        '.' | ':'
            | '_'
            | '·'
            | '‿'
            | '⁀'
            | '⁔'
            | '․'
            | '﹒'
            | '．'
            | '：'
            | '＿'
            | '﹍'
            | '﹎'
            | '﹏'
            | '︓'
            | '﹕'
            | '‧'
            | '״'
    )
}

fn is_word(piece: &str) -> bool {
    piece.chars().any(char::is_alphanumeric) || piece.chars().next().is_some_and(is_emoji)
}

/// Emoji, pictographs, arrows and dingbats. Currency signs, mathematical and ASCII symbols count as punctuation: "50 €"
/// and "50" spell the same words, and what an amount is, the money entity reads.
fn is_emoji(mark: char) -> bool {
    matches!(mark,
        '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{297F}'
        | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{1F000}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ascii_is_cut_like_any_text(text in "[ -~\n\t]{0,40}|([a-c]|[1-3]|[.,:;_'`\" -]){0,30}|[\u{0}-\u{7f}]{0,20}") {
            let (ascii, any): (Vec<_>, Vec<_>) = (ascii_words(&text).collect(), any_words(&text).collect());
            prop_assert_eq!(ascii, any);
        }
    }

    #[test]
    fn messages_are_cut_where_people_see_words() {
        for (text, expected) in [
            ("where is it?", &["where", "is", "it"][..]),
            ("order.where is it", &["order", "where", "is", "it"]),
            ("e-mail/phone_number", &["e", "mail", "phone", "number"]),
            ("it costs 49.90 or 1,234.50.", &["it", "costs", "49.90", "or", "1,234.50"]),
            ("at 14:30", &["at", "14", "30"]),
            ("where's where’s where`s geht´s", &["where's", "where’s", "where`s", "geht´s"]),
            ("'quoted' dogs' `x`", &["quoted", "dogs", "x"]),
            ("rock`n`roll", &["rock`n`roll"]),
            ("ok👍👍🏽 ❤️!", &["ok", "👍", "👍🏽", "❤️"]),
            ("👩‍💻🇩🇪", &["👩‍💻", "🇩🇪"]),
            ("50 € + 3 $ = ?", &["50", "3"]),
            ("退款吗", &["退", "款", "吗"]),
            ("… — !!", &[]),
            ("", &[]),
        ] {
            let found: Vec<&str> = words(text).map(|span| span.of(text)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn only_the_first_characters_of_a_message_are_read() {
        let text = "ü ".repeat(3_000);
        assert_eq!(words(&text).count(), 2_000);
    }
}
