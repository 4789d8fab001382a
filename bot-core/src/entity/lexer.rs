//! A message in units for the grammars: words, runs of digits and single signs.
//!
//! Finer than tokens, since dates, times and amounts are made of signs: "14:30" is three units, "2pm" two.
use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

use super::hints::Hints;
use super::words::{Role, Vocabulary};
use crate::locale::has_decimal_comma;
use crate::text::{Language, Span, fold, readable};

/// A unit of a message.
#[derive(Clone, Debug)]
pub(super) struct Unit<'a> {
    /// Where it stands in the message as typed.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// The folded word, the digits in ASCII, or the sign.
    pub text: Cow<'a, str>,
    /// Whether nothing stands between it and the unit before it.
    pub tight: bool,
    /// Whether it starts with a capital.
    pub capital: bool,
    /// What it can do in a grammar.
    pub roles: Cow<'static, [Role]>,
}

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Digits,
    Sign,
}

/// A message in units.
pub(super) struct View<'a> {
    /// The message as typed.
    pub text: &'a str,
    /// The language it is read in.
    pub language: &'a Language,
    /// Whether that language writes 1.5 as "1,5".
    pub decimal_comma: bool,
    /// The units, in order.
    pub units: Vec<Unit<'a>>,
    /// What the units can be parts of.
    pub hints: Hints,
}

impl<'a> View<'a> {
    /// Cuts a message into units.
    pub(super) fn new(text: &'a str, language: &'a Language) -> View<'a> {
        let vocabulary = Vocabulary::of(language.code());
        let units = units(text, &vocabulary);
        let hints = units.iter().map(Unit::hints).collect();
        View { text, language, decimal_comma: has_decimal_comma(language), units, hints }
    }

    /// Whether the message is read in that language.
    pub(super) fn speaks(&self, code: &str) -> bool {
        self.language.code() == code
    }

    /// The unit at that index.
    pub(super) fn at(&self, index: usize) -> Option<&Unit<'a>> {
        self.units.get(index)
    }

    /// The unit before that index.
    pub(super) fn before(&self, index: usize) -> Option<&Unit<'a>> {
        index.checked_sub(1).and_then(|index| self.units.get(index))
    }

    /// Whether the unit has that role.
    pub(super) fn has(&self, index: usize, role: Role) -> bool {
        self.at(index).is_some_and(|unit| unit.roles.contains(&role))
    }

    /// Whether the unit before has that role.
    pub(super) fn follows(&self, index: usize, role: Role) -> bool {
        self.before(index).is_some_and(|unit| unit.roles.contains(&role))
    }

    /// What a unit means in one of its roles.
    pub(super) fn role<T>(&self, index: usize, pick: impl Fn(Role) -> Option<T>) -> Option<T> {
        self.at(index)?.roles.iter().find_map(|&role| pick(role))
    }

    /// The index after the unit if it has that role, else the same index.
    pub(super) fn skip(&self, index: usize, role: Role) -> usize {
        index + usize::from(self.has(index, role))
    }

    /// Whether the unit is one of these folded words.
    pub(super) fn word(&self, index: usize, words: &[&str]) -> bool {
        self.at(index).is_some_and(|unit| unit.kind == Kind::Word && words.contains(&&*unit.text))
    }

    /// The index after a phrase of folded words or signs that starts here.
    pub(super) fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut end = at;
        for word in phrase.split(' ') {
            self.at(end).filter(|unit| unit.text == word)?;
            end += 1;
        }
        Some(end)
    }

    /// Whether the unit is one of these signs.
    pub(super) fn sign(&self, index: usize, signs: &[&str]) -> bool {
        self.at(index).is_some_and(|unit| unit.kind == Kind::Sign && signs.contains(&&*unit.text))
    }

    /// Whether the unit is one of these signs and touches the one before it.
    pub(super) fn tight_sign(&self, index: usize, signs: &[&str]) -> bool {
        self.is_tight(index) && self.sign(index, signs)
    }

    /// The digits of a run of digits.
    pub(super) fn digits(&self, index: usize) -> Option<&str> {
        self.at(index).filter(|unit| unit.kind == Kind::Digits).map(|unit| &*unit.text)
    }

    /// The digits of a run that touches the unit before it.
    pub(super) fn tight_digits(&self, index: usize) -> Option<&str> {
        self.digits(index).filter(|_| self.is_tight(index))
    }

    /// Whether there is a unit that touches the one before it.
    pub(super) fn is_tight(&self, index: usize) -> bool {
        self.at(index).is_some_and(|unit| unit.tight)
    }

    /// Whether the unit is a word that touches the one before it.
    pub(super) fn tight_word(&self, index: usize) -> bool {
        self.at(index).is_some_and(|unit| unit.tight && unit.kind == Kind::Word)
    }

    /// Whether digits may start a value here: they don't go on with letters or with other digits behind a sign, as in
    /// `B2`, `ST-12` or the `90` of `49.90`.
    pub(super) fn starts_clean(&self, index: usize) -> bool {
        if !self.is_tight(index) {
            return true;
        }
        let Some(before) = self.before(index) else { return true };
        let joins = |kinds: &[Kind]| {
            let earlier = index.checked_sub(2).and_then(|earlier| self.at(earlier));
            before.tight && earlier.is_some_and(|unit| kinds.contains(&unit.kind))
        };
        match &*before.text {
            "." | "," => !joins(&[Kind::Digits]),
            "-" | "/" | ":" | "_" => !joins(&[Kind::Digits, Kind::Word]),
            // "1h30m"
            _ if before.kind == Kind::Word => is_time_unit(before) && joins(&[Kind::Digits]),
            _ => before.kind == Kind::Sign,
        }
    }

    /// Whether digits may end a value before this index: neither letters nor a sign and more digits follow.
    pub(super) fn ends_clean(&self, index: usize) -> bool {
        let goes_on = self.at(index).is_some_and(|unit| unit.tight && unit.kind != Kind::Sign);
        let more =
            self.tight_sign(index, &[".", ",", "-", "/", ":", "_"]) && self.tight_digits(index + 1).is_some();
        !goes_on && !more
    }

    /// Whether every word has a role in a grammar, so that nothing else is talked about.
    pub(super) fn is_familiar(&self) -> bool {
        !self.units.iter().any(|unit| unit.kind == Kind::Word && unit.roles.is_empty())
    }

    /// From the first unit to the last before `end`.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let first = self.at(start).map_or(0, |unit| unit.span.start);
        let last = self.before(end).map_or(first, |unit| unit.span.end);
        Span { start: first, end: last }
    }

    /// All that a grammar reads, from left to right without overlaps. `read` returns the value at an index and the index
    /// after it.
    pub(super) fn scan<T>(&self, read: impl Fn(usize) -> Option<(T, usize)>) -> Vec<(Span, T)> {
        let mut found = Vec::new();
        let mut index = 0;
        while index < self.units.len() {
            match read(index) {
                Some((value, next)) if next > index => {
                    found.push((self.span(index, next), value));
                    index = next;
                }
                _ => index += 1,
            }
        }
        found
    }
}

