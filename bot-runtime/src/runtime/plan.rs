//! What follows from a turn's events: messages and calls to go out, timers, changes of the ticket.
//!
//! Pure: (loaded, items, tracker, events) to [`Commit`]. What it is not: the store only writes what stands here.

use bot_core::dialogue::{Event, LINK_CODE, Tracker};
use bot_core::handoff::Owner;
use bot_core::reply::Reply;
use jiff::{SignedDuration, Timestamp};

use super::code;
use crate::channel::Outgoing;
use crate::store::{CALLS, Commit, InboxId, LinkChange, Loaded, NewEntry, TicketChange, Work};

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

/// The commit of a turn. `code` is a new one, should the customer want one.
pub(super) fn plan(
    loaded: &Loaded,
    done: Vec<InboxId>,
    taken: Taken,
    at: Timestamp,
    code: Option<&str>,
) -> Commit {
    let channel = &loaded.address.channel;
    let mut plan = Plan { channel, at, code, owner: loaded.tracker.owner, ..Plan::default() };
    for (index, event) in taken.events.iter().enumerate() {
        plan.event = index;
        plan.read(event);
    }
    let Plan { outbox, ticket, forget, link, .. } = plan;
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
        link,
    }
}

#[derive(Default)]
struct Plan<'a> {
    channel: &'a str,
    /// The place of the event that is read.
    event: usize,
    owner: Owner,
    outbox: Vec<NewEntry>,
    ticket: Vec<TicketChange>,
    forget: bool,
    at: Timestamp,
    code: Option<&'a str>,
    link: Option<LinkChange>,
}

