//! What belongs together in scripts that write neither spaces nor words: Thai, Lao, Khmer, Burmese.
//!
//! Unicode's word boundaries cut these after nearly every letter. Here letters stay with their vowels, so that a token is
//! about a syllable; the matcher's pairs of tokens then are about words. What it is not: a dictionary.

/// Whether two segments side by side are one.
pub(super) fn joins(left: &str, right: &str) -> bool {
    let (Some(last), Some(first)) = (left.chars().next_back(), right.chars().next()) else { return false };
    if !is_unspaced(last) || !is_unspaced(first) {
        return false;
    }
    is_leading(last)
        || is_trailing(first)
        || is_stacker(last)
        || left.trim_end_matches(is_tone).ends_with(closes_with_consonant)
        || right.chars().any(is_silencer)
}

fn is_unspaced(mark: char) -> bool {
    matches!(mark, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

/// Vowels that are written before their consonant.
fn is_leading(mark: char) -> bool {
    matches!(mark, 'เ'..='ไ' | '\u{0EC0}'..='\u{0EC4}')
}

/// Vowels and signs that are letters of their own behind their consonant.
fn is_trailing(mark: char) -> bool {
    matches!(mark, 'ฯ' | 'ะ' | 'า' | 'ำ' | 'ๅ' | 'ๆ' | '\u{0EB0}' | '\u{0EB2}' | '\u{0EB3}' | '\u{0EC6}')
}

/// What puts the next consonant below the last one.
fn is_stacker(mark: char) -> bool {
    matches!(mark, '\u{17D2}' | '\u{1039}')
}

/// Vowels that never end a syllable.
fn closes_with_consonant(mark: char) -> bool {
    matches!(mark, '\u{0E31}' | '\u{0E47}' | '\u{0EB1}' | '\u{0EBB}')
}

fn is_tone(mark: char) -> bool {
    matches!(mark, '\u{0E48}'..='\u{0E4B}' | '\u{0EC8}'..='\u{0ECB}')
}

/// What makes a consonant the end of the syllable before it.
fn is_silencer(mark: char) -> bool {
    matches!(mark, '\u{0E4C}' | '\u{103A}')
}
