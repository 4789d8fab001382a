//! Corrections: of the last answer, of an earlier one by its name, at a confirmation, and after the end.
//!
//! The words that announce a correction are in [`super::cues`]. What it is not: an answer to the open question; a value
//! that fits that question is its answer unless the message says that it corrects something.
use std::collections::BTreeMap;

use serde_json::json;

use super::cues::{cues, has};
use super::event::{Event, Offer, Slot};
use super::reading::Reading;
use super::tracker::Topic;
use super::turn::Turn;
use crate::catalog::{BuiltinEntity, Flow, Step, StepKind};
use crate::entity::Value;
use crate::text::{Language, Span, Token, Utterance};

/// How a message speaks of an answer.
struct Correction<'a> {
    step: &'a Step,
    /// The new value; none: "I made a mistake with my e-mail".
    value: Option<Slot>,
    /// Whether the answer was named.
    named: bool,
}

/// What a message has to do with a correction.
struct Signs {
    /// It has words of correction.
    corrects: bool,
    /// It is another request.
    is_request: bool,
    /// The open question is a confirmation.
    at_confirm: bool,
}

impl<'a> Turn<'a> {
    /// Corrects an answer of the current topic. `false`: the message corrects nothing.
    pub fn correct(&mut self, step: &'a Step, reading: &Reading) -> bool {
        let Some(topic) = self.topic().cloned() else { return false };
        let Some(flow) = self.flow(&topic.intent) else { return false };
        let signs = self.signs(reading, &topic.intent, matches!(step.kind, StepKind::Confirm(_)));
        match self.correction(flow, &topic, Some(step), reading, &signs) {
            Some(correction) => self.apply_correction(correction, &topic),
            None => return false,
        }
        true
    }

    fn signs(&self, reading: &Reading, intent: &str, at_confirm: bool) -> Signs {
        let catalog = self.brain.catalog;
        let other = |name: &str| {
            name != intent
                && catalog.intent_named(name).is_some_and(|id| catalog.intent(id).builtin.is_none())
        };
        let best = reading.sure(catalog).map(|best| &catalog.intent(best.intent).name);
        Signs {
            corrects: cues(self.language()).corrects(reading.utterance.tokens()),
            is_request: best.is_some_and(|name| other(name)),
            at_confirm,
        }
    }

