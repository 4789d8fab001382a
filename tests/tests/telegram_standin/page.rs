//! The page to play by hand, as far as it can be seen without a browser: what it shows, and what it does.
use bot_tests::telegram::Telegram;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::api::Api;

const STAFF: i64 = -1001;

struct Page {
    runtime: Runtime,
    url: String,
}

impl Page {
    fn new(telegram: &Telegram) -> Page {
        Page { runtime: Runtime::new().unwrap(), url: telegram.url() }
    }

    fn get(&self, path: &str) -> String {
        let url = format!("{}/{path}", self.url);
        self.runtime.block_on(async { reqwest::get(url).await.unwrap().text().await.unwrap() })
    }

    fn view(&self) -> Value {
        serde_json::from_str(&self.get("control/view")).unwrap()
    }

    fn does(&self, deed: Value) -> (u16, Value) {
        self.runtime.block_on(async {
            let client = reqwest::Client::new();
            let answer = client.post(format!("{}/control/deed", self.url)).json(&deed).send().await.unwrap();
            (answer.status().as_u16(), answer.json().await.unwrap())
        })
    }
}

#[test]
fn the_page_is_there_with_what_it_needs() {
    let telegram = Telegram::start();
    let page = Page::new(&telegram);
    let html = page.get("");
    for file in ["page.css", "page.js"] {
        assert!(html.contains(file) && !page.get(file).is_empty(), "{file}");
    }
}

#[test]
fn one_plays_customer_and_agent() {
    let telegram = Telegram::start();
    let (page, api) = (Page::new(&telegram), Api::new(&telegram));
    telegram.customer(1, "Ann", "en");
    telegram.group(STAFF, "Staff").agent(10, "Eve");
    let deeds = [
        json!({"do": "write", "chat": 1, "from": 1, "text": "hello"}),
        json!({"do": "send", "chat": 1, "from": 1, "media": "album", "text": "look"}),
        json!({"do": "edit", "chat": 1, "from": 1, "message": 1, "text": "hello!"}),
        json!({"do": "open_topic", "chat": STAFF, "from": 10, "name": "Ann"}),
        json!({"do": "write", "chat": STAFF, "from": 10, "topic": 2, "text": "hi"}),
        json!({"do": "block", "chat": 1, "blocked": true}),
        json!({"do": "fault", "what": "status", "method": "getMe", "number": 502}),
    ];
    deeds.iter().for_each(|deed| assert_eq!(page.does(deed.clone()).0, 200, "{deed}"));
    let view = page.view();
    assert_eq!(view["customers"][0]["messages"][0]["text"], "hello!");
    assert_eq!(
        (&view["customers"][0]["blocked"], &view["faults"].as_array().unwrap().len()),
        (&json!(true), &1)
    );
    assert_eq!(view["groups"][0]["topics"][1]["messages"][1]["text"], "hi");
    assert_eq!(api.asks("getMe", json!({})).unwrap().0, 502);
    assert_eq!(api.updates(0).len(), 8);
}

#[test]
fn what_cannot_be_done_is_said() {
    let telegram = Telegram::start();
    let page = Page::new(&telegram);
    telegram.customer(1, "Ann", "en").writes("hello");
    let cases = [
        (json!({"do": "press", "chat": 1, "from": 1, "message": 9, "data": "x"}), "the message has gone"),
        (
            json!({"do": "edit", "chat": 1, "from": 1, "message": 9, "text": "x"}),
            "only an own message can be edited",
        ),
        (json!({"do": "write", "chat": -5, "from": 1, "text": "x"}), "there is no such chat"),
    ];
    for (deed, reason) in cases {
        assert_eq!(page.does(deed.clone()), (400, json!(reason)), "{deed}");
    }
}
