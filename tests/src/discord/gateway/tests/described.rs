//! What the gateway sends by itself, held against the description where there is one.
use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::specs::discord::{Spec, Watch};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_gateway_says_by_itself_fits_the_description() {
    let Some(spec) = Spec::here() else { return };
    let (hub, url) = served().await;
    let watch = Watch::default().of_gateway(&hub, Arc::new(spec));
    // What servers are like is the home's matter, and this test's are too short: none are told of.
    let mut client = Client::greeted(&url).await;
    client.send(&identify_with(json!({"intents": DIRECT_MESSAGES, "shard": [0, 1]}))).await;
    let ready = client.payload().await;
    hub.asks_for_heartbeats();
    client.until_answered().await;
    hub.order(SocketFault::Reconnect);
    assert_eq!(client.payload().await["op"], 7);
    hub.order(SocketFault::InvalidSession { resumable: true });
    assert_eq!(client.payload().await["op"], 9);
    client.send(&resume(ready["d"]["session_id"].as_str().expect("an id"), 1)).await;
    assert_eq!(client.payload().await["t"], "RESUMED");
    let names = ["READY", "RESUMED", "op 1", "op 10", "op 11", "op 2", "op 6", "op 7", "op 9"];
    assert_eq!(watch.names(), names);
    watch.finds_nothing();
}
