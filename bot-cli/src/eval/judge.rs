//! Puts messages to a bot, one by one, and notes what it takes them for. What it is not: it does not decide what a bot would
//! do; that is the dialogue's own code.
use std::collections::BTreeMap;
use std::time::Instant;

use bot_core::catalog::IntentId;
use bot_core::dialogue::Tracker;
use bot_core::engine::{Engine, Understanding, offered};
use bot_core::matcher::{Near, Reasons};
use jiff::Zoned;

use super::prediction::{Nearest, Prediction, Rival};
use super::taking_part::TakingPart;

/// A message to measure with.
#[derive(Clone, Debug)]
pub struct Message {
    /// What the customer writes.
    pub text: String,
    /// What it means; `None`: no intent of the bot.
    pub label: Option<IntentId>,
    /// File and line.
    pub place: String,
}

/// How many intents the time of the matcher alone is measured with, as the dialogue asks for them.
const RANKED: usize = 5;

/// How often each message is timed.
const PASSES: usize = 3;

/// How many words are noted of what speaks for a rival.
const WORDS: usize = 3;

/// A bot at the start of a conversation.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    /// The bot.
    pub engine: &'a Engine,
    /// The conversation.
    pub tracker: &'a Tracker,
    /// The time.
    pub now: &'a Zoned,
    /// The intents in question.
    pub taking_part: &'a TakingPart,
}

/// When to look at what spoke for another intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rivals {
    /// Never: only the numbers are wanted.
    Never,
    /// Where the right intent didn't come first.
    OfWrong,
    /// Always.
    Always,
}

impl Judge<'_> {
    /// What a message is taken for.
    pub fn predict(&self, message: &Message, rivals: Rivals) -> Prediction {
        let understanding = self.understand(&message.text);
        let mut prediction = Prediction {
            label: message.label,
            offered: offered(self.engine.catalog(), &understanding.ranking),
            decision: understanding.decision,
            ranking: understanding.ranking.clone(),
            rival: None,
        };
        prediction.ranking.iter_mut().for_each(|candidate| candidate.slots = Vec::new());
        let look = rivals == Rivals::Always || rivals == Rivals::OfWrong && !prediction.is_right();
        prediction.rival = message.label.filter(|_| look).and_then(|label| self.rival(&understanding, label));
        prediction
    }

    /// How long each message takes, in microseconds: all of understanding, and the matcher alone. Each is timed in three
    /// passes and the fastest counts: else, on a busy machine, one in a hundred tells how long another program was let run.
    pub fn times(&self, messages: &[Message]) -> (Vec<f64>, Vec<f64>) {
        let mut fastest = vec![(f64::INFINITY, f64::INFINITY); messages.len()];
        for _ in 0..PASSES {
            for (fastest, message) in fastest.iter_mut().zip(messages) {
                let (whole, matcher) = self.time(message);
                *fastest = (fastest.0.min(whole), fastest.1.min(matcher));
            }
        }
        fastest.into_iter().unzip()
    }

    fn time(&self, message: &Message) -> (f64, f64) {
        let micros = |since: Instant| since.elapsed().as_secs_f64() * 1e6;
        let start = Instant::now();
        let understanding = self.understand(&message.text);
        let whole = micros(start);
        let (utterance, entities) = (&understanding.utterance, &understanding.entities);
        let start = Instant::now();
        let ranking = self.engine.matcher().rank(utterance, entities, &|id| self.taking_part.has(id), RANKED);
        let matcher = micros(start);
        drop(ranking);
        (whole, matcher)
    }

    fn understand(&self, text: &str) -> Understanding {
        self.engine.understand_among(self.tracker, text, self.now, &|id| self.taking_part.has(id))
    }

    fn rival(&self, understanding: &Understanding, label: IntentId) -> Option<Rival> {
        let rival = understanding.ranking.iter().find(|candidate| candidate.intent != label)?;
        let reasons =
            |intent| self.engine.reasons_among(understanding, &|id| self.taking_part.has(id), intent);
        let (theirs, ours) = (reasons(rival.intent), reasons(label));
        Some(Rival {
            intent: rival.intent,
            words: words(&theirs, &ours),
            nearest: theirs.nearest_example.map(Nearest::from),
            own: ours.nearest_example.map(Nearest::from),
        })
    }
}

impl From<Near> for Nearest {
    fn from(near: Near) -> Nearest {
        Nearest { text: near.text, place: near.place, similarity: near.similarity }
    }
}

/// The words that spoke more for one intent than for the other.
fn words(theirs: &Reasons, ours: &Reasons) -> Vec<(String, f64)> {
    let all = |reasons: &Reasons, sign: f64, words: &mut BTreeMap<String, f64>| {
        for share in reasons.words_for.iter().chain(&reasons.words_against) {
            *words.entry(share.what.clone()).or_default() += sign * share.share;
        }
    };
    let mut by_word = BTreeMap::new();
    all(theirs, 1.0, &mut by_word);
    all(ours, -1.0, &mut by_word);
    let mut words: Vec<(String, f64)> = by_word.into_iter().filter(|(_, more)| *more >= 0.1).collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.truncate(WORDS);
    words
}
