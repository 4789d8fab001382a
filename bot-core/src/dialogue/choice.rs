//! Which of some options a message picks: by label, number, ordinal, "the first one", "not the former", a word, a typo.
//!
//! What it is not: it does not know what the options are for.
use super::cues::{Cues, has, starts_with};
use crate::text::{Language, Span, Token, Utterance, squash};

/// What a message picks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// This option, and nothing else was said.
    Clearly(usize),
    /// This option, by its words in a longer message.
    Mentioned(usize),
    /// This option rather than the others, by some of its words.
    Hinted(usize),
    /// More than one.
    Several,
    /// None of them, in so many words.
    Neither,
    /// The message is about something else.
    Nothing,
}

impl Pick {
    /// The option.
    pub fn index(self) -> Option<usize> {
        match self {
            Pick::Clearly(index) | Pick::Mentioned(index) | Pick::Hinted(index) => Some(index),
            _ => None,
        }
    }
}

/// Reads a message as a pick among labels.
pub(super) fn pick(labels: &[String], utterance: &Utterance, cues: &Cues) -> Pick {
    let tokens = utterance.tokens();
    if let Some(index) = labels.iter().position(|label| squash(label) == squash(utterance.text())) {
        return Pick::Clearly(index);
    }
    if let Some(index) = by_number(labels, tokens, cues).or_else(|| by_ordinal(labels, tokens, cues)) {
        return Pick::Clearly(index);
    }
    by_words(labels, utterance, cues).unwrap_or_else(|| by_kind(tokens, cues))
}

/// "Both" and "none of these", in a message that says little else.
fn by_kind(tokens: &[Token], cues: &Cues) -> Pick {
    let is_short = tokens.len() <= 4;
    if is_short && tokens.iter().any(|token| has(cues.several, token)) {
        Pick::Several
    } else if is_short
        && (0..tokens.len()).any(|at| cues.none.iter().any(|words| starts_with(&tokens[at..], words)))
    {
        Pick::Neither
    } else {
        Pick::Nothing
    }
}

/// "2", "number 2", "option 2 please": the only word that says anything is a number in range.
fn by_number(labels: &[String], tokens: &[Token], cues: &Cues) -> Option<usize> {
    if labels.iter().any(|label| label.chars().any(|c| c.is_ascii_digit())) {
        return None;
    }
    let says = |token: &&Token| {
        !cues.is_filler(token) && !["option", "choice", "antwort"].contains(&token.word.as_str())
    };
    let mut saying = tokens.iter().filter(says);
    let number: usize = saying.next()?.word.parse().ok()?;
    (saying.next().is_none() && (1..=labels.len()).contains(&number)).then(|| number - 1)
}

fn by_ordinal(labels: &[String], tokens: &[Token], cues: &Cues) -> Option<usize> {
    if tokens.len() > 5 {
        return None;
    }
    let position = |token: &Token| {
        let nth =
            cues.ordinals.iter().position(|words| has(words, token)).filter(|index| *index < labels.len());
        let last = has(cues.last, token).then(|| labels.len().saturating_sub(1));
        let of_two =
            cues.former_latter.iter().position(|words| has(words, token)).filter(|_| labels.len() == 2);
        nth.or(last).or(of_two)
    };
    let (at, index) = tokens.iter().enumerate().find_map(|(at, token)| Some((at, position(token)?)))?;
    let negated = tokens[..at].iter().any(|token| has(cues.not, token));
    match (negated, labels.len()) {
        (false, _) => Some(index),
        (true, 2) => Some(1 - index),
        (true, _) => None,
    }
}

/// The one label whose telling words stand in the message, most of all. A word that several labels share tells nothing.
fn by_words(labels: &[String], utterance: &Utterance, cues: &Cues) -> Option<Pick> {
    let telling = telling_words(labels, utterance.language(), cues);
    let found: Vec<Found> = telling.iter().map(|words| Found::of(words, utterance.tokens(), cues)).collect();
    if let [one, two] = &found[..] {
        // "Not broken", with one other option left, is that one.
        if one.negated != two.negated {
            return Some(Pick::Mentioned(usize::from(one.negated)));
        }
    }
    let best = found.iter().map(Found::share).max_by(f64::total_cmp).filter(|best| *best >= 0.5)?;
    let mut equals = (0..found.len()).filter(|index| found[*index].share() == best);
    let index = equals.next().filter(|_| equals.next().is_none())?;
    Some(if best == 1.0 { Pick::Mentioned(index) } else { Pick::Hinted(index) })
}

