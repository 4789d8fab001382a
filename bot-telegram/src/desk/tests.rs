use serde_json::json;

use super::*;
use crate::inbound::tests::me;

/// A message of Eve's in topic 5, with what is given put over it.
fn message(over: Json) -> Json {
    let mut message = json!({
        "message_id": 12, "date": 1_000, "message_thread_id": 5, "is_topic_message": true,
        "chat": { "id": -50, "type": "supergroup", "is_forum": true },
        "from": { "id": 2, "is_bot": false, "first_name": "Eve" },
        "reply_to_message": { "message_id": 5, "forum_topic_created": { "name": "#1 Ann" } },
    });
    let fields = message.as_object_mut().unwrap();
    over.as_object()
        .unwrap()
        .iter()
        .for_each(|(name, value)| drop(fields.insert(name.clone(), value.clone())));
    message
}

fn short(mut update: Json) -> String {
    update["update_id"] = json!(99);
    let Some(heard) = heard(&update, &me(), Some("Presser".to_owned()), Timestamp::UNIX_EPOCH) else {
        return "nothing".to_owned();
    };
    assert_eq!((heard.key.as_str(), heard.place.room.as_str()), ("u99", "-50"));
    let place = heard.place.thread.unwrap_or_else(|| "General".to_owned());
    let to = |id: Option<String>| id.map(|id| format!(" to {id}")).unwrap_or_default();
    let what = match heard.what {
        Spoken::Text { message, text, replies_to } => format!("{text:?} as {message}{}", to(replies_to)),
        Spoken::Files { message, files, text, album, replies_to } => {
            format!("{} {text:?} {album:?} as {message}{}", files.join(" "), to(replies_to))
        }
        Spoken::Edit { message, text } => format!("{message} is {text:?}"),
        other => format!("{other:?}"),
    };
    format!("{place} {}: {what}", heard.agent.unwrap_or_else(|| "nobody".to_owned()))
}

