//! Each limit once, with the server's words.
use std::time::Duration;

use bot_tests::telegram::{Fault, Rights, Telegram, What};
use serde_json::{Value, json};

use crate::api::Api;

const STAFF: i64 = -1001;

/// A world with a customer 1, whose message 1 and the bot's message 2 with a button stand in their chat; 2 has blocked the bot, 3
/// has gone, 4 never wrote; a staff group with a topic 2, and plain ones that the bot has left, was thrown out of, or that moved.
fn world() -> (Telegram, Api) {
    let telegram = Telegram::start().without_pace();
    let api = Api::new(&telegram);
    let ann = telegram.customer(1, "Ann", "en");
    ann.writes("hello");
    api.ok("sendMessage", json!({"chat_id": 1, "text": "hi", "reply_markup": keys("Go", "go")}));
    ann.sends(bot_tests::telegram::Media::Photo, "");
    telegram.customer(2, "Ben", "").blocks();
    telegram.customer(3, "Cleo", "").writes("bye");
    telegram.customer(3, "Cleo", "").deactivates();
    telegram.customer(4, "Dan", "");
    telegram.group(STAFF, "Staff").agent(10, "Eve").opens_topic("Ann");
    telegram.basic_group(-5, "Plain");
    telegram.basic_group(-6, "Gone").migrates();
    telegram.group(-1007, "Out").kicks_bot();
    telegram.group(-1008, "Weak").demotes_bot(Rights { manage_topics: false, ..Rights::ALL });
    (telegram, api)
}

fn keys(label: &str, data: &str) -> Value {
    json!({"inline_keyboard": [[{"text": label, "callback_data": data}]]})
}

fn send(chat: i64, more: Value) -> Value {
    let mut parameters = json!({"chat_id": chat, "text": "x"});
    parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    parameters
}

