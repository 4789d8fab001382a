//! From signals to a confidence: the chance that an intent is meant.
//!
//! A logistic over the signals below. Its constants were fitted once, on many folders drawn from CLINC150 and BANKING77
//! (12 to 150 intents, 5 to 100 examples each), with whole intents held out as messages that belong to none.
use super::numbers::logistic;

/// Never surer than this without an example that spells the message out.
const MOST: f64 = 0.99;

/// What speaks for one intent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::matcher) struct Signals {
    /// Its score: about 1 where it is meant, -1 where nothing speaks for it.
    pub score: f64,
    /// How far it is ahead of the best other intent; negative for those behind.
    pub lead: f64,
    /// The similarity to its nearest example, 0 to 1.
    pub nearest: f64,
    /// The share of the message that the folder's words cover, 0 to 1.
    pub known: f64,
    /// How far its nearest example is ahead of the best other's.
    pub nearer: f64,
    /// The similarity to its nearest `not` phrase, 0 to 1.
    pub not: f64,
    /// The share of what speaks for it that the customer does not want, 0 to 1.
    pub negated: f64,
}

/// A signal's part in the confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::matcher) struct Part {
    /// What it is.
    pub name: &'static str,
    /// What it adds to the log odds.
    pub value: f64,
}

const BASE: f64 = -3.0;
const SCORE: f64 = 2.0;
const LEAD: f64 = 2.0;
const NEAREST: f64 = 2.0;
const KNOWN: f64 = 1.0;
const NEARER: f64 = 1.0;
/// A `not` phrase that is as near as the nearest example takes 0.97 to 0.5.
const NOT: f64 = 3.5;
/// Something that is wholly in what the customer does not want goes from 0.99 to 0.4.
const NEGATED: f64 = 5.0;

impl Signals {
    /// The parts that make the log odds together.
    pub fn parts(&self) -> [Part; 8] {
        let part = |name, value| Part { name, value };
        [
            part("where every estimate starts", BASE),
            part("its words, pairs of words and parts of words", SCORE * self.score),
            part("its lead over the best other intent", LEAD * self.lead),
            part("its nearest example", NEAREST * self.nearest),
            part("the share of the message that is known", KNOWN * self.known),
            part("how much nearer that example is than any other intent's", NEARER * self.nearer),
            part("a `not` phrase", -NOT * against(self.not, self.nearest)),
            part("what the customer does not want", -NEGATED * self.negated),
        ]
    }

    /// Those that the constants are fitted to.
    pub fn fitted(&self) -> [f64; 5] {
        [self.score, self.lead, self.nearest, self.known, self.nearer]
    }

    /// Whether a `not` phrase counts against it.
    pub fn not_counts(&self) -> bool {
        against(self.not, self.nearest) > 0.0
    }

    /// The chance that the intent is meant.
    pub fn confidence(&self) -> f64 {
        logistic(self.parts().iter().map(|part| part.value).sum()).min(MOST)
    }
}

/// How much a `not` phrase counts: fully when it is as near as the nearest example, not at all when it is far.
fn against(not: f64, nearest: f64) -> f64 {
    if not < 0.3 { 0.0 } else { (not / nearest.max(0.3)).powi(2).min(2.0) }
}
