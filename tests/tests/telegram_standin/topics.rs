//! Groups and topics: who sees what, who may do what, what goes.
use bot_tests::telegram::{ANONYMOUS, BOT, GENERAL, Rights, Telegram};
use serde_json::json;

use crate::api::Api;

const STAFF: i64 = -1001;

fn world() -> (Telegram, Api) {
    let telegram = Telegram::start().without_pace();
    let api = Api::new(&telegram);
    (telegram, api)
}

#[test]
fn a_topic_begins_with_a_message_that_the_bot_sees() {
    let (telegram, api) = world();
    let staff = telegram.group(STAFF, "Staff");
    let created = api.ok("createForumTopic", json!({"chat_id": STAFF, "name": "#7 Ann"}));
    let topic = created["message_thread_id"].as_i64().unwrap();
    let update = &api.updates(0)[0]["message"];
    assert_eq!((&update["message_id"], &update["from"]["id"]), (&json!(topic), &json!(BOT)));
    assert_eq!(update["forum_topic_created"]["name"], "#7 Ann");
    assert_eq!(staff.topics()[0].name, "#7 Ann");
    let sent = api.ok("sendMessage", json!({"chat_id": STAFF, "message_thread_id": topic, "text": "card"}));
    assert_eq!((&sent["message_thread_id"], &sent["is_topic_message"]), (&json!(topic), &json!(true)));
    assert_eq!(staff.topic(topic)[1].text, "card");
}

#[test]
fn what_agents_write_in_a_topic_seems_to_answer_its_first_message() {
    let (telegram, api) = world();
    let staff = telegram.group(STAFF, "Staff");
    let eve = staff.agent(10, "Eve");
    let topic = eve.opens_topic("Ann");
    eve.writes(topic, "hello");
    eve.writes(GENERAL, "coffee?");
    let updates = api.updates(0);
    assert!(updates[1]["message"]["reply_to_message"]["forum_topic_created"].is_object());
    let general = updates[2]["message"].as_object().unwrap();
    assert!(!general.contains_key("message_thread_id") && !general.contains_key("reply_to_message"));
}

#[test]
fn a_deleted_topic_is_gone_without_a_word() {
    let (telegram, api) = world();
    let staff = telegram.group(STAFF, "Staff");
    let eve = staff.agent(10, "Eve");
    let topic = eve.opens_topic("Ann");
    let seen = telegram.pending();
    eve.deletes_topic(topic);
    assert_eq!(telegram.pending(), seen);
    let refusal =
        api.refused("sendMessage", json!({"chat_id": STAFF, "message_thread_id": topic, "text": "x"}));
    assert_eq!(refusal["description"], "Bad Request: message thread not found");
    assert!(staff.topics().is_empty() && staff.topic(topic).is_empty());
}

#[test]
fn a_closed_topic_is_open_to_those_who_manage_topics() {
    let (telegram, api) = world();
    let staff = telegram.group(STAFF, "Staff");
    let topic = staff.agent(10, "Eve").opens_topic("Ann");
    api.ok("closeForumTopic", json!({"chat_id": STAFF, "message_thread_id": topic}));
    let send = json!({"chat_id": STAFF, "message_thread_id": topic, "text": "x"});
    api.ok("sendMessage", send.clone());
    staff.demotes_bot(Rights::NONE);
    assert_eq!(api.refused("sendMessage", send)["description"], "Bad Request: TOPIC_CLOSED");
}

#[test]
fn without_rights_the_bot_sees_only_what_is_for_it() {
    let (telegram, api) = world();
    let staff = telegram.group(STAFF, "Staff");
    let eve = staff.agent(10, "Eve");
    staff.demotes_bot(Rights::NONE);
    for text in ["hello", "/claim", "@shop_test_bot hello", "/claim@other_bot"] {
        eve.writes(GENERAL, text);
    }
    let texts: Vec<String> = api
        .updates(0)
        .iter()
        .filter_map(|update| update["message"]["text"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(texts, ["/claim", "@shop_test_bot hello"]);
}

#[test]
fn anonymous_administrators_write_as_the_group_and_press_as_themselves() {
    let (telegram, api) = world();
    let staff = telegram.group(STAFF, "Staff");
    let eve = staff.agent(10, "Eve");
    eve.anonymous();
    let keys = json!({"inline_keyboard": [[{"text": "Claim", "callback_data": "c"}]]});
    let card = api.ok("sendMessage", json!({"chat_id": STAFF, "text": "card", "reply_markup": keys}));
    eve.writes(GENERAL, "who am I?");
    eve.presses(card["message_id"].as_i64().unwrap(), "Claim");
    let updates = api.updates(0);
    let message = &updates[0]["message"];
    assert_eq!((&message["from"]["id"], &message["sender_chat"]["id"]), (&json!(ANONYMOUS), &json!(STAFF)));
    assert_eq!(updates[1]["callback_query"]["from"]["id"], 10);
}

#[test]
fn a_migrated_group_says_where_it_has_gone() {
    let (telegram, api) = world();
    let staff = telegram.group(STAFF, "Staff");
    let topic = staff.agent(10, "Eve").opens_topic("Ann");
    let new = staff.migrates();
    let send = |chat| json!({"chat_id": chat, "message_thread_id": topic, "text": "x"});
    assert_eq!(api.refused("sendMessage", send(STAFF))["parameters"], json!({"migrate_to_chat_id": new}));
    api.ok("sendMessage", send(new));
    assert_eq!(telegram.group_at(new).topic(topic).len(), 2);
    let updates = api.updates(0);
    assert_eq!(updates[1]["message"]["migrate_to_chat_id"], new);
    assert_eq!(updates[2]["message"]["migrate_from_chat_id"], STAFF);
}

#[test]
fn copies_carry_files_captions_and_albums() {
    let (telegram, api) = world();
    let (ann, staff) = (telegram.customer(1, "Ann", "en"), telegram.group(STAFF, "Staff"));
    let topic = staff.agent(10, "Eve").opens_topic("Ann");
    let album = ann.sends_album(2, "look");
    let to = json!({"chat_id": STAFF, "message_thread_id": topic, "from_chat_id": 1, "message_ids": album});
    assert_eq!(api.ok("copyMessages", to).as_array().unwrap().len(), 2);
    let shown = staff.topic(topic);
    assert_eq!((shown[1].text.as_str(), shown[1].copied_from), ("look", Some((1, album[0]))));
    assert!(shown[1].album.is_some() && shown[1].album == shown[2].album);
    assert!(!shown[1].forwarded);
}

#[test]
fn an_edit_is_shown_and_new_buttons_alone_are_not() {
    let (telegram, api) = world();
    let ann = telegram.customer(1, "Ann", "en");
    ann.writes("hi");
    let sent = api.ok("sendMessage", json!({"chat_id": 1, "text": "first"}))["message_id"].clone();
    let keys = json!({"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]});
    api.ok("editMessageReplyMarkup", json!({"chat_id": 1, "message_id": sent, "reply_markup": keys}));
    assert_eq!((ann.answers()[0].labels(), ann.answers()[0].edited), (vec!["A"], false));
    api.ok("editMessageText", json!({"chat_id": 1, "message_id": sent, "text": "second"}));
    let shown = ann.answers().remove(0);
    assert_eq!((shown.text.as_str(), shown.labels().len(), shown.edited), ("second", 0, true));
}