    fn correction(
        &self,
        flow: &'a Flow,
        topic: &Topic,
        open: Option<&Step>,
        reading: &Reading,
        signs: &Signs,
    ) -> Option<Correction<'a>> {
        let filled: Vec<&Step> = topic.filled.iter().rev().filter_map(|slot| step_of(flow, slot)).collect();
        let filled = || filled.iter().copied().filter(|step| open.is_none_or(|open| open.name != step.name));
        let named = filled().find(|step| self.is_named(step, &reading.utterance));
        if let Some(step) = named {
            let value = self.new_value(step, topic, reading, link_end(reading, self.language()));
            return (value.is_some() || signs.corrects).then_some(Correction { step, value, named: true });
        }
        if signs.is_request || !(signs.corrects || signs.at_confirm) {
            return None;
        }
        let in_question = |step: &Step| open.is_some_and(|open| shows(open, step));
        // A value that can be recognised before a text, which would take anything.
        let (texts, typed): (Vec<&Step>, Vec<&Step>) = filled().partition(|step| self.takes_anything(step));
        typed.into_iter().chain(texts).find_map(|step| {
            // "To Elm St 7!" is a new address only where the question shows the address.
            let start = lead_end(reading, self.language()).or_else(|| {
                Some(1).filter(|_| signs.at_confirm && in_question(step) && self.leads_to(reading))
            });
            let value = Some(self.new_value(step, topic, reading, start)?);
            Some(Correction { step, value, named: false })
        })
    }

    /// "To John!", "für John".
    fn leads_to(&self, reading: &Reading) -> bool {
        reading.utterance.tokens().first().is_some_and(|token| has(cues(self.language()).leads_to, token))
    }

    /// Whether the message names the answer: by the slot's name, or by its telling word in the question.
    pub fn is_named(&self, step: &Step, utterance: &Utterance) -> bool {
        let language = utterance.language();
        let slot = step.slot().unwrap_or_default();
        let names = [slot.replace('_', " "), self.label(slot)];
        let says = |name: &String| {
            let name = Utterance::new(name, language);
            !name.tokens().is_empty()
                && name
                    .tokens()
                    .iter()
                    .all(|word| utterance.tokens().iter().any(|token| token.stem == word.stem))
        };
        names.iter().any(says)
    }

    /// The value that the message gives in place of the one that is known; a text begins at the token `start`.
    fn new_value(&self, step: &Step, topic: &Topic, reading: &Reading, start: Option<usize>) -> Option<Slot> {
        let known = step.slot().and_then(|slot| topic.slots.get(slot));
        let is_new = |slot: &Slot| known.is_none_or(|known| known.value != slot.value);
        match &step.kind {
            StepKind::Choose(_) => self.chosen(step, &reading.utterance).map(|(slot, _)| slot).filter(is_new),
            StepKind::Ask(ask) if self.brain.catalog.entity(ask.entity).is(BuiltinEntity::Text) => {
                let rest = rest(&reading.utterance, start?)?;
                let text = rest.of(reading.utterance.text()).trim().to_owned();
                Some(self.slot(step, Value::Text(text), Some(rest))).filter(is_new)
            }
            StepKind::Ask(ask) => {
                let recognizer = self.brain.recognizer;
                let mut found = recognizer.find_one(ask.entity, &reading.utterance, self.now);
                let rest = start.and_then(|start| rest(&reading.utterance, start));
                if let (true, Some(rest)) = (found.is_empty(), rest) {
                    found = self.answer_in(ask.entity, rest, &reading.utterance);
                }
                let known = known.map(|known| &known.value);
                let others: Vec<_> =
                    found.iter().filter(|found| Some(&found.value) != known).cloned().collect();
                let meant = self.meant(&others, &reading.utterance)?;
                Some(self.slot(step, meant.value.clone(), Some(meant.span)))
            }
            _ => None,
        }
    }

    /// A part of the message, read as an answer.
    fn answer_in(
        &self,
        entity: crate::catalog::EntityId,
        part: Span,
        utterance: &Utterance,
    ) -> Vec<crate::entity::EntityMatch> {
        let part_utterance = Utterance::new(part.of(utterance.text()), utterance.language());
        let mut found = self.brain.recognizer.find_answer(entity, &part_utterance, self.now);
        for found in &mut found {
            found.span = Span { start: found.span.start + part.start, end: found.span.end + part.start };
        }
        found
    }

    fn apply_correction(&mut self, correction: Correction<'a>, topic: &Topic) {
        let slot = correction.step.slot().unwrap_or_default().to_owned();
        let Some(value) = correction.value else {
            return self.ask_for_correction(correction.step, slot);
        };
        if !self.is_allowed(correction.step, &value) {
            let old = topic.slots.get(&slot).map(|old| old.value.shown(self.language()));
            self.say_with("That doesn't work, so I keep {{ old }}.", &[("old", json!(old))], &[]);
            return self.ask_again();
        }
        self.mask([&value]);
        let old = topic.slots.get(&slot).cloned();
        let at_confirm = self.question().is_some_and(|step| matches!(step.kind, StepKind::Confirm(_)));
        self.emit(Event::SlotFilled { slot: slot.clone(), value: value.clone() });
        if !at_confirm {
            self.acknowledge(&slot, &value, correction.named);
        }
        self.replay();
        // What is done was done with the old value.
        if let (Some(Offer::Reverse { .. }), Some(value)) = (&self.tracker.offer, old) {
            self.emit(Event::SlotFilled { slot, value });
        }
    }

    /// The answer to that question of the current topic is another.
    pub fn correct_with(&mut self, step: &'a Step, value: Slot, topic: &Topic) {
        self.apply_correction(Correction { step, value: Some(value), named: false }, topic);
    }

    /// Corrects what has just been said back to the customer. `false`: the message corrects nothing.
    pub fn correct_known(&mut self, reading: &Reading) -> bool {
        let Some(topic) = self.topic().cloned() else { return false };
        let Some(flow) = self.flow(&topic.intent) else { return false };
        let signs = self.signs(reading, &topic.intent, true);
        let correction = self.correction(flow, &topic, None, reading, &signs);
        correction.map(|correction| self.apply_correction(correction, &topic)).is_some()
    }

    fn acknowledge(&mut self, slot: &str, value: &Slot, named: bool) {
        let shown = json!(value.value.shown(self.language()));
        if named {
            let label = json!(capitalised(&self.label(slot)));
            self.say_with("{{ label }} is now {{ value }}.", &[("label", label), ("value", shown)], &[]);
        } else {
            let texts = ["OK, {{ value }}.", "All right, {{ value }}."];
            let variant = usize::try_from(self.tracker.turns).unwrap_or(0) % texts.len();
            self.say_with(texts[variant], &[("value", shown)], &[]);
        }
    }

    /// The answer is wrong, but the right one was not said.
    fn ask_for_correction(&mut self, step: &Step, slot: String) {
        self.emit(Event::SlotCleared { slot });
        self.emit(Event::StepUndone { step: step.name.clone() });
        self.say_own("All right, let us correct that.", &[]);
        self.replay();
    }

    /// "Actually 87654321", when the topic has just ended: it is gone through again with the new value.
    pub fn correct_finished(&mut self, reading: &Reading) -> bool {
        cues(self.language()).corrects(reading.utterance.tokens()) && self.again_with(reading)
    }

    /// "87654321" alone, when a topic that asks for such a number has just ended.
    pub fn fill_finished(&mut self, reading: &Reading) -> bool {
        let cues = cues(self.language());
        let is_value = |token: &Token| reading.entities.iter().any(|found| found.span.contains(token.span));
        let tokens = reading.utterance.tokens();
        !tokens.is_empty()
            && tokens.iter().all(|token| is_value(token) || cues.is_filler(token))
            && self.again_with(reading)
    }

    fn again_with(&mut self, reading: &Reading) -> bool {
        let Some(topic) = self.tracker.finished.clone() else { return false };
        let Some(flow) = self.flow(&topic.intent) else { return false };
        let signs = Signs { corrects: true, ..self.signs(reading, &topic.intent, false) };
        let Some(Correction { step, value: Some(value), .. }) =
            self.correction(flow, &topic, None, reading, &signs)
        else {
            return false;
        };
        if !self.has_acted(&topic) {
            self.emit(Event::Understood { intent: topic.intent.clone(), confidence: 1.0 });
        }
        self.finish_again(topic, step, value);
        true
    }

    /// A topic that has ended is gone through again with another answer, unless it has done what can't be undone.
    pub fn finish_again(&mut self, topic: Topic, step: &Step, value: Slot) {
        if self.has_acted(&topic) {
            return self.offer_to_reverse("Wants to change what is already done.");
        }
        let mut slots = topic.slots;
        slots.insert(step.slot().unwrap_or_default().to_owned(), value);
        self.begin(&topic.intent, slots, BTreeMap::new());
    }
}

fn step_of<'f>(flow: &'f Flow, slot: &str) -> Option<&'f Step> {
    flow.steps.iter().find(|step| step.slot() == Some(slot))
}

/// Whether the text of a question shows the answer to another.
fn shows(question: &Step, answer: &Step) -> bool {
    let names = question.question().and_then(|say| say.variants.first()?.check().ok());
    names.is_some_and(|names| answer.slot().is_some_and(|slot| names.roots.contains(slot)))
}

/// The token behind the words of correction: "sorry, **Elm St 9**".
fn lead_end(reading: &Reading, language: &Language) -> Option<usize> {
    Some(cues(language).lead_length(reading.utterance.tokens())).filter(|length| *length > 0)
}

/// The token behind the first word that leads to a value: "change the address to **Elm St 7**".
fn link_end(reading: &Reading, language: &Language) -> Option<usize> {
    let links = cues(language).link;
    reading.utterance.tokens().iter().position(|token| has(links, token)).map(|at| at + 1)
}

/// The message from that token on.
fn rest(utterance: &Utterance, start: usize) -> Option<Span> {
    let tokens = utterance.tokens();
    Some(Span { start: tokens.get(start)?.span.start, end: tokens.last()?.span.end })
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
