//! What is done with an input that the bot failed on again and again: a person sees to it.
//!
//! What it is not: it reads nothing and goes through no flow, since one of those may be what failed.
use super::event::{ActionOutcome, Event, Input};
use super::reading::Brain;
use super::tracker::Tracker;
use super::turn::{Turn, shop_time};
use crate::handoff::{AgentAct, Owner};
use crate::text::Span;

/// The reason, for agents.
const REASON: &str = "The bot failed on this message.";

/// Puts an input aside that no turn can be taken with: notes what it said, and hands over.
pub fn put_aside(brain: Brain, tracker: &Tracker, input: &Input, now: &jiff::Zoned) -> Vec<Event> {
    let now = shop_time(brain, now);
    let mut turn = Turn::new(brain, tracker, &now);
    if turn.note_aside(input) {
        turn.hand_over_aside();
    }
    turn.events
}

impl Turn<'_> {
    /// Notes what the input said; whether a customer waits for what should have come of it.
    fn note_aside(&mut self, input: &Input) -> bool {
        match input {
            Input::Text { text } => self.record_aside(text),
            Input::Press { id } => {
                let button = self.tracker.buttons.iter().find(|button| button.id == *id).cloned();
                button.iter().for_each(|button| self.record(&button.label));
            }
            Input::Attachment { kind, caption, files, .. } => {
                self.record_attachment(*kind, caption.as_deref(), files);
            }
            Input::Edited { before, text, .. } => self.note_edit(before, text),
            Input::ActionDone { call, outcome } => {
                let reason = match outcome {
                    ActionOutcome::Done(_) => REASON.to_owned(),
                    ActionOutcome::Failed(reason) => reason.clone(),
                };
                self.emit(Event::ActionFailed { call: *call, reason });
            }
            other => {
                self.note_quietly(other);
                return false;
            }
        }
        true
    }

    /// What nobody waits for.
    fn note_quietly(&mut self, input: &Input) {
        match input {
            Input::Customer(customer) => self.emit(Event::CustomerKnown(customer.clone())),
            Input::TimerDue { timer } => self.emit(Event::TimerDone { timer: *timer }),
            Input::Deleted { before } => self.deleted(before),
            Input::TicketOpened { ticket, ahead } => {
                self.emit(Event::TicketOpened { ticket: *ticket, ahead: *ahead });
            }
            Input::Agent { agent, act: AgentAct::Note { text } } => {
                self.emit(Event::Noted { agent: agent.clone(), text: text.clone() });
            }
            Input::Agent {
                act: AgentAct::Say { text } | AgentAct::Send { text, .. } | AgentAct::Edit { text, .. },
                ..
            } => {
                self.emit(Event::Undelivered { text: text.clone(), reason: REASON.to_owned() });
            }
            Input::Agent { act: AgentAct::Delete { before, .. }, .. } => {
                let text = format!("[deletion] {before}");
                self.emit(Event::Undelivered { text, reason: REASON.to_owned() });
            }
            Input::Undelivered { text, reason } => {
                self.emit(Event::Undelivered { text: text.clone(), reason: reason.clone() });
            }
            _ => {}
        }
    }

    /// What may be the answer to a question for something secret is masked.
    fn record_aside(&mut self, text: &str) {
        self.record(text);
        if self.question().is_some_and(|step| step.is_sensitive()) {
            self.emit(Event::Masked { spans: vec![Span { start: 0, end: text.len() }] });
        }
    }

    fn hand_over_aside(&mut self) {
        if matches!(self.tracker.owner, Owner::Waiting | Owner::Person) {
            return self.expect_answer();
        }
        if self.tracker.offer.is_some() {
            self.emit(Event::OfferClosed);
        }
        let ticket = self.ticket_for(REASON);
        self.say_own("Sorry, something went wrong on my side.", &[]);
        self.announce_in_own_words();
        self.enqueue(ticket);
    }
}
