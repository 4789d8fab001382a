//! The values of an entity while they are collected: each word stands for one value, whatever its case and accents.
use std::collections::BTreeMap;

use bot_core::text::squash;

use super::draft::Place;
use super::notes::{Notes, Topic};
use super::text::{clean, has_words, short};

/// A value longer than this is no word for anything; and it is a key in YAML.
const LONGEST: usize = 200;

/// Values and the words for them, in the order found.
#[derive(Debug, Default)]
pub struct Values {
    list: Vec<(String, Vec<String>)>,
    by_value: BTreeMap<String, usize>,
    by_word: BTreeMap<String, usize>,
}

/// Why a word was not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// It stands for this other value already.
    Another(String),
    /// There is no letter or digit in it.
    Wordless,
    /// It is longer than any word.
    TooLong,
}

impl Refused {
    /// Tells it.
    pub fn note(&self, at: &Place, word: &str, notes: &mut Notes) {
        match self {
            Refused::Another(value) => {
                notes.add(Topic::Value, at, format!("{} stands for `{value}` already", short(word)));
            }
            Refused::Wordless => {
                notes.add(Topic::Value, at, format!("{} has no letter or digit", short(word)))
            }
            Refused::TooLong => notes.add(Topic::TooLong, at, short(word)),
        }
    }
}

impl Values {
    /// Adds a word for a value.
    ///
    /// # Errors
    /// It is none, or stands for another value.
    pub fn add(&mut self, value: &str, word: &str) -> Result<(), Refused> {
        let (value, word) = (clean(value), clean(word));
        if !has_words(&word) || value.is_empty() {
            return Err(Refused::Wordless);
        }
        if word.chars().count() > LONGEST || value.chars().count() > LONGEST {
            return Err(Refused::TooLong);
        }
        let next = self.list.len();
        let key = if has_words(&value) { squash(&value) } else { value.clone() };
        let index = self.by_value.get(&key).copied().unwrap_or(next);
        match self.by_word.get(&squash(&word)) {
            Some(other) if *other == index => return Ok(()),
            Some(other) => return Err(Refused::Another(self.list[*other].0.clone())),
            None => {}
        }
        self.by_word.insert(squash(&word), index);
        if index == next {
            self.by_value.insert(key, next);
            self.list.push((value, Vec::new()));
        }
        // The bot shows the first word: best the value itself.
        let (value, words) = &mut self.list[index];
        let place = if *value == word { 0 } else { words.len() };
        words.insert(place, word);
        Ok(())
    }

    /// Whether it is one of the values or words.
    pub fn has(&self, value: &str) -> bool {
        let key = squash(value);
        self.by_value.contains_key(&key) || self.by_word.contains_key(&key)
    }

    /// Whether there is anything in it.
    pub fn is_open(&self) -> bool {
        !self.list.is_empty()
    }

    /// "45 words: Swedish, Thai, Greek …".
    pub fn some_words(&self) -> String {
        let all: Vec<&str> = self.list.iter().flat_map(|(_, words)| words).map(String::as_str).collect();
        let more = if all.len() > 3 { " …" } else { "" };
        let what = if all.len() == 1 { "word" } else { "words" };
        format!("{} {what}: {}{more}", all.len(), all.iter().take(3).copied().collect::<Vec<_>>().join(", "))
    }

    /// The values with their words.
    pub fn into_list(self) -> Vec<(String, Vec<String>)> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_for_one_value() {
        let mut values = Values::default();
        assert_eq!(values.add("New York", "NYC"), Ok(()));
        assert_eq!(values.add("new york", "New York"), Ok(()));
        assert_eq!(values.add("New York", "nyc"), Ok(()));
        assert_eq!(values.add("Newcastle", "nyc"), Err(Refused::Another("New York".into())));
        assert_eq!(values.add("2", "second"), Ok(()));
        assert_eq!(values.add("x", "?"), Err(Refused::Wordless));
        assert_eq!(values.add("x", &"long ".repeat(50)), Err(Refused::TooLong));
        assert!(values.has("NEW YORK") && !values.has("x"));
        assert_eq!(values.some_words(), "3 words: New York, NYC, second");
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            values.into_list(),
            [("New York".into(), words(&["New York", "NYC"])), ("2".into(), words(&["second"]))]
        );
    }
}