/// How much of a label stands in a message.
struct Found {
    words: usize,
    of: usize,
    negated: bool,
}

impl Found {
    fn of(words: &[Token], tokens: &[Token], cues: &Cues) -> Found {
        let places: Vec<usize> = words.iter().filter_map(|word| position(word, tokens)).collect();
        // "Not yet" as a label has a "not" of its own.
        let is_own = words.iter().any(|word| has(cues.not, word));
        let is_told = places.len() * 2 >= words.len();
        let negated = is_told && !is_own && places.iter().any(|at| *at > 0 && has(cues.not, &tokens[at - 1]));
        Found { words: places.len(), of: words.len(), negated }
    }

    /// 0 to 1. Four words of a long label are as good as all.
    fn share(&self) -> f64 {
        if self.negated || self.of == 0 { 0.0 } else { (self.words as f64 / self.of.min(4) as f64).min(1.0) }
    }
}

fn telling_words(labels: &[String], language: &Language, cues: &Cues) -> Vec<Vec<Token>> {
    let words: Vec<Vec<Token>> =
        labels.iter().map(|label| Utterance::new(label, language).tokens().to_vec()).collect();
    let shared = |token: &Token| {
        words.iter().filter(|label| label.iter().any(|other| other.stem == token.stem)).count() > 1
    };
    let tells = |token: &&Token| !shared(token) && !cues.is_filler(token);
    words.iter().map(|label| label.iter().filter(tells).cloned().collect()).collect()
}

fn position(word: &Token, tokens: &[Token]) -> Option<usize> {
    tokens.iter().position(|token| token.stem == word.stem || is_typo(&token.word, &word.word))
}

/// One slip in words of four letters or more, two from eight on, the first letter right.
fn is_typo(typed: &str, meant: &str) -> bool {
    let length = meant.chars().count();
    let slips = if length >= 8 { 2 } else { usize::from(length >= 4) };
    slips > 0 && typed.chars().next() == meant.chars().next() && strsim::osa_distance(typed, meant) <= slips
}

/// Where the words of a label stand in a message.
pub(super) fn places(label: &str, utterance: &Utterance) -> Vec<Span> {
    let words = Utterance::new(label, utterance.language());
    let tokens = utterance.tokens();
    words.tokens().iter().filter_map(|word| position(word, tokens)).map(|at| tokens[at].span).collect()
}

#[cfg(test)]
mod tests {
    use super::super::cues::cues;
    use super::*;

    #[test]
    fn a_label_may_say_not() {
        let labels = ["I have looked everywhere", "Not yet"].map(String::from);
        let language = Language::new("en");
        for (text, expected) in [("no, not yet", Pick::Mentioned(1)), ("i dont have it", Pick::Nothing)] {
            assert_eq!(pick(&labels, &Utterance::new(text, &language), cues(&language)), expected, "{text}");
        }
    }

    #[test]
    fn options_are_picked_freely() {
        use Pick::*;
        let labels = ["It is broken", "It is the wrong one"].map(String::from);
        let rows = [
            ("en", "it is BROKEN!", Clearly(0)),
            ("en", "2", Clearly(1)),
            ("en", "number 2 please", Clearly(1)),
            ("en", "3", Nothing),
            ("en", "the first one", Clearly(0)),
            ("en", "the last", Clearly(1)),
            ("en", "not the former", Clearly(1)),
            ("en", "the latter", Clearly(1)),
            ("en", "its brokn", Mentioned(0)),
            ("en", "you sent me the wrong size", Mentioned(1)),
            ("en", "it arrived broken", Mentioned(0)),
            ("en", "not broken", Mentioned(1)),
            ("en", "both", Several),
            ("en", "neither", Neither),
            ("en", "something else", Neither),
            ("en", "is shipping free", Nothing),
            ("en", "", Nothing),
            ("de", "das zweite", Clearly(1)),
            ("de", "beides", Several),
        ];
        for (language, text, expected) in rows {
            let language = Language::new(language);
            let utterance = Utterance::new(text, &language);
            assert_eq!(pick(&labels, &utterance, cues(&language)), expected, "{text}");
        }
    }
}
