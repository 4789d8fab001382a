//! The state of a conversation: a fold over its events.
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::event::{Customer, Event, LinkOutcome, Offer, Outcome, Purpose, Slot};
use crate::handoff::{Line, Owner, Speaker, Ticket};
use crate::reply::{Button, Reply};
use crate::text::{Language, Span};

/// How many lines of the transcript a tracker keeps: what fits an agent's screen. The whole is in the events.
pub const TRANSCRIPT_LINES: usize = 40;

/// What stands for each byte of what is masked: a second mask of the same message still finds its place.
const MASKED: char = '*';

/// Where a conversation stands.
///
/// ```
/// use bot_core::dialogue::{Event, Tracker};
/// use bot_core::handoff::Owner;
///
/// let tracker = Tracker::replay(&[Event::OwnerChanged { owner: Owner::Waiting }]);
/// assert_eq!(tracker.owner, Owner::Waiting);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tracker {
    /// Who answers.
    pub owner: Owner,
    /// The ticket of the last hand-off.
    pub ticket: Option<Box<Ticket>>,
    /// The agent who has the conversation.
    pub agent: Option<String>,
    /// How often agents were told of the ticket again.
    pub alerts: u32,
    /// The language the bot answers in, once it is known.
    pub language: Option<Language>,
    /// What is known of the customer.
    pub customer: Customer,
    /// The topics: the last is the current one, those before it wait.
    pub topics: Vec<Topic>,
    /// The topic that ended last, for corrections that come too late.
    pub finished: Option<Topic>,
    /// What the bot has offered and waits for.
    pub offer: Option<Offer>,
    /// The buttons that can be pressed now.
    pub buttons: Vec<Button>,
    /// The intents that these stand for, in a list of all.
    pub listed: Vec<String>,
    /// Values set by flows.
    pub values: BTreeMap<String, Json>,
    /// Answers of ended topics, for other topics that ask the same.
    pub memory: BTreeMap<String, Remembered>,
    /// The last variant used, by place.
    pub variants: BTreeMap<String, usize>,
    /// Messages not understood in a row.
    pub misses: u32,
    /// Whether a person was offered since the last message that was understood.
    pub person_offered: bool,
    /// The confidence of the last understood message.
    pub confidence: Option<f64>,
    /// What the bot said in the last turn in which it spoke.
    pub said: Vec<Reply>,
    /// The last lines, sensitive parts masked.
    pub transcript: Vec<Line>,
    /// Timers that are set.
    pub timers: BTreeMap<u64, Timer>,
    /// Inputs of the customer so far.
    pub turns: u64,
    /// The number of the last call, timer or button.
    pub last_number: u64,
    /// When the customer wrote last.
    pub heard: Option<Timestamp>,
    /// Whether a `later` step has come back since then.
    pub woken: bool,
    /// Whether the customer was reminded of the offer.
    pub reminded: bool,
    /// What came of the customer's last message, should they edit it.
    pub last: Heard,
    /// Wrong codes in a row, and when the last one was tried.
    pub wrong_codes: (u32, Option<Timestamp>),
}

/// What came of a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Heard {
    /// The question that it answered: intent and step.
    pub answered: Option<(String, String)>,
    /// Whether it could not be used: not understood, or no answer.
    pub unusable: bool,
}

/// A topic: an intent's flow on its way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Topic {
    /// The intent.
    pub intent: String,
    /// The step whose question is open.
    pub question: Option<String>,
    /// The call that is on its way.
    pub calling: Option<Calling>,
    /// What is known.
    pub slots: BTreeMap<String, Slot>,
    /// The slots in the order they were filled; the last is the latest.
    pub filled: Vec<String>,
    /// The questions answered by the customer, in order.
    pub answered: Vec<String>,
    /// What steps did, by step.
    pub done: BTreeMap<String, Json>,
    /// The results of actions, by name.
    pub results: BTreeMap<String, Json>,
    /// Answers to the open question that could not be used.
    pub attempts: u32,
    /// How often an action failed without an answer in between, by step.
    pub failures: BTreeMap<String, u32>,
    /// Whether the customer was reminded of the open question.
    pub reminded: bool,
    /// Whether it waits until the customer comes back.
    pub parked: bool,
    /// Whether its answers are old: to be confirmed again before something is done that can't be undone.
    pub stale: bool,
}

/// An action that was called and has not answered yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calling {
    /// The call.
    pub call: u64,
    /// The step that called.
    pub step: String,
}

/// An answer of an ended topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    /// The answer.
    pub slot: Slot,
    /// The topic's intent.
    pub intent: String,
}

