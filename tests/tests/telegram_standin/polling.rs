//! Updates are kept until they are confirmed, and one poller gets them.
use std::thread;
use std::time::{Duration, Instant};

use bot_tests::telegram::{Media, Telegram};
use serde_json::{Value, json};

use crate::api::{Api, ids};

#[test]
fn only_an_offset_confirms() {
    let telegram = Telegram::start();
    let (api, ann) = (Api::new(&telegram), telegram.customer(1, "Ann", "en"));
    (0..3).for_each(|n| {
        ann.writes(&n.to_string());
    });
    let all = ids(&api.updates(0));
    assert_eq!((all.len(), telegram.pending()), (3, 3));
    assert_eq!(ids(&api.updates(0)), all, "nothing was confirmed");
    assert_eq!(ids(&api.updates(all[0] + 1)), all[1..]);
    assert_eq!(ids(&api.updates(all[0])), all[1..], "an old offset brings nothing back");
    assert_eq!(ids(&api.updates(all[2] + 1)), [0; 0]);
}

#[test]
fn a_negative_offset_forgets_all_but_the_last() {
    let telegram = Telegram::start();
    let (api, ann) = (Api::new(&telegram), telegram.customer(1, "Ann", "en"));
    (0..5).for_each(|n| {
        ann.writes(&n.to_string());
    });
    assert_eq!(api.updates(-2).len(), 2);
    assert_eq!(telegram.pending(), 2);
}

#[test]
fn a_hundred_come_at_once_at_most() {
    let telegram = Telegram::start();
    let (api, ann) = (Api::new(&telegram), telegram.customer(1, "Ann", "en"));
    (0..120).for_each(|n| {
        ann.writes(&n.to_string());
    });
    assert_eq!(api.updates(0).len(), 100);
    assert_eq!(api.ok("getUpdates", json!({"limit": 7})).as_array().unwrap().len(), 7);
}

#[test]
fn updates_are_kept_for_a_day() {
    let telegram = Telegram::start();
    let (api, ann) = (Api::new(&telegram), telegram.customer(1, "Ann", "en"));
    ann.writes("old");
    telegram.passes(Duration::from_secs(24 * 60 * 60));
    ann.writes("new");
    let updates = api.updates(0);
    assert_eq!(updates.len(), 1);
    assert_eq!(updates[0]["message"]["text"], "new");
}

#[test]
fn a_poll_waits_for_the_first_update() {
    let telegram = Telegram::start();
    let ann = telegram.customer(1, "Ann", "en");
    thread::scope(|scope| {
        let poll = scope.spawn(|| Api::new(&telegram).ok("getUpdates", json!({"timeout": 15})));
        polls(&telegram, 1);
        ann.writes("now");
        let since = Instant::now();
        assert_eq!(poll.join().unwrap()[0]["message"]["text"], "now");
        assert!(since.elapsed() < Duration::from_secs(10));
    });
}

/// Waits until so many polls have come in.
fn polls(telegram: &Telegram, count: u64) {
    telegram.wait("a poll", |state| (state.polls() >= count).then_some(()));
}

#[test]
fn a_second_poller_ends_the_first() {
    let telegram = Telegram::start();
    thread::scope(|scope| {
        let first = scope.spawn(|| Api::new(&telegram).refused("getUpdates", json!({"timeout": 15})));
        polls(&telegram, 1);
        let second = scope.spawn(|| Api::new(&telegram).ok("getUpdates", json!({"timeout": 15})));
        let conflict = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
        assert_eq!(first.join().unwrap()["description"], conflict);
        telegram.customer(1, "Ann", "en").writes("for the second");
        assert_eq!(second.join().unwrap().as_array().unwrap().len(), 1);
    });
}

#[test]
fn polls_and_a_webhook_exclude_each_other() {
    let telegram = Telegram::start();
    let api = Api::new(&telegram);
    thread::scope(|scope| {
        let poll = scope.spawn(|| Api::new(&telegram).refused("getUpdates", json!({"timeout": 15})));
        polls(&telegram, 1);
        api.ok("setWebhook", json!({"url": "http://127.0.0.1:9/nobody"}));
        assert_eq!(poll.join().unwrap()["description"], "Conflict: terminated by setWebhook request");
    });
    let conflict = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    assert_eq!(api.refused("getUpdates", json!({}))["description"], conflict);
    api.ok("deleteWebhook", json!({}));
    assert_eq!(api.updates(0), [Value::Null; 0]);
}

#[test]
fn only_wanted_kinds_come_and_the_wish_is_kept() {
    let telegram = Telegram::start();
    let (api, ann) = (Api::new(&telegram), telegram.customer(1, "Ann", "en"));
    let message = ann.writes("hello");
    ann.reacts(message, "👍");
    let kinds = |api: &Api| -> Vec<String> {
        let updates = api.updates(-100);
        updates.iter().map(|update| update.as_object().unwrap().keys().nth(1).unwrap().clone()).collect()
    };
    assert_eq!(kinds(&api), ["message"], "reactions come when they are asked for");
    api.ok("getUpdates", json!({"allowed_updates": ["message_reaction"]}));
    ann.writes("not wanted");
    ann.reacts(message, "❤");
    assert_eq!(kinds(&api), ["message", "message_reaction"]);
}

#[test]
fn an_album_comes_piecewise_and_deletions_never() {
    let telegram = Telegram::start();
    let (api, ann) = (Api::new(&telegram), telegram.customer(1, "Ann", "en"));
    let album = ann.sends_album(3, "three of them");
    ann.deletes(album[2]);
    let voice = ann.sends(Media::Voice, "");
    ann.edits(album[0], "only two");
    ann.deletes(voice);
    let updates = api.updates(0);
    assert_eq!(updates.len(), 5);
    let groups: Vec<&Value> =
        updates[..3].iter().map(|update| &update["message"]["media_group_id"]).collect();
    assert!(groups[0].is_string() && groups.iter().all(|group| *group == groups[0]), "{groups:?}");
    assert_eq!(updates[0]["message"]["caption"], "three of them");
    assert_eq!(updates[4]["edited_message"]["caption"], "only two");
}
