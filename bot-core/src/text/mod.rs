//! Text as customers write it: normalised, cut into tokens, stemmed; every token keeps its place in the message as typed.
//!
//! What it is not: it knows no intents and no entities, and it never changes the message itself.
use serde::{Deserialize, Serialize};

/// A place in the message as typed: byte offsets, `start` included, `end` excluded, both on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A language by its primary subtag (`en`, `de`), lower case; regions are cut off (`de-AT` is `de`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Language(String);

/// A word of an utterance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the message as typed.
    pub span: Span,
    /// The word, folded: NFKC, lower case, without accents and apostrophes.
    pub word: String,
    /// Its stem in the utterance's language; the word itself where there is no stemmer.
    pub stem: String,
}

/// A customer's message, ready to be matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    text: String,
    language: Language,
    tokens: Vec<Token>,
}

impl Language {
    /// The language of a tag such as `de`, `de-AT` or `DE_at`.
    pub fn new(tag: &str) -> Language {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Language(primary.trim().to_lowercase())
    }

    /// The primary subtag: `de`.
    pub fn code(&self) -> &str {
        &self.0
    }
}
