//! Ranks the intents for a message; every confidence is explained by what matched.
//!
//! A cascade in which the first certain stage wins: a message that an example spells out (1.0), a pattern (1.0), and
//! otherwise the lexical matcher's estimate, below 1.0. What it is not: it decides nothing.
use serde::Serialize;

use crate::catalog::{Catalog, IntentId};
use crate::entity::EntityMatch;
use crate::text::{Span, Utterance};

/// An intent and how likely it is meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The intent.
    pub intent: IntentId,
    /// The estimated chance that it is meant, 0 to 1; 1.0 only where an example or a pattern spells the message out.
    pub confidence: f64,
    /// What made it a candidate.
    pub stage: Stage,
    /// The slots that the template of the winning example filled: name and index into the entity matches given.
    pub slots: Vec<Capture>,
}

/// A slot filled by `{slot}` of an example.
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    /// The slot's name.
    pub slot: String,
    /// What stands there, in the message as typed.
    pub span: Span,
}

/// The stage of the cascade that found a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// An example spells the message out.
    Exact,
    /// A regular expression matched.
    Pattern,
    /// Words, word pairs and character n-grams.
    Lexical,
}

/// Why a confidence is what it is: a tree of value, description and details.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The number explained.
    pub value: f64,
    /// What it is, in words: "`refund` spoke for it".
    pub description: String,
    /// What it was made from.
    pub details: Vec<Explanation>,
}

/// A catalog's matcher.
///
/// `Engine` is written against these three functions; how the lexical stage estimates is behind them.
#[derive(Debug)]
pub struct Matcher {}

impl Matcher {
    /// Compiles the examples of the catalog. Deterministic: the same catalog gives the same matcher to the last bit.
    pub fn new(_catalog: &Catalog) -> Matcher {
        todo!()
    }

    /// The intents for which `eligible` holds, best first, at most `limit`; those without any chance are left out.
    ///
    /// Equal confidences are ordered: exact before pattern before lexical, then literal words before slots, the folder's
    /// own intents before built-in ones, then the order of the catalog.
    pub fn rank(
        &self,
        _utterance: &Utterance,
        _entities: &[EntityMatch],
        _eligible: &dyn Fn(IntentId) -> bool,
        _limit: usize,
    ) -> Vec<Candidate> {
        todo!()
    }

    /// Why [`Matcher::rank`] gives that intent its confidence for that message.
    pub fn explain(
        &self,
        _utterance: &Utterance,
        _entities: &[EntityMatch],
        _intent: IntentId,
    ) -> Explanation {
        todo!()
    }
}
