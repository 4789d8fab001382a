//! What goes out: in order, by one worker at a time, and settled.
use bot_core::dialogue::{ActionOutcome, Input};
use bot_runtime::store::{CALLS, ConversationId, Entry, NewEntry, OutboxId, Settled, Store, Work};
use serde_json::json;

use crate::harness::*;

async fn says(store: &impl Store, peer: &str, texts: &[&str]) -> ConversationId {
    let id = write(store, peer, &format!("{peer} {texts:?}"), "hello").await;
    turn(store, id, |commit| commit.outbox = texts.iter().map(|text| to_send(text)).collect()).await;
    id
}

fn all_words(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(words).collect()
}

fn call() -> NewEntry {
    let what = Work::Call { call: 4, action: "order".to_owned(), with: json!({ "number": 12345 }) };
    NewEntry { route: CALLS.to_owned(), what, event: None }
}

pub async fn entries_go_out_in_order(store: impl Store) {
    let ana = says(&store, "ana", &["a1", "a2"]).await;
    says(&store, "ben", &["b1"]).await;
    turn(&store, ana, |commit| commit.outbox = vec![call(), to_send("a3")]).await;

    let first = take(&store, "w", at(1)).await;
    assert_eq!(all_words(&first), ["a1", "b1"], "of each conversation the first");
    assert!(take(&store, "v", at(1)).await.is_empty(), "somebody has them");
    let calls = store.take(CALLS, &worker("w"), &[], at(1), 9).await.unwrap().0;
    assert_eq!(
        calls.iter().map(|entry| &entry.what).collect::<Vec<_>>(),
        [&call().what],
        "each route has its own"
    );
    assert_eq!((calls[0].route.as_str(), calls[0].attempts, calls[0].in_doubt), (CALLS, 0, false));
    store.settle(vec![(first[0].id, SENT)], at(1)).await.unwrap();
    let second = take(&store, "v", at(1)).await;
    assert_eq!(all_words(&second), ["a2"]);
    store.settle(vec![(second[0].id, SENT), (first[1].id, SENT)], at(1)).await.unwrap();
    assert_eq!(all_words(&take(&store, "w", at(1)).await), ["a3"]);
}

pub async fn the_answer_of_an_entry_comes_in(store: impl Store) {
    let id = write(&store, "ana", "1", "hello").await;
    turn(&store, id, |commit| commit.outbox = vec![call(), to_send("a1"), to_send("a2")]).await;
    let calls = store.take(CALLS, &worker("w"), &[], at(1), 9).await.unwrap().0;
    let answer = Input::ActionDone { call: 4, outcome: ActionOutcome::Done(json!("on its way")) };
    let sent = Settled::Sent { messages: vec!["m".to_owned()], answer: Some(answer.clone()) };
    let entry = take(&store, "w", at(1)).await.remove(0);
    let undelivered = Input::Undelivered { text: "a1".to_owned(), reason: "blocked".to_owned() };
    let failed = Settled::Failed { reason: "blocked".to_owned(), answer: Some(undelivered.clone()) };
    store.settle(vec![(calls[0].id, sent), (entry.id, failed)], at(7)).await.unwrap();

    assert_eq!(waiting(&store, id).await, [answer, undelivered]);
    assert_eq!(load(&store, id).await.inbox[0].stored, at(7));
    assert_eq!(store.ready(9).await.unwrap(), [id]);
    assert_eq!(all_words(&take(&store, "w", at(1)).await), ["a2"], "what failed holds nothing up");
}

