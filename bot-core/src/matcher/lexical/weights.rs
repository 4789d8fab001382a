//! What each feature says for and against each intent.
//!
//! Known words are stored with all that they are made of in one row, so that a message of ten words is a sum of some twenty
//! rows. Single features are for pairs and for words that are new: of these, weights that say next to nothing are left out.
use super::dense::{Dense, LANES, Line, column, flat};
use super::kinship::Kinship;
use super::samples::{Sample, Samples};
use super::train::train;
use super::vocabulary::{Is, Part, Spellings};

/// Smaller weights of single features are dropped.
const LEAST: f32 = 0.02;
/// The most words times intents that have a row each: 32 MB.
const MOST_ROWS: usize = 1 << 23;

/// By feature: the intents that have a weight for it, in order, and the weight.
type Rows = Vec<Vec<(u32, f32)>>;

/// What each feature says for and against each intent.
#[derive(Debug)]
pub(super) struct Weights {
    intents: usize,
    /// By feature: where its weights start.
    starts: Vec<u32>,
    /// Intent and weight.
    entries: Vec<(u32, f32)>,
    words: Words,
}

/// What each word of the lexicon says.
#[derive(Debug)]
enum Words {
    /// A row for each.
    Rows(Dense),
    /// In folders too large for that: the features that it is made of.
    Spelled(Spellings),
}

impl Weights {
    /// Trained on samples, which must be ordered by intent.
    pub fn new(samples: &Samples, features: usize, spellings: Spellings, kinship: &Kinship) -> Weights {
        let intents = kinship.len();
        match train(samples, features, kinship) {
            Some(trained) => Weights {
                words: Words::new(&trained, spellings, intents),
                ..Weights::of_rows((0..features as u32).map(|feature| kept(trained.row(feature))), intents)
            },
            None => Weights {
                words: Words::Spelled(spellings),
                ..Weights::of_rows(centroids(samples, features, intents).into_iter(), intents)
            },
        }
    }

    fn of_rows(rows: impl Iterator<Item = Vec<(u32, f32)>>, intents: usize) -> Weights {
        let words = Words::Spelled(Spellings::default());
        let mut weights = Weights { intents, starts: vec![0], entries: Vec::new(), words };
        for row in rows {
            weights.entries.extend(row);
            weights.starts.push(weights.entries.len() as u32);
        }
        weights.entries.shrink_to_fit();
        weights
    }

    fn row(&self, feature: u32) -> &[(u32, f32)] {
        let feature = feature as usize;
        &self.entries[self.starts[feature] as usize..self.starts[feature + 1] as usize]
    }

    /// The score of each intent: 0 where nothing speaks for it or against it, about 5 where it is surely meant.
    pub fn scores(&self, parts: &[Part]) -> Vec<f32> {
        let mut scores = self.words.scores(parts, self.intents);
        for part in parts {
            match (part.is, &self.words) {
                (Is::Word(_), Words::Rows(_)) => {}
                (Is::Word(word), Words::Spelled(spellings)) => {
                    for &(feature, value) in spellings.get(word as usize) {
                        self.add_feature(&mut scores, feature, value * part.value);
                    }
                }
                (Is::Feature(feature), _) => self.add_feature(&mut scores, feature, part.value),
            }
        }
        scores
    }

    fn add_feature(&self, scores: &mut [f32], feature: u32, value: f32) {
        for &(intent, weight) in self.row(feature) {
            scores[intent as usize] += value * weight;
        }
    }

    /// What a part of a text adds to an intent's score.
    pub fn share(&self, part: Part, intent: u32) -> f32 {
        let weight = match (part.is, &self.words) {
            (Is::Word(word), Words::Rows(rows)) => column(rows.row(word), intent as usize),
            (Is::Word(word), Words::Spelled(spellings)) => {
                let pairs = spellings.get(word as usize).iter();
                pairs.map(|&(feature, value)| value * self.weight(feature, intent)).sum()
            }
            (Is::Feature(feature), _) => self.weight(feature, intent),
        };
        part.value * weight
    }

    fn weight(&self, feature: u32, intent: u32) -> f32 {
        let row = self.row(feature);
        row.binary_search_by_key(&intent, |&(other, _)| other).map_or(0.0, |at| row[at].1)
    }
}

impl Words {
    fn new(trained: &Dense, spellings: Spellings, intents: usize) -> Words {
        if spellings.len().saturating_mul(intents) > MOST_ROWS {
            return Words::Spelled(spellings);
        }
        let mut rows = Dense::new(spellings.len(), intents);
        for word in 0..spellings.len() {
            trained.sum(spellings.get(word).iter().copied(), rows.row_mut(word as u32));
        }
        Words::Rows(rows)
    }

    /// What the words that have rows say.
    fn scores(&self, parts: &[Part], intents: usize) -> Vec<f32> {
        let Words::Rows(rows) = self else { return vec![0.0; intents] };
        let words = parts.iter().filter_map(|part| match part.is {
            Is::Word(word) => Some((word, part.value)),
            Is::Feature(_) => None,
        });
        let mut sum = vec![Line::default(); intents.div_ceil(LANES)];
        rows.sum(words, &mut sum);
        let mut scores: Vec<f32> = flat(&sum).collect();
        scores.truncate(intents);
        scores
    }
}

fn kept(row: &[Line]) -> Vec<(u32, f32)> {
    let row = (0..).zip(flat(row));
    row.filter(|(_, weight)| weight.abs() > LEAST).collect()
}

/// The score that an intent's own examples have at the mean, where its weights are their mean.
const OWN: f32 = 5.0;

/// Each intent's mean example: the fallback for folders where training would take minutes and gigabytes.
fn centroids(samples: &Samples, features: usize, intents: usize) -> Rows {
    let mut rows: Rows = vec![Vec::new(); features];
    let mut counts = vec![0.0_f32; intents];
    for Sample { label, vector } in samples.iter().filter(|sample| !sample.label.not) {
        counts[label.intent as usize] += label.weight;
        for &(feature, value) in vector {
            append(&mut rows[feature as usize], label.intent, value * label.weight);
        }
    }
    let mut squares = vec![0.0_f32; intents];
    for &(intent, value) in rows.iter().flatten() {
        squares[intent as usize] += value * value;
    }
    for (intent, value) in rows.iter_mut().flatten() {
        let intent = *intent as usize;
        *value *= OWN * counts[intent] / squares[intent].max(f32::MIN_POSITIVE);
    }
    rows
}

/// Adds to the last intent of a row, or appends: samples come by intent.
fn append(row: &mut Vec<(u32, f32)>, intent: u32, value: f32) {
    match row.last_mut() {
        Some((last, sum)) if *last == intent => *sum += value,
        _ => row.push((intent, value)),
    }
}
