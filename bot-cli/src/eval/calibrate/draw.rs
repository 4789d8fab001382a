//! Folders drawn from sets, and what a bot of each makes of messages that it has never seen.
//!
//! Of every hundred messages, twenty belong to no intent of the folder: six to intents of the same set that were held out,
//! fourteen to other sets. With held-out intents alone, the bot was too sure of what has nothing to do with the folder.
//! Messages of other sets stay as they are. What it is not: it fits nothing.
use bot_core::catalog::IntentId;
use bot_core::matcher::Matcher;
use bot_core::text::{Language, Utterance};

use super::super::random::Random;
use super::fit::Observed;
use super::folder;
use super::haste::typed;
use super::sets::{Set, Topic};

/// Which folders: split of the examples, how many intents at most, how many such folders. Never more than two thirds of the
/// intents of a set, so that others are left to hold out.
const SCHEDULE: [(&str, usize, usize); 9] = [
    ("train10", usize::MAX, 2),
    ("train10", 50, 4),
    ("train10", 25, 6),
    ("train10", 12, 8),
    ("train5", usize::MAX, 1),
    ("train5", 50, 2),
    ("train5", 20, 4),
    ("train", usize::MAX, 1),
    ("train", 40, 2),
];

/// The share of messages that belong to no intent of the folder.
const NONE: f64 = 0.2;

/// The share of those that come from other sets.
const FAR: f64 = 0.7;

/// So many messages of other sets are put to each folder.
const FAR_MESSAGES: usize = 300;

/// What was drawn from a set.
#[derive(Debug, Default)]
pub struct Drawn {
    /// How many intents each folder has.
    pub sizes: Vec<usize>,
    /// The messages.
    pub observed: Vec<Observed>,
}

/// Draws from each set, in their order. The same sets, seed and language give the same.
pub fn all(sets: &[Set], language: &Language, seed: u64) -> Vec<Drawn> {
    let drawn = sets.iter().enumerate().map(|(at, set)| {
        let others = sets.iter().enumerate().filter(|(other, _)| *other != at);
        let far: Vec<&str> = others.flat_map(|(_, set)| &set.messages).map(String::as_str).collect();
        from(set, &far, language, seed)
    });
    drawn.collect()
}

fn from(set: &Set, far: &[&str], language: &Language, seed: u64) -> Drawn {
    let mut drawn = Drawn::default();
    for (split, most, times) in SCHEDULE {
        let Some(topics) = set.splits.get(split) else { continue };
        let topics: Vec<(&str, &Topic)> = topics.iter().map(|(name, topic)| (name.as_str(), topic)).collect();
        let size = most.min(topics.len() * 2 / 3);
        for time in 0..times {
            let random = Random::new(seed, &format!("{split} {size} {time}"));
            let mut folder = Folder::new(topics.clone(), size, language, random);
            drawn.observed.extend(folder.observe(far));
            drawn.sizes.push(size);
        }
    }
    drawn
}

/// A bot with some intents, and others that it lacks.
struct Folder<'a> {
    known: Vec<(&'a str, &'a Topic)>,
    held_out: Vec<(&'a str, &'a Topic)>,
    matcher: Matcher,
    language: &'a Language,
    random: Random,
}

impl<'a> Folder<'a> {
    fn new(
        mut topics: Vec<(&'a str, &'a Topic)>,
        size: usize,
        language: &'a Language,
        mut random: Random,
    ) -> Folder<'a> {
        random.shuffle(&mut topics);
        let mut held_out = topics.split_off(size);
        held_out.truncate(size.div_ceil(2));
        let intents = topics.iter().map(|(name, topic)| (*name, topic.examples.as_slice()));
        let matcher = Matcher::new(&folder::of(intents, language));
        Folder { known: topics, held_out, matcher, language, random }
    }

    fn observe(&mut self, far: &[&str]) -> Vec<Observed> {
        let mut observed = Vec::new();
        let weight = (1.0 - NONE) / count(&self.known);
        for (at, (_, topic)) in self.known.clone().into_iter().enumerate() {
            let intent = Some(IntentId(at as u32));
            observed.extend(topic.messages.iter().filter_map(|text| self.hear_typed(text, intent, weight)));
        }
        let weight = NONE * (1.0 - FAR) / count(&self.held_out);
        for (_, topic) in self.held_out.clone() {
            observed.extend(topic.messages.iter().filter_map(|text| self.hear_typed(text, None, weight)));
        }
        let weight = NONE * FAR / FAR_MESSAGES as f64;
        for _ in 0..FAR_MESSAGES {
            let text = self.random.pick(far);
            observed.extend(text.and_then(|text| self.hear(text, None, weight)));
        }
        observed
    }

    /// As a customer types it.
    fn hear_typed(&mut self, text: &str, meant: Option<IntentId>, weight: f64) -> Option<Observed> {
        let text = typed(text, &mut self.random);
        self.hear(&text, meant, weight)
    }

    /// `None`: nothing comes into question, so that no constant changes anything.
    fn hear(&self, text: &str, meant: Option<IntentId>, weight: f64) -> Option<Observed> {
        let signals = self.matcher.signals(&Utterance::new(text, self.language), &[]);
        let right = signals.intents.iter().position(|signal| Some(signal.intent) == meant);
        let known = meant.is_some();
        let observed = Observed { words: signals.words, contenders: signals.intents, right, known, weight };
        (!observed.contenders.is_empty()).then_some(observed)
    }
}

fn count(topics: &[(&str, &Topic)]) -> f64 {
    topics.iter().map(|(_, topic)| topic.messages.len()).sum::<usize>() as f64
}
