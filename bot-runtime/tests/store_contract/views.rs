//! What desks look at, and how they are told to.
use bot_core::handoff::Owner;
use bot_runtime::store::{ConversationId, EventId, InboxId, OutboxId, Store, StoreError};

use crate::harness::*;

pub async fn events_are_read_on_from_where_one_was(store: impl Store) {
    assert_eq!(store.newest().await.unwrap(), EventId(0));
    let (ana, ben) = (write(&store, "ana", "1", "hello").await, write(&store, "ben", "2", "hi").await);
    turn(&store, ana, |commit| commit.events = vec![said("a1"), said("a2")]).await;
    let between = store.newest().await.unwrap();
    turn(&store, ben, |commit| commit.events = vec![said("b1")]).await;
    turn(&store, ana, |commit| commit.events = vec![said("a3")]).await;

    let read = async |of, after, limit| -> Vec<_> {
        let events = store.events(of, after, limit).await.unwrap();
        assert!(events.is_sorted_by(|a, b| a.id < b.id));
        events.into_iter().map(|stored| stored.event).collect()
    };
    assert_eq!(read(None, EventId(0), 9).await, [said("a1"), said("a2"), said("b1"), said("a3")]);
    assert_eq!(read(None, between, 1).await, [said("b1")]);
    assert_eq!(read(Some(ana), between, 9).await, [said("a3")]);
    assert_eq!(read(Some(ana), EventId(0), 2).await, [said("a1"), said("a2")]);
    assert_eq!(read(None, store.newest().await.unwrap(), 9).await, []);
}

pub async fn conversations_are_listed_by_their_last_activity(store: impl Store) {
    for (peer, seconds) in [("ana", 1), ("ben", 2), ("cleo", 3)] {
        store.receive(vec![text(peer, peer, "hello")], at(seconds)).await.unwrap();
    }
    let ana = store.find(&address("ana")).await.unwrap().unwrap();
    turn(&store, ana, |commit| {
        commit.at = at(4);
        commit.tracker.owner = Owner::Person;
    })
    .await;
    store.receive(vec![text("ben", "b2", "hello")], at(5)).await.unwrap();
    let listed = store.list(9).await.unwrap();
    let peers: Vec<_> = listed.iter().map(|listed| (listed.address.peer.as_str(), listed.active)).collect();
    assert_eq!(peers, [("ben", at(5)), ("ana", at(4)), ("cleo", at(3))]);
    assert_eq!((listed[1].owner, listed[0].owner), (Owner::Person, Owner::Bot));
    assert_eq!(store.list(1).await.unwrap().len(), 1);
    let ben = listed[0].id;
    assert_eq!(store.unsettled(ben).await.unwrap(), 2);
    turn(&store, ben, |commit| commit.outbox = vec![to_send("b1"), to_send("b2"), to_send("b3")]).await;
    assert_eq!(store.unsettled(ben).await.unwrap(), 3);
    let first = take(&store, "w", at(9)).await.remove(0);
    assert_eq!(store.unsettled(ben).await.unwrap(), 3);
    store.settle(vec![(first.id, SENT)], at(9)).await.unwrap();
    assert_eq!(store.unsettled(ben).await.unwrap(), 2);
    assert_eq!(store.unsettled(ConversationId(99)).await.unwrap(), 0);
}

pub async fn what_changes_is_told(store: impl Store) {
    let mut changes = store.changes();
    let mut told = move || {
        let told = changes.has_changed().unwrap();
        changes.mark_unchanged();
        told
    };
    assert!(!told());
    let id = write(&store, "ana", "1", "hello").await;
    assert!(told(), "as soon as it is stored");
    let mut stale = done(&load(&store, id).await);
    stale.revision = 9;
    store.commit(stale).await.unwrap();
    write(&store, "ana", "1", "hello").await;
    store.fire(at(0)).await.unwrap();
    store.failed(InboxId(99)).await.unwrap();
    store.settle(vec![(OutboxId(99), SENT)], at(0)).await.unwrap();
    take(&store, "w", at(0)).await;
    store.beat(&worker("w")).await.unwrap();
    store.expire(Some(at(0)), at(0)).await.unwrap();
    store.drop_thread("staff", id).await.unwrap();
    store.keep_memo("telegram", "room", None).await.unwrap();
    store.keep_unread("terminal", "1", "{}", at(0)).await.unwrap();
    assert!(!told(), "where nothing has changed nobody need look");

    turn(&store, id, |commit| {
        commit.timers_set = vec![(1, at(5))];
        commit.outbox = vec![to_send("Hello!")];
    })
    .await;
    assert!(told());
    store.fire(at(5)).await.unwrap();
    assert!(told());
    let entry = take(&store, "w", at(5)).await.remove(0);
    told();
    store.settle(vec![(entry.id, SENT)], at(5)).await.unwrap();
    assert!(told());

    store.keep_thread(thread(id, EventId(0)), vec![]).await.unwrap();
    assert!(told());
    store.keep_memo("telegram", "room", Some("-100".to_owned())).await.unwrap();
    assert!(told());
    store.keep_memo("telegram", "room", Some("-100".to_owned())).await.unwrap();
    assert!(!told(), "it is what it was");
    store.drop_thread("staff", id).await.unwrap();
    assert!(told());
}

pub async fn after_closing_everything_fails(store: impl Store) {
    let id = write(&store, "ana", "1", "hello").await;
    let commit = done(&load(&store, id).await);
    store.close().await.unwrap();
    let closed = || StoreError::Other("it is closed".to_owned());
    assert_eq!(store.receive(vec![text("ana", "2", "hello")], at(0)).await, Err(closed()));
    assert_eq!(store.commit(commit).await, Err(closed()));
    assert_eq!(store.load(id).await, Err(closed()));
    assert_eq!(store.list(9).await, Err(closed()));
    assert_eq!(store.traces(id, EventId(0), 9).await, Err(closed()));
    assert_eq!(store.event_of(id, None, "1").await, Err(closed()));
    assert_eq!(store.thread("staff", id).await, Err(closed()));
    assert_eq!(store.thread_at("staff", "-100", "7").await, Err(closed()));
    assert_eq!(store.keep_thread(thread(id, EventId(0)), vec![]).await, Err(closed()));
    assert_eq!(store.drop_thread("staff", id).await, Err(closed()));
    assert_eq!(store.stale_threads("staff").await, Err(closed()));
    assert_eq!(store.memo("telegram", "room").await, Err(closed()));
    assert_eq!(store.keep_memo("telegram", "room", None).await, Err(closed()));
    assert_eq!(store.keep_unread("terminal", "2", "{}", at(0)).await, Err(closed()));
    assert_eq!(store.close().await, Err(closed()));
}
