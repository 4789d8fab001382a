//! An understanding for programs.
use bot_core::engine::{Decision, Engine, Understanding};
use bot_core::entity::EntityMatch;
use bot_core::explain::SHOWN;
use bot_core::matcher::{Candidate, Explanation};
use serde::Serialize;
use serde_json::Value as Json;

/// A message and what it was understood as.
#[derive(Serialize)]
pub struct Explained<'a> {
    text: &'a str,
    /// The best intent, whatever is decided about it.
    intent: Option<&'a str>,
    confidence: Option<f64>,
    entities: Vec<Found<'a>>,
    alternatives: Vec<Ranked<'a>>,
    decision: Decision,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation>,
}

#[derive(Serialize)]
struct Found<'a> {
    entity: &'a str,
    value: Json,
    /// Bytes of the message.
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct Ranked<'a> {
    intent: &'a str,
    confidence: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation>,
}

impl<'a> Explained<'a> {
    /// Without reasons: one line of many.
    pub fn new(engine: &'a Engine, message: &'a str, understanding: &Understanding) -> Explained<'a> {
        let best = understanding.ranking.first();
        let alternatives = understanding.ranking.iter().take(SHOWN).skip(1);
        Explained {
            text: message,
            intent: best.map(|best| name(engine, best)),
            confidence: best.map(|best| rounded(best.confidence)),
            entities: understanding.entities.iter().map(|found| Found::new(engine, message, found)).collect(),
            alternatives: alternatives.map(|candidate| Ranked::new(engine, candidate)).collect(),
            decision: understanding.decision,
            explanation: None,
        }
    }

    /// With the reasons of the best three.
    pub fn with_reasons(
        engine: &'a Engine,
        message: &'a str,
        understanding: &Understanding,
    ) -> Explained<'a> {
        let mut explained = Explained::new(engine, message, understanding);
        let mut reasons =
            understanding.ranking.iter().map(|candidate| engine.explain(understanding, candidate));
        explained.explanation = reasons.next();
        for (ranked, explanation) in explained.alternatives.iter_mut().take(2).zip(reasons) {
            ranked.explanation = Some(explanation);
        }
        explained
    }
}

impl<'a> Found<'a> {
    fn new(engine: &'a Engine, message: &'a str, found: &EntityMatch) -> Found<'a> {
        Found {
            entity: &engine.catalog().entity(found.entity).name,
            value: found.value.to_json(),
            start: found.span.start,
            end: found.span.end,
            text: message.get(found.span.start..found.span.end).unwrap_or_default(),
        }
    }
}

impl<'a> Ranked<'a> {
    fn new(engine: &'a Engine, candidate: &Candidate) -> Ranked<'a> {
        Ranked {
            intent: name(engine, candidate),
            confidence: rounded(candidate.confidence),
            explanation: None,
        }
    }
}

fn name<'a>(engine: &'a Engine, candidate: &Candidate) -> &'a str {
    &engine.catalog().intent(candidate.intent).name
}

/// A confidence with four digits: more would only be noise.
pub(crate) fn rounded(confidence: f64) -> f64 {
    (confidence * 1e4).round() / 1e4
}
