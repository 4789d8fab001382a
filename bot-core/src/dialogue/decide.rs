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

/// The runners-up that are too close to the best.
fn rivals<'a>(catalog: &'a Catalog, ranking: &'a [Candidate]) -> impl Iterator<Item = &'a Candidate> {
    let thresholds = catalog.settings.understanding;
    let best = &ranking[0];
    ranking.iter().skip(1).filter(move |candidate| {
        let near =
            best.confidence - candidate.confidence < thresholds.tie && candidate.confidence >= thresholds.ask;
        near && !beats(catalog, best, candidate)
    })
}

/// Whether the best of a ranking is meant rather than another that is as likely: what an example spells out has no rival
/// that is only likely, a folder's own intent none that is built in, and what is spelled out in more words none that
/// leaves them to a slot.
pub(crate) fn beats(catalog: &Catalog, best: &Candidate, other: &Candidate) -> bool {
    let certain = |candidate: &Candidate| candidate.stage != Stage::Lexical;
    let own = |candidate: &Candidate| catalog.intent(candidate.intent).builtin.is_none();
    certain(best) && !certain(other) || own(best) && !own(other) || is_closer(best, other)
}

/// Whether both are spelled out, and the slots of one take only a part of what those of the other take: "where is my
/// parcel" is closer to `where is my parcel` than to `where is {text}`. Neither of `cancel {text}` and `{text} order` is.
fn is_closer(best: &Candidate, other: &Candidate) -> bool {
    let within = |inner: &Candidate, outer: &Candidate| {
        inner.slots.iter().all(|slot| {
            outer
                .slots
                .iter()
                .any(|wide| wide.span.start <= slot.span.start && slot.span.end <= wide.span.end)
        })
    };
    let exact = |candidate: &Candidate| candidate.stage == Stage::Exact;
    exact(best) && exact(other) && within(best, other) && !within(other, best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Source, load};
    use crate::entity::Recognizer;
    use crate::matcher::Matcher;
    use crate::text::{Language, Utterance};

    #[test]
    fn of_two_that_are_spelled_out_the_closer_one_is_meant() {
        let now = "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse().unwrap();
        for (one, other, message, expected) in [
            ("where is my parcel", "where is my parcel", "where is my parcel", Decision::Ask),
            ("where is {text}", "where is my parcel", "where is my parcel", Decision::Act),
            ("where is {text}", "where is parcel {number}", "where is parcel 3", Decision::Act),
            ("cancel {text}", "{text} order", "cancel order", Decision::Ask),
            ("send {text}", "send {number}", "send 3", Decision::Ask),
            // The engine's own phrases too, if the other intent only leaves a gap for them.
            ("{text}", "{number}", "talk to a person", Decision::Act),
        ] {
            let yaml = format!(
                "intents: {{ one: {{ examples: ['{one}'], say: A }}, other: {{ examples: ['{other}'], say: B }} }}"
            );
            let (catalog, _) = load(vec![Source::new("a.yaml", yaml)]).unwrap();
            let utterance = Utterance::new(message, &Language::new("en"));
            let entities = Recognizer::new(&catalog).find(&utterance, &now);
            let ranking = Matcher::new(&catalog).rank(&utterance, &entities, &|_| true, 5);
            assert_eq!(decide(&catalog, &ranking), expected, "{one} / {other} / {message}: {ranking:?}");
        }
    }
}
