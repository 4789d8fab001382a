//! Which of some options is taken, by how much each of their terms weighs: a conditional logit (McFadden 1974), fitted by
//! Newton's method.
//!
//! A yes or no is a choice between an option and one whose terms are all 0, which makes it a logistic regression. What it is
//! not: it knows neither messages nor intents.

/// A choice that was observed.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<const N: usize> {
    /// How much it counts.
    pub weight: f64,
    /// The terms of each option.
    pub options: Vec<[f64; N]>,
    /// Which was taken.
    pub taken: usize,
}

/// What keeps the weights finite where the choices follow from the terms without exception; where they don't, it changes
/// no digit that is shown.
const RIDGE: f64 = 1e-6;

/// Newton's method has taken 6 to 9 steps here.
const STEPS: usize = 50;

/// A step that leads down is halved at most so often.
const HALVINGS: i32 = 30;

/// The weights of the terms with which the choices are likeliest. Finite for finite terms; all 0 for no choices.
pub fn fit<const N: usize>(choices: &[Choice<N>]) -> [f64; N] {
    let mut weights = [0.0; N];
    let mut here = Hill::at(choices, &weights);
    for _ in 0..STEPS {
        let step = solve(here.curve, here.slope);
        let ahead = |halvings| {
            let scale = 0.5_f64.powi(halvings);
            let weights = std::array::from_fn(|i| weights[i] + scale * step[i]);
            (weights, Hill::at(choices, &weights))
        };
        match (0..HALVINGS).map(ahead).find(|(_, there)| there.height > here.height) {
            Some(higher) => (weights, here) = higher,
            None => break,
        }
    }
    weights
}

/// How much each option weighs against the others; together 1.
pub fn shares<const N: usize>(options: &[[f64; N]], weights: &[f64; N]) -> Vec<f64> {
    let rates: Vec<f64> = options.iter().map(|terms| dot(terms, weights)).collect();
    let best = rates.iter().copied().fold(f64::MIN, f64::max);
    let odds: Vec<f64> = rates.iter().map(|rate| (rate - best).exp()).collect();
    let all: f64 = odds.iter().sum();
    odds.iter().map(|odds| odds / all).collect()
}

/// The sum of terms, each multiplied by its weight.
pub fn dot<const N: usize>(terms: &[f64; N], weights: &[f64; N]) -> f64 {
    terms.iter().zip(weights).map(|(term, weight)| term * weight).sum()
}

/// How likely the choices are with some weights, and what changes if those change.
#[derive(Clone, Debug)]
struct Hill<const N: usize> {
    /// The logarithm of the likelihood.
    height: f64,
    /// Its first derivatives.
    slope: [f64; N],
    /// Its second derivatives, negated.
    curve: [[f64; N]; N],
}

impl<const N: usize> Hill<N> {
    fn at(choices: &[Choice<N>], weights: &[f64; N]) -> Hill<N> {
        let mut hill = Hill {
            height: -RIDGE / 2.0 * dot(weights, weights),
            slope: weights.map(|weight| -RIDGE * weight),
            curve: std::array::from_fn(|i| std::array::from_fn(|j| if i == j { RIDGE } else { 0.0 })),
        };
        choices.iter().for_each(|choice| hill.add(choice, &shares(&choice.options, weights)));
        hill
    }

    fn add(&mut self, choice: &Choice<N>, shares: &[f64]) {
        let Some(taken) = choice.options.get(choice.taken) else { return };
        let options = || choice.options.iter().zip(shares);
        let mean: [f64; N] = std::array::from_fn(|i| options().map(|(terms, share)| terms[i] * share).sum());
        self.height += choice.weight * shares[choice.taken].max(f64::MIN_POSITIVE).ln();
        for i in 0..N {
            self.slope[i] += choice.weight * (taken[i] - mean[i]);
            for j in 0..N {
                let both =
                    options().map(|(terms, share)| share * (terms[i] - mean[i]) * (terms[j] - mean[j]));
                self.curve[i][j] += choice.weight * both.sum::<f64>();
            }
        }
    }
}

