//! One linear support vector machine an intent, each against all other intents.
//!
//! Squared hinge loss by dual coordinate descent (Hsieh et al. 2008), five passes in a fixed shuffle. The bias is fixed
//! at -1: a text that shares nothing with an intent's examples is a correct negative from the start. So most weights stay
//! exactly zero, and a text without any known word scores -1 for every intent. Against a learnt bias it was
//! between 0.3 points worse and 0.4 better.
//!
//! Sixteen machines are trained side by side: their weights of one feature fill a cache line, and all of theirs fit into
//! a cache, and no table of all intents' weights is ever held.
use super::samples::{Pair, Sample, Samples};

/// The weight of errors against large weights. Between 0.3 and 3 accuracy stayed within half a point.
const C: f32 = 1.0;
const PASSES: usize = 5;
/// So many passes look at all samples, the others at those that one of the machines was close to being wrong about. With
/// two, accuracy at five and ten examples an intent was the same to a hundredth of a point.
const FULL_PASSES: usize = 1;
/// How close that is.
const NEAR: f32 = 0.2;
/// Smaller errors start no correction: no accuracy was lost, and more weights stay zero.
const TOLERANCE: f32 = 0.1;
/// The score of a text that shares nothing with an intent.
pub(super) const BIAS: f32 = -1.0;
/// More multiplications than this in one pass are not made: four times what 15,000 examples of 150 intents take.
const MOST_WORK: usize = 1 << 30;
/// How many machines are trained side by side.
const LANES: usize = 16;

/// A number for each of the machines side by side.
type Lanes = [f32; LANES];

/// The weights of one feature, in one cache line.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line(Lanes);

/// By feature: the intents that have a weight for it, in order, and the weight.
pub(super) type Rows = Vec<Vec<(u32, f32)>>;

/// Trains, or for a folder that is too large for that, takes the intents' centroids. Weights of at most `least` are left
/// out.
pub(super) fn train(samples: &Samples, features: usize, intents: usize, least: f32) -> Rows {
    let work = samples.size().saturating_mul(intents);
    if work > MOST_WORK {
        return centroids(samples, features, intents);
    }
    let mut rows: Rows = vec![Vec::new(); features];
    let mut machines = Machines::new(samples, features);
    for first in (0..intents).step_by(LANES) {
        machines.train(first as u32, samples);
        for (row, Line(weights)) in rows.iter_mut().zip(&machines.weights) {
            let kept = (first as u32..).zip(weights).filter(|(_, weight)| weight.abs() > least);
            row.extend(kept.map(|(intent, &weight)| (intent, weight)));
        }
    }
    rows
}

/// Sixteen machines.
struct Machines {
    /// The first's intent; the others' follow.
    first: u32,
    /// By feature.
    weights: Vec<Line>,
    /// By sample: its share in the weights.
    duals: Vec<Lanes>,
    /// By sample: whether a machine was close to being wrong about it.
    close: Vec<bool>,
    /// By sample: the inverse of how steep its steps are.
    steps: Vec<f32>,
}

