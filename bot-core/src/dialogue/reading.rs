//! A message as the dialogue sees it: its words, the values in it, and the intents it may mean.
//!
//! A long message is read sentence by sentence as well, so that a story around a request does not hide it.
use std::cell::{LazyCell, RefCell};
use std::collections::BTreeMap;

use jiff::Zoned;

use super::decide::{Decision, act_threshold, decide};
use super::slash::Commands;
use super::tracker::Tracker;
use crate::catalog::{Builtin, Catalog, IntentId};
use crate::entity::{EntityMatch, Recognizer};
use crate::matcher::{Candidate, Matcher, Stage};
use crate::template::Values;
use crate::text::{Language, Span, Utterance};

/// How many intents are looked at.
const RANKED: usize = 5;

/// How many parts of a long message are looked at; what is beyond is a letter, and a person reads it better.
const PARTS: usize = 12;

/// What a turn needs of a loaded bot.
#[derive(Clone, Copy)]
pub struct Brain<'a> {
    /// The folder.
    pub catalog: &'a Catalog,
    /// Its matcher.
    pub matcher: &'a Matcher,
    /// Its entities.
    pub recognizer: &'a Recognizer,
    /// Its commands.
    pub commands: &'a Commands,
}

/// A message, read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The message in tokens.
    pub utterance: Utterance,
    /// The values in it.
    pub entities: Vec<EntityMatch>,
    /// The intents, best first.
    pub ranking: Vec<Candidate>,
    /// The part of the message that the ranking was made from, and the values in it.
    pub part: (Utterance, Vec<EntityMatch>),
}

/// Where in a conversation a message is read.
struct At<'c> {
    language: &'c Language,
    /// Whether an intent exists now.
    eligible: &'c dyn Fn(IntentId) -> bool,
    /// Whether a question is open.
    asked: bool,
    now: &'c Zoned,
}

impl<'a> Brain<'a> {
    /// Reads a message in that conversation. `values` are for the `when` of intents, if one is met.
    pub fn read(self, tracker: &Tracker, text: &str, values: &dyn Fn() -> Values, now: &Zoned) -> Reading {
        self.read_among(tracker, text, values, now, &|_| true)
    }

    /// The same with only those intents in question for which `among` holds.
    pub fn read_among(
        self,
        tracker: &Tracker,
        text: &str,
        values: &dyn Fn() -> Values,
        now: &Zoned,
        among: &dyn Fn(IntentId) -> bool,
    ) -> Reading {
        let language = tracker.language.as_ref().unwrap_or(self.catalog.language());
        let exists = self.existing(values);
        let eligible = |id| among(id) && exists(id);
        let at = At { language, eligible: &eligible, asked: tracker.state().is_some(), now };
        let whole = self.rank(text, &at);
        if let Some(command) = self.as_command(&whole, &eligible) {
            return command;
        }
        let is_spelled_out = whole.ranking.first().is_some_and(|best| best.stage != Stage::Lexical);
        if is_spelled_out || decide(self.catalog, &whole.ranking) == Decision::Act {
            return whole;
        }
        match self.best_part(text, &at) {
            Some((start, part)) => shift(whole, part, start),
            None => whole,
        }
    }

    /// Whether the `when` of an intent holds: found out when the intent is met first, since it is met once for each stage
    /// and each part, and an expression takes microseconds.
    fn existing(self, values: &dyn Fn() -> Values) -> impl Fn(IntentId) -> bool {
        let values = LazyCell::new(values);
        let known: RefCell<BTreeMap<IntentId, bool>> = RefCell::default();
        move |id| match &self.catalog.intent(id).when {
            Some(when) => *known.borrow_mut().entry(id).or_insert_with(|| when.holds(&values)),
            None => true,
        }
    }

    fn rank(self, text: &str, at: &At) -> Reading {
        let utterance = Utterance::new(text, at.language);
        let entities = self.recognizer.find(&utterance, at.now);
        let mut ranking = self.matcher.rank(&utterance, &entities, at.eligible, RANKED);
        if !at.asked && ranking.iter().any(|candidate| self.needs_question(candidate)) {
            ranking = self.rank_requests(ranking, &utterance, &entities, at);
        }
        Reading { part: (utterance.clone(), entities.clone()), utterance, entities, ranking }
    }

    /// A ranking without what only answers a question, unless it is spelled out. Its share belongs to the others, so they
    /// are ranked anew.
    fn rank_requests(
        self,
        mut ranking: Vec<Candidate>,
        utterance: &Utterance,
        entities: &[EntityMatch],
        at: &At,
    ) -> Vec<Candidate> {
        let eligible = |id| (at.eligible)(id) && !self.answers_questions(id);
        ranking.retain(|candidate| candidate.stage != Stage::Lexical);
        for candidate in self.matcher.rank(utterance, entities, &eligible, RANKED) {
            if ranking.len() < RANKED && ranking.iter().all(|other| other.intent != candidate.intent) {
                ranking.push(candidate);
            }
        }
        ranking
    }

    /// "Skip", "back" and the like mean something only while a question is open, unless they are spelled out, or the folder
    /// has an intent of that name.
    fn needs_question(self, candidate: &Candidate) -> bool {
        candidate.stage == Stage::Lexical && self.answers_questions(candidate.intent)
    }

