//! Words that say what a message does rather than what it is about: corrections, negations, ordinals, questions.
//!
//! What it is not: no intents; those are in `builtin/*.yaml`, where authors can add to them. Words are folded as
//! [`crate::text::Token::word`] is.
use crate::text::{Language, Token};

/// The cue words of a language.
#[derive(Debug)]
pub(super) struct Cues {
    /// Sounds that people make before they say something.
    pub sounds: &'static [&'static str],
    /// A message that begins with one of these corrects something: "sorry, 3".
    pub lead: &'static [&'static [&'static str]],
    /// A message in which one of these stands corrects something: "make it 3", "change the address".
    pub anywhere: &'static [&'static [&'static str]],
    /// What stands behind one of these is not meant: "not 50".
    pub not: &'static [&'static str],
    /// What stands behind one of these is the new value: "change it to 3".
    pub link: &'static [&'static str],
    /// A reply to a confirmation that begins with one of these gives another value: "to John!".
    pub leads_to: &'static [&'static str],
    /// First, second, third …
    pub ordinals: &'static [&'static [&'static str]],
    /// The last one.
    pub last: &'static [&'static str],
    /// The first of two, the second of two.
    pub former_latter: [&'static [&'static str]; 2],
    /// More than one of the options.
    pub several: &'static [&'static str],
    /// None of the options.
    pub none: &'static [&'static [&'static str]],
    /// A message that begins with one of these asks something.
    pub questions: &'static [&'static str],
    /// A message that begins with one of these asks what something is.
    pub what: &'static [&'static [&'static str]],
    /// Words around an answer that say nothing: "it's the …, please".
    pub fillers: &'static [&'static str],
    /// Words that join two requests: "stop that and show my orders".
    pub joins: &'static [&'static str],
}

static ENGLISH: Cues = Cues {
    sounds: &["oh", "ah", "um", "uh", "er", "hm", "hmm", "well", "ok", "okay", "argh"],
    lead: &[
        &["actually"],
        &["sorry"],
        &["no", "wait"],
        &["wait"],
        &["i", "meant"],
        &["i", "mean"],
        &["oops"],
        &["correction"],
        &["rather"],
        &["no", "sorry"],
        &["no"],
        &["not"],
        &["my", "mistake"],
        &["my", "bad"],
    ],
    anywhere: &[
        &["actually"],
        &["instead"],
        &["make", "it"],
        &["make", "that"],
        &["should", "be"],
        &["should", "have", "been"],
        &["change"],
        &["correct"],
        &["i", "meant"],
        &["mistake"],
        &["mistyped"],
        &["i", "mean"],
        &["typo"],
        &["wrong"],
        &["update"],
        &["rather"],
        &["no", "wait"],
    ],
    not: &["not", "no", "isnt", "wasnt", "instead", "dont"],
    link: &["to", "is", "be", "into", "now"],
    leads_to: &["to", "for", "with", "on", "at", "by", "from"],
    ordinals: &[
        &["first", "1st"],
        &["second", "2nd"],
        &["third", "3rd"],
        &["fourth", "4th"],
        &["fifth", "5th"],
        &["sixth", "6th"],
        &["seventh", "7th"],
        &["eighth", "8th"],
    ],
    last: &["last"],
    former_latter: [&["former"], &["latter"]],
    several: &["both", "all", "everything"],
    none: &[
        &["none"],
        &["neither"],
        &["something", "else"],
        &["none", "of", "these"],
        &["none", "of", "them"],
    ],
    questions: &[
        "what", "whats", "where", "wheres", "when", "who", "why", "how", "which", "is", "are", "can",
        "could", "do", "does", "did", "will", "would", "may", "have", "has", "was",
    ],
    what: &[&["what", "is"], &["whats"], &["what", "does"], &["which"], &["what"]],
    fillers: &[
        "its", "it", "is", "the", "a", "an", "my", "please", "pls", "thats", "that", "this", "one", "number",
        "no", "nr", "here", "you", "go", "i", "think", "would", "be", "um", "uh", "well", "so", "ok",
        "order", "to", "take", "want", "like", "id", "im", "of", "for", "with", "on", "at", "in", "and",
        "was", "should", "yes", "sure", "then", "just", "about",
    ],
    joins: &["and", "but", "also", "then"],
};

