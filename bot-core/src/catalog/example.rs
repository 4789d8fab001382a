//! Reads examples: `how (much|expensive) is [the] <thing> to {country}` to a [`Phrase`].
//!
//! What it is not: it does not know how a phrase is matched.
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::EntityId;
use super::load::unique;
use super::phrase::{Part, Phrase};
use super::values::is_name;
use crate::schema::read::{Words, unknown};
use crate::schema::report::Report;
use crate::schema::written::Contents;

/// More than any hand-written example says; each is a row of the matcher.
const MAX_SENTENCES: usize = 4_096;
/// Of one example with its fragments in place.
const MAX_PARTS: usize = 2_000;
const MAX_BYTES: usize = 16_384;
const MAX_DEPTH: usize = 24;

/// A part of an example before fragments and entities are known.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Raw {
    Words(String),
    Slot(String, Range<usize>),
    Fragment(String, Range<usize>),
    Optional(Vec<Raw>),
    Choice(Vec<Vec<Raw>>),
}

/// What is wrong with an example.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    span: Range<usize>,
    message: String,
    help: String,
}

impl Fault {
    fn new(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault { span, message: message.into(), help: help.into() }
    }
}

/// The folder's fragments, each parsed once.
pub(super) struct Fragments<'a> {
    named: BTreeMap<&'a str, Fragment<'a>>,
    used: RefCell<BTreeSet<String>>,
}

struct Fragment<'a> {
    words: &'a Words,
    /// `None`: it is broken, which is reported; what uses it is not reported again.
    parts: Option<Vec<Raw>>,
}

/// Where a slot's values come from.
pub(super) type SlotEntity<'a> = &'a dyn Fn(&str) -> EntityId;

