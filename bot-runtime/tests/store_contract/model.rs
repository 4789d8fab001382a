//! Whatever is done: the store in a file answers as the one in memory does.
use bot_core::catalog::Priority;
use bot_core::dialogue::{Customer, Event, Input};
use bot_core::handoff::AgentAct;
use bot_runtime::channel::{Body, Inbound, Message};
use bot_runtime::store::{
    CALLS, Commit, ConversationId, EventId, InboxId, Loaded, MemoryStore, NewEntry, OutboxId, Settled,
    SqliteStore, Store, Thread, TicketChange, Twin, Work,
};
use proptest::prelude::*;

use crate::harness::*;

const PEERS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Receive { peer: usize, key: u8, body: Come, customer: Option<u8> },
    Turn { peer: usize, seconds: i64, ends: usize, stale: bool, changes: Vec<Change> },
    Fail(i64),
    Fire(i64),
    Take { route: bool, worker: u8, dead: Option<u8>, seconds: i64, limit: usize },
    Settle(Vec<(i64, How)>),
    Beat(u8),
    Leave(u8),
    Expire { before: i64, now: i64 },
    Thread { peer: usize, thread: Option<u8>, shown: i64, copies: Vec<(i64, u8)> },
    Drop(usize),
    Memo(u8, Option<u8>),
    Unread(u8),
    Look { peer: usize, desk: bool, message: u8, thread: u8, after: i64, limit: usize },
}

#[derive(Clone, Debug)]
enum Come {
    Text(u8, Option<u8>),
    /// An agent says or notes something, in a message that may quote one.
    Agent(bool, u8, Option<u8>),
    Press,
    Edit(u8, u8),
    Delete(u8),
}

#[derive(Clone, Debug)]
enum Change {
    Event(u8),
    /// Whether it is delivered or called, and from which event it follows.
    Send(bool, Option<usize>),
    Set(u64, i64),
    Done(u64),
    Open(bool, Priority),
    Claimed(u8),
    Waiting,
    Alerted,
    Closed,
    Rated(u64, u8),
    Forget,
}

#[derive(Clone, Debug)]
enum How {
    Sent(bool, Vec<u8>),
    Part(u32, Vec<u8>),
    Again(i64, bool),
    Failed(bool),
}