impl Machines {
    fn new(samples: &Samples, features: usize) -> Machines {
        let step = |sample: Sample<'_>| {
            let square: f32 = sample.vector.iter().map(|(_, value)| value * value).sum();
            1.0 / (square + slack(&sample))
        };
        Machines {
            first: 0,
            weights: vec![Line([0.0; LANES]); features],
            duals: vec![[0.0; LANES]; samples.len()],
            close: vec![false; samples.len()],
            steps: samples.iter().map(step).collect(),
        }
    }

    fn train(&mut self, first: u32, samples: &Samples) {
        self.first = first;
        self.weights.fill(Line([0.0; LANES]));
        self.duals.fill([0.0; LANES]);
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut random = Random(0x2545_F491_4F6C_DD1D);
        for pass in 0..PASSES {
            random.shuffle(&mut order);
            for &index in &order {
                if pass < FULL_PASSES || self.close[index] {
                    self.learn(index, samples.get(index));
                }
            }
        }
    }

    fn learn(&mut self, index: usize, sample: Sample<'_>) {
        let Some(signs) = self.signs(&sample) else { return };
        let scores = self.scores(sample.vector);
        let (slack, step) = (slack(&sample), self.steps[index]);
        let duals = &mut self.duals[index];
        let mut changes = [0.0; LANES];
        let mut close = false;
        for lane in 0..LANES {
            let slope = signs[lane] * scores[lane] - 1.0 + duals[lane] * slack;
            let is_new = duals[lane] == 0.0;
            close |= signs[lane] != 0.0 && (!is_new || slope < NEAR);
            let next = if is_new && slope > -TOLERANCE { 0.0 } else { (duals[lane] - slope * step).max(0.0) };
            // Where the sample says nothing, the sign is 0: so is the change.
            changes[lane] = (next - duals[lane]) * signs[lane];
            duals[lane] = next * signs[lane].abs();
        }
        self.close[index] = close;
        if changes.iter().any(|&change| change != 0.0) {
            self.update(sample.vector, &changes);
        }
    }

    /// What each machine should say; `None` if the sample says nothing to any of them.
    fn signs(&self, sample: &Sample<'_>) -> Option<Lanes> {
        let own = sample
            .label
            .intent
            .checked_sub(self.first)
            .map(|lane| lane as usize)
            .filter(|&lane| lane < LANES);
        let mut signs = if sample.label.not { [0.0; LANES] } else { [-1.0; LANES] };
        match own {
            Some(lane) => signs[lane] = if sample.label.not { -1.0 } else { 1.0 },
            None if sample.label.not => return None,
            None => {}
        }
        Some(signs)
    }

    fn scores(&self, vector: &[Pair]) -> Lanes {
        let mut scores = [BIAS; LANES];
        for &(feature, value) in vector {
            let Line(weights) = &self.weights[feature as usize];
            for lane in 0..LANES {
                scores[lane] += value * weights[lane];
            }
        }
        scores
    }

    fn update(&mut self, vector: &[Pair], changes: &Lanes) {
        for &(feature, value) in vector {
            let Line(weights) = &mut self.weights[feature as usize];
            for lane in 0..LANES {
                weights[lane] += value * changes[lane];
            }
        }
    }
}

fn slack(sample: &Sample<'_>) -> f32 {
    0.5 / (C * sample.label.weight)
}

/// Each intent's mean example, so long that its own examples score 1 at the mean: the fallback for more than about a
/// thousand intents, where training would take minutes and gigabytes.
fn centroids(samples: &Samples, features: usize, intents: usize) -> Rows {
    let mut rows: Rows = vec![Vec::new(); features];
    let mut counts = vec![0.0_f32; intents];
    for Sample { label, vector } in samples.iter().filter(|sample| !sample.label.not) {
        counts[label.intent as usize] += label.weight;
        for &(feature, value) in vector {
            add(&mut rows[feature as usize], label.intent, value * label.weight);
        }
    }
    let mut squares = vec![0.0_f32; intents];
    for &(intent, value) in rows.iter().flatten() {
        squares[intent as usize] += value * value;
    }
    for (intent, value) in rows.iter_mut().flatten() {
        let intent = *intent as usize;
        *value *= 2.0 * counts[intent] / squares[intent].max(f32::MIN_POSITIVE);
    }
    rows
}

/// Adds to the last intent of a row, or appends: samples come by intent.
pub(super) fn add(row: &mut Vec<(u32, f32)>, intent: u32, value: f32) {
    match row.last_mut() {
        Some((last, sum)) if *last == intent => *sum += value,
        _ => row.push((intent, value)),
    }
}

/// Marsaglia's xorshift: the shuffle is part of what the matcher is.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            order.swap(last, (self.next() % (last as u64 + 1)) as usize);
        }
    }
}
