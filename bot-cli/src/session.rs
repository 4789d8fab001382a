//! A conversation with its timers, and what a turn's events say. Used by the chat and by the tests.
use std::collections::BTreeSet;

use bot_core::dialogue::{Customer, Event, Input};
use bot_core::engine::{Actions, Conversation, Engine};
use bot_core::reply::Reply;
use jiff::{Timestamp, Zoned};

/// A conversation whose timers are kept.
pub struct Session<'a> {
    /// The conversation.
    pub conversation: Conversation<'a>,
    timers: BTreeSet<(Timestamp, u64)>,
}

impl<'a> Session<'a> {
    /// A new conversation with that customer.
    pub fn new(engine: &'a Engine, actions: &'a Actions, customer: Customer, now: &Zoned) -> Session<'a> {
        let mut session =
            Session { conversation: Conversation::new(engine, actions), timers: BTreeSet::new() };
        session.send(&Input::Customer(customer), now);
        session
    }

    /// Takes a turn.
    pub fn send(&mut self, input: &Input, now: &Zoned) -> Vec<Event> {
        let events = self.conversation.send(input, now);
        for event in &events {
            match event {
                Event::TimerSet { timer, at, .. } => drop(self.timers.insert((*at, *timer))),
                Event::TimerDone { timer } => self.timers.retain(|(_, set)| set != timer),
                _ => {}
            }
        }
        events
    }

    /// When the next timer is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// Delivers the earliest timer that is due; it is gone then, whatever the bot makes of it.
    pub fn deliver_due(&mut self, now: &Zoned) -> Option<Vec<Event>> {
        let first = *self.timers.first()?;
        if first.0 > now.timestamp() {
            return None;
        }
        self.timers.remove(&first);
        Some(self.send(&Input::TimerDue { timer: first.1 }, now))
    }
}

/// What the bot says in these events.
pub fn replies(events: &[Event]) -> impl Iterator<Item = &Reply> {
    events.iter().filter_map(|event| match event {
        Event::Said { reply } => Some(reply),
        _ => None,
    })
}

/// What the messages in these events were taken for: intent and confidence.
pub fn understood(events: &[Event]) -> impl DoubleEndedIterator<Item = (&str, f64)> {
    events.iter().filter_map(|event| match event {
        Event::Understood { intent, confidence } => Some((intent.as_str(), *confidence)),
        _ => None,
    })
}
