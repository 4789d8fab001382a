//! What events have become on platforms: their messages, at the customer's and at desks, and whether they arrived.
use bot_core::dialogue::{Event, Input};
use bot_core::handoff::AgentAct;
use bot_runtime::channel::{Body, Inbound, Message};
use bot_runtime::store::*;
use jiff::SignedDuration;

use crate::harness::*;

pub fn twin(desk: Option<&str>, message: &str) -> Twin {
    Twin { desk: desk.map(str::to_owned), message: message.to_owned(), quotes: None }
}

fn agent_says(peer: &str, key: &str, quotes: Option<&str>) -> Inbound {
    let input =
        Input::Agent { agent: "Kim".to_owned(), act: AgentAct::Say { text: "It is on its way.".to_owned() } };
    let message =
        Message { id: key.to_owned(), desk: Some("staff".to_owned()), quotes: quotes.map(str::to_owned) };
    arrival(peer, &format!("staff {key}"), Body::Input { input, message: Some(message) })
}

fn agent_said() -> Event {
    Event::AgentSaid { agent: "Kim".to_owned(), text: "It is on its way.".to_owned(), at: at(0) }
}

/// What follows from the first event of the commit.
fn follows(words: &str) -> NewEntry {
    NewEntry { event: Some(0), ..to_send(words) }
}

fn sent(messages: &[&str]) -> Settled {
    let messages = messages.iter().map(|message| (*message).to_owned()).collect();
    Settled::Sent { messages, answer: None }
}

fn part(part: u32, messages: &[&str]) -> Settled {
    let messages = messages.iter().map(|message| (*message).to_owned()).collect();
    Settled::Part { part, messages }
}

async fn traces(store: &impl Store, id: ConversationId) -> Vec<Trace> {
    store.traces(id, EventId(0), 99).await.unwrap()
}

async fn settle(store: &impl Store, entry: &Entry, settled: Settled) {
    store.settle(vec![(entry.id, settled)], at(2)).await.unwrap();
}

/// A conversation in which the bot has said something, and the entry that delivers it.
async fn answered(store: &impl Store, peer: &str) -> (ConversationId, Entry) {
    let id = write(store, peer, &format!("{peer} 1"), "hello").await;
    turn(store, id, |commit| {
        commit.events = vec![said("Hello!")];
        commit.outbox = vec![follows("Hello!"), to_send("the next one")];
    })
    .await;
    let taken = take(store, "w", at(1)).await;
    (id, taken.into_iter().find(|entry| entry.conversation == id).expect("it is due"))
}

pub async fn a_customers_message_is_what_they_said(store: impl Store) {
    let quoting = Message { quotes: Some("bot's".to_owned()), ..Message::from("2") };
    let piece = Body::Input { input: Input::text("my order"), message: Some(quoting.clone()) };
    let pieces = vec![text("ana", "1", "hello"), arrival("ana", "2", piece), text("ana", "3", "is late")];
    let id = store.receive(pieces, at(0)).await.unwrap()[0].conversation;
    assert_eq!(traces(&store, id).await, [], "not before its turn");
    turn(&store, id, |commit| {
        commit.events = vec![Event::Missed, customer_said("hello\nmy order\nis late"), said("Oh!")];
    })
    .await;

    let event = store.events(Some(id), EventId(0), 9).await.unwrap()[1].id;
    let quoted = Twin { quotes: quoting.quotes, ..twin(None, "2") };
    let twins = vec![twin(None, "1"), quoted, twin(None, "3")];
    assert_eq!(traces(&store, id).await, [Trace { event, twins, fate: None }], "what has none is left out");
    for message in ["1", "2", "3"] {
        assert_eq!(store.event_of(id, None, message).await.unwrap(), Some(event), "{message}");
    }
    let ben = write(&store, "ben", "b", "hi").await;
    for (what, conversation, desk, message) in [
        ("another message", id, None, "4"),
        ("the same at a desk", id, Some("staff"), "1"),
        ("the same of another customer", ben, None, "1"),
        ("of nobody", ConversationId(99), None, "1"),
    ] {
        assert_eq!(store.event_of(conversation, desk, message).await.unwrap(), None, "{what}");
    }
}

