//! Messages that the customer changed after sending them.
//!
//! An edit of the last answer is a correction of it. One of a message that could not be used is read as if it had just
//! been sent. Everything else is noted, for agents; so is all that is edited while a person owns the conversation.
use super::event::{Event, Offer};
use super::tracker::{Topic, is_same, masked, unmarked};
use super::turn::Turn;
use crate::catalog::Step;
use crate::handoff::{Owner, Speaker};
use crate::text::Span;

impl<'a> Turn<'a> {
    /// The customer changed a message.
    pub fn edited(&mut self, before: &str, text: &str, last: bool) {
        if before.trim() == text.trim() {
            return;
        }
        self.note_edit(before, text);
        if !last || self.tracker.owner != Owner::Bot {
            return;
        }
        if self.topic().is_some_and(|topic| topic.calling.is_some()) {
            return self.say_own("One moment, I'm still looking that up.", &[]);
        }
        match self.tracker.last.answered.clone() {
            Some((intent, step)) => self.answer_again(&intent, &step, text),
            None if self.tracker.last.unusable => self.answer(text),
            None => {}
        }
    }

    /// Notes the change, as agents may see it.
    pub fn note_edit(&mut self, before: &str, text: &str) {
        let (hidden, shown) = match self.hidden(before) {
            Some(hidden) => (hidden, all_hidden(text)),
            None => (before.to_owned(), text.to_owned()),
        };
        self.emit(Event::Edited { before: hidden, text: shown });
    }

    /// The customer took a message back.
    pub fn deleted(&mut self, before: &str) {
        let before = self.hidden(before).unwrap_or_else(|| before.to_owned());
        self.emit(Event::Deleted { before });
    }

    /// The message as agents may see it, if something in it is hidden from them. What has left the transcript is hidden
    /// whole: nobody knows any more what was in it.
    fn hidden(&self, before: &str) -> Option<String> {
        let lines = self.tracker.transcript.iter().rev();
        let said = lines.filter(|line| line.speaker == Speaker::Customer).map(|line| line.text.as_str());
        // Messages that were answered together stand in one line of the transcript.
        let mut messages = said.flat_map(|line| std::iter::once(line).chain(line.split('\n')));
        match messages.find(|shown| is_same(shown, before)) {
            Some(shown) => Some(unmarked(shown).to_owned()).filter(|shown| shown != before),
            None => Some(all_hidden(before)),
        }
    }

    /// The topic may be under way, or have ended since.
    fn answer_again(&mut self, intent: &str, step: &str, text: &str) {
        let finished = self.tracker.finished.clone().filter(|topic| topic.intent == intent);
        let current = self.topic().cloned().filter(|topic| topic.intent == intent);
        let flow = self.flow(intent);
        let step = flow.and_then(|flow| flow.step_named(step).map(|id| flow.step(id)));
        let Some(step) = step else { return };
        match (current, finished) {
            (Some(topic), _) => self.change_answer(step, &topic, text),
            (None, Some(topic)) => self.change_finished(step, topic, text),
            (None, None) => self.answer(text),
        }
    }

    fn change_answer(&mut self, step: &'a Step, topic: &Topic, text: &str) {
        let reading = self.read(text);
        if let Some(yes) = self.yes_no_to(step, &reading) {
            return self.change_confirmation(step, yes);
        }
        let known = step.slot().and_then(|slot| topic.slots.get(slot)).map(|slot| &slot.value);
        match self.value_for(step, &reading) {
            Some(value) if known == Some(&value.value) => {}
            Some(value) => {
                self.close_offer();
                self.emit(Event::StepUndone { step: step.name.clone() });
                self.correct_with(step, value, topic);
            }
            None => self.answer(text),
        }
    }

    /// What was confirmed may have been done already.
    fn change_confirmation(&mut self, step: &'a Step, yes: bool) {
        let topic = self.topic().cloned().unwrap_or_default();
        if topic.done.get(&step.name).is_some_and(|done| done["yes"] == yes) {
            return;
        }
        if self.has_acted(&topic) {
            return self.offer_to_reverse("Wants to change what is already done.");
        }
        self.close_offer();
        self.answer_confirm(step, yes);
    }

    fn change_finished(&mut self, step: &'a Step, topic: Topic, text: &str) {
        let reading = self.read(text);
        match (self.yes_no_to(step, &reading), self.value_for(step, &reading)) {
            (Some(_), _) if self.has_acted(&topic) => {
                self.offer_to_reverse("Wants to change what is already done.");
            }
            (_, Some(value)) => self.finish_again(topic, step, value),
            _ => self.answer(text),
        }
    }

    /// What was offered, was offered because of the answer as it was.
    fn close_offer(&mut self) {
        if !matches!(self.tracker.offer, None | Some(Offer::Rating { .. })) {
            self.emit(Event::OfferClosed);
        }
    }
}

fn all_hidden(text: &str) -> String {
    masked(text, &[Span { start: 0, end: text.len() }])
}
