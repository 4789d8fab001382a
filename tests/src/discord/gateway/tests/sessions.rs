//! READY, numbers, intents, and resuming.
use serde_json::{Value, json};

use super::*;

fn id(ready: &Value) -> &str {
    ready["d"]["session_id"].as_str().expect("an id")
}

fn told(name: &str, number: u64, id: &str) -> (String, u64, String) {
    (name.to_owned(), number, id.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_is_told_of_its_servers_and_then_of_what_happens() {
    for query in ["", "?v=10&encoding=json&compress=zlib-stream"] {
        let (hub, url) = served().await;
        let (mut client, ready) = Client::ready(&format!("{url}{query}"), MINE).await;
        let said_of_itself = &ready["d"];
        assert_eq!(
            (&ready["s"], &said_of_itself["v"], &said_of_itself["user"]["id"]),
            (&json!(1), &json!(10), &json!(BOT_ID))
        );
        assert_eq!(
            said_of_itself["guilds"],
            json!([{"id": GUILD, "unavailable": true}, {"id": OTHER_GUILD, "unavailable": true}])
        );
        assert_eq!(said_of_itself["application"]["id"], "901");
        hub.emit(said("1", "hello"));
        hub.emit(whispered("2", &"long ".repeat(400)));
        assert_eq!(client.event().await, told("MESSAGE_CREATE", 4, "1"));
        assert_eq!(client.event().await, told("MESSAGE_CREATE", 5, "2"));
        assert_eq!((hub.identifies(), hub.ready(), hub.sequence()), (1, 1, 5));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn intents_decide_what_a_client_is_told_of() {
    let (hub, url) = served().await;
    for (intents, expected) in
        [(GUILDS, ""), (GUILDS | GUILD_MESSAGES, "1"), (GUILDS | DIRECT_MESSAGES, "2"), (MINE, "1 2")]
    {
        let (mut client, _) = Client::ready(&url, intents).await;
        hub.emit(said("1", "hello"));
        hub.emit(whispered("2", "hello"));
        let came = client.until_answered().await;
        let ids: Vec<&str> = came.iter().filter_map(|payload| payload["d"]["id"].as_str()).collect();
        assert_eq!(ids.join(" "), expected, "{intents}");
    }
    // Without GUILDS none are told of, and still READY names them.
    let mut client = Client::greeted(&url).await;
    client.send(&identify(DIRECT_MESSAGES)).await;
    let came = client.until_answered().await;
    assert_eq!(came.len(), 1, "{came:?}");
    assert_eq!(came[0]["d"]["guilds"].as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_is_blank_without_its_intent() {
    let (hub, url) = served().await;
    let (mut client, _) = Client::ready(&url, MINE & !MESSAGE_CONTENT).await;
    let with = |field: &str, value: Value| {
        let mut event = said("1", "secret");
        event.data[field] = value;
        event
    };
    let reply = {
        let mut event = with("mentions", json!([{"id": BOT_ID}]));
        event.data["referenced_message"] = said("0", "secret, too").data;
        event
    };
    let cases = [
        (said("1", "secret"), ""),
        (with("mentions", json!([{"id": BOT_ID}])), "secret"),
        (with("author", json!({"id": BOT_ID})), "secret"),
        (whispered("1", "secret"), "secret"),
        (reply, "secret"),
    ];
    for (event, content) in cases {
        hub.emit(event);
        let data = client.payload().await["d"].take();
        assert_eq!(data["content"], content, "{data}");
        if content.is_empty() {
            let rest = ["embeds", "attachments", "components"].map(|field| data[field].clone());
            assert_eq!(rest, [json!([]), json!([]), json!([])]);
        }
        assert_eq!(data["referenced_message"]["content"].as_str().unwrap_or_default(), "");
    }
    // A partial update gets no fields that it hadn't.
    let data =
        json!({"id": "1", "channel_id": "7", "guild_id": GUILD, "author": {"id": "42"}, "pinned": true});
    hub.emit(Emitted { name: "MESSAGE_UPDATE", data: data.clone(), needs: GUILD_MESSAGES, is_direct: false });
    assert_eq!(client.payload().await["d"], data);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_are_spread_over_shards_and_direct_messages_go_to_the_first() {
    let (hub, url) = served().await;
    let mut shards = Vec::new();
    for shard in 0..2 {
        let mut client = Client::greeted(&url).await;
        client.send(&identify_with(json!({"shard": [shard, 2]}))).await;
        let ready = client.payload().await;
        assert_eq!(ready["d"]["shard"], json!([shard, 2]));
        let guild = client.event().await.2;
        shards.push((client, guild));
    }
    assert_eq!((shards[0].1.as_str(), shards[1].1.as_str()), (GUILD, OTHER_GUILD));
    let mut elsewhere = said("2", "hello");
    elsewhere.data["guild_id"] = json!(OTHER_GUILD);
    hub.emit(said("1", "hello"));
    hub.emit(elsewhere);
    hub.emit(whispered("3", "hello"));
    for ((client, _), expected) in shards.iter_mut().zip([vec!["1", "3"], vec!["2"]]) {
        let came = client.until_answered().await;
        let ids: Vec<&str> = came.iter().filter_map(|payload| payload["d"]["id"].as_str()).collect();
        assert_eq!(ids, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_goes_on_where_it_broke_off() {
    let (hub, url) = served().await;
    let (client, ready) = Client::ready(&url, MINE).await;
    hub.emit(said("1", "seen by nobody"));
    drop(client);
    hub.wait("the session to be left", |hub| (hub.ready() == 0).then_some(()));
    hub.emit(said("2", "missed"));
    let again = ready["d"]["resume_gateway_url"].as_str().expect("an address");
    let mut client = Client::greeted(again).await;
    client.send(&resume(id(&ready), 3)).await;
    assert_eq!(client.event().await, told("MESSAGE_CREATE", 4, "1"));
    assert_eq!(client.event().await, told("MESSAGE_CREATE", 5, "2"));
    assert_eq!(client.event().await, told("RESUMED", 6, ""));
    hub.emit(said("3", "new"));
    assert_eq!(client.event().await, told("MESSAGE_CREATE", 7, "3"));
    assert_eq!((hub.identifies(), hub.resumes()), (1, 1));
    let paths: Vec<String> = hub.connections().into_iter().map(|opened| opened.path).collect();
    assert_eq!(paths, ["/gateway", "/gateway/resume"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_resumed_leaves_the_connection_that_it_was_on() {
    let (hub, url) = served().await;
    let (mut before, ready) = Client::ready(&url, MINE).await;
    let mut after = Client::greeted(&url).await;
    after.send(&resume(id(&ready), 3)).await;
    assert_eq!(after.event().await, told("RESUMED", 4, ""));
    assert_eq!(before.sees().await, Seen::Gone { reset: false });
    hub.emit(said("1", "hello"));
    assert_eq!(after.event().await, told("MESSAGE_CREATE", 5, "1"));
}

/// How a session is left, and whether it can be resumed afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_with_1000_and_1001_and_is_kept_otherwise() {
    for (code, is_kept) in [(1000, false), (1001, false), (4000, true), (1006, true)] {
        let (hub, url) = served().await;
        let (client, ready) = Client::ready(&url, MINE).await;
        match code {
            1006 => drop(client),
            code => client.close(code).await,
        }
        hub.wait("the session to be left", |hub| (hub.ready() == 0).then_some(()));
        assert_eq!(answer(&url, id(&ready), 3).await, if is_kept { "RESUMED" } else { "9 false" }, "{code}");
    }
}

/// Opcode 9, an event's name, or a close code.
async fn answer(url: &str, session: &str, sequence: u64) -> String {
    let mut client = Client::greeted(url).await;
    client.send(&resume(session, sequence)).await;
    match client.sees().await {
        Seen::Payload(payload) if payload["op"] == 9 => format!("9 {}", payload["d"]),
        Seen::Payload(payload) => payload["t"].as_str().unwrap_or_default().to_owned(),
        other => format!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_t_be_resumed_is_refused() {
    type Prepare = fn(&Hub);
    let nothing: Prepare = |_| ();
    let many: Prepare = |hub| (0..6).for_each(|n| hub.emit(said(&n.to_string(), "x")));
    let cases: [(&str, Prepare, Option<&str>, u64, &str); 7] = [
        ("unknown", nothing, Some("other"), 3, "9 false"),
        ("after some minutes", |hub| hub.passes(Duration::from_secs(181)), None, 3, "9 false"),
        ("expired by hand", Hub::expire_sessions, None, 3, "9 false"),
        ("forgotten", Hub::forget_sessions, None, 3, "9 false"),
        ("more than is kept", many, None, 3, "9 false"),
        ("as much as is kept", many, None, 4, "MESSAGE_CREATE"),
        ("a number that wasn't given", nothing, None, 4, "Closed(4007)"),
    ];
    for (what, prepare, session, sequence, expected) in cases {
        let (hub, url) = served().await;
        hub.set(|settings| settings.buffer = 5);
        let (client, ready) = Client::ready(&url, MINE).await;
        drop(client);
        hub.wait("the session to be left", |hub| (hub.ready() == 0).then_some(()));
        prepare(&hub);
        assert_eq!(answer(&url, session.unwrap_or(id(&ready)), sequence).await, expected, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_are_given_as_asked() {
    let (_hub, url) = served().await;
    let (mut client, _) = Client::ready(&url, MINE).await;
    for op in [3, 4] {
        client.send(&json!({"op": op, "d": {}})).await;
    }
    for (asked, found, missing) in [
        (json!({"user_ids": ["42", "43"]}), 1, 1),
        (json!({"query": "", "limit": 0}), 1, 0),
        (json!({"query": "b", "limit": 0}), 0, 0),
    ] {
        let mut data = asked.clone();
        (data["guild_id"], data["nonce"]) = (json!(GUILD), json!("n"));
        client.send(&json!({"op": 8, "d": data})).await;
        let chunk = client.payload().await;
        assert_eq!((&chunk["t"], &chunk["d"]["nonce"]), (&json!("GUILD_MEMBERS_CHUNK"), &json!("n")));
        let count = |field: &str| chunk["d"][field].as_array().map_or(0, Vec::len);
        assert_eq!((count("members"), count("not_found")), (found, missing), "{asked}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_record_has_all_but_the_token() {
    let (hub, url) = served().await;
    let (client, _) = Client::ready(&url, MINE).await;
    client.close(1000).await;
    hub.wait("its end", |hub| hub.connections()[0].ended);
    let ops: Vec<(Side, u64)> = hub
        .frames()
        .iter()
        .map(|frame| (frame.side, frame.payload()["op"].as_u64().expect("an opcode")))
        .collect();
    let gateway = |op| (Side::Gateway, op);
    assert_eq!(ops, [gateway(10), (Side::Bot, 2), gateway(0), gateway(0), gateway(0)]);
    assert!(hub.frames().iter().all(|frame| !frame.text.contains(TOKEN)));
    assert_eq!(hub.connections()[0].ended, Some(Ended::ByBot(Some(1000))));
}
