use serde_json::json;

use super::*;

pub fn me() -> Me {
    Me { id: 7, username: "Shop_Bot".to_owned() }
}

fn now() -> Timestamp {
    Timestamp::from_second(2_000).unwrap()
}

/// A message of Ann's in a private chat, with what is given put over it.
fn message(over: Json) -> Json {
    let mut message = json!({
        "message_id": 12, "date": 1_000, "chat": { "id": 1, "type": "private", "first_name": "Ann" },
        "from": { "id": 1, "is_bot": false, "first_name": "Ann", "last_name": "Lee", "language_code": "de-AT" },
    });
    let fields = message.as_object_mut().unwrap();
    over.as_object()
        .unwrap()
        .iter()
        .for_each(|(name, value)| drop(fields.insert(name.clone(), value.clone())));
    message
}

fn group(over: Json) -> Json {
    let mut message = message(over);
    message["chat"] = json!({ "id": -50, "type": "supergroup", "title": "Friends" });
    message
}

fn read(update: Json) -> Meaning {
    let mut update = update;
    update["update_id"] = json!(99);
    meaning(&update, &me(), now())
}

fn new(message: Json) -> Meaning {
    read(json!({ "message": message }))
}

/// Who it is from, and what it is, in short.
fn short(meaning: Meaning) -> String {
    let arrival = match meaning {
        Meaning::Arrival(arrival) => arrival,
        other => return format!("{other:?}"),
    };
    assert_eq!((arrival.address.channel.as_str(), arrival.key.as_str()), ("telegram", "u99"));
    let what = match arrival.body {
        Body::Input { input: Input::Text { text }, message: Some(Message { id, desk: None, quotes }) } => {
            format!("says {text:?} as {id}{}", quotes.map(|id| format!(" to {id}")).unwrap_or_default())
        }
        Body::Input { input: Input::Press { id }, message: None } => format!("presses {id}"),
        Body::Input { input: Input::Attachment { kind, caption, files, album }, message: Some(_) } => {
            let caption = caption.map(|caption| format!(" {caption:?}")).unwrap_or_default();
            let album = album.map(|album| format!(" of {album}")).unwrap_or_default();
            format!("sends {kind:?} {}{caption}{album}", files.join(" "))
        }
        Body::Edit { message, text } => format!("changes {message} to {text:?}"),
        other => format!("{other:?}"),
    };
    format!("{} {what}", arrival.address.peer)
}