#[test]
fn what_is_wrong_is_refused_in_the_servers_words() {
    let (_telegram, api) = world();
    let entity = |offset: i64, length: i64| {
        send(1, json!({"entities": [{"type": "bold", "offset": offset, "length": length}]}))
    };
    let text = |text: String| send(1, json!({"text": text}));
    let edit = |id: i64, text: &str, data: &str| json!({"chat_id": 1, "message_id": id, "text": text, "reply_markup": keys("Go", data)});
    let copy = |from: i64, id: i64| json!({"chat_id": 1, "from_chat_id": from, "message_id": id});
    let topic = |chat: i64, id: i64| json!({"chat_id": chat, "message_thread_id": id});
    let name = |chat: i64, name: String| json!({"chat_id": chat, "name": name});
    let react = |id: i64, emoji: &str| json!({"chat_id": 1, "message_id": id, "reaction": [{"type": "emoji", "emoji": emoji}]});
    let commands = |name: &str, about: &str| json!({"commands": [{"command": name, "description": about}]});
    let cases = [
        ("nonsense", json!({}), 404, "Not Found: method not found"),
        ("sendMessage", json!({"text": "x"}), 400, "Bad Request: chat_id is empty"),
        ("sendMessage", send(99, json!({})), 400, "Bad Request: chat not found"),
        ("sendMessage", send(2, json!({})), 403, "Forbidden: bot was blocked by the user"),
        ("sendMessage", send(3, json!({})), 403, "Forbidden: user is deactivated"),
        ("sendMessage", send(4, json!({})), 403, "Forbidden: bot can't initiate conversation with a user"),
        ("sendMessage", send(-1007, json!({})), 403, "Forbidden: bot was kicked from the supergroup chat"),
        (
            "sendMessage",
            send(-6, json!({})),
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
        ),
        ("sendMessage", text(String::new()), 400, "Bad Request: message text is empty"),
        ("sendMessage", text("  \n ".to_owned()), 400, "Bad Request: text must be non-empty"),
        ("sendMessage", text("x".repeat(4097)), 400, "Bad Request: message is too long"),
        ("sendMessage", text("😀".repeat(2049)), 400, "Bad Request: message is too long"),
        (
            "sendMessage",
            entity(0, 2),
            400,
            "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 2",
        ),
        ("sendMessage", send(1, json!({"parse_mode": "rtf"})), 400, "Bad Request: unsupported parse_mode"),
        (
            "sendMessage",
            send(1, json!({"reply_parameters": {"message_id": 99}})),
            400,
            "Bad Request: message to be replied not found",
        ),
        (
            "sendMessage",
            send(1, json!({"reply_markup": keys("Go", &"x".repeat(65))})),
            400,
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            send(1, json!({"reply_markup": keys("Go", "")})),
            400,
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            send(1, json!({"reply_markup": {"inline_keyboard": [[{"text": "x"}]]}})),
            400,
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            send(STAFF, json!({"message_thread_id": 77})),
            400,
            "Bad Request: message thread not found",
        ),
        (
            "sendMessage",
            send(1, json!({"message_thread_id": 77})),
            400,
            "Bad Request: message thread not found",
        ),
        (
            "editMessageText",
            edit(2, "hi", "go"),
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a \
             current content and reply markup of the message",
        ),
        ("editMessageText", edit(1, "x", "go"), 400, "Bad Request: message can't be edited"),
        ("editMessageText", edit(9, "x", "go"), 400, "Bad Request: message to edit not found"),
        ("editMessageText", edit(2, &"x".repeat(4097), "go"), 400, "Bad Request: MESSAGE_TOO_LONG"),
        (
            "deleteMessage",
            json!({"chat_id": 1, "message_id": 9}),
            400,
            "Bad Request: message to delete not found",
        ),
        (
            "deleteMessages",
            json!({"chat_id": 1, "message_ids": []}),
            400,
            "Bad Request: message identifiers are not specified",
        ),
        ("copyMessage", copy(1, 9), 400, "Bad Request: message to copy not found"),
        ("copyMessage", copy(STAFF, 2), 400, "Bad Request: message can't be copied"),
        ("forwardMessage", copy(1, 9), 400, "Bad Request: message to forward not found"),
        (
            "copyMessages",
            json!({"chat_id": 1, "from_chat_id": 1, "message_ids": [3, 1]}),
            400,
            "Bad Request: message identifiers must be in a strictly increasing order",
        ),
        (
            "sendChatAction",
            json!({"chat_id": 1, "action": "dance"}),
            400,
            "Bad Request: wrong parameter action in request",
        ),
        (
            "answerCallbackQuery",
            json!({"callback_query_id": "1"}),
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
        ("setMyCommands", commands("Help", "x"), 400, "Bad Request: BOT_COMMAND_INVALID"),
        ("setMyCommands", commands("help", ""), 400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"),
        ("createForumTopic", name(-5, "x".to_owned()), 400, "Bad Request: the chat is not a forum"),
        (
            "createForumTopic",
            name(-1008, "x".to_owned()),
            400,
            "Bad Request: not enough rights to create a topic",
        ),
        ("createForumTopic", name(STAFF, "x".repeat(129)), 400, "Bad Request: TOPIC_TITLE_TOO_LONG"),
        ("closeForumTopic", topic(STAFF, 77), 400, "Bad Request: TOPIC_ID_INVALID"),
        ("closeForumTopic", topic(-1008, 2), 400, "Bad Request: not enough rights to manage topics"),
        ("reopenForumTopic", topic(STAFF, 2), 400, "Bad Request: TOPIC_NOT_MODIFIED"),
        (
            "editForumTopic",
            json!({"chat_id": STAFF, "message_thread_id": 2, "name": "Ann"}),
            400,
            "Bad Request: TOPIC_NOT_MODIFIED",
        ),
        ("setMessageReaction", react(9, "👍"), 400, "Bad Request: message to react not found"),
        ("setMessageReaction", react(1, "🧀"), 400, "Bad Request: REACTION_INVALID"),
        (
            "getChatAdministrators",
            json!({"chat_id": 1}),
            400,
            "Bad Request: there are no administrators in the private chat",
        ),
        (
            "setWebhook",
            json!({"url": "http://127.0.0.1:1", "secret_token": "a b"}),
            400,
            "Bad Request: secret token contains unallowed characters",
        ),
        (
            "setWebhook",
            json!({"url": "http://127.0.0.1:1", "secret_token": "x".repeat(257)}),
            400,
            "Bad Request: secret token is too long",
        ),
        (
            "sendDocument",
            json!({"chat_id": 1, "document": "none"}),
            400,
            "Bad Request: wrong file identifier/HTTP URL specified",
        ),
    ];
    for (method, parameters, code, description) in cases {
        let refusal = api.refused(method, parameters.clone());
        let got = (refusal["error_code"].as_u64(), refusal["description"].as_str());
        assert_eq!(got, (Some(code), Some(description)), "{method} {parameters}");
    }
}

#[test]
fn what_just_fits_is_taken() {
    let (_telegram, api) = world();
    let cases = [
        ("sendMessage", send(1, json!({"text": "😀".repeat(2048)}))),
        ("sendMessage", send(1, json!({"reply_markup": keys("Go", &"x".repeat(64))}))),
        (
            "sendMessage",
            send(1, json!({"reply_parameters": {"message_id": 99, "allow_sending_without_reply": true}})),
        ),
        ("sendMessage", send(1, json!({"entities": [{"type": "bold", "offset": 0, "length": 1}]}))),
        ("createForumTopic", json!({"chat_id": STAFF, "name": "ü".repeat(128)})),
        (
            "setMessageReaction",
            json!({"chat_id": 1, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "❤️"}]}),
        ),
        (
            "setMyCommands",
            json!({"commands": [{"command": "a".repeat(32), "description": "b".repeat(256)}], "language_code": "de"}),
        ),
        ("setWebhook", json!({"url": "http://127.0.0.1:1", "secret_token": "x".repeat(256)})),
    ];
    for (method, parameters) in cases {
        api.ok(method, parameters);
    }
}

