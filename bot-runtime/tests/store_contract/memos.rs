//! Small things that are remembered, and arrivals that can't be read.
use bot_runtime::store::{ConversationId, REMEMBERED, Store};
use jiff::SignedDuration;

use crate::harness::*;

pub async fn memos_are_kept_under_their_names(store: impl Store) {
    let keep = async |owner, name, value: Option<&str>| {
        store.keep_memo(owner, name, value.map(str::to_owned)).await.unwrap();
    };
    let read = async |owner, name| store.memo(owner, name).await.unwrap();
    assert_eq!(read("telegram", "room -100").await, None);
    keep("telegram", "room -100", Some("-200")).await;
    keep("discord", "room -100", Some("other")).await;
    keep("telegram", "room -100", Some("-300")).await;
    assert_eq!(read("telegram", "room -100").await.as_deref(), Some("-300"), "the last one counts");
    assert_eq!(read("discord", "room -100").await.as_deref(), Some("other"));
    assert_eq!(read("telegram", "other").await, None);
    keep("telegram", "room -100", None).await;
    keep("telegram", "room -100", None).await;
    assert_eq!(read("telegram", "room -100").await, None);
    assert_eq!(read("discord", "room -100").await.as_deref(), Some("other"));
}

pub async fn what_can_not_be_read_is_kept_once(store: impl Store) {
    let unread = async |channel, key, now| store.keep_unread(channel, key, "{}", now).await.unwrap();
    assert!(unread("terminal", "u1", at(0)).await);
    assert!(!unread("terminal", "u1", at(1)).await);
    assert!(unread("telegram", "u1", at(0)).await, "a key is unique within its channel only");
    write(&store, "ana", "u2", "hello").await;
    assert!(!unread("terminal", "u2", at(0)).await, "it has arrived, and could be read");
    let received = store.receive(vec![text("ben", "u1", "hello")], at(0)).await.unwrap()[0];
    assert_eq!((received.is_new, received.conversation), (false, ConversationId(0)));
    assert_eq!(store.find(&address("ben")).await.unwrap(), None);

    let last = at(0).checked_add(REMEMBERED).unwrap();
    store.expire(None, last).await.unwrap();
    assert!(!unread("terminal", "u1", last).await);
    let later = last + SignedDuration::from_secs(1);
    store.expire(None, later).await.unwrap();
    assert!(unread("terminal", "u1", later).await);
}
