//! The page to play by hand, as far as it can be seen without a browser: what it shows, and what it does.
use bot_tests::discord::Discord;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::api::Api;

struct Page {
    runtime: Runtime,
    url: String,
}

impl Page {
    fn new(discord: &Discord) -> Page {
        Page { runtime: Runtime::new().unwrap(), url: discord.page() }
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
            let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
            (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
        })
    }
}

#[test]
fn the_page_is_there_with_what_it_needs() {
    let discord = Discord::start();
    let page = Page::new(&discord);
    let html = page.get("");
    for file in ["page.css", "shell.js", "page.js"] {
        assert!(html.contains(file) && !page.get(file).is_empty(), "{file}");
    }
}

#[test]
fn one_plays_customer_and_agent() {
    let discord = Discord::start();
    let (page, api, guild) = (Page::new(&discord), Api::new(&discord), discord.guild(500));
    let direct = discord.customer(1, "Ann", "en").dm().channel_id();
    guild.agent(10, "Eve");
    let staff = guild.staff_channel().to_string();
    let menu = json!({"type": 3, "custom_id": "pick", "options": [{"label": "Red", "value": "r"}]});
    let rows = json!([{"type": 1, "components": [menu]}]);
    let offered =
        api.ok("POST", &format!("/channels/{direct}/messages"), json!({"content": "x", "components": rows}));
    let thread = page.does(json!({"do": "open_thread", "from": "10", "channel": staff, "text": "#1 Ann"})).1;
    let deeds = [
        json!({"do": "write", "from": "1", "text": "hello"}),
        json!({"do": "send", "from": "1", "kind": "bill.pdf"}),
        json!({"do": "pick", "from": "1", "message": offered["id"], "id": "pick", "values": {"value": "r"}}),
        json!({"do": "write", "from": "10", "channel": thread, "text": "hi"}),
        json!({"do": "archive", "from": "10", "channel": thread, "on": true}),
        json!({"do": "close_dms", "from": "1", "on": true}),
        json!({"do": "fault", "kind": "status", "route": "GET /users/@me", "number": 502}),
        json!({"do": "socket_fault", "kind": "reconnect"}),
    ];
    deeds.iter().for_each(|deed| assert_eq!(page.does(deed.clone()).0, 200, "{deed}"));
    let view = page.view();
    let ann = &view["customers"][0];
    let own = ann["channels"].as_array().unwrap().iter().find(|one| one["name"] == "direct").unwrap();
    assert_eq!(
        (&own["messages"][1]["text"], &own["messages"][2]["files"]),
        (&json!("hello"), &json!(["bill.pdf"]))
    );
    assert_eq!((&ann["closed"], view["faults"].as_array().unwrap().len()), (&json!(true), 1));
    assert_eq!(api.last("INTERACTION_CREATE")["data"]["values"], json!(["r"]));
    assert!(guild.threads()[0].archived);
    assert_eq!(api.asks("GET", "/users/@me", Value::Null).unwrap().status, 502);
}

#[test]
fn what_cannot_be_done_is_said() {
    let discord = Discord::start();
    let (page, guild) = (Page::new(&discord), discord.guild(500));
    let staff = guild.staff_channel().to_string();
    discord.customer(1, "Ann", "en").writes("hello");
    let cases = [
        (json!({"do": "press", "from": "1", "message": "9", "id": "x"}), "the message has gone"),
        (
            json!({"do": "write", "from": "1", "channel": staff, "text": "x"}),
            "the channel has gone, or isn't seen by that person",
        ),
        (json!({"do": "command", "from": "1", "text": "help"}), "1 isn't offered /help; there are []"),
        (json!({"do": "submit", "from": "1"}), "1 sees no form"),
        (json!({"do": "fault", "kind": "rain"}), "there is no fault \"rain\""),
    ];
    for (deed, reason) in cases {
        assert_eq!(page.does(deed.clone()), (400, json!(reason)), "{deed}");
    }
}
