//! Threads and permissions.
use bot_tests::discord::permissions::*;
use bot_tests::discord::{Agent, Discord, Guild};
use serde_json::{Value, json};

use crate::api::Api;

/// A guild with an agent Eve.
struct World {
    discord: Discord,
    api: Api,
    guild: Guild,
    eve: Agent,
    staff: u64,
}

fn world() -> World {
    let discord = Discord::start().without_pace();
    let (api, guild) = (Api::new(&discord), discord.guild(500));
    World { eve: guild.agent(10, "Eve"), staff: guild.staff_channel(), discord, api, guild }
}

impl World {
    fn opens(&self, body: Value) -> u64 {
        let made = self.api.ok("POST", &format!("/channels/{}/threads", self.staff), body);
        made["id"].as_str().unwrap().parse().unwrap()
    }

    fn code(&self, method: &str, path: &str, body: Value) -> u64 {
        self.api.refused(method, path, body).1
    }
}

fn private(name: &str) -> Value {
    json!({"name": name, "type": 12})
}

#[test]
fn agents_write_in_a_public_thread_and_its_name_is_shown_in_the_channel() {
    let world = world();
    let thread = world.opens(json!({"name": "#1 Ann", "type": 11, "auto_archive_duration": 1440}));
    assert_eq!(world.guild.thread(world.staff)[0].text, "#1 Ann");
    world.api.told();
    world.eve.writes(thread, "I take it");
    assert_eq!(world.api.told(), ["THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"]);
    let known = &world.guild.threads()[0];
    assert_eq!(
        (&*known.name, known.private, &known.members),
        ("#1 Ann", false, &vec![10, 1_000_000_000_000_000_001])
    );
}

#[test]
fn a_private_thread_is_seen_by_who_was_added() {
    let world = world();
    let thread = world.opens(private("#1 Ann"));
    world.api.ok("POST", &format!("/channels/{thread}/messages"), json!({"content": "card"}));
    assert!(world.eve.in_channel(thread).chat().is_empty());
    world.api.ok("PUT", &format!("/channels/{thread}/thread-members/10"), Value::Null);
    assert_eq!(world.eve.in_channel(thread).chat()[0].text, "card");
    assert_eq!(world.guild.thread(world.staff).len(), 0);
    world.api.ok("DELETE", &format!("/channels/{thread}/thread-members/10"), Value::Null);
    assert!(world.eve.in_channel(thread).chat().is_empty());
    let ben = world.discord.customer(2, "Ben", "en").id();
    assert_eq!(world.code("PUT", &format!("/channels/{thread}/thread-members/{ben}"), Value::Null), 50001);
}

#[test]
fn sending_opens_an_archived_thread_unless_it_is_locked() {
    let world = world();
    let thread = world.opens(private("#1"));
    let (own, here) = (format!("/channels/{thread}"), format!("/channels/{thread}/messages"));
    let said = world.api.ok("POST", &here, json!({"content": "x"}))["id"].as_str().unwrap().to_owned();
    world.api.ok("PATCH", &own, json!({"archived": true}));
    assert_eq!(world.code("PATCH", &format!("{here}/{said}"), json!({"content": "y"})), 50083);
    assert_eq!(world.code("PUT", &format!("{own}/thread-members/10"), Value::Null), 50083);
    assert_eq!(world.code("PATCH", &own, json!({"name": "#2"})), 50083);
    world.api.told();
    world.api.ok("POST", &here, json!({"content": "x"}));
    assert_eq!(world.api.told(), ["THREAD_UPDATE", "MESSAGE_CREATE"]);
    world.api.ok("PATCH", &own, json!({"archived": true, "locked": true}));
    assert_eq!(world.code("POST", &here, json!({"content": "x"})), 50083);
    world.api.ok("PATCH", &own, json!({"archived": false, "locked": false}));
    world.api.ok("POST", &here, json!({"content": "x"}));
}

#[test]
fn only_so_many_threads_are_active() {
    let world = world();
    world.discord.most_threads(2);
    let first = world.opens(private("#1"));
    world.opens(private("#2"));
    let path = format!("/channels/{}/threads", world.staff);
    assert_eq!(world.code("POST", &path, private("#3")), 160_006);
    world.eve.archives_thread(first, true);
    world.opens(private("#3"));
    assert_eq!(world.code("POST", &format!("/channels/{first}/messages"), json!({"content": "x"})), 160_006);
    let active = world.api.ok("GET", "/guilds/500/threads/active", Value::Null);
    assert_eq!(active["threads"].as_array().unwrap().len(), 2);
    let archived = format!("/channels/{}/threads/archived/private", world.staff);
    let archived = world.api.ok("GET", &archived, Value::Null);
    assert_eq!((&archived["threads"][0]["name"], &archived["has_more"]), (&json!("#1"), &json!(false)));
}

#[test]
fn a_message_begins_one_thread() {
    let world = world();
    let said = world.eve.writes(world.staff, "look");
    let path = format!("/channels/{}/messages/{said}/threads", world.staff);
    let thread = world.api.ok("POST", &path, json!({"name": "about it"}));
    assert_eq!((&thread["id"], &thread["type"]), (&json!(said.to_string()), &json!(11)));
    assert_eq!(world.code("POST", &path, json!({"name": "again"})), 160_004);
}

