//! Explanations in the words of a support team: which example, which words, which typos.
use serde::Serialize;

use super::lexical::{Evidence, Role};
use super::{Explanation, Matcher};
use crate::catalog::{Catalog, Example, IntentId, Origin};
use crate::entity::EntityMatch;
use crate::text::Utterance;

/// What the authors wrote, to show it.
#[derive(Debug)]
pub(super) struct Texts {
    intents: Vec<Intent>,
}

#[derive(Debug)]
struct Intent {
    name: String,
    examples: Vec<Written>,
    nots: Vec<Written>,
    patterns: Vec<Written>,
}

#[derive(Debug)]
struct Written {
    text: Box<str>,
    place: Box<str>,
}

/// What made a confidence, as data.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reasons {
    /// The confidence.
    pub confidence: f64,
    /// The example that is nearest to the message, or spells it out.
    pub nearest_example: Option<Near>,
    /// The pattern that matched.
    pub pattern: Option<Near>,
    /// The `not` phrase that counted against it.
    pub not_phrase: Option<Near>,
    /// Words that spoke for it, the strongest first, each with its share of the score.
    pub words_for: Vec<Share>,
    /// Words that spoke against it, the strongest first.
    pub words_against: Vec<Share>,
    /// Words that no example has.
    pub unknown: Vec<String>,
    /// Typos and the words that were meant.
    pub mended: Vec<Mended>,
    /// Words in what the customer says they do not want.
    pub negated: Vec<String>,
    /// The chance that the message means any of the intents that come into question.
    pub any: f64,
    /// The share of this intent among them: the confidence is `any` times `among`.
    pub among: f64,
    /// The confidence is at least this, if the message only names a topic; else 0.
    pub topic: f64,
    /// What makes the log odds of `any`: they add up.
    pub odds: Vec<Share>,
    /// What leaves how much of its weight among them.
    pub against: Vec<Share>,
}

/// Something that an author wrote and how near a message is to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Near {
    /// As written.
    pub text: String,
    /// File and line.
    pub place: String,
    /// 0: no word in common; 1: the same words.
    pub similarity: f64,
}

/// A word, or a part of the estimate, and how much it says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    /// What.
    pub what: String,
    /// How much.
    pub share: f64,
}

/// A typo and the word that was meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mended {
    /// As typed.
    pub typed: String,
    /// The word of the folder.
    pub meant: String,
}

impl Texts {
    pub fn new(catalog: &Catalog) -> Texts {
        let intents = catalog.intents.iter().map(|intent| Intent {
            name: intent.name.replace('_', " "),
            examples: intent.examples.iter().map(Written::of).collect(),
            nots: intent.not.iter().map(Written::of).collect(),
            patterns: intent
                .patterns
                .iter()
                .map(|pattern| written(pattern.regex.as_str(), &pattern.origin))
                .collect(),
        });
        Texts { intents: intents.collect() }
    }

    fn near(&self, intent: u32, role: Role, similarity: f64) -> Near {
        let intent = &self.intents[intent as usize];
        match role {
            Role::Example(index) => intent.examples[index as usize].near(similarity),
            Role::Not(index) => intent.nots[index as usize].near(similarity),
            Role::Name => Near { text: intent.name.clone(), place: "its name".to_owned(), similarity },
        }
    }
}

impl Written {
    fn of(example: &Example) -> Written {
        written(&example.source, &example.origin)
    }

    fn near(&self, similarity: f64) -> Near {
        Near { text: self.text.to_string(), place: self.place.to_string(), similarity }
    }
}

fn written(text: &str, origin: &Origin) -> Written {
    Written { text: text.into(), place: format!("{}:{}", origin.file, origin.line).into() }
}

impl Matcher {
    /// Why [`Matcher::rank`] gives that intent its confidence for that message, with the same `eligible`.
    pub fn explain_among(
        &self,
        utterance: &Utterance,
        entities: &[EntityMatch],
        eligible: &dyn Fn(IntentId) -> bool,
        intent: IntentId,
    ) -> Explanation {
        self.reasons(utterance, entities, eligible, intent).explanation()
    }

    /// The same as data.
    pub fn reasons(
        &self,
        utterance: &Utterance,
        entities: &[EntityMatch],
        eligible: &dyn Fn(IntentId) -> bool,
        intent: IntentId,
    ) -> Reasons {
        let spelled = self.exact.find(utterance, entities);
        let hit =
            |not: bool| spelled.iter().find(|hit| hit.phrasing.intent == intent.0 && hit.phrasing.not == not);
        let intent_texts = &self.texts.intents[intent.0 as usize];
        if let Some(hit) = hit(true) {
            let not_phrase = Some(intent_texts.nots[hit.phrasing.index as usize].near(1.0));
            return Reasons { not_phrase, ..Reasons::default() };
        }
        if let Some(hit) = hit(false) {
            let nearest_example = Some(intent_texts.examples[hit.phrasing.index as usize].near(1.0));
            return Reasons { confidence: 1.0, nearest_example, ..Reasons::default() };
        }
        if let Some(hit) = self.patterns.find(utterance.text()).iter().find(|hit| hit.intent == intent.0) {
            let pattern = Some(intent_texts.patterns[hit.index as usize].near(1.0));
            return Reasons { confidence: 1.0, pattern, ..Reasons::default() };
        }
        let ruled_out =
            |other: u32| spelled.iter().any(|hit| hit.phrasing.not && hit.phrasing.intent == other);
        let may = |other: u32| !ruled_out(other) && eligible(IntentId(other));
        self.estimated(intent.0, self.lexical.evidence(utterance, entities, &may, intent.0))
    }

