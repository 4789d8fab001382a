//! Words that name no topic: articles, pronouns, prepositions, auxiliaries, question words; folded.
//!
//! They are evidence like all others ("how long" is not "how much"); only a message that is nothing but one of them
//! means nothing. What is an answer ("no", "why", "wait") is not among them.
const ENGLISH: &[&str] = &[
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
    "could", "did", "do", "does", "for", "from", "get", "had", "has", "have", "he", "her", "his", "how", "i",
    "id", "if", "im", "in", "into", "is", "it", "its", "ive", "just", "like", "me", "mine", "my", "need",
    "of", "on", "or", "our", "out", "please", "she", "should", "so", "some", "than", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "those", "to", "up", "us", "very", "want", "was", "we",
    "were", "what", "whats", "when", "where", "which", "who", "will", "with", "would", "you", "your",
];
const GERMAN: &[&str] = &[
    "aber", "alle", "als", "am", "an", "auch", "auf", "aus", "bei", "beim", "bin", "bis", "bitte", "da",
    "das", "dass", "dein", "dem", "den", "der", "des", "die", "dies", "diese", "dieser", "du", "ein", "eine",
    "einem", "einen", "einer", "er", "es", "euch", "euer", "fur", "habe", "haben", "hat", "ich", "ihr",
    "ihre", "im", "in", "ist", "kann", "konnen", "man", "mein", "meine", "meinem", "meinen", "meiner",
    "mich", "mir", "mit", "mochte", "nach", "noch", "oder", "sich", "sie", "sind", "so", "und", "uns",
    "unser", "vom", "von", "wann", "war", "was", "wer", "wie", "will", "wir", "wird", "wo", "zu", "zum",
    "zur",
];

/// Whether a folded word of that language names no topic. Languages without a list have none.
pub(super) fn is_stopword(language: &str, word: &str) -> bool {
    let words = match language {
        "en" => ENGLISH,
        "de" => GERMAN,
        _ => return false,
    };
    words.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_folded() {
        for words in [ENGLISH, GERMAN] {
            assert!(words.is_sorted(), "{words:?}");
            assert!(words.iter().all(|word| crate::text::fold(word) == *word));
        }
        assert!(is_stopword("en", "the") && !is_stopword("en", "no") && is_stopword("de", "die"));
        assert!(!is_stopword("en", "die") && !is_stopword("xx", "the"));
    }
}
