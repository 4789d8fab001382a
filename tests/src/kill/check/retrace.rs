//! The stored events are what the bot makes, in memory, of what was written, in the order in which it was written.
//!
//! When timers were due and calls were answered is the world's; that they were, and with what, stands in the events. So the
//! conversation is gone through once more: at each place one of the inputs that may come next must make exactly the events
//! that are stored. Nothing that was written may be left over, unless the bot has nothing to say to it.
//!
//! Where agents and customers came in by two doors, or to an act there is nothing to say, several ways may lead on; all are
//! tried. Where the conversation stands follows from the events alone, so a place is the number of events explained and of
//! messages used, and none is looked at twice.
use std::collections::BTreeSet;

use bot_core::dialogue::{ActionOutcome, Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_runtime::channel::Body;
use bot_runtime::store::StoredEvent;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::Value as Json;

use super::super::record::{Kept, Record};
use super::{Findings, Rule};
use crate::standin::Written;

/// Goes through a conversation once more.
pub(super) fn retrace(engine: &Engine, record: &Record, kept: &Kept, found: &mut Findings) {
    let walk = Walk { engine, peer: &kept.peer, events: &kept.events, queues: queues(record, &kept.peer) };
    if let Err(what) = walk.run() {
        found.note(Rule::Retrace, &kept.peer, what);
    }
}

/// What was written in that conversation: in one queue, or agents in one of their own.
fn queues<'a>(record: &'a Record, peer: &str) -> [Vec<&'a Written>; 2] {
    let written = record.ledger.written.iter().filter(|message| message.peer == peer);
    let (agents, customers) = written.partition(|message| record.agents_apart && message.is_agents());
    [customers, agents]
}

/// How many events are explained, and how many messages of each queue are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    events: usize,
    used: [usize; 2],
}

struct Walk<'a> {
    engine: &'a Engine,
    peer: &'a str,
    events: &'a [StoredEvent],
    queues: [Vec<&'a Written>; 2],
}

/// An input that may come next, and the queue it comes from.
struct Candidate {
    input: Input,
    queue: Option<usize>,
}

impl Candidate {
    /// Where taking it leads, if it makes so many events.
    fn leads(&self, mut from: Place, events: usize) -> Place {
        from.events += events;
        self.queue.into_iter().for_each(|queue| from.used[queue] += 1);
        from
    }
}

