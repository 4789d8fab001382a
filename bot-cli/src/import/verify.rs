//! Whether the bot finds the values in the sentences that had them: else a sentence keeps its words.
//!
//! In Rasa a marked word may be any; here it must be a word of its entity, stand alone, and be no part of a longer one. The
//! core itself is asked. What it is not: it judges no plain sentence.
use bot_core::catalog::Source;
use bot_core::dialogue::Tracker;
use bot_core::engine::Engine;
use bot_core::matcher::Stage;
use jiff::{Timestamp, tz::TimeZone};

use super::draft::{Draft, Example};
use super::files;
use super::notes::{Notes, Topic};
use super::plan::Intent;
use super::text::short;

/// Gives each sentence its words back whose values would not be found.
pub fn keep_words(draft: &mut Draft, language: &str) {
    let trial: Vec<Intent> =
        draft.intents.iter().enumerate().map(|(index, intent)| slotted(index, &intent.examples)).collect();
    if trial.iter().all(|intent| intent.examples.is_empty()) {
        return;
    }
    let files = files::files(language, &trial, &draft.entities, &mut Notes::default());
    let sources = files.iter().map(|file| Source::new(&file.name, file.text.as_str())).collect();
    // A folder that does not load would be a fault of ours; `bot check` will tell it better than we could here.
    let Ok(engine) = Engine::load(sources) else { return };
    for (index, intent) in draft.intents.iter_mut().enumerate() {
        for example in &mut intent.examples {
            let Some(said) = example.said.clone() else { continue };
            if !is_found(&engine, &said, &name(index)) {
                draft.notes.add(Topic::ValueNotFound, &example.at, short(&said));
                *example = Example::plain(said, example.at.clone());
            }
        }
    }
}

fn name(index: usize) -> String {
    format!("i{index}")
}

fn slotted(index: usize, examples: &[Example]) -> Intent {
    Intent {
        name: name(index),
        title: name(index),
        examples: examples.iter().filter(|example| example.said.is_some()).cloned().collect(),
        answers: vec!["x".to_owned()],
        questions: Vec::new(),
        builtin: false,
    }
}

fn is_found(engine: &Engine, sentence: &str, intent: &str) -> bool {
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    let ranking = engine.understand(&Tracker::default(), sentence, &now).ranking;
    ranking
        .iter()
        .any(|found| found.stage == Stage::Exact && engine.catalog().intent(found.intent).name == intent)
}