/// A timer that is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timer {
    /// When it is due.
    pub at: Timestamp,
    /// What for.
    pub purpose: Purpose,
}

impl Timer {
    /// Whether it waits for a silent customer, and is not due yet.
    pub(super) fn is_silence(&self, now: Timestamp) -> bool {
        matches!(self.purpose, Purpose::Remind | Purpose::Park) && self.at > now
    }
}

impl Tracker {
    /// The conversation after these events.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Tracker {
        let mut tracker = Tracker::default();
        for event in events {
            tracker.apply(event);
        }
        tracker
    }

    /// The name of the state: intent and question, `refund.order_number`; `None` between questions, and while the topic
    /// is parked.
    pub fn state(&self) -> Option<String> {
        let topic = self.topics.last().filter(|topic| !topic.parked)?;
        topic.question.as_ref().map(|step| format!("{}.{step}", topic.intent))
    }

    /// What is known in the current topic, or in the one that ended last.
    pub fn slots(&self) -> BTreeMap<String, Slot> {
        self.topics.last().or(self.finished.as_ref()).map(|topic| topic.slots.clone()).unwrap_or_default()
    }

    /// Takes an event in.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::CustomerKnown(customer) => self.customer = customer.clone(),
            Event::LanguageChosen { language } => self.language = Some(language.clone()),
            Event::CustomerSaid { text, at } => self.customer_said(text, *at),
            Event::Masked { spans } => self.mask(spans),
            Event::Understood { confidence, .. } => self.understood(*confidence),
            Event::Missed => {
                self.misses += 1;
                self.last.unusable = true;
            }
            Event::Said { reply } => self.bot_said(reply),
            Event::VariantUsed { place, variant } => {
                self.variants.insert(place.clone(), *variant);
            }
            Event::Offered(offer) => self.offered(offer),
            Event::Listed { intents } => self.listed = intents.clone(),
            Event::OfferClosed => self.offer = None,
            Event::Reminded => self.remind(),
            Event::Returned => self.return_to_topics(),
            Event::Edited { before, text } => self.edit(Speaker::Customer, before, text, "edited"),
            Event::Deleted { before } => self.edit(Speaker::Customer, before, before, "deleted"),
            Event::ValueSet { name, value } => {
                self.values.insert(name.clone(), value.clone());
            }
            Event::HandedOff(ticket) => self.handed_off(ticket),
            Event::TicketOpened { ticket: number, .. } => {
                self.ticket.iter_mut().for_each(|ticket| ticket.number = Some(*number));
            }
            Event::Claimed { agent } => self.agent = Some(agent.clone()),
            Event::Released { .. } => self.agent = None,
            Event::AgentSaid { text, .. } => self.note(Speaker::Agent, text.clone()),
            Event::AgentSent { text, .. } => self.note(Speaker::Agent, with_file(text)),
            Event::AgentEdited { before, text, .. } => self.agent_edited(before, text, "edited"),
            Event::AgentDeleted { before, .. } => self.agent_edited(before, before, "deleted"),
            Event::Alerted { .. } => self.alerts += 1,
            Event::OwnerChanged { owner } => self.owned_by(*owner),
            Event::LinkAnswered { outcome, at } => self.link_answered(*outcome, *at),
            Event::Restarted => self.restart(),
            Event::Forgotten => self.forget(),
            Event::TimerSet { timer, at, purpose } => {
                self.last_number = self.last_number.max(*timer);
                self.timers.insert(*timer, Timer { at: *at, purpose: purpose.clone() });
            }
            Event::TimerDone { timer } => {
                let done = self.timers.remove(timer);
                self.woken |= done.is_some_and(|done| matches!(done.purpose, Purpose::Later { .. }));
            }
            Event::FlowStarted { intent, slots, results } => self.start(intent, slots, results),
            Event::FlowEnded { outcome, .. } => self.end(*outcome),
            Event::ActionCalled { call, .. } => {
                self.last_number = self.last_number.max(*call);
                self.apply_to_topic(event);
            }
            other => self.apply_to_topic(other),
        }
    }

    fn apply_to_topic(&mut self, event: &Event) {
        if let Some(topic) = self.topics.iter_mut().rev().find(|topic| topic.is_meant(event)) {
            topic.apply(event);
            let intent = topic.intent.clone();
            match event {
                Event::QuestionAnswered { step } => {
                    self.last.answered = Some((intent, step.clone()));
                    self.got_somewhere();
                }
                Event::AnswerRejected { .. } => self.last.unusable = true,
                _ => {}
            }
        }
    }

    fn link_answered(&mut self, outcome: LinkOutcome, at: Timestamp) {
        match outcome {
            LinkOutcome::Unknown => self.wrong_codes = (self.wrong_codes.0 + 1, Some(at)),
            LinkOutcome::Done => self.wrong_codes = (0, None),
            LinkOutcome::Here | LinkOutcome::Busy => {}
        }
    }

    fn handed_off(&mut self, ticket: &Ticket) {
        self.ticket = Some(Box::new(ticket.clone()));
        self.alerts = 0;
    }

    fn owned_by(&mut self, owner: Owner) {
        self.owner = owner;
        if owner != Owner::Person {
            self.agent = None;
        }
    }

    fn customer_said(&mut self, text: &str, at: Timestamp) {
        self.heard = Some(at);
        self.woken = false;
        self.last = Heard::default();
        self.turns += 1;
        self.said.clear();
        self.note(Speaker::Customer, text.to_owned());
    }

    fn bot_said(&mut self, reply: &Reply) {
        self.buttons = reply.buttons.clone();
        self.listed.clear();
        self.last_number += reply.buttons.len() as u64;
        self.note(Speaker::Bot, reply.text.plain());
        self.said.push(reply.clone());
    }

    fn note(&mut self, speaker: Speaker, text: String) {
        self.transcript.push(Line { speaker, text });
        if self.transcript.len() > TRANSCRIPT_LINES {
            self.transcript.remove(0);
        }
    }

    fn mask(&mut self, spans: &[Span]) {
        let is_customer = |line: &&mut Line| line.speaker == Speaker::Customer;
        if let Some(line) = self.transcript.iter_mut().rev().find(is_customer) {
            line.text = masked(&line.text, spans);
        }
    }

    /// The reminder is no part of what was said: who asks to repeat it gets what they were reminded of.
    fn remind(&mut self) {
        self.said.clear();
        match self.topics.last_mut() {
            Some(topic) if self.offer.is_none() => topic.reminded = true,
            _ => self.reminded = true,
        }
    }

    fn return_to_topics(&mut self) {
        for topic in &mut self.topics {
            topic.parked = false;
            topic.stale |= !topic.slots.is_empty();
        }
    }

    /// An answer, or what stands under a file.
    fn agent_edited(&mut self, before: &str, text: &str, mark: &str) {
        self.edit(Speaker::Agent, before, text, mark);
        self.edit(Speaker::Agent, &with_file(before), &with_file(text), mark);
    }

    /// Changes the speaker's last line of that text. What hid something stays hidden: where it stands now is not known.
    fn edit(&mut self, speaker: Speaker, before: &str, text: &str, mark: &str) {
        let is_it = |line: &&mut Line| line.speaker == speaker && is_same(&line.text, before);
        if let Some(line) = self.transcript.iter_mut().rev().find(is_it) {
            let whole = Span { start: 0, end: text.len() };
            let text = if unmarked(&line.text) == before { text.to_owned() } else { masked(text, &[whole]) };
            line.text = format!("{text} ({mark})");
        }
    }

    fn got_somewhere(&mut self) {
        self.misses = 0;
        self.person_offered = false;
    }

    fn offered(&mut self, offer: &Offer) {
        self.reminded = false;
        self.person_offered |= matches!(offer, Offer::Person { .. });
        self.offer = Some(offer.clone());
    }

    fn understood(&mut self, confidence: f64) {
        self.got_somewhere();
        self.confidence = Some(confidence);
    }

    fn start(&mut self, intent: &str, slots: &BTreeMap<String, Slot>, results: &BTreeMap<String, Json>) {
        let filled = slots.keys().cloned().collect();
        let (intent, slots, results) = (intent.to_owned(), slots.clone(), results.clone());
        let topic = Topic { intent, slots, filled, results, ..Topic::default() };
        self.topics.push(topic);
    }

    fn end(&mut self, outcome: Outcome) {
        let Some(topic) = self.topics.pop() else { return };
        if outcome == Outcome::Done {
            self.remember(&topic);
            self.finished = Some(topic);
        } else {
            self.finished = None;
        }
    }

    fn remember(&mut self, topic: &Topic) {
        for (name, slot) in topic.slots.iter().filter(|(_, slot)| !slot.sensitive) {
            let remembered = Remembered { slot: slot.clone(), intent: topic.intent.clone() };
            self.memory.insert(name.clone(), remembered);
        }
    }

    fn restart(&mut self) {
        self.topics.clear();
        self.finished = None;
        self.offer = None;
        self.buttons.clear();
        self.listed.clear();
        self.values.clear();
        self.memory.clear();
        self.timers.clear();
        self.got_somewhere();
    }

    fn forget(&mut self) {
        let customer = Customer { name: None, ..self.customer.clone() };
        let (language, turns, last_number) = (self.language.clone(), self.turns, self.last_number);
        // Who guesses codes does not begin anew by being forgotten.
        let wrong_codes = self.wrong_codes;
        *self = Tracker { customer, language, turns, last_number, wrong_codes, ..Tracker::default() };
    }
}

