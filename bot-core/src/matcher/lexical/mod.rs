//! The lexical stage: estimates from the words of the examples how likely each intent is meant.
//!
//! One model over all languages of the folder. A message is read ([`reading`]: typos mended, values recognised), scored
//! against all intents ([`weights`]), and the best few are looked at closely ([`confidence`]). What it is not: it never
//! says 1.0, that is for [`super::exact`] and [`super::patterns`].
pub(in crate::matcher) mod confidence;
mod corpus;
mod dense;
mod evidence;
mod features;
mod kinship;
mod mend;
mod nearest;
mod negation;
mod numbers;
mod reading;
mod samples;
mod terms;
mod train;
mod vocabulary;
mod weights;

use std::collections::BTreeSet;

use super::{Signal, Signals};
use crate::catalog::{Catalog, IntentId};
use crate::entity::EntityMatch;
use crate::text::{Language, Utterance};
use confidence::{Contender, Estimate, Whole, estimates};
use corpus::Corpus;
pub(super) use corpus::Role;
pub(super) use evidence::Evidence;
use kinship::Kinship;
use mend::Mender;
use nearest::{Near, Nearest, Words};
use reading::Reading;
use terms::Lexicon;
use vocabulary::Vocabulary;
use weights::Weights;

/// How many intents are looked at closely; the others have no chance.
const CLOSELY: usize = 6;

/// The lexical model of a folder.
#[derive(Debug)]
pub(super) struct Lexical {
    lexicon: Lexicon,
    vocabulary: Vocabulary,
    weights: Weights,
    mender: Mender,
    examples: Nearest,
    nots: Nearest,
    /// By intent: the words that its examples take back themselves, by key.
    taken_back: Vec<BTreeSet<u64>>,
    languages: Vec<Language>,
}

impl Lexical {
    /// Learns from the examples of a catalog.
    pub fn new(catalog: &Catalog) -> Lexical {
        let corpus = Corpus::of(catalog);
        let (vocabulary, spellings, samples) = Vocabulary::of(&corpus);
        let intents = catalog.intents.len();
        let weights = Weights::new(&samples, vocabulary.len(), spellings, &Kinship::of(&corpus.names));
        let (examples, nots) = nearest(&corpus, &vocabulary, intents);
        let mender = Mender::new(&corpus.lexicon);
        Lexical {
            vocabulary,
            weights,
            mender,
            examples,
            nots,
            taken_back: corpus.taken_back,
            languages: corpus.languages,
            lexicon: corpus.lexicon,
        }
    }

    /// The best intents among those that are eligible and how likely each is meant, best first.
    pub fn estimate(
        &self,
        utterance: &Utterance,
        entities: &[EntityMatch],
        eligible: &dyn Fn(u32) -> bool,
    ) -> Vec<(u32, f64)> {
        let reading = self.read(utterance, entities);
        let (best, contenders) = self.contenders(&reading, eligible, None);
        let estimates = estimates(&contenders, reading.whole());
        let mut chances: Vec<(u32, f64)> =
            best.into_iter().zip(estimates.iter().map(Estimate::confidence)).collect();
        chances.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        chances
    }

    /// What the estimates are made from.
    pub fn signals(&self, utterance: &Utterance, entities: &[EntityMatch]) -> Signals {
        let reading = self.read(utterance, entities);
        let (best, contenders) = self.contenders(&reading, &|_| true, None);
        let signal = |(&intent, it): (&u32, &Contender)| Signal {
            intent: IntentId(intent),
            score: it.score,
            nearest: it.nearest,
            covered: it.covered,
        };
        let Whole { words, known, .. } = reading.whole();
        Signals { words, known, intents: best.iter().zip(&contenders).map(signal).collect() }
    }