fn come() -> impl Strategy<Value = Come> {
    prop_oneof![
        4 => (0..4_u8, proptest::option::of(0..4_u8)).prop_map(|(text, name)| Come::Text(text, name)),
        2 => (any::<bool>(), 0..4_u8, proptest::option::of(0..4_u8))
            .prop_map(|(says, name, quotes)| Come::Agent(says, name, quotes)),
        1 => Just(Come::Press),
        3 => (0..4_u8, 0..4_u8).prop_map(|(name, text)| Come::Edit(name, text)),
        1 => (0..4_u8).prop_map(Come::Delete),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let priority = prop_oneof![Just(Priority::Low), Just(Priority::Normal), Just(Priority::High)];
    prop_oneof![
        4 => (0..8_u8).prop_map(Change::Event),
        4 => (any::<bool>(), proptest::option::of(0..3_usize)).prop_map(|(delivers, event)| Change::Send(delivers, event)),
        2 => (0..4_u64, 0..60_i64).prop_map(|(timer, seconds)| Change::Set(timer, seconds)),
        1 => (0..4_u64).prop_map(Change::Done),
        2 => (any::<bool>(), priority).prop_map(|(team, priority)| Change::Open(team, priority)),
        1 => (0..3_u8).prop_map(Change::Claimed),
        1 => Just(Change::Waiting),
        1 => Just(Change::Alerted),
        2 => Just(Change::Closed),
        1 => (0..4_u64, 1..6_u8).prop_map(|(ticket, stars)| Change::Rated(ticket, stars)),
        1 => Just(Change::Forget),
    ]
}

fn how() -> impl Strategy<Value = How> {
    let messages = || proptest::collection::vec(10..16_u8, 0..3);
    prop_oneof![
        (any::<bool>(), messages()).prop_map(|(answers, messages)| How::Sent(answers, messages)),
        (0..3_u32, messages()).prop_map(|(part, messages)| How::Part(part, messages)),
        (0..60_i64, any::<bool>()).prop_map(|(seconds, doubt)| How::Again(seconds, doubt)),
        any::<bool>().prop_map(How::Failed),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let receive = (0..PEERS, any::<u8>(), come(), proptest::option::of(0..2_u8))
        .prop_map(|(peer, key, body, customer)| Step::Receive { peer, key, body, customer });
    let changes = proptest::collection::vec(change(), 0..5);
    let turn = (0..PEERS, 0..60_i64, 0..4_usize, proptest::bool::weighted(0.1), changes)
        .prop_map(|(peer, seconds, ends, stale, changes)| Step::Turn { peer, seconds, ends, stale, changes });
    let take = (any::<bool>(), 0..3_u8, proptest::option::of(0..3_u8), 0..60_i64, 0..3_usize)
        .prop_map(|(route, worker, dead, seconds, limit)| Step::Take { route, worker, dead, seconds, limit });
    let settle = proptest::collection::vec((1..12_i64, how()), 1..4);
    let copies = proptest::collection::vec((1..12_i64, 20..23_u8), 0..3);
    let thread = (0..PEERS, proptest::option::of(0..3_u8), 0..12_i64, copies)
        .prop_map(|(peer, thread, shown, copies)| Step::Thread { peer, thread, shown, copies });
    let look = (0..PEERS, any::<bool>(), 0..23_u8, 0..3_u8, 0..12_i64, 0..4_usize).prop_map(
        |(peer, desk, message, thread, after, limit)| Step::Look {
            peer,
            desk,
            message,
            thread,
            after,
            limit,
        },
    );
    let week: i64 = 8 * 24 * 3600;
    prop_oneof![
        8 => receive,
        8 => turn,
        1 => (1..12_i64).prop_map(Step::Fail),
        2 => (0..60_i64).prop_map(Step::Fire),
        4 => take,
        4 => settle.prop_map(Step::Settle),
        1 => (0..3_u8).prop_map(Step::Beat),
        1 => (0..3_u8).prop_map(Step::Leave),
        3 => thread,
        1 => (0..PEERS).prop_map(Step::Drop),
        1 => (0..2_u8, proptest::option::of(0..2_u8)).prop_map(|(name, value)| Step::Memo(name, value)),
        1 => any::<u8>().prop_map(Step::Unread),
        3 => look,
        1 => (0..60_i64, prop_oneof![Just(0_i64), week..week + 60]).prop_map(|(before, now)| Step::Expire { before, now }),
    ]
}

fn inbound(peer: usize, key: u8, body: &Come, customer: Option<u8>) -> Inbound {
    let body = match body {
        Come::Text(text, name) => Body::Input {
            input: Input::text(text.to_string()),
            message: name.map(|name| name.to_string().into()),
        },
        Come::Agent(says, name, quotes) => {
            let text = name.to_string();
            let act = if *says { AgentAct::Say { text } } else { AgentAct::Note { text } };
            let (id, quotes) = (name.to_string(), quotes.map(|name| name.to_string()));
            let message = Some(Message { id, desk: Some("staff".to_owned()), quotes });
            Body::Input { input: Input::Agent { agent: "Kim".to_owned(), act }, message }
        }
        Come::Press => Body::Input { input: Input::Press { id: "1".to_owned() }, message: None },
        Come::Edit(name, text) => Body::Edit { message: name.to_string(), text: text.to_string() },
        Come::Delete(name) => Body::Delete { message: name.to_string() },
    };
    let customer = customer.map(|name| Customer { name: Some(name.to_string()), ..Customer::default() });
    Inbound { customer, ..arrival(&peer.to_string(), &key.to_string(), body) }
}

fn commit(loaded: &Loaded, seconds: i64, ends: usize, changes: &[Change]) -> Commit {
    let mut commit = done(loaded);
    commit.at = at(seconds);
    commit.done.truncate(ends);
    commit.tracker.turns += 1;
    for change in changes {
        add(&mut commit, change);
    }
    commit
}

fn add(commit: &mut Commit, change: &Change) {
    let call =
        || Work::Call { call: 1, action: "order".to_owned(), with: serde_json::json!({ "number": 1 }) };
    match change {
        Change::Event(number) => commit.events.push(event(*number)),
        Change::Send(true, event) => commit.outbox.push(NewEntry { event: *event, ..to_send("Hello!") }),
        Change::Send(false, event) => {
            commit.outbox.push(NewEntry { route: CALLS.to_owned(), what: call(), event: *event })
        }
        Change::Set(timer, seconds) => commit.timers_set.push((*timer, at(*seconds))),
        Change::Done(timer) => commit.timers_done.push(*timer),
        Change::Open(team, priority) => {
            let team = if *team { "sales" } else { "repairs" };
            commit.ticket.push(TicketChange::Open(Box::new(ticket(team, *priority))));
        }
        Change::Claimed(agent) => commit.ticket.push(TicketChange::Claimed { agent: agent.to_string() }),
        Change::Waiting => commit.ticket.push(TicketChange::Waiting),
        Change::Alerted => commit.ticket.push(TicketChange::Alerted),
        Change::Closed => commit.ticket.push(TicketChange::Closed),
        Change::Rated(ticket, stars) => {
            commit.ticket.push(TicketChange::Rated { ticket: *ticket, stars: *stars })
        }
        Change::Forget => {
            commit.forget = true;
            commit.events.push(Event::Forgotten);
        }
    }
}

fn event(number: u8) -> Event {
    let (agent, text) = ("Kim".to_owned(), number.to_string());
    match number {
        0..3 => said(&text),
        3..5 => customer_said(&text),
        5..7 => Event::AgentSaid { agent, text, at: at(0) },
        _ => Event::Noted { agent, text },
    }
}

fn settled(how: &How) -> Settled {
    let named = |messages: &[u8]| messages.iter().map(u8::to_string).collect();
    let answer =
        |wanted: &bool| wanted.then(|| Input::Undelivered { text: "a".to_owned(), reason: "b".to_owned() });
    match how {
        How::Sent(answers, messages) => Settled::Sent { messages: named(messages), answer: answer(answers) },
        How::Part(part, messages) => Settled::Part { part: *part, messages: named(messages) },
        How::Again(seconds, in_doubt) => {
            Settled::Again { at: at(*seconds), reason: "busy".to_owned(), in_doubt: *in_doubt }
        }
        How::Failed(answers) => Settled::Failed { reason: "gone".to_owned(), answer: answer(answers) },
    }
}

/// What a step answers, in one string.
async fn answer(store: &impl Store, step: &Step) -> String {
    let name = |worker_number: &u8| worker(&worker_number.to_string());
    match step {
        Step::Receive { peer, key, body, customer } => {
            format!("{:?}", store.receive(vec![inbound(*peer, *key, body, *customer)], at(0)).await)
        }
        Step::Turn { peer, seconds, ends, stale, changes } => {
            let Some(id) = store.find(&address(&peer.to_string())).await.unwrap() else {
                return String::new();
            };
            let mut commit = commit(&load(store, id).await, *seconds, *ends, changes);
            commit.revision += u64::from(*stale);
            format!("{:?}", store.commit(commit).await)
        }
        Step::Fail(item) => format!("{:?}", store.failed(InboxId(*item)).await),
        Step::Fire(seconds) => format!("{:?}", store.fire(at(*seconds)).await),
        Step::Take { route, worker, dead, seconds, limit } => {
            let route = if *route { "terminal" } else { CALLS };
            let dead: Vec<_> = dead.iter().filter(|dead| *dead != worker).map(name).collect();
            format!("{:?}", store.take(route, &name(worker), &dead, at(*seconds), *limit).await)
        }
        Step::Settle(all) => {
            let all = all.iter().map(|(id, how)| (OutboxId(*id), settled(how))).collect();
            format!("{:?}", store.settle(all, at(3)).await)
        }
        Step::Beat(worker) => format!("{:?}", store.beat(&name(worker)).await),
        Step::Leave(worker) => format!("{:?}", store.leave(&name(worker)).await),
        Step::Memo(name, value) => {
            let value = value.map(|value| value.to_string());
            let kept = store.keep_memo("telegram", &name.to_string(), value).await;
            format!("{kept:?} {:?}", store.memo("telegram", &name.to_string()).await)
        }
        Step::Unread(key) => {
            format!("{:?}", store.keep_unread("terminal", &key.to_string(), "{}", at(0)).await)
        }
        Step::Thread { .. } | Step::Drop(_) | Step::Look { .. } => at_desk(store, step).await,
        Step::Expire { before, now } => format!("{:?}", store.expire(Some(at(*before)), at(*now)).await),
    }
}

/// What a step at a desk answers. Also of conversations that are not there: their numbers are the peers'.
async fn at_desk(store: &impl Store, step: &Step) -> String {
    let id = async |peer: &usize| {
        let found = store.find(&address(&peer.to_string())).await.unwrap();
        found.unwrap_or(ConversationId(i64::try_from(*peer).unwrap() + 1))
    };
    match step {
        Step::Thread { peer, thread: name, shown, copies } => {
            let name = name.map(|name| name.to_string());
            let kept = Thread { thread: name, ..thread(id(peer).await, EventId(*shown)) };
            let twin = |message: &u8| Twin { desk: None, message: message.to_string(), quotes: None };
            let twins = copies.iter().map(|(event, message)| (EventId(*event), twin(message))).collect();
            format!("{:?}", store.keep_thread(kept, twins).await)
        }
        Step::Drop(peer) => format!("{:?}", store.drop_thread("staff", id(peer).await).await),
        Step::Look { peer, desk, message, thread, after, limit } => {
            let (id, desk) = (id(peer).await, desk.then_some("staff"));
            let event = store.event_of(id, desk, &message.to_string()).await;
            let thread = store.thread_at("staff", "-100", &thread.to_string()).await;
            let traces = store.traces(id, EventId(*after), *limit).await;
            format!("{event:?} {thread:?} {traces:?} {:?}", store.thread("staff", id).await)
        }
        _ => String::new(),
    }
}

async fn compare(memory: MemoryStore, file: SqliteStore, steps: Vec<Step>) -> Result<(), TestCaseError> {
    for step in steps {
        prop_assert_eq!(answer(&memory, &step).await, answer(&file, &step).await, "{:?}", step);
        prop_assert_eq!(seen(&memory).await.unwrap(), seen(&file).await.unwrap(), "after {:?}", step);
    }
    Ok(())
}

proptest! {
    // A file's answers wait for its disk: more cases with PROPTEST_CASES.
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(32), ..ProptestConfig::default() })]

    #[test]
    fn the_file_answers_as_the_memory_does(steps in proptest::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let file = StoreFile::new();
        runtime.block_on(compare(MemoryStore::new(), file.open(), steps))?;
    }
}
