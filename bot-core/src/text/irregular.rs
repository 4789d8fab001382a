//! Irregular forms: `paid` is a form of `pay`, `gekauft` of `kaufen`, `don't` is `do not`.
//!
//! The tables are those of grammar books, one file a language; a stem is looked up or taken apart here before the stemmer
//! sees it. What it is not: only stems change, words and spans stay as typed.
use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::fold;

const FILES: &[(&str, &str)] =
    &[("de", include_str!("irregular/de.txt")), ("en", include_str!("irregular/en.txt"))];

/// By language: folded forms, and what they are a form of.
static FORMS: LazyLock<FxHashMap<&str, FxHashMap<String, &str>>> =
    LazyLock::new(|| FILES.iter().map(|&(language, text)| (language, forms(text))).collect());

/// What a word is a form of.
pub(super) enum Base<'a> {
    /// A word, whose stem is meant.
    Word(Cow<'a, str>),
    /// The stem itself: two words joined.
    Stem(&'static str),
}

fn forms(text: &'static str) -> FxHashMap<String, &'static str> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
    lines.flat_map(|(forms, base)| forms.split(' ').map(move |form| (fold(form), base))).collect()
}

/// What a lower-case word is a form of; itself if it is regular.
pub(super) fn base<'a>(language: &str, word: &'a str) -> Base<'a> {
    let Some(forms) = FORMS.get(language) else { return Base::Word(Cow::Borrowed(word)) };
    match forms.get(fold(word).as_str()) {
        Some(base) => match base.strip_prefix('=') {
            Some(stem) => Base::Stem(stem),
            None => Base::Word(Cow::Borrowed(base)),
        },
        None if language == "de" => Base::Word(german(forms, word)),
        None => Base::Word(Cow::Borrowed(word)),
    }
}

/// Prefixes that a German verb parts with, the longest of those that begin alike first.
const PREFIXES: &[&str] = &[
    "zusammen", "herunter", "hinunter", "hinzu", "zurück", "herein", "hinein", "heraus", "hinaus", "runter",
    "weiter", "wieder", "kaputt", "durch", "nach", "raus", "rein", "fest", "frei", "hoch", "fort", "statt",
    "auf", "aus", "bei", "ein", "her", "hin", "los", "mit", "vor", "weg", "ab", "an", "um", "zu",
];
/// Words that begin with "ge", end in "t", and are no participles.
const NO_PARTICIPLES: &[&str] = &[
    "gebet",
    "gebiet",
    "geblüt",
    "gebot",
    "geburt",
    "gedicht",
    "gefährt",
    "gehalt",
    "geheimnist",
    "gehört",
    "gelingt",
    "gemüt",
    "genehmigt",
    "genießt",
    "genügt",
    "gerät",
    "gericht",
    "gerücht",
    "gerüst",
    "geschäft",
    "geschieht",
    "geschlecht",
    "geschwulst",
    "gesicht",
    "gestalt",
    "gestaltet",
    "gestattet",
    "gewalt",
    "gewicht",
    "gewinnt",
    "gewährt",
    "gewöhnt",
    "gemeint",
    "gefährdet",
    "gesamt",
    "gegebenheit",
    "gelt",
    "geht",
];

/// "Zurückgeschickt" and "zurückzuschicken" as "zurückschicken", "gekauft" as "kaufen", "angekommen" as "ankommen".
fn german<'a>(forms: &FxHashMap<String, &'static str>, word: &'a str) -> Cow<'a, str> {
    if NO_PARTICIPLES.contains(&word) {
        return Cow::Borrowed(word);
    }
    let prefixes = PREFIXES.iter().filter_map(|prefix| Some((*prefix, word.strip_prefix(prefix)?)));
    for (prefix, rest) in prefixes.chain([("", word)]) {
        if let Some(verb) =
            forms.get(fold(rest).as_str()).filter(|_| !prefix.is_empty() && rest.starts_with("ge"))
        {
            return format!("{prefix}{verb}").into();
        }
        if let Some(verb) = weak(rest) {
            return format!("{prefix}{verb}").into();
        }
        let infinitive = rest.strip_prefix("zu").filter(|verb| !prefix.is_empty() && verb.ends_with("en"));
        if let Some(verb) = infinitive {
            return format!("{prefix}{verb}").into();
        }
    }
    conjugated(word)
}

/// The verb of a weak participle: "gekauft" of "kaufen", "gewartet" of "warten".
fn weak(word: &str) -> Option<String> {
    let stem = word.strip_prefix("ge")?.strip_suffix('t')?;
    let stem = without_e(stem);
    (stem.chars().count() >= 3).then(|| format!("{stem}en"))
}

/// "Wartet" as "warten", "bestellt", "bestellte" as "bestellen": what ends in a consonant and a `t` that verbs have.
fn conjugated(word: &str) -> Cow<'_, str> {
    let endings = ["test", "ten", "tet", "te", "t"];
    if let Some(stem) = word.strip_suffix("et").filter(|stem| stem.len() >= 4 && stem.ends_with(['t', 'd'])) {
        return format!("{stem}en").into();
    }
    let stem = endings.iter().find_map(|ending| word.strip_suffix(ending)).map(without_e);
    let is_verb = |stem: &&str| stem.len() >= 4 && stem.ends_with(['l', 'r', 'n', 'm', 'k', 'g', 'b', 'd']);
    match stem.filter(is_verb) {
        Some(stem) => format!("{stem}en").into(),
        None => Cow::Borrowed(word),
    }
}

/// The `e` that makes a stem in `t` or `d` speakable: "wart-e-t".
fn without_e(stem: &str) -> &str {
    stem.strip_suffix('e').filter(|short| short.ends_with(['t', 'd', 'n', 'm'])).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::super::{Language, Utterance};

    #[test]
    fn irregular_forms_have_the_stem_of_their_verb() {
        for (language, forms) in [
            ("en", "children child"),
            ("en", "paid pay paying"),
            ("en", "bought buy"),
            ("en", "stolen stole steal"),
            ("en", "forgot forgotten forget"),
            ("en", "dont don't Don’t"),
            ("en", "can't cannot cant"),
            ("de", "gekauft kaufen kaufe"),
            ("de", "bestellt bestellen bestellte bestellten"),
            ("de", "storniert stornieren"),
            ("de", "zurückgeschickt zurückschicken zurückzuschicken"),
            ("de", "angekommen ankommen"),
            ("de", "abgebucht abbuchen"),
            ("de", "verloren verlieren verlor"),
            ("de", "gewartet warten wartet"),
            ("de", "geliefert liefern liefert"),
            ("de", "Gerät Geräte"),
            ("de", "Gewicht Gewichte"),
            ("de", "Produkt Produkte"),
        ] {
            let utterance = Utterance::new(forms, &Language::new(language));
            let stems: Vec<&str> = utterance.tokens().iter().map(|token| token.stem.as_str()).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{forms}: {stems:?}");
        }
    }
}
