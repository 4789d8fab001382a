//! What the thresholds make of a ranking: act, ask, or not understood.
use serde::Serialize;

use crate::catalog::{Catalog, IntentId};
use crate::matcher::{Candidate, Stage};

/// How many intents "Do you mean …?" offers at most: what fits a row of buttons.
const OFFERED: usize = 3;

/// What the thresholds make of a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The best is sure enough.
    Act,
    /// Ask "Do you mean …?".
    Ask,
    /// Not understood.
    NotUnderstood,
}

/// The confidence from which an intent is acted on.
pub fn act_threshold(catalog: &Catalog, intent: IntentId) -> f64 {
    catalog.intent(intent).act.unwrap_or(catalog.settings.understanding.act)
}

/// Decides by the two thresholds, one for confidence and one for ambiguity, as Rasa's fallback classifier does.
pub fn decide(catalog: &Catalog, ranking: &[Candidate]) -> Decision {
    let Some(best) = ranking.first() else { return Decision::NotUnderstood };
    if best.confidence >= act_threshold(catalog, best.intent) && rivals(catalog, ranking).count() == 0 {
        Decision::Act
    } else if best.confidence >= catalog.settings.understanding.ask {
        Decision::Ask
    } else {
        Decision::NotUnderstood
    }
}

/// The intents that "Do you mean …?" offers, best first.
pub fn offered(catalog: &Catalog, ranking: &[Candidate]) -> Vec<IntentId> {
    let ask = catalog.settings.understanding.ask;
    let near = |candidate: &&Candidate| candidate.confidence >= ask;
    ranking.iter().filter(near).take(OFFERED).map(|candidate| candidate.intent).collect()
}

/// The runners-up that are too close to the best. What an example spells out has no rival that is only likely, and a
/// folder's own intent none that is built in.
fn rivals<'a>(catalog: &'a Catalog, ranking: &'a [Candidate]) -> impl Iterator<Item = &'a Candidate> {
    let thresholds = catalog.settings.understanding;
    let certain = |candidate: &Candidate| candidate.stage != Stage::Lexical;
    let own = |candidate: &Candidate| catalog.intent(candidate.intent).builtin.is_none();
    let best = &ranking[0];
    ranking.iter().skip(1).filter(move |candidate| {
        let near =
            best.confidence - candidate.confidence < thresholds.tie && candidate.confidence >= thresholds.ask;
        let beaten = certain(best) && !certain(candidate) || own(best) && !own(candidate);
        near && !beaten
    })
}