    /// The intents that come into question, the best by score first, and what is known of them; `also` is always one.
    fn contenders(
        &self,
        reading: &Reading<'_>,
        eligible: &dyn Fn(u32) -> bool,
        also: Option<u32>,
    ) -> (Vec<u32>, Vec<Contender>) {
        if reading.parts.is_empty() && also.is_none() {
            return (Vec::new(), Vec::new());
        }
        let scores = self.weights.scores(&reading.parts);
        let mut best = best(&scores, eligible);
        best.extend(also.filter(|intent| !best.contains(intent)));
        let contenders = best.iter().map(|&intent| Contender {
            score: f64::from(scores[intent as usize]),
            nearest: similarity(self.examples.find(&reading.query, intent)),
            covered: f64::from(self.examples.covered(&reading.query, intent)),
            not: similarity(self.nots.find(&reading.query, intent)),
            negated: self.negated(reading, intent),
        });
        let contenders = contenders.collect();
        (best, contenders)
    }

    /// The share of what speaks for an intent that the customer does not want. Words that its own examples take back
    /// ("I don't need it any longer") speak for it all the same.
    fn negated(&self, reading: &Reading<'_>, intent: u32) -> f64 {
        if reading.negated.is_empty() {
            return 0.0;
        }
        let own = &self.taken_back[intent as usize];
        let (mut all, mut negated) = (0.0, 0.0);
        for ((token, share), &term) in self.shares(reading, intent).into_iter().zip(&reading.terms) {
            let against = reading.negated[token] && features::key(term).is_none_or(|key| !own.contains(&key));
            all += share.max(0.0);
            negated += if against { share.max(0.0) } else { 0.0 };
        }
        if all > 0.0 { negated / all } else { 0.0 }
    }

    /// What each token adds to an intent's score, in order.
    fn shares(&self, reading: &Reading<'_>, intent: u32) -> Vec<(usize, f64)> {
        let mut by_term = vec![0.0; reading.terms.len()];
        for &part in &reading.parts {
            by_term[part.term as usize] += f64::from(self.weights.share(part, intent));
        }
        reading.tokens.iter().copied().zip(by_term).collect()
    }
}

fn similarity(near: Option<Near>) -> f64 {
    near.map_or(0.0, |near| f64::from(near.similarity))
}

/// The intents of the best scores, best first, equal ones in order.
fn best(scores: &[f32], eligible: &dyn Fn(u32) -> bool) -> Vec<u32> {
    let mut best: Vec<u32> = Vec::with_capacity(CLOSELY + 1);
    for (intent, &score) in scores.iter().enumerate() {
        let is_worse = |&other: &u32| scores[other as usize] < score;
        let full = best.len() == CLOSELY;
        if (full && !best.last().is_some_and(is_worse)) || !eligible(intent as u32) {
            continue;
        }
        let at = best.iter().position(is_worse).unwrap_or(best.len());
        best.insert(at, intent as u32);
        best.truncate(CLOSELY);
    }
    best
}

fn nearest(corpus: &Corpus, vocabulary: &Vocabulary, intents: usize) -> (Nearest, Nearest) {
    let (mut examples, mut nots) = (Nearest::default(), Nearest::default());
    let mut rest = corpus.documents.as_slice();
    for intent in 0..intents as u32 {
        let own = rest.iter().take_while(|document| document.intent == intent).count();
        let (documents, later) = rest.split_at(own);
        rest = later;
        let sentences = |not: bool| {
            let those = documents.iter().filter(move |document| matches!(document.role, Role::Not(_)) == not);
            those.map(|document| (document.role, words(corpus, vocabulary, document)))
        };
        examples.add_intent(sentences(false));
        nots.add_intent(sentences(true));
    }
    (examples, nots)
}

fn words(corpus: &Corpus, vocabulary: &Vocabulary, document: &corpus::Document) -> Words {
    let mut terms = Vec::new();
    corpus.terms(document, &mut terms);
    let keys = terms.into_iter().filter_map(features::key);
    let mut numbers: Vec<u32> = keys.filter_map(|key| vocabulary.number(key)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(|number| (number, vocabulary.rarity(number))).collect()
}