#[test]
fn what_messages_of_customers_mean() {
    let rows = [
        (json!({ "text": "Hello" }), r#"1 says "Hello" as 12"#),
        (json!({ "text": " /start  x1 " }), r#"1 says " /start  x1 " as 12"#),
        (json!({ "text": "/help@shop_bot" }), r#"1 says "/help" as 12"#),
        (json!({ "text": "/track@SHOP_BOT 12 34" }), r#"1 says "/track 12 34" as 12"#),
        (json!({ "text": "/help@other_bot" }), r#"1 says "/help@other_bot" as 12"#),
        (
            json!({ "text": "no", "reply_to_message": message(json!({ "message_id": 3 })) }),
            r#"1 says "no" as 12 to 3"#,
        ),
        (json!({ "photo": [{}], "caption": "broken" }), r#"1 sends Picture 1/12 "broken""#),
        (json!({ "photo": [{}], "media_group_id": "al" }), "1 sends Picture 1/12 of al"),
        (json!({ "animation": {}, "document": {} }), "1 sends Video 1/12"),
        (json!({ "document": {} }), "1 sends Document 1/12"),
        (json!({ "voice": {} }), "1 sends Voice 1/12"),
        (json!({ "audio": {} }), "1 sends Voice 1/12"),
        (json!({ "video": {} }), "1 sends Video 1/12"),
        (json!({ "video_note": {} }), "1 sends Video 1/12"),
        (json!({ "sticker": {} }), "1 sends Sticker 1/12"),
        (json!({ "venue": {}, "location": {} }), "1 sends Location 1/12"),
        (json!({ "location": {} }), "1 sends Location 1/12"),
        (json!({ "contact": {} }), "1 sends Other 1/12"),
        (json!({ "dice": {} }), "1 sends Other 1/12"),
        (json!({ "poll": {} }), "1 sends Other 1/12"),
        // Not a person's words to the bot.
        (json!({ "text": "x", "via_bot": { "id": 8 } }), "Nothing"),
        (json!({ "text": "x", "from": { "id": 8, "is_bot": true } }), "Nothing"),
        (json!({ "pinned_message": {} }), "Nothing"),
        // Newer than this program: kept.
        (json!({ "hologram": {} }), "Unread"),
        (json!({ "text": "x", "chat": {} }), "Unread"),
        // What teloxide's types make a message without content of.
        (
            json!({ "text": "x", "entities": [{ "type": "newer", "offset": 0, "length": 1 }] }),
            r#"1 says "x" as 12"#,
        ),
        (json!({ "text": "x", "entities": "?" }), r#"1 says "x" as 12"#),
    ];
    for (over, want) in rows {
        assert_eq!(short(new(message(over.clone()))), want, "{over}");
    }
}

#[test]
fn in_groups_only_what_is_addressed_to_the_bot_is_read() {
    let of_bot = json!({ "message_id": 3, "from": { "id": 7, "is_bot": true } });
    let of_other = json!({ "message_id": 3, "from": { "id": 5, "is_bot": false } });
    let rows = [
        (json!({ "text": "where is it?" }), "Nothing"),
        (json!({ "text": "@shop_bot, where is it?" }), r#"-50:1 says "where is it?" as 12"#),
        (json!({ "text": "where is it @SHOP_BOT" }), r#"-50:1 says "where is it" as 12"#),
        (json!({ "text": "@shop_botany where?" }), "Nothing"),
        (json!({ "text": "x@shop_bot.example" }), "Nothing"),
        (json!({ "text": "/help" }), "Nothing"),
        (json!({ "text": "/help@shop_bot" }), r#"-50:1 says "/help" as 12"#),
        (json!({ "text": "/help@other_bot" }), "Nothing"),
        (json!({ "text": "yes", "reply_to_message": of_bot }), r#"-50:1 says "yes" as 12 to 3"#),
        (json!({ "text": "yes", "reply_to_message": of_other }), "Nothing"),
        (json!({ "photo": [], "caption": "@shop_bot look" }), r#"-50:1 sends Picture -50/12 "look""#),
        (json!({ "photo": [] }), "Nothing"),
        (json!({ "new_chat_members": [] }), "Nothing"),
        (json!({ "text": "@shop_bot", "sender_chat": { "id": -50 } }), "Nothing"),
    ];
    for (over, want) in rows {
        assert_eq!(short(new(group(over.clone()))), want, "{over}");
    }
    let edit = |text: &str| short(read(json!({ "edited_message": group(json!({ "text": text })) })));
    assert_eq!(edit("between us"), "Nothing");
    assert_eq!(edit("@shop_bot it is 12"), r#"-50:1 changes 12 to "it is 12""#);
}

#[test]
fn edits_presses_and_the_rest() {
    let press = |data: Json, message: Json| json!({ "callback_query": { "id": "q", "from": { "id": 1, "is_bot": false, "first_name": "Ann" }, "data": data, "message": message } });
    let old = json!({ "message_id": 4, "date": 0, "chat": { "id": 1, "type": "private" } });
    let rows = [
        (json!({ "edited_message": message(json!({ "text": "new" })) }), r#"1 changes 12 to "new""#),
        (
            json!({ "edited_message": message(json!({ "photo": [], "caption": "new" })) }),
            r#"1 changes 12 to "new""#,
        ),
        (json!({ "edited_message": message(json!({ "location": {} })) }), "Nothing"),
        (press(json!("b:1.2"), message(json!({}))), "1 presses 1.2"),
        (press(json!("b:1.2"), group(json!({}))), "-50:1 presses 1.2"),
        (press(json!("b:1.2"), old), "1 presses 1.2"),
        (press(json!("claim:1"), message(json!({}))), "Nothing"),
        (press(json!(null), message(json!({}))), "Nothing"),
        (json!({ "my_chat_member": { "chat": { "id": 1, "type": "private" } } }), "Nothing"),
        (json!({ "channel_post": {} }), "Nothing"),
        (json!({ "hologram": {} }), "Unread"),
        (json!({ "message": 5 }), "Unread"),
        (json!({}), "Unread"),
    ];
    for (update, want) in rows {
        assert_eq!(short(read(update.clone())), want, "{update}");
    }
}

#[test]
fn who_and_when() {
    let Meaning::Arrival(arrival) = new(message(json!({ "text": "x", "edit_date": 1_500 }))) else {
        panic!()
    };
    assert_eq!(arrival.at.as_second(), 1_500);
    let customer = arrival.customer.unwrap();
    assert_eq!(customer.name.as_deref(), Some("Ann Lee"));
    assert_eq!(customer.language, Some(Language::new("de")));
    assert_eq!((customer.channel.as_deref(), customer.verified), (Some("telegram"), false));

    let nameless = json!({ "text": "x", "from": { "id": 1, "is_bot": false, "first_name": " ", "language_code": "?!" } });
    let Meaning::Arrival(arrival) = new(message(nameless)) else { panic!() };
    let customer = arrival.customer.unwrap();
    assert_eq!((customer.name, customer.language), (None, None));

    let press =
        json!({ "callback_query": { "from": { "id": 1 }, "data": "b:1", "message": message(json!({})) } });
    let Meaning::Arrival(arrival) = read(press) else { panic!() };
    assert_eq!(arrival.at, now());
}