pub async fn a_message_without_an_event_is_dropped(store: impl Store) {
    let press = Body::Input { input: Input::Press { id: "7".to_owned() }, message: Some("bot's".into()) };
    let arrivals = vec![text("ana", "1", "hello"), arrival("ana", "2", press)];
    let id = store.receive(arrivals, at(0)).await.unwrap()[0].conversation;
    turn(&store, id, |commit| {
        commit.done.truncate(1);
        commit.events = vec![said("Hello!")];
    })
    .await;
    turn(&store, id, |commit| commit.events = vec![customer_said("Yes")]).await;
    assert_eq!(traces(&store, id).await, [], "and what a press names is the bot's message");
}

pub async fn a_message_that_was_edited_meanwhile_keeps_its_name(store: impl Store) {
    let id = write(&store, "ana", "1", "helo").await;
    let edit = Body::Edit { message: "1".to_owned(), text: "hello".to_owned() };
    store.receive(vec![arrival("ana", "2", edit)], at(0)).await.unwrap();
    turn(&store, id, |commit| commit.events = vec![customer_said("hello")]).await;
    let again = Body::Edit { message: "1".to_owned(), text: "hello there".to_owned() };
    store.receive(vec![arrival("ana", "3", again)], at(0)).await.unwrap();
    turn(&store, id, |commit| commit.events = vec![customer_said("hello there")]).await;
    let event = store.events(Some(id), EventId(0), 9).await.unwrap()[0].id;
    let expected = [Trace { event, twins: vec![twin(None, "1")], fate: None }];
    assert_eq!(traces(&store, id).await, expected, "an edit is no message of its own");
}

pub async fn an_agents_message_is_what_they_did(store: impl Store) {
    let id = write(&store, "ana", "1", "hello").await;
    store.receive(vec![agent_says("ana", "1", Some("1"))], at(0)).await.unwrap();
    turn(&store, id, |commit| {
        let claimed = Event::Claimed { agent: "Kim".to_owned() };
        commit.events = vec![customer_said("hello"), claimed, agent_said()];
        commit.outbox = vec![NewEntry { event: Some(2), ..to_send("It is on its way.") }];
    })
    .await;
    let events = store.events(Some(id), EventId(0), 9).await.unwrap();
    let (customers, agents) = (events[0].id, events[2].id);
    assert_eq!(store.event_of(id, None, "1").await.unwrap(), Some(customers));
    assert_eq!(store.event_of(id, Some("staff"), "1").await.unwrap(), Some(agents));

    let entry = take(&store, "w", at(1)).await.remove(0);
    assert_eq!(
        (entry.quotes.as_deref(), entry.part),
        (Some("1"), 0),
        "the customer's message, in their terms"
    );
    settle(&store, &entry, sent(&["17"])).await;
    let at_desk = Twin { quotes: Some("1".to_owned()), ..twin(Some("staff"), "1") };
    let expected = Trace { event: agents, twins: vec![at_desk, twin(None, "17")], fate: Some(Fate::Sent) };
    assert_eq!(traces(&store, id).await[1], expected);

    // What the customer edits is theirs, whatever an agent's message is called.
    store.receive(vec![agent_says("ana", "8", None)], at(0)).await.unwrap();
    let edit = |message: &str| Body::Edit { message: message.to_owned(), text: "changed".to_owned() };
    store.receive(vec![arrival("ana", "e8", edit("8"))], at(0)).await.unwrap();
    assert_eq!(waiting(&store, id).await.len(), 1, "nobody's message");
    turn(&store, id, |commit| commit.events = vec![agent_said()]).await;
    store.receive(vec![arrival("ana", "e1", edit("1"))], at(0)).await.unwrap();
    let edited = Input::Edited { before: "hello".to_owned(), text: "changed".to_owned(), last: true };
    assert_eq!(waiting(&store, id).await, [edited]);
}

