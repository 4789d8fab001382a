//! Where desks show conversations, and what is to be erased there.
use bot_core::dialogue::{Event, Tracker};
use bot_runtime::store::{ConversationId, EventId, Store, Thread, Trace, Twin};
use serde_json::Value as Json;

use crate::harness::*;
use crate::traces::twin;

fn blank(thread: Thread) -> Thread {
    Thread { state: Json::Null, ..thread }
}

async fn keep(store: &impl Store, thread: &Thread) {
    store.keep_thread(thread.clone(), Vec::new()).await.unwrap();
}

async fn stale(store: &impl Store) -> Vec<Thread> {
    store.stale_threads("staff").await.unwrap()
}

/// A conversation with an event.
async fn talk(store: &impl Store, peer: &str) -> (ConversationId, EventId) {
    let id = write(store, peer, peer, "hello").await;
    turn(store, id, |commit| commit.events = vec![customer_said("hello")]).await;
    (id, store.newest().await.unwrap())
}

async fn forget(store: &impl Store, id: ConversationId) {
    turn(store, id, |commit| {
        commit.events = vec![Event::Forgotten, said("It is erased.")];
        commit.tracker = Tracker::default();
        commit.forget = true;
    })
    .await;
}

pub async fn a_thread_is_found_by_what_it_shows_and_where_it_is(store: impl Store) {
    let (ana, event) = talk(&store, "ana").await;
    let (ben, _) = talk(&store, "ben").await;
    let begun = Thread { thread: None, shown: EventId(0), ..thread(ana, event) };
    keep(&store, &begun).await;
    assert_eq!(store.thread("staff", ana).await.unwrap(), Some(begun));
    assert_eq!(store.thread_at("staff", "-100", "7").await.unwrap(), None);

    let of_ana = thread(ana, event);
    let elsewhere = Thread { desk: "second".to_owned(), room: "-200".to_owned(), ..thread(ana, event) };
    let of_ben = Thread { thread: Some("8".to_owned()), ..thread(ben, EventId(0)) };
    for kept in [&of_ana, &elsewhere, &of_ben] {
        keep(&store, kept).await;
    }
    for (desk, id, expected) in [
        ("staff", ana, Some(&of_ana)),
        ("second", ana, Some(&elsewhere)),
        ("staff", ben, Some(&of_ben)),
        ("second", ben, None),
        ("third", ana, None),
    ] {
        assert_eq!(store.thread(desk, id).await.unwrap().as_ref(), expected, "{desk} {id:?}");
    }
    for (desk, room, name, expected) in [
        ("staff", "-100", "7", Some(&of_ana)),
        ("staff", "-100", "8", Some(&of_ben)),
        ("second", "-200", "7", Some(&elsewhere)),
        ("staff", "-200", "7", None),
        ("staff", "-100", "9", None),
    ] {
        assert_eq!(
            store.thread_at(desk, room, name).await.unwrap().as_ref(),
            expected,
            "{desk} {room} {name}"
        );
    }
    store.drop_thread("staff", ana).await.unwrap();
    store.drop_thread("staff", ana).await.unwrap();
    assert_eq!(store.thread("staff", ana).await.unwrap(), None);
    assert_eq!(store.thread_at("staff", "-100", "7").await.unwrap(), None);
    assert_eq!(store.thread("second", ana).await.unwrap(), Some(elsewhere));
}