impl Unit<'_> {
    fn hints(&self) -> Hints {
        let digits = if self.kind == Kind::Digits { Hints::DIGITS } else { Hints::default() };
        self.roles.iter().map(|&role| Hints::of(role)).chain([digits]).collect()
    }
}

fn is_time_unit(unit: &Unit) -> bool {
    unit.roles.iter().any(|role| matches!(role, Role::Unit(_)))
}

fn units<'a>(text: &'a str, vocabulary: &Vocabulary) -> Vec<Unit<'a>> {
    let text = readable(text);
    // A word and its space take six bytes at the mean.
    let mut units: Vec<Unit> = Vec::with_capacity(text.len() / 5 + 1);
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        if first.is_whitespace() || is_invisible(first) {
            start += first.len_utf8();
            continue;
        }
        let kind = kind(first);
        let end = start + length(&text[start..], kind);
        let tight = units.last().is_some_and(|unit| unit.span.end == start);
        units.push(unit(text, Span { start, end }, kind, tight, vocabulary));
        start = end;
    }
    units
}

fn unit<'a>(text: &'a str, span: Span, kind: Kind, tight: bool, vocabulary: &Vocabulary) -> Unit<'a> {
    let typed = &text[span.start..span.end];
    let text = match kind {
        Kind::Word if typed.bytes().all(|byte| byte.is_ascii_lowercase()) => Cow::Borrowed(typed),
        Kind::Word => Cow::Owned(fold(typed)),
        Kind::Digits => typed.chars().filter_map(digit).collect(),
        Kind::Sign => typed.chars().take(1).collect(),
    };
    let roles = if kind == Kind::Digits { Cow::default() } else { vocabulary.roles(&text) };
    Unit { span, kind, text, tight, capital: typed.chars().next().is_some_and(char::is_uppercase), roles }
}

fn kind(mark: char) -> Kind {
    if digit(mark).is_some() {
        Kind::Digits
    } else if mark.is_alphabetic() {
        Kind::Word
    } else {
        Kind::Sign
    }
}

/// How many bytes of the text belong to its first unit.
fn length(text: &str, kind: Kind) -> usize {
    let goes_on = |index: usize, mark: char| {
        let inner = matches!(mark, '\'' | '’' | '`' | '´' | '‘');
        is_attached(mark)
            || match kind {
                Kind::Sign => false,
                Kind::Digits => digit(mark).is_some(),
                Kind::Word if inner => {
                    text[index + mark.len_utf8()..].chars().next().is_some_and(char::is_alphabetic)
                }
                Kind::Word => mark.is_alphabetic() && digit(mark).is_none(),
            }
    };
    text.char_indices()
        .skip(1)
        .find(|&(index, mark)| !goes_on(index, mark))
        .map_or(text.len(), |(index, _)| index)
}

/// The ASCII digit of a digit, narrow or full-width.
fn digit(mark: char) -> Option<char> {
    match mark {
        '0'..='9' => Some(mark),
        '０'..='９' => char::from_u32(u32::from(mark) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}

/// Marks that belong to the character before them: accents, variation selectors, skin tones.
fn is_attached(mark: char) -> bool {
    let joins = |mark| matches!(mark, '\u{1F3FB}'..='\u{1F3FF}' | '\u{00AD}' | '\u{200D}');
    !mark.is_ascii() && (is_combining_mark(mark) || joins(mark))
}

fn is_invisible(mark: char) -> bool {
    matches!(mark, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_digits_and_signs_come_apart() {
        let language = Language::new("en");
        for (text, expected) in [
            ("14:30", &["14", ":", "30"][..]),
            ("2pm", &["2", "pm"]),
            ("5 o’clock", &["5", "oclock"]),
            ("€49,90", &["€", "49", ",", "90"]),
            ("３️⃣ 👍🏽", &["3", "👍"]),
            ("e\u{301}te\u{301}!", &["ete", "!"]),
        ] {
            let view = View::new(text, &language);
            let found: Vec<&str> = view.units.iter().map(|unit| &*unit.text).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