impl Plan<'_> {
    fn read(&mut self, event: &Event) {
        match event {
            Event::Said { reply } => self.deliver(Outgoing::Bot { reply: self.with_code(reply.clone()) }),
            Event::LinkWanted => self.offer_link(),
            Event::LinkTried { code } => self.link = Some(LinkChange::Try { hash: code::hash(code) }),
            Event::AgentSaid { agent, text, .. } => {
                self.deliver(Outgoing::Agent { agent: agent.clone(), text: text.clone() });
            }
            Event::AgentSent { agent, files, text, .. } => self.deliver(Outgoing::Files {
                agent: agent.clone(),
                files: files.clone(),
                text: text.clone(),
            }),
            Event::AgentEdited { agent, message, text, .. } => self.deliver(Outgoing::Edit {
                agent: agent.clone(),
                message: message.clone(),
                text: text.clone(),
            }),
            Event::AgentDeleted { agent, messages, before } => {
                for message in messages {
                    let (agent, message, text) = (agent.clone(), message.clone(), before.clone());
                    self.deliver(Outgoing::Delete { agent, message, text });
                }
            }
            Event::ActionCalled { call, action, with, .. } => {
                let (call, action, with) = (*call, action.clone(), with.clone());
                let what = Work::Call { call, action, with };
                self.outbox.push(NewEntry { route: CALLS.to_owned(), what, event: Some(self.event) });
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
        let (route, what) = (self.channel.to_owned(), Work::Deliver { what });
        self.outbox.push(NewEntry { route, what, event: Some(self.event) });
    }

    fn offer_link(&mut self) {
        let until = SignedDuration::try_from(code::LIFE).ok().and_then(|life| self.at.checked_add(life).ok());
        let offer = |(code, until)| LinkChange::Offer { hash: code::hash(code), until };
        self.link = self.code.zip(until).map(offer);
    }

    /// The code is only in what is delivered, and goes with it.
    fn with_code(&self, mut reply: Reply) -> Reply {
        if let (Some(code), Some(LinkChange::Offer { .. })) = (self.code, &self.link) {
            reply.text.0 = reply.text.0.replacen(LINK_CODE, code, 1);
        }
        reply
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
        self.ticket.retain(|change| matches!(change, TicketChange::Closed));
        self.outbox.retain(|entry| entry.route != CALLS);
        self.change_owner(Owner::Bot);
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

#[cfg(test)]
mod tests {
    use bot_core::catalog::Priority;
    use bot_core::dialogue::{Alert, Purpose};
    use bot_core::handoff::Ticket;
    use serde_json::json;

    use super::*;
    use crate::channel::Address;
    use crate::store::ConversationId;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn said() -> Event {
        Event::Said { reply: Reply::default() }
    }

    fn called() -> Event {
        let (step, action) = ("order".into(), "order".into());
        Event::ActionCalled { call: 7, step, action, with: json!({ "number": 1 }) }
    }

    fn timer(number: u64, seconds: i64) -> Event {
        Event::TimerSet { timer: number, at: at(seconds), purpose: Purpose::Remind }
    }

    fn owner(owner: Owner) -> Event {
        Event::OwnerChanged { owner }
    }

    fn agent(name: fn(String) -> Event) -> Event {
        name("Ada".into())
    }

    fn handed_off() -> Event {
        Event::HandedOff(Box::new(Ticket {
            number: None,
            customer: None,
            channel: None,
            language: None,
            team: "support".into(),
            reason: "asked".into(),
            priority: Priority::Normal,
            intent: None,
            confidence: None,
            slots: vec![],
            transcript: vec![],
            opened: at(0),
            earlier: None,
        }))
    }

    /// The commit of `events` after `before`, in a few words.
    fn planned(before: &[Event], events: Vec<Event>) -> String {
        let address = Address { channel: "test".into(), peer: "1".into() };
        let tracker = Tracker::replay(before);
        let loaded = Loaded { id: ConversationId(1), address, revision: 3, tracker, inbox: vec![] };
        let mut taken = Taken { events: vec![], tracker: loaded.tracker.clone() };
        taken.take(events);
        let commit = plan(&loaded, vec![InboxId(5)], taken, at(9), None);
        assert_eq!((commit.revision, &commit.done[..], commit.at), (3, &[InboxId(5)][..], at(9)));
        in_words(&commit)
    }

    fn in_words(commit: &Commit) -> String {
        let mut words = Vec::new();
        for NewEntry { route, what, .. } in &commit.outbox {
            words.push(match what {
                Work::Deliver { what } => match what.agent() {
                    None => format!("{route}:bot"),
                    Some(agent) => format!("{route}:{agent}:{}", what.plain()),
                },
                Work::Call { call, action, with } => format!("{route}:{call}:{action}:{with}"),
            });
        }
        let seconds = |at: &Timestamp| at.as_second() - 1_800_000_000;
        words.extend(commit.timers_set.iter().map(|(number, at)| format!("+{number}@{}", seconds(at))));
        words.extend(commit.timers_done.iter().map(|number| format!("-{number}")));
        words.extend(commit.ticket.iter().map(|change| match change {
            TicketChange::Open(_) => "open".to_owned(),
            TicketChange::Claimed { agent } => format!("claimed:{agent}"),
            TicketChange::Waiting => "waiting".to_owned(),
            TicketChange::Alerted => "alerted".to_owned(),
            TicketChange::Closed => "closed".to_owned(),
            TicketChange::Rated { ticket, stars } => format!("rated:{ticket}:{stars}"),
        }));
        words.extend(commit.forget.then(|| "forget".to_owned()));
        words.join(" ")
    }

    #[test]
    fn what_follows_from_events() {
        use Owner::{Bot, Closed, Person, Waiting};
        let claimed = || agent(|agent| Event::Claimed { agent });
        let released = || agent(|agent| Event::Released { agent });
        let agent_said = Event::AgentSaid { agent: "Ada".into(), text: "Hi".into(), at: at(0) };
        let waits = vec![owner(Waiting)];
        let with_person = vec![owner(Person)];
        let cases: Vec<(Vec<Event>, Vec<Event>, &str)> = vec![
            (vec![], vec![Event::Missed], ""),
            (vec![], vec![said(), said()], "test:bot test:bot"),
            (vec![], vec![said(), called()], "test:bot call:7:order:{\"number\":1}"),
            (with_person.clone(), vec![agent_said], "test:Ada:Hi"),
            (
                vec![],
                vec![Event::AgentDeleted {
                    agent: "Ada".into(),
                    messages: vec!["7".into(), "8".into()],
                    before: "Hi".into(),
                }],
                "test:Ada:[deletion] Hi test:Ada:[deletion] Hi",
            ),
            (vec![], vec![timer(1, 60), timer(2, 90)], "+1@60 +2@90"),
            (vec![timer(1, 60)], vec![Event::TimerDone { timer: 1 }, timer(2, 90)], "+2@90 -1"),
            (vec![timer(1, 60)], vec![timer(1, 90)], "+1@90"),
            (vec![], vec![timer(1, 60), Event::TimerDone { timer: 1 }], ""),
            (vec![timer(1, 60)], vec![Event::Restarted], "-1"),
            (vec![], vec![handed_off(), owner(Waiting)], "open"),
            (vec![], vec![handed_off(), claimed(), owner(Person)], "open claimed:Ada"),
            (waits.clone(), vec![claimed(), owner(Person)], "claimed:Ada"),
            (with_person.clone(), vec![released(), owner(Waiting)], "waiting"),
            (with_person.clone(), vec![owner(Waiting)], "waiting"),
            (with_person.clone(), vec![owner(Bot), said()], "test:bot closed"),
            (with_person.clone(), vec![owner(Closed)], "closed"),
            (waits.clone(), vec![owner(Bot)], "closed"),
            (vec![owner(Closed)], vec![owner(Bot)], ""),
            (waits.clone(), vec![Event::Alerted { alert: Alert::Unclaimed }], "alerted"),
            (vec![owner(Closed)], vec![Event::Rated { ticket: 4, stars: 5 }], "rated:4:5"),
            (vec![timer(1, 60)], vec![called(), Event::Forgotten, said()], "test:bot -1 forget"),
            (with_person.clone(), vec![Event::Forgotten], "closed forget"),
            (with_person, vec![owner(Bot), Event::Forgotten], "closed forget"),
            (waits, vec![Event::Alerted { alert: Alert::Unclaimed }, Event::Forgotten], "closed forget"),
        ];
        for (before, events, expected) in cases {
            let what = format!("{events:?}");
            assert_eq!(planned(&before, events), expected, "{what}");
        }
    }
}
