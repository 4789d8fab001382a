//! Whether the bot finds the values in the sentences that had them: else a sentence keeps its words.
//!
//! In Rasa a marked word may be any; here it must be a word of its entity, stand alone, and be no part of a longer one. The
//! core's recogniser itself is asked. What it is not: it asks no matcher, whose training on 50,000 sentences took minutes
//! unoptimised.
use bot_core::catalog::{self, BuiltinEntity, Catalog, EntityId, Source};
use bot_core::entity::Recognizer;
use bot_core::text::{Language, Span, Utterance, squash};
use jiff::{Timestamp, Zoned, tz::TimeZone};

use super::draft::{Draft, Example, Part, Said};
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

    /// Whether each slot's words are found as a value of its entity, where they stand in the sentence.
    fn finds_all(&self, example: &Example, said: &Said) -> bool {
        let utterance = Utterance::new(&said.sentence, &self.language);
        let (mut before, mut words) = (String::new(), said.words.iter());
        example.parts.iter().all(|part| match part {
            Part::Words(plain) => {
                before.push_str(plain);
                true
            }
            Part::Slot(slot) => words.next().is_some_and(|words| {
                let found = self.finds(&utterance, slot, words, &squash(&before));
                before.push_str(words);
                found
            }),
        })
    }

    /// Whether the words behind `before` are a value of the slot.
    fn finds(&self, utterance: &Utterance, slot: &str, words: &str, before: &str) -> bool {
        let entity = self.catalog.entities.iter().position(|entity| entity.name == slot);
        let Some(entity) = entity.and_then(|index| u32::try_from(index).ok()).map(EntityId) else {
            return false;
        };
        let text = utterance.text();
        let is_it =
            |span: Span| squash(&text[..span.start]) == before && squash(span.of(text)) == squash(words);
        if entity == BuiltinEntity::Text.id() {
            return whole_words(utterance, words, before);
        }
        self.recognizer.find_one(entity, utterance, &self.now).iter().any(|found| is_it(found.span))
    }
}

/// Whether the words behind `before` are whole words: that is what a slot of `text` takes.
fn whole_words(utterance: &Utterance, words: &str, before: &str) -> bool {
    let (text, tokens) = (utterance.text(), utterance.tokens());
    let first = tokens.iter().find(|token| squash(&text[..token.span.start]) == before);
    let Some(start) = first.map(|token| token.span.start) else { return false };
    let mut ends = tokens.iter().map(|token| token.span.end).filter(|end| *end > start);
    ends.any(|end| squash(&text[start..end]) == squash(words))
}
