use serde_json::json;

use super::*;

pub fn me() -> Me {
    Me { id: "7".to_owned(), application: "8".to_owned(), reads: true }
}

fn now() -> Timestamp {
    Timestamp::from_second(2_000).unwrap()
}

/// A JSON with what is given put over it.
pub fn over(mut json: Json, over: Json) -> Json {
    let fields = json.as_object_mut().unwrap();
    over.as_object()
        .unwrap()
        .iter()
        .for_each(|(name, value)| drop(fields.insert(name.clone(), value.clone())));
    json
}

/// A direct message of Ann's, with what is given put over it.
fn direct(given: Json) -> Json {
    let author = json!({ "id": "1", "username": "ann", "global_name": "Ann" });
    let message = json!({
        "id": "12", "channel_id": "50", "type": 0, "content": "", "author": author,
        "timestamp": "1970-01-01T00:16:40.000000+00:00", "edited_timestamp": null,
    });
    over(message, given)
}

/// The same on a server.
fn guild(given: Json) -> Json {
    over(direct(json!({ "guild_id": "9", "channel_id": "60" })), given)
}

fn support(user: Option<&str>) -> Where {
    Where::Support { channel: "60".to_owned(), user: user.map(str::to_owned) }
}

/// Who it is from, and what it is, in short.
fn short(name: &str, data: &Json, at: &Where) -> String {
    let arrival = match meaning(name, data, at, &me(), now()) {
        Meaning::Arrival(arrival) => arrival,
        other => return format!("{other:?}"),
    };
    assert_eq!(arrival.address.channel, "discord");
    let what = match arrival.body {
        Body::Input { input: Input::Text { text }, message } => {
            let id = message.as_ref().map_or("nothing", |message| message.id.as_str());
            let quotes = message.as_ref().and_then(|message| message.quotes.clone());
            format!("says {text:?} as {id}{}", quotes.map(|id| format!(" to {id}")).unwrap_or_default())
        }
        Body::Input { input: Input::Press { id }, message: None } => format!("presses {id}"),
        Body::Input { input: Input::Attachment { kind, caption, files, album: None }, message: Some(_) } => {
            let caption = caption.map(|caption| format!(" {caption:?}")).unwrap_or_default();
            format!("sends {kind:?} {}{caption}", files.join(" "))
        }
        Body::Edit { message, text } => format!("changes {message} to {text:?}"),
        Body::Delete { message } => format!("deletes {message}"),
        other => format!("{other:?}"),
    };
    format!("{} {} {what}", arrival.key, arrival.address.peer)
}

fn said(message: &Json, at: &Where) -> String {
    short("MESSAGE_CREATE", message, at)
}

