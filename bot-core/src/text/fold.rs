//! Folding: what is left of a word once case, accents, apostrophes and invisible characters are aside.
use unicode_normalization::UnicodeNormalization;

/// A word or name folded: NFKC, lower case, without accents (ü is u, ß is ss), apostrophes and other marks.
///
/// A dot or comma between two digits stays: 49.90 is not 4990. Vowel signs of scripts that need them stay as well.
///
/// ```
/// assert_eq!(bot_core::text::fold("Straße"), "strasse");
/// assert_eq!(bot_core::text::fold("Ｃafé’s"), "cafes");
/// ```
pub fn fold(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return word.to_ascii_lowercase();
    }
    if word.is_ascii() {
        let plain: String = word.chars().filter(|&mark| !is_dropped(mark)).collect();
        return without_marks(&plain.to_ascii_lowercase()).collect();
    }
    let plain = word.nfkd().flat_map(char::to_lowercase).nfkd().filter(|&mark| !is_dropped(mark));
    let mut folded = String::with_capacity(word.len());
    for mark in plain {
        match letters(mark) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(mark),
        }
    }
    without_marks(&folded).nfc().collect()
}

/// Letters that Unicode does not take apart, as people type them without the key for them.
fn letters(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// Accents, variation selectors, skin tones, and what is not seen at all.
fn is_dropped(mark: char) -> bool {
    matches!(mark,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{E0100}'..='\u{E01EF}'
        | '\u{1F3FB}'..='\u{1F3FF}'
        | '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '’' | '‘' | '´' | 'ʼ' | '′' | '״')
        || mark.is_whitespace()
        || mark.is_control()
}

/// Without ASCII punctuation but the dots and commas between digits.
fn without_marks(text: &str) -> impl Iterator<Item = char> {
    let mut previous = None;
    text.char_indices().filter_map(move |(index, mark)| {
        let next = text[index + mark.len_utf8()..].chars().next();
        let digits = [previous, next].iter().all(|digit| digit.is_some_and(char::is_numeric));
        previous = Some(mark);
        let kept = !mark.is_ascii_punctuation() || (digits && matches!(mark, '.' | ','));
        kept.then_some(mark)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_leaves_what_people_mean_by_the_same_word() {
        for (word, folded) in [
            ("Zürich", "zurich"),
            ("Zu\u{308}rich", "zurich"),
            ("GROẞ", "gross"),
            ("Où's", "ous"),
            ("İstanbul", "istanbul"),
            ("ﬁnd", "find"),
            ("ＡＢＣ１２", "abc12"),
            ("so\u{ad}ft\u{200b}", "soft"),
            ("Ångström", "angstrom"),
            ("Łódź", "lodz"),
            ("49.90", "49.90"),
            ("⒈", "1"),
            ("1️⃣", "1"),
            ("👍🏽", "👍"),
            ("❤️", "❤"),
            ("ΟΔΟΣ", "οδοσ"),
            ("हिन्दी", "हिन्दी"),
            ("한국어", "한국어"),
            ("ガ", "ガ"),
            ("", ""),
        ] {
            assert_eq!(fold(word), folded, "{word}");
        }
    }
}
