//! The constants with which the observed messages are likeliest. Pure: messages in, constants out.
//!
//! First those of the share, from messages whose intent came into question; then those of the odds, with the contender that
//! weighs most by that share. What it is not: it knows no formula. What a constant is multiplied by, the core says.
use bot_core::matcher::{Constants, Signal};

use super::choice::{self, Choice};

/// A message that was put to a matcher.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// How many words it has.
    pub words: usize,
    /// The intents that come into question; at least one.
    pub contenders: Vec<Signal>,
    /// The place among them of the one that is meant; `None` if none is.
    pub right: Option<usize>,
    /// Whether the folder has the intent that is meant, be it among the contenders or not.
    pub known: bool,
    /// How much it counts.
    pub weight: f64,
}

impl Observed {
    fn share_terms(&self) -> Vec<[f64; 2]> {
        self.contenders.iter().map(|signal| signal.share_terms(self.words)).collect()
    }

    /// The contender that weighs most, and its share.
    pub fn best(&self, constants: &[f64; 2]) -> (usize, f64) {
        let shares = choice::shares(&self.share_terms(), constants);
        let better = |best: (usize, f64), (at, share)| if share > best.1 { (at, share) } else { best };
        shares.into_iter().enumerate().fold((0, 0.0), better)
    }

    /// What the odds that any intent is meant are made from.
    pub fn odds_terms(&self, best: usize) -> [f64; 4] {
        self.contenders[best].odds_terms(self.words)
    }
}

/// The constants.
pub fn fit(observed: &[&Observed]) -> Constants {
    let shares: Vec<Choice<2>> = observed.iter().filter_map(|message| which(message)).collect();
    let share = choice::fit(&shares);
    let odds: Vec<Choice<4>> = observed.iter().map(|message| whether(message, &share)).collect();
    Constants { odds: choice::fit(&odds), share }
}

/// Which of the contenders is meant.
fn which(message: &Observed) -> Option<Choice<2>> {
    Some(Choice { weight: message.weight, options: message.share_terms(), taken: message.right? })
}

/// Whether any of them is.
fn whether(message: &Observed, share: &[f64; 2]) -> Choice<4> {
    let (best, _) = message.best(share);
    let options = vec![message.odds_terms(best), [0.0; 4]];
    Choice { weight: message.weight, options, taken: usize::from(message.right.is_none()) }
}
