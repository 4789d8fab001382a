//! The exact stage: messages that an example or a `not` phrase spells out, case, accents, punctuation and spacing aside.
//!
//! Plain sentences are looked up by their key ([`squash`]). Sentences with slots are walked through: words must stand
//! there, a slot must be covered by a value of its entity, and a `text` slot takes any words. What it is not: it knows no
//! similarity.
use rustc_hash::FxHashMap;

use super::Capture;
use crate::catalog::phrase::{Part, Phrase, Piece};
use crate::catalog::{BuiltinEntity, Catalog, EntityId, Example};
use crate::entity::EntityMatch;
use crate::text::{Span, Utterance, readable, squash};

/// All sentences that the examples and `not` phrases of a folder spell out.
#[derive(Debug, Default)]
pub(super) struct Exact {
    plain: FxHashMap<Box<str>, Vec<Phrasing>>,
    /// Sentences with slots, by the first character of what stands before the first slot.
    slotted: FxHashMap<Option<char>, Vec<Slotted>>,
}

/// Which example or `not` phrase of which intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phrasing {
    /// The intent.
    pub intent: u32,
    /// The index among its examples or `not` phrases.
    pub index: u32,
    /// Whether it is a `not` phrase.
    pub not: bool,
}

/// A phrase that spells the message out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hit {
    /// Which.
    pub phrasing: Phrasing,
    /// How many characters are its own words; the others are slots.
    pub literal: usize,
    /// What the slots took.
    pub slots: Vec<Capture>,
}

#[derive(Debug)]
struct Slotted {
    phrasing: Phrasing,
    pieces: Vec<Piece>,
    literal: usize,
}

impl Exact {
    /// Of all examples and `not` phrases.
    pub fn new(catalog: &Catalog) -> Exact {
        let mut exact = Exact::default();
        for (intent, written) in catalog.intents.iter().enumerate() {
            for (not, phrases) in [(false, &written.examples), (true, &written.not)] {
                for (index, example) in phrases.iter().enumerate() {
                    exact.add(Phrasing { intent: intent as u32, index: index as u32, not }, example);
                }
            }
        }
        exact
    }

    fn add(&mut self, phrasing: Phrasing, example: &Example) {
        for pieces in squashed(&example.phrase).sentences() {
            match pieces.as_slice() {
                [] => {}
                [Piece::Words(words)] => self.add_plain(words, phrasing),
                _ => self.add_slotted(pieces, phrasing),
            }
        }
    }

    fn add_plain(&mut self, words: &str, phrasing: Phrasing) {
        let phrasings = self.plain.entry(words.into()).or_default();
        // Two examples of one intent, or two forms of one, may spell the same: the first is meant.
        if phrasings.iter().all(|other| (other.intent, other.not) != (phrasing.intent, phrasing.not)) {
            phrasings.push(phrasing);
        }
    }

    fn add_slotted(&mut self, pieces: Vec<Piece>, phrasing: Phrasing) {
        let literal = pieces.iter().map(|piece| words(piece).chars().count()).sum();
        let first = pieces.first().and_then(|piece| words(piece).chars().next());
        self.slotted.entry(first).or_default().push(Slotted { phrasing, pieces, literal });
    }

    /// The phrases that spell the message out, at most one example and one `not` phrase an intent: the one with most
    /// words of its own.
    pub fn find(&self, utterance: &Utterance, entities: &[EntityMatch]) -> Vec<Hit> {
        let mut hits = Vec::new();
        if utterance.tokens().is_empty() || readable(utterance.text()).len() < utterance.text().len() {
            return hits;
        }
        let message = Message::new(utterance, entities);
        let plain = self.plain.get(message.key.as_str()).into_iter().flatten();
        let literal = message.key.chars().count();
        hits.extend(plain.map(|&phrasing| Hit { phrasing, literal, slots: Vec::new() }));
        for first in [message.key.chars().next(), None] {
            for slotted in self.slotted.get(&first).into_iter().flatten() {
                if let Some(slots) = message.walk(&slotted.pieces) {
                    keep_best(&mut hits, Hit { phrasing: slotted.phrasing, literal: slotted.literal, slots });
                }
            }
        }
        hits
    }
}

fn keep_best(hits: &mut Vec<Hit>, new: Hit) {
    let same =
        |hit: &&mut Hit| (hit.phrasing.intent, hit.phrasing.not) == (new.phrasing.intent, new.phrasing.not);
    match hits.iter_mut().find(same) {
        Some(old) if old.literal >= new.literal => {}
        Some(old) => *old = new,
        None => hits.push(new),
    }
}

/// The phrase with its words as keys: each is made once, not once a sentence.
fn squashed(phrase: &Phrase) -> Phrase {
    let part = |part: &Part| match part {
        Part::Words(words) => Part::Words(squash(words)),
        Part::Slot { .. } => part.clone(),
        Part::Optional(inner) => Part::Optional(squashed(inner)),
        Part::Choice(choices) => Part::Choice(choices.iter().map(squashed).collect()),
    };
    Phrase { parts: phrase.parts.iter().map(part).collect() }
}

fn words(piece: &Piece) -> &str {
    match piece {
        Piece::Words(words) => words,
        Piece::Slot { .. } => "",
    }
}