pub async fn what_a_desk_shows_are_twins_of_the_events(store: impl Store) {
    let (ana, event) = talk(&store, "ana").await;
    let (_, of_ben) = talk(&store, "ben").await;
    let copies = || {
        let copy = |event, message| (event, twin(Some("staff"), message));
        let unnamed = (event, Twin { quotes: Some("3".to_owned()), ..twin(None, "22") });
        vec![copy(event, "21"), unnamed, copy(of_ben, "23"), copy(EventId(99), "24")]
    };
    for _ in 0..2 {
        store.keep_thread(thread(ana, event), copies()).await.unwrap();
    }
    let second = Twin { quotes: Some("3".to_owned()), ..twin(Some("staff"), "22") };
    let twins = vec![twin(None, "ana"), twin(Some("staff"), "21"), second];
    let expected = [Trace { event, twins, fate: None }];
    assert_eq!(
        store.traces(ana, EventId(0), 9).await.unwrap(),
        expected,
        "each once, at this desk, and only of this conversation"
    );
    assert_eq!(store.event_of(ana, Some("staff"), "21").await.unwrap(), Some(event));
    assert_eq!(store.event_of(ana, None, "22").await.unwrap(), None);

    turn(&store, ana, |commit| commit.events = vec![said("Hello!")]).await;
    let later = store.newest().await.unwrap();
    store.keep_thread(thread(ana, later), vec![(later, twin(Some("staff"), "21"))]).await.unwrap();
    assert_eq!(store.event_of(ana, Some("staff"), "21").await.unwrap(), Some(event), "the first");
}

pub async fn threads_of_the_forgotten_are_stale(store: impl Store) {
    let (ana, event) = talk(&store, "ana").await;
    let (ben, _) = talk(&store, "ben").await;
    let kept = thread(ana, event);
    keep(&store, &kept).await;
    keep(&store, &Thread { thread: Some("8".to_owned()), ..thread(ben, EventId(0)) }).await;
    assert_eq!(stale(&store).await, []);
    forget(&store, ana).await;
    let left = blank(kept.clone());
    assert_eq!(stale(&store).await, std::slice::from_ref(&left), "of its state nothing is left");
    assert_eq!(store.thread("staff", ana).await.unwrap(), Some(left.clone()));
    assert_eq!(store.thread_at("staff", "-100", "7").await.unwrap(), Some(left.clone()));
    assert_eq!(store.stale_threads("second").await.unwrap(), []);

    // What was under way when it was forgotten comes too late to bring anything back, or to hide what is to be erased.
    let after = store.newest().await.unwrap();
    for (name, expected, shown) in
        [(Some("7"), "7", event), (None, "7", event), (Some("9"), "9", after), (None, "9", after)]
    {
        let late = Thread { thread: name.map(str::to_owned), shown, ..kept.clone() };
        store.keep_thread(late.clone(), vec![(event, twin(Some("staff"), "21"))]).await.unwrap();
        assert_eq!(stale(&store).await, [blank(Thread { thread: Some(expected.to_owned()), ..late })]);
        assert_eq!(store.event_of(ana, Some("staff"), "21").await.unwrap(), None);
    }

    store.drop_thread("staff", ana).await.unwrap();
    assert_eq!(stale(&store).await, []);
    let anew = thread(ana, EventId(0));
    keep(&store, &anew).await;
    assert_eq!(stale(&store).await, [], "a new one has nothing to erase");
    assert_eq!(store.thread("staff", ana).await.unwrap(), Some(anew));
    forget(&store, ana).await;
    assert_eq!(stale(&store).await.len(), 1, "as often as it is forgotten");
}

pub async fn threads_outlive_their_conversations(store: impl Store) {
    let (ana, event) = talk(&store, "ana").await;
    let kept = thread(ana, event);
    keep(&store, &kept).await;
    assert_eq!(store.expire(Some(at(100)), at(100)).await.unwrap(), 1);
    assert_eq!(stale(&store).await, [blank(kept.clone())]);
    keep(&store, &kept).await;
    assert_eq!(stale(&store).await, [blank(kept.clone())], "what comes too late is stale at once");

    let (again, _) = talk(&store, "ana again").await;
    let of_again = thread(again, EventId(0));
    keep(&store, &of_again).await;
    let found = store.thread_at("staff", "-100", "7").await.unwrap();
    assert_eq!(found, Some(of_again), "of several conversations in one thread it is the newest");
    store.drop_thread("staff", ana).await.unwrap();
    assert_eq!(stale(&store).await, []);
}
