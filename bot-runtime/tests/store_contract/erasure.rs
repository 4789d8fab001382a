//! What is forgotten is gone, and only that.
use bot_core::catalog::Priority;
use bot_core::dialogue::{Customer, Event, Input, Tracker};
use bot_core::handoff::{AgentAct, Ticket};
use bot_runtime::channel::{Body, Inbound};
use bot_runtime::store::{Commit, ConversationId, EventId, REMEMBERED, Store, TicketChange};
use jiff::Timestamp;

use crate::harness::*;

fn receipt(commit: &mut Commit) {
    commit.events = vec![
        customer_said("yes, erase it"),
        Event::Understood { intent: "forget_me".to_owned(), confidence: 1.0 },
        Event::Forgotten,
        said("It is erased."),
    ];
    commit.tracker = Tracker::default();
    commit.outbox = vec![to_send("It is erased.")];
    commit.forget = true;
}

/// A conversation that has something of everything.
async fn full(store: &impl Store) -> ConversationId {
    let named = Customer { name: Some("Ana".to_owned()), ..Customer::default() };
    let hello = Inbound { customer: Some(named), ..text("ana", "1", "hello") };
    let id = store.receive(vec![hello], at(0)).await.unwrap()[0].conversation;
    turn(store, id, |commit| {
        commit.events = vec![customer_said("hello"), said("Hello!")];
        commit.tracker = tracker_with("a", "b");
        commit.outbox = vec![to_send("Hello!"), to_send("How are you?")];
        commit.timers_set = vec![(1, at(60))];
        commit.ticket = vec![TicketChange::Open(Box::new(ticket("sales", Priority::High)))];
    })
    .await;
    id
}

pub async fn forgetting_leaves_the_receipt(store: impl Store) {
    let other = write(&store, "ben", "b", "hi").await;
    turn(&store, other, |commit| commit.events = vec![customer_said("hi")]).await;
    let id = full(&store).await;
    turn(&store, id, receipt).await;

    let events: Vec<_> =
        store.events(Some(id), EventId(0), 9).await.unwrap().into_iter().map(|e| e.event).collect();
    assert_eq!(events, [Event::Forgotten, said("It is erased.")]);
    let entries = take(&store, "w", at(1)).await;
    assert_eq!(entries.iter().map(words).collect::<Vec<_>>(), ["It is erased."]);
    assert_eq!(store.fire(at(99)).await.unwrap(), (0, None));
    let loaded = load(&store, id).await;
    assert_eq!((loaded.tracker, loaded.revision), (Tracker::default(), 2));
    assert_eq!(loaded.inbox, []);
    let left = &all_tickets(&store).await[0].ticket;
    let blank =
        Ticket { customer: None, reason: String::new(), intent: None, confidence: None, ..left.clone() };
    assert_eq!(*left, Ticket { slots: vec![], transcript: vec![], ..blank });
    assert_eq!((left.team.as_str(), left.priority, left.number), ("sales", Priority::High, Some(1)));
    assert_eq!(store.events(Some(other), EventId(0), 9).await.unwrap().len(), 1, "others are not concerned");
    assert!(!store.receive(vec![text("ana", "1", "hello")], at(0)).await.unwrap()[0].is_new);
}

pub async fn what_was_written_since_is_not_forgotten(store: impl Store) {
    let id = full(&store).await;
    turn(&store, id, |_| {}).await;
    let loaded = load(&store, id).await;
    let input = |input| Body::Input { input, message: None };
    let say = AgentAct::Say { text: "Kim here".to_owned() };
    let since = vec![
        text("ana", "2", "a new question"),
        arrival("ana", "3", Body::Edit { message: "1".to_owned(), text: "hello!".to_owned() }),
        arrival("ana", "4", input(Input::TimerDue { timer: 1 })),
        arrival("ana", "5", input(Input::Agent { agent: "Kim".to_owned(), act: say.clone() })),
    ];
    store.receive(since, at(2)).await.unwrap();
    let mut commit = done(&loaded);
    receipt(&mut commit);
    assert!(store.commit(commit).await.unwrap());

    let expected = [Input::text("a new question"), Input::Agent { agent: "Kim".to_owned(), act: say }];
    assert_eq!(waiting(&store, id).await, expected);
    assert_eq!(store.ready(9).await.unwrap(), [id]);
    let edit = |key: &str, message: &str| {
        arrival("ana", key, Body::Edit { message: message.to_owned(), text: "changed".to_owned() })
    };
    store.receive(vec![edit("6", "1"), edit("7", "2")], at(2)).await.unwrap();
    assert_eq!(
        waiting(&store, id).await[0],
        Input::text("changed"),
        "what is erased can't be edited, the new one can"
    );
    assert_eq!(waiting(&store, id).await.len(), 2);
    // Their name is news again.
    let named = Customer { name: Some("Ana".to_owned()), ..Customer::default() };
    store
        .receive(vec![Inbound { customer: Some(named.clone()), ..text("ana", "8", "bye") }], at(3))
        .await
        .unwrap();
    assert_eq!(waiting(&store, id).await[2], Input::Customer(named));
}

