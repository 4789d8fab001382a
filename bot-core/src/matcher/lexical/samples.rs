//! The sentences of the examples as vectors, in one piece of memory.
use super::corpus::{Document, Role};

/// A feature's number, and how much it counts.
pub(super) type Pair = (u32, f32);

/// Vectors to learn from.
#[derive(Debug, Default)]
pub(super) struct Samples {
    labels: Vec<Label>,
    pairs: Vec<Pair>,
}

/// What a vector is an example of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    /// The intent.
    pub intent: u32,
    /// How much an error on it costs.
    pub weight: f32,
    /// Whether it must not have that intent, and says nothing of the others.
    pub not: bool,
    end: u32,
}

/// A vector and what it is an example of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample<'a> {
    /// What it is an example of.
    pub label: Label,
    /// Its features.
    pub vector: &'a [Pair],
}

impl Samples {
    /// Adds a feature of the next sample.
    pub fn add(&mut self, feature: u32, value: f32) {
        self.pairs.push((feature, value));
    }

    /// The features of the next sample are complete.
    pub fn finish(&mut self, document: &Document) {
        let not = matches!(document.role, Role::Not(_));
        let end = self.pairs.len() as u32;
        self.labels.push(Label { intent: document.intent, weight: document.weight, not, end });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// How many features all of them have together.
    pub fn size(&self) -> usize {
        self.pairs.len()
    }

    /// One of them.
    pub fn get(&self, index: usize) -> Sample<'_> {
        let start = index.checked_sub(1).map_or(0, |before| self.labels[before].end as usize);
        let label = self.labels[index];
        Sample { label, vector: &self.pairs[start..label.end as usize] }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Sample<'_>> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Lets each feature stand once in each vector: what it counted several times, it counts together.
    pub fn merge(&mut self) {
        let (mut start, mut kept) = (0, 0);
        for label in &mut self.labels {
            let end = label.end as usize;
            self.pairs[start..end].sort_unstable_by_key(|&(feature, _)| feature);
            let first = kept;
            for next in start..end {
                let (feature, value) = self.pairs[next];
                if kept > first && self.pairs[kept - 1].0 == feature {
                    self.pairs[kept - 1].1 += value;
                } else {
                    self.pairs[kept] = (feature, value);
                    kept += 1;
                }
            }
            label.end = kept as u32;
            start = end;
        }
        self.pairs.truncate(kept);
    }

    /// Changes the values of each vector.
    pub fn for_each(&mut self, mut change: impl FnMut(&mut [Pair])) {
        let mut rest = self.pairs.as_mut_slice();
        let mut start = 0;
        for label in &self.labels {
            let (vector, later) = rest.split_at_mut(label.end as usize - start);
            change(vector);
            rest = later;
            start = label.end as usize;
        }
    }
}