pub async fn what_is_delivered_has_its_messages_and_its_fate(store: impl Store) {
    type Row = (&'static str, fn() -> Settled, &'static [&'static str], Fate);
    let again = || Settled::Again { at: at(5), reason: "busy".to_owned(), in_doubt: false };
    let rows: [Row; 5] = [
        ("sent", || sent(&["11", "12"]), &["11", "12"], Fate::Sent),
        ("sent, nobody knows as what", || sent(&[]), &[], Fate::Sent),
        ("failed", || Settled::Failed { reason: "blocked".to_owned(), answer: None }, &[], Fate::Failed),
        ("tried again", again, &[], Fate::Waiting),
        ("in parts", || part(0, &["11"]), &["11"], Fate::Waiting),
    ];
    for (peer, settled, messages, fate) in rows {
        let (id, entry) = answered(&store, peer).await;
        let event = store.newest().await.unwrap();
        let waits = Trace { event, twins: vec![], fate: Some(Fate::Waiting) };
        assert_eq!(traces(&store, id).await, [waits], "{peer}: what belongs to no event has no trace");
        settle(&store, &entry, settled()).await;
        let twins = messages.iter().map(|message| twin(None, message)).collect();
        assert_eq!(traces(&store, id).await, [Trace { event, twins, fate: Some(fate) }], "{peer}");
        for message in messages {
            assert_eq!(store.event_of(id, None, message).await.unwrap(), Some(event), "{peer}");
        }
    }
}

pub async fn the_worst_of_several_deliveries_counts(store: impl Store) {
    let id = write(&store, "ana", "1", "hello").await;
    let call = Work::Call { call: 1, action: "order".to_owned(), with: serde_json::json!({}) };
    turn(&store, id, |commit| {
        commit.events = vec![said("Hello!"), Event::Missed];
        let call = NewEntry { route: CALLS.to_owned(), what: call, event: Some(1) };
        commit.outbox = vec![follows("a"), follows("b"), follows("c"), call];
    })
    .await;
    let failed = Settled::Failed { reason: "gone".to_owned(), answer: None };
    for (settled, fate) in
        [(sent(&["1"]), Fate::Waiting), (failed, Fate::Waiting), (sent(&["2"]), Fate::Failed)]
    {
        let entry = take(&store, "w", at(1)).await.remove(0);
        settle(&store, &entry, settled).await;
        let [trace] = <[Trace; 1]>::try_from(traces(&store, id).await).expect("a call is no delivery");
        assert_eq!(trace.fate, Some(fate));
    }
}

pub async fn parts_follow_each_other(store: impl Store) {
    let (id, first) = answered(&store, "ana").await;
    let doubt = Settled::Again { at: at(1), reason: "reset".to_owned(), in_doubt: true };
    settle(&store, &first, doubt).await;
    let entry = take(&store, "w", at(1)).await.remove(0);
    assert_eq!((entry.id, entry.part, entry.attempts, entry.in_doubt), (first.id, 0, 1, true));

    settle(&store, &entry, part(0, &["11", "12"])).await;
    let (entries, next) = store.take("terminal", &worker("w"), &[], at(0), 9).await.unwrap();
    let next_part: Vec<_> =
        entries.iter().map(|entry| (entry.id, entry.part, entry.attempts, entry.in_doubt)).collect();
    assert_eq!(
        (next_part, next),
        (vec![(first.id, 1, 0, false)], None),
        "at once, and still before the others"
    );

    // Another worker has gone on with it.
    settle(&store, &entry, part(0, &["12", "13"])).await;
    assert_eq!(take(&store, "v", at(1)).await, [], "somebody has it");
    let (entries, _) = store.take("terminal", &worker("v"), &[worker("w")], at(1), 9).await.unwrap();
    assert_eq!(
        (entries[0].part, entries[0].in_doubt),
        (1, true),
        "in doubt is only the part that was under way"
    );
    settle(&store, &entries[0], part(1, &["14"])).await;
    let entry = take(&store, "v", at(1)).await.remove(0);
    assert_eq!((entry.part, entry.in_doubt), (2, false));
    settle(&store, &entry, sent(&["15"])).await;
    settle(&store, &entry, part(2, &["16"])).await;

    let twins = ["11", "12", "13", "14", "15"].map(|message| twin(None, message)).to_vec();
    let event = store.newest().await.unwrap();
    assert_eq!(traces(&store, id).await, [Trace { event, twins, fate: Some(Fate::Sent) }]);
    assert_eq!(take(&store, "v", at(1)).await.iter().map(words).collect::<Vec<_>>(), ["the next one"]);
}

pub async fn traces_are_read_on_from_where_one_was(store: impl Store) {
    let id = write(&store, "ana", "1", "hello").await;
    turn(&store, id, |commit| {
        commit.events = vec![customer_said("hello"), said("a"), Event::Missed, said("b"), said("c")];
        commit.outbox = [3, 1].map(|place| NewEntry { event: Some(place), ..to_send("x") }).to_vec();
    })
    .await;
    let ids: Vec<_> =
        store.events(Some(id), EventId(0), 9).await.unwrap().iter().map(|event| event.id).collect();
    let read = async |after, limit| -> Vec<EventId> {
        store.traces(id, after, limit).await.unwrap().iter().map(|trace| trace.event).collect()
    };
    assert_eq!(read(EventId(0), 9).await, [ids[0], ids[1], ids[3]]);
    assert_eq!(read(EventId(0), 2).await, [ids[0], ids[1]]);
    assert_eq!(read(ids[0], 1).await, [ids[1]]);
    assert_eq!(read(ids[3], 9).await, []);
    let ben = write(&store, "ben", "b", "hi").await;
    assert_eq!(traces(&store, ben).await, []);
}

pub async fn what_is_erased_leaves_no_trace(store: impl Store) {
    let id = write(&store, "ana", "1", "hello").await;
    turn(&store, id, |commit| {
        commit.events = vec![customer_said("hello"), said("Hello!")];
        commit.outbox = vec![NewEntry { event: Some(1), ..to_send("Hello!") }];
    })
    .await;
    let entry = take(&store, "w", at(1)).await.remove(0);
    settle(&store, &entry, sent(&["11"])).await;
    let arrivals = vec![text("ana", "2", "erase it"), text("ana", "3", "a new question")];
    store.receive(arrivals, at(2)).await.unwrap();
    turn(&store, id, |commit| {
        commit.done.truncate(1);
        commit.events = vec![customer_said("erase it"), Event::Forgotten, said("It is erased.")];
        let entry = |place, words| NewEntry { event: Some(place), ..to_send(words) };
        commit.outbox = vec![entry(2, "It is erased."), entry(0, "of what is erased")];
        commit.forget = true;
    })
    .await;
    let event = store.newest().await.unwrap();
    let receipt = Trace { event, twins: vec![], fate: Some(Fate::Waiting) };
    assert_eq!(traces(&store, id).await, [receipt]);
    for message in ["1", "2", "11"] {
        assert_eq!(store.event_of(id, None, message).await.unwrap(), None, "{message}");
    }
    turn(&store, id, |commit| commit.events = vec![customer_said("a new question")]).await;
    assert!(store.event_of(id, None, "3").await.unwrap().is_some(), "what was written since keeps its name");

    while let Some(entry) = take(&store, "w", at(3)).await.pop() {
        settle(&store, &entry, sent(&["21"])).await;
    }
    assert_eq!(store.expire(Some(at(100)), at(100)).await.unwrap(), 1);
    assert_eq!(traces(&store, id).await, []);
    assert_eq!(store.event_of(id, None, "21").await.unwrap(), None);
}

pub async fn fates_are_known_as_long_as_keys(store: impl Store) {
    let (id, entry) = answered(&store, "ana").await;
    settle(&store, &entry, sent(&["11"])).await;
    let fate = async || traces(&store, id).await[0].fate;
    let last = at(2).checked_add(REMEMBERED).unwrap();
    store.expire(None, last).await.unwrap();
    assert_eq!(fate().await, Some(Fate::Sent));
    store.expire(None, last + SignedDuration::from_secs(1)).await.unwrap();
    assert_eq!(fate().await, None);
    assert!(store.event_of(id, None, "11").await.unwrap().is_some(), "its messages are known as long as it");
}
