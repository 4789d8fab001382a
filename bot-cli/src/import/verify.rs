//! Whether the bot finds the values in the sentences that had them: else a sentence keeps its words.
//!
//! In Rasa a marked word may be any; here it must be a word of its entity, stand alone, and be no part of a longer one. The
//! core's recogniser itself is asked. What it is not: it asks no matcher, whose training on 50,000 sentences took minutes
//! unoptimised.
use bot_core::catalog::{self, BuiltinEntity, Catalog, EntityId, Source};
use bot_core::entity::Recognizer;
use bot_core::text::{Language, Utterance, squash};
use jiff::{Timestamp, Zoned, tz::TimeZone};

use super::draft::{Draft, Example, Said};
use super::files;
use super::notes::{Notes, Topic};
use super::text::short;

/// Gives each sentence its words back whose values would not be found.
pub fn keep_words(draft: &mut Draft, language: &Language) {
    let marked = |example: &Example| example.said.is_some();
    if !draft.intents.iter().any(|intent| intent.examples.iter().any(marked)) {
        return;
    }
    // A folder that does not load would be a fault of ours; `bot check` will tell it better than we could here.
    let Some(finder) = Finder::new(draft, language) else { return };
    for example in draft.intents.iter_mut().flat_map(|intent| &mut intent.examples) {
        let Some(said) = &example.said else { continue };
        if !finder.finds_all(example, said) {
            draft.notes.add(Topic::ValueNotFound, &example.at, short(&said.sentence));
            *example = Example::plain(said.sentence.clone(), example.at.clone());
        }
    }
}

struct Finder {
    catalog: Catalog,
    recognizer: Recognizer,
    language: Language,
    now: Zoned,
}

impl Finder {
    fn new(draft: &Draft, language: &Language) -> Option<Finder> {
        let files = files::files(language.code(), &[], &draft.entities, &mut Notes::default());
        let sources = files.iter().map(|file| Source::new(&file.name, file.text.as_str())).collect();
        let (catalog, _) = catalog::load(sources).ok()?;
        let recognizer = Recognizer::new(&catalog);
        let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        Some(Finder { catalog, recognizer, language: language.clone(), now })
    }

    /// Whether each slot's words are found as a value of its entity, one behind the other.
    fn finds_all(&self, example: &Example, said: &Said) -> bool {
        let utterance = Utterance::new(&said.sentence, &self.language);
        let mut from = 0;
        example.slots().zip(&said.words).all(|(slot, words)| match self.end(&utterance, slot, words, from) {
            Some(end) => {
                from = end;
                true
            }
            None => false,
        })
    }

    /// Where the words end, behind `from`, if they are a value of the slot.
    fn end(&self, utterance: &Utterance, slot: &str, words: &str, from: usize) -> Option<usize> {
        let entity = self.catalog.entities.iter().position(|entity| entity.name == slot)?;
        let entity = EntityId(u32::try_from(entity).ok()?);
        if entity == BuiltinEntity::Text.id() {
            return utterance.text().get(from..)?.find(words).map(|at| from + at + words.len());
        }
        let found = self.recognizer.find_one(entity, utterance, &self.now);
        let is_it = |span: &bot_core::text::Span| {
            span.start >= from && squash(span.of(utterance.text())) == squash(words)
        };
        found.iter().map(|found| found.span).find(|span| is_it(span)).map(|span| span.end)
    }
}