impl Topic {
    /// Actions answer whichever topic called them; everything else is about the current one.
    fn is_meant(&self, event: &Event) -> bool {
        match event {
            Event::ActionAnswered { call, .. } | Event::ActionFailed { call, .. } => {
                self.calling.as_ref().is_some_and(|calling| calling.call == *call)
            }
            _ => true,
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::QuestionOpened { step } => self.open(step),
            Event::AnswerRejected { attempt } => self.attempts = *attempt,
            Event::QuestionAnswered { step } => self.answer(step),
            Event::SlotFilled { slot, value } => self.fill(slot, value),
            Event::SlotCleared { slot } => self.clear(slot),
            Event::StepDone { step, with } => {
                self.done.insert(step.clone(), with.clone());
            }
            Event::StepUndone { step } => self.undo(step),
            Event::ActionCalled { call, step, .. } => {
                self.calling = Some(Calling { call: *call, step: step.clone() });
                self.question = None;
            }
            Event::ActionAnswered { name, result, .. } => {
                self.answered_call();
                self.results.insert(name.clone(), result.clone());
            }
            Event::ActionFailed { .. } => self.failed_call(),
            Event::Parked => self.parked = true,
            Event::AnswersConfirmed => self.stale = false,
            _ => {}
        }
    }

    fn answered_call(&mut self) {
        if let Some(calling) = self.calling.take() {
            self.failures.remove(&calling.step);
        }
    }

