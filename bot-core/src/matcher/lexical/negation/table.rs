//! The words of negation, one file a language: data beside the code, so that a speaker of the language can read it.
//!
//! A line is a key, a colon, and phrases with commas between them; `#` begins a comment. Words may be written with
//! accents: they are compared as they are folded, token by token.
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::text::{Token, fold};

/// Words, one after the other.
type Phrase = Vec<String>;

/// The words of a language.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// What follows in the clause is not wanted, wherever this stands.
    pub from: Vec<Phrase>,
    /// The same at the start of a clause only.
    pub first: Vec<Phrase>,
    /// What follows a phrase of `first` where it tells how things are.
    pub state: Vec<Phrase>,
    /// The whole clause is not wanted.
    pub all: Vec<Phrase>,
    /// The same, where a word holds this.
    pub within: Vec<Phrase>,
    /// The whole clause is not wanted if it is a wish.
    pub late: Vec<Phrase>,
    /// Words of `late` that at the start of a clause are its subject.
    pub who: Vec<Phrase>,
    /// What makes a clause a wish.
    pub wish: Vec<Phrase>,
    /// What makes it a question about something that is not so.
    pub told: Vec<Phrase>,
    /// Verbs and subjects: a clause without them that ends in an infinitive is a wish.
    pub finite: Vec<Phrase>,
    /// Words that look like infinitives and tell what has happened.
    pub done: Vec<Phrase>,
    /// What such words begin with, be it behind another syllable.
    pub participle: Vec<Phrase>,
    /// Words that join two wishes or two things.
    pub and: Vec<Phrase>,
    /// What begins a clause and leaves its subject out.
    pub turn: Vec<Phrase>,
    /// What else begins a clause.
    pub clause: Vec<Phrase>,
}

const FILES: &[(&str, &str)] = &[
    ("ar", include_str!("ar.txt")),
    ("cs", include_str!("cs.txt")),
    ("da", include_str!("da.txt")),
    ("de", include_str!("de.txt")),
    ("el", include_str!("el.txt")),
    ("en", include_str!("en.txt")),
    ("es", include_str!("es.txt")),
    ("fi", include_str!("fi.txt")),
    ("fr", include_str!("fr.txt")),
    ("hi", include_str!("hi.txt")),
    ("hu", include_str!("hu.txt")),
    ("it", include_str!("it.txt")),
    ("ja", include_str!("ja.txt")),
    ("ko", include_str!("ko.txt")),
    ("nb", include_str!("no.txt")),
    ("nl", include_str!("nl.txt")),
    ("nn", include_str!("no.txt")),
    ("no", include_str!("no.txt")),
    ("pl", include_str!("pl.txt")),
    ("pt", include_str!("pt.txt")),
    ("ro", include_str!("ro.txt")),
    ("ru", include_str!("ru.txt")),
    ("sv", include_str!("sv.txt")),
    ("tr", include_str!("tr.txt")),
    ("uk", include_str!("uk.txt")),
    ("vi", include_str!("vi.txt")),
    ("zh", include_str!("zh.txt")),
];

static TABLES: LazyLock<FxHashMap<&str, Table>> =
    LazyLock::new(|| FILES.iter().map(|&(language, text)| (language, Table::read(text))).collect());

impl Table {
    /// The words of a language, if there are any.
    pub fn of(language: &str) -> Option<&'static Table> {
        TABLES.get(language)
    }

    fn read(text: &str) -> Table {
        let mut table = Table::default();
        for (key, phrases) in lines(text) {
            if let Some(list) = table.list(key) {
                list.extend(phrases.split(',').map(|phrase| phrase.split_whitespace().map(fold).collect()));
            }
        }
        table
    }

    fn list(&mut self, key: &str) -> Option<&mut Vec<Phrase>> {
        Some(match key {
            "from" => &mut self.from,
            "first" => &mut self.first,
            "state" => &mut self.state,
            "all" => &mut self.all,
            "within" => &mut self.within,
            "late" => &mut self.late,
            "who" => &mut self.who,
            "wish" => &mut self.wish,
            "told" => &mut self.told,
            "finite" => &mut self.finite,
            "done" => &mut self.done,
            "participle" => &mut self.participle,
            "and" => &mut self.and,
            "turn" => &mut self.turn,
            "clause" => &mut self.clause,
            _ => return None,
        })
    }
}

fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'))
}

/// Whether the tokens begin with one of the phrases: how many words it has.
pub(super) fn begins(tokens: &[Token], phrases: &[Phrase]) -> Option<usize> {
    let fits = |phrase: &&Phrase| {
        phrase.len() <= tokens.len() && phrase.iter().zip(tokens).all(|(word, token)| token.word == *word)
    };
    phrases.iter().find(fits).map(Vec::len)
}

/// Where the first of the phrases stands.
pub(super) fn position(tokens: &[Token], phrases: &[Phrase]) -> Option<usize> {
    (0..tokens.len()).find(|&at| begins(&tokens[at..], phrases).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_key_and_phrases() {
        for (language, text) in FILES {
            let written = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
            assert_eq!(lines(text).count(), written, "{language}");
            for (key, phrases) in lines(text) {
                assert!(Table::default().list(key).is_some(), "{language}: {key}");
                for phrase in phrases.split(',') {
                    assert!(phrase.split_whitespace().next().is_some(), "{language}: {key}: {phrases}");
                    assert!(
                        phrase.split_whitespace().all(|word| !fold(word).is_empty()),
                        "{language}: {phrase}"
                    );
                }
            }
        }
    }
}
