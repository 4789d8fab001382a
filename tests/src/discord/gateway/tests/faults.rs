//! Faults to order.
use serde_json::{Value, json};

use super::*;

/// A gateway with a client that is ready.
async fn ready() -> (Arc<Hub>, String, Client, String) {
    let (hub, url) = served().await;
    let (client, ready) = Client::ready(&url, MINE).await;
    let id = ready["d"]["session_id"].as_str().expect("an id").to_owned();
    (hub, url, client, id)
}

/// The numbers and message ids that come until a heartbeat is answered.
async fn numbered(client: &mut Client) -> Vec<(u64, String)> {
    let came = client.until_answered().await;
    let short = |payload: &Value| {
        (payload["s"].as_u64().unwrap_or(0), payload["d"]["id"].as_str().unwrap_or_default().to_owned())
    };
    came.iter().map(short).collect()
}

fn pairs(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
    expected.iter().map(|(number, id)| (*number, (*id).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_breaks_off_can_be_resumed() {
    let cases = [
        (SocketFault::Drop, Seen::Gone { reset: false }),
        (SocketFault::Reset, Seen::Gone { reset: true }),
        (SocketFault::Close(4000), Seen::Closed(4000)),
        (SocketFault::Close(4008), Seen::Closed(4008)),
    ];
    for (fault, expected) in cases {
        let (hub, url, mut client, id) = ready().await;
        hub.order_after(1, fault);
        hub.emit(said("1", "before"));
        assert_eq!(client.event().await.2, "1");
        assert_eq!(client.sees().await, expected, "{fault:?}");
        hub.emit(said("2", "after"));
        let mut client = Client::greeted(&url).await;
        client.send(&resume(&id, 4)).await;
        assert_eq!(client.event().await, ("MESSAGE_CREATE".to_owned(), 5, "2".to_owned()), "{fault:?}");
        assert_eq!(client.event().await.0, "RESUMED");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_waits_for_somebody_who_is_ready() {
    let (hub, url) = served().await;
    hub.order(SocketFault::Drop);
    let (mut client, _) = Client::ready(&url, MINE).await;
    assert_eq!(client.sees().await, Seen::Gone { reset: false });
    hub.order(SocketFault::Drop);
    hub.clear_faults();
    let (mut client, _) = Client::ready(&url, MINE).await;
    assert!(client.until_answered().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_told_to_reconnect_is_dropped_if_it_doesn_t() {
    let (hub, _url, mut client, _id) = ready().await;
    hub.order(SocketFault::Reconnect);
    assert_eq!(client.payload().await, json!({"t": null, "s": null, "op": 7, "d": null}));
    hub.emit(said("1", "still"));
    assert_eq!(client.event().await.2, "1");
    hub.passes(Duration::from_secs(10));
    assert_eq!(client.sees().await, Seen::Gone { reset: false });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invalid_session_is_gone_unless_it_is_resumable() {
    for resumable in [true, false] {
        let (hub, _url, mut client, id) = ready().await;
        hub.order(SocketFault::InvalidSession { resumable });
        assert_eq!(client.payload().await, json!({"t": null, "s": null, "op": 9, "d": resumable}));
        hub.emit(said("1", "missed"));
        // On the same connection, as Discord allows.
        client.send(&resume(&id, 3)).await;
        let next = client.payload().await;
        assert_eq!(next["op"], if resumable { 0 } else { 9 }, "{next}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heartbeats_are_answered_unless_that_is_ordered() {
    let (hub, url, mut client, _id) = ready().await;
    hub.asks_for_heartbeats();
    assert_eq!(client.payload().await["op"], 1);
    assert!(client.until_answered().await.is_empty());
    hub.order(SocketFault::SilentHeartbeats);
    client.send(&json!({"op": 1, "d": 3})).await;
    hub.emit(said("1", "hello"));
    assert_eq!(client.event().await.2, "1");
    // The next connection is as before.
    let (mut next, _) = Client::ready(&url, MINE).await;
    assert!(next.until_answered().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zombie_gets_nothing_and_its_session_everything() {
    let (hub, url, mut client, id) = ready().await;
    hub.order(SocketFault::Zombie);
    client.send(&json!({"op": 1, "d": 3})).await;
    hub.emit(said("1", "hello"));
    let mut next = Client::greeted(&url).await;
    next.send(&resume(&id, 3)).await;
    assert_eq!(next.event().await.2, "1");
    // It was told nothing until its session went on elsewhere.
    assert_eq!(client.sees().await, Seen::Gone { reset: false });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_come_twice_or_in_the_wrong_order() {
    type Case = (&'static str, &'static [SocketFault], &'static [(u64, &'static str)]);
    let cases: [Case; 4] = [
        ("doubled", &[SocketFault::Double], &[(4, "1"), (5, "1"), (6, "2"), (7, "3")]),
        ("the same again", &[SocketFault::DoubleSame], &[(4, "1"), (4, "1"), (5, "2"), (6, "3")]),
        ("swapped", &[SocketFault::Reorder], &[(4, "2"), (5, "1"), (6, "3")]),
        (
            "two faults",
            &[SocketFault::Double, SocketFault::Reorder],
            &[(4, "1"), (5, "1"), (6, "3"), (7, "2")],
        ),
    ];
    for (what, faults, expected) in cases {
        let (hub, _url, mut client, _id) = ready().await;
        faults.iter().for_each(|fault| hub.order(*fault));
        for id in ["1", "2", "3"] {
            hub.emit(said(id, "hello"));
        }
        assert_eq!(numbered(&mut client).await, pairs(expected), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_kept_back_until_they_are_released() {
    let (hub, _url, mut client, _id) = ready().await;
    hub.hold_back();
    hub.emit(said("1", "hello"));
    hub.emit(said("2", "hello"));
    assert!(client.until_answered().await.is_empty());
    hub.release();
    assert_eq!(numbered(&mut client).await, pairs(&[(4, "1"), (5, "2")]));
    // One that waits for another to be swapped with is released, too.
    hub.order(SocketFault::Reorder);
    hub.emit(said("3", "hello"));
    assert!(client.until_answered().await.is_empty());
    hub.release();
    assert_eq!(numbered(&mut client).await, pairs(&[(6, "3")]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_can_read_is_sent_and_marked_in_the_record() {
    let (hub, _url, mut client, _id) = ready().await;
    hub.order(SocketFault::Unparseable);
    hub.order(SocketFault::Unknown);
    hub.order(SocketFault::NotJson);
    assert_eq!(client.payload().await["d"]["content"], 7);
    assert_eq!(client.event().await, ("STAND_IN_NOVELTY".to_owned(), 5, "1".to_owned()));
    assert!(matches!(client.sees().await, Seen::NoJson(_)));
    hub.emit(said("1", "hello"));
    assert_eq!(client.event().await.1, 6);
    assert_eq!(hub.frames().iter().filter(|frame| frame.side == Side::Fault).count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_is_down_takes_no_connection_and_forgets_nothing() {
    let (hub, url, mut client, id) = ready().await;
    hub.goes_down();
    assert_eq!(client.sees().await, Seen::Gone { reset: false });
    assert!(Client::connect(&url).await.is_err());
    hub.emit(said("1", "missed"));
    hub.comes_up();
    let mut client = Client::greeted(&url).await;
    client.send(&resume(&id, 3)).await;
    assert_eq!(client.event().await.2, "1");
}
