//! Slots: values taken from a message for the questions of a flow.
use std::collections::BTreeMap;

use super::choice::{Pick, pick};
use super::cues::{cues, has};
use super::event::{Event, Slot};
use super::reading::Reading;
use super::turn::Turn;
use crate::catalog::{Ask, BuiltinEntity, EntityId, EntityKind, Flow, Step, StepKind};
use crate::entity::{EntityMatch, Value};
use crate::matcher::Candidate;
use crate::text::{Span, Token, Utterance};

impl Turn<'_> {
    /// The values that a message gives for the questions of a flow: those its template names, then those found in it,
    /// each used once.
    pub fn given(
        &self,
        flow: &Flow,
        candidate: Option<&Candidate>,
        reading: &Reading,
    ) -> BTreeMap<String, Slot> {
        let mut given = BTreeMap::new();
        let mut used: Vec<Span> = Vec::new();
        for capture in candidate.iter().flat_map(|candidate| &candidate.slots) {
            let step = flow.steps.iter().find(|step| step.slot() == Some(&capture.slot));
            if let Some(value) = step.and_then(|step| self.captured(step, capture.span, reading)) {
                used.push(capture.span);
                given.insert(capture.slot.clone(), value);
            }
        }
        for step in &flow.steps {
            let Some(slot) = step.slot().filter(|slot| !given.contains_key(*slot)) else { continue };
            if let Some(value) =
                self.mentioned(step, reading, &used).filter(|value| self.is_allowed(step, value))
            {
                used.extend(value.span);
                given.insert(slot.to_owned(), value);
            }
        }
        given
    }

    fn captured(&self, step: &Step, span: Span, reading: &Reading) -> Option<Slot> {
        match &step.kind {
            StepKind::Ask(ask) => {
                let is_it = |found: &&EntityMatch| found.entity == ask.entity && found.span == span;
                let value = reading.entities.iter().find(is_it).map(|found| found.value.clone());
                let text = || Value::Text(span.of(reading.utterance.text()).trim().to_owned());
                Some(self.slot(step, value.unwrap_or_else(text), Some(span)))
            }
            _ => self.mentioned(step, reading, &[]),
        }
    }

    /// A value for the question in a message that is not an answer to it.
    fn mentioned(&self, step: &Step, reading: &Reading, used: &[Span]) -> Option<Slot> {
        match &step.kind {
            StepKind::Ask(ask) => {
                let free = |found: &&EntityMatch| {
                    found.entity == ask.entity
                        && !used.iter().any(|span| span.overlaps(found.span))
                        && !self.is_part_of_another(found, reading)
                };
                let found = reading.entities.iter().filter(|_| self.is_telling(ask.entity)).find(free)?;
                Some(self.slot(step, found.value.clone(), Some(found.span)))
            }
            StepKind::Choose(_) => self
                .chosen(step, &reading.utterance)
                .filter(|(_, pick)| matches!(pick, Pick::Mentioned(_)))
                .map(|(slot, _)| slot),
            _ => None,
        }
    }

    /// Whether a value of that entity says by itself what it is: any text would be a `text`, any "ok" a `yes_no`.
    fn is_telling(&self, entity: EntityId) -> bool {
        use BuiltinEntity::{PersonName, Text, YesNo};
        ![Text, YesNo, PersonName].iter().any(|kind| self.brain.catalog.entity(entity).is(*kind))
    }

    /// A number inside a date, a phone number or an order number is none of its own.
    fn is_part_of_another(&self, found: &EntityMatch, reading: &Reading) -> bool {
        let is_pattern = |id: EntityId| matches!(self.brain.catalog.entity(id).kind, EntityKind::Pattern(_));
        reading.entities.iter().any(|other| {
            let beats =
                other.span.len() > found.span.len() || is_pattern(other.entity) && !is_pattern(found.entity);
            other.entity != found.entity && other.span.overlaps(found.span) && beats
        })
    }

    /// The option of a `choose` step that a message picks.
    pub fn chosen(&self, step: &Step, utterance: &Utterance) -> Option<(Slot, Pick)> {
        let StepKind::Choose(choose) = &step.kind else { return None };
        let labels = self.option_labels(step);
        let pick = pick(&labels, utterance, cues(self.language()));
        let index = pick.index()?;
        let value = Value::Choice { key: choose.options[index].0.clone(), label: labels[index].clone() };
        Some((self.slot(step, value, None), pick))
    }

    /// The value of an `ask` step in a message that may be its answer, and whether the message says nothing else.
    pub fn asked(&self, step: &Step, ask: &Ask, reading: &Reading) -> Option<(Slot, bool)> {
        let utterance = &reading.utterance;
        let found = self.brain.recognizer.find_answer(ask.entity, utterance, self.now);
        let found = self.meant(&found, utterance)?;
        let is_all = self.says_only(found.span, utterance);
        Some((self.slot(step, found.value.clone(), Some(found.span)), is_all))
    }

    /// Whether nothing but words that say nothing stands around that part of the message.
    pub fn says_only(&self, part: Span, utterance: &Utterance) -> bool {
        let cues = cues(self.language());
        utterance.tokens().iter().all(|token| part.contains(token.span) || cues.is_filler(token))
    }

    /// The value that is meant among several: not one behind a "not"; the last of "no, Joe … wait, John".
    pub fn meant<'m>(&self, found: &'m [EntityMatch], utterance: &Utterance) -> Option<&'m EntityMatch> {
        let cues = cues(self.language());
        let negated = |found: &&EntityMatch| {
            let before = utterance.tokens().iter().rev().find(|token| token.span.end <= found.span.start);
            // "not 50" rejects 50, "no, 50" wants it.
            let joined = |token: &&Token| {
                let between = Span { start: token.span.end, end: found.span.start };
                between.of(utterance.text()).trim().is_empty()
            };
            before.filter(joined).is_some_and(|token| has(cues.not, token))
        };
        let mut meant = found.iter().filter(|found| !negated(found));
        let first = meant.next()?;
        if cues.corrects(utterance.tokens()) { meant.next_back().or(Some(first)) } else { Some(first) }
    }

    pub fn slot(&self, step: &Step, value: Value, span: Option<Span>) -> Slot {
        Slot { value, span, sensitive: step.is_sensitive() }
    }

    /// The value as it must be meant: "half past two" is in the afternoon where only that is allowed.
    pub fn as_allowed(&self, step: &Step, slot: Slot) -> Option<Slot> {
        if self.is_allowed(step, &slot) {
            return Some(slot);
        }
        let Value::Time(time) = slot.value else { return None };
        let later =
            time.checked_add(jiff::SignedDuration::from_hours(12)).ok().filter(|_| time.hour() < 12)?;
        Some(Slot { value: Value::Time(later), ..slot }).filter(|slot| self.is_allowed(step, slot))
    }

    /// Whether the step's `check` holds for a value.
    pub fn is_allowed(&self, step: &Step, slot: &Slot) -> bool {
        let check = match &step.kind {
            StepKind::Ask(ask) => ask.check.as_ref(),
            StepKind::Choose(choose) => choose.check.as_ref(),
            _ => None,
        };
        let mut values = self.expression_values();
        values.set(step.slot().unwrap_or_default(), slot.value.to_json());
        check.is_none_or(|check| check.holds(&values))
    }

    /// Hides sensitive values in what the customer just said.
    pub fn mask<'s>(&mut self, slots: impl IntoIterator<Item = &'s Slot>) {
        let spans: Vec<Span> =
            slots.into_iter().filter(|slot| slot.sensitive).filter_map(|slot| slot.span).collect();
        if !spans.is_empty() {
            self.emit(Event::Masked { spans });
        }
    }
}
