//! Korean words without what is glued to them: particles behind nouns, "do" and "become" behind what is done.
//!
//! What it is not: an analysis. "주문을", "주문은" and "주문했어요" become `주문`; other verbs stay as they are.

/// Particles, the longest of those that share an end first.
const PARTICLES: &[&str] = &[
    "이에요",
    "입니다",
    "인데요",
    "이고요",
    "예요",
    "이요",
    "요",
    "에서는",
    "으로는",
    "에서",
    "에게",
    "한테",
    "까지",
    "부터",
    "으로",
    "이나",
    "라도",
    "이랑",
    "하고",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에",
    "의",
    "로",
    "와",
    "과",
    "도",
    "만",
    "랑",
    "나",
];
/// The forms of "do" and "become" by their first syllable.
const DOING: &[char] =
    &['하', '해', '했', '할', '한', '합', '함', '하', '되', '돼', '됐', '된', '될', '됩', '됨', '시', '받'];
/// A noun has two syllables or more.
const NOUN: usize = 2;

/// The word without its endings.
pub(super) fn stem(word: &str) -> String {
    let doing = word.char_indices().skip(NOUN).find(|(_, mark)| DOING.contains(mark));
    if let Some((at, _)) = doing {
        return word[..at].to_owned();
    }
    let bare = PARTICLES.iter().find_map(|particle| word.strip_suffix(particle));
    bare.filter(|bare| bare.chars().count() >= NOUN).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_glued_to_a_word_comes_off() {
        for (word, expected) in [
            ("주문을", "주문"),
            ("주문은", "주문"),
            ("주문했어요", "주문"),
            ("취소하고", "취소"),
            ("취소해주세요", "취소"),
            ("배송이", "배송"),
            ("환불", "환불"),
            ("나는", "나는"),
            ("", ""),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
