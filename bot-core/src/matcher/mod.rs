//! Ranks the intents for a message; every confidence is explained by what matched.
//!
//! A cascade in which the first certain stage wins: a message that an example spells out (1.0), a pattern (1.0), and
//! otherwise the lexical matcher's estimate, below 1.0. What it is not: it decides nothing.
mod constants;
mod exact;
mod explain;
mod lexical;
mod patterns;
mod spread;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::catalog::{Catalog, IntentId};
use crate::entity::EntityMatch;
use crate::text::{Language, Span, Utterance};
pub use constants::Constants;
use exact::Exact;
use explain::Texts;
pub use explain::{Mended, Near, Reasons, Share};
use lexical::Lexical;
use patterns::Patterns;

/// Intents with a smaller chance are left out of a ranking.
const LEAST: f64 = 0.01;

/// An intent and how likely it is meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The intent.
    pub intent: IntentId,
    /// The estimated chance that it is meant, 0 to 1; 1.0 only where an example or a pattern spells the message out, or its command.
    pub confidence: f64,
    /// What made it a candidate.
    pub stage: Stage,
    /// The slots that the template of the winning example filled, or the named groups of the pattern.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The message is the intent's command.
    Command,
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
/// `Engine` is written against these functions; how the lexical stage estimates is behind them.
///
/// ```
/// use bot_core::catalog::{Source, load};
/// use bot_core::matcher::{Matcher, Stage};
/// use bot_core::text::{Language, Utterance};
///
/// let yaml = "intents: { track: { examples: [where is my parcel, has my order been sent], say: On its way. } }";
/// let (catalog, _) = load(vec![Source { name: "shop.yaml".into(), bytes: yaml.into() }]).expect("it has no errors");
/// let matcher = Matcher::new(&catalog);
/// let rank = |text| matcher.rank(&Utterance::new(text, &Language::new("en")), &[], &|_| true, 1).remove(0);
///
/// assert_eq!((rank("Where is my parcel?").confidence, rank("Where is my parcel?").stage), (1.0, Stage::Exact));
/// assert_eq!(catalog.intent(rank("wheres the parcle").intent).name, "track");
/// assert!(rank("wheres the parcle").confidence < 1.0);
/// ```
#[derive(Debug)]
pub struct Matcher {
    exact: Exact,
    patterns: Patterns,
    lexical: Lexical,
    /// By intent: whether it is the engine's own.
    builtin: Vec<bool>,
    texts: Texts,
}

/// What the lexical stage's estimates of a message are made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Signals {
    /// How many words and values the message has.
    pub words: usize,
    /// The share of it that the folder's words cover, 0 to 1.
    pub known: f64,
    /// The intents that come into question, the best by score first.
    pub intents: Vec<Signal>,
}

/// What the lexical stage knows of an intent that comes into question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signal {
    /// The intent.
    pub intent: IntentId,
    /// Its score: 0 where nothing speaks for it or against it, about 5 where it is surely meant.
    pub score: f64,
    /// The similarity of the message to the intent's nearest example, 0 to 1.
    pub nearest: f64,
    /// The share of the message that the words of its examples cover, 0 to 1.
    pub covered: f64,
}

/// What the certain stages say of a message.
#[derive(Debug, Default)]
struct Certain {
    /// Intents that an example or a pattern spells out, best first.
    candidates: Vec<Candidate>,
    /// Intents that a `not` phrase spells out.
    ruled_out: Vec<u32>,
}

impl Matcher {
    /// Compiles the examples of the catalog. Deterministic: the same catalog gives the same matcher to the last bit.
    pub fn new(catalog: &Catalog) -> Matcher {
        Matcher {
            exact: Exact::new(catalog),
            patterns: Patterns::new(catalog),
            lexical: Lexical::new(catalog),
            builtin: catalog.intents.iter().map(|intent| intent.builtin.is_some()).collect(),
            texts: Texts::new(catalog),
        }
    }

