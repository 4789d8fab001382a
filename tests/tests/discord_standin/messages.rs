//! Messages: sent, fetched, edited, deleted, each limit once.
use std::time::Duration;

use bot_tests::discord::{Discord, File};
use serde_json::{Value, json};

use crate::api::Api;

const GUILD: u64 = 500;

/// A customer 1 with a direct chat, 2 who has closed it, 3 who has left the server; a guild.
struct World {
    discord: Discord,
    api: Api,
    direct: u64,
    support: u64,
}

fn world() -> World {
    let discord = Discord::start().without_pace();
    let api = Api::new(&discord);
    let guild = discord.guild(GUILD);
    let ann = discord.customer(1, "Ann", "en");
    ann.writes("hello");
    discord.customer(2, "Ben", "de").closes_dms();
    discord.customer(3, "Cleo", "fr").leaves_server();
    World { direct: ann.dm().channel_id(), support: guild.support_channel(), discord, api }
}

impl World {
    fn direct_of(&self, user: u64) -> String {
        let opened = self.api.ok("POST", "/users/@me/channels", json!({"recipient_id": user.to_string()}));
        format!("/channels/{}/messages", opened["id"].as_str().unwrap())
    }
}

fn text(content: impl Into<String>) -> Value {
    json!({"content": content.into()})
}

fn rows(rows: Value) -> Value {
    json!({"content": "x", "components": rows})
}

fn button(label: &str, id: &str) -> Value {
    json!({"type": 2, "style": 1, "label": label, "custom_id": id})
}

fn row(components: Vec<Value>) -> Value {
    json!({"type": 1, "components": components})
}

fn select(options: usize) -> Value {
    let options: Vec<Value> =
        (0..options).map(|n| json!({"label": format!("{n}"), "value": format!("{n}")})).collect();
    row(vec![json!({"type": 3, "custom_id": "s", "options": options})])
}

