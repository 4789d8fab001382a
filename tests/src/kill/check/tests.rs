//! The checker finds each kind of fault: a sound record, made in memory, and what is done to it.
use bot_core::dialogue::{ActionOutcome, Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_core::handoff::{AgentAct, Owner};
use bot_runtime::channel::{Address, Body};
use bot_runtime::store::{ConversationId, EventId, StoredEvent, StoredTicket};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::super::record::{Expected, Kept, Post, Record, Request, Topic};
use super::super::runs::engine;
use super::{Rule, differences};
use crate::standin::{Delivered, Written, channel};

const PEER: &str = "c1";

/// A conversation in memory, with all that the world does.
struct Maker<'a> {
    engine: &'a Engine,
    record: Record,
    kept: Kept,
    now: Timestamp,
}

impl Maker<'_> {
    fn write(&mut self, input: Input) {
        let key = format!("m{}", self.record.ledger.written.len() + 1);
        let body = Body::Input { input: input.clone(), message: Some(key.clone().into()) };
        self.record.ledger.written.push(Written { key, peer: PEER.to_owned(), name: None, body });
        self.take(&input);
    }

    fn take(&mut self, input: &Input) {
        self.now += SignedDuration::from_millis(10);
        let events = self.engine.turn(&self.kept.tracker, input, &self.now.to_zoned(TimeZone::system()));
        for event in &events {
            self.kept.tracker.apply(event);
            let id = EventId(self.kept.events.len() as i64 + 1);
            self.kept.events.push(StoredEvent {
                id,
                conversation: self.kept.id,
                at: self.now,
                event: event.clone(),
            });
        }
        events.iter().for_each(|event| self.carry_out(event));
    }

    fn carry_out(&mut self, event: &Event) {
        match event {
            Event::Said { reply } => self.deliver(None, reply.text.plain()),
            Event::AgentSaid { agent, text, .. } => self.deliver(Some(agent.clone()), text.clone()),
            Event::HandedOff(ticket) => {
                self.kept.tickets.push(StoredTicket {
                    number: 1,
                    conversation: self.kept.id,
                    address: Address { channel: channel::NAME.to_owned(), peer: PEER.to_owned() },
                    ticket: (**ticket).clone(),
                    owner: Owner::Waiting,
                    agent: None,
                    announced: self.now,
                    closed: None,
                    stars: None,
                });
                self.take(&Input::TicketOpened { ticket: 1, ahead: 0 });
            }
            Event::ActionCalled { call, action, with, .. } => {
                let tag = with["tag"].as_str().unwrap().to_owned();
                self.record.requests.push(Request {
                    action: action.clone(),
                    tag,
                    key: Some(format!("k{call}")),
                });
                let outcome = ActionOutcome::Done(json!({ "state": "done" }));
                self.take(&Input::ActionDone { call: *call, outcome });
            }
            _ => {}
        }
    }

    fn deliver(&mut self, agent: Option<String>, text: String) {
        let key = format!("d{}", self.record.ledger.lines.len() + 1);
        let (buttons, presses, again, process) = (Vec::new(), Vec::new(), false, 10);
        let peer = PEER.to_owned();
        self.record.ledger.lines.push(Delivered { key, peer, agent, text, buttons, presses, again, process });
    }
}

fn sound(engine: &Engine) -> Record {
    let kept = Kept {
        id: ConversationId(1),
        peer: PEER.to_owned(),
        tracker: Tracker::default(),
        events: Vec::new(),
        tickets: Vec::new(),
        thread: None,
        unsettled: 0,
    };
    let now = "2026-11-23T10:00:00Z".parse().unwrap();
    let mut maker = Maker { engine, record: Record::default(), kept, now };
    maker.take(&Input::Customer(channel::customer(PEER)));
    for text in ["echo t1", "book something", "t2", "pay t3", "complain about t4"] {
        maker.write(Input::text(text));
    }
    let agent = "Ida".to_owned();
    for act in [AgentAct::Claim, AgentAct::Say { text: "Ida answers t5".into() }, AgentAct::Back] {
        maker.write(Input::Agent { agent: agent.clone(), act });
    }
    maker.write(Input::text("echo t6"));
    let Maker { mut record, mut kept, now, .. } = maker;
    let ticket = &mut kept.tickets[0];
    (ticket.owner, ticket.agent, ticket.closed) = (Owner::Closed, Some(agent), Some(now));
    let texts = ["Heard t1.", "Booked t2: done.", "Paid t3: done.", "Heard t6."];
    record.expected =
        texts.map(|text| Expected { peer: PEER.to_owned(), one_of: vec![text.to_owned()] }).into();
    record.killed.insert(10);
    record.conversations.push(kept);
    record
}

