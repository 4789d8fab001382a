//! Whether a confidence of 0.8 is right eight times in ten. Pure: (confidence, right) pairs in, numbers out.

/// How many bins, all equally wide.
pub const BINS: usize = 10;

/// Messages of about the same confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub messages: usize,
    /// How many are right.
    pub right: usize,
    confidences: f64,
}

impl Bin {
    /// Their mean confidence.
    pub fn confidence(&self) -> Option<f64> {
        (self.messages > 0).then(|| self.confidences / self.messages as f64)
    }

    /// The share that is right.
    pub fn accuracy(&self) -> Option<f64> {
        (self.messages > 0).then(|| self.right as f64 / self.messages as f64)
    }
}

/// The bins from 0 to 1; a confidence on a border belongs to the upper bin, 1.0 to the last.
pub fn bins(judged: &[(f64, bool)]) -> [Bin; BINS] {
    let mut bins = [Bin::default(); BINS];
    for &(confidence, right) in judged {
        let bin = &mut bins[((confidence * BINS as f64) as usize).min(BINS - 1)];
        bin.messages += 1;
        bin.right += usize::from(right);
        bin.confidences += confidence;
    }
    bins
}

/// The expected calibration error: the mean difference of confidence and share of right ones, by bin, weighted by its size.
pub fn error(judged: &[(f64, bool)]) -> Option<f64> {
    let off = |bin: &Bin| (bin.confidences - bin.right as f64).abs();
    let sum: f64 = bins(judged).iter().map(off).sum();
    (!judged.is_empty()).then(|| sum / judged.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_by_hand() {
        for (judged, want) in [
            (&[(1.0, true), (1.0, true)][..], Some(0.0)),
            (&[(1.0, false)], Some(1.0)),
            (&[(0.0, false)], Some(0.0)),
            // One bin: mean confidence 0.75, half of them right.
            (&[(0.72, true), (0.78, false)], Some(0.25)),
            // Two bins: |0.2 - 1| and |0.9 - 1|, half the weight each.
            (&[(0.2, true), (0.9, true)], Some(0.45)),
            (&[], None),
        ] {
            let got = error(judged);
            assert!(
                got.zip(want).map_or(got == want, |(got, want)| (got - want).abs() < 1e-12),
                "{judged:?}: {got:?}"
            );
        }
    }

    #[test]
    fn borders() {
        let counts: Vec<usize> = bins(&[(0.0, true), (0.1, true), (0.99, true), (1.0, true)])
            .iter()
            .map(|bin| bin.messages)
            .collect();
        assert_eq!(counts, [1, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    }
}