    fn estimated(&self, intent: u32, evidence: Evidence) -> Reasons {
        let near = |found: Option<(Role, f64)>| {
            found.map(|(role, similarity)| self.texts.near(intent, role, similarity))
        };
        let estimate = evidence.estimate;
        let share = |what: &str, share: f64| Share { what: what.to_owned(), share };
        let against = [
            share("the `not` phrase", estimate.not),
            share("what the customer does not want", estimate.negated),
        ];
        Reasons {
            confidence: estimate.confidence(),
            nearest_example: near(evidence.nearest).filter(|near| near.similarity > 0.0),
            pattern: None,
            not_phrase: near(evidence.not).filter(|_| estimate.not < 1.0),
            words_for: shares(&evidence.words, 1.0),
            words_against: shares(&evidence.words, -1.0),
            unknown: evidence.unknown,
            mended: evidence.mended.into_iter().map(|(typed, meant)| Mended { typed, meant }).collect(),
            negated: if estimate.negated < 1.0 { evidence.negated } else { Vec::new() },
            any: estimate.any,
            among: estimate.share,
            topic: estimate.topic,
            odds: estimate
                .odds
                .iter()
                .filter(|part| part.value != 0.0)
                .map(|part| share(part.name, part.value))
                .collect(),
            against: against.into_iter().filter(|share| share.share < 1.0).collect(),
        }
    }
}

/// The words of one sign, the strongest first, those of a message that has one twice together.
fn shares(words: &[(String, f64)], sign: f64) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    for (word, share) in words {
        match shares.iter_mut().find(|known| known.what == *word) {
            Some(known) => known.share += share,
            None => shares.push(Share { what: word.clone(), share: *share }),
        }
    }
    shares.retain(|share| share.share * sign >= 0.01);
    shares.sort_by(|a, b| (b.share * sign).total_cmp(&(a.share * sign)));
    shares
}

impl Reasons {
    /// As a tree, in words.
    pub fn explanation(&self) -> Explanation {
        let mut details = Vec::new();
        if let Some(near) = &self.nearest_example {
            details.push(self.nearest(near));
        }
        if let Some(near) = &self.pattern {
            details.push(leaf(1.0, format!("the pattern `{}` matches ({})", near.text, near.place)));
        }
        details.extend(self.words());
        if let Some(near) = &self.not_phrase {
            details.push(self.not(near));
        }
        details.extend(self.made());
        Explanation { value: self.confidence, description: self.headline().to_owned(), details }
    }

    fn headline(&self) -> &'static str {
        match (self.confidence == 1.0, &self.pattern, &self.not_phrase) {
            (true, None, _) => "an example spells it out",
            (true, Some(_), _) => "a pattern matches",
            (false, _, Some(near)) if near.similarity == 1.0 && self.odds.is_empty() => {
                "a `not` phrase spells it out"
            }
            _ => "estimated chance that it is meant",
        }
    }

    fn nearest(&self, near: &Near) -> Explanation {
        let what = if self.confidence == 1.0 { "the example" } else { "nearest example:" };
        leaf(near.similarity, format!("{what} \"{}\" ({})", near.text, near.place))
    }

    fn not(&self, near: &Near) -> Explanation {
        leaf(
            near.similarity,
            format!("the `not` phrase \"{}\" counted against it ({})", near.text, near.place),
        )
    }

    fn words(&self) -> Vec<Explanation> {
        let spoke = |share: &Share, how: &str| leaf(share.share, format!("`{}` spoke {how} it", share.what));
        let mut words: Vec<Explanation> = Vec::new();
        words.extend(self.words_for.iter().map(|share| spoke(share, "for")));
        words.extend(self.words_against.iter().map(|share| spoke(share, "against")));
        let mended =
            |mended: &Mended| leaf(0.0, format!("`{}` was read as `{}`", mended.typed, mended.meant));
        words.extend(self.mended.iter().map(mended));
        words.extend(self.unknown.iter().map(|word| leaf(0.0, format!("`{word}` is unknown"))));
        if !self.negated.is_empty() {
            words.push(leaf(
                0.0,
                format!("\"{}\" is what the customer does not want", self.negated.join(" ")),
            ));
        }
        words
    }

    /// How the numbers make the confidence.
    fn made(&self) -> Vec<Explanation> {
        if self.odds.is_empty() {
            return Vec::new();
        }
        let parts =
            |shares: &[Share]| shares.iter().map(|part| leaf(part.share, part.what.clone())).collect();
        let any = "the chance that any intent is meant; its log odds are the sum of".to_owned();
        let mut made = vec![
            Explanation { value: self.any, description: any, details: parts(&self.odds) },
            Explanation {
                value: self.among,
                description: "times its share among the intents that come into question".to_owned(),
                details: self
                    .against
                    .iter()
                    .map(|part| leaf(part.share, format!("of its weight is left by {}", part.what)))
                    .collect(),
            },
        ];
        if self.topic > self.any * self.among {
            made.push(leaf(
                self.topic,
                "at least this: so short a message names a topic, which is worth asking".to_owned(),
            ));
        }
        made
    }
}

fn leaf(value: f64, description: String) -> Explanation {
    Explanation { value, description, details: Vec::new() }
}