#[test]
fn what_is_wrong_with_a_message_is_refused_with_its_code() {
    let world = world();
    let here = format!("/channels/{}/messages", world.direct);
    let many = |count: usize| (0..count).map(|n| button("x", &n.to_string())).collect::<Vec<Value>>();
    let form = |field: &str| (400, 50035, field.to_owned());
    let code = |status, code| (status, code, String::new());
    let cases = [
        (&here, text(""), code(400, 50006)),
        (&here, text(" \n "), code(400, 50006)),
        (&here, text("x".repeat(2001)), form("content BASE_TYPE_MAX_LENGTH")),
        (&here, json!({"content": "x", "nonce": "x".repeat(26)}), form("nonce NONCE_TYPE_INVALID_LENGTH")),
        (&here, rows(json!([row(many(6))])), form("components.0.components BASE_TYPE_BAD_LENGTH")),
        (&here, rows(json!([row(vec![])])), form("components.0.components BASE_TYPE_BAD_LENGTH")),
        (
            &here,
            rows((0..6).map(|n| row(vec![button("x", &n.to_string())])).collect()),
            form("components BASE_TYPE_MAX_LENGTH"),
        ),
        (
            &here,
            rows(json!([row(vec![button(&"x".repeat(81), "a")])])),
            form("components.0.components.0.label BASE_TYPE_MAX_LENGTH"),
        ),
        (
            &here,
            rows(json!([row(vec![button("x", &"x".repeat(101))])])),
            form("components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH"),
        ),
        (
            &here,
            rows(json!([row(vec![button("x", "a"), button("y", "a")])])),
            form("components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"),
        ),
        (&here, rows(json!([select(26)])), form("components.0.components.0.options BASE_TYPE_BAD_LENGTH")),
        (
            &here,
            json!({"content": "x", "message_reference": {"message_id": "77"}}),
            form("message_reference MESSAGE_REFERENCE_UNKNOWN_MESSAGE"),
        ),
        (
            &here,
            json!({"embeds": [{"description": "x".repeat(4097)}]}),
            form("embeds.0.description BASE_TYPE_MAX_LENGTH"),
        ),
        (
            &here,
            json!({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
            form("allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"),
        ),
        (&"/channels/77/messages".to_owned(), text("x"), code(404, 10003)),
        (&"/channels/none/messages".to_owned(), text("x"), form("channel_id NUMBER_TYPE_COERCE")),
        (&world.direct_of(2), text("x"), code(403, 50007)),
        (&world.direct_of(3), text("x"), code(403, 50278)),
    ];
    for (path, body, refusal) in cases {
        assert_eq!(world.api.refused("POST", path, body.clone()), refusal, "{body}");
    }
    for (recipient, code) in [("77", 50033), ("1000000000000000001", 50007)] {
        let refusal = world.api.refused("POST", "/users/@me/channels", json!({"recipient_id": recipient}));
        assert_eq!((refusal.0, refusal.1), (400, code), "{recipient}");
    }
}

#[test]
fn what_just_fits_is_taken() {
    let world = world();
    let here = format!("/channels/{}/messages", world.direct);
    let full =
        (0..5).map(|r| row((0..5).map(|n| button(&"x".repeat(80), &format!("{r}{n:0>99}"))).collect()));
    let cases = [
        text("😀".repeat(2000)),
        rows(full.collect()),
        rows(json!([select(25)])),
        json!({"content": "x", "message_reference": {"message_id": "77", "fail_if_not_exists": false}}),
        json!({"content": "x", "nonce": "x".repeat(25)}),
        json!({"embeds": [{"description": "x".repeat(4096)}]}),
    ];
    for body in cases {
        world.api.ok("POST", &here, body);
    }
}

#[test]
fn a_nonce_that_is_enforced_gives_the_first_message_for_some_minutes() {
    let world = world();
    let here = format!("/channels/{}/messages", world.direct);
    let body = json!({"content": "once", "nonce": "n1", "enforce_nonce": true});
    let first = world.api.ok("POST", &here, body.clone());
    assert_eq!(world.api.ok("POST", &here, body.clone())["id"], first["id"]);
    assert_ne!(world.api.ok("POST", &here, json!({"content": "once", "nonce": "n1"}))["id"], first["id"]);
    world.discord.passes(Duration::from_secs(301));
    assert_ne!(world.api.ok("POST", &here, body)["id"], first["id"]);
}

#[test]
fn pages_go_both_ways_and_the_newest_comes_first() {
    let world = world();
    let here = format!("/channels/{}/messages", world.support);
    let ann = world.discord.customer(1, "Ann", "en").in_channel(world.support);
    let ids: Vec<u64> = (0..10).map(|n| ann.writes(&n.to_string())).collect();
    let page = |query: &str| {
        let page = world.api.ok("GET", &format!("{here}?{query}"), Value::Null);
        page.as_array().unwrap().iter().map(|one| one["content"].as_str().unwrap()).collect::<String>()
    };
    assert_eq!(page("limit=3"), "987");
    assert_eq!(page(&format!("limit=3&after={}", ids[4])), "765");
    assert_eq!(page(&format!("limit=3&before={}", ids[4])), "321");
    assert_eq!(page(&format!("limit=3&around={}", ids[4])), "543");
    let refusal = world.api.refused("GET", &format!("{here}?limit=101"), Value::Null);
    assert_eq!(refusal, (400, 50035, "limit NUMBER_TYPE_MAX".to_owned()));
}

#[test]
fn only_own_messages_are_edited_and_people_may_delete_theirs() {
    let world = world();
    let ann = world.discord.customer(1, "Ann", "en");
    let here = format!("/channels/{}/messages", world.direct);
    let said = ann.chat()[0].id;
    let path = |id: &Value| format!("{here}/{}", id.as_str().unwrap());
    assert_eq!(world.api.refused("PATCH", &path(&json!(said.to_string())), text("x")).1, 50005);
    assert_eq!(world.api.refused("DELETE", &path(&json!(said.to_string())), Value::Null).1, 50003);
    let own = world.api.ok("POST", &here, rows(json!([row(vec![button("Go", "go")])])));
    world.api.ok("PATCH", &path(&own["id"]), text("y"));
    assert_eq!((&*ann.chat()[1].text, ann.chat()[1].labels()), ("y", vec!["Go"]));
    assert_eq!(
        world.api.refused("PATCH", &path(&own["id"]), json!({"content": "", "components": []})).1,
        50006
    );
    world.api.ok("DELETE", &path(&own["id"]), Value::Null);
    assert_eq!(world.api.refused("DELETE", &path(&own["id"]), Value::Null), (404, 10008, String::new()));
    assert_eq!(ann.chat().len(), 1);
}

#[test]
fn people_tell_the_bot_what_they_do() {
    let world = world();
    let ann = world.discord.customer(1, "Ann", "en");
    world.api.told();
    let said = ann.sends(&[File::new("a b.png", "bytes")], "look <@1000000000000000001>");
    let event = world.api.last("MESSAGE_CREATE");
    assert_eq!((&event["author"]["id"], &event["mentions"][0]["bot"]), (&json!("1"), &json!(true)));
    assert!(event.get("guild_id").is_none() && event.get("member").is_none(), "{event}");
    ann.edits(said, "looked");
    ann.replies(said, "well?");
    ann.deletes(said);
    ann.in_channel(world.support).writes("hello there");
    let event = world.api.last("MESSAGE_CREATE");
    assert_eq!((&event["guild_id"], event["member"].is_object()), (&json!("500"), true));
    let names = ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_CREATE", "MESSAGE_DELETE", "MESSAGE_CREATE"];
    assert_eq!(world.api.told(), names);
}

#[test]
fn files_are_uploaded_and_their_addresses_expire() {
    let world = world();
    let here = format!("/channels/{}/messages", world.direct);
    let payload = json!({"content": "see", "attachments": [{"id": 0, "description": "a bill"}]});
    let sent = world.api.sends(&here, &payload, &[("bill 1.pdf", "content of it")]);
    let file = &sent.body["attachments"][0];
    assert_eq!((&file["filename"], &file["description"]), (&json!("bill_1.pdf"), &json!("a bill")));
    let url = file["url"].as_str().unwrap();
    assert_eq!(world.api.fetches(url), (200, "content of it".to_owned()));
    assert_eq!(world.api.fetches(url.split('?').next().unwrap()).0, 404);
    world.discord.passes(Duration::from_secs(25 * 3600));
    assert_eq!(world.api.fetches(url).0, 404);
}

#[test]
fn only_what_is_allowed_pings() {
    let world = world();
    let here = format!("/channels/{}/messages", world.support);
    let said = "<@1> <@2> @everyone";
    let cases = [
        (json!({"content": said}), vec![1, 2]),
        (json!({"content": said, "allowed_mentions": {"parse": []}}), vec![]),
        (json!({"content": said, "allowed_mentions": {"users": ["2"]}}), vec![2]),
    ];
    for (body, users) in cases {
        world.api.ok("POST", &here, body.clone());
        let shown = world.discord.read(|state| state.shown(world.support)).pop().unwrap();
        assert_eq!((&shown.pinged.users, shown.pinged.everyone), (&users, false), "{body}");
    }
}