/// Solves `matrix · x = right` for a matrix that is symmetric and positive definite, by Gauss and Jordan's elimination.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        let scale = matrix[pivot][pivot];
        matrix[pivot] = matrix[pivot].map(|it| it / scale);
        right[pivot] /= scale;
        let (row, value) = (matrix[pivot], right[pivot]);
        for other in (0..N).filter(|&other| other != pivot) {
            let factor = matrix[other][pivot];
            for column in 0..N {
                matrix[other][column] -= factor * row[column];
            }
            right[other] -= factor * value;
        }
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near<const N: usize>(got: [f64; N], want: [f64; N], tolerance: f64) {
        let off = got.iter().zip(want).map(|(got, want)| (got - want).abs()).fold(0.0, f64::max);
        assert!(off < tolerance, "{got:?}, not {want:?}");
    }

    fn yes_or_no<const N: usize>(weight: f64, terms: [f64; N], yes: bool) -> Choice<N> {
        Choice { weight, options: vec![terms, [0.0; N]], taken: usize::from(!yes) }
    }

    #[test]
    fn systems_by_hand() {
        // 4x + y = 6, x + 3y = 7; the other is diagonal.
        near(solve([[4.0, 1.0], [1.0, 3.0]], [6.0, 7.0]), [1.0, 2.0], 1e-12);
        near(
            solve([[2.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 8.0]], [2.0, 2.0, 2.0]),
            [1.0, 0.5, 0.25],
            1e-12,
        );
    }

    /// With one yes-or-no term the groups are met exactly: 3 of 4 without it, 1 of 5 with it. So the constant is ln 3, and
    /// the term's weight ln(1/4) - ln 3.
    #[test]
    fn yes_or_no_by_hand() {
        let group = |term: f64, yes: usize, no: usize| {
            let of = move |count: usize, is: bool| (0..count).map(move |_| yes_or_no(1.0, [1.0, term], is));
            of(yes, true).chain(of(no, false))
        };
        let choices: Vec<Choice<2>> = group(0.0, 3, 1).chain(group(1.0, 1, 4)).collect();
        near(fit(&choices), [3.0_f64.ln(), 0.25_f64.ln() - 3.0_f64.ln()], 1e-4);
        // The same, said by weights.
        let weighted = [(3.0, 0.0, true), (1.0, 0.0, false), (1.0, 1.0, true), (4.0, 1.0, false)];
        let weighted = weighted.map(|(weight, term, yes)| yes_or_no(weight, [1.0, term], yes));
        near(fit(&weighted), fit(&choices), 1e-9);
    }

    /// Hours studied and exams passed, the textbook example: constant -4.0777, 1.5046 an hour.
    #[test]
    fn a_published_regression() {
        let hours = [
            0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0, 3.25, 3.5, 4.0, 4.25, 4.5,
            4.75, 5.0, 5.5,
        ];
        let passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];
        let choices: Vec<Choice<2>> = hours
            .iter()
            .zip(passed)
            .map(|(&hours, passed)| yes_or_no(1.0, [1.0, hours], passed == 1))
            .collect();
        near(fit(&choices), [-4.0777, 1.5046], 1e-3);
    }

    /// Of three options that differ by one term, 0, 1 and 2, each is taken as often as a weight of ln 2 makes it: 1, 2, 4
    /// times of 7.
    #[test]
    fn one_of_three_by_hand() {
        let options = vec![[0.0], [1.0], [2.0]];
        let choice = |(taken, weight): (usize, f64)| Choice { weight, options: options.clone(), taken };
        near(fit(&[(0, 1.0), (1, 2.0), (2, 4.0)].map(choice)), [2.0_f64.ln()], 1e-5);
        near([shares(&options, &[2.0_f64.ln()])[2]], [4.0 / 7.0], 1e-12);
    }

    #[test]
    fn what_has_no_optimum_stays_finite() {
        let sure = [yes_or_no(1.0, [1.0, 5.0], true), yes_or_no(1.0, [1.0, -5.0], false)];
        assert!(fit(&sure).iter().all(|weight| weight.is_finite()), "{:?}", fit(&sure));
        assert_eq!(fit::<3>(&[]), [0.0; 3]);
        near(fit(&[yes_or_no(1.0, [0.0], true)]), [0.0], 1e-12);
    }
}