impl Walk<'_> {
    fn run(&self) -> Result<(), String> {
        let trackers = self.trackers();
        let (mut open, mut seen, mut furthest) = (vec![Place::default()], BTreeSet::new(), Place::default());
        while let Some(place) = open.pop() {
            if place == self.end() {
                return Ok(());
            }
            if seen.insert(place) {
                furthest = furthest.max(place);
                open.extend(self.next(place, &trackers[place.events]));
            }
        }
        Err(self.stuck(furthest, &trackers[furthest.events]))
    }

    /// Where the conversation stood before each event, and at the end.
    fn trackers(&self) -> Vec<Tracker> {
        let mut trackers = vec![Tracker::default()];
        for stored in self.events {
            let mut next = trackers[trackers.len() - 1].clone();
            next.apply(&stored.event);
            trackers.push(next);
        }
        trackers
    }

    fn end(&self) -> Place {
        Place { events: self.events.len(), used: [self.queues[0].len(), self.queues[1].len()] }
    }

    /// Where inputs lead; what makes events is tried first, so it comes last.
    fn next(&self, place: Place, tracker: &Tracker) -> Vec<Place> {
        let now = self.now(place);
        let rest = &self.events[place.events..];
        let (mut silent, mut loud) = (Vec::new(), Vec::new());
        for candidate in self.candidates(place, tracker) {
            let events = self.engine.turn(tracker, &candidate.input, &now);
            if events.is_empty() && candidate.queue.is_some() {
                silent.push(candidate.leads(place, 0));
            } else if !events.is_empty() && starts_with(rest, &events) {
                loud.push(candidate.leads(place, events.len()));
            }
        }
        silent.extend(loud.into_iter().rev());
        silent
    }

    /// When the next events happened.
    fn now(&self, place: Place) -> Zoned {
        let at = self.events.get(place.events).map_or_else(Timestamp::now, |stored| stored.at);
        at.to_zoned(TimeZone::system())
    }

    fn candidates(&self, place: Place, tracker: &Tracker) -> Vec<Candidate> {
        let (before, rest) = self.events.split_at(place.events);
        let own = |input| Candidate { input, queue: None };
        let mut candidates = self.written(place);
        candidates.extend(open_calls(before).filter_map(|call| outcome(rest, call)).map(own));
        candidates.extend(tracker.timers.keys().map(|timer| own(Input::TimerDue { timer: *timer })));
        candidates.extend(rest.iter().find_map(|stored| self.told(&stored.event)).map(own));
        candidates
    }

    fn written(&self, place: Place) -> Vec<Candidate> {
        let heads = self.queues.iter().enumerate().filter_map(|(queue, written)| {
            let Body::Input { input, .. } = &written.get(place.used[queue])?.body else { return None };
            Some(Candidate { input: input.clone(), queue: Some(queue) })
        });
        heads.collect()
    }

    /// What the platform, the store or the sender put in, as the events tell it.
    fn told(&self, event: &Event) -> Option<Input> {
        match event {
            // On every stage customers have the name of their conversation: another one is somebody else's.
            Event::CustomerKnown(customer) if customer.name.as_deref() == Some(self.peer) => {
                Some(Input::Customer(customer.clone()))
            }
            Event::TicketOpened { ticket, ahead } => {
                Some(Input::TicketOpened { ticket: *ticket, ahead: *ahead })
            }
            Event::Undelivered { text, reason } => {
                Some(Input::Undelivered { text: text.clone(), reason: reason.clone() })
            }
            _ => None,
        }
    }

    fn stuck(&self, place: Place, tracker: &Tracker) -> String {
        let mut text = format!("after {place:?} nothing that could come next makes the stored events\n");
        for stored in self.events[place.events..].iter().take(8) {
            text += &format!("  stored: {:?}\n", stored.event);
        }
        for candidate in self.candidates(place, tracker) {
            text += &format!("  {:?} would make\n", candidate.input);
            for event in self.engine.turn(tracker, &candidate.input, &self.now(place)).iter().take(8) {
                text += &format!("    {event:?}\n");
            }
        }
        text
    }
}

fn starts_with(rest: &[StoredEvent], events: &[Event]) -> bool {
    events.len() <= rest.len() && events.iter().zip(rest).all(|(event, stored)| *event == stored.event)
}

/// Calls that have no outcome yet.
fn open_calls(before: &[StoredEvent]) -> impl Iterator<Item = u64> {
    before.iter().filter_map(|stored| match &stored.event {
        Event::ActionCalled { call, .. } => outcome(before, *call).is_none().then_some(*call),
        _ => None,
    })
}

/// The outcome of a call, as events tell it.
fn outcome(events: &[StoredEvent], wanted: u64) -> Option<Input> {
    events.iter().find_map(|stored| match &stored.event {
        Event::ActionAnswered { call, result, .. } if *call == wanted => {
            Some(Input::ActionDone { call: *call, outcome: ActionOutcome::Done(result.clone()) })
        }
        Event::ActionFailed { call, reason } if *call == wanted => {
            Some(Input::ActionDone { call: *call, outcome: ActionOutcome::Failed(reason.clone()) })
        }
        // What it said is not kept: nobody waited for it.
        Event::ActionLate { call, done } if *call == wanted => {
            let outcome = match done {
                true => ActionOutcome::Done(Json::Null),
                false => ActionOutcome::Failed(String::new()),
            };
            Some(Input::ActionDone { call: *call, outcome })
        }
        _ => None,
    })
}
