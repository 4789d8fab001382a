//! What the model sees of a text: words and values in order.
//!
//! All words of the folder's examples are in one [`Lexicon`], whatever their language.
use rustc_hash::FxHashMap;

use super::numbers::hash;
use crate::catalog::EntityId;

/// A part of a text as the model sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term<'a> {
    /// A word that the examples have.
    Known(&'a Entry),
    /// Another word, and its stem.
    New { word: &'a str, stem: &'a str },
    /// A value of that entity: `{slot}` in an example, a value found in a message.
    Value(EntityId),
    /// Something that the model can't see; it parts its neighbours.
    Gap,
}

/// A word of the examples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its number among them.
    pub number: u32,
    pub word: Box<str>,
    pub stem: Box<str>,
    /// The languages whose examples have it.
    pub languages: Languages,
    /// How often they have it.
    pub count: u32,
}

/// A set of the folder's languages, by bit; those after the 32nd share the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Languages(u32);

impl Languages {
    /// The language of that index.
    pub fn one(index: usize) -> Languages {
        Languages(1 << index.min(31))
    }

    /// Whether they have one in common.
    pub fn meets(self, other: Languages) -> bool {
        self.0 & other.0 != 0
    }
}

/// All words of the examples. A word that two languages stem differently has two entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    pub entries: Vec<Entry>,
    by_word: FxHashMap<u64, u32>,
    by_word_and_stem: FxHashMap<u64, u32>,
}

impl Lexicon {
    /// The number of a word; it is taken in if it is new.
    pub fn intern(&mut self, word: &str, stem: &str, language: Languages) -> u32 {
        let whole = hash(1, word);
        let key = hash(hash(whole, "\0"), stem);
        if let Some(&id) = self.by_word_and_stem.get(&key) {
            let entry = &mut self.entries[id as usize];
            entry.languages.0 |= language.0;
            entry.count += 1;
            return id;
        }
        let id = self.entries.len() as u32;
        let entry = Entry { number: id, word: word.into(), stem: stem.into(), languages: language, count: 1 };
        self.entries.push(entry);
        self.by_word.entry(whole).or_insert(id);
        self.by_word_and_stem.insert(key, id);
        id
    }

    /// The word's entry in the language that has it first.
    pub fn get(&self, word: &str) -> Option<&Entry> {
        self.by_word.get(&hash(1, word)).map(|&id| &self.entries[id as usize])
    }

    /// The word's entry with that stem, that is in that language or one that stems it alike.
    pub fn with_stem(&self, word: &str, stem: &str) -> Option<&Entry> {
        let key = hash(hash(hash(1, word), "\0"), stem);
        self.by_word_and_stem.get(&key).map(|&id| &self.entries[id as usize])
    }

    /// The entry as a term.
    pub fn term(&self, id: u32) -> Term<'_> {
        Term::Known(&self.entries[id as usize])
    }
}
