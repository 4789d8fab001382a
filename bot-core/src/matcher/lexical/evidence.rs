//! What made an estimate: words for and against, the nearest example, typos mended, unknown words.
use super::Lexical;
use super::confidence::{Estimate, estimates};
use super::corpus::Role;
use super::reading::Reading;
use crate::entity::EntityMatch;
use crate::text::Utterance;

/// What made an estimate for one intent.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::matcher) struct Evidence {
    /// How the confidence came about.
    pub estimate: Estimate,
    /// The nearest example.
    pub nearest: Option<(Role, f64)>,
    /// The nearest `not` phrase.
    pub not: Option<(Role, f64)>,
    /// What each word adds to the score, in the order of the message: words as typed.
    pub words: Vec<(String, f64)>,
    /// Words that no example has.
    pub unknown: Vec<String>,
    /// Typos and the words that were meant.
    pub mended: Vec<(String, String)>,
    /// Words in what the customer does not want.
    pub negated: Vec<String>,
}

impl Lexical {
    /// What made the estimate of an intent, beside those that are eligible.
    pub fn evidence(
        &self,
        utterance: &Utterance,
        entities: &[EntityMatch],
        eligible: &dyn Fn(u32) -> bool,
        intent: u32,
    ) -> Evidence {
        let reading = self.read(utterance, entities);
        let (among, contenders) = self.contenders(&reading, eligible, Some(intent));
        let at = among.iter().position(|&other| other == intent).unwrap_or(0);
        let estimate = estimates(&contenders, reading.whole())[at];
        let near = |role: Option<super::Near>| role.map(|near| (near.role, f64::from(near.similarity)));
        Evidence {
            estimate,
            nearest: near(self.examples.find(&reading.query, intent)),
            not: near(self.nots.find(&reading.query, intent)),
            words: self.words_of(&reading, utterance, intent),
            unknown: reading.unknown.iter().map(|&token| typed(utterance, token)).collect(),
            mended: reading
                .mended
                .iter()
                .map(|&(token, word)| (typed(utterance, token), word.to_owned()))
                .collect(),
            negated: negated(&reading, utterance),
        }
    }

    fn words_of(&self, reading: &Reading<'_>, utterance: &Utterance, intent: u32) -> Vec<(String, f64)> {
        let mut words: Vec<(String, f64)> = utterance
            .tokens()
            .iter()
            .map(|token| (token.span.of(utterance.text()).to_owned(), 0.0))
            .collect();
        for (token, share) in self.shares(reading, intent) {
            words[token].1 += share;
        }
        words
    }
}

fn typed(utterance: &Utterance, token: usize) -> String {
    utterance.tokens()[token].span.of(utterance.text()).to_owned()
}

fn negated(reading: &Reading<'_>, utterance: &Utterance) -> Vec<String> {
    let those = reading.negated.iter().enumerate().filter(|(_, negated)| **negated);
    those.map(|(token, _)| typed(utterance, token)).collect()
}
