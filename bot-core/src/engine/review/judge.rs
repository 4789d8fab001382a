//! The last word: whether the bot itself would take a sentence for two intents.
//!
//! What it is not: it looks for no sentences.
use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::catalog::{Catalog, IntentId};
use crate::dialogue::{Decision, beats, decide};
use crate::entity::Recognizer;
use crate::matcher::{Matcher, Stage};
use crate::text::{Language, Utterance};

/// What the bot knows.
pub(super) struct Judge<'a> {
    pub catalog: &'a Catalog,
    pub matcher: &'a Matcher,
    pub recognizer: &'a Recognizer,
    pub now: Zoned,
}

/// Two intents are sure of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The one that comes first.
    pub first: u32,
    /// Whether the bot asks which is meant; otherwise it takes the first.
    pub asks: bool,
}

impl<'a> Judge<'a> {
    pub fn new(catalog: &'a Catalog, matcher: &'a Matcher, recognizer: &'a Recognizer) -> Judge<'a> {
        let day = jiff::civil::date(2026, 1, 5).at(10, 0, 0, 0);
        let now = day.to_zoned(TimeZone::UTC).expect("every time of day exists in UTC");
        Judge { catalog, matcher, recognizer, now }
    }

    /// What the bot makes of a sentence where both intents exist; nothing if one of them is not sure of it, or rightly
    /// stands back for the other.
    pub fn verdict(&self, sentence: &str, languages: [&Language; 2], intents: [u32; 2]) -> Option<Verdict> {
        let [one, other] = languages;
        let others = (one != other).then_some(other);
        [one].into_iter().chain(others).find_map(|language| self.verdict_in(sentence, language, intents))
    }

    fn verdict_in(&self, sentence: &str, language: &Language, intents: [u32; 2]) -> Option<Verdict> {
        let utterance = Utterance::new(sentence, language);
        let entities = self.recognizer.find(&utterance, &self.now);
        let eligible = |intent: IntentId| intents.contains(&intent.0);
        let ranking = self.matcher.rank(&utterance, &entities, &eligible, 2);
        let [best, other] = ranking.as_slice() else { return None };
        let sure = best.stage != Stage::Lexical && other.stage != Stage::Lexical;
        let asks = decide(self.catalog, &ranking) == Decision::Ask;
        (sure && !beats(self.catalog, best, other)).then_some(Verdict { first: best.intent.0, asks })
    }
}