pub async fn what_is_forgotten_is_not_sent(store: impl Store) {
    let id = full(&store).await;
    let on_its_way = take(&store, "w", at(1)).await.remove(0);
    turn(&store, id, receipt).await;
    let answer = Some(Input::Undelivered { text: "Hello!".to_owned(), reason: "blocked".to_owned() });
    let failed = bot_runtime::store::Settled::Failed { reason: "blocked".to_owned(), answer };
    store.settle(vec![(on_its_way.id, failed)], at(2)).await.unwrap();
    assert_eq!(waiting(&store, id).await, []);
    let entries = take(&store, "w", at(2)).await;
    assert_eq!(entries.iter().map(words).collect::<Vec<_>>(), ["It is erased."]);
    store.settle(vec![(entries[0].id, SENT)], at(2)).await.unwrap();
    assert_eq!(store.unsettled(id).await.unwrap(), 0);
}

pub async fn only_what_nothing_waits_for_expires(store: impl Store) {
    type Change = fn(&mut Commit);
    let rows: [(&str, bool, Change); 7] = [
        ("nothing", true, |commit| commit.events = vec![said("bye")]),
        ("later", false, |commit| commit.at = at(100)),
        ("timer", false, |commit| commit.timers_set = vec![(1, at(1000))]),
        ("outbox", false, |commit| commit.outbox = vec![to_send("Hello!")]),
        ("inbox", false, |commit| commit.done.clear()),
        ("ticket", false, |commit| {
            commit.ticket = vec![TicketChange::Open(Box::new(ticket("sales", Priority::Normal)))];
        }),
        ("closed", true, |commit| {
            let open = TicketChange::Open(Box::new(ticket("sales", Priority::Normal)));
            commit.ticket = vec![open, TicketChange::Closed];
        }),
    ];
    let mut ids = Vec::new();
    for (peer, _, change) in rows {
        let id = write(&store, peer, peer, "hello").await;
        turn(&store, id, change).await;
        if peer == "ticket" || peer == "closed" {
            let opened = load(&store, id).await.inbox;
            turn(&store, id, |commit| commit.done = opened.iter().map(|item| item.id).collect()).await;
        }
        ids.push(id);
    }
    assert_eq!(store.expire(None, at(100)).await.unwrap(), 0);
    assert_eq!(store.expire(Some(at(1)), at(100)).await.unwrap(), 0, "nothing is that old");
    assert_eq!(store.expire(Some(at(100)), at(100)).await.unwrap(), 2);
    for (id, (peer, gone, _)) in ids.iter().zip(rows) {
        assert_eq!(store.load(*id).await.unwrap().is_none(), gone, "{peer}");
        assert_eq!(store.find(&address(peer)).await.unwrap().is_none(), gone, "{peer}");
    }
    assert_eq!(store.events(Some(ids[0]), EventId(0), 9).await.unwrap(), []);
    assert_eq!(all_tickets(&store).await.len(), 1);
    let (newest, again) = (ids.iter().max().unwrap(), write(&store, "nothing", "new", "hello again").await);
    assert!(again > *newest, "numbers are never given again");
    assert_eq!(load(&store, again).await.tracker, Tracker::default());
}

pub async fn keys_outlive_their_conversations(store: impl Store) {
    let is_new =
        async |now: Timestamp| store.receive(vec![text("ana", "1", "hello")], now).await.unwrap()[0].is_new;
    let id = write(&store, "ana", "1", "hello").await;
    turn(&store, id, |_| {}).await;
    assert_eq!(store.expire(Some(at(2)), at(2)).await.unwrap(), 1);
    assert!(!is_new(at(2)).await);
    let last = at(0).checked_add(REMEMBERED).unwrap();
    store.expire(None, last).await.unwrap();
    assert!(!is_new(last).await);
    let later = last.checked_add(jiff::SignedDuration::from_secs(1)).unwrap();
    store.expire(None, later).await.unwrap();
    assert!(is_new(later).await);
}
