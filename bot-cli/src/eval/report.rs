//! All that was found, as data, for whoever shows it. What it is not: it shows nothing.
use bot_core::catalog::{Catalog, IntentId};
use bot_core::text::Language;

use super::Measured;
use super::confusions::{Confusion, Weak, confusions, nearer, weak};
use super::judge::Message;
use super::measures::{Measures, PerIntent, per_intent};
use super::prediction::Prediction;
use super::stopwatch::{Lap, percentile};
use super::taking_part::TakingPart;
use crate::args::Eval as Options;

/// What was measured with.
#[derive(Clone, Debug)]
pub enum What {
    /// A file of messages.
    File {
        /// Its name.
        file: String,
        /// The splits.
        splits: Vec<String>,
        /// How many lines could not be read.
        skipped: usize,
    },
    /// A folder's own examples.
    Folds {
        /// The folder.
        folder: String,
        /// In how many parts.
        folds: usize,
        /// By message: its language.
        languages: Vec<Language>,
        /// Intents with a single example.
        alone: Vec<String>,
        /// Examples with a slot that can't be filled.
        unfilled: usize,
    },
}

/// How fast it was.
#[derive(Clone, Copy, Debug, Default)]
pub struct Speed {
    /// From bytes to a bot.
    pub load: Lap,
    /// Microseconds for a message, at the median.
    pub p50: Option<f64>,
    /// And where one in a hundred takes longer.
    pub p99: Option<f64>,
    /// Microseconds for the matcher alone, at the median.
    pub matcher_p50: Option<f64>,
    /// The most memory, in MB.
    pub memory: Option<f64>,
}

impl Speed {
    /// The times of the messages.
    pub fn of(measured: &Measured) -> Speed {
        let (mut whole, mut matcher) = measured.times.clone();
        Speed {
            p50: percentile(&mut whole, 0.5),
            p99: percentile(&mut whole, 0.99),
            matcher_p50: percentile(&mut matcher, 0.5),
            ..Speed::default()
        }
    }
}

/// All that was found.
#[derive(Debug)]
pub struct Report<'a> {
    /// The bot.
    pub catalog: &'a Catalog,
    /// How many typing errors were put into each message, and with which seed.
    pub typos: Option<(usize, u64)>,
    /// The numbers.
    pub measures: Measures,
    /// The numbers without typing errors, if some were put in.
    pub plain: Option<Measures>,
    /// By intent.
    pub per_intent: Vec<(IntentId, PerIntent)>,
    /// By language of the examples, if there are several.
    pub languages: Vec<(Language, Measures)>,
    /// What was taken for what, worst first.
    pub confusions: Vec<Confusion>,
    /// Examples that are nearer to another intent, by their place in the list.
    pub nearer: Vec<usize>,
    /// Intents that need more examples.
    pub weak: Vec<Weak>,
    /// How fast.
    pub speed: Speed,
    measured: Measured,
}

impl<'a> Report<'a> {
    /// Of what was measured.
    pub fn new(catalog: &'a Catalog, options: &Options, measured: Measured, speed: Speed) -> Report<'a> {
        let predictions = &measured.predictions;
        let by_intent = per_intent(predictions);
        let is_folds = matches!(measured.what, What::Folds { .. });
        let measurable = measured.taking_part.intents(catalog).map(|(id, _)| id);
        let measurable =
            measurable.filter(|id| is_folds || by_intent.get(id).is_some_and(|it| it.messages > 0));
        Report {
            catalog,
            typos: (options.typos > 0).then_some((options.typos, options.seed)),
            measures: Measures::of(predictions),
            plain: measured.plain.as_ref().map(Measures::of),
            languages: languages(catalog, &measured),
            confusions: confusions(predictions),
            nearer: if is_folds { nearer(predictions) } else { Vec::new() },
            weak: weak(catalog, measurable, &by_intent),
            per_intent: by_intent.into_iter().collect(),
            speed,
            measured,
        }
    }

    /// What was measured with.
    pub fn what(&self) -> &What {
        &self.measured.what
    }

    /// The intents in question.
    pub fn taking_part(&self) -> &TakingPart {
        &self.measured.taking_part
    }

    /// The messages as they were put to the bot.
    pub fn messages(&self) -> &[Message] {
        &self.measured.messages
    }

    /// What each was taken for.
    pub fn predictions(&self) -> &[Prediction] {
        &self.measured.predictions
    }

    /// An intent's name.
    pub fn name(&self, intent: IntentId) -> &'a str {
        &self.catalog.intent(intent).name
    }

    /// What an intent's messages are most often taken for, if not for it.
    pub fn most_often_taken_for(&self, intent: IntentId) -> Option<&'a str> {
        self.confusions.iter().find(|it| it.right == Some(intent))?.taken.map(|taken| self.name(taken))
    }

    /// How many messages mean that intent.
    pub fn messages_of(&self, intent: Option<IntentId>) -> usize {
        match intent {
            Some(intent) => {
                self.per_intent.iter().find(|(id, _)| *id == intent).map_or(0, |(_, it)| it.messages)
            }
            None => self.measures.oos.map_or(0, |oos| oos.messages),
        }
    }
}

/// In the order of the bot's languages.
fn languages(catalog: &Catalog, measured: &Measured) -> Vec<(Language, Measures)> {
    let What::Folds { languages, .. } = &measured.what else { return Vec::new() };
    let all: Vec<&Language> =
        catalog.settings.languages.iter().filter(|language| languages.contains(language)).collect();
    if all.len() < 2 {
        return Vec::new();
    }
    let of = |language: &Language| {
        let predictions = measured.predictions.iter().zip(languages).filter(|(_, of)| *of == language);
        Measures::of(predictions.map(|(prediction, _)| prediction))
    };
    all.into_iter().map(|language| (language.clone(), of(language))).collect()
}
