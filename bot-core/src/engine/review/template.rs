//! An example as it is compared with others, and which others it may have a sentence in common with.
//!
//! Most pairs are told apart by how they begin and end, and by the values in them; what is left is walked.
use std::cell::OnceCell;
use std::ops::Range;

use super::net::Net;
use super::values::Values;
use crate::catalog::phrase::{Part, Phrase, Piece};
use crate::catalog::{BuiltinEntity, EntityId, Example};
use crate::text::{Language, squash};

/// How many sentences of a template are tried for values in its words.
const MOST_READ: usize = 16;

/// An example of an intent.
pub(super) struct Template<'a> {
    pub intent: u32,
    /// Its index in the intent.
    pub index: u32,
    pub example: &'a Example,
    /// The entities of its slots; sorted, without `text`.
    slots: Vec<EntityId>,
    has_gap: bool,
    /// The letters that all its sentences begin and end with.
    prefix: String,
    suffix: String,
    /// Whether the prefix is all of it.
    is_fixed: bool,
    net: OnceCell<Net>,
    reads: OnceCell<Vec<EntityId>>,
}

impl<'a> Template<'a> {
    pub fn new(intent: u32, index: u32, example: &'a Example) -> Template<'a> {
        let (mut slots, mut has_gap) = (Vec::new(), false);
        entities(&example.phrase, &mut |entity| match entity {
            gap if gap == BuiltinEntity::Text.id() => has_gap = true,
            entity => slots.push(entity),
        });
        slots.sort_unstable();
        slots.dedup();
        let parts = &example.phrase.parts;
        let prefix = fixed(parts.iter()).concat();
        let mut suffix = fixed(parts.iter().rev());
        suffix.reverse();
        let is_fixed = parts.iter().all(|part| matches!(part, Part::Words(_)));
        let (net, reads, suffix) = (OnceCell::new(), OnceCell::new(), suffix.concat());
        Template { intent, index, example, slots, has_gap, prefix, suffix, is_fixed, net, reads }
    }

    /// Whether it has slots.
    pub fn is_slotted(&self) -> bool {
        self.has_gap || !self.slots.is_empty()
    }

    pub fn language(&self) -> &'a Language {
        &self.example.language
    }

    pub fn net(&self) -> &Net {
        self.net.get_or_init(|| Net::new(&self.example.phrase))
    }

    /// The entities that have a value somewhere in its sentences; sorted.
    pub fn reads(&self, values: &Values) -> &[EntityId] {
        self.reads.get_or_init(|| {
            let sentences = self.sentences(values, MOST_READ);
            let found = sentences.iter().flat_map(|sentence| values.read_in(sentence, self.language()));
            let mut reads: Vec<EntityId> = found.chain(self.slots.iter().copied()).collect();
            reads.sort_unstable();
            reads.dedup();
            reads
        })
    }

    /// Some of its sentences, far apart, with a value in each slot.
    pub fn sentences(&self, values: &Values, most: usize) -> Vec<String> {
        let all = self.example.phrase.sentences();
        let step = all.len().div_ceil(most.max(1)).max(1) | 1;
        let word = |piece: &Piece| match piece {
            Piece::Words(words) => Some(words.clone()),
            Piece::Slot { entity, .. } if *entity == BuiltinEntity::Text.id() => Some("something".to_owned()),
            Piece::Slot { entity, .. } => values.sample(*entity, self.language()),
        };
        let filled =
            |pieces: &Vec<Piece>| Some(pieces.iter().map(word).collect::<Option<Vec<_>>>()?.join(" "));
        all.iter().step_by(step).filter_map(filled).collect()
    }

    /// Whether one ends with the words that the other ends with.
    pub fn ends_like(&self, other: &Template) -> bool {
        self.suffix.ends_with(&other.suffix) || other.suffix.ends_with(&self.suffix)
    }

    /// Whether their slots and words leave it possible that both accept a sentence with a slot in one of them.
    pub fn may_meet(&self, other: &Template, values: &Values) -> bool {
        self.has_gap
            || other.has_gap
            || meet(&self.slots, other.reads(values))
            || meet(&other.slots, self.reads(values))
            || self.slots_meet(other, values)
    }

    /// Whether a text is a value of a slot of each.
    fn slots_meet(&self, other: &Template, values: &Values) -> bool {
        let common = |a: EntityId, b: EntityId| {
            [self.language(), other.language()].iter().any(|language| values.common(a, b, language).is_some())
        };
        self.slots.iter().any(|&slot| other.slots.iter().any(|&other| common(slot, other)))
    }
}

/// Templates by what they begin with.
pub(super) struct Shelf<'a> {
    templates: Vec<Template<'a>>,
}

impl<'a> Shelf<'a> {
    pub fn new(mut templates: Vec<Template<'a>>) -> Shelf<'a> {
        templates.sort_by(|a, b| (&a.prefix, a.intent, a.index).cmp(&(&b.prefix, b.intent, b.index)));
        Shelf { templates }
    }

    pub fn templates(&self) -> &[Template<'a>] {
        &self.templates
    }

    /// Those that may begin as the one at `index` does; of two with slots, only the later finds the earlier.
    pub fn beside(&self, index: usize) -> impl Iterator<Item = &Template<'a>> {
        let own = &self.templates[index];
        let longer =
            self.range(|prefix| prefix < own.prefix.as_str(), |prefix| prefix.starts_with(&own.prefix));
        let cuts = own.prefix.char_indices().map(|(cut, _)| &own.prefix[..cut]);
        let shorter =
            cuts.flat_map(|cut| self.range(move |prefix| prefix < cut, move |prefix| prefix == cut));
        let all = shorter.filter(|&other| !self.templates[other].is_fixed).chain(longer);
        all.filter(move |&other| other < index || !self.templates[other].is_slotted())
            .map(|other| &self.templates[other])
    }

    fn range(&self, before: impl Fn(&str) -> bool, within: impl Fn(&str) -> bool) -> Range<usize> {
        let start = self.templates.partition_point(|template| before(&template.prefix));
        let rest = self.templates[start..].iter();
        start..start + rest.take_while(|template| within(&template.prefix)).count()
    }
}

fn meet(some: &[EntityId], others: &[EntityId]) -> bool {
    some.iter().any(|entity| others.binary_search(entity).is_ok())
}

fn entities(phrase: &Phrase, each: &mut dyn FnMut(EntityId)) {
    for part in &phrase.parts {
        match part {
            Part::Words(_) => {}
            Part::Slot { entity, .. } => each(*entity),
            Part::Optional(inner) => entities(inner, each),
            Part::Choice(choices) => choices.iter().for_each(|choice| entities(choice, each)),
        }
    }
}

/// The keys of the words up to the first part that varies.
fn fixed<'p>(parts: impl Iterator<Item = &'p Part>) -> Vec<String> {
    let words = |part: &Part| match part {
        Part::Words(words) => Some(squash(words)),
        _ => None,
    };
    parts.map_while(words).collect()
}
