//! What comes in waits, once, in order.
use bot_core::dialogue::{Customer, Event, Input, Tracker};
use bot_runtime::channel::{Address, Body, Inbound};
use bot_runtime::store::{ConversationId, ITEMS, InboxId, Store};

use crate::harness::*;

pub async fn what_arrives_waits_in_its_conversation(store: impl Store) {
    let arrivals = vec![text("ana", "1", "hello"), text("ben", "2", "hi"), text("ana", "3", "my order")];
    let received = store.receive(arrivals, at(5)).await.unwrap();

    assert!(received.iter().all(|received| received.is_new));
    assert_eq!(received[0].conversation, received[2].conversation);
    assert_ne!(received[0].conversation, received[1].conversation);
    let loaded = load(&store, received[0].conversation).await;
    assert_eq!((loaded.address, loaded.revision), (address("ana"), 0));
    assert_eq!(loaded.tracker, Tracker::default());
    let inputs: Vec<_> = loaded.inbox.iter().map(|item| item.input.clone()).collect();
    assert_eq!(inputs, [Input::text("hello"), Input::text("my order")]);
    let first = &loaded.inbox[0];
    assert_eq!((first.at, first.stored, first.attempts), (at(0), at(5), 0));
    assert!(first.id < loaded.inbox[1].id);
    assert_eq!(store.find(&address("ana")).await.unwrap(), Some(received[0].conversation));
    assert_eq!(store.find(&address("cleo")).await.unwrap(), None);
    assert_eq!(store.load(ConversationId(99)).await.unwrap(), None);
}

pub async fn a_second_arrival_changes_nothing(store: impl Store) {
    let again = vec![text("ana", "1", "hello"), text("ana", "1", "hello")];
    let received = store.receive(again.clone(), at(0)).await.unwrap();
    assert_eq!(received.iter().map(|received| received.is_new).collect::<Vec<_>>(), [true, false]);
    let id = received[0].conversation;
    let before = seen(&store).await.unwrap();
    assert_eq!(store.receive(again, at(9)).await.unwrap()[0].conversation, id);
    assert_eq!(seen(&store).await.unwrap(), before);

    turn(&store, id, |_| {}).await;
    assert!(!store.receive(vec![text("ana", "1", "hello")], at(9)).await.unwrap()[0].is_new);
    assert_eq!(waiting(&store, id).await, []);

    let elsewhere = Address { channel: "telegram".to_owned(), peer: "ana".to_owned() };
    let same_key = Inbound { address: elsewhere, ..text("ana", "1", "hello") };
    let received = store.receive(vec![same_key], at(9)).await.unwrap();
    assert!(received[0].is_new, "a key is unique within its channel only");
    assert_ne!(received[0].conversation, id);
}

pub async fn who_waits_longest_is_ready_first_and_each_once(store: impl Store) {
    let ana = write(&store, "ana", "0", "first").await;
    let flood = (1..50).map(|n| text("ana", &n.to_string(), "and"));
    store.receive(flood.collect(), at(0)).await.unwrap();
    let ben = write(&store, "ben", "b", "hi").await;
    let cleo = write(&store, "cleo", "c", "hi").await;

    assert_eq!(store.ready(10).await.unwrap(), [ana, ben, cleo]);
    assert_eq!(store.ready(2).await.unwrap(), [ana, ben]);
    turn(&store, ana, |commit| commit.done.truncate(1)).await;
    assert_eq!(store.ready(10).await.unwrap(), [ana, ben, cleo], "her second one still came before");
    turn(&store, ben, |_| {}).await;
    assert_eq!(store.ready(10).await.unwrap(), [ana, cleo]);
    write(&store, "ben", "b2", "again").await;
    assert_eq!(store.ready(10).await.unwrap(), [ana, cleo, ben]);
}

pub async fn an_inbox_is_loaded_in_parts(store: impl Store) {
    let many = (0..ITEMS + 3).map(|n| text("ana", &n.to_string(), &n.to_string()));
    let id = store.receive(many.collect(), at(0)).await.unwrap()[0].conversation;
    assert_eq!(waiting(&store, id).await.len(), ITEMS);
    turn(&store, id, |_| {}).await;
    let rest: Vec<_> = (ITEMS..ITEMS + 3).map(|n| Input::text(n.to_string())).collect();
    assert_eq!(waiting(&store, id).await, rest);
}

pub async fn a_customer_is_told_of_when_they_are_news(store: impl Store) {
    let known = |name: &str| Customer { name: Some(name.to_owned()), ..Customer::default() };
    let from = |key: &str, customer| Inbound { customer, ..text("ana", key, key) };
    let arrivals = vec![
        from("1", Some(Customer::default())),
        from("2", Some(known("Ana"))),
        from("3", Some(known("Ana"))),
        from("4", None),
        from("5", Some(known("Anna"))),
    ];
    let id = store.receive(arrivals, at(0)).await.unwrap()[0].conversation;
    let expected = [
        Input::text("1"),
        Input::Customer(known("Ana")),
        Input::text("2"),
        Input::text("3"),
        Input::text("4"),
        Input::Customer(known("Anna")),
        Input::text("5"),
    ];
    assert_eq!(waiting(&store, id).await, expected);

    // What was stored last counts, not what the turn made of it.
    turn(&store, id, |commit| commit.tracker = Tracker::replay(&[Event::CustomerKnown(known("Ms Smith"))]))
        .await;
    store.receive(vec![from("6", Some(known("Anna")))], at(0)).await.unwrap();
    assert_eq!(waiting(&store, id).await, [Input::text("6")]);

    // Where none was stored, it is what the tracker knows.
    let ben = write(&store, "ben", "7", "hi").await;
    turn(&store, ben, |commit| commit.tracker = Tracker::replay(&[Event::CustomerKnown(known("Ben"))])).await;
    let from_ben = |key: &str, name| Inbound { customer: Some(known(name)), ..text("ben", key, key) };
    store.receive(vec![from_ben("8", "Ben"), from_ben("9", "Benno")], at(0)).await.unwrap();
    let expected = [Input::text("8"), Input::Customer(known("Benno")), Input::text("9")];
    assert_eq!(waiting(&store, ben).await, expected);
}

pub async fn failed_turns_are_counted(store: impl Store) {
    let input = Body::Input { input: Input::Start, message: None };
    let id = store.receive(vec![arrival("ana", "1", input)], at(0)).await.unwrap()[0].conversation;
    let item = load(&store, id).await.inbox[0].id;
    assert_eq!(store.failed(item).await.unwrap(), 1);
    assert_eq!(store.failed(item).await.unwrap(), 2);
    assert_eq!(load(&store, id).await.inbox[0].attempts, 2);
    turn(&store, id, |_| {}).await;
    assert_eq!(store.failed(item).await.unwrap(), 0, "it is gone");
    assert_eq!(store.failed(InboxId(99)).await.unwrap(), 0);
}
