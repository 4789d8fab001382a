//! Faults happen where they were ordered, and only there.
use bot_tests::telegram::{Fault, Telegram, What};
use serde_json::{Value, json};

use crate::api::{Api, ids};

fn send(chat: i64) -> Value {
    json!({"chat_id": chat, "text": "x"})
}

fn world() -> (Telegram, Api) {
    let telegram = Telegram::start().without_pace();
    let api = Api::new(&telegram);
    (1..=2).for_each(|id| {
        telegram.customer(id, "Ann", "en").writes("hello");
    });
    (telegram, api)
}

/// How many messages of the bot stand in the chats.
fn said(telegram: &Telegram) -> usize {
    telegram.read(|state| (1..=2).flat_map(|chat| state.shown(chat)).filter(|shown| shown.by_bot).count())
}

#[test]
fn a_fault_has_its_effect_or_has_not() {
    // What the bot gets (a status, or nothing), and whether the message is there.
    let cases = [
        (What::TooManyRequests(7), Some(429), 0),
        (What::Status(500), Some(500), 0),
        (What::Status(502), Some(502), 0),
        (What::StatusAfterEffect(504), Some(504), 1),
        (What::DropBefore, None, 0),
        (What::DropAfterEffect, None, 1),
    ];
    for (what, status, messages) in cases {
        let (telegram, api) = world();
        telegram.order(Fault::on("sendMessage", what.clone()));
        let got = api.asks("sendMessage", send(1)).ok().map(|(status, _)| status);
        assert_eq!((got, said(&telegram)), (status, messages), "{what:?}");
        let call = telegram.calls().remove(0);
        assert_eq!((call.status, call.fault.is_some()), (status.unwrap_or(0), true), "{what:?}");
        api.ok("sendMessage", send(1));
    }
}

#[test]
fn a_fault_meets_the_calls_it_is_for() {
    let (telegram, api) = world();
    telegram.order(Fault::on("sendMessage", What::Status(500)).chat(2).after(1).times(2));
    let status = |chat| api.asks("sendMessage", send(chat)).unwrap().0;
    assert_eq!([2, 1, 2, 1, 2, 2].map(status), [200, 200, 500, 200, 500, 200]);
    telegram.order(Fault::new(What::Status(500)));
    api.updates(0);
    api.refused("getMe", json!({}));
    assert!(telegram.faults().is_empty());
}

#[test]
fn an_answer_that_never_comes_has_its_effect() {
    let (telegram, _) = world();
    telegram.order(Fault::on("sendMessage", What::TimeOutAfterEffect));
    let url = format!("{}/bot{}/sendMessage", telegram.url(), telegram.token());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let asked = runtime.spawn(async move { client.post(url).json(&send(1)).send().await.map(drop) });
    telegram.wait("the effect", |state| state.calls_of("sendMessage").next().cloned());
    assert_eq!(said(&telegram), 1);
    assert!(!asked.is_finished());
}

#[test]
fn a_conflict_can_be_ordered() {
    let (telegram, api) = world();
    telegram.order(Fault::new(What::Conflict409));
    api.refused("getUpdates", json!({}));
    assert_eq!(api.updates(0).len(), 2);
}

#[test]
fn an_update_comes_twice() {
    let (telegram, api) = world();
    let last = api.updates(0).len();
    telegram.order(Fault::new(What::DuplicateUpdate));
    telegram.customer(1, "Ann", "en").writes("again");
    let first = ids(&api.updates(0));
    assert_eq!(first.len(), last + 1);
    let again = ids(&api.updates(first[last] + 1));
    assert_eq!(again, first[last..], "the same once more");
    assert!(api.updates(first[last] + 1).is_empty());
}

#[test]
fn updates_come_in_another_order() {
    let (telegram, api) = world();
    telegram.order(Fault::new(What::ReorderUpdates));
    (1..=2).for_each(|id| {
        telegram.customer(id, "Ann", "en").writes("swapped");
    });
    let all = ids(&api.updates(0));
    assert_eq!(all, [all[0], all[0] + 1, all[0] + 3, all[0] + 2]);
    // What isn't overtaken comes all the same.
    telegram.order(Fault::new(What::ReorderUpdates));
    telegram.customer(1, "Ann", "en").writes("alone");
    let last = api.ok("getUpdates", json!({"offset": all[0] + 4, "timeout": 10}));
    assert_eq!(last[0]["message"]["text"], "alone");
}

#[test]
fn ids_jump_back_and_nothing_is_lost() {
    let (telegram, api) = world();
    let before = ids(&api.updates(0));
    telegram.order(Fault::new(What::JumpIds(1_000_000)));
    telegram.customer(1, "Ann", "en").writes("after the jump");
    let offset = before[1] + 1;
    let after = ids(&api.updates(offset));
    assert_eq!(
        after,
        [before[1] - 1_000_000 + 1],
        "the old offset confirms what was before, and nothing else"
    );
    assert!(api.updates(after[0] + 1).is_empty());
}

#[test]
fn an_unknown_update_comes() {
    let (telegram, api) = world();
    telegram.order(Fault::new(What::UnknownUpdate(json!({"quantum_message": {"spin": 0.5}}))));
    assert_eq!(api.updates(0)[2]["quantum_message"]["spin"], 0.5);
}