fn line(record: &Record, text: &str) -> usize {
    record.ledger.lines.iter().position(|line| line.text.starts_with(text)).unwrap()
}

fn event(record: &Record, wanted: impl Fn(&Event) -> bool) -> usize {
    record.conversations[0].events.iter().position(|stored| wanted(&stored.event)).unwrap()
}

/// The line arrives once more, right behind itself.
fn repeat(record: &mut Record, text: &str, again: bool) {
    let at = line(record, text);
    let mut line = record.ledger.lines[at].clone();
    (line.again, line.process) = (again, 11);
    record.ledger.lines.insert(at + 1, line);
}

type Fault = fn(&mut Record);

#[test]
fn each_kind_of_fault_is_found() {
    let cases: &[(&str, Fault, &[Rule])] = &[
        ("nothing", |_| {}, &[]),
        ("a repetition of what was on the wire", |record| repeat(record, "Heard t1", true), &[]),
        (
            "one of what the platform did not answer",
            |record| {
                record.killed.clear();
                repeat(record, "Heard t1", true);
                record.ledger.unanswered.insert(line(record, "Heard t1"));
            },
            &[],
        ),
        ("one as if for the first time", |record| repeat(record, "Heard t1", false), &[Rule::Repeats]),
        (
            "one without a kill",
            |record| {
                record.killed.clear();
                repeat(record, "Heard t1", true);
            },
            &[Rule::Repeats],
        ),
        (
            "two of the same kill",
            |record| {
                repeat(record, "Heard t1", true);
                repeat(record, "Booked", true);
            },
            &[Rule::Repeats],
        ),
        (
            "one behind later lines",
            |record| {
                let mut line = record.ledger.lines[0].clone();
                line.again = true;
                record.ledger.lines.push(line);
            },
            &[Rule::Repeats, Rule::Order, Rule::Answers],
        ),
        (
            "a reply that is dropped",
            |record| {
                let at = line(record, "Heard t1");
                record.ledger.lines.remove(at);
            },
            &[Rule::Order, Rule::Answers],
        ),
        (
            "the same reply with another key",
            |record| {
                let at = line(record, "Heard t6");
                let mut line = record.ledger.lines[at].clone();
                line.key = "d99".to_owned();
                record.ledger.lines.push(line);
            },
            &[Rule::Order, Rule::Answers],
        ),
        ("replies that change places", |record| record.ledger.lines.swap(0, 1), &[Rule::Order]),
        (
            "a reply to somebody else",
            |record| record.ledger.lines[0].peer = "c2".to_owned(),
            &[Rule::Order, Rule::Answers],
        ),
        (
            "a message that is never confirmed",
            |record| record.ledger.unconfirmed.push(record.ledger.written[0].clone()),
            &[Rule::Rest],
        ),
        ("something that waits", |record| record.conversations[0].unsettled = 1, &[Rule::Rest]),
        ("a conversation that is gone", |record| record.conversations.clear(), &[Rule::Rest, Rule::Effects]),
        (
            "a message that was lost",
            |record| {
                let mut lost = record.ledger.written[0].clone();
                lost.body = Body::Input { input: Input::text("echo t9"), message: None };
                record.ledger.written.insert(1, lost);
            },
            &[Rule::Heard, Rule::Retrace],
        ),
        (
            "an act of an agent that was lost",
            |record| {
                let at = record.ledger.written.iter().position(Written::is_agents).unwrap();
                let mut lost = record.ledger.written[at].clone();
                let act = AgentAct::Say { text: "lost".into() };
                lost.body = Body::Input { input: Input::Agent { agent: "Ida".into(), act }, message: None };
                record.ledger.written.insert(at + 1, lost);
            },
            &[Rule::Retrace],
        ),
        (
            "a message that came from nowhere",
            |record| drop(record.ledger.written.remove(0)),
            &[Rule::Retrace],
        ),
        (
            "messages in another order",
            |record| record.ledger.written.swap(0, 3),
            &[Rule::Heard, Rule::Retrace],
        ),
        (
            "a state that is not its events'",
            |record| record.conversations[0].tracker.turns += 1,
            &[Rule::Replay],
        ),
        (
            "a ticket that is stuck",
            |record| {
                let ticket = &mut record.conversations[0].tickets[0];
                (ticket.owner, ticket.closed) = (Owner::Person, None);
            },
            &[Rule::Tickets],
        ),
        (
            "a ticket that is doubled",
            |record| {
                let mut ticket = record.conversations[0].tickets[0].clone();
                ticket.number = 2;
                record.conversations[0].tickets.push(ticket);
            },
            &[Rule::Tickets],
        ),
        (
            "a number that is given twice",
            |record| {
                let mut other = record.conversations[0].clone();
                (other.peer, other.events, other.tracker) = ("c2".to_owned(), Vec::new(), Tracker::default());
                record.conversations.push(other);
            },
            &[Rule::Tickets],
        ),
        (
            "a payment made twice",
            |record| {
                let paid = record.requests.iter().find(|request| request.action == "pay").unwrap().clone();
                record.requests.push(paid);
            },
            &[Rule::Effects],
        ),
        (
            "a booking with two keys",
            |record| {
                let mut booked =
                    record.requests.iter().find(|request| request.action == "book").unwrap().clone();
                booked.key = Some("other".to_owned());
                record.requests.push(booked);
            },
            &[Rule::Effects],
        ),
        ("an answer that nobody gave", |record| record.requests.clear(), &[Rule::Effects]),
        (
            "an outcome that is gone",
            |record| {
                let at = event(record, |event| matches!(event, Event::ActionAnswered { .. }));
                record.conversations[0].events.remove(at);
            },
            &[Rule::Effects, Rule::Retrace],
        ),
        (
            "a call that hangs",
            |record| {
                let at = event(record, |event| matches!(event, Event::ActionAnswered { .. }));
                let kept = &mut record.conversations[0];
                kept.events.truncate(at);
                kept.tracker = Tracker::replay(kept.events.iter().map(|stored| &stored.event));
            },
            &[Rule::Effects],
        ),
        (
            "a bot that speaks while an agent has the conversation",
            |record| {
                let (said, claimed) = (
                    event(record, |event| matches!(event, Event::Said { .. })),
                    event(record, |event| matches!(event, Event::AgentSaid { .. })),
                );
                let said = record.conversations[0].events[said].clone();
                record.conversations[0].events.insert(claimed, said);
            },
            &[Rule::Owner],
        ),
    ];
    let engine = engine().unwrap();
    for (name, fault, expected) in cases {
        let mut record = sound(&engine);
        fault(&mut record);
        let found = differences(&engine, &record);
        let mut rules: Vec<Rule> = found.iter().map(|found| found.rule).collect();
        rules.sort();
        rules.dedup();
        for rule in *expected {
            assert!(rules.contains(rule), "{name}: {rule:?} is not found, but {found:#?}");
        }
        assert_eq!(expected.is_empty(), rules.is_empty(), "{name}: {found:#?}");
    }
}

