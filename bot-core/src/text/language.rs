//! Languages, and which one a message is written in.
use std::fmt;

use serde::{Deserialize, Serialize};
use whichlang::Lang;

use super::script::{self, Script};
use super::{fold, is_stopword, readable, segment};

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
/// First by its script, if only one of those languages is written in it: one word is enough for Korean. Then by
/// whichlang 0.1, which knows 16 languages by their character n-grams: of 20 short chat lines it got 18 right, in
/// 0.5 µs (whatlang 10). It always names a language and never says how sure it is, so it is asked only for two words or
/// more, and what it names counts only if the bot speaks it. A language that it does not know is told by its small words,
/// where more of them are in the message than of any other language. A message of digits, emoji or one Latin word has
/// none: prefer what the platform says.
///
/// ```
/// use bot_core::text::{Language, detect};
///
/// let among = [Language::new("en"), Language::new("de"), Language::new("ru"), Language::new("pl")];
/// assert_eq!(detect("wo ist meine Bestellung", &among), Some(Language::new("de")));
/// assert_eq!(detect("где мой заказ", &among), Some(Language::new("ru")));
/// assert_eq!(detect("gdzie jest moja paczka", &among), Some(Language::new("pl")));
/// assert_eq!(detect("ok", &among), None);
/// ```
pub fn detect(text: &str, among: &[Language]) -> Option<Language> {
    let text = readable(text);
    let script = script::of(text)?;
    let possible: Vec<&Language> = among.iter().filter(|it| script.writes(it.code())).collect();
    match possible.as_slice() {
        [] => None,
        [only] if script != Script::Latin => Some((*only).clone()),
        _ => script::by_letters(script, text, &possible).or_else(|| by_words(text, &possible)).cloned(),
    }
}

/// The language that a message is beyond doubt written in: by its script, or by four words or more of which two or more
/// are small words of that language, and more than of any other.
///
/// For a customer who goes on in another language than before: [`detect`] may be wrong about one message.
///
/// ```
/// use bot_core::text::{Language, detect_surely};
///
/// let among = [Language::new("en"), Language::new("de")];
/// assert_eq!(detect_surely("ich will mein Geld zurück", &among), Some(Language::new("de")));
/// assert_eq!(detect_surely("Karl Müller Straße", &among), None);
/// ```
pub fn detect_surely(text: &str, among: &[Language]) -> Option<Language> {
    let language = detect(text, among)?;
    if script::of(readable(text)).is_some_and(|script| script != Script::Latin) {
        return Some(language);
    }
    let words = words(readable(text));
    let own = small_words(&words, &language);
    let others = among.iter().filter(|other| **other != language);
    let most = others.map(|other| small_words(&words, other)).max().unwrap_or(0);
    (words.len() >= 4 && own >= 2 && own > most).then_some(language)
}

/// By its words, if there are two or more.
fn by_words<'a>(text: &str, possible: &[&'a Language]) -> Option<&'a Language> {
    let words = words(text);
    if words.len() < 2 {
        return None;
    }
    let code = code(whichlang::detect_language(text));
    let named = possible.iter().find(|language| language.code() == code).copied();
    if possible.iter().all(|language| is_known(language.code())) {
        return named;
    }
    // What whichlang does not know, it calls something else.
    let count = |language: &Language| small_words(&words, language);
    let most = possible.iter().map(|language| count(language)).max().filter(|&most| most > 0);
    match most {
        None => named,
        Some(most) if named.is_some_and(|named| count(named) == most) => named,
        Some(most) => {
            let mut best = possible.iter().filter(|language| count(language) == most);
            best.next().filter(|_| best.next().is_none()).copied()
        }
    }
}

/// The folded words with letters.
fn words(text: &str) -> Vec<String> {
    let has_letter = |word: &&str| word.chars().any(char::is_alphabetic);
    segment::words(text).map(|span| span.of(text)).filter(has_letter).map(fold).collect()
}

fn small_words(words: &[String], language: &Language) -> usize {
    words.iter().filter(|word| is_stopword(language.code(), word)).count()
}

/// Whether whichlang knows it.
fn is_known(language: &str) -> bool {
    whichlang::LANGUAGES.iter().any(|&known| code(known) == language)
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
    fn scripts_letters_and_small_words_tell_languages() {
        for (spoken, text, expected) in [
            ("en ja zh", "注文をキャンセルしたい", Some("ja")),
            ("en ja zh", "我要退款", Some("zh")),
            ("en ja", "返金", Some("ja")),
            ("en ko", "환불", Some("ko")),
            ("en ru", "возврат", Some("ru")),
            ("en ru uk", "де моє замовлення", Some("uk")),
            ("en ru uk", "где мой заказ", Some("ru")),
            ("ru bg", "искам да върна поръчката", Some("bg")),
            ("en el", "ακύρωση", Some("el")),
            ("en he", "ביטול", Some("he")),
            ("en ar", "إلغاء", Some("ar")),
            ("ar fa", "لغو سفارش پیگیری", Some("fa")),
            ("ar fa", "أين طلبي", Some("ar")),
            ("en th", "คืนเงิน", Some("th")),
            ("en hi", "रद्द", Some("hi")),
            ("en ta", "ஆர்டர்", Some("ta")),
            ("en pl", "chcę zwrócić zamówienie", Some("pl")),
            ("en pl cs", "kde je moje objednávka", Some("cs")),
            ("en da", "hvor er min pakke", Some("da")),
            ("en fi", "missä tilaukseni on", Some("fi")),
            ("en hu", "hol van a csomagom", Some("hu")),
            ("en ro", "unde este comanda mea", Some("ro")),
            ("en pl", "where is my order", Some("en")),
            ("en es", "¿dónde está mi pedido?", Some("es")),
            ("en ru", "iPhone сломался", Some("ru")),
            ("en de", "возврат", None),
            ("en de", "返金", None),
            ("en ko", "👍 123", None),
        ] {
            let among: Vec<Language> = spoken.split(' ').map(Language::new).collect();
            assert_eq!(detect(text, &among).as_ref().map(Language::code), expected, "{spoken}: {text}");
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