pub async fn what_is_tried_again_holds_up_only_what_is_behind_it(store: impl Store) {
    says(&store, "ana", &["a1", "a2"]).await;
    says(&store, "ben", &["b1", "b2"]).await;
    let taken = take(&store, "w", at(1)).await;
    let again = |seconds, in_doubt| Settled::Again { at: at(seconds), reason: "busy".to_owned(), in_doubt };
    store.settle(vec![(taken[0].id, again(10, true)), (taken[1].id, SENT)], at(1)).await.unwrap();

    let (taken, next) = store.take("terminal", &worker("w"), &[], at(9), 9).await.unwrap();
    assert_eq!((all_words(&taken), next), (vec!["b2".to_owned()], Some(at(10))));
    let (taken, next) = store.take("terminal", &worker("w"), &[], at(10), 9).await.unwrap();
    assert_eq!((taken[0].attempts, taken[0].in_doubt, next), (1, true, None));
    store.settle(vec![(taken[0].id, again(20, false))], at(10)).await.unwrap();
    let taken = take(&store, "w", at(20)).await;
    assert_eq!((taken[0].attempts, taken[0].in_doubt), (2, true), "the doubt of the first attempt stays");
}

pub async fn what_the_dead_have_taken_is_in_doubt(store: impl Store) {
    says(&store, "ana", &["a1", "a2"]).await;
    says(&store, "ben", &["b1"]).await;
    let (dead, living) = (worker("dead"), worker("living"));
    assert_eq!(store.beat(&dead).await.unwrap()[&dead], 1);
    let beats = store.beat(&living).await.unwrap();
    assert_eq!((beats[&dead], beats[&living]), (1, 1));
    assert_eq!(store.beat(&living).await.unwrap()[&living], 2);
    store.take("terminal", &dead, &[], at(1), 1).await.unwrap();
    store.take("terminal", &living, &[], at(1), 1).await.unwrap();

    let (taken, _) = store.take("terminal", &worker("new"), &[dead], at(1), 9).await.unwrap();
    assert_eq!(all_words(&taken), ["a1"]);
    assert_eq!((taken[0].in_doubt, taken[0].attempts), (true, 0));
    assert!(take(&store, "other", at(1)).await.is_empty(), "the living keep what they have");
}

pub async fn who_leaves_has_nothing_taken(store: impl Store) {
    says(&store, "ana", &["a1"]).await;
    store.beat(&worker("w")).await.unwrap();
    assert_eq!(take(&store, "w", at(1)).await.len(), 1);
    store.leave(&worker("w")).await.unwrap();
    let taken = take(&store, "v", at(1)).await;
    assert_eq!((all_words(&taken), taken[0].in_doubt), (vec!["a1".to_owned()], false));
    assert!(!store.beat(&worker("v")).await.unwrap().contains_key(&worker("w")));
}

pub async fn settling_twice_is_no_error(store: impl Store) {
    let id = says(&store, "ana", &["a1", "a2"]).await;
    let first = take(&store, "w", at(1)).await.remove(0);
    let sent = Settled::Sent { messages: Vec::new(), answer: Some(Input::text("answer")) };
    store.settle(vec![(first.id, sent.clone()), (OutboxId(99), sent.clone())], at(1)).await.unwrap();
    let again = Settled::Again { at: at(1), reason: String::new(), in_doubt: true };
    store.settle(vec![(first.id, sent), (first.id, again)], at(1)).await.unwrap();
    assert_eq!(waiting(&store, id).await, [Input::text("answer")]);
    assert_eq!(all_words(&take(&store, "w", at(1)).await), ["a2"]);
}

pub async fn takes_as_many_as_wanted(store: impl Store) {
    for peer in ["ana", "ben", "cleo"] {
        says(&store, peer, &[peer]).await;
    }
    let (taken, next) = store.take("terminal", &worker("w"), &[], at(5), 2).await.unwrap();
    assert_eq!((all_words(&taken).join(" "), next), ("ana ben".to_owned(), Some(at(5))));
    let (taken, next) = store.take("terminal", &worker("w"), &[], at(5), 2).await.unwrap();
    assert_eq!((all_words(&taken).join(" "), next), ("cleo".to_owned(), None));
    assert_eq!(store.take("telegram", &worker("w"), &[], at(5), 2).await.unwrap(), (vec![], None));
}
