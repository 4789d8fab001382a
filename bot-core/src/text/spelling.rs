//! Spelling: a word in lower case as its language's stemmer expects it, however people type it.
//!
//! Stemmers need accents ("devolución" loses its ending, "devolucion" keeps it), and people leave them out. Where an
//! ending can only be the accented one, it is put back. What it is not: these spellings are for the stem alone; what is
//! left without accents, [`fold`](super::fold) tells.
use unicode_normalization::UnicodeNormalization;

use super::segment::is_apostrophe_mark;

/// Endings typed without accents, and with them, by language: one a word, the first that fits.
const ENDINGS: &[(&str, &[(&str, &str)])] = &[
    ("es", &[("cion", "ción"), ("sion", "sión"), ("xion", "xión"), ("logia", "logía")]),
    ("fr", &[("ee", "ée"), ("ees", "ées"), ("iere", "ière"), ("ieres", "ières")]),
    ("it", &[("bilita", "bilità"), ("alita", "alità")]),
    (
        "pt",
        &[
            ("coes", "ção"),
            ("oes", "ão"),
            ("ões", "ão"),
            ("ães", "ão"),
            ("cao", "ção"),
            ("çao", "ção"),
            ("ao", "ão"),
        ],
    ),
    (
        "ro",
        &[
            ("ari", "are"),
            ("ări", "are"),
            ("atie", "aţie"),
            ("atii", "aţii"),
            ("tiune", "ţiune"),
            ("tiuni", "ţiuni"),
        ],
    ),
];

/// The shortest beginning that an ending of [`ENDINGS`] stands behind.
const BEGINNING: usize = 2;

/// The word in lower case, composed, with `'` for apostrophes.
pub(super) fn spelled(language: &str, typed: &str) -> String {
    let straight = |mark: char| if is_apostrophe_mark(mark) { '\'' } else { mark };
    let marks = typed.chars().map(straight).nfkc();
    let lower: String = match language {
        "tr" | "az" => marks.flat_map(turkish).collect(),
        _ => marks.flat_map(char::to_lowercase).collect(),
    };
    let respelled = match language {
        "ar" => lower.chars().filter_map(arabic).collect(),
        "da" | "no" | "nb" | "nn" => lower.replace("aa", "å"),
        "de" => german(&lower),
        "ro" => lower.replace('ș', "ş").replace('ț', "ţ"),
        "ru" => lower.replace('ё', "е"),
        _ => lower,
    };
    with_accents(language, respelled)
}

/// Without points and stretching, and with one alef for all: the ends of words stay as they are.
fn arabic(mark: char) -> Option<char> {
    match mark {
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' => None,
        other => Some(other),
    }
}

/// Lower case where `I` is the capital of `ı`, and `İ` that of `i`.
fn turkish(mark: char) -> impl Iterator<Item = char> {
    let mark = match mark {
        'I' => 'ı',
        'İ' => 'i',
        other => other,
    };
    mark.to_lowercase()
}

/// "Zurueck" as "zurück". Where `ue` stands behind a vowel or a `q`, or ends in `uell`, it is no umlaut: "neue", "bequem",
/// "aktuell".
fn german(word: &str) -> String {
    let mut spelled = String::with_capacity(word.len());
    let mut rest = word.chars();
    while let Some(mark) = rest.next() {
        let is_free = !spelled.ends_with(['a', 'e', 'i', 'o', 'u', 'ä', 'ö', 'ü', 'q', 'y']);
        let follows = rest.as_str().strip_prefix('e').filter(|after| !after.starts_with("ll"));
        let umlaut = match mark {
            'a' => Some('ä'),
            'o' => Some('ö'),
            'u' => Some('ü'),
            _ => None,
        };
        match umlaut.filter(|_| is_free && follows.is_some_and(|after| !after.is_empty())) {
            Some(umlaut) => {
                spelled.push(umlaut);
                rest.next();
            }
            None => spelled.push(mark),
        }
    }
    spelled
}

fn with_accents(language: &str, word: String) -> String {
    let Some((_, endings)) = ENDINGS.iter().find(|(of, _)| *of == language) else { return word };
    for (bare, accented) in *endings {
        if let Some(beginning) = word.strip_suffix(bare)
            && beginning.chars().count() >= BEGINNING
        {
            return format!("{beginning}{accented}");
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spelled_as_stemmers_know_them() {
        for (language, typed, expected) in [
            ("tr", "SİPARİŞİM", "siparişim"),
            ("tr", "KIRIK", "kırık"),
            ("de", "ZURUECK", "zurück"),
            ("de", "neue", "neue"),
            ("de", "bequem", "bequem"),
            ("de", "aktuell", "aktuell"),
            ("de", "moechte", "möchte"),
            ("de", "fuer", "für"),
            ("de", "steuern", "steuern"),
            ("de", "schmiede", "schmiede"),
            ("es", "Devolucion", "devolución"),
            ("pt", "devoluções", "devolução"),
            ("pt", "ao", "ao"),
            ("fr", "ANNULEE", "annulée"),
            ("ru", "Ещё", "еще"),
            ("ro", "plăți", "plăţi"),
            ("ar", "إِلْغَاء", "الغاء"),
            ("en", "Don’t", "don't"),
        ] {
            assert_eq!(spelled(language, typed), expected, "{typed}");
        }
    }
}
