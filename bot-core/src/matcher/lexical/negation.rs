//! What a customer does *not* want: "I don't want to cancel", "not the red one but", "ohne Anmeldung".
//!
//! Only what takes a wish back counts. That something *is* not so ("my parcel hasn't arrived", "die App geht nicht") is
//! what customers write to tell their problem, and it stays evidence for it. English says it before what it is about, so
//! that the scope goes from there to the end of the clause; German says it late, so that the scope is its clause.
use crate::text::{Token, Utterance};

/// Words that begin a scope wherever they stand, folded, by their number of words.
const ENGLISH: &[&[&str]] = &[
    &["dont", "want"],
    &["dont", "wanna"],
    &["dont", "need"],
    &["dont", "wish"],
    &["dont", "like", "to"],
    &["didnt", "want"],
    &["didnt", "mean"],
    &["do", "not", "want"],
    &["do", "not", "need"],
    &["do", "not", "wish"],
    &["did", "not", "want"],
    &["did", "not", "mean"],
    &["not", "want"],
    &["dont", "intend"],
    &["do", "not", "intend"],
    &["no", "longer", "want"],
    &["no", "longer", "need"],
    &["never", "want"],
    &["never", "wanted"],
    &["never", "asked"],
    &["not", "asking"],
    &["not", "trying"],
    &["not", "going", "to"],
    &["not", "looking"],
    &["not", "about"],
    &["not", "interested"],
    &["no", "need"],
    &["please", "dont"],
    &["please", "do", "not"],
    &["pls", "dont"],
    &["please", "never"],
    &["instead", "of"],
    &["rather", "than"],
    &["without"],
    &["w", "o"],
];
/// Words that begin a scope at the start of a clause only: "don't cancel it", but not "you don't ship to Malta".
const ENGLISH_FIRST: &[&[&str]] =
    &[&["dont"], &["do", "not"], &["not", "a"], &["not", "an"], &["not", "the"], &["not", "to"]];
/// What follows "don't" when somebody leaves out the "I".
const ENGLISH_STATE: &[&str] = &[
    "know",
    "have",
    "see",
    "understand",
    "get",
    "remember",
    "recall",
    "recognize",
    "recognise",
    "think",
    "work",
    "receive",
    "like",
    "let",
    "allow",
    "believe",
    "care",
    "agree",
    "you",
    "i",
    "we",
    "they",
];
/// German words that take back what their clause wishes.
const GERMAN: &[&str] = &["nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals"];
/// What makes a German clause a wish; folded, so `mochte` is `möchte`.
const GERMAN_WISH: &[&str] = &[
    "will", "wollen", "wollte", "wollten", "mochte", "mochten", "brauche", "brauchen", "soll", "sollt",
    "sollen", "bitte",
];
/// What makes it a question about something that is not so.
const GERMAN_QUESTION: &[&str] =
    &["wissen", "warum", "wieso", "weshalb", "wann", "wenn", "weil", "ob", "dass"];
/// German words that begin a scope wherever they stand.
const GERMAN_ANYWHERE: &[&str] = &["ohne", "statt", "anstatt", "anstelle"];
/// Words that begin a clause and leave its subject out.
const TURN: &[&str] = &["but", "just", "only", "aber", "sondern", "nur"];
/// Other words that begin a clause.
const CLAUSE: &[&str] = &["i", "im", "id", "ich", "because", "weil", "denn"];

/// By token: whether it stands in what the customer does not want. Empty if nothing does.
pub(super) fn negated(utterance: &Utterance) -> Vec<bool> {
    let tokens = utterance.tokens();
    let mut negated = Vec::new();
    for clause in clauses(utterance) {
        if let Some(from) = scope(&tokens[clause.clone()], utterance.language().code()) {
            negated.resize(tokens.len(), false);
            negated[clause.start + from..clause.end].fill(true);
        }
    }
    negated
}

