//! Names of people: behind "my name is" and the like; in an answer, also a message that is nothing but a name.
//!
//! Names are taken as typed. No list of names is asked: whoever has a rare one is a customer too.
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::lexer::{Kind, View};

/// A language, what stands before a name, and whether the name must have a capital: "I'm Ann", but not "I'm sorry".
type Cue = (&'static str, &'static str, bool);

const CUES: [Cue; 30] = [
    ("en", "my name is", false),
    ("en", "my names", false),
    ("en", "the name is", false),
    ("en", "my full name is", false),
    ("en", "call me", true),
    ("en", "im called", false),
    ("en", "i am called", false),
    ("en", "im", true),
    ("en", "i am", true),
    ("en", "this is", true),
    ("en", "name", true),
    ("de", "ich heisse", false),
    ("de", "ich heise", false),
    ("de", "heisse", false),
    ("de", "mein name ist", false),
    ("de", "mein name lautet", false),
    ("de", "der name ist", false),
    ("de", "der name lautet", false),
    ("de", "nenn mich", true),
    ("de", "nennen sie mich", true),
    ("de", "ich bin der", true),
    ("de", "ich bin die", true),
    ("de", "ich bin", true),
    ("de", "bin der", true),
    ("de", "bin die", true),
    ("de", "hier ist", true),
    ("de", "hier spricht", true),
    ("de", "hier schreibt", true),
    ("de", "name", true),
    ("de", "name ist", true),
];

/// What an answer may start with beyond the cues.
const ANSWER_CUES: [&str; 16] = [
    "its",
    "it is",
    "the name is",
    "name is",
    "name",
    "im",
    "i am",
    "this is",
    "call me",
    "ich bin",
    "das ist",
    "der",
    "die",
    "auf",
    "ist",
    "es ist",
];

/// Words between the parts of a name.
const PARTICLES: [&str; 18] = [
    "von", "van", "vom", "zu", "zum", "de", "der", "den", "da", "di", "del", "della", "la", "le", "dos",
    "bin", "al", "ter",
];

/// Words that are in no name, so that "my name is Ann and I want" ends at "and", and that "no idea" is none.
const NO_NAMES: &str = "a about after again all also am an and any are as at be because before bot but by bye can cancel \
    come could did do does done dont for from get give go going good goodbye had hallo has have he hello help her here \
    hey hi his how i id idea if im in is it its ive just know later like looking maybe me my name need never no none nope \
    not nothing now of off ok okay on one or order our out over please problem question refund right she should skip so \
    some someone sorry stop sure talk than thank thanks that the their them then there they think this to today tomorrow \
    trying unable up us very want wanted wants was we well were what whats when where which who why will wish with wont \
    would wrong yeah yep yes yet you your aber alle alles als am an auch auf aus bei bestellung bin bis bitte danke dann \
    das dass dein deine dem den denn der des die dir doch du ein eine einen einer es frage fur geht gern gerne gerade \
    gestern guten habe haben hat heute hier hilfe ich ihm ihn ihnen ihr immer ist ja jetzt kann kein keine konnen leider \
    lieber mag man mein meine mich mir mit mochte morgen muss nach nein nicht nichts noch nun nur oder ob schon sehr sein \
    sich sie sind so tag um und uns unzufrieden vom von vor war warte warum was weil weiss weiter wenn wer wie will wir wo \
    zu zum zur zuruck abbrechen egal keine ahnung weiss";

/// The cues by their first word.
static CUES_BY_WORD: LazyLock<FxHashMap<&str, Vec<Cue>>> = LazyLock::new(|| {
    let mut index: FxHashMap<&str, Vec<Cue>> = FxHashMap::default();
    for cue in CUES {
        index.entry(cue.1.split(' ').next().unwrap_or_default()).or_default().push(cue);
    }
    index
});

static NO_NAME: LazyLock<FxHashSet<&str>> = LazyLock::new(|| NO_NAMES.split_whitespace().collect());

/// A name behind a cue, and the indexes of its first unit and the one after its last.
pub(super) fn cued(view: &View, at: usize) -> Option<(usize, usize)> {
    let known = CUES_BY_WORD.get(&*view.at(at)?.text)?.iter().filter(|(language, ..)| view.speaks(language));
    let cues = known.filter_map(|&(_, words, capital)| Some((view.phrase(at, words)?, capital, words)));
    let (end, capital, words) = cues.max_by_key(|(end, ..)| *end)?;
    if words == "name" && !view.sign(end, &[":"]) {
        return None;
    }
    let start = end + usize::from(view.sign(end, &[":"]));
    let end = name_end(view, start, capital)?;
    Some((start, end))
}

/// The name that an answer is: one to three words like a name and nothing else, behind an optional "it's".
pub(super) fn bare(view: &View) -> Option<(usize, usize)> {
    let starts = ANSWER_CUES.iter().filter_map(|cue| view.phrase(0, cue));
    let start = starts.max().unwrap_or(0);
    let end = name_end(view, start, false)?;
    let closed = view.units[end..].iter().all(|unit| matches!(&*unit.text, "." | "!" | ","));
    closed.then_some((start, end))
}

/// The index after the name that starts there: up to three words, two where they are in lower case, and particles.
fn name_end(view: &View, start: usize, capital: bool) -> Option<usize> {
    let limit = if view.at(start)?.capital { 3 } else { 2 };
    let (mut end, mut words, mut last) = (start, 0, None);
    while words < limit {
        let Some(next) = word_end(view, end) else { break };
        let particle = PARTICLES.contains(&&*view.at(end)?.text);
        let lower = !view.at(end)?.capital;
        // "My name is Ann smith" is a name, "I'm Ann from Berlin" ends at "from"; behind a capital no lower word follows.
        if !particle && (!is_name(view, end) || (lower && (capital || (words > 0 && limit == 3)))) {
            break;
        }
        if !particle {
            words += 1;
            last = Some(next);
        }
        end = next;
    }
    last
}

/// The index after a word with its hyphens: "Anna-Lena", "O'Neil". An initial has its point: "J. Smith".
fn word_end(view: &View, at: usize) -> Option<usize> {
    view.at(at).filter(|unit| unit.kind == Kind::Word)?;
    let mut end = at + 1;
    while view.tight_sign(end, &["-"]) && view.tight_word(end + 1) {
        end += 2;
    }
    let initial =
        view.at(at).is_some_and(|unit| unit.text.chars().count() == 1) && view.tight_sign(end, &["."]);
    Some(end + usize::from(initial))
}

fn is_name(view: &View, at: usize) -> bool {
    view.at(at).is_some_and(|unit| !NO_NAME.contains(&*unit.text))
}
