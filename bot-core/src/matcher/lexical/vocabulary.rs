//! The features that the examples have, and how much each tells.
use rustc_hash::FxHashMap;

use super::corpus::Corpus;
use super::features::{Feature, features, key};
use super::numbers::ln;
use super::terms::Term;

/// How much the n-grams of a text count beside its words and pairs.
const GRAMS: f32 = 1.5;

/// The features of the examples by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    numbers: FxHashMap<u64, u32>,
    /// How many of them are words alone: those come first.
    pub words: usize,
    /// How much a feature counts: its inverse document frequency to the power of ¾. Between ½ and 1 the power made no
    /// difference on BANKING77 and CLINC150; 1 was half a point worse.
    rarity: Vec<f32>,
    /// The same for what no example has.
    pub unknown: f32,
}

/// A feature in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Component {
    /// Its number in the vocabulary.
    pub feature: u32,
    /// The term it comes from.
    pub term: u32,
    /// How much it counts in this text.
    pub value: f32,
}

impl Vocabulary {
    /// Counts the features of a folder's sentences, each with its weight.
    pub fn of(corpus: &Corpus) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for document in &corpus.documents {
            vocabulary.number_words(&corpus.terms(document));
        }
        vocabulary.words = vocabulary.numbers.len();
        vocabulary.count(corpus);
        vocabulary
    }

    /// Words alone come first, so that a table of words is short.
    fn number_words(&mut self, terms: &[Term<'_>]) {
        for key in terms.iter().filter_map(|&term| key(term)) {
            let next = self.numbers.len() as u32;
            self.numbers.entry(key).or_insert(next);
        }
    }

    fn count(&mut self, corpus: &Corpus) {
        let mut counts: Vec<f32> = vec![0.0; self.words];
        let mut total = 0.0;
        let mut found = Vec::new();
        for document in &corpus.documents {
            total += document.weight;
            features(&corpus.terms(document), &mut found);
            for feature in &found {
                let next = counts.len() as u32;
                let number = *self.numbers.entry(feature.key).or_insert(next);
                if number == next {
                    counts.push(0.0);
                }
                counts[number as usize] += document.weight;
            }
        }
        self.rarity = counts.iter().map(|&count| rarity(total, count)).collect();
        self.unknown = rarity(total, 0.0);
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.rarity.len()
    }

    /// The number of a feature.
    pub fn number(&self, key: u64) -> Option<u32> {
        self.numbers.get(&key).copied()
    }

    /// How much a feature tells.
    pub fn rarity(&self, feature: u32) -> f32 {
        self.rarity[feature as usize]
    }

    /// What is known of a text, by number of feature, words and n-grams each of a fixed length together.
    pub fn vector(&self, features: &[Feature]) -> Vec<Component> {
        let mut vector = Vec::with_capacity(features.len());
        let mut squares = [0.0_f32; 2];
        let mut grams = Vec::with_capacity(features.len());
        for feature in features {
            let Some(number) = self.number(feature.key) else { continue };
            let value = feature.weight * self.rarity[number as usize];
            squares[usize::from(feature.gram)] += value * value;
            grams.push(feature.gram);
            vector.push(Component { feature: number, term: feature.term, value });
        }
        let scale = |square: f32, length: f32| if square > 0.0 { length / square.sqrt() } else { 0.0 };
        let scales = [scale(squares[0], 1.0), scale(squares[1], GRAMS)];
        for (component, gram) in vector.iter_mut().zip(grams) {
            component.value *= scales[usize::from(gram)];
        }
        vector
    }
}

/// The inverse document frequency, smoothed, to the power of ¾: square roots are exact on every machine.
fn rarity(texts: f32, with_it: f32) -> f32 {
    let inverse = ln(f64::from(1.0 + texts) / f64::from(1.0 + with_it)) + 1.0;
    (inverse.sqrt() * inverse.sqrt().sqrt()) as f32
}
