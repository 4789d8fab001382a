//! What belongs together in scripts without spaces: Thai, Lao, Khmer, Burmese, and the Japanese hiragana.
//!
//! Unicode's word boundaries cut these after nearly every letter. Here letters stay with their vowels, so that a token is
//! about a syllable; the matcher's pairs of tokens then are about words. Hiragana between other characters are an ending
//! or a few small words: as one token they count as one, and their n-grams still meet. Letter by letter, "できますか"
//! outweighed what it asks for. What it is not: a dictionary.

/// Whether two segments side by side are one.
pub(super) fn joins(left: &str, right: &str) -> bool {
    let (Some(last), Some(first)) = (left.chars().next_back(), right.chars().next()) else { return false };
    if is_hiragana(last) && is_hiragana(first) {
        return !is_particle(left) && right != "を";
    }
    if !is_unspaced(last) || !is_unspaced(first) {
        return false;
    }
    is_leading(last)
        || is_trailing(first)
        || is_stacker(last)
        || left.trim_end_matches(is_tone).ends_with(closes_with_consonant)
        || right.chars().any(is_silencer)
}

/// Chinese words that only ask, point or speak of people: several characters that say little, the longest first.
const CHINESE: &[&str] = &[
    "什么时候",
    "什麼時候",
    "为什么",
    "為什麼",
    "怎么样",
    "怎麼樣",
    "怎么办",
    "怎麼辦",
    "能不能",
    "可不可以",
    "是不是",
    "有没有",
    "有沒有",
    "多长时间",
    "多長時間",
    "什么",
    "什麼",
    "怎么",
    "怎麼",
    "怎样",
    "怎樣",
    "如何",
    "哪里",
    "哪裡",
    "哪儿",
    "哪些",
    "哪个",
    "哪個",
    "多少",
    "多久",
    "几时",
    "時候",
    "时候",
    "请问",
    "請問",
    "可以",
    "一下",
    "一个",
    "一個",
    "这个",
    "這個",
    "那个",
    "那個",
    "我们",
    "我們",
    "你们",
    "你們",
    "他们",
    "他們",
    "还没",
    "還沒",
    "现在",
    "現在",
    "已经",
    "已經",
    "自己",
];

/// The length of the small Chinese word that a text begins with: as one token it counts as one. Character by character,
/// "什么时候" outweighed what it asks about.
pub(super) fn small_word(text: &str) -> Option<usize> {
    if !text.starts_with(|first| ('\u{4E00}'..='\u{9FFF}').contains(&first)) {
        return None;
    }
    CHINESE.iter().find(|word| text.starts_with(**word)).map(|word| word.len())
}

fn is_hiragana(mark: char) -> bool {
    matches!(mark, '\u{3041}'..='\u{3096}')
}

/// What stands behind a noun and belongs to it, where another word begins right after: "荷物はいつ".
fn is_particle(segment: &str) -> bool {
    matches!(segment, "は" | "が" | "を")
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
