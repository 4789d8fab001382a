//! What follows from a turn's events: messages and calls to go out, timers, changes of the ticket.
//!
//! Pure: (loaded, items, tracker, events) to [`Commit`]. What it is not: the store only writes what stands here.

use bot_core::dialogue::{Event, Tracker};
use bot_core::handoff::Owner;
use jiff::Timestamp;

use crate::channel::Outgoing;
use crate::store::{CALLS, Commit, InboxId, Loaded, NewEntry, TicketChange, Work};

/// A turn that was taken: its events, and where the conversation stands after them.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub events: Vec<Event>,
    pub tracker: Tracker,
}

impl Taken {
    /// Takes the events of a turn in.
    pub fn take(&mut self, events: Vec<Event>) {
        for event in &events {
            self.tracker.apply(event);
        }
        self.events.extend(events);
    }
}

/// The commit of a turn.
pub(super) fn plan(loaded: &Loaded, done: Vec<InboxId>, taken: Taken, at: Timestamp) -> Commit {
    let mut plan = Plan { channel: &loaded.address.channel, owner: loaded.tracker.owner, ..Plan::default() };
    for event in &taken.events {
        plan.read(event);
    }
    let Plan { outbox, ticket, forget, .. } = plan;
    let (timers_set, timers_done) = timers(&loaded.tracker, &taken.tracker);
    let Taken { events, tracker } = taken;
    Commit {
        conversation: loaded.id,
        revision: loaded.revision,
        at,
        done,
        events,
        tracker,
        outbox,
        timers_set,
        timers_done,
        ticket,
        forget,
    }
}

#[derive(Default)]
struct Plan<'a> {
    channel: &'a str,
    owner: Owner,
    outbox: Vec<NewEntry>,
    ticket: Vec<TicketChange>,
    forget: bool,
}

impl Plan<'_> {
    fn read(&mut self, event: &Event) {
        match event {
            Event::Said { reply } => self.deliver(Outgoing::Bot { reply: reply.clone() }),
            Event::AgentSaid { agent, text, .. } => {
                self.deliver(Outgoing::Agent { agent: agent.clone(), text: text.clone() });
            }
            Event::ActionCalled { call, action, with, .. } => {
                let (call, action, with) = (*call, action.clone(), with.clone());
                let what = Work::Call { call, action, with };
                self.outbox.push(NewEntry { route: CALLS.to_owned(), what });
            }
            Event::HandedOff(ticket) => self.ticket.push(TicketChange::Open(ticket.clone())),
            Event::Claimed { agent } => self.ticket.push(TicketChange::Claimed { agent: agent.clone() }),
            Event::Released { .. } => self.waits(),
            Event::OwnerChanged { owner } => self.change_owner(*owner),
            Event::Alerted { .. } => self.ticket.push(TicketChange::Alerted),
            Event::Rated { ticket, stars } => {
                self.ticket.push(TicketChange::Rated { ticket: *ticket, stars: *stars });
            }
            Event::Forgotten => self.forget(),
            _ => {}
        }
    }

    fn deliver(&mut self, what: Outgoing) {
        self.outbox.push(NewEntry { route: self.channel.to_owned(), what: Work::Deliver { what } });
    }

    /// A ticket that has just been opened waits already.
    fn waits(&mut self) {
        if !matches!(self.ticket.last(), Some(TicketChange::Waiting | TicketChange::Open(_))) {
            self.ticket.push(TicketChange::Waiting);
        }
    }

    fn change_owner(&mut self, owner: Owner) {
        let is_open = matches!(self.owner, Owner::Waiting | Owner::Person);
        match owner {
            Owner::Waiting => self.waits(),
            Owner::Bot | Owner::Closed if is_open => self.ticket.push(TicketChange::Closed),
            Owner::Bot | Owner::Closed | Owner::Person => {}
        }
        self.owner = owner;
    }

    /// What was to be said in this turn is still said; which of its events outlive it is the store's rule.
    fn forget(&mut self) {
        self.forget = true;
        self.ticket.clear();
        self.outbox.retain(|entry| entry.route != CALLS);
        self.owner = Owner::Bot;
    }
}

type Timers = (Vec<(u64, Timestamp)>, Vec<u64>);

/// Read off the state and not the events: a conversation that starts over drops its timers without a word.
fn timers(before: &Tracker, after: &Tracker) -> Timers {
    let is_new = |number: &u64, at| before.timers.get(number).is_none_or(|timer| timer.at != at);
    let set = after.timers.iter().map(|(number, timer)| (*number, timer.at));
    let set = set.filter(|(number, at)| is_new(number, *at)).collect();
    let done = before.timers.keys().filter(|number| !after.timers.contains_key(number)).copied().collect();
    (set, done)
}
