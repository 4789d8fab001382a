//! Cross-validation: a folder's own examples, held back in turn, so that each is met by a bot that has never seen it.
//!
//! An example is held back as a whole, with all sentences of its template. What it is not: the examples of a folder are no
//! customers; how a bot does with those is measured with their messages.
use std::collections::BTreeMap;

use bot_core::catalog::{Catalog, Example, IntentId};
use bot_core::text::Language;

use super::judge::Message;
use super::random::Random;
use super::samples::sentence;
use super::taking_part::{BUILTIN, TakingPart};

/// Examples to hold back.
#[derive(Debug, Default)]
pub struct Examples {
    /// In the order of the catalog.
    pub list: Vec<HeldBack>,
    /// Intents with one example: without it, nothing is left to know them by.
    pub alone: Vec<IntentId>,
    /// How many examples have a slot whose values nobody shows.
    pub unfilled: usize,
}

/// An example to hold back.
#[derive(Clone, Debug)]
pub struct HeldBack {
    /// Its sentence.
    pub message: Message,
    /// Its language.
    pub language: Language,
    intent: IntentId,
    index: usize,
}

impl Examples {
    /// The examples that the folder itself has for the intents that take part; with a language, those in it.
    pub fn of(catalog: &Catalog, taking_part: &TakingPart, language: Option<&Language>) -> Examples {
        let mut examples = Examples::default();
        let is_own = |example: &Example| example.origin.file != BUILTIN;
        for (intent, written) in taking_part.intents(catalog) {
            if written.examples.len() == 1 && is_own(&written.examples[0]) {
                examples.alone.push(intent);
                continue;
            }
            let chosen = |example: &Example| {
                is_own(example) && language.is_none_or(|language| example.language == *language)
            };
            for (index, example) in written.examples.iter().enumerate().filter(|(_, example)| chosen(example))
            {
                match sentence(catalog, example) {
                    Some(text) => examples.list.push(held_back(intent, index, example, text)),
                    None => examples.unfilled += 1,
                }
            }
        }
        examples
    }

    /// In which of some folds each is held back: the examples of an intent in a language are spread over all of them, in an
    /// order that depends only on what they say.
    pub fn deal(&self, folds: usize) -> Vec<usize> {
        let mut groups: BTreeMap<(IntentId, &Language), Vec<usize>> = BTreeMap::new();
        for (at, example) in self.list.iter().enumerate() {
            groups.entry((example.intent, &example.language)).or_default().push(at);
        }
        let mut fold_of = vec![0; self.list.len()];
        // Each group goes on where the last one ended, so that the folds become equally large.
        let mut next = 0;
        for group in groups.values_mut() {
            Random::new(0, &self.list[group[0]].message.text).shuffle(group);
            for &at in group.iter() {
                fold_of[at] = next % folds;
                next += 1;
            }
        }
        fold_of
    }
}

fn held_back(intent: IntentId, index: usize, example: &Example, text: String) -> HeldBack {
    let place = format!("{}:{}", example.origin.file, example.origin.line);
    let message = Message { text, label: Some(intent), place };
    HeldBack { message, language: example.language.clone(), intent, index }
}

/// The folder without some of its examples.
pub fn without<'a>(catalog: &Catalog, held_back: impl Iterator<Item = &'a HeldBack>) -> Catalog {
    let mut catalog = catalog.clone();
    let mut places: Vec<(IntentId, usize)> =
        held_back.map(|example| (example.intent, example.index)).collect();
    places.sort_unstable();
    for (intent, index) in places.into_iter().rev() {
        catalog.intents[intent.0 as usize].examples.remove(index);
    }
    catalog
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::Source;
    use bot_core::dialogue::Tracker;
    use bot_core::engine::Engine;

    use super::*;

    fn examples(yaml: &str) -> (Engine, Examples) {
        let engine = Engine::load(vec![Source::new("a.yaml", yaml)]).unwrap();
        let now = "2026-11-23T10:00:00Z[UTC]".parse().unwrap();
        let taking_part = TakingPart::new(&engine, &Tracker::default(), &now, false, &[]);
        let examples = Examples::of(engine.catalog(), &taking_part, None);
        (engine, examples)
    }

    #[test]
    fn each_example_is_held_back_once_and_each_fold_has_some_of_each_intent() {
        let (engine, examples) = examples(
            "intents:\n  a: { examples: [a1, a2, a3, '(a4|a5) x', a6], say: A }\n  b: { examples: [b1, b2, b3, b4, b5], say: B }\n  \
             c: { examples: [c1], say: C }\n",
        );
        assert_eq!((examples.list.len(), examples.alone.len(), examples.unfilled), (10, 1, 0));
        let dealt = examples.deal(5);
        for fold in 0..5 {
            let held = || {
                examples.list.iter().zip(&dealt).filter(|(_, of)| **of == fold).map(|(example, _)| example)
            };
            let intents: Vec<u32> = held().map(|example| example.intent.0).collect();
            assert_eq!(intents, [0, 1], "fold {fold}");
            let rest = without(engine.catalog(), held());
            let counts: Vec<usize> =
                rest.intents.iter().take(3).map(|intent| intent.examples.len()).collect();
            assert_eq!(counts, [4, 4, 1]);
            for example in held() {
                let left = &rest.intents[example.intent.0 as usize].examples;
                assert!(
                    left.iter().all(|left| sentence(&rest, left).as_ref() != Some(&example.message.text))
                );
            }
        }
    }
}