#[test]
fn what_is_heard_in_a_group_of_agents() {
    let anonymous = json!({ "id": 1_087_968_824, "is_bot": true, "first_name": "Group" });
    let rows = [
        (json!({ "text": "Hello" }), r#"5 Eve: "Hello" as 12"#),
        (json!({ "text": "/claim@shop_bot" }), r#"5 Eve: "/claim" as 12"#),
        (json!({ "text": "/claim@other_bot" }), "nothing"),
        (json!({ "text": "yes", "reply_to_message": { "message_id": 9 } }), r#"5 Eve: "yes" as 12 to 9"#),
        (
            json!({ "text": "x", "message_thread_id": 3, "is_topic_message": false }),
            r#"General Eve: "x" as 12"#,
        ),
        (json!({ "photo": [], "caption": "see" }), r#"5 Eve: -50/12 "see" None as 12"#),
        (json!({ "photo": [], "media_group_id": "al" }), r#"5 Eve: -50/12 "" Some("al") as 12"#),
        (json!({ "text": "x", "forward_origin": {} }), r#"5 nobody: "x" as 12"#),
        (json!({ "text": "x", "via_bot": {} }), r#"5 nobody: "x" as 12"#),
        (
            json!({ "text": "x", "from": { "id": 8, "is_bot": true, "first_name": "Bot" } }),
            r#"5 nobody: "x" as 12"#,
        ),
        (json!({ "text": "x", "from": anonymous, "sender_chat": { "id": -50 } }), r#"5 Team: "x" as 12"#),
        (
            json!({ "text": "x", "from": anonymous, "sender_chat": { "id": -50 }, "author_signature": "Boss" }),
            r#"5 Boss: "x" as 12"#,
        ),
        (json!({ "text": "x", "sender_chat": { "id": -99 } }), r#"5 nobody: "x" as 12"#),
        (json!({ "new_chat_members": [] }), "nothing"),
        (json!({ "forum_topic_created": { "name": "Lunch" } }), "nothing"),
        (
            json!({ "from": { "id": 7, "is_bot": true }, "forum_topic_created": { "name": "#1 Ann" } }),
            r##"5 nobody: Opened { title: "#1 Ann" }"##,
        ),
        (json!({ "from": { "id": 7, "is_bot": true }, "text": "own" }), "nothing"),
        (
            json!({ "migrate_to_chat_id": -1001, "is_topic_message": false }),
            r#"General Eve: Moved { room: "-1001" }"#,
        ),
    ];
    for (over, want) in rows {
        assert_eq!(short(json!({ "message": message(over.clone()) })), want, "{over}");
    }
    let edited = json!({ "edited_message": message(json!({ "text": "new" })) });
    assert_eq!(short(edited), r#"5 Eve: 12 is "new""#);
    let pressed =
        json!({ "callback_query": { "id": "q", "data": "claim:1", "message": message(json!({})) } });
    assert_eq!(short(pressed), r#"5 Presser: Press { data: "claim:1" }"#);
}

#[test]
fn rights_that_are_missing_are_named() {
    let admin = |topics: bool, delete: bool| json!({ "status": "administrator", "can_manage_topics": topics, "can_delete_messages": delete });
    let rows = [
        (json!({ "status": "creator" }), vec![]),
        (admin(true, true), vec![]),
        (admin(false, true), vec!["Manage Topics"]),
        (admin(false, false), vec!["Manage Topics", "Delete Messages"]),
        (json!({ "status": "member" }), vec!["no administrator"]),
        (json!({ "status": "kicked" }), vec!["not in the group"]),
    ];
    for (member, want) in rows {
        let missing = missing(&member);
        assert_eq!(missing.len(), want.len(), "{member}");
        assert!(missing.iter().zip(&want).all(|(missing, want)| missing.contains(want)), "{missing:?}");
    }
}

#[test]
fn who_belongs_to_a_group() {
    for (member, want) in [
        (json!({ "status": "creator" }), true),
        (json!({ "status": "administrator" }), true),
        (json!({ "status": "member" }), true),
        (json!({ "status": "restricted", "is_member": true }), true),
        (json!({ "status": "restricted", "is_member": false }), false),
        (json!({ "status": "left" }), false),
        (json!({ "status": "kicked" }), false),
        (json!({}), false),
    ] {
        assert_eq!(is_in(&member), want, "{member}");
    }
}

#[test]
fn what_errors_mean_for_a_thread() {
    let error = |code: u16, what: &str| ThreadError::from(refused(code, what, None));
    for what in ["message thread not found", "TOPIC_ID_INVALID", "TOPIC_DELETED"] {
        assert_eq!(error(400, &format!("Bad Request: {what}")), ThreadError::ThreadGone, "{what}");
    }
    for what in ["message to edit not found", "message to copy not found", "there are no messages to forward"]
    {
        assert_eq!(error(400, &format!("Bad Request: {what}")), ThreadError::MessageGone, "{what}");
    }
    for (code, what) in [
        (400, "Bad Request: not enough rights to create a topic"),
        (400, "Bad Request: the chat is not a forum"),
        (400, "Bad Request: chat not found"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
    ] {
        assert!(
            matches!(error(code, what), ThreadError::Forbidden(why) if why.contains("Administrators")),
            "{what}"
        );
    }
    let moved = ThreadError::from(refused(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        Some(-1001),
    ));
    assert_eq!(moved, ThreadError::Moved("-1001".to_owned()));
    let doubt = ThreadError::from(Failure::doubt("no answer"));
    assert_eq!(doubt, ThreadError::Send(SendError::Doubt("no answer".to_owned())));
}

fn refused(code: u16, what: &str, moved: Option<i64>) -> Failure {
    Failure { error: SendError::Final(what.to_owned()), code, what: what.to_owned(), moved }
}

#[test]
fn nobody_is_called_by_what_is_posted() {
    assert_eq!(literal("customer: ask @frank, a@b.c"), "customer: ask @\u{2060}frank, a@b.c");
    let threads = Topics(Api::new("1:a", None).unwrap(), Files::default());
    assert_eq!(threads.measure("@👍"), 4);
}
