//! A message in tokens.
use std::sync::Arc;

use rust_stemmers::Stemmer;
use unicode_normalization::UnicodeNormalization;

use super::{Language, Span, fold, memo, readable, segment, stem};

/// A word of an utterance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the message as typed.
    pub span: Span,
    /// The word, folded: NFKC, lower case, without accents and apostrophes. Never empty.
    pub word: String,
    /// Its stem in the utterance's language, without accents; the word itself where there is no stemmer. Never empty.
    pub stem: String,
}

/// A customer's message, ready to be matched. It is shared, not copied, when it is cloned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    text: Arc<str>,
    language: Language,
    tokens: Arc<[Token]>,
}

impl Utterance {
    /// Cuts a message into tokens: words, and emoji as words of their own; punctuation is dropped. Only the first
    /// [`READ_LIMIT`](super::READ_LIMIT) characters become tokens, the text is kept whole.
    pub fn new(text: &str, language: &Language) -> Utterance {
        let stemmer = stem::stemmer(language);
        let token = |span: Span| token(text, span, language, stemmer.as_ref());
        let mut tokens = Vec::with_capacity(readable(text).len() / 5 + 1);
        tokens.extend(segment::words(text).filter_map(token));
        let tokens = tokens.into();
        Utterance { text: text.into(), language: language.clone(), tokens }
    }

    /// The message as typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The language it was read in.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// Its words, in order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }
}

/// The key of a text for "spelled out, case, accents, punctuation and spacing aside": its [`Token::word`]s in one.
///
/// ```
/// use bot_core::text::squash;
///
/// assert_eq!(squash("E-Mail!"), "email");
/// assert_eq!(squash("e mail"), "email");
/// ```
pub fn squash(text: &str) -> String {
    segment::words(text).map(|span| fold(span.of(text))).collect()
}

fn token(text: &str, span: Span, language: &Language, stemmer: Option<&Stemmer>) -> Option<Token> {
    let typed = span.of(text);
    let word = fold(typed);
    let plain = typed.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let stem = stemmer.map(|stemmer| match plain {
        true => memo::stem(language.code(), &word, || stem::stem(stemmer, &word).into_owned()),
        false => stemmed(stemmer, typed),
    });
    let stem = stem.filter(|stem| !stem.is_empty());
    let stem = stem.unwrap_or_else(|| word.clone());
    (!word.is_empty()).then_some(Token { span, word, stem })
}

fn stemmed(stemmer: &Stemmer, typed: &str) -> String {
    if typed.is_ascii() {
        return fold(&stem::stem(stemmer, &typed.to_ascii_lowercase().replace('`', "'")));
    }
    let is_apostrophe = |mark: char| matches!(mark, '’' | '‘' | '`' | '´' | 'ʼ' | '′');
    let straight = |mark: char| if is_apostrophe(mark) { '\'' } else { mark };
    let lower: String = typed.chars().map(straight).nfkc().flat_map(char::to_lowercase).collect();
    fold(&stem::stem(stemmer, &lower))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(language: &str, text: &str) -> Vec<(String, String, String)> {
        let utterance = Utterance::new(text, &Language::new(language));
        let parts = |token: &Token| (token.span.of(text).to_owned(), token.word.clone(), token.stem.clone());
        utterance.tokens().iter().map(parts).collect()
    }

    #[test]
    fn tokens_keep_their_place_and_have_word_and_stem() {
        for (language, text, expected) in [
            ("en", "Where's it?", &[("Where's", "wheres", "where"), ("it", "it", "it")][..]),
            ("en", "wheres", &[("wheres", "wheres", "where")]),
            ("en", "where`s", &[("where`s", "wheres", "where")]),
            ("en", "ORDERS ordered", &[("ORDERS", "orders", "order"), ("ordered", "ordered", "order")]),
            ("de", "Häuser groß", &[("Häuser", "hauser", "haus"), ("groß", "gross", "gross")]),
            ("de", "Ha\u{308}user", &[("Ha\u{308}user", "hauser", "haus")]),
            (
                "en",
                "ﬁnd İt ｆｕｌｌ",
                &[("ﬁnd", "find", "find"), ("İt", "it", "it"), ("ｆｕｌｌ", "full", "full")],
            ),
            ("fr", "Café réglé", &[("Café", "cafe", "caf"), ("réglé", "regle", "regl")]),
            ("el", "Καλημέρα", &[("Καλημέρα", "καλημερα", "καλημερα")]),
            ("xx", "Orders", &[("Orders", "orders", "orders")]),
            ("en", "ok 👍🏽", &[("ok", "ok", "ok"), ("👍🏽", "👍", "👍")]),
        ] {
            let expected: Vec<_> =
                expected.iter().map(|&(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())).collect();
            assert_eq!(tokens(language, text), expected, "{text}");
        }
    }

    #[test]
    fn texts_that_spell_the_same_have_one_key() {
        for (a, b) in [
            ("E-Mail!", "email"),
            ("e mail", "email"),
            ("Where's my order?", "wheres MY order"),
            ("Zurück", "zuruck"),
            ("Straße", "STRASSE"),
            ("ok👍", "OK 👍🏽"),
        ] {
            assert_eq!(squash(a), squash(b), "{a} / {b}");
        }
        assert_ne!(squash("49.90"), squash("4990"));
    }

    const LANGUAGES: [&str; 20] = [
        "ar", "da", "de", "el", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ro", "ru", "sv", "ta",
        "tr", "zh", "",
    ];

    proptest! {
        #[test]
        fn any_text_in_any_language_has_tokens_in_order_on_boundaries(text in "\\PC*|[\\u{0}-\\u{10FFFF}]{0,40}") {
            for language in LANGUAGES {
                let utterance = Utterance::new(&text, &Language::new(language));
                let mut end = 0;
                for token in utterance.tokens() {
                    prop_assert!(token.span.start >= end && !token.span.of(&text).is_empty());
                    prop_assert!(!token.word.is_empty() && !token.stem.is_empty());
                    end = token.span.end;
                }
                let words: String = utterance.tokens().iter().map(|token| token.word.as_str()).collect();
                prop_assert_eq!(words, squash(&text));
            }
        }

        #[test]
        fn case_and_spacing_never_change_the_key(words in proptest::collection::vec("[a-zäöüéß]{1,8}", 1..6)) {
            let upper = words.join(" ").to_uppercase();
            prop_assert_eq!(squash(&upper), squash(&words.concat()));
            prop_assert_eq!(squash(&words.join("-")), squash(&words.join(", ")));
        }
    }
}