/// A message as its key, with the places of tokens and values in it.
struct Message<'a> {
    utterance: &'a Utterance,
    key: String,
    /// Where each token begins in the key, and where the last ends.
    starts: Vec<usize>,
    /// Values: entity, from and until in the key, and where in the message as typed. Sorted.
    values: Vec<(EntityId, usize, usize, Span)>,
}

/// A place that a walk can have reached, and how.
#[derive(Clone, Copy)]
struct Step {
    at: usize,
    from: usize,
    slot: Option<Span>,
}

impl<'a> Message<'a> {
    fn new(utterance: &'a Utterance, entities: &[EntityMatch]) -> Message<'a> {
        let starts = Vec::with_capacity(utterance.tokens().len() + 1);
        let key = String::with_capacity(utterance.text().len());
        let mut message = Message { utterance, key, starts, values: Vec::new() };
        message.starts.push(0);
        for token in utterance.tokens() {
            message.key.push_str(&token.word);
            message.starts.push(message.key.len());
        }
        let place = |found: &EntityMatch| {
            let (start, end) = (message.place(found.span.start), message.place(found.span.end));
            (start < end).then_some((found.entity, start, end, found.span))
        };
        message.values = entities.iter().filter_map(place).collect();
        message.values.sort_unstable();
        message
    }

    /// Where a byte of the message as typed stands in the key.
    fn place(&self, byte: usize) -> usize {
        let tokens = self.utterance.tokens();
        let index = tokens.partition_point(|token| token.span.end <= byte);
        let within = tokens.get(index).filter(|token| token.span.start < byte);
        let before = within.and_then(|token| self.utterance.text().get(token.span.start..byte));
        self.starts[index] + before.map_or(0, |before| squash(before).len())
    }

    /// What the slots take if the pieces spell the whole message out.
    ///
    /// Piece by piece, all places that can be reached: so it takes a time linear in the message for each piece.
    fn walk(&self, pieces: &[Piece]) -> Option<Vec<Capture>> {
        let ends_well = pieces.last().is_some_and(|piece| self.key.ends_with(words(piece)));
        if !ends_well || !pieces.iter().all(|piece| self.can_stand(piece)) {
            return None;
        }
        let mut walk = vec![vec![Step { at: 0, from: 0, slot: None }]];
        for piece in pieces {
            let next = self.step(walk.last()?, piece);
            if next.is_empty() {
                return None;
            }
            walk.push(next);
        }
        self.captures(&walk, pieces)
    }

    fn can_stand(&self, piece: &Piece) -> bool {
        match piece {
            Piece::Slot { entity, .. } if *entity != BuiltinEntity::Text.id() => {
                self.values.iter().any(|(other, ..)| other == entity)
            }
            _ => true,
        }
    }

    fn step(&self, reached: &[Step], piece: &Piece) -> Vec<Step> {
        match piece {
            Piece::Words(words) => self.over_words(reached, words),
            Piece::Slot { entity, .. } if *entity == BuiltinEntity::Text.id() => self.over_text(reached),
            Piece::Slot { entity, .. } => self.over_value(reached, *entity),
        }
    }

    fn over_words(&self, reached: &[Step], words: &str) -> Vec<Step> {
        let is_there = |at: usize| self.key.get(at..).is_some_and(|rest| rest.starts_with(words));
        let steps = reached.iter().enumerate().filter(|(_, step)| is_there(step.at));
        steps.map(|(from, step)| Step { at: step.at + words.len(), from, slot: None }).collect()
    }

    /// From the first place reached, to the end of any later token.
    fn over_text(&self, reached: &[Step]) -> Vec<Step> {
        let first = self.starts.binary_search(&reached[0].at).unwrap_or_else(|next| next);
        let tokens = self.utterance.tokens();
        let Some(start) = tokens.get(first).map(|token| token.span.start) else { return Vec::new() };
        let ends = (first + 1..self.starts.len()).map(|end| Step {
            at: self.starts[end],
            from: 0,
            slot: Some(Span { start, end: tokens[end - 1].span.end }),
        });
        ends.collect()
    }

    fn over_value(&self, reached: &[Step], entity: EntityId) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for &(_, start, end, span) in self.values.iter().filter(|(other, ..)| *other == entity) {
            let from = reached.binary_search_by_key(&start, |step| step.at);
            if let Ok(from) = from {
                steps.push(Step { at: end, from, slot: Some(span) });
            }
        }
        steps.sort_by_key(|step| step.at);
        steps.dedup_by_key(|step| step.at);
        steps
    }

    /// Goes back from the end of the message.
    fn captures(&self, walk: &[Vec<Step>], pieces: &[Piece]) -> Option<Vec<Capture>> {
        let last = walk.last()?;
        let mut step = *last.iter().find(|step| step.at == self.key.len())?;
        let mut captures = Vec::new();
        for (piece, before) in pieces.iter().zip(walk).rev() {
            if let (Piece::Slot { name, .. }, Some(span)) = (piece, step.slot) {
                captures.push(Capture { slot: name.clone(), span });
            }
            step = before[step.from];
        }
        captures.reverse();
        Some(captures)
    }
}