impl<'a> Fragments<'a> {
    pub fn compile(report: &Report, contents: &'a [Contents]) -> Fragments<'a> {
        let all = contents.iter().flat_map(|contents| &contents.fragments);
        let unique = unique(report, "the fragment", all, |(name, _)| name);
        let named = unique
            .into_iter()
            .map(|(name, (_, words))| (name, Fragment { words, parts: parse_reporting(report, words) }));
        let mut fragments = Fragments { named: named.collect(), used: RefCell::default() };
        fragments.check_references(report);
        fragments.drop_circles(report);
        fragments
    }

    /// Whether an example or another fragment uses it.
    pub fn is_used(&self, name: &str) -> bool {
        self.used.borrow().contains(name)
    }

    /// Compiles an example; what is wrong with it is reported.
    pub fn phrase(&self, report: &Report, example: &Words, entity: SlotEntity<'_>) -> Option<Phrase> {
        let raw = parse_reporting(report, example)?;
        self.report_unknown(report, example, &raw);
        let mut budget = Budget { parts: MAX_PARTS, bytes: MAX_BYTES };
        let complain = |message: String, help: &str| {
            report.error(example.place, "example", message, help.to_owned());
        };
        let phrase = match self.resolve(&raw, entity, &mut budget, 0) {
            Ok(phrase) => phrase,
            Err(Refused::Broken) => return None,
            Err(Refused::TooLong) => {
                complain("this example with its fragments is far too long".into(), "split it into several");
                return None;
            }
        };
        if phrase.count() > MAX_SENTENCES {
            let message = format!("this example stands for more than {MAX_SENTENCES} sentences");
            complain(message, "split it, or leave some of the `( | )` and `[ ]` out");
            return None;
        }
        if phrase.accepts_nothing() {
            complain(
                "all of this example is optional, so that it fits a message without words".into(),
                "take one word out of the `[ ]`",
            );
            return None;
        }
        Some(phrase)
    }

    fn report_unknown(&self, report: &Report, example: &Words, raw: &[Raw]) {
        for (name, span) in fragments_in(raw) {
            self.used.borrow_mut().insert(name.to_owned());
            if !self.named.contains_key(name) {
                let message = format!("there is no fragment `{name}`");
                let known = self.named.keys().copied();
                unknown(
                    report,
                    "unknown-fragment",
                    example.part(span.clone()),
                    message,
                    name,
                    known,
                    "write it under `fragments:`",
                );
            }
        }
    }

    fn check_references(&self, report: &Report) {
        for fragment in self.named.values() {
            if let Some(parts) = &fragment.parts {
                self.report_unknown(report, fragment.words, parts);
            }
        }
    }

    /// Reports and breaks fragments that contain themselves.
    fn drop_circles(&mut self, report: &Report) {
        let circular: Vec<&str> =
            self.named.keys().copied().filter(|name| self.reaches(name, name)).collect();
        for name in circular {
            let Some(fragment) = self.named.get_mut(name) else { continue };
            let parts = fragment.parts.take().unwrap_or_default();
            let span =
                fragments_in(&parts).first().map_or(0..fragment.words.text.len(), |&(_, span)| span.clone());
            let message = format!("the fragment `{name}` contains itself");
            report.error(
                fragment.words.part(span),
                "example",
                message,
                "write the words out in one of them".to_owned(),
            );
        }
    }

    fn reaches(&self, from: &str, target: &str) -> bool {
        let mut open = vec![from];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            let Some(parts) = self.named.get(name).and_then(|fragment| fragment.parts.as_ref()) else {
                continue;
            };
            for (next, _) in fragments_in(parts) {
                if next == target {
                    return true;
                }
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        false
    }

    fn resolve(
        &self,
        raw: &[Raw],
        entity: SlotEntity<'_>,
        budget: &mut Budget,
        depth: usize,
    ) -> Result<Phrase, Refused> {
        if depth > 2 * MAX_DEPTH {
            return Err(Refused::TooLong);
        }
        let mut parts = Vec::new();
        for part in raw {
            budget.take(part)?;
            match part {
                Raw::Words(words) => parts.push(Part::Words(words.clone())),
                Raw::Slot(name, _) => parts.push(Part::Slot { name: name.clone(), entity: entity(name) }),
                Raw::Optional(inner) => {
                    parts.push(Part::Optional(self.resolve(inner, entity, budget, depth + 1)?))
                }
                Raw::Choice(choices) => {
                    let each = choices.iter().map(|choice| self.resolve(choice, entity, budget, depth + 1));
                    parts.push(Part::Choice(each.collect::<Result<_, _>>()?));
                }
                Raw::Fragment(name, _) => {
                    let inner = self.named.get(name.as_str()).and_then(|fragment| fragment.parts.as_ref());
                    parts.extend(
                        self.resolve(inner.ok_or(Refused::Broken)?, entity, budget, depth + 1)?.parts,
                    );
                }
            }
        }
        Ok(Phrase { parts })
    }
}

enum Refused {
    /// Reported elsewhere.
    Broken,
    TooLong,
}

/// What fragments within fragments may still add.
struct Budget {
    parts: usize,
    bytes: usize,
}

impl Budget {
    fn take(&mut self, part: &Raw) -> Result<(), Refused> {
        let bytes = if let Raw::Words(words) = part { words.len() } else { 0 };
        let left = self.parts.checked_sub(1).zip(self.bytes.checked_sub(bytes));
        (self.parts, self.bytes) = left.ok_or(Refused::TooLong)?;
        Ok(())
    }
}

fn fragments_in(raw: &[Raw]) -> Vec<(&str, &Range<usize>)> {
    let mut found = Vec::new();
    for part in raw {
        match part {
            Raw::Words(_) | Raw::Slot(..) => {}
            Raw::Fragment(name, span) => found.push((name.as_str(), span)),
            Raw::Optional(inner) => found.extend(fragments_in(inner)),
            Raw::Choice(choices) => found.extend(choices.iter().flat_map(|choice| fragments_in(choice))),
        }
    }
    found
}

/// The names of the slots in an example; none if it is broken.
pub(super) fn slots_in(example: &str) -> Vec<String> {
    fn collect(raw: &[Raw], found: &mut Vec<String>) {
        for part in raw {
            match part {
                Raw::Words(_) | Raw::Fragment(..) => {}
                Raw::Slot(name, _) => found.push(name.clone()),
                Raw::Optional(inner) => collect(inner, found),
                Raw::Choice(choices) => choices.iter().for_each(|choice| collect(choice, found)),
            }
        }
    }
    let mut found = Vec::new();
    collect(&parse(example).unwrap_or_default(), &mut found);
    found
}

fn parse_reporting(report: &Report, words: &Words) -> Option<Vec<Raw>> {
    match parse(&words.text) {
        Ok(parts) => Some(parts),
        Err(Fault { span, message, help }) => {
            report.error(words.part(span), "example", message, help);
            None
        }
    }
}

fn parse(text: &str) -> Result<Vec<Raw>, Fault> {
    let mut reader = Reader { text, at: 0 };
    let parts = reader.sequence(0)?;
    let Some(stray) = reader.peek() else { return Ok(parts) };
    let message = match stray {
        '|' => "`|` divides alternatives, and here is no `(` around them".to_owned(),
        close => format!("nothing was opened that this `{close}` closes"),
    };
    let span = reader.at..reader.at + stray.len_utf8();
    Err(Fault::new(span, message, format!("if it belongs to the sentence, write `\\{stray}`")))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Parts up to a `|` or a closing bracket, which is left.
    fn sequence(&mut self, depth: usize) -> Result<Vec<Raw>, Fault> {
        let mut parts = Vec::new();
        let mut words = String::new();
        while let Some(character) = self.peek() {
            let start = self.at;
            if matches!(character, '|' | ')' | ']' | '}') {
                break;
            }
            self.next();
            let part = match character {
                '\\' => {
                    words.push(self.escaped(start)?);
                    continue;
                }
                '[' => optional(self.choices(start, ']', depth)?),
                '(' => Raw::Choice(self.choices(start, ')', depth)?),
                '{' => Raw::Slot(self.name(start, '}', "slot")?, start..self.at),
                '<' => Raw::Fragment(self.name(start, '>', "fragment")?, start..self.at),
                plain => {
                    words.push(plain);
                    continue;
                }
            };
            if !words.is_empty() {
                parts.push(Raw::Words(std::mem::take(&mut words)));
            }
            parts.push(part);
        }
        if !words.is_empty() {
            parts.push(Raw::Words(words));
        }
        Ok(parts)
    }

    fn escaped(&mut self, start: usize) -> Result<char, Fault> {
        let help = "write `\\\\` if you mean one";
        self.next().ok_or_else(|| Fault::new(start..self.at, "there is nothing behind this `\\`", help))
    }

    /// The alternatives within brackets, whose opening one has been read.
    fn choices(&mut self, start: usize, close: char, depth: usize) -> Result<Vec<Vec<Raw>>, Fault> {
        if depth >= MAX_DEPTH {
            let message = format!("brackets stand in one another more than {MAX_DEPTH} deep here");
            return Err(Fault::new(start..start + 1, message, "split the example into several"));
        }
        let mut choices = Vec::new();
        loop {
            let from = self.at;
            let choice = self.sequence(depth + 1)?;
            if choice.iter().all(|part| matches!(part, Raw::Words(words) if words.trim().is_empty())) {
                let help = "write a word there; what may be left out stands in `[ ]`";
                return Err(Fault::new(
                    from.saturating_sub(1)..self.at,
                    "there is nothing between these brackets or bars",
                    help,
                ));
            }
            choices.push(choice);
            match self.next() {
                Some('|') => {}
                Some(found) if found == close => return Ok(choices),
                _ => return Err(self.not_closed(start, close)),
            }
        }
    }

    fn not_closed(&self, start: usize, close: char) -> Fault {
        let open = self.text[start..].chars().next().unwrap_or_default();
        let message = format!("this `{open}` is not closed");
        Fault::new(
            start..start + 1,
            message,
            format!("write the `{close}`, or `\\{open}` if it belongs to the sentence"),
        )
    }

    /// A name within brackets, whose opening one has been read.
    fn name(&mut self, start: usize, close: char, what: &str) -> Result<String, Fault> {
        let Some(length) = self.text[self.at..].find(close) else {
            return Err(self.not_closed(start, close));
        };
        let name = self.text[self.at..self.at + length].trim().to_owned();
        self.at += length + close.len_utf8();
        if is_name(&name) || (what == "fragment" && is_name(&name.replace('-', "_"))) {
            return Ok(name);
        }
        let open = &self.text[start..start + 1];
        if name.is_empty() {
            let message = format!("between `{open}` and `{close}` there is no name of a {what}");
            let help = format!("write one, or `\\{open}` if the bracket belongs to the sentence");
            return Err(Fault::new(start..self.at, message, help));
        }
        let message =
            format!("between `{open}` and `{close}` stands the name of a {what}, and `{name}` is no name");
        let help = format!(
            "names are letters, digits and `_`; if the bracket belongs to the sentence, write `\\{open}`"
        );
        Err(Fault::new(start..self.at, message, help))
    }
}

fn optional(choices: Vec<Vec<Raw>>) -> Raw {
    match <[Vec<Raw>; 1]>::try_from(choices) {
        Ok([only]) => Raw::Optional(only),
        Err(choices) => Raw::Optional(vec![Raw::Choice(choices)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let nothing = Fragments { named: BTreeMap::new(), used: RefCell::default() };
        let raw = match parse(text) {
            Ok(raw) => raw,
            Err(fault) => return format!("{:?} {}", &text[fault.span], fault.message),
        };
        let mut budget = Budget { parts: 100, bytes: 1000 };
        let Ok(phrase) = nothing.resolve(&raw, &|_| EntityId(0), &mut budget, 0) else {
            return "refused".into();
        };
        let piece = |piece: &super::super::phrase::Piece| match piece {
            super::super::phrase::Piece::Words(words) => words.clone(),
            super::super::phrase::Piece::Slot { name, .. } => format!("{{{name}}}"),
        };
        let sentence = |pieces: &Vec<_>| pieces.iter().map(piece).collect::<Vec<_>>().join("+");
        phrase.sentences().iter().map(sentence).collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn examples_stand_for_sentences() {
        let rows = [
            ("how much is it?", "how much is it?"),
            (
                "is (delivery|shipping) free [of charge]",
                "is delivery free of charge / is delivery free / is shipping free of charge / is shipping free",
            ),
            ("[my] order[s] {n}", "my orders+{n} / my order+{n} / orders+{n} / order+{n}"),
            ("[a|b] c", "a c / b c / c"),
            (r"say \[hi\] \\ \(:", r"say [hi] \ (:"),
            ("(a [b]|c) {x}{y}", "a b+{x}+{y} / a+{x}+{y} / c+{x}+{y}"),
            ("3 > 2", "3 > 2"),
            ("hi :)", r#"")" nothing was opened that this `)` closes"#),
            ("a | b", r#""|" `|` divides alternatives, and here is no `(` around them"#),
            ("(a|b", r#""(" this `(` is not closed"#),
            ("(a|b]", r#""(" this `(` is not closed"#),
            ("a []", r#""[" there is nothing between these brackets or bars"#),
            ("(a|) b", r#""|" there is nothing between these brackets or bars"#),
            (
                "{order number}",
                r#""{order number}" between `{` and `}` stands the name of a slot, and `order number` is no name"#,
            ),
            ("I <3 it", r#""<" this `<` is not closed"#),
            ("x\\", r#""\\" there is nothing behind this `\`"#),
        ];
        for (text, expected) in rows {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
