//! Delivery to a webhook: in order, again until 2xx, with the secret.
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State as Given;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use bot_tests::telegram::Telegram;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::api::Api;

#[derive(Clone, Default)]
struct Seen {
    /// The texts, in the order in which they came.
    texts: Arc<Mutex<Vec<String>>>,
    secrets: Arc<Mutex<Vec<Option<String>>>>,
    /// Statuses to answer with before all is well.
    failures: Arc<Mutex<Vec<u16>>>,
}

async fn hook(
    Given(seen): Given<Seen>,
    headers: HeaderMap,
    axum::Json(update): axum::Json<Value>,
) -> StatusCode {
    let secret =
        headers.get("x-telegram-bot-api-secret-token").map(|secret| secret.to_str().unwrap().to_owned());
    seen.secrets.lock().unwrap().push(secret);
    if let Some(status) = seen.failures.lock().unwrap().pop() {
        return StatusCode::from_u16(status).unwrap();
    }
    seen.texts.lock().unwrap().push(update["message"]["text"].as_str().unwrap().to_owned());
    StatusCode::OK
}

fn bot() -> (Runtime, Seen, String) {
    let (runtime, seen) = (Runtime::new().unwrap(), Seen::default());
    let app = Router::new().route("/hook", post(hook)).with_state(seen.clone());
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    runtime.spawn(async move { axum::serve(listener, app).await });
    (runtime, seen, url)
}

#[test]
fn each_chat_comes_in_order_again_until_it_is_taken() {
    let telegram = Telegram::start();
    telegram.webhook_scale(0.001);
    let api = Api::new(&telegram);
    let (_runtime, seen, url) = bot();
    *seen.failures.lock().unwrap() = vec![500, 302, 404];
    let ann = telegram.customer(1, "Ann", "en");
    ann.writes("0");
    api.ok("setWebhook", json!({"url": url, "secret_token": "s3cret", "max_connections": 1}));
    (1..20).for_each(|n| {
        ann.writes(&n.to_string());
    });
    telegram.wait("all to be delivered", |state| (state.pending() == 0).then_some(()));
    let wanted: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    assert_eq!(*seen.texts.lock().unwrap(), wanted);
    assert!(seen.secrets.lock().unwrap().iter().all(|secret| secret.as_deref() == Some("s3cret")));
    let info = api.ok("getWebhookInfo", json!({}));
    assert_eq!((&info["url"], &info["pending_update_count"]), (&json!(url), &json!(0)));
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 500 Internal Server Error");
}

#[test]
fn one_chat_that_waits_delays_no_other() {
    let telegram = Telegram::start();
    let api = Api::new(&telegram);
    let (_runtime, seen, url) = bot();
    // Twice: after the second failure the wait is two seconds.
    *seen.failures.lock().unwrap() = vec![500, 500];
    telegram.customer(1, "Ann", "en").writes("slow");
    api.ok("setWebhook", json!({"url": url}));
    telegram.wait("two failures", |state| state.pending_webhook_tries(1).filter(|tries| *tries == 2));
    telegram.customer(2, "Ben", "en").writes("quick");
    telegram.wait("both", |state| (state.pending() == 0).then_some(()));
    assert_eq!(*seen.texts.lock().unwrap(), ["quick", "slow"]);
}

#[test]
fn updates_wait_for_a_bot_that_is_gone() {
    let telegram = Telegram::start();
    let api = Api::new(&telegram);
    api.ok("setWebhook", json!({"url": "http://127.0.0.1:9/"}));
    telegram.customer(1, "Ann", "en").writes("hello");
    telegram.wait("a failure", |state| state.pending_webhook_tries(1));
    assert_eq!(api.ok("getWebhookInfo", json!({}))["pending_update_count"], 1);
    api.ok("deleteWebhook", json!({}));
    assert_eq!(api.updates(0).len(), 1);
    api.ok("setWebhook", json!({"url": "http://127.0.0.1:9/", "drop_pending_updates": true}));
    assert_eq!(telegram.pending(), 0);
}