#[test]
fn agents_of_another_program_may_come_at_any_time() {
    let engine = engine().unwrap();
    let mut record = sound(&engine);
    record.ledger.written.sort_by_key(Written::is_agents);
    assert!(!differences(&engine, &record).is_empty());
    record.agents_apart = true;
    assert_eq!(differences(&engine, &record), []);
}

/// What agents see of the sound record, and the customer's words to them.
fn with_topics(engine: &Engine) -> Record {
    let mut record = sound(engine);
    let kept = &mut record.conversations[0];
    let at = kept.events.iter().position(|stored| matches!(stored.event, Event::Claimed { .. })).unwrap();
    let words = ["and t7 is bad, too", "I see, t8"];
    for (index, text) in words.iter().enumerate() {
        let event = Event::CustomerSaid { text: (*text).to_owned(), at: maker_time() };
        let stored = StoredEvent { event, ..kept.events[at].clone() };
        kept.events.insert(at + 1 + index, stored);
    }
    let post = |text: &str| Post { text: text.to_owned(), process: 10, ..Post::default() };
    let posts = vec![
        Post { card: Some(1), ..post("#1 waits") },
        post("customer: and t7 is bad, too"),
        post("customer: I see, t8"),
    ];
    record.has_topics = true;
    record.topics.push(Topic { peer: Some(PEER.to_owned()), title: "#1 c1".to_owned(), posts });
    record
}

