use super::*;

#[test]
fn what_the_end_of_a_connection_means() {
    for code in
        [None, Some(1000), Some(1001), Some(1006), Some(4000), Some(4001), Some(4002), Some(4005), Some(4008)]
    {
        assert_eq!(ending(code), Over::Resume, "{code:?}");
    }
    for code in [4003, 4007, 4009] {
        assert_eq!(ending(Some(code)), Over::Anew, "{code}");
    }
    for (code, words) in [
        (4004, "DISCORD_TOKEN"),
        (4010, "shards"),
        (4011, "shards"),
        (4012, "newer program"),
        (4013, "newer program"),
        (4014, "Message Content Intent"),
    ] {
        assert!(matches!(ending(Some(code)), Over::Never(what) if what.contains(words)), "{code}");
    }
}

#[test]
fn what_texts_about_the_connection_mean() {
    let ready = json!({ "op": 0, "t": "READY", "s": 1, "d": {} });
    for (text, want) in [
        (json!({ "op": 7, "d": null }), Some(Came::Over(Over::Resume))),
        (json!({ "op": 9, "d": true }), Some(Came::Over(Over::Resume))),
        (json!({ "op": 9, "d": false }), Some(Came::Over(Over::Anew))),
        (ready.clone(), Some(Came::Event(ready))),
        (json!({ "op": 1 }), None),
        (json!({ "op": 10 }), None),
        (json!({ "op": 11 }), None),
        (json!({ "op": 99 }), None),
        (json!("odd"), None),
    ] {
        assert_eq!(told(&text.to_string()), want, "{text}");
    }
}

fn event(name: &str, sequence: u64, data: Json) -> Json {
    json!({ "op": 0, "t": name, "s": sequence, "d": data })
}

#[test]
fn the_position_follows_what_is_stored() {
    let mut position = Position::default();
    let ready = json!({ "session_id": "a", "resume_gateway_url": "wss://r.discord.gg/" });
    position.pass(&event("READY", 1, ready.clone()));
    let known = |id: &str, sequence| {
        Some(Known { id: id.to_owned(), url: "wss://r.discord.gg".to_owned(), sequence })
    };
    assert_eq!(position.session, known("a", 1));
    // Nothing was seen before, so nothing can have been missed.
    assert_eq!(position.behind, None);
    let newest = u64::MAX - 1;
    position.pass(&event("MESSAGE_CREATE", 2, json!({ "id": newest.to_string() })));
    position.pass(&event("MESSAGE_CREATE", 3, json!({ "id": "5" })));
    position.pass(&event("TYPING_START", 4, json!({ "id": "odd" })));
    assert_eq!((position.seen, position.session.clone()), (Some(newest), known("a", 4)));
    let mut anew = ready;
    anew["session_id"] = json!("b");
    position.pass(&event("READY", 1, anew.clone()));
    assert_eq!((position.behind, position.session.clone()), (Some(newest), known("b", 1)));
    // What was missed first is not forgotten by another new session.
    position.seen = Some(u64::MAX);
    position.pass(&event("READY", 1, anew));
    assert_eq!(position.behind, Some(newest));
}

#[test]
fn new_sessions_are_asked_for_seldom() {
    let now = Timestamp::from_second(1_000_000).unwrap();
    let ago = |seconds: i64| now - SignedDuration::from_secs(seconds);
    let wait = |times: &[Timestamp]| back_off(times, now).map(|wait| wait.as_secs());
    assert_eq!(wait(&[]), None);
    assert_eq!(wait(&[ago(2)]), Some(4));
    assert_eq!(wait(&[ago(6)]), None);
    assert_eq!(wait(&[ago(60), ago(6)]), Some(6));
    assert_eq!(wait(&[ago(400), ago(300), ago(200), ago(100), ago(10)]), Some(86));
    assert_eq!(wait(&vec![ago(1); 50]), Some(299));
    // Those of hours ago count only against the most of a day.
    assert_eq!(wait(&vec![ago(9_000); 500]), None);
    assert_eq!(wait(&[vec![ago(9_000); MOST - 1], vec![ago(60)]].concat()), Some(1740));
}

#[test]
fn how_many_are_left_is_read() {
    let read =
        Limit::read(&json!({ "total": 1000, "remaining": 0, "reset_after": 1500, "max_concurrency": 1 }));
    assert_eq!(read, Limit { left: 0, reset: Duration::from_millis(1500) });
    assert_eq!(Limit::read(&Json::Null).left, 1);
}
