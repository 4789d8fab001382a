use bot_runtime::channel::SendError;
use serde_json::json;

use super::*;
use crate::inbound::tests::{me, over};

/// A message of Eve's in thread 61 of channel 60, with what is given put over it.
fn message(given: Json) -> Json {
    let message = json!({
        "id": "12", "guild_id": "9", "channel_id": "61", "type": 0, "content": "", "edited_timestamp": null,
        "author": { "id": "2", "username": "eve", "global_name": "Eve" }, "timestamp": "1970-01-01T00:16:40+00:00",
    });
    over(message, given)
}

fn short(name: &str, data: &Json) -> String {
    let place = Place { room: "60".to_owned(), thread: Some("61".to_owned()) };
    let (agent, echo) = (Some(called(data)), Some("77"));
    let heard = heard(name, data, (place, &me()), agent, echo, Timestamp::UNIX_EPOCH);
    let Some(Heard { key, agent, what, .. }) = heard else { return "nothing".to_owned() };
    let to = |id: Option<String>| id.map(|id| format!(" to {id}")).unwrap_or_default();
    let what = match what {
        Spoken::Text { message, text, replies_to } => format!("{text:?} as {message}{}", to(replies_to)),
        Spoken::Files { message, files, text, album: None, replies_to } => {
            format!("{} {text:?} as {message}{}", files.join(" "), to(replies_to))
        }
        Spoken::Edit { message, text } => format!("{message} is {text:?}"),
        other => format!("{other:?}"),
    };
    format!("{key} {}: {what}", agent.unwrap_or_else(|| "nobody".to_owned()))
}

