//! Yes and no: words and phrases of English and German, 👍 and 👎.
//!
//! In a sentence a word counts only where a clause begins: "yes, and are there fees?" is a yes, "there is no button" is
//! no "no". Weak words ("right", "bitte") count only in an answer.
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::lexer::{Kind, View};

/// What a phrase says: yes, no, or nothing though it holds such a word ("not sure").
type Says = Option<bool>;

/// Language (empty for all), what they say, and phrases.
type Table = [(&'static str, Says, &'static str)];

const YES: Says = Some(true);
const NO: Says = Some(false);

/// Phrases that count in any message. Words as they are folded.
const STRONG: &Table = &[
    ("", YES, "👍, 👌, ✅, ✔, ☑"),
    ("", NO, "👎, ❌, ✖, 🚫"),
    ("", YES, "ok, okay, okey, okidoki, k, yes"),
    ("", NO, "no"),
    (
        "en",
        YES,
        "yep, yeah, yea, yup, ya, yess, yesss, aye, sure, sure thing, of course, certainly, absolutely, \
         definitely, indeed, alright, all right, why not, no problem, i think so, i guess so, yes please",
    ),
    (
        "en",
        NO,
        "nope, nah, nay, noo, nooo, no way, no thanks, no thank you, of course not, certainly not, \
         absolutely not, definitely not, sure not, not at all, i do not think so, i dont think so, \
         rather not, id rather not",
    ),
    ("en", None, "not sure, no idea, sure about, no clue, no one, never mind, nevermind"),
    (
        "de",
        YES,
        "ja, jep, jup, jo, joa, jawohl, jaja, klar, na klar, aber klar, sicher, naturlich, \
         selbstverstandlich, genau, gerne, gern, auf jeden fall, auf alle falle, unbedingt, freilich, \
         passt, logo, alles klar, warum nicht, kein problem, in ordnung, einverstanden, ja bitte",
    ),
    (
        "de",
        NO,
        "nein, nee, no, nope, naa, niemals, auf keinen fall, auf gar keinen fall, keinesfalls, \
         naturlich nicht, sicher nicht, klar nicht, lieber nicht, eher nicht, gar nicht, nein danke, passt nicht, \
         passt mir nicht, geht nicht, geht gar nicht",
    ),
    (
        "de",
        None,
        "keine ahnung, nicht sicher, ne weile, ne frage, sicher dass, klar ist, genau so, genau die, \
         genau das, gern geschehen",
    ),
];

/// Phrases that count in an answer only, and where the clause ends behind them.
const WEAK: &Table = &[
    (
        "en",
        YES,
        "right, correct, exactly, true, fine, great, perfect, good, agreed, agree, confirm, confirmed, \
         please, please do, go ahead, do it, do that, thats right, thats correct, that is right, \
         that is correct, sounds good, y, positive, go on, lets do it, lets go, i do, i am, it is, \
         it does, i have, works for me",
    ),
    (
        "en",
        NO,
        "not, n, never, wrong, incorrect, false, thats wrong, that is wrong, thats not right, not right, \
         not correct, do not, dont, please dont, negative, not really, not yet, not now, i do not, i dont, \
         im not, i am not, it is not, it isnt, disagree, rather not, better not",
    ),
    (
        "de",
        YES,
        "richtig, korrekt, stimmt, das stimmt, stimmt so, richtig so, bitte, mach das, machen sie das, mach mal, los, \
         los gehts, super, perfekt, gut, in ordnung, j, bestatige, bestatigt, geht klar, so ist es, \
         bin ich, habe ich, tue ich, doch",
    ),
    (
        "de",
        NO,
        "nicht, ne, falsch, das ist falsch, stimmt nicht, das stimmt nicht, nicht richtig, n, bitte nicht, \
         nicht wirklich, noch nicht, jetzt nicht, bin ich nicht, habe ich nicht, kein, keine",
    ),
];

/// More fillers than this are a story.
const MOST_FILLERS: usize = 4;

/// Words that may stand before an answer without being one.
const FILLERS: [&str; 26] = [
    "oh", "uh", "um", "uhm", "hm", "hmm", "well", "so", "ah", "ach", "na", "also", "tja", "naja", "nun",
    "ahm", "and", "but", "aber", "und", "or", "oder", "hi", "hello", "hallo", "actually",
];

/// The yes and no in a message: the index of the first unit, the one after the last, and what it says.
pub(super) fn yes_no(view: &View, at: usize, answer: bool) -> Option<(bool, usize)> {
    let unit = view.at(at)?;
    let (says, end) = longest(view, at, answer)?;
    if unit.kind != Kind::Sign && !opens(view, at) {
        return None;
    }
    says.map(|yes| (yes, end))
}

/// Whether a clause begins here: at the start, behind punctuation, fillers and another answer.
fn opens(view: &View, at: usize) -> bool {
    let fillers = view.units[..at].iter().rev().take(MOST_FILLERS);
    let start = at - fillers.take_while(|unit| FILLERS.contains(&&*unit.text)).count();
    let Some(before) = view.before(start) else { return true };
    match before.kind {
        // In "e-mail" and "don't-know" the sign joins words.
        Kind::Sign => !before.tight || !view.is_tight(start),
        Kind::Word => start == at && answer_ends(view, at),
        Kind::Digits => false,
    }
}

/// Whether another answer of one word ends right here: "ja klar", "no no".
fn answer_ends(view: &View, at: usize) -> bool {
    let opens = at == 1 || view.at(at - 2).is_some_and(|unit| unit.kind == Kind::Sign);
    opens && longest(view, at - 1, false).is_some_and(|(_, end)| end == at)
}

/// The longest phrase that starts here, and the index after it.
fn longest(view: &View, at: usize, answer: bool) -> Option<(Says, usize)> {
    let phrases = PHRASES.get(&*view.at(at)?.text)?;
    let known = phrases.iter().filter(|phrase| phrase.language.is_empty() || view.speaks(phrase.language));
    let ends = known.filter_map(|phrase| {
        let end = view.phrase(at, phrase.words)?;
        (!phrase.weak || (answer && closes(view, end))).then_some((phrase.says, end))
    });
    ends.max_by_key(|(_, end)| *end)
}

/// A phrase of the tables.
struct Phrase {
    language: &'static str,
    says: Says,
    words: &'static str,
    weak: bool,
}

/// The phrases by their first word.
static PHRASES: LazyLock<FxHashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut index: FxHashMap<&str, Vec<Phrase>> = FxHashMap::default();
    let rows = STRONG.iter().map(|row| (row, false)).chain(WEAK.iter().map(|row| (row, true)));
    for (&(language, says, phrases), weak) in rows {
        for words in phrases.split(", ") {
            let first = words.split(' ').next().unwrap_or_default();
            index.entry(first).or_default().push(Phrase { language, says, words, weak });
        }
    }
    index
});

/// Whether the clause ends here: "not" is a no, "not 50, 55" is not.
fn closes(view: &View, at: usize) -> bool {
    const POLITE: [&str; 12] =
        ["please", "thanks", "thank", "thx", "danke", "bitte", "so", "then", "now", "dann", "jetzt", "yes"];
    view.at(at).is_none_or(|unit| unit.kind == Kind::Sign || POLITE.contains(&&*unit.text))
}
