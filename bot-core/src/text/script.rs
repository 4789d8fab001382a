//! Scripts: what a message is written in, and which languages are written so.
use super::Language;

/// A script, as far as it tells languages apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Arabic,
    Armenian,
    Bengali,
    Burmese,
    Cyrillic,
    Devanagari,
    Ethiopic,
    Georgian,
    Greek,
    Gujarati,
    Gurmukhi,
    /// Chinese characters alone.
    Han,
    Hangul,
    Hebrew,
    /// Hiragana or katakana, with Chinese characters or without.
    Kana,
    Kannada,
    Khmer,
    Lao,
    Latin,
    Malayalam,
    Sinhala,
    Tamil,
    Telugu,
    Thai,
    Tibetan,
}

use Script::*;

/// Which languages are written in a script; all others are written in Latin letters.
const LANGUAGES: &[(Script, &[&str])] = &[
    (Arabic, &["ar", "fa", "ur", "ps", "ckb", "ug", "sd"]),
    (Armenian, &["hy"]),
    (Bengali, &["bn", "as"]),
    (Burmese, &["my"]),
    (Cyrillic, &["ru", "uk", "bg", "be", "sr", "mk", "kk", "ky", "mn", "tg", "tt"]),
    (Devanagari, &["hi", "mr", "ne", "sa"]),
    (Ethiopic, &["am", "ti"]),
    (Georgian, &["ka"]),
    (Greek, &["el"]),
    (Gujarati, &["gu"]),
    (Gurmukhi, &["pa"]),
    (Han, &["zh", "yue", "ja"]),
    (Hangul, &["ko"]),
    (Hebrew, &["he", "iw", "yi"]),
    (Kana, &["ja"]),
    (Kannada, &["kn"]),
    (Khmer, &["km"]),
    (Lao, &["lo"]),
    (Malayalam, &["ml"]),
    (Sinhala, &["si"]),
    (Tamil, &["ta"]),
    (Telugu, &["te"]),
    (Thai, &["th"]),
    (Tibetan, &["bo", "dz"]),
];

/// Serbian and some others are written in both.
const ALSO_LATIN: &[&str] = &["sr", "kk", "ky", "tt"];

/// Letters that only one of the languages of a script has. Those that the bot does not speak are passed over.
const LETTERS: &[(Script, &str, &str)] = &[
    (Cyrillic, "uk", "іїєґІЇЄҐ"),
    (Cyrillic, "be", "ўЎ"),
    (Cyrillic, "ru", "ыэёЫЭЁ"),
    (Cyrillic, "sr", "ђјљњћџЂЈЉЊЋЏ"),
    (Cyrillic, "mk", "ѓѕќЃЅЌ"),
    (Cyrillic, "kk", "әғқңұһ"),
    (Cyrillic, "bg", "ъщЪЩ"),
    (Arabic, "ur", "ٹڈڑںےہ"),
    (Arabic, "fa", "پچژگکی"),
    (Arabic, "ar", "ةىأإ"),
];

impl Script {
    /// Whether a language is written so.
    pub fn writes(self, language: &str) -> bool {
        if self == Latin {
            let others = || LANGUAGES.iter().flat_map(|(_, languages)| *languages);
            return ALSO_LATIN.contains(&language) || !others().any(|other| *other == language);
        }
        LANGUAGES.iter().any(|(script, languages)| *script == self && languages.contains(&language))
    }
}

/// The script of most letters. Kana among Chinese characters are Japanese; a Latin name among other letters is a name.
pub(super) fn of(text: &str) -> Option<Script> {
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for script in text.chars().filter_map(script) {
        match counts.iter_mut().find(|(other, _)| *other == script) {
            Some((_, count)) => *count += 1,
            None => counts.push((script, 1)),
        }
    }
    let count =
        |script: Script| counts.iter().find(|(other, _)| *other == script).map_or(0, |(_, count)| *count);
    if count(Kana) > 0 && 2 * (count(Kana) + count(Han)) > count(Latin) {
        return Some(Kana);
    }
    // One Chinese character is about as much as two Latin letters; a brand's name is often Latin.
    let weight = |(script, count): (Script, usize)| if script == Latin { count } else { 2 * count };
    let best = counts.iter().copied().max_by_key(|&counted| weight(counted))?;
    Some(best.0)
}

/// The language among several of a script that alone has some of the letters of a text.
pub(super) fn by_letters<'a>(script: Script, text: &str, possible: &[&'a Language]) -> Option<&'a Language> {
    if script == Han {
        return possible.iter().find(|language| language.code() != "ja").copied();
    }
    let own = LETTERS.iter().filter(|(of, ..)| *of == script);
    let has_letters = |letters: &str| text.chars().any(|mark| letters.contains(mark));
    own.filter(|(.., letters)| has_letters(letters))
        .find_map(|(_, code, _)| possible.iter().find(|language| language.code() == *code))
        .copied()
}

fn script(mark: char) -> Option<Script> {
    Some(match mark {
        'a'..='z'
        | 'A'..='Z'
        | '\u{C0}'..='\u{24F}'
        | '\u{1E00}'..='\u{1EFF}'
        | 'Ａ'..='Ｚ'
        | 'ａ'..='ｚ' => Latin,
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => Greek,
        '\u{400}'..='\u{52F}' => Cyrillic,
        '\u{531}'..='\u{587}' => Armenian,
        '\u{5D0}'..='\u{5F2}' => Hebrew,
        '\u{620}'..='\u{64A}'
        | '\u{66E}'..='\u{6D3}'
        | '\u{6FA}'..='\u{77F}'
        | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' => Arabic,
        '\u{900}'..='\u{97F}' => Devanagari,
        '\u{980}'..='\u{9FF}' => Bengali,
        '\u{A00}'..='\u{A7F}' => Gurmukhi,
        '\u{A80}'..='\u{AFF}' => Gujarati,
        '\u{B80}'..='\u{BFF}' => Tamil,
        '\u{C00}'..='\u{C7F}' => Telugu,
        '\u{C80}'..='\u{CFF}' => Kannada,
        '\u{D00}'..='\u{D7F}' => Malayalam,
        '\u{D80}'..='\u{DFF}' => Sinhala,
        '\u{E01}'..='\u{E5B}' => Thai,
        '\u{E80}'..='\u{EFF}' => Lao,
        '\u{F00}'..='\u{FFF}' => Tibetan,
        '\u{1000}'..='\u{109F}' => Burmese,
        '\u{10A0}'..='\u{10FF}' | '\u{1C90}'..='\u{1CBF}' => Georgian,
        '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7A3}' => Hangul,
        '\u{1200}'..='\u{137F}' => Ethiopic,
        '\u{1780}'..='\u{17FF}' => Khmer,
        '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9D}' => Kana,
        '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => Han,
        _ => return None,
    })
}