    fn failed_call(&mut self) {
        if let Some(calling) = self.calling.take() {
            *self.failures.entry(calling.step).or_default() += 1;
        }
    }

    fn open(&mut self, step: &str) {
        if self.question.as_deref() != Some(step) {
            self.attempts = 0;
            self.reminded = false;
        }
        self.question = Some(step.to_owned());
    }

    fn answer(&mut self, step: &str) {
        self.question = None;
        self.attempts = 0;
        self.answered.retain(|answered| answered != step);
        self.answered.push(step.to_owned());
    }

    fn fill(&mut self, slot: &str, value: &Slot) {
        self.filled.retain(|filled| filled != slot);
        self.filled.push(slot.to_owned());
        self.slots.insert(slot.to_owned(), value.clone());
    }

    fn clear(&mut self, slot: &str) {
        self.filled.retain(|filled| filled != slot);
        self.slots.remove(slot);
    }

    fn undo(&mut self, step: &str) {
        self.done.remove(step);
        self.answered.retain(|answered| answered != step);
        if self.question.as_deref() == Some(step) {
            self.question = None;
        }
    }
}

/// How files and what stands under them are a line.
fn with_file(text: &str) -> String {
    format!("[file] {text}").trim_end().to_owned()
}

pub(super) fn unmarked(line: &str) -> &str {
    line.strip_suffix(" (edited)").unwrap_or(line)
}

/// Whether a line of the transcript is that text, masked or not.
pub(super) fn is_same(line: &str, text: &str) -> bool {
    let line = unmarked(line);
    let is_shown = |(shown, typed): (u8, u8)| shown == typed || char::from(shown) == MASKED;
    line.len() == text.len() && line.bytes().zip(text.bytes()).all(is_shown)
}

/// A text with those parts hidden, each byte by a `*`.
pub fn masked(text: &str, spans: &[Span]) -> String {
    let hidden = |at: usize| spans.iter().any(|span| span.start <= at && at < span.end);
    let shown = |(at, character): (usize, char)| match hidden(at) {
        true => std::iter::repeat_n(MASKED, character.len_utf8()),
        false => std::iter::repeat_n(character, 1),
    };
    text.char_indices().flat_map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_parts_can_not_be_read() {
        assert_eq!(masked("PIN 1234.", &[Span { start: 4, end: 8 }]), "PIN ****.");
    }

    #[test]
    fn a_second_mask_finds_its_place_as_typed() {
        let text = "née Ülkü, PIN 1234";
        let first = masked(text, &[Span { start: 5, end: 11 }]);
        assert_eq!(masked(&first, &[Span { start: 17, end: 21 }]), "née ******, PIN ****");
        assert!(is_same(&first, text));
    }
}