#[test]
fn what_direct_messages_mean() {
    let picture = json!({ "id": "33", "filename": "a.png", "content_type": "image/png" });
    let paper = json!({ "id": "34", "filename": "a.pdf", "content_type": "application/pdf" });
    let rows = [
        (json!({ "content": "Hello" }), r#"m12 50 says "Hello" as 12"#),
        (json!({ "content": "<@7> hello" }), r#"m12 50 says "hello" as 12"#),
        (
            json!({ "content": "no", "type": 19, "message_reference": { "message_id": "3" } }),
            r#"m12 50 says "no" as 12 to 3"#,
        ),
        (
            json!({ "content": "broken", "attachments": [picture, paper] }),
            r#"m12 50 sends Picture 50/12/33 50/12/34 "broken""#,
        ),
        (json!({ "attachments": [paper] }), "m12 50 sends Document 50/12/34"),
        (
            json!({ "attachments": [{ "id": "3", "content_type": "audio/ogg" }] }),
            "m12 50 sends Voice 50/12/3",
        ),
        (
            json!({ "attachments": [{ "id": "3", "content_type": "video/mp4" }] }),
            "m12 50 sends Video 50/12/3",
        ),
        (json!({ "attachments": [{ "id": "3" }] }), "m12 50 sends Document 50/12/3"),
        (json!({ "sticker_items": [{ "id": "4", "name": "Wave" }] }), "m12 50 sends Sticker 50/12/4"),
        (json!({ "poll": {} }), "m12 50 sends Other "),
        // What is forwarded counts as said.
        (
            json!({ "message_reference": { "type": 1, "message_id": "3" },
                "message_snapshots": [{ "message": { "content": "old", "attachments": [picture] } }] }),
            r#"m12 50 sends Picture 50/12/33 "old""#,
        ),
        // Not a person's words.
        (json!({ "content": "x", "author": { "id": "7", "bot": true } }), "Nothing"),
        (json!({ "content": "x", "author": { "id": "1", "system": true } }), "Nothing"),
        (json!({ "content": "x", "webhook_id": "5" }), "Nothing"),
        (json!({ "content": "", "type": 6 }), "Nothing"),
        (json!({ "content": "x", "type": 18 }), "Nothing"),
        // Newer than this program, or broken: kept.
        (json!({ "content": "x", "author": null }), "Unread"),
        (json!({ "content": "x", "channel_id": 5 }), "Unread"),
        (json!({ "content": "x", "id": null }), "Unread"),
        (json!({ "content": "x", "flags": "newer", "embeds": 3 }), r#"m12 50 says "x" as 12"#),
    ];
    for (given, want) in rows {
        assert_eq!(said(&direct(given.clone()), &Where::Open), want, "{given}");
    }
}

#[test]
fn on_a_server_only_what_is_addressed_to_the_bot_is_read() {
    let of_bot = json!({ "author": { "id": "7" } });
    let rows = [
        (json!({ "content": "where is it?" }), "Nothing"),
        (json!({ "content": "<@7>, where is it?" }), r#"m12 60:1 says "where is it?" as 12"#),
        (json!({ "content": "where is <@!7> it" }), r#"m12 60:1 says "where is it" as 12"#),
        (json!({ "content": "<@7>" }), r#"m12 60:1 says "" as 12"#),
        (json!({ "content": "<@77> where?" }), "Nothing"),
        (
            json!({ "content": "yes", "type": 19, "message_reference": { "message_id": "3" }, "referenced_message": of_bot }),
            r#"m12 60:1 says "yes" as 12 to 3"#,
        ),
        (json!({ "content": "@everyone", "mention_everyone": true }), "Nothing"),
    ];
    for (given, want) in rows {
        assert_eq!(said(&guild(given.clone()), &Where::Open), want, "{given}");
    }
}

#[test]
fn a_channel_for_support_leads_to_a_conversation_of_one_s_own() {
    let hello = guild(json!({ "content": "Hello" }));
    assert_eq!(said(&hello, &support(None)), r#"m12 60/1 says "Hello" as 12"#);
    let inside = guild(json!({ "content": "Hello", "channel_id": "61" }));
    assert_eq!(said(&inside, &support(Some("1"))), r#"m12 60/1 says "Hello" as 12"#);
    // Somebody else in the thread is not the customer.
    assert_eq!(said(&inside, &support(Some("2"))), "Nothing");
    // What people write may not come: nothing was said then.
    assert_eq!(said(&guild(json!({})), &support(None)), "Nothing");
}

#[test]
fn changes_that_change_words_are_read() {
    let edited = json!({ "content": "new", "edited_timestamp": "1970-01-01T00:20:00+00:00" });
    let changed = |given: Json, at: &Where| short("MESSAGE_UPDATE", &given, at);
    let key = "e12/1970-01-01T00:20:00+00:00";
    assert_eq!(changed(direct(edited.clone()), &Where::Open), format!(r#"{key} 50 changes 12 to "new""#));
    assert_eq!(
        changed(guild(edited.clone()), &support(Some("1"))),
        format!(r#"{key} 60/1 changes 12 to "new""#)
    );
    assert_eq!(changed(guild(edited.clone()), &Where::Open), "Nothing");
    // A preview, a part, a program's own.
    assert_eq!(changed(direct(json!({ "content": "new", "embeds": [{}] })), &Where::Open), "Nothing");
    assert_eq!(changed(json!({ "id": "12", "channel_id": "50", "embeds": [] }), &Where::Open), "Nothing");
    assert_eq!(changed(over(direct(edited), json!({ "author": { "bot": true } })), &Where::Open), "Nothing");
}

#[test]
fn deletions_are_told_where_it_is_known_whose_they_are() {
    let gone = json!({ "id": "12", "channel_id": "50" });
    assert_eq!(short("MESSAGE_DELETE", &gone, &Where::Open), "d12 50 deletes 12");
    let gone = over(gone, json!({ "guild_id": "9" }));
    assert_eq!(short("MESSAGE_DELETE", &gone, &support(Some("1"))), "d12 60/1 deletes 12");
    assert_eq!(short("MESSAGE_DELETE", &gone, &support(None)), "Nothing");
    assert_eq!(short("MESSAGE_DELETE", &gone, &Where::Open), "Nothing");
}

/// What Ann presses in her direct messages.
fn interaction(given: Json) -> Json {
    let user = json!({ "id": "1", "username": "ann", "global_name": "Ann" });
    over(
        json!({ "id": "90", "channel_id": "50", "type": 3, "token": "t", "locale": "de", "user": user }),
        given,
    )
}

#[test]
fn what_is_pressed_chosen_and_commanded() {
    let command = |options: Json| json!({ "type": 2, "data": { "name": "track", "options": options } });
    let rows = [
        (json!({ "data": { "custom_id": "b:3" } }), "i90 50 presses 3"),
        (json!({ "data": { "custom_id": "list:0", "values": ["b:4"] } }), "i90 50 presses 4"),
        (json!({ "data": { "custom_id": "forged" } }), "Unread"),
        (command(json!([])), r#"i90 50 says "/track" as nothing"#),
        (command(json!([{ "name": "text", "value": "12 34" }])), r#"i90 50 says "/track 12 34" as nothing"#),
        (command(json!([{ "name": "n", "value": 5 }])), r#"i90 50 says "/track 5" as nothing"#),
        (json!({ "type": 4, "data": {} }), "Nothing"),
    ];
    for (given, want) in rows {
        assert_eq!(short("INTERACTION_CREATE", &interaction(given.clone()), &Where::Open), want, "{given}");
    }
    let member = json!({ "user": { "id": "2", "username": "bob" }, "nick": "Bob", "roles": [] });
    let server = interaction(
        json!({ "guild_id": "9", "member": member, "user": null, "data": { "custom_id": "b:3" } }),
    );
    assert_eq!(short("INTERACTION_CREATE", &server, &Where::Open), "i90 50:2 presses 3");
}

#[test]
fn people_are_called_as_they_call_themselves() {
    let met = |data: &Json| match meaning("MESSAGE_CREATE", data, &support(None), &me(), now()) {
        Meaning::Arrival(arrival) => arrival.customer.unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(met(&direct(json!({ "content": "x" }))).name.as_deref(), Some("Ann"));
    let member = json!({ "nick": "Annie" });
    assert_eq!(met(&guild(json!({ "content": "x", "member": member }))).name.as_deref(), Some("Annie"));
    let plain = json!({ "content": "x", "author": { "id": "1", "username": "ann", "global_name": null } });
    let met = met(&direct(plain));
    assert_eq!((met.name.as_deref(), met.language), (Some("ann"), None));
    let pressed = interaction(json!({ "data": { "custom_id": "b:3" }, "locale": "pt-BR" }));
    assert_eq!(customer(&pressed).language.map(|language| language.code().to_owned()), Some("pt".to_owned()));
}

#[test]
fn interactions_are_answered_at_once() {
    let answer = |given: Json| acknowledgement(&interaction(given));
    assert_eq!(answer(json!({ "data": { "custom_id": "b:3" } })), Some(json!({ "type": 6 })));
    assert_eq!(answer(json!({ "type": 5 })), Some(json!({ "type": 6 })));
    assert_eq!(answer(json!({ "type": 1 })), None);
}
