//! One linear support vector machine an intent, each against all other intents.
//!
//! Squared hinge loss by dual coordinate descent (Hsieh et al. 2008), five passes in a fixed shuffle, all intents side by
//! side. The bias is fixed at -1: a text that shares nothing with an intent's examples is a correct negative from the
//! start. So three of four weights stay exactly zero, and the score of a text without any known word is -1 for every
//! intent. Against a learnt bias it cost 0.1 to 0.3 points.
use super::vocabulary::Component;

/// The weight of errors against large weights. Between 0.3 and 5 it made no difference.
const C: f32 = 1.0;
const PASSES: usize = 5;
/// So many passes look at all intents, the others at those that a sample was close to being wrong about.
const FULL_PASSES: usize = 2;
/// How close that is.
const NEAR: f32 = 0.1;
/// Smaller errors start no correction: nothing is lost, and a third of the weights stays zero that would not.
const TOLERANCE: f32 = 0.1;
/// The score of a text that shares nothing with an intent.
pub(super) const BIAS: f32 = -1.0;
/// More weights than this are not trained: 256 MB. See [`centroids`].
const MOST_WEIGHTS: usize = 64 << 20;
/// More multiplications than this in one pass are not made: about two seconds.
const MOST_WORK: usize = 1 << 30;

/// A text to learn from.
#[derive(Debug)]
pub(super) struct Sample {
    /// The intent.
    pub intent: u32,
    /// How much an error on it costs.
    pub weight: f32,
    /// Whether it must not have that intent, and says nothing of the others.
    pub not: bool,
    /// Its features.
    pub vector: Vec<Component>,
}

/// Weights by feature, then intent: `weights[feature * intents + intent]`, or by feature the intents that have one.
#[derive(Debug)]
pub(super) enum Trained {
    /// All.
    Dense(Vec<f32>),
    /// Those that are not zero, in the order of the intents.
    Sparse(Vec<Vec<(u32, f32)>>),
}

/// Trains, or for a folder that is too large for that, takes the intents' centroids.
pub(super) fn train(samples: &[Sample], features: usize, intents: usize) -> Trained {
    let work = samples.iter().map(|sample| sample.vector.len()).sum::<usize>().saturating_mul(intents);
    if features.saturating_mul(intents) > MOST_WEIGHTS || work > MOST_WORK {
        return Trained::Sparse(centroids(samples, features, intents));
    }
    let mut machines = Machines::new(samples, features, intents);
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for pass in 0..PASSES {
        random.shuffle(&mut order);
        for &index in &order {
            machines.learn(index, &samples[index], pass);
        }
    }
    Trained::Dense(machines.weights)
}

struct Machines {
    intents: usize,
    weights: Vec<f32>,
    /// By sample: the intents it still says something of, and its share in their weights.
    duals: Vec<Vec<(u32, f32)>>,
    /// By sample: how steep each of its steps is.
    curvatures: Vec<f32>,
    scores: Vec<f32>,
    changes: Vec<(u32, f32)>,
}

impl Machines {
    fn new(samples: &[Sample], features: usize, intents: usize) -> Machines {
        let curvature = |sample: &Sample| {
            let square: f32 = sample.vector.iter().map(|component| component.value * component.value).sum();
            1.0 / (square + slack(sample))
        };
        Machines {
            intents,
            weights: vec![0.0; features * intents],
            duals: vec![Vec::new(); samples.len()],
            curvatures: samples.iter().map(curvature).collect(),
            scores: vec![0.0; intents],
            changes: Vec::with_capacity(intents),
        }
    }

    fn learn(&mut self, index: usize, sample: &Sample, pass: usize) {
        if pass < FULL_PASSES {
            self.score_all(&sample.vector);
            self.widen(index, sample);
        } else {
            self.score_some(index, &sample.vector);
        }
        self.descend(index, sample);
        self.update(&sample.vector);
    }

    fn score_all(&mut self, vector: &[Component]) {
        self.scores.fill(BIAS);
        for component in vector {
            let row = &self.weights[component.feature as usize * self.intents..][..self.intents];
            for (score, weight) in self.scores.iter_mut().zip(row) {
                *score += component.value * weight;
            }
        }
    }

    fn score_some(&mut self, index: usize, vector: &[Component]) {
        let some = &self.duals[index];
        for &(intent, _) in some {
            self.scores[intent as usize] = BIAS;
        }
        for component in vector {
            let row = &self.weights[component.feature as usize * self.intents..][..self.intents];
            for &(intent, _) in some {
                self.scores[intent as usize] += component.value * row[intent as usize];
            }
        }
    }

    /// Takes in the intents that the sample is now close to being wrong about.
    fn widen(&mut self, index: usize, sample: &Sample) {
        let old = std::mem::take(&mut self.duals[index]);
        let mut known = old.iter().peekable();
        let wide = self.scores.iter().enumerate().filter_map(|(intent, &score)| {
            let dual = known.next_if(|&&(other, _)| other as usize == intent).map_or(0.0, |&(_, dual)| dual);
            let own = intent == sample.intent as usize;
            let close = own || (!sample.not && score > BIAS - NEAR);
            (close || dual > 0.0).then_some((intent as u32, dual))
        });
        self.duals[index] = wide.collect();
    }

    /// One step for each intent; notes by how much the sample's share in its weights changes.
    fn descend(&mut self, index: usize, sample: &Sample) {
        let (slack, curvature) = (slack(sample), self.curvatures[index]);
        self.changes.clear();
        for (intent, dual) in &mut self.duals[index] {
            let sign = if *intent == sample.intent && !sample.not { 1.0 } else { -1.0 };
            let slope = sign * self.scores[*intent as usize] - 1.0 + *dual * slack;
            let next = (*dual - slope * curvature).max(0.0);
            if next != *dual && (*dual > 0.0 || slope < -TOLERANCE) {
                self.changes.push((*intent, (next - *dual) * sign));
                *dual = next;
            }
        }
    }

    fn update(&mut self, vector: &[Component]) {
        for component in vector {
            let row = &mut self.weights[component.feature as usize * self.intents..][..self.intents];
            for &(intent, change) in &self.changes {
                row[intent as usize] += component.value * change;
            }
        }
    }
}

fn slack(sample: &Sample) -> f32 {
    0.5 / (C * sample.weight)
}

/// Each intent's mean example, so long that its own examples score 1 at the mean: the fallback for more than about a
/// thousand intents, where training would take minutes and gigabytes.
fn centroids(samples: &[Sample], features: usize, intents: usize) -> Vec<Vec<(u32, f32)>> {
    let mut rows: Vec<Vec<(u32, f32)>> = vec![Vec::new(); features];
    let mut counts = vec![0.0_f32; intents];
    for sample in samples.iter().filter(|sample| !sample.not) {
        counts[sample.intent as usize] += sample.weight;
        for component in &sample.vector {
            add(&mut rows[component.feature as usize], sample.intent, component.value * sample.weight);
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