static GERMAN: Cues = Cues {
    sounds: &["ach", "oh", "ah", "aeh", "hm", "hmm", "na", "ok", "okay", "also", "och"],
    lead: &[
        &["sorry"],
        &["entschuldigung"],
        &["ich", "meinte"],
        &["ich", "meine"],
        &["nein", "warte"],
        &["nein"],
        &["ups"],
        &["doch"],
        &["vielmehr"],
        &["moment"],
        &["eigentlich"],
        &["halt"],
        &["korrektur"],
        &["nicht"],
        &["quatsch"],
        &["mein", "fehler"],
    ],
    anywhere: &[
        &["eigentlich"],
        &["stattdessen"],
        &["andere"],
        &["andern"],
        &["anderst"],
        &["korrigiere"],
        &["korrigieren"],
        &["falsch"],
        &["vertippt"],
        &["nein", "warte"],
        &["nein", "doch"],
        &["ich", "meine"],
        &["verschrieben"],
        &["ich", "meinte"],
        &["mach", "daraus"],
        &["sondern"],
        &["soll", "sein"],
        &["sollte", "sein"],
        &["lieber"],
        &["doch"],
        &["fehler"],
    ],
    not: &["nicht", "kein", "keine", "keinen", "statt", "anstatt"],
    link: &["auf", "ist", "zu", "in", "lautet", "heisst", "jetzt"],
    leads_to: &["an", "auf", "fur", "fuer", "mit", "am", "um", "zu", "nach", "von"],
    ordinals: &[
        &["erste", "ersten", "erster", "erstes"],
        &["zweite", "zweiten", "zweiter", "zweites"],
        &["dritte", "dritten", "dritter", "drittes"],
        &["vierte", "vierten", "vierter", "viertes"],
        &["funfte", "funften", "funfter", "funftes"],
        &["sechste", "sechsten", "sechster", "sechstes"],
        &["siebte", "siebten", "siebter", "siebtes"],
        &["achte", "achten", "achter", "achtes"],
    ],
    last: &["letzte", "letzten", "letzter", "letztes"],
    former_latter: [&["erstere", "ersteren", "ersteres"], &["letztere", "letzteren", "letzteres"]],
    several: &["beide", "beides", "alle", "alles"],
    none: &[
        &["keins"],
        &["keines"],
        &["keine"],
        &["nichts", "davon"],
        &["keins", "davon"],
        &["etwas", "anderes"],
        &["was", "anderes"],
    ],
    questions: &[
        "was", "wo", "wann", "wer", "warum", "wieso", "wie", "welche", "welcher", "welches", "ist", "sind",
        "kann", "konnt", "kannst", "habt", "hat", "wird", "gibt", "darf", "muss", "wohin", "woher",
        "wieviel",
    ],
    what: &[&["was", "ist"], &["welche"], &["was", "heisst"], &["was", "fur"], &["was"]],
    fillers: &[
        "es",
        "ist",
        "die",
        "der",
        "das",
        "den",
        "ein",
        "eine",
        "mein",
        "meine",
        "bitte",
        "nummer",
        "nr",
        "hier",
        "ich",
        "glaube",
        "also",
        "ja",
        "bestellung",
        "dann",
        "so",
        "und",
        "am",
        "um",
        "fur",
        "von",
        "mit",
        "sind",
        "waren",
        "ware",
        "war",
        "nehme",
        "mochte",
        "hatte",
        "gern",
        "lautet",
        "heisst",
        "ungefahr",
        "etwa",
        "na",
        "ah",
    ],
    joins: &["und", "aber", "auch", "dann"],
};

/// The cues of a language; English where there are none.
pub(super) fn cues(language: &Language) -> &'static Cues {
    if language.code() == "de" { &GERMAN } else { &ENGLISH }
}

impl Cues {
    /// How many tokens at the start are a cue for a correction, "oh" and the like included; 0: none.
    pub fn lead_length(&self, tokens: &[Token]) -> usize {
        let sounds = tokens.iter().take_while(|token| has(self.sounds, token)).count();
        let fits = |words: &&&[&str]| starts_with(&tokens[sounds..], words);
        self.lead.iter().filter(fits).map(|words| sounds + words.len()).max().unwrap_or(0)
    }

    /// Whether the message corrects something, by its words.
    pub fn corrects(&self, tokens: &[Token]) -> bool {
        self.lead_length(tokens) > 0
            || (0..tokens.len()).any(|at| self.anywhere.iter().any(|words| starts_with(&tokens[at..], words)))
    }

    /// Whether the message asks something.
    pub fn asks(&self, text: &str, tokens: &[Token]) -> bool {
        text.trim_end().ends_with('?') || tokens.first().is_some_and(|token| has(self.questions, token))
    }

    /// Whether the message asks what something is.
    pub fn asks_what(&self, tokens: &[Token]) -> bool {
        self.what.iter().any(|words| starts_with(tokens, words))
    }

    /// Whether the token says nothing of its own.
    pub fn is_filler(&self, token: &Token) -> bool {
        has(self.fillers, token)
    }
}

/// Whether the tokens begin with these words.
pub(super) fn starts_with(tokens: &[Token], words: &[&str]) -> bool {
    tokens.len() >= words.len() && tokens.iter().zip(words).all(|(token, word)| token.word == *word)
}

/// Whether the token is one of the words.
pub(super) fn has(words: &[&str], token: &Token) -> bool {
    words.contains(&token.word.as_str())
}
