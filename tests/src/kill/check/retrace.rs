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
use bot_core::handoff::AgentAct;
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
    /// How many messages of the queue it is: an album's are one.
    takes: usize,
    /// It is nothing any more: a change that was made before the message was heard.
    skips: bool,
}

impl Candidate {
    /// Where taking it leads, if it makes so many events.
    fn leads(&self, mut from: Place, events: usize) -> Place {
        from.events += events;
        self.queue.into_iter().for_each(|queue| from.used[queue] += self.takes);
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
            if candidate.skips {
                silent.push(candidate.leads(place, 0));
                continue;
            }
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
        let own = |input| Candidate { input, queue: None, takes: 0, skips: false };
        let mut candidates = self.written(place);
        candidates.extend(open_calls(before).filter_map(|call| outcome(rest, call)).map(own));
        candidates.extend(tracker.timers.keys().map(|timer| own(Input::TimerDue { timer: *timer })));
        candidates.extend(rest.iter().find_map(|stored| self.told(&stored.event)).map(own));
        candidates
    }

    fn written(&self, place: Place) -> Vec<Candidate> {
        (0..self.queues.len()).flat_map(|queue| self.heads(queue, place)).collect()
    }

    /// What the next message of a queue may be for the bot.
    fn heads(&self, queue: usize, place: Place) -> Vec<Candidate> {
        let rest = &self.queues[queue][place.used[queue]..];
        let one = |input| Candidate { input, queue: Some(queue), takes: 1, skips: false };
        let Some(first) = rest.first() else { return Vec::new() };
        match &first.body {
            Body::Input { input: Input::Attachment { album: Some(_), .. }, .. } => {
                let joined = joined(rest).into_iter().enumerate();
                joined.map(|(index, input)| Candidate { takes: index + 1, ..one(input) }).collect()
            }
            Body::Input { input, message } => {
                let changed = message.as_ref().and_then(|message| change(rest, &message.id)).map(Input::text);
                let answer = self.changed_answer(input, place);
                [Some(answer.unwrap_or_else(|| input.clone())), changed]
                    .into_iter()
                    .flatten()
                    .map(one)
                    .collect()
            }
            Body::Edit { message, text } => {
                let Some(before) = self.original(queue, message) else { return Vec::new() };
                let heard = |stored: &StoredEvent| matches!(&stored.event, Event::CustomerSaid { text: said, .. } if said == text);
                let skips = self.events[..place.events].iter().any(heard);
                let edited = |last| Input::Edited { before: before.clone(), text: text.clone(), last };
                [true, false].map(|last| Candidate { skips, ..one(edited(last)) }).into()
            }
            Body::Delete { .. } => Vec::new(),
        }
    }

    fn original(&self, queue: usize, id: &str) -> Option<String> {
        self.queues[queue].iter().find_map(|written| match &written.body {
            Body::Input { input: Input::Text { text }, message: Some(message) } if message.id == id => {
                Some(text.clone())
            }
            _ => None,
        })
    }

    /// Which of the customer's messages an answer has become is the platform's.
    fn changed_answer(&self, input: &Input, place: Place) -> Option<Input> {
        let Input::Agent { agent, act } = input else { return None };
        let act = match (act, &self.events.get(place.events)?.event) {
            (AgentAct::Edit { before, text, .. }, Event::AgentEdited { message, .. }) => {
                AgentAct::Edit { message: message.clone(), before: before.clone(), text: text.clone() }
            }
            (AgentAct::Delete { before, .. }, Event::AgentDeleted { messages, .. }) => {
                AgentAct::Delete { messages: messages.clone(), before: before.clone() }
            }
            _ => return None,
        };
        Some(Input::Agent { agent: agent.clone(), act })
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

/// The text that a message was changed to later on.
fn change(rest: &[&Written], id: &str) -> Option<String> {
    rest.iter().find_map(|written| match &written.body {
        Body::Edit { message, text } if message == id => Some(text.clone()),
        _ => None,
    })
}

/// The first picture of an album, the first two, and so on, each as one.
fn joined(rest: &[&Written]) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    let mut all = Vec::new();
    let mut first = None;
    for written in rest {
        let Body::Input { input: Input::Attachment { kind, caption, files, album }, .. } = &written.body
        else {
            break;
        };
        let (kind, caption, name) = first.get_or_insert_with(|| (*kind, caption.clone(), album.clone()));
        if name != album {
            break;
        }
        all.extend(files.iter().cloned());
        inputs.push(Input::Attachment {
            kind: *kind,
            caption: caption.clone(),
            files: all.clone(),
            album: name.clone(),
        });
    }
    inputs
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
