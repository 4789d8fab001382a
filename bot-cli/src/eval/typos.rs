//! Typing errors put into messages, the same for the same seed on every machine.
//!
//! An edit is one of four, each as likely: a letter is put in, left out, taken for another, or swapped with the letter
//! behind it. Where, is chosen among the letters of the message with equal chances; digits, signs and spaces stay. A new
//! letter is one of a to z beside a Latin letter, else one of the message's own. A later edit may undo an earlier one.
//! What it is not: it knows no keyboard.
use super::random::Random;

/// Everything below is Latin, as far as it is a letter.
const BEYOND_LATIN: char = '\u{250}';

/// The message with that many edits.
pub fn mistyped(text: &str, edits: usize, seed: u64) -> String {
    let mut typist = Typist { text: text.chars().collect(), random: Random::new(seed, text) };
    for _ in 0..edits {
        typist.edit();
    }
    typist.text.into_iter().collect()
}

struct Typist {
    text: Vec<char>,
    random: Random,
}

impl Typist {
    fn edit(&mut self) {
        let letters: Vec<usize> = (0..self.text.len()).filter(|&at| self.text[at].is_alphabetic()).collect();
        let kind = self.random.below(4);
        let Some(at) = self.random.pick(&letters) else { return };
        match kind {
            0 => self.insert(at),
            // A message of one letter would be gone.
            1 if letters.len() > 1 => drop(self.text.remove(at)),
            2 => self.swap(&letters),
            _ => self.replace(at),
        }
    }

    /// Before or behind a letter.
    fn insert(&mut self, at: usize) {
        let letter = self.letter_beside(self.text[at], None);
        let behind = self.random.below(2);
        self.text.insert(at + behind, letter);
    }

    fn replace(&mut self, at: usize) {
        self.text[at] = self.letter_beside(self.text[at], Some(self.text[at]));
    }

    /// Two letters that stand side by side and differ; where there are none, another letter in place of one.
    fn swap(&mut self, letters: &[usize]) {
        let differ = |&at: &usize| {
            self.text.get(at + 1).is_some_and(|next| next.is_alphabetic() && *next != self.text[at])
        };
        let places: Vec<usize> = letters.iter().copied().filter(differ).collect();
        match (self.random.pick(&places), self.random.pick(letters)) {
            (Some(at), _) => self.text.swap(at, at + 1),
            (None, Some(at)) => self.replace(at),
            (None, None) => {}
        }
    }

    fn letter_beside(&mut self, beside: char, not: Option<char>) -> char {
        let other = |letter: &char| not.is_none_or(|not| !not.to_lowercase().eq(letter.to_lowercase()));
        let latin: Vec<char> = ('a'..='z').filter(other).collect();
        if beside < BEYOND_LATIN {
            return self.random.pick(&latin).unwrap_or(beside);
        }
        let own = |letter: &char| letter.is_alphabetic() && *letter >= BEYOND_LATIN && other(letter);
        let own: Vec<char> = self.text.iter().copied().filter(own).collect();
        self.random.pick(if own.is_empty() { &latin } else { &own }).unwrap_or(beside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_message() {
        for (text, edits, seed, want) in [
            ("where is my parcel", 0, 7, "where is my parcel"),
            ("where is my parcel", 1, 7, "where is my parceel"),
            ("where is my parcel", 1, 8, "where is my pawcel"),
            ("where is my parcel", 1, 9, "where is m parcel"),
            ("где мой заказ", 2, 7, "где мок заказ"),
            ("12345678 !", 2, 7, "12345678 !"),
            ("x", 1, 1, "xo"),
            ("", 3, 7, ""),
        ] {
            assert_eq!(mistyped(text, edits, seed), want, "{text} {edits} {seed}");
        }
    }

    #[test]
    fn each_edit_is_one_edit_of_letters() {
        for seed in 0..300 {
            let mistyped = mistyped("Straße 12: wo ist es?", 1, seed);
            let kept: String = mistyped.chars().filter(|c| !c.is_alphabetic()).collect();
            assert_eq!(kept, " 12:   ?", "{mistyped}");
            assert!(mistyped != "Straße 12: wo ist es?", "{seed}");
        }
    }

    #[test]
    fn new_letters_are_of_the_messages_script() {
        for seed in 0..300 {
            let mistyped = mistyped("где мой заказ", 2, seed);
            assert!(mistyped.chars().all(|c| c == ' ' || ('а'..='я').contains(&c)), "{mistyped}");
        }
    }

    #[test]
    fn something_is_always_left() {
        for seed in 0..100 {
            assert!(!mistyped("hi", 50, seed).is_empty());
        }
    }
}
