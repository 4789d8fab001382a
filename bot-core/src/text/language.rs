//! Languages, and which one a message is written in.
use std::fmt;

use serde::{Deserialize, Serialize};
use whichlang::Lang;

use super::{readable, segment};

/// A language by its primary subtag (`en`, `de`), lower case; regions are cut off (`de-AT` is `de`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Language(String);

impl Language {
    /// The language of a tag as platforms and authors write it: `de`, `de-AT`, `de_AT`, `DE`.
    ///
    /// Takes anything; [`Language::parse`] is for tags that may be wrong.
    pub fn new(tag: &str) -> Language {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Language(primary.to_lowercase())
    }

    /// The language of a tag, if it can be one: two or three letters, alone or before a region.
    pub fn parse(tag: &str) -> Option<Language> {
        let language = Language::new(tag);
        let code = language.code();
        ((2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase()))
            .then_some(language)
    }

    /// The code: `en`.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl From<String> for Language {
    fn from(tag: String) -> Language {
        Language::new(&tag)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The language a message is written in, if it is one of `among`.
///
/// By whichlang 0.1, which knows 16 languages by their character n-grams: of 20 short chat lines it got 18 right, in
/// 0.5 µs (whatlang 10). It always names a language and never says how sure it is, so it is asked only for two words or
/// more, and what it names counts only if the bot speaks it. A message of digits, emoji or one word, or in a language
/// that is not among the 16, has none: prefer what the platform says.
///
/// ```
/// use bot_core::text::{Language, detect};
///
/// let among = [Language::new("en"), Language::new("de")];
/// assert_eq!(detect("wo ist meine Bestellung", &among), Some(Language::new("de")));
/// assert_eq!(detect("ok", &among), None);
/// ```
pub fn detect(text: &str, among: &[Language]) -> Option<Language> {
    let has_letter = |word: &&str| word.chars().any(char::is_alphabetic);
    segment::words(text).map(|span| span.of(text)).filter(has_letter).nth(1)?;
    let code = code(whichlang::detect_language(readable(text)));
    among.iter().find(|language| language.code() == code).cloned()
}

fn code(language: Lang) -> &'static str {
    match language {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_their_primary_subtag() {
        for (tag, code) in [("de", "de"), ("de-AT", "de"), ("EN_us", "en"), (" fr ", "fr"), ("", "")] {
            assert_eq!(Language::new(tag).to_string(), code, "{tag}");
        }
        let stored: Language = serde_json::from_str("\"pt-BR\"").unwrap();
        assert_eq!((stored.code(), serde_json::to_string(&stored).unwrap().as_str()), ("pt", "\"pt\""));
    }

    #[test]
    fn only_letters_are_a_language() {
        for (tag, ok) in
            [("de-AT", true), ("gsw", true), ("english", false), ("e1", false), ("", false), ("ü", false)]
        {
            assert_eq!(Language::parse(tag).is_some(), ok, "{tag}");
        }
    }

    #[test]
    fn a_language_is_named_only_when_there_is_something_to_go_by() {
        let among = [Language::new("en"), Language::new("de")];
        for (text, expected) in [
            ("where is my order", Some("en")),
            ("ich möchte mein Geld zurück", Some("de")),
            ("je voudrais parler à quelqu'un", None),
            ("refund", None),
            ("12345678 👍", None),
            ("ok 12345678", None),
            ("", None),
        ] {
            assert_eq!(detect(text, &among).as_ref().map(Language::code), expected, "{text}");
        }
    }
}
