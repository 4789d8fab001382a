//! Words that name no topic: articles, pronouns, prepositions, auxiliaries, question words. One file a language.
//!
//! They are evidence like all others ("how long" is not "how much"); only a message that is nothing but one of them
//! means nothing, and they tell languages apart. What is an answer ("no", "why", "wait") is not among them.
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::fold;

/// Words as they are written, by language.
const FILES: &[(&str, &str)] = &[
    ("ar", include_str!("stopwords/ar.txt")),
    ("cs", include_str!("stopwords/cs.txt")),
    ("da", include_str!("stopwords/da.txt")),
    ("de", include_str!("stopwords/de.txt")),
    ("el", include_str!("stopwords/el.txt")),
    ("en", include_str!("stopwords/en.txt")),
    ("es", include_str!("stopwords/es.txt")),
    ("fi", include_str!("stopwords/fi.txt")),
    ("fr", include_str!("stopwords/fr.txt")),
    ("hi", include_str!("stopwords/hi.txt")),
    ("hu", include_str!("stopwords/hu.txt")),
    ("it", include_str!("stopwords/it.txt")),
    ("ja", include_str!("stopwords/ja.txt")),
    ("ko", include_str!("stopwords/ko.txt")),
    ("nl", include_str!("stopwords/nl.txt")),
    ("no", include_str!("stopwords/no.txt")),
    ("pl", include_str!("stopwords/pl.txt")),
    ("pt", include_str!("stopwords/pt.txt")),
    ("ro", include_str!("stopwords/ro.txt")),
    ("ru", include_str!("stopwords/ru.txt")),
    ("sv", include_str!("stopwords/sv.txt")),
    ("ta", include_str!("stopwords/ta.txt")),
    ("tr", include_str!("stopwords/tr.txt")),
    ("uk", include_str!("stopwords/uk.txt")),
    ("vi", include_str!("stopwords/vi.txt")),
    ("zh", include_str!("stopwords/zh.txt")),
];

/// Words as they are folded, by language.
static WORDS: LazyLock<FxHashMap<&str, FxHashSet<String>>> = LazyLock::new(|| {
    let words = |text: &str| text.split_whitespace().map(fold).collect();
    FILES.iter().map(|&(language, text)| (language, words(text))).collect()
});

/// Whether a folded word of that language names no topic. Languages without a list have none.
pub(crate) fn is_stopword(language: &str, word: &str) -> bool {
    let language = if matches!(language, "nb" | "nn") { "no" } else { language };
    WORDS.get(language).is_some_and(|words| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_they_are_folded() {
        for (language, word, expected) in [
            ("en", "the", true),
            ("en", "no", false),
            ("en", "die", false),
            ("de", "die", true),
            ("de", "fur", true),
            ("fr", "ou", true),
            ("nb", "ikke", false),
            ("nb", "hvor", true),
            ("ar", "الي", true),
            ("ja", "を", true),
            ("xx", "the", false),
        ] {
            assert_eq!(is_stopword(language, word), expected, "{language} {word}");
        }
    }
}
