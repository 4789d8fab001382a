//! The gateway as a plain websocket client sees it.
mod client;
mod described;
mod faults;
mod refusals;
mod sessions;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

pub use self::client::{Client, Seen};
use super::*;

pub const TOKEN: &str = "stand-in-token";
pub const BOT_ID: &str = "900";
/// Servers of shards 0 and 1 of 2.
pub const GUILD: &str = "8388608";
pub const OTHER_GUILD: &str = "4194304";

struct TestHome;

impl Home for TestHome {
    fn token(&self) -> String {
        TOKEN.to_owned()
    }

    fn bot(&self) -> Value {
        json!({"id": BOT_ID, "username": "bot", "bot": true, "discriminator": "0", "avatar": null, "global_name": null})
    }

    fn application(&self) -> Value {
        json!({"id": "901", "flags": 0})
    }

    fn guilds(&self) -> Vec<Value> {
        let ann = json!({"user": {"id": "42", "username": "ann"}});
        vec![
            json!({"id": GUILD, "name": "one", "members": [ann]}),
            json!({"id": OTHER_GUILD, "name": "two", "members": []}),
        ]
    }

    fn may_use(&self, intents: u64) -> bool {
        intents & (GUILD_MEMBERS | GUILD_PRESENCES) == 0
    }
}

/// A gateway that is served, without the five seconds between two IDENTIFYs.
pub async fn served() -> (Arc<Hub>, String) {
    let hub = Hub::new();
    hub.set(|settings| settings.identify_gap = Duration::ZERO);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("ws://{}/gateway", listener.local_addr().expect("an address"));
    let app = hub.routes(Arc::new(TestHome));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (hub, url)
}

/// A message in a server, of Ann.
pub fn said(id: &str, content: &str) -> Emitted {
    let data = json!({
        "id": id, "channel_id": "7", "guild_id": GUILD, "content": content, "author": {"id": "42"}, "mentions": [],
        "embeds": [{"title": "t"}], "attachments": [{"id": "1"}], "components": [{"type": 1}],
    });
    Emitted { name: "MESSAGE_CREATE", data, needs: GUILD_MESSAGES, is_direct: false }
}

/// A direct message of Ann.
pub fn whispered(id: &str, content: &str) -> Emitted {
    let data =
        json!({"id": id, "channel_id": "8", "content": content, "author": {"id": "42"}, "mentions": []});
    Emitted { name: "MESSAGE_CREATE", data, needs: DIRECT_MESSAGES, is_direct: true }
}

pub fn identify(intents: u64) -> Value {
    identify_with(json!({"intents": intents}))
}

pub fn identify_with(fields: Value) -> Value {
    let mut data =
        json!({"token": TOKEN, "intents": MINE, "properties": {"os": "o", "browser": "b", "device": "d"}});
    for (name, value) in fields.as_object().expect("fields") {
        data[name] = value.clone();
    }
    json!({"op": 2, "d": data})
}

pub fn resume(session: &str, seq: u64) -> Value {
    json!({"op": 6, "d": {"token": TOKEN, "session_id": session, "seq": seq}})
}

/// What the tests' bot wants to know.
pub const MINE: u64 = GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES | MESSAGE_CONTENT;