fn maker_time() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

#[test]
fn each_kind_of_fault_in_topics_is_found() {
    let cases: &[(&str, Fault, &[Rule])] = &[
        ("nothing", |_| {}, &[]),
        ("no topic", |record| record.topics.clear(), &[Rule::Topics]),
        (
            "two topics",
            |record| {
                let mut second = record.topics[0].clone();
                second.posts.iter_mut().for_each(|post| post.process = 11);
                record.topics.push(second);
            },
            &[Rule::Topics],
        ),
        ("a topic of nobody", |record| record.topics.push(Topic::default()), &[Rule::Topics]),
        ("no card", |record| drop(record.topics[0].posts.remove(0)), &[Rule::Shown]),
        ("a word that is not shown", |record| drop(record.topics[0].posts.remove(1)), &[Rule::Shown]),
        ("words in another order", |record| record.topics[0].posts.swap(1, 2), &[Rule::Shown]),
        (
            "two words in one post",
            |record| {
                let posts = &mut record.topics[0].posts;
                let more = posts.remove(2).text;
                posts[1].text += &more;
            },
            &[],
        ),
        ("the action in flight, once more", |record| post_again(record, 1, 1), &[]),
        (
            "the same with more behind it",
            |record| {
                post_again(record, 1, 1);
                record.topics[0].posts[2].text += "customer: I see, t8";
                record.topics[0].posts.remove(3);
            },
            &[],
        ),
        ("a second card of the same kill", |record| post_again(record, 0, 1), &[]),
        (
            "two actions of the same kill",
            |record| {
                post_again(record, 0, 1);
                post_again(record, 2, 1);
            },
            &[Rule::TopicRepeats],
        ),
        ("one after later ones", |record| post_again(record, 1, 2), &[Rule::TopicRepeats]),
        (
            "one without a kill",
            |record| {
                record.killed.clear();
                post_again(record, 1, 1);
            },
            &[Rule::TopicRepeats],
        ),
        (
            "one that the platform did not answer",
            |record| {
                record.killed.clear();
                record.topics[0].posts[1].unanswered = true;
                post_again(record, 1, 1);
            },
            &[],
        ),
    ];
    let engine = engine().unwrap();
    for (name, fault, expected) in cases {
        let mut record = with_topics(&engine);
        fault(&mut record);
        let of_topics = |rule: &Rule| matches!(rule, Rule::Topics | Rule::Shown | Rule::TopicRepeats);
        let found = differences(&engine, &record);
        let mut rules: Vec<Rule> = found.iter().map(|found| found.rule).filter(of_topics).collect();
        rules.dedup();
        assert_eq!(&rules, expected, "{name}: {found:#?}");
    }
}

/// The post arrives once more, so many places behind itself.
fn post_again(record: &mut Record, index: usize, behind: usize) {
    let posts = &mut record.topics[0].posts;
    let again = Post { process: 11, ..posts[index].clone() };
    posts.insert(index + behind, again);
}
