//! The features of a text: its stems, pairs of them, and the character n-grams inside its words.
//!
//! A pair has the hash of the two stems in one, which is also that of the joined word: "log in" meets "login". What the
//! first word is counts as a feature of its own, for questions begin with their question word.
use super::numbers::{hash, mix};
use super::terms::Term;

/// How much a pair counts beside a word.
const PAIR: f32 = 0.5;
/// The lengths of n-grams; `^` and `$` for the ends of the word count as characters.
const GRAM: std::ops::RangeInclusive<usize> = 2..=5;

const STEM: u64 = 1;
const GRAMS: u64 = 2;
const FIRST: u64 = 3;
const VALUE: u64 = 4;

/// A feature of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Feature {
    /// What it is.
    pub key: u64,
    /// How much it counts before it is known how rare it is.
    pub weight: f32,
    /// The term it comes from; a pair comes from its first.
    pub term: u32,
    /// N-grams are weighted among themselves.
    pub gram: bool,
}

/// The key of a term alone, by which it is known or unknown; `None` for a gap.
pub(super) fn key(term: Term<'_>) -> Option<u64> {
    match term {
        Term::Word { stem, .. } => Some(hash(STEM, stem)),
        Term::Value(entity) => {
            Some(hash(VALUE, "").wrapping_add(u64::from(entity.0)).wrapping_mul(0x2545_F491_4F6C_DD1D))
        }
        Term::Gap => None,
    }
}

/// The key of two terms side by side.
fn pair(first: Term<'_>, second: Term<'_>) -> Option<u64> {
    let (a, b) = (key(first)?, key(second)?);
    Some(match second {
        Term::Word { stem, .. } => hash(a, stem),
        _ => a.rotate_left(17) ^ b,
    })
}

/// Appends the features of the terms, sorted by key, each once.
pub(super) fn features(terms: &[Term<'_>], out: &mut Vec<Feature>) {
    out.clear();
    for (index, &term) in terms.iter().enumerate() {
        let at = index as u32;
        let Some(alone) = key(term) else { continue };
        out.push(Feature { key: alone, weight: 1.0, term: at, gram: false });
        if index == 0 {
            out.push(Feature { key: hash(alone ^ FIRST, "^"), weight: PAIR, term: at, gram: false });
        }
        if let Some(key) = terms.get(index + 1).and_then(|&next| pair(term, next)) {
            out.push(Feature { key, weight: PAIR, term: at, gram: false });
        }
        if let Term::Word { word, .. } = term {
            grams(word, |key| out.push(Feature { key, weight: 1.0, term: at, gram: true }));
        }
    }
    out.sort_unstable_by_key(|feature| (feature.key, feature.term));
    out.dedup_by_key(|feature| feature.key);
}

fn grams(word: &str, mut each: impl FnMut(u64)) {
    let marked = || std::iter::once('^').chain(word.chars()).chain(std::iter::once('$'));
    let mut starts = marked();
    loop {
        let mut key = GRAMS;
        let mut length = 0;
        for mark in starts.clone().take(*GRAM.end()) {
            key = mix(key, mark);
            length += 1;
            if GRAM.contains(&length) {
                each(key);
            }
        }
        if length < *GRAM.start() || starts.next().is_none() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::EntityId;

    fn keys(terms: &[Term<'_>]) -> Vec<u64> {
        let mut out = Vec::new();
        features(terms, &mut out);
        out.iter().map(|feature| feature.key).collect()
    }

    fn word(word: &str) -> Term<'_> {
        Term::Word { word, stem: word }
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
