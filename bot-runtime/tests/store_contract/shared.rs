//! Several processes that share what is stored. Each handle is what a process would have.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bot_core::dialogue::Input;
use bot_runtime::store::{ConversationId, OutboxId, Store, Twin};
use tokio::task::JoinSet;

use crate::harness::*;

const TASKS: usize = 4;

pub async fn what_one_process_stores_the_other_sees<S: Store>(open: impl Fn() -> S) {
    let (here, there) = (open(), open());
    let mut changes = there.changes();
    changes.mark_unchanged();
    let id = write(&here, "ana", "1", "hello").await;
    tokio::time::timeout(Duration::from_secs(1), changes.changed()).await.expect("it is told").unwrap();
    assert_eq!(waiting(&there, id).await, [Input::text("hello")]);
    turn(&there, id, |commit| commit.events = vec![said("Hello!")]).await;
    assert_eq!(seen(&here).await.unwrap(), seen(&there).await.unwrap());
    here.close().await.unwrap();
    write(&there, "ana", "2", "still here").await;
    there.close().await.unwrap();
    assert_eq!(waiting(&open(), id).await, [Input::text("still here")]);
}

pub async fn what_one_desk_keeps_the_other_knows<S: Store>(open: impl Fn() -> S) {
    let (here, there) = (open(), open());
    let id = write(&here, "ana", "1", "hello").await;
    turn(&here, id, |commit| commit.events = vec![customer_said("hello")]).await;
    let event = here.newest().await.unwrap();
    let mut changes = there.changes();
    let mut told = async || {
        tokio::time::timeout(Duration::from_secs(1), changes.changed()).await.expect("it is told").unwrap();
    };
    let copy = Twin { desk: None, message: "21".to_owned(), quotes: None };
    here.keep_thread(thread(id, event), vec![(event, copy)]).await.unwrap();
    told().await;
    assert_eq!(there.thread("staff", id).await.unwrap(), Some(thread(id, event)));
    assert_eq!(there.event_of(id, Some("staff"), "21").await.unwrap(), Some(event));
    here.keep_memo("telegram", "room", Some("-200".to_owned())).await.unwrap();
    told().await;
    assert_eq!(there.memo("telegram", "room").await.unwrap().as_deref(), Some("-200"));
    assert!(here.keep_unread("telegram", "u1", "{}", at(0)).await.unwrap());
    assert!(!there.keep_unread("telegram", "u1", "{}", at(0)).await.unwrap());
    assert_eq!(there.expire(Some(at(100)), at(100)).await.unwrap(), 1);
    told().await;
    assert_eq!(here.stale_threads("staff").await.unwrap().len(), 1);
}

pub async fn the_loser_of_a_race_stores_nothing<S: Store>(open: impl Fn() -> S) {
    let (here, there) = (open(), open());
    let id = write(&here, "ana", "1", "hello").await;
    let (mut first, mut second) = (done(&load(&here, id).await), done(&load(&there, id).await));
    first.events = vec![said("first")];
    second.events = vec![said("second")];
    let (first, second) = tokio::join!(here.commit(first), there.commit(second));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert!(first != second, "one of them wins");
    assert_eq!(all_events(&here).await, [said(if first { "first" } else { "second" })]);
}

/// Runs `work` in some tasks for each of two handles.
async fn at_once<S: Store, F>(open: impl Fn() -> S, work: impl Fn(Arc<S>, usize) -> F) -> Vec<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for _ in 0..2 {
        let store = Arc::new(open());
        for task in 0..TASKS {
            tasks.spawn(work(store.clone(), task));
        }
    }
    tasks.join_all().await
}

pub async fn nothing_is_taken_twice<S: Store>(open: impl Fn() -> S) {
    const ENTRIES: usize = 5;
    let store = open();
    for peer in 0..20 {
        let id = write(&store, &peer.to_string(), &peer.to_string(), "hello").await;
        let entries = (0..ENTRIES).map(|number| to_send(&number.to_string()));
        turn(&store, id, |commit| commit.outbox = entries.collect()).await;
    }
    let taken: Arc<Mutex<Vec<(OutboxId, ConversationId)>>> = Arc::default();
    at_once(open, |store, task| {
        let taken = taken.clone();
        async move {
            while taken.lock().unwrap().len() < 20 * ENTRIES {
                let (entries, _) =
                    store.take("terminal", &worker(&task.to_string()), &[], at(1), 3).await.unwrap();
                let settled = entries.iter().map(|entry| (entry.id, SENT)).collect();
                taken.lock().unwrap().extend(entries.iter().map(|entry| (entry.id, entry.conversation)));
                store.settle(settled, at(1)).await.unwrap();
            }
        }
    })
    .await;
    let taken = taken.lock().unwrap();
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), taken.len(), "none is taken twice");
    let mut last = BTreeMap::new();
    for (entry, conversation) in taken.iter() {
        assert!(last.insert(conversation, entry) < Some(entry), "in order");
    }
}

pub async fn no_commit_is_lost<S: Store>(open: impl Fn() -> S) {
    const EACH: usize = 10;
    let store = open();
    let id = write(&store, "ana", "1", "hello").await;
    let lost = at_once(open, |store, _| async move {
        let mut lost = 0;
        for _ in 0..EACH {
            while !count_up(&*store, id).await {
                lost += 1;
            }
        }
        lost
    })
    .await;
    let count = 2 * TASKS * EACH;
    let loaded = load(&store, id).await;
    assert_eq!(loaded.revision, count as u64);
    assert_eq!(loaded.tracker.turns, count as u64);
    assert_eq!(all_events(&store).await.len(), count);
    assert!(lost.iter().sum::<usize>() > 0, "there were races at all");
}

async fn count_up(store: &impl Store, id: ConversationId) -> bool {
    let mut commit = done(&load(store, id).await);
    commit.tracker.turns += 1;
    commit.events = vec![said(&commit.tracker.turns.to_string())];
    store.commit(commit).await.unwrap()
}

pub async fn each_arrival_counts_once<S: Store>(open: impl Fn() -> S) {
    let new = at_once(&open, |store, _| async move {
        let mut new = 0;
        for key in 0..20 {
            let peer = (key % 3).to_string();
            let received = store.receive(vec![text(&peer, &key.to_string(), "hello")], at(0)).await.unwrap();
            new += usize::from(received[0].is_new);
        }
        new
    })
    .await;
    assert_eq!(new.iter().sum::<usize>(), 20);
    assert_eq!(open().list(99).await.unwrap().len(), 3);
}

pub async fn each_timer_fires_once<S: Store>(open: impl Fn() -> S) {
    let store = open();
    let id = write(&store, "ana", "1", "hello").await;
    turn(&store, id, |commit| commit.timers_set = (0..30).map(|timer| (timer, at(5))).collect()).await;
    let fired = at_once(open, |store, _| async move { store.fire(at(5)).await.unwrap().0 }).await;
    assert_eq!(fired.iter().sum::<usize>(), 30);
    assert_eq!(store.unsettled(id).await.unwrap(), 30);
}
