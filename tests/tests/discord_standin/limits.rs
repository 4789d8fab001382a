//! How often one may ask, and what can be ordered to go wrong.
use std::time::Duration;

use bot_tests::discord::{Discord, Fault, What};
use serde_json::{Value, json};

use crate::api::Api;

fn world() -> (Discord, Api, String) {
    let discord = Discord::start();
    let api = Api::new(&discord);
    discord.guild(500);
    let direct = discord.customer(1, "Ann", "en").dm().channel_id();
    (discord, api, format!("/channels/{direct}/messages"))
}

fn text() -> Value {
    json!({"content": "x"})
}

#[test]
fn a_bucket_is_told_by_headers_and_enforced() {
    let (discord, api, here) = world();
    let first = api.asks("POST", &here, text()).unwrap();
    let told = |name: &str| first.header(name).unwrap();
    assert_eq!((told("x-ratelimit-limit"), told("x-ratelimit-remaining")), ("5", "4"));
    assert!(told("x-ratelimit-reset-after").parse::<f64>().unwrap() <= 5.0);
    assert!(
        !told("x-ratelimit-bucket").is_empty() && told("x-ratelimit-reset").parse::<f64>().unwrap() > 1.0e9
    );
    (0..4).for_each(|_| {
        api.ok("POST", &here, text());
    });
    let refused = api.asks("POST", &here, text()).unwrap();
    let seconds = refused.body["retry_after"].as_f64().unwrap();
    assert_eq!((refused.status, &refused.body["global"]), (429, &json!(false)));
    assert_eq!(
        (refused.header("x-ratelimit-scope"), refused.header("x-ratelimit-remaining")),
        (Some("user"), Some("0"))
    );
    assert!(refused.header("retry-after").unwrap().parse::<f64>().unwrap() >= seconds);
    api.ok("GET", &here, Value::Null);
    discord.passes(Duration::from_secs_f64(seconds));
    api.ok("POST", &here, text());
    assert_eq!(discord.invalid_requests(), 1);
}

#[test]
fn fifty_a_second_are_the_most_in_all() {
    let (discord, api, _) = world();
    let statuses: Vec<u16> = (2..62)
        .map(|id| {
            let direct = discord.customer(id, "Ben", "en").dm().channel_id();
            api.asks("POST", &format!("/channels/{direct}/messages"), text()).unwrap().status
        })
        .collect();
    assert!(statuses[..50].iter().all(|status| *status == 200), "{statuses:?}");
    // On a slow machine the second may have passed meanwhile.
    let calls = discord.calls();
    let took = calls.last().unwrap().at - calls[0].at;
    assert!(statuses.contains(&429) || took > Duration::from_secs(1), "{statuses:?} in {took:?}");
}

#[test]
fn a_channel_gets_two_names_in_ten_minutes() {
    let (discord, api, _) = world();
    let path = format!("/channels/{}", discord.guild(500).support_channel());
    for name in ["a", "b"] {
        api.ok("PATCH", &path, json!({"name": name}));
    }
    let refused = api.asks("PATCH", &path, json!({"name": "c"})).unwrap();
    let seconds = refused.body["retry_after"].as_f64().unwrap();
    assert!(refused.status == 429 && seconds > 500.0, "{refused:?}");
    discord.passes(Duration::from_secs_f64(seconds));
    api.ok("PATCH", &path, json!({"name": "c"}));
}

#[test]
fn what_is_ordered_goes_wrong() {
    let (discord, api, here) = world();
    let ann = discord.customer(1, "Ann", "en");
    let cases = [
        (What::TooManyRequests { seconds: 0.5, global: false }, Some(429), 0),
        (What::Status(502), Some(502), 0),
        (What::StatusAfterEffect(500), Some(500), 1),
        (What::DropBefore, None, 0),
        (What::DropAfterEffect, None, 1),
        (What::Code(403, 50007), Some(403), 0),
    ];
    for (what, status, effects) in cases {
        discord.passes(Duration::from_secs(10));
        let before = ann.chat().len();
        discord.order(Fault::on("POST", "/channels/{channel_id}/messages", what.clone()).after(1));
        api.ok("GET", &here, Value::Null);
        api.ok("POST", &here, text());
        assert_eq!(api.asks("POST", &here, text()).ok().map(|answer| answer.status), status, "{what:?}");
        assert_eq!(ann.chat().len() - before, 1 + effects, "{what:?}");
        assert!(discord.faults().is_empty(), "{what:?}");
        assert!(discord.calls().last().unwrap().fault.is_some());
    }
}

#[test]
fn a_global_limit_that_is_ordered_stops_all() {
    let (discord, api, here) = world();
    discord.order(Fault::new(What::TooManyRequests { seconds: 30.0, global: true }));
    for (method, path) in [("GET", &*here), ("GET", "/users/@me")] {
        let refused = api.asks(method, path, Value::Null).unwrap();
        assert_eq!((refused.status, refused.header("x-ratelimit-scope")), (429, Some("global")));
    }
    discord.passes(Duration::from_secs(30));
    api.ok("GET", "/users/@me", Value::Null);
}

#[test]
fn whoever_has_no_token_or_asks_for_nonsense_is_refused() {
    let (discord, api, _) = world();
    let (status, body) = api.fetches(&format!("{}/users/@me", discord.url()));
    assert_eq!((status, body.contains("401: Unauthorized")), (401, true));
    assert_eq!(api.refused("GET", "/nonsense", Value::Null).0, 404);
    assert_eq!(api.fetches(&format!("{}/gateway", discord.url())).0, 200);
    let bot = api.ok("GET", "/gateway/bot", Value::Null);
    assert_eq!((&bot["shards"], &bot["session_start_limit"]["remaining"]), (&json!(1), &json!(1000)));
    assert!(bot["url"].as_str().unwrap().starts_with("ws://127.0.0.1:"));
}