#[test]
fn what_is_heard_in_a_channel_of_agents() {
    let file = json!([{ "id": "3" }, { "id": "4" }]);
    let rows = [
        (json!({ "content": "Hello" }), r#"m12 Eve: "Hello" as 12"#),
        (json!({ "content": "// angry" }), r#"m12 Eve: "// angry" as 12"#),
        (
            json!({ "content": "yes", "type": 19, "message_reference": { "message_id": "9" } }),
            r#"m12 Eve: "yes" as 12 to 9"#,
        ),
        (json!({ "content": "see", "attachments": file }), r#"m12 Eve: 61/12/3 61/12/4 "see" as 12"#),
        (
            json!({ "content": "x", "message_reference": { "type": 1, "message_id": "9" } }),
            r#"m12 nobody: "x" as 12"#,
        ),
        (json!({ "content": "x", "webhook_id": "5" }), r#"m12 nobody: "x" as 12"#),
        (
            json!({ "content": "x", "author": { "id": "5", "username": "Mee", "bot": true } }),
            r#"m12 nobody: "x" as 12"#,
        ),
        (json!({ "content": "own", "author": { "id": "7", "bot": true } }), "nothing"),
        (json!({ "content": "", "type": 18 }), "nothing"),
        (json!({ "content": "" }), "nothing"),
    ];
    for (given, want) in rows {
        assert_eq!(short("MESSAGE_CREATE", &message(given.clone())), want, "{given}");
    }
    let edited = json!({ "content": "new", "edited_timestamp": "1970-01-01T00:20:00+00:00" });
    assert_eq!(
        short("MESSAGE_UPDATE", &message(edited)),
        r#"e12/1970-01-01T00:20:00+00:00 Eve: 12 is "new""#
    );
    assert_eq!(short("MESSAGE_UPDATE", &message(json!({ "content": "x", "embeds": [] }))), "nothing");
}

#[test]
fn what_is_deleted_is_told_whoever_did_it() {
    let gone = json!({ "id": "12", "channel_id": "61", "guild_id": "9" });
    assert_eq!(short("MESSAGE_DELETE", &gone), r#"d12 : Delete { message: "12" }"#);
}

#[test]
fn buttons_and_commands_of_agents() {
    let member = json!({ "user": { "id": "2", "username": "eve" }, "nick": "Eve" });
    let given = |kind: u8, data: Json| json!({ "id": "90", "type": kind, "channel_id": "61", "member": member, "data": data });
    for (interaction, want) in [
        (given(3, json!({ "custom_id": "claim:1" })), r#"i90 Eve: Press { data: "claim:1" }"#),
        (given(2, json!({ "name": "claim" })), r#"i90 Eve: "/claim" as 77"#),
        (
            given(2, json!({ "name": "note", "options": [{ "value": "angry" }] })),
            r#"i90 Eve: "/note angry" as 77"#,
        ),
        (
            given(2, json!({ "name": "reply", "options": [{ "value": "Hi *you*" }] })),
            r#"i90 Eve: "/reply Hi *you*" as 77"#,
        ),
    ] {
        assert_eq!(short("INTERACTION_CREATE", &interaction), want);
    }
}

#[test]
fn a_thread_of_the_bot_s_own_is_noticed() {
    let made = |owner: &str, new: bool| json!({ "id": "61", "parent_id": "60", "owner_id": owner, "name": "#1 Ann", "newly_created": new });
    assert_eq!(short("THREAD_CREATE", &made("7", true)), r##"t61 : Opened { title: "#1 Ann" }"##);
    assert_eq!(short("THREAD_CREATE", &made("2", true)), "nothing");
    assert_eq!(short("THREAD_CREATE", &made("7", false)), "nothing");
}

#[test]
fn who_is_an_agent() {
    let (all, some) = (Agents::default(), Agents(vec!["5".to_owned(), "6".to_owned()]));
    for (roles, want) in
        [(json!(["1", "6"]), true), (json!(["1"]), false), (json!([]), false), (Json::Null, false)]
    {
        assert_eq!((all.has(&roles), some.has(&roles)), (true, want), "{roles}");
    }
}

fn failure(status: u16, code: u64, what: &str) -> Failure {
    Failure { error: SendError::Final("no".to_owned()), status, code, what: what.to_owned() }
}

#[test]
fn what_errors_mean_for_a_thread() {
    let thread = Place { room: "60".to_owned(), thread: Some("61".to_owned()) };
    let room = Place { room: "60".to_owned(), thread: None };
    assert_eq!(trouble(failure(404, 10003, ""), Some(&thread)), ThreadError::ThreadGone);
    for at in [Some(&room), None] {
        assert!(matches!(trouble(failure(404, 10003, ""), at), ThreadError::Forbidden(_)));
    }
    assert_eq!(trouble(failure(404, 10008, ""), Some(&thread)), ThreadError::MessageGone);
    for name in ["MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "REPLIES_UNKNOWN_MESSAGE"] {
        let reference = failure(400, 50035, &format!("Invalid Form Body {name}"));
        assert_eq!(trouble(reference, Some(&thread)), ThreadError::MessageGone);
    }
    for code in [50001, 50013, 160005] {
        let told = trouble(failure(403, code, "Missing Access"), Some(&thread));
        assert!(matches!(told, ThreadError::Forbidden(why) if why.contains("Manage Threads")), "{code}");
    }
    assert_eq!(trouble(failure(400, 160006, ""), None), ThreadError::TooMany);
    let doubt = trouble(Failure::doubt("no answer"), Some(&thread));
    assert_eq!(doubt, ThreadError::Send(SendError::Doubt("no answer".to_owned())));
}

#[test]
fn rights_are_worked_out_as_discord_does() {
    let all: u64 = RIGHTS.iter().map(|(bit, _)| bit).sum();
    let manage: u64 = 1 << 34;
    let role = |id: &str, bits: u64| json!({ "id": id, "permissions": bits.to_string() });
    let over = |kind: u8, id: &str, allow: u64, deny: u64| json!({ "type": kind, "id": id, "allow": allow.to_string(), "deny": deny.to_string() });
    let lacking = |roles: Json, own: Json, overwrites: Json| {
        let member = json!({ "user": { "id": "7" }, "roles": own });
        let channel = json!({ "guild_id": "9", "permission_overwrites": overwrites });
        missing(&roles, &member, &channel)
    };
    let none: [String; 0] = [];
    let nothing = || json!([]);
    assert_eq!(lacking(json!([role("9", all)]), nothing(), nothing()), none);
    assert_eq!(lacking(json!([role("9", 0), role("5", all)]), json!(["5"]), nothing()), none);
    assert_eq!(lacking(json!([role("9", 8)]), nothing(), json!([over(0, "9", 0, all)])), none);
    assert_eq!(lacking(json!([role("9", all)]), nothing(), json!([over(0, "9", 0, manage)])).len(), 1);
    let mended = json!([over(0, "9", 0, manage), over(1, "7", manage, 0)]);
    assert_eq!(lacking(json!([role("9", all)]), nothing(), mended), none);
    let of_another = json!([over(0, "9", 0, manage), over(0, "6", manage, 0)]);
    let told = lacking(json!([role("9", all)]), json!(["5"]), of_another);
    assert_eq!(told, ["the bot lacks the right Manage Threads"]);
    assert_eq!(lacking(nothing(), nothing(), nothing()).len(), RIGHTS.len());
}
