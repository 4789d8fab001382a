//! 95 % confidence intervals: where a share would lie with other messages of the same kind.
//!
//! What it is not: it can't know whether the messages are like those of customers.

/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// From and until.
pub type Interval = (f64, f64);

/// Wilson's score interval of a share. `None` of nothing.
pub fn wilson(hits: usize, of: usize) -> Option<Interval> {
    if of == 0 {
        return None;
    }
    let (n, share) = (of as f64, hits as f64 / of as f64);
    let middle = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Some((((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)))
}

/// Hanley and McNeil's interval (1982) of an area under the ROC curve, from its value and the sizes of the two groups.
pub fn hanley(area: f64, positives: usize, negatives: usize) -> Option<Interval> {
    if positives == 0 || negatives == 0 {
        return None;
    }
    let (p, n, square) = (positives as f64, negatives as f64, area * area);
    let (q1, q2) = (area / (2.0 - area), 2.0 * square / (1.0 + area));
    let variance = (area * (1.0 - area) + (p - 1.0) * (q1 - square) + (n - 1.0) * (q2 - square)) / (p * n);
    let half = Z * variance.max(0.0).sqrt();
    Some(((area - half).max(0.0), (area + half).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(interval: Option<Interval>) -> Option<(f64, f64)> {
        interval.map(|(low, high)| ((low * 1e4).round() / 1e4, (high * 1e4).round() / 1e4))
    }

    /// Compared with published tables.
    #[test]
    fn wilsons() {
        for (hits, of, want) in [
            (8, 10, Some((0.4902, 0.9433))),
            (50, 100, Some((0.4038, 0.5962))),
            (0, 10, Some((0.0, 0.2775))),
            (10, 10, Some((0.7225, 1.0))),
            (0, 0, None),
        ] {
            assert_eq!(rounded(wilson(hits, of)), want, "{hits} of {of}");
        }
    }

    /// By hand: A = 0.8, 50 and 50: q1 = 0.6667, q2 = 0.7111, variance = (0.16 + 49·0.02667 + 49·0.07111) / 2500 = 0.00198.
    #[test]
    fn hanley_and_mcneils() {
        assert_eq!(rounded(hanley(0.8, 50, 50)), Some((0.7128, 0.8872)));
        assert_eq!(rounded(hanley(1.0, 5, 5)), Some((1.0, 1.0)));
        assert_eq!(hanley(0.5, 0, 5), None);
    }
}
