//! From signals to a confidence: the chance that an intent is meant.
//!
//! It is a product: the chance that the message means one of the intents that come into question, times the share of one
//! intent among them. A `not` phrase and a negation lower the odds of that.
//!
//! The constants were fitted once, on 64 folders drawn from CLINC150 and BANKING77 (12 to 100 intents, 5, 10 or 100
//! examples each, half of the messages with a typo), a fifth of the messages belonging to no intent: half of those to
//! intents that were held out, half to the other set. Fitted to one of the sets, the calibration error (10 bins) on the
//! other was 0.01 to 0.03. Held-out intents alone made the bot sure of what has nothing to do with the folder.
use super::numbers::{exp, ln, logistic};

/// Never surer than this without an example that spells the message out.
const MOST: f64 = 0.99;

/// The log odds that any intent is meant: a constant, and what the signals of the best candidate add.
const BASE: f64 = -2.25;
const SCORE: f64 = 0.95;
const LEAD: f64 = 0.65;
const NEAREST: f64 = 2.8;
const KNOWN: f64 = 1.0;

/// How much of the shares a point of score and of similarity are.
const SHARE_SCORE: f64 = 2.5;
const SHARE_NEAREST: f64 = 2.3;

/// A `not` phrase that is as near as the nearest example takes 0.97 to 0.5.
const NOT: f64 = 3.5;
/// Something that is wholly in what the customer does not want goes from 0.99 to 0.4.
const NEGATED: f64 = 5.0;

/// What is known of an intent that comes into question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Contender {
    /// Its score: about 1 where it is meant, -1 where nothing speaks for it.
    pub score: f64,
    /// The similarity to its nearest example, 0 to 1.
    pub nearest: f64,
    /// The similarity to its nearest `not` phrase, 0 to 1.
    pub not: f64,
    /// The share of what speaks for it that the customer does not want, 0 to 1.
    pub negated: f64,
}

/// A part of the log odds that the message means any intent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::matcher) struct Part {
    /// What it is.
    pub name: &'static str,
    /// What it adds.
    pub value: f64,
}

/// The log odds that the message means any intent.
pub(in crate::matcher) type Odds = [Part; 5];

/// How a confidence came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::matcher) struct Estimate {
    /// The chance that the message means one of the intents that come into question.
    pub any: f64,
    /// What that is made from.
    pub odds: Odds,
    /// The share of this intent among them.
    pub share: f64,
    /// What a `not` phrase takes from the log odds.
    pub not: f64,
    /// What a negation takes from the log odds.
    pub negated: f64,
}

impl Estimate {
    /// The chance that the intent is meant.
    pub fn confidence(&self) -> f64 {
        let chance = (self.any * self.share).clamp(1e-9, MOST);
        let against = self.not + self.negated;
        if against == 0.0 { chance } else { logistic(ln(chance / (1.0 - chance)) - against) }
    }
}

/// The estimates of all that come into question, in their order. `known` is the share of the message that the folder's
/// words cover.
pub(super) fn estimates(contenders: &[Contender], known: f64) -> Vec<Estimate> {
    let weights = weights(contenders);
    let all: f64 = weights.iter().sum();
    let odds = odds(contenders, &weights, known);
    let any = logistic(odds.iter().map(|part| part.value).sum());
    let each = contenders.iter().zip(&weights).map(|(contender, weight)| Estimate {
        any,
        odds,
        share: weight / all,
        not: NOT * against(contender.not, contender.nearest),
        negated: NEGATED * contender.negated,
    });
    each.collect()
}

/// The best has 1.
fn weights(contenders: &[Contender]) -> Vec<f64> {
    let rate = |contender: &Contender| SHARE_SCORE * contender.score + SHARE_NEAREST * contender.nearest;
    let best = contenders.iter().map(rate).fold(f64::MIN, f64::max);
    contenders.iter().map(|contender| exp(rate(contender) - best)).collect()
}

fn odds(contenders: &[Contender], weights: &[f64], known: f64) -> Odds {
    let best = weights.iter().position(|&weight| weight == 1.0).unwrap_or(0);
    let contender = contenders.get(best).copied().unwrap_or_default();
    let others = contenders.iter().enumerate().filter(|&(index, _)| index != best);
    let second = others.map(|(_, other)| other.score).fold(-1.0, f64::max);
    let part = |name, value| Part { name, value };
    [
        part("where every estimate starts", BASE),
        part("how well the words of the message fit the best intent", SCORE * contender.score),
        part("its lead over the next", LEAD * (contender.score - second)),
        part("how near its nearest example is", NEAREST * contender.nearest),
        part("the share of the message that is known", KNOWN * known),
    ]
}

/// How much a `not` phrase counts: fully when it is as near as the nearest example, not at all when it is far.
fn against(not: f64, nearest: f64) -> f64 {
    if not < 0.3 { 0.0 } else { (not / nearest.max(0.3)).powi(2).min(2.0) }
}
