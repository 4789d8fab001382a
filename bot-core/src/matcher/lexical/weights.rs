//! What each feature says for and against each intent: the machines' weights and a multinomial naive Bayes in one.
//!
//! Stored feature by feature, all intents of one feature together, without those that say next to nothing.
use super::numbers::ln;
use super::samples::{Sample, Samples};
use super::train::{BIAS, Rows, add, train};
use super::vocabulary::Component;

/// How much naive Bayes counts beside the machines. It is a fixed scale: one fitted to each message breaks with two
/// intents. 0.05 to 0.2 were within a point of each other.
const BAYES: f32 = 0.1;
/// Naive Bayes's count of what was never seen.
const SMOOTHING: f32 = 0.1;
/// Smaller weights of the machines are dropped: eight or nine of ten, for at most 0.3 points of accuracy.
const LEAST: f32 = 0.01;

/// What each feature says for and against each intent.
#[derive(Debug)]
pub(super) struct Weights {
    /// By feature: where its weights start.
    starts: Vec<u32>,
    /// Intent and weight.
    entries: Vec<(u32, f32)>,
    /// By feature: the mean of naive Bayes over all intents, which is taken off.
    means: Vec<f32>,
    /// By intent: naive Bayes's weight of a feature that its examples don't have, less the mean.
    unseen: Vec<f32>,
}

impl Weights {
    /// Trained on samples, which must be ordered by intent.
    pub fn new(samples: &Samples, features: usize, intents: usize) -> Weights {
        let trained = train(samples, features, intents, LEAST);
        let bayes = Bayes::count(samples, features, intents);
        let mut weights =
            Weights { starts: vec![0], entries: Vec::new(), means: Vec::new(), unseen: bayes.unseen };
        for (machines, likely) in trained.iter().zip(&bayes.rows) {
            weights.add_row(machines, likely);
        }
        weights.entries.shrink_to_fit();
        weights
    }

    fn add_row(&mut self, machines: &[(u32, f32)], likely: &[(u32, f32)]) {
        let start = self.entries.len();
        self.entries.extend_from_slice(machines);
        self.entries.extend_from_slice(likely);
        self.entries[start..].sort_by_key(|&(intent, _)| intent);
        let mut kept = start;
        for next in start..self.entries.len() {
            let (intent, weight) = self.entries[next];
            if kept > start && self.entries[kept - 1].0 == intent {
                self.entries[kept - 1].1 += weight;
            } else {
                self.entries[kept] = (intent, weight);
                kept += 1;
            }
        }
        self.entries.truncate(kept);
        self.starts.push(kept as u32);
        let sum: f32 = likely.iter().map(|&(_, value)| value).sum();
        self.means.push(sum / self.unseen.len() as f32);
    }

    fn row(&self, feature: u32) -> &[(u32, f32)] {
        let feature = feature as usize;
        &self.entries[self.starts[feature] as usize..self.starts[feature + 1] as usize]
    }

    /// The score of each intent: about 1 where it is meant, -1 where nothing speaks for it.
    pub fn scores(&self, vector: &[Component]) -> Vec<f32> {
        let mut mass = 0.0;
        let mut mean = 0.0;
        for component in vector {
            mass += component.value;
            mean += component.value * self.means[component.feature as usize];
        }
        let mut scores: Vec<f32> = self.unseen.iter().map(|unseen| BIAS - mean + mass * unseen).collect();
        for component in vector {
            for &(intent, weight) in self.row(component.feature) {
                scores[intent as usize] += component.value * weight;
            }
        }
        scores
    }

    /// What a feature adds to an intent's score.
    pub fn share(&self, component: Component, intent: u32) -> f32 {
        let row = self.row(component.feature);
        let own = row.binary_search_by_key(&intent, |&(other, _)| other).map_or(0.0, |at| row[at].1);
        component.value * (own - self.means[component.feature as usize] + self.unseen[intent as usize])
    }
}

struct Bayes {
    /// By feature: intents whose examples have it, and by how much it is likelier there than one never seen.
    rows: Rows,
    unseen: Vec<f32>,
}

impl Bayes {
    fn count(samples: &Samples, features: usize, intents: usize) -> Bayes {
        let mut rows: Rows = vec![Vec::new(); features];
        let mut totals = vec![0.0_f32; intents];
        for Sample { label, vector } in samples.iter().filter(|sample| !sample.label.not) {
            for &(feature, value) in vector {
                let count = value * label.weight;
                totals[label.intent as usize] += count;
                add(&mut rows[feature as usize], label.intent, count);
            }
        }
        let likelier = |count: f32| BAYES * ln(f64::from(1.0 + count / SMOOTHING)) as f32;
        rows.iter_mut().flatten().for_each(|(_, count)| *count = likelier(*count));
        Bayes { rows, unseen: unseen(&totals, features) }
    }
}

fn unseen(totals: &[f32], features: usize) -> Vec<f32> {
    let all = |total: f32| f64::from(total / SMOOTHING + features as f32);
    let mut unseen: Vec<f32> = totals.iter().map(|&total| -BAYES * ln(all(total).max(1.0)) as f32).collect();
    let mean = unseen.iter().sum::<f32>() / totals.len().max(1) as f32;
    unseen.iter_mut().for_each(|value| *value -= mean);
    unseen
}