    /// The language of an example that spells the message out; the catalog's first if one of that is among them.
    ///
    /// For messages of one word, which are too short to tell their language otherwise.
    pub fn example_language(&self, catalog: &Catalog, utterance: &Utterance) -> Option<Language> {
        let hits = self.exact.find(utterance, &[]);
        let example = |hit: &exact::Hit| {
            let intent = &catalog.intents[hit.phrasing.intent as usize];
            intent.examples[hit.phrasing.index as usize].language.clone()
        };
        let mut languages = hits.iter().filter(|hit| !hit.phrasing.not).map(example);
        let first = languages.next()?;
        let own = catalog.language();
        Some(if languages.any(|language| language == *own) { own.clone() } else { first })
    }

    /// The intents for which `eligible` holds, best first, at most `limit`; those without any chance are left out.
    ///
    /// Equal confidences are ordered: exact before pattern before lexical, then literal words before slots, the folder's
    /// own intents before built-in ones, then the order of the catalog.
    pub fn rank(
        &self,
        utterance: &Utterance,
        entities: &[EntityMatch],
        eligible: &dyn Fn(IntentId) -> bool,
        limit: usize,
    ) -> Vec<Candidate> {
        let Certain { mut candidates, ruled_out } = self.certain(utterance, entities, eligible);
        let certain: Vec<u32> = candidates.iter().map(|candidate| candidate.intent.0).collect();
        if candidates.len() < limit {
            let may = |intent: u32| !ruled_out.contains(&intent) && eligible(IntentId(intent));
            let estimates = self.lexical.estimate(utterance, entities, &may).into_iter();
            let likely = estimates.filter(|(intent, chance)| *chance >= LEAST && !certain.contains(intent));
            candidates.extend(likely.map(|(intent, confidence)| Candidate {
                intent: IntentId(intent),
                confidence,
                stage: Stage::Lexical,
                slots: Vec::new(),
            }));
        }
        candidates.truncate(limit);
        candidates
    }

    /// The sentences without slots that several intents spell out: their keys, the intents and the indexes of their
    /// examples.
    pub(crate) fn shared_sentences(&self) -> Vec<(&str, Vec<(u32, u32)>)> {
        self.exact.shared()
    }

    /// Why [`Matcher::rank`] gives that intent its confidence for that message when all intents are eligible.
    pub fn explain(&self, utterance: &Utterance, entities: &[EntityMatch], intent: IntentId) -> Explanation {
        self.explain_among(utterance, entities, &|_| true, intent)
    }

    /// What the lexical stage's estimates are made from, for fitting its constants.
    pub fn signals(&self, utterance: &Utterance, entities: &[EntityMatch]) -> Signals {
        self.lexical.signals(utterance, entities)
    }

    fn certain(
        &self,
        utterance: &Utterance,
        entities: &[EntityMatch],
        eligible: &dyn Fn(IntentId) -> bool,
    ) -> Certain {
        let (nots, mut exact): (Vec<_>, Vec<_>) =
            self.exact.find(utterance, entities).into_iter().partition(|hit| hit.phrasing.not);
        let ruled_out: Vec<u32> = nots.iter().map(|hit| hit.phrasing.intent).collect();
        let may = |intent: u32| !ruled_out.contains(&intent) && eligible(IntentId(intent));
        exact.retain(|hit| may(hit.phrasing.intent));
        exact.sort_by_key(|hit| {
            let intent = hit.phrasing.intent;
            (!hit.slots.is_empty(), std::cmp::Reverse(hit.literal), self.is_builtin(intent), intent)
        });
        let exact = exact.into_iter().map(|hit| certain(hit.phrasing.intent, Stage::Exact, hit.slots));
        let mut candidates: Vec<Candidate> = exact.collect();
        let mut matched = self.patterns.find(utterance.text());
        matched.retain(|hit| may(hit.intent) && candidates.iter().all(|other| other.intent.0 != hit.intent));
        matched.sort_by_key(|hit| (self.is_builtin(hit.intent), hit.intent));
        candidates.extend(matched.into_iter().map(|hit| certain(hit.intent, Stage::Pattern, hit.slots)));
        Certain { candidates, ruled_out }
    }

    fn is_builtin(&self, intent: u32) -> bool {
        self.builtin[intent as usize]
    }
}

fn certain(intent: u32, stage: Stage, slots: Vec<Capture>) -> Candidate {
    Candidate { intent: IntentId(intent), confidence: 1.0, stage, slots }
}