    fn answers_questions(self, intent: IntentId) -> bool {
        use Builtin::{Back, DontKnow, Repeat, Skip, Wait, Why};
        let intent = self.catalog.intent(intent);
        let builtin = intent.builtin.filter(|_| intent.origin.file == "built-in");
        matches!(builtin, Some(Skip | Back | DontKnow | Why | Wait | Repeat))
    }

    /// The part of the message that is surely a request, if there is one; the surest of several.
    fn best_part(self, text: &str, at: &At) -> Option<(usize, Reading)> {
        let parts = parts(text);
        if parts.len() < 2 {
            return None;
        }
        let read = |span: &Span| (span.start, self.rank(span.of(text), at));
        let sure = |(_, reading): &(usize, Reading)| {
            decide(self.catalog, &reading.ranking) == Decision::Act
                && !self.is_small_talk(&reading.ranking[0])
        };
        let surest = |a: &(usize, Reading), b: &(usize, Reading)| {
            // The first of equals: people begin with what they want.
            a.1.ranking[0].confidence.total_cmp(&b.1.ranking[0].confidence).then(b.0.cmp(&a.0))
        };
        parts.iter().take(PARTS).map(read).filter(sure).max_by(surest)
    }

    fn is_small_talk(self, candidate: &Candidate) -> bool {
        use Builtin::{Affirm, Deny, Goodbye, Greet, Thanks, Wait};
        let builtin = self.catalog.intent(candidate.intent).builtin;
        matches!(builtin, Some(Greet | Thanks | Goodbye | Affirm | Deny | Wait))
    }

    /// The built-in intent that a text spells out, if any.
    pub fn spelled_out(self, text: &str, language: &Language) -> Option<Builtin> {
        let utterance = Utterance::new(text, language);
        let ranking = self.matcher.rank(&utterance, &[], &|_| true, 1);
        let best = ranking.first().filter(|best| best.stage == Stage::Exact)?;
        self.catalog.intent(best.intent).builtin
    }
}

impl Reading {
    /// The best intent, if it is sure enough to be acted on.
    pub fn sure(&self, catalog: &Catalog) -> Option<&Candidate> {
        let best = self.ranking.first()?;
        (decide(catalog, &self.ranking) == Decision::Act).then_some(best)
    }

    /// The built-in intent that is meant, if it is sure enough.
    pub fn builtin(&self, catalog: &Catalog) -> Option<Builtin> {
        self.sure(catalog).and_then(|best| catalog.intent(best.intent).builtin)
    }

    /// Whether the built-in intent leads the ranking with at least its threshold, ties aside.
    pub fn leads(&self, catalog: &Catalog, builtin: Builtin) -> bool {
        self.ranking.first().is_some_and(|best| {
            catalog.intent(best.intent).builtin == Some(builtin)
                && best.confidence >= act_threshold(catalog, best.intent)
        })
    }

    /// Whether the message has any word at all.
    pub fn is_empty(&self) -> bool {
        self.utterance.tokens().is_empty()
    }
}

/// Sentences and clauses, as people separate them in chat.
fn parts(text: &str) -> Vec<Span> {
    let text = crate::text::readable(text);
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, sign) in text.match_indices(['.', '!', '?', ';', ',', '\n']) {
        let end = at + sign.len();
        // "49.90" and "fernweg.example" are no two sentences.
        if text[end..].starts_with(|next: char| !next.is_whitespace()) {
            continue;
        }
        parts.push(Span { start, end: at });
        start = end;
    }
    parts.push(Span { start, end: text.len() });
    parts.retain(|span| span.of(text).chars().any(char::is_alphanumeric));
    parts
}

/// The whole message with the ranking of one of its parts.
fn shift(whole: Reading, part: Reading, start: usize) -> Reading {
    let mut ranking = part.ranking;
    for capture in ranking.iter_mut().flat_map(|candidate| &mut candidate.slots) {
        capture.span = Span { start: capture.span.start + start, end: capture.span.end + start };
    }
    Reading { ranking, part: (part.utterance, part.entities), ..whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Skip" and the like need a question, unless the folder has an intent of that name.
    #[test]
    fn intents_of_the_folder_need_no_question() {
        use crate::catalog::Source;
        use crate::dialogue::Tracker;
        use crate::engine::Engine;

        let own = "intents: { repeat: { examples: [say it again please, could you repeat that for me, once more], say: Hm }, \
                   hours: { examples: [when are you open], say: Nine }, lost: { examples: [my parcel is lost], say: Oh } }";
        let other = "intents: { hours: { examples: [when are you open], say: Nine }, lost: { examples: [my parcel is lost], say: Oh } }";
        let now = "2026-11-23T10:00:00Z[UTC]".parse().unwrap();
        for (yaml, expected) in [(own, true), (other, false)] {
            let engine = Engine::load(vec![Source::new("a.yaml", yaml)]).unwrap();
            let understanding =
                engine.understand(&Tracker::default(), "please repeat that once more for us", &now);
            let names =
                understanding.ranking.iter().map(|best| engine.catalog().intent(best.intent).name.as_str());
            assert_eq!(names.into_iter().any(|name| name == "repeat"), expected);
        }
    }

    #[test]
    fn messages_are_cut_where_people_cut_them() {
        let rows = [
            ("hi, where is it?", vec!["hi", " where is it"]),
            (
                "it cost 49.90 € at fernweg.example. thanks!",
                vec!["it cost 49.90 € at fernweg.example", " thanks"],
            ),
            ("...", vec![]),
        ];
        for (text, expected) in rows {
            let found: Vec<_> = parts(text).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
