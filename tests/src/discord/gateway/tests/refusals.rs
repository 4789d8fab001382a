//! Everything for which the gateway closes, and what it gives opcode 9 for.
use serde_json::{Value, json};

use super::*;

/// What a client sends after HELLO, and the code that it is closed with.
fn refused() -> Vec<(&'static str, Vec<String>, u16)> {
    let one = |payload: Value| vec![payload.to_string()];
    let mine = identify(MINE).to_string();
    vec![
        ("an unknown opcode", one(json!({"op": 99})), 4001),
        ("no JSON", vec!["{".to_owned()], 4002),
        ("no opcode", one(json!({"d": 1})), 4002),
        ("a heartbeat of a text", one(json!({"op": 1, "d": "1"})), 4002),
        ("no properties", one(json!({"op": 2, "d": {"token": TOKEN, "intents": 1}})), 4002),
        ("too long", vec![format!("{{\"op\":1,\"d\":null,\"x\":\"{}\"}}", "x".repeat(4096))], 4002),
        ("presence before anything", one(json!({"op": 3, "d": {}})), 4003),
        ("members before anything", one(json!({"op": 8, "d": {}})), 4003),
        ("a wrong token", one(identify_with(json!({"token": "other"}))), 4004),
        (
            "a wrong token to resume",
            one(json!({"op": 6, "d": {"token": "o", "session_id": "s", "seq": 1}})),
            4004,
        ),
        ("twice", vec![mine.clone(), mine.clone()], 4005),
        ("resumed while identified", vec![mine, resume("s", 1).to_string()], 4005),
        ("a shard that there isn't", one(identify_with(json!({"shard": [2, 2]}))), 4010),
        ("an intent that there isn't", one(identify(1 << 40)), 4013),
        ("an intent that isn't granted", one(identify(GUILD_MEMBERS)), 4014),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_wrong_is_closed_with_its_code() {
    let (_hub, url) = served().await;
    for (what, sent, code) in refused() {
        let mut client = Client::greeted(&url).await;
        for text in &sent {
            client.send_text(text).await;
        }
        let closed = loop {
            match client.sees().await {
                Seen::Payload(_) => {}
                other => break other,
            }
        };
        assert_eq!(closed, Seen::Closed(code), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_asks_for_something_else_is_closed() {
    let (_hub, url) = served().await;
    for (query, code) in [
        ("v=8&encoding=json", 4012),
        ("v=10&encoding=etf", 4002),
        ("v=10&encoding=json&compress=zstd-stream", 4002),
    ] {
        let mut client = Client::greeted(&format!("{url}?{query}")).await;
        assert_eq!(client.sees().await, Seen::Closed(code), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_120_frames_a_minute_are_too_many() {
    let (_hub, url) = served().await;
    let mut client = Client::greeted(&url).await;
    for _ in 0..120 {
        client.send(&json!({"op": 1, "d": null})).await;
        assert_eq!(client.payload().await["op"], 11);
    }
    client.send(&json!({"op": 1, "d": null})).await;
    assert_eq!(client.sees().await, Seen::Closed(4008));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_without_heartbeats_is_closed_and_its_session_is_gone() {
    let (hub, url) = served().await;
    hub.set(|settings| settings.heartbeat_interval = Duration::from_millis(200));
    let (mut client, ready) = Client::ready(&url, MINE).await;
    assert_eq!(client.sees().await, Seen::Closed(4009));
    let mut client = Client::greeted(&url).await;
    client.send(&resume(ready["d"]["session_id"].as_str().expect("an id"), 3)).await;
    let answer = client.payload().await;
    assert_eq!((&answer["op"], &answer["d"]), (&json!(9), &json!(false)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_identify_within_five_seconds_is_told_to_wait() {
    let (hub, url) = served().await;
    hub.set(|settings| settings.identify_gap = Duration::from_secs(5));
    let (_first, _) = Client::ready(&url, MINE).await;
    let mut second = Client::greeted(&url).await;
    second.send(&identify(MINE)).await;
    let answer = second.payload().await;
    assert_eq!((&answer["op"], &answer["d"]), (&json!(9), &json!(false)));
    hub.passes(Duration::from_secs(5));
    second.send(&identify(MINE)).await;
    assert_eq!(second.payload().await["t"], "READY");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shards_of_another_remainder_needn_t_wait() {
    let (hub, url) = served().await;
    hub.set(|settings| (settings.identify_gap, settings.max_concurrency) = (Duration::from_secs(5), 2));
    for (shard, answer) in [(0, "READY"), (1, "READY"), (2, "")] {
        let mut client = Client::greeted(&url).await;
        client.send(&identify_with(json!({"shard": [shard, 4]}))).await;
        assert_eq!(client.payload().await["t"].as_str().unwrap_or_default(), answer, "shard {shard}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn identifies_are_counted_and_the_last_one_costs_the_token() {
    let (hub, url) = served().await;
    hub.set(|settings| settings.identifies_a_day = 3);
    assert_eq!(
        hub.session_start_limit(),
        json!({"total": 3, "remaining": 3, "reset_after": 0, "max_concurrency": 1})
    );
    let (first, _) = Client::ready(&url, MINE).await;
    first.close(1000).await;
    assert_eq!(hub.identifies_left(), 2);
    // A day later there are as many again.
    hub.passes(Duration::from_secs(24 * 60 * 60));
    assert_eq!(hub.identifies_left(), 3);
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(Client::ready(&url, MINE).await.0);
    }
    assert_eq!((hub.identifies_left(), hub.is_token_reset()), (0, false));
    let mut last = Client::greeted(&url).await;
    last.send(&identify(MINE)).await;
    assert_eq!(last.sees().await, Seen::Closed(4004));
    for client in &mut clients {
        assert_eq!(client.sees().await, Seen::Closed(4004));
    }
    assert!(hub.is_token_reset());
}

/// As libraries do that have one way of writing it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_may_be_given_as_the_http_api_wants_it() {
    let (_hub, url) = served().await;
    let mut client = Client::greeted(&url).await;
    client.send(&identify_with(json!({"token": format!("Bot {TOKEN}")}))).await;
    assert_eq!(client.payload().await["t"], "READY");
}
