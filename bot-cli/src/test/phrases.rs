//! Holds phrases against all intents.
use bot_core::dialogue::Tracker;
use bot_core::engine::{Actions, Decision, Engine, Understanding};
use bot_core::explain;
use jiff::Zoned;

use super::model::{Phrase, Phrases};
use crate::session::Session;

/// A phrase and what came of it.
pub struct Held<'a> {
    /// The phrase.
    pub phrase: &'a Phrase,
    /// Why it is not as expected; `None`: it is.
    pub problem: Option<String>,
}

/// Holds the phrases of a test against all intents that exist in its world.
pub fn hold<'a>(engine: &Engine, test: &'a Phrases) -> Vec<Held<'a>> {
    let actions = Actions::default();
    let (customer, now) = (test.given.customer.clone(), &test.given.now);
    let tracker = Session::new(engine, &actions, customer, now).conversation.tracker;
    let holder = Holder { engine, tracker, now, intent: &test.intent };
    let matches = test.matches.iter().map(|phrase| Held { phrase, problem: holder.unmatched(phrase) });
    let rejects = test.rejects.iter().map(|phrase| Held { phrase, problem: holder.unrejected(phrase) });
    matches.chain(rejects).collect()
}

struct Holder<'a> {
    engine: &'a Engine,
    tracker: Tracker,
    now: &'a Zoned,
    intent: &'a str,
}

impl Holder<'_> {
    fn unmatched(&self, phrase: &Phrase) -> Option<String> {
        let understanding = self.understand(phrase);
        (!self.acted_on(&understanding)).then(|| self.instead(&understanding))
    }

    fn unrejected(&self, phrase: &Phrase) -> Option<String> {
        let understanding = self.understand(phrase);
        let best = understanding.ranking.first().filter(|_| self.acted_on(&understanding))?;
        Some(format!("taken for {} ({:.2})", self.intent, best.confidence))
    }

    fn understand(&self, phrase: &Phrase) -> Understanding {
        self.engine.understand(&self.tracker, &phrase.text, self.now)
    }

    fn acted_on(&self, understanding: &Understanding) -> bool {
        let best = understanding.ranking.first().map(|best| self.name(best.intent));
        understanding.decision == Decision::Act && best == Some(self.intent)
    }

    fn name(&self, intent: bot_core::catalog::IntentId) -> &str {
        &self.engine.catalog().intent(intent).name
    }

    /// What won, and where the expected intent stands.
    fn instead(&self, understanding: &Understanding) -> String {
        let ranking = &understanding.ranking;
        let shown = |candidate: &bot_core::matcher::Candidate| {
            format!("{} {:.2}", self.name(candidate.intent), candidate.confidence)
        };
        let mut first: Vec<_> = ranking.iter().take(2).map(shown).collect();
        let place = ranking.iter().position(|candidate| self.name(candidate.intent) == self.intent);
        match place {
            Some(0 | 1) => {}
            Some(place) => first.push(shown(&ranking[place])),
            None => first.push(format!("{} not among the first", self.intent)),
        }
        format!("{}; {}", first.join(", "), explain::decision(self.engine, understanding))
    }
}
