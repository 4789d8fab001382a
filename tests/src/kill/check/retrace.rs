//! The stored events are what the bot makes, in memory, of what was written, in the order in which it was written.
//!
//! When timers were due and calls were answered is the world's; that they were, and with what, stands in the events. So the
//! conversation is gone through once more: at each place one of the inputs that may come next must make exactly the events
//! that are stored. Nothing that was written may be left over, unless the bot has nothing to say to it.
use std::collections::VecDeque;

use bot_core::dialogue::{ActionOutcome, Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_runtime::channel::Body;
use bot_runtime::store::StoredEvent;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::super::record::{Kept, Record};
use super::{Findings, Rule};
use crate::standin::{Written, channel};

/// Goes through a conversation once more.
pub(super) fn retrace(engine: &Engine, record: &Record, kept: &Kept, found: &mut Findings) {
    let mut walk = Walk {
        engine,
        peer: &kept.peer,
        tracker: Tracker::default(),
        rest: &kept.events,
        queues: queues(record, &kept.peer),
        calls: Vec::new(),
    };
    if let Err(what) = walk.run() {
        found.note(Rule::Retrace, &kept.peer, what);
    }
}

/// What was written in that conversation; in one queue, or agents in one of their own.
fn queues<'a>(record: &'a Record, peer: &str) -> Vec<VecDeque<&'a Written>> {
    let written = record.ledger.written.iter().filter(|message| message.peer == peer);
    let (agents, customers): (VecDeque<_>, VecDeque<_>) =
        written.partition(|message| record.agents_apart && message.is_agents());
    vec![customers, agents]
}

struct Walk<'a> {
    engine: &'a Engine,
    peer: &'a str,
    tracker: Tracker,
    /// Events that are not explained yet.
    rest: &'a [StoredEvent],
    queues: Vec<VecDeque<&'a Written>>,
    /// Calls without an outcome so far.
    calls: Vec<u64>,
}

/// An input that may come next, and where it comes from.
struct Candidate {
    input: Input,
    queue: Option<usize>,
}

impl Walk<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(first) = self.rest.first() {
            let now = first.at.to_zoned(TimeZone::system());
            if !self.step(&now) && !self.skip(&now) {
                return Err(self.stuck(&now));
            }
        }
        let now = Timestamp::now().to_zoned(TimeZone::system());
        while self.skip(&now) {}
        match self.queues.iter().find_map(VecDeque::front) {
            Some(left) => Err(format!("nothing came of {} ({:?})", left.key, left.body)),
            None => Ok(()),
        }
    }

    /// Takes an input that makes the next events.
    fn step(&mut self, now: &Zoned) -> bool {
        for candidate in self.candidates() {
            let events = self.engine.turn(&self.tracker, &candidate.input, now);
            if !events.is_empty() && self.fits(&events) {
                self.take(&events, candidate.queue);
                return true;
            }
        }
        false
    }

    /// Takes a written input that makes no event.
    fn skip(&mut self, now: &Zoned) -> bool {
        let silent = self.written().into_iter().find(|candidate| {
            self.engine.turn(&self.tracker, &candidate.input, now).is_empty()
        });
        silent.is_some_and(|candidate| {
            self.take(&[], candidate.queue);
            true
        })
    }

    fn fits(&self, events: &[Event]) -> bool {
        events.len() <= self.rest.len() && events.iter().zip(self.rest).all(|(event, stored)| *event == stored.event)
    }

    fn take(&mut self, events: &[Event], queue: Option<usize>) {
        for event in events {
            self.tracker.apply(event);
            match event {
                Event::ActionCalled { call, .. } => self.calls.push(*call),
                Event::ActionAnswered { call, .. } | Event::ActionFailed { call, .. } => {
                    self.calls.retain(|open| open != call);
                }
                _ => {}
            }
        }
        self.rest = &self.rest[events.len()..];
        if let Some(queue) = queue {
            self.queues[queue].pop_front();
        }
    }

    fn candidates(&self) -> Vec<Candidate> {
        let own = |input| Candidate { input, queue: None };
        let mut candidates = vec![own(Input::Customer(channel::customer(self.peer)))];
        candidates.extend(self.written());
        candidates.extend(self.calls.iter().filter_map(|call| self.outcome(*call)).map(own));
        candidates.extend(self.tracker.timers.keys().map(|timer| own(Input::TimerDue { timer: *timer })));
        candidates.extend(self.rest.iter().find_map(|stored| told(&stored.event)).map(own));
        candidates
    }

    fn written(&self) -> Vec<Candidate> {
        let heads = self.queues.iter().enumerate().filter_map(|(queue, written)| Some((queue, written.front()?)));
        heads
            .filter_map(|(queue, written)| match &written.body {
                Body::Input { input, .. } => Some(Candidate { input: input.clone(), queue: Some(queue) }),
                Body::Edit { .. } | Body::Delete { .. } => None,
            })
            .collect()
    }

    /// The outcome of a call, as the events tell it later.
    fn outcome(&self, wanted: u64) -> Option<Input> {
        self.rest.iter().find_map(|stored| match &stored.event {
            Event::ActionAnswered { call, result, .. } if *call == wanted => {
                Some(Input::ActionDone { call: *call, outcome: ActionOutcome::Done(result.clone()) })
            }
            Event::ActionFailed { call, reason } if *call == wanted => {
                Some(Input::ActionDone { call: *call, outcome: ActionOutcome::Failed(reason.clone()) })
            }
            _ => None,
        })
    }

    fn stuck(&self, now: &Zoned) -> String {
        let mut text = String::from("nothing that could come next makes the stored events\n");
        for stored in self.rest.iter().take(8) {
            text += &format!("  stored: {:?}\n", stored.event);
        }
        for candidate in self.candidates() {
            text += &format!("  {:?} would make\n", candidate.input);
            for event in self.engine.turn(&self.tracker, &candidate.input, now).iter().take(8) {
                text += &format!("    {event:?}\n");
            }
        }
        text
    }
}

/// What the store or the sender put in, as the events tell it.
fn told(event: &Event) -> Option<Input> {
    match event {
        Event::TicketOpened { ticket, ahead } => Some(Input::TicketOpened { ticket: *ticket, ahead: *ahead }),
        Event::Undelivered { text, reason } => Some(Input::Undelivered { text: text.clone(), reason: reason.clone() }),
        _ => None,
    }
}