/// Clauses by punctuation and by the words that begin one.
fn clauses(utterance: &Utterance) -> Vec<std::ops::Range<usize>> {
    let tokens = utterance.tokens();
    let mut clauses = Vec::new();
    let mut start = 0;
    for index in 1..tokens.len() {
        let between = utterance.text().get(tokens[index - 1].span.end..tokens[index].span.start);
        let parted =
            between.is_some_and(|text| text.contains(['.', ',', ';', '!', '?', ':', '\n', '–', '—']));
        // "Gefällt mir nicht und soll zurück": the wish is another clause's.
        let joined =
            tokens[index].word == "und" && tokens[start..index].iter().any(|it| is_one_of(it, GERMAN));
        if parted || joined || is_one_of(&tokens[index], TURN) || is_one_of(&tokens[index], CLAUSE) {
            clauses.push(start..index);
            start = index;
        }
    }
    clauses.push(start..tokens.len());
    clauses
}

/// Where in a clause what is not wanted begins: the cue itself is a part of it.
fn scope(clause: &[Token], language: &str) -> Option<usize> {
    match language {
        "en" => english(clause),
        "de" => german(clause),
        _ => None,
    }
}

fn english(clause: &[Token]) -> Option<usize> {
    let first = usize::from(clause.first().is_some_and(|token| is_one_of(token, TURN)));
    let begins = |at: usize| {
        let rest = &clause[at..];
        ENGLISH.iter().any(|cue| starts_with(rest, cue)) || (at == first && english_first(rest))
    };
    (0..clause.len()).find(|&at| begins(at))
}

fn english_first(clause: &[Token]) -> bool {
    let after = |cue: &&&[&str]| clause.get(cue.len()).is_some_and(|next| !is_one_of(next, ENGLISH_STATE));
    ENGLISH_FIRST.iter().filter(after).any(|cue| starts_with(clause, cue))
}

fn german(clause: &[Token]) -> Option<usize> {
    let position = |words: &[&str]| clause.iter().position(|token| is_one_of(token, words));
    if let Some(at) = position(GERMAN_ANYWHERE) {
        return Some(at);
    }
    let at = position(GERMAN)?;
    // "Keiner antwortet" tells of somebody, "keine Werbung" of a wish.
    let is_wish = at == 0 && clause[0].word != "keiner" || position(GERMAN_WISH).is_some();
    (is_wish && position(GERMAN_QUESTION).is_none()).then_some(0)
}

fn is_one_of(token: &Token, words: &[&str]) -> bool {
    words.contains(&token.word.as_str())
}

fn starts_with(tokens: &[Token], cue: &[&str]) -> bool {
    tokens.len() >= cue.len() && tokens.iter().zip(cue).all(|(token, word)| token.word == *word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn what_is_not_wanted_is_found_and_what_is_not_so_is_left() {
        for (language, text, expected) in [
            ("en", "I don't want to cancel my order", "dont want to cancel my order"),
            ("en", "I do not want a refund, I want a new one", "do not want a refund"),
            ("en", "don't cancel it but change the address", "dont cancel it"),
            ("en", "please don't cancel it", "please dont cancel it"),
            ("de", "die Jacke gefällt mir nicht und soll zurück", ""),
            ("de", "keiner antwortet mir", ""),
            ("en", "not a refund, an exchange", "not a refund"),
            ("en", "can I order without an account", "without an account"),
            ("en", "my parcel hasn't arrived", ""),
            ("en", "I don't know my password", ""),
            ("en", "the app does not work", ""),
            ("en", "not received my card", ""),
            ("en", "dont know how to pay", ""),
            ("en", "I'm not able to pay", ""),
            ("en", "why don't you ship to Malta", ""),
            ("en", "cancel my order", ""),
            (
                "de",
                "ich will meine Bestellung nicht stornieren",
                "ich will meine bestellung nicht stornieren",
            ),
            ("de", "Ich möchte kein Geld zurück, sondern einen Ersatz", "ich mochte kein geld zuruck"),
            ("de", "kann ich ohne Konto bestellen", "ohne konto bestellen"),
            ("de", "mein Paket ist nicht angekommen", ""),
            ("de", "ich will wissen warum es nicht geht", ""),
            ("fr", "je ne veux pas annuler", ""),
            ("en", "", ""),
        ] {
            let utterance = Utterance::new(text, &Language::new(language));
            let found = negated(&utterance);
            let words = utterance.tokens().iter().zip(found).filter(|(_, negated)| *negated);
            let words: Vec<&str> = words.map(|(token, _)| token.word.as_str()).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }
}
