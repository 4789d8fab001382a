//! A conversation with its timers, and what a turn's events say. Used by `test` and `explain`; the chat runs on the runtime.
use bot_core::dialogue::{Customer, Event, Input};
use bot_core::engine::{Actions, Conversation, Engine};
use jiff::{Timestamp, Zoned};

/// A conversation whose timers can be delivered.
pub struct Session<'a> {
    /// The conversation.
    pub conversation: Conversation<'a>,
}

impl<'a> Session<'a> {
    /// A new conversation with that customer.
    pub fn new(engine: &'a Engine, actions: &'a Actions, customer: Customer, now: &Zoned) -> Session<'a> {
        let mut session = Session { conversation: Conversation::new(engine, actions) };
        session.send(&Input::Customer(customer), now);
        session
    }

    /// Takes a turn.
    pub fn send(&mut self, input: &Input, now: &Zoned) -> Vec<Event> {
        self.conversation.send(input, now)
    }

    /// When the next timer is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.first().map(|(at, _)| at)
    }

    /// Delivers the earliest timer if it is due.
    pub fn deliver_due(&mut self, now: &Zoned) -> Option<Vec<Event>> {
        let (_, timer) = self.first().filter(|(at, _)| *at <= now.timestamp())?;
        Some(self.send(&Input::TimerDue { timer }, now))
    }

    fn first(&self) -> Option<(Timestamp, u64)> {
        self.conversation.tracker.timers.iter().map(|(number, timer)| (timer.at, *number)).min()
    }
}

/// What the messages in these events were taken for: intent and confidence.
pub fn understood(events: &[Event]) -> impl DoubleEndedIterator<Item = (&str, f64)> {
    events.iter().filter_map(|event| match event {
        Event::Understood { intent, confidence } => Some((intent.as_str(), *confidence)),
        _ => None,
    })
}