#[test]
fn a_wrong_token_is_unauthorized() {
    let telegram = Telegram::start();
    let other = format!("{}/bot1:wrong/getMe", telegram.url());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let body: Value = runtime.block_on(async { reqwest::get(other).await.unwrap().json().await.unwrap() });
    assert_eq!(body, json!({"ok": false, "error_code": 401, "description": "Unauthorized"}));
}

#[test]
fn parameters_come_as_json_form_query_and_in_any_case() {
    let (telegram, api) = world();
    let form = [
        ("chat_id", "1"),
        ("text", "by form"),
        ("reply_markup", r#"{"inline_keyboard":[[{"text":"A","callback_data":"1"}]]}"#),
    ];
    assert_eq!(
        api.form("SENDMESSAGE", Some(&form))["result"]["reply_markup"]["inline_keyboard"][0][0]["text"],
        "A"
    );
    assert_eq!(api.form("SendMessage?chat_id=1&text=by%20query", None)["result"]["text"], "by query");
    let noted = telegram.calls();
    assert_eq!((noted[1].method.as_str(), noted[1].parameter("chat_id")), ("sendMessage", &json!(1)));
}

#[test]
fn the_pace_is_enforced_and_the_clock_gives_it_back() {
    let telegram = Telegram::start();
    let api = Api::new(&telegram);
    telegram.customer(1, "Ann", "en").writes("hello");
    telegram.group(STAFF, "Staff");
    for (chat, most, wait) in [(1, 5, 5), (STAFF, 20, 60)] {
        (0..most).for_each(|_| {
            api.ok("sendMessage", send(chat, json!({})));
        });
        let refusal = api.refused("sendMessage", send(chat, json!({})));
        let seconds = refusal["parameters"]["retry_after"].as_u64().unwrap();
        assert!((1..=wait).contains(&seconds), "{refusal}");
        assert_eq!(refusal["description"], format!("Too Many Requests: retry after {seconds}"));
        telegram.passes(Duration::from_secs(seconds));
        api.ok("sendMessage", send(chat, json!({})));
    }
    api.ok("sendChatAction", json!({"chat_id": STAFF, "action": "typing"}));
}

#[test]
fn thirty_a_second_is_the_most_in_all() {
    let telegram = Telegram::start();
    let api = Api::new(&telegram);
    let sent = (1..=40).map(|id| {
        telegram.customer(id, "Ann", "en").writes("hello");
        api.asks("sendMessage", send(id, json!({}))).unwrap().0
    });
    let statuses: Vec<u16> = sent.collect();
    assert!(statuses[..30].iter().all(|status| *status == 200), "{statuses:?}");
    // On a slow machine the second may have passed meanwhile.
    let took = telegram.calls().last().unwrap().at - telegram.calls()[0].at;
    assert!(statuses.contains(&429) || took > Duration::from_secs(1), "{statuses:?} in {took:?}");
}

#[test]
fn a_press_lives_for_150_seconds_and_is_answered_once() {
    let (telegram, api) = world();
    let ann = telegram.customer(1, "Ann", "en");
    let press = ann.presses("Go");
    let answer = json!({"callback_query_id": press, "text": "Done"});
    api.ok("answerCallbackQuery", answer.clone());
    api.refused("answerCallbackQuery", answer);
    assert_eq!(
        telegram.read(|state| state.press(&press).unwrap().answer.clone()).unwrap().text.unwrap(),
        "Done"
    );
    let old = ann.presses_data(2, "forged");
    telegram.passes(Duration::from_secs(151));
    api.refused("answerCallbackQuery", json!({"callback_query_id": old}));
}

#[test]
fn any_refusal_can_be_ordered() {
    let (telegram, api) = world();
    telegram.order(Fault::on("getMe", What::Refuse(418, "I'm a teapot".to_owned())));
    assert_eq!(api.refused("getMe", json!({}))["description"], "I'm a teapot");
    api.ok("getMe", json!({}));
}
