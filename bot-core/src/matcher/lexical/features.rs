//! The features of a text: its stems, pairs of them, and the character n-grams inside its words.
//!
//! A pair has the hash of the two stems in one, which is also that of the joined word: "log in" meets "login". What the
//! first word is counts as a feature of its own, for questions begin with their question word.
use rustc_hash::FxHashSet;

use super::numbers::{hash, mix};
use super::terms::Term;

/// How much a stem counts.
const STEM: f32 = 1.0;
/// How much a value counts: it says what a message is about more than what is wanted.
const VALUE: f32 = 0.5;
/// How much a pair, or being the first word, counts beside it. Between 0.35 and 0.7 accuracy was the same.
const PAIR: f32 = 0.5;
/// How much an n-gram counts; 0.3 to 0.5 were the same.
const GRAM: f32 = 0.3;
/// The lengths of n-grams; `^` and `$` for the ends of the word count as characters. Five or six of them added nothing.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;

const STEMS: u64 = 1;
const GRAMS: u64 = 2;
const FIRST: u64 = 3;
const VALUES: u64 = 4;

/// A feature of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Feature {
    /// What it is.
    pub key: u64,
    /// How much it counts before it is known how rare it is.
    pub weight: f32,
}

/// The key of a term alone, by which it is known or unknown; `None` for a gap.
pub(super) fn key(term: Term<'_>) -> Option<u64> {
    match term {
        Term::Known(entry) => Some(stem_key(&entry.stem)),
        Term::New { stem, .. } => Some(stem_key(stem)),
        Term::Value(entity) => {
            Some(hash(VALUES, "").wrapping_add(u64::from(entity.0)).wrapping_mul(0x2545_F491_4F6C_DD1D))
        }
        Term::Gap => None,
    }
}

/// The key of a stem.
pub(super) fn stem_key(stem: &str) -> u64 {
    hash(STEMS, stem)
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// A term alone, with all that it is made of.
    Term(Term<'a>),
    /// What it is beside its neighbours.
    Link(Feature),
}

/// The pieces of a text with the index of their term, each once however often it stands there.
pub(super) fn pieces<'a>(terms: &[Term<'a>], mut each: impl FnMut(usize, Piece<'a>)) {
    let mut terms_seen = FxHashSet::default();
    let mut links_seen = FxHashSet::default();
    for (index, &term) in terms.iter().enumerate() {
        if key(term).is_some_and(|key| terms_seen.insert(key)) {
            each(index, Piece::Term(term));
        }
        links(terms, index, |feature| {
            if links_seen.insert(feature.key) {
                each(index, Piece::Link(feature));
            }
        });
    }
}

/// What a term is made of, whatever stands beside it: its stem, and its n-grams if it is a word.
pub(super) fn spelling(term: Term<'_>, mut each: impl FnMut(Feature)) {
    let Some(key) = key(term) else { return };
    let word = match term {
        Term::Known(entry) => &*entry.word,
        Term::New { word, .. } => word,
        Term::Value(_) => return each(Feature { key, weight: VALUE }),
        Term::Gap => return,
    };
    each(Feature { key, weight: STEM });
    grams(word, |key| each(Feature { key, weight: GRAM }));
}

/// What a term is beside its neighbours: the first, and a pair with the next.
fn links(terms: &[Term<'_>], index: usize, mut each: impl FnMut(Feature)) {
    let Some(alone) = key(terms[index]) else { return };
    if index == 0 {
        each(Feature { key: hash(alone ^ FIRST, "^"), weight: PAIR });
    }
    if let Some(key) = terms.get(index + 1).and_then(|&next| pair(alone, next)) {
        each(Feature { key, weight: PAIR });
    }
}

/// The key of two terms side by side.
fn pair(first: u64, second: Term<'_>) -> Option<u64> {
    match second {
        Term::Known(entry) => Some(hash(first, &entry.stem)),
        Term::New { stem, .. } => Some(hash(first, stem)),
        Term::Value(_) => key(second).map(|second| first.rotate_left(17) ^ second),
        Term::Gap => None,
    }
}

fn grams(word: &str, mut each: impl FnMut(u64)) {
    let marked = || std::iter::once('^').chain(word.chars()).chain(std::iter::once('$'));
    let mut starts = marked();
    loop {
        let mut key = GRAMS;
        let mut length = 0;
        for mark in starts.clone().take(*LENGTHS.end()) {
            key = mix(key, mark);
            length += 1;
            if LENGTHS.contains(&length) {
                each(key);
            }
        }
        if length < *LENGTHS.start() || starts.next().is_none() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::EntityId;

    fn keys(terms: &[Term<'_>]) -> Vec<u64> {
        let mut keys = Vec::new();
        for (index, &term) in terms.iter().enumerate() {
            spelling(term, |feature| keys.push(feature.key));
            links(terms, index, |feature| keys.push(feature.key));
        }
        keys
    }

    fn word(word: &str) -> Term<'_> {
        Term::New { word, stem: word }
    }

    #[test]
    fn two_words_meet_the_joined_one() {
        let joined = key(word("login")).unwrap();
        assert!(keys(&[word("log"), word("in")]).contains(&joined));
    }

    #[test]
    fn a_word_has_its_n_grams() {
        // ^a a$ ^a$ and the stem and the first word
        assert_eq!(keys(&[word("a")]).len(), 5);
        // ^ab$: 3 of two, 2 of three, 1 of four
        assert_eq!(keys(&[word("ab")]).len(), 6 + 2);
    }

    #[test]
    fn a_gap_parts_its_neighbours() {
        let apart = keys(&[word("a"), Term::Gap, word("b")]);
        let together = keys(&[word("a"), word("b")]);
        assert_eq!(apart.len() + 1, together.len());
    }

    #[test]
    fn values_of_two_entities_differ() {
        assert_ne!(keys(&[Term::Value(EntityId(1))]), keys(&[Term::Value(EntityId(2))]));
    }
}