#[test]
fn whoever_deletes_is_told_of() {
    let world = world();
    let thread = world.opens(private("#1"));
    world.api.told();
    world.eve.deletes_thread(thread);
    assert_eq!(world.code("POST", &format!("/channels/{thread}/messages"), json!({"content": "x"})), 10003);
    let thread = world.opens(private("#2"));
    world.eve.renames_thread(thread, "#2 Ann");
    world.guild.deletes_channel(world.staff);
    assert_eq!(world.code("GET", &format!("/channels/{thread}"), Value::Null), 10003);
    let told = world.api.told();
    assert_eq!(told[..2], ["THREAD_DELETE", "THREAD_CREATE"]);
    assert_eq!(
        told[told.len() - 4..],
        ["THREAD_UPDATE", "MESSAGE_CREATE", "THREAD_DELETE", "CHANNEL_DELETE"]
    );
}

#[test]
fn each_permission_is_missed_with_its_code() {
    let staff = |world: &World| format!("/channels/{}", world.staff);
    let messages = |world: &World| format!("/channels/{}/messages", world.staff);
    let thread = |world: &World| format!("/channels/{}/threads", world.staff);
    let said = json!({"content": "x"});
    type Path<'a> = &'a dyn Fn(&World) -> String;
    let cases: [(u64, &str, Path<'_>, Value, u64); 9] = [
        (VIEW_CHANNEL, "POST", &messages, said.clone(), 50001),
        (VIEW_CHANNEL, "GET", &staff, Value::Null, 50001),
        (SEND_MESSAGES, "POST", &messages, said.clone(), 50013),
        (EMBED_LINKS, "POST", &messages, json!({"embeds": [{"title": "x"}]}), 50013),
        (CREATE_PRIVATE_THREADS, "POST", &thread, private("x"), 50013),
        (CREATE_PUBLIC_THREADS, "POST", &thread, json!({"name": "x", "type": 11}), 50013),
        (MANAGE_CHANNELS, "PATCH", &staff, json!({"name": "x"}), 50013),
        (MANAGE_CHANNELS, "DELETE", &staff, Value::Null, 50013),
        (
            SEND_MESSAGES_IN_THREADS,
            "POST",
            &|world: &World| {
                let thread = world.opens(private("x"));
                world.guild.takes_permission_in(world.staff, SEND_MESSAGES_IN_THREADS);
                format!("/channels/{thread}/messages")
            },
            said.clone(),
            50013,
        ),
    ];
    for (permission, method, path, body, code) in cases {
        let world = world();
        let path = path(&world);
        world.guild.takes_permission_in(world.staff, permission);
        assert_eq!(
            world.api.refused(method, &path, body.clone()),
            (403, code, String::new()),
            "{permission} {path}"
        );
        world.guild.gives_permission_in(world.staff, permission);
        world.api.ok(method, &path, body);
    }
}

#[test]
fn without_history_nothing_is_read_and_nothing_answered() {
    let world = world();
    let said = world.eve.writes(world.staff, "look");
    world.guild.takes_permission_in(world.staff, READ_MESSAGE_HISTORY);
    let here = format!("/channels/{}/messages", world.staff);
    assert_eq!(world.api.ok("GET", &here, Value::Null), json!([]));
    assert_eq!(world.code("GET", &format!("{here}/{said}"), Value::Null), 50013);
    let reply = json!({"content": "x", "message_reference": {"message_id": said.to_string()}});
    assert_eq!(world.code("POST", &here, reply), 160_002);
}

#[test]
fn a_bot_that_was_thrown_out_has_no_access() {
    let world = world();
    world.guild.kicks_bot();
    assert_eq!(world.code("GET", &format!("/channels/{}", world.staff), Value::Null), 50001);
    assert_eq!(world.code("GET", "/guilds/500", Value::Null), 50001);
    assert_eq!(world.code("GET", "/guilds/501", Value::Null), 10004);
    world.eve.writes(world.staff, "hello?");
    assert_eq!(world.api.told().last(), Some(&"GUILD_DELETE"));
    world.guild.invites_bot();
    world.api.ok("GET", &format!("/channels/{}", world.staff), Value::Null);
}

#[test]
fn roles_are_told_and_members_can_be_asked_for() {
    let world = world();
    let role = world.guild.role("Agents").to_string();
    let roles = |world: &World| world.api.ok("GET", "/guilds/500/members/10", Value::Null)["roles"].clone();
    assert_eq!(roles(&world), json!([role]));
    world.guild.takes_role(10, "Agents");
    assert_eq!(
        (roles(&world), world.api.last("GUILD_MEMBER_UPDATE")["roles"].clone()),
        (json!([]), json!([]))
    );
    assert!(world.eve.in_channel(world.staff).chat().is_empty());
    world.eve.leaves();
    assert_eq!(world.code("GET", "/guilds/500/members/10", Value::Null), 10007);
    assert_eq!(world.code("GET", "/guilds/500/members/77", Value::Null), 10013);
}

#[test]
fn without_the_intent_contents_are_blank_also_over_http() {
    let world = world();
    world.discord.lets_read_contents(false);
    let said = world.eve.writes(world.staff, "secret");
    let mentioned = world.eve.writes(world.staff, "<@1000000000000000001> open");
    let content = |id: u64| {
        let path = format!("/channels/{}/messages/{id}", world.staff);
        world.api.ok("GET", &path, Value::Null)["content"].clone()
    };
    assert_eq!((content(said), content(mentioned)), (json!(""), json!("<@1000000000000000001> open")));
}
