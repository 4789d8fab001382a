//! What a turn changes: all of it, or nothing.
use bot_core::catalog::Priority;
use bot_core::dialogue::{Event, Input};
use bot_core::handoff::Owner;
use bot_runtime::store::{Commit, ConversationId, EventId, Store, TicketChange};

use crate::harness::*;

fn everything(commit: &mut Commit) {
    commit.events =
        vec![customer_said("hello"), said("Hello!"), Event::OwnerChanged { owner: Owner::Waiting }];
    commit.tracker = tracker_with("a", "b");
    commit.tracker.owner = Owner::Waiting;
    commit.outbox = vec![to_send("Hello!")];
    commit.timers_set = vec![(3, at(60))];
    commit.ticket = vec![TicketChange::Open(Box::new(ticket("sales", Priority::Normal)))];
}

pub async fn a_commit_stores_all_of_it(store: impl Store) {
    let id = write(&store, "ana", "1", "hello").await;
    let mut commit = done(&load(&store, id).await);
    everything(&mut commit);
    assert!(store.commit(commit.clone()).await.unwrap());

    let loaded = load(&store, id).await;
    assert_eq!((loaded.revision, &loaded.tracker), (1, &commit.tracker));
    let inbox: Vec<_> = loaded.inbox.into_iter().map(|item| item.input).collect();
    assert_eq!(inbox, [Input::TicketOpened { ticket: 1, ahead: 0 }]);
    let events = store.events(Some(id), EventId(0), 10).await.unwrap();
    assert!(events.iter().all(|event| (event.conversation, event.at) == (id, at(1))));
    assert_eq!(events.into_iter().map(|event| event.event).collect::<Vec<_>>(), commit.events);
    let listed = &store.list(10).await.unwrap()[0];
    assert_eq!((listed.owner, listed.active), (Owner::Waiting, at(1)));
    let taken = take(&store, "w", at(1)).await;
    assert_eq!(taken.iter().map(words).collect::<Vec<_>>(), ["Hello!"]);
    assert_eq!((taken[0].conversation, &taken[0].address), (id, &address("ana")));
    assert_eq!(store.fire(at(1)).await.unwrap(), (0, Some(at(60))));
    assert_eq!(all_tickets(&store).await.len(), 1);
}

pub async fn a_commit_that_does_not_fit_changes_nothing(store: impl Store) {
    let id = write(&store, "ana", "1", "hello").await;
    let loaded = load(&store, id).await;
    turn(&store, id, |_| {}).await;
    let before = seen(&store).await.unwrap();
    let mut late = done(&loaded);
    everything(&mut late);
    for forget in [false, true] {
        assert!(!store.commit(Commit { forget, ..late.clone() }).await.unwrap());
    }
    assert!(!store.commit(Commit { revision: 7, ..late.clone() }).await.unwrap());
    assert!(!store.commit(Commit { conversation: ConversationId(99), ..late }).await.unwrap());
    assert_eq!(seen(&store).await.unwrap(), before);
    assert_eq!(store.fire(at(1)).await.unwrap(), (0, None));
    assert_eq!(take(&store, "w", at(1)).await, []);
}

pub async fn a_commit_ends_only_its_own_items(store: impl Store) {
    let (ana, ben) = (write(&store, "ana", "1", "hello").await, write(&store, "ben", "2", "hi").await);
    let of_ben = load(&store, ben).await.inbox[0].id;
    turn(&store, ana, |commit| commit.done.push(of_ben)).await;
    assert_eq!(waiting(&store, ben).await, [Input::text("hi")]);
    assert_eq!(store.ready(10).await.unwrap(), [ben]);
}

pub async fn a_timer_fires_once(store: impl Store) {
    let (ana, ben) = (write(&store, "ana", "1", "hello").await, write(&store, "ben", "2", "hi").await);
    assert_eq!(store.fire(at(0)).await.unwrap(), (0, None));
    turn(&store, ana, |commit| commit.timers_set = vec![(1, at(60)), (2, at(10))]).await;
    turn(&store, ben, |commit| commit.timers_set = vec![(1, at(30))]).await;

    assert_eq!(store.fire(at(9)).await.unwrap(), (0, Some(at(10))));
    assert_eq!(store.fire(at(30)).await.unwrap(), (2, Some(at(60))));
    assert_eq!(store.fire(at(30)).await.unwrap(), (0, Some(at(60))));
    let item = load(&store, ana).await.inbox.remove(0);
    assert_eq!((item.input, item.at, item.stored), (Input::TimerDue { timer: 2 }, at(10), at(30)));
    assert_eq!(waiting(&store, ben).await, [Input::TimerDue { timer: 1 }]);
    assert_eq!(store.ready(10).await.unwrap(), [ana, ben]);
    assert_eq!(store.fire(at(1_000_000)).await.unwrap(), (1, None));
}

pub async fn timers_are_moved_and_taken_back(store: impl Store) {
    let id = write(&store, "ana", "1", "hello").await;
    turn(&store, id, |commit| commit.timers_set = vec![(1, at(60)), (2, at(70)), (u64::MAX, at(80))]).await;
    turn(&store, id, |commit| {
        commit.timers_done = vec![1, 9];
        commit.timers_set = vec![(2, at(20))];
    })
    .await;
    assert_eq!(store.fire(at(20)).await.unwrap(), (1, Some(at(80))));
    assert_eq!(store.fire(at(80)).await.unwrap(), (1, None));
    let due = [Input::TimerDue { timer: 2 }, Input::TimerDue { timer: u64::MAX }];
    assert_eq!(waiting(&store, id).await, due);
}
