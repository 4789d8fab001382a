//! The constants of the lexical stage's confidences as numbers, and what they are multiplied by.
//!
//! For `bot eval --calibrate`, which fits them. What it is not: a setting. They are part of the program, the same for every
//! folder.
use super::Signal;
use super::lexical::confidence;

/// The constants that a confidence is made with, or others in their place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constants {
    /// What the terms of the log odds that any intent is meant are multiplied by; in the order of
    /// [`Constants::ODDS_NAMES`].
    pub odds: [f64; 4],
    /// What the terms of an intent's share among those that come into question are multiplied by; in the order of
    /// [`Constants::SHARE_NAMES`].
    pub share: [f64; 2],
}

impl Constants {
    /// Those in use.
    pub const IN_USE: Constants = confidence::IN_USE;
    /// What those of the odds are called in the source.
    pub const ODDS_NAMES: [&str; 4] = ["BASE", "SCORE", "NEAREST", "COVERED"];
    /// What those of the share are called in the source.
    pub const SHARE_NAMES: [&str; 2] = ["SHARE_SCORE", "SHARE_NEAREST"];
    /// No estimate is surer than this.
    pub const MOST: f64 = confidence::MOST;
}

impl Signal {
    /// In a message of that many words: the terms whose sum, each multiplied by its constant, is the log odds that any
    /// intent is meant, if this one is the best.
    pub fn odds_terms(&self, words: usize) -> [f64; 4] {
        confidence::odds_terms(words, self.score, self.nearest, self.covered)
    }

    /// In a message of that many words: the terms whose sum, each multiplied by its constant, is the logarithm of what this
    /// intent weighs against the others.
    pub fn share_terms(&self, words: usize) -> [f64; 2] {
        confidence::share_terms(words, self.score, self.nearest)
    }
}
