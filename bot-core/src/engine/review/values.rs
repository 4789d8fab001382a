//! Values for the slots of templates: what one looks like, and whether words or another slot's values are read as one.
//!
//! What it is not: it reads nothing itself, the recognizer does. What was asked once is remembered.
use std::cell::RefCell;
use std::rc::Rc;

use jiff::Zoned;
use rustc_hash::FxHashMap;

use super::matching;
use crate::catalog::{BuiltinEntity, Catalog, EntityId, EntityKind};
use crate::entity::Recognizer;
use crate::text::{Language, Utterance};

/// How many words of a list are tried as values of another entity.
const MOST_SAMPLES: usize = 200;

type Samples = FxHashMap<(EntityId, Language), Rc<[String]>>;

pub(super) struct Values<'a> {
    catalog: &'a Catalog,
    recognizer: &'a Recognizer,
    now: &'a Zoned,
    whole: RefCell<FxHashMap<(EntityId, Language, String), bool>>,
    samples: RefCell<Samples>,
    common: RefCell<FxHashMap<(EntityId, EntityId, Language), Option<String>>>,
}

impl<'a> Values<'a> {
    pub fn new(catalog: &'a Catalog, recognizer: &'a Recognizer, now: &'a Zoned) -> Values<'a> {
        let (whole, samples, common) = Default::default();
        Values { catalog, recognizer, now, whole, samples, common }
    }

    /// Whether a text is read as one value of an entity, from its first word to its last.
    pub fn is_whole(&self, entity: EntityId, text: &str, language: &Language) -> bool {
        let key = (entity, language.clone(), text.to_owned());
        if let Some(&known) = self.whole.borrow().get(&key) {
            return known;
        }
        let utterance = Utterance::new(text, language);
        let ends = utterance.tokens().first().zip(utterance.tokens().last());
        let whole = ends.is_some_and(|(first, last)| {
            let mut found = self.recognizer.find_one(entity, &utterance, self.now).into_iter();
            found.any(|found| found.span.start <= first.span.start && last.span.end <= found.span.end)
        });
        self.whole.borrow_mut().insert(key, whole);
        whole
    }

    /// A value of an entity, as a customer would write it.
    pub fn sample(&self, entity: EntityId, language: &Language) -> Option<String> {
        self.samples(entity, language).first().cloned()
    }

    /// A text that is a value of both.
    pub fn common(&self, a: EntityId, b: EntityId, language: &Language) -> Option<String> {
        if a == b {
            return self.sample(a, language);
        }
        let key = (a.min(b), a.max(b), language.clone());
        if let Some(known) = self.common.borrow().get(&key) {
            return known.clone();
        }
        let both = |text: &&String| self.is_whole(a, text, language) && self.is_whole(b, text, language);
        let (of_a, of_b) = (self.samples(a, language), self.samples(b, language));
        let common = of_a.iter().chain(of_b.iter()).find(both).cloned();
        self.common.borrow_mut().insert(key, common.clone());
        common
    }

    /// The entities that have a value in a text.
    pub fn read_in(&self, text: &str, language: &Language) -> Vec<EntityId> {
        let utterance = Utterance::new(text, language);
        self.recognizer.find(&utterance, self.now).into_iter().map(|found| found.entity).collect()
    }

    fn samples(&self, entity: EntityId, language: &Language) -> Rc<[String]> {
        let key = (entity, language.clone());
        if let Some(known) = self.samples.borrow().get(&key) {
            return known.clone();
        }
        let mut samples = self.thinkable(entity);
        // A name is one only behind a cue ("my name is"): as nothing is read whole then, the first stands for all.
        if samples.iter().any(|sample| self.is_whole(entity, sample, language)) {
            samples.retain(|sample| self.is_whole(entity, sample, language));
        } else {
            samples.truncate(usize::from(entity == BuiltinEntity::PersonName.id()));
        }
        let samples: Rc<[String]> = samples.into();
        self.samples.borrow_mut().insert(key, samples.clone());
        samples
    }

    fn thinkable(&self, id: EntityId) -> Vec<String> {
        let entity = self.catalog.entity(id);
        let mut samples: Vec<String> = entity.example.iter().cloned().collect();
        match &entity.kind {
            EntityKind::Builtin(builtin) => {
                samples.extend(stock(*builtin).iter().map(|&text| text.to_owned()))
            }
            EntityKind::List(values) => {
                // The first word of each value before the others: a list may have thousands.
                let words = |rest: bool| {
                    values.iter().flat_map(move |value| match rest {
                        false => &value.words[..1],
                        true => &value.words[1..],
                    })
                };
                samples.extend(words(false).chain(words(true)).take(MOST_SAMPLES).cloned());
            }
            EntityKind::Pattern(regex) => {
                let value = entity.example.as_deref().and_then(|example| regex.captures(example)?.get(1));
                samples.extend(value.map(|value| value.as_str().to_owned()));
                samples.extend(matching::text(regex.as_str()));
            }
        }
        samples
    }
}

fn stock(builtin: BuiltinEntity) -> &'static [&'static str] {
    match builtin {
        BuiltinEntity::Text => &[],
        BuiltinEntity::Number => &["3", "12345678"],
        BuiltinEntity::Money => &["20 euros", "20 €", "$20"],
        BuiltinEntity::Date => &["tomorrow", "morgen", "24.12.2026", "2026-12-24"],
        BuiltinEntity::Time => &["3 pm", "15 Uhr", "15:30"],
        BuiltinEntity::Duration => &["2 hours", "2 Stunden", "2 h"],
        BuiltinEntity::Email => &["ann@example.com"],
        BuiltinEntity::Phone => &["+49 30 1234567"],
        BuiltinEntity::Url => &["https://example.com"],
        BuiltinEntity::YesNo => &["yes", "ja"],
        BuiltinEntity::PersonName => &["Ann Smith"],
    }
}
