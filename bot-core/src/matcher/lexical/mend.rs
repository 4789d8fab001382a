//! Mends typos: an unknown word becomes the known word that is one edit away.
//!
//! An index of all known words with one character left out (SymSpell's idea) finds insertions, deletions, replaced and
//! transposed characters alike; the real distance decides. Words with digits are left alone. One of three characters is
//! mended only by another or by exchanging two ("cas", "csa"): with one replaced it could be too many words.
use std::cmp::Reverse;

use super::numbers::{hash, mix};
use super::terms::{Entry, Languages, Lexicon};

/// Shorter words have too many neighbours.
const SHORTEST: usize = 3;
/// Shorter ones than this are no typo of a word in which one character is another.
const SHORTEST_REPLACED: usize = 4;
/// Words that begin alike are forms of one if they share so much, and at least so many characters.
const SHARED: f64 = 0.6;
const SHORTEST_BEGINNING: usize = 4;
/// Longer ones are no words.
const LONGEST: usize = 32;

/// The known words by what is left of them without one character.
#[derive(Debug, Default)]
pub(super) struct Mender {
    /// Hash and number of the word, sorted.
    reduced: Vec<(u64, u32)>,
    /// The numbers of all words in alphabetical order.
    sorted: Vec<u32>,
}

impl Mender {
    /// Of all words of the examples.
    pub fn new(lexicon: &Lexicon) -> Mender {
        let mut reduced = Vec::new();
        for (number, entry) in lexicon.entries.iter().enumerate() {
            let letters: Vec<char> = entry.word.chars().collect();
            if is_mendable(&letters) {
                for_each_reduced(&letters, |hash| reduced.push((hash, number as u32)));
            }
        }
        reduced.sort_unstable();
        reduced.dedup();
        reduced.shrink_to_fit();
        let mut sorted: Vec<u32> = (0..lexicon.entries.len() as u32).collect();
        sorted.sort_by(|&a, &b| lexicon.entries[a as usize].word.cmp(&lexicon.entries[b as usize].word));
        Mender { reduced, sorted }
    }

    /// The known word that is meant, if one is an edit away: one of the message's language before others, one with the
    /// same first letter before others, then the most frequent, then the one that comes first in the folder.
    pub fn mend<'a>(&self, lexicon: &'a Lexicon, word: &str, language: Languages) -> Option<&'a Entry> {
        let letters: Vec<char> = word.chars().take(LONGEST + 1).collect();
        if !is_mendable(&letters) {
            return None;
        }
        let mut best: Option<(bool, bool, Reverse<u32>, u32)> = None;
        for_each_reduced(&letters, |hash| {
            let start = self.reduced.partition_point(|&(other, _)| other < hash);
            let same = self.reduced[start..].iter().take_while(|&&(other, _)| other == hash);
            for &(_, number) in same {
                let entry = &lexicon.entries[number as usize];
                let known: Vec<char> = entry.word.chars().collect();
                let (foreign, other) = (!entry.languages.meets(language), known.first() != letters.first());
                let key = (foreign, other, Reverse(entry.count), number);
                if best.is_none_or(|best| key < best) && is_one_edit(&letters, &known) {
                    best = Some(key);
                }
            }
        });
        best.map(|(.., number)| &lexicon.entries[number as usize])
    }
}

impl Mender {
    /// The known word that begins alike, with another ending: for languages whose endings nothing takes off.
    pub fn with_other_ending<'a>(&self, lexicon: &'a Lexicon, word: &str) -> Option<&'a Entry> {
        let entry = |&number: &u32| &lexicon.entries[number as usize];
        let at = self.sorted.partition_point(|number| *entry(number).word < *word);
        let neighbours = self.sorted[at.saturating_sub(1)..].iter().take(2).map(entry);
        let alike = |other: &&Entry| shared(&other.word, word) >= SHARED;
        neighbours.filter(alike).max_by(|a, b| shared(&a.word, word).total_cmp(&shared(&b.word, word)))
    }
}

/// What share of the longer word their common beginning is; 0 if that is too short.
fn shared(a: &str, b: &str) -> f64 {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let longer = a.chars().count().max(b.chars().count());
    if same >= SHORTEST_BEGINNING { same as f64 / longer as f64 } else { 0.0 }
}

fn is_mendable(letters: &[char]) -> bool {
    (SHORTEST..=LONGEST).contains(&letters.len()) && letters.iter().all(|letter| letter.is_alphabetic())
}

/// The hash of the word, and of the word without each of its characters.
fn for_each_reduced(letters: &[char], mut each: impl FnMut(u64)) {
    const SEED: u64 = 5;
    each(letters.iter().copied().fold(hash(SEED, ""), mix));
    for (left_out, letter) in letters.iter().enumerate() {
        if left_out == 0 || letters[left_out - 1] != *letter {
            let kept = letters.iter().enumerate().filter(|&(index, _)| index != left_out);
            each(kept.map(|(_, &letter)| letter).fold(SEED, mix));
        }
    }
}

/// Whether one insertion, deletion, replacement or transposition makes one of the other.
fn is_one_edit(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) = (&short[same..], &long[same..]);
    match (short, long) {
        ([], []) => false,
        ([], [_]) => true,
        _ if short.len() + 1 == long.len() => *short == long[1..],
        _ if short.len() != long.len() => false,
        _ if short[1..] == long[1..] => a.len() >= SHORTEST_REPLACED,
        ([a, b, rest @ ..], [c, d, other @ ..]) => a == d && b == c && rest == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_ending_is_another_form() {
        let mut lexicon = Lexicon::default();
        for word in ["επιστροφη", "zamowienie", "anuluj", "paczka"] {
            lexicon.intern(word, word, Languages::one(0));
        }
        let mender = Mender::new(&lexicon);
        for (typed, meant) in [
            ("επιστροφες", Some("επιστροφη")),
            ("zamowienia", Some("zamowienie")),
            ("anulujcie", Some("anuluj")),
            ("paczki", Some("paczka")),
            ("pacz", Some("paczka")),
            ("zamek", None),
            ("", None),
        ] {
            let found = mender.with_other_ending(&lexicon, typed).map(|entry| &*entry.word);
            assert_eq!(found, meant, "{typed}");
        }
    }

    #[test]
    fn one_edit_is_mended_and_no_more() {
        let mut lexicon = Lexicon::default();
        for word in ["parcel", "where", "order", "card", "hose", "nose", "über"] {
            lexicon.intern(word, word, Languages::one(0));
        }
        let mender = Mender::new(&lexicon);
        for (typed, meant) in [
            ("parcle", Some("parcel")),
            ("parce", Some("parcel")),
            ("parccel", Some("parcel")),
            ("pardel", Some("parcel")),
            ("arcel", Some("parcel")),
            ("whree", Some("where")),
            ("noses", Some("nose")),
            ("noze", Some("nose")),
            ("üeber", Some("über")),
            ("prcl", None),
            ("crd", Some("card")),
            ("crad", Some("card")),
            ("hsoe", Some("hose")),
            ("hos", Some("hose")),
            ("cad", Some("card")),
            ("cat", None),
            ("nt", None),
            ("order1", None),
            ("elephant", None),
            ("", None),
        ] {
            let found = mender.mend(&lexicon, typed, Languages::one(0)).map(|entry| &*entry.word);
            assert_eq!(found, meant, "{typed}");
        }
    }
}
