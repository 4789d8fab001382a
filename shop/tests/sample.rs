//! The sample's actions against the shop: each is answered, and with everything that its `sample` has.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
use bot_core::catalog::Source;
use bot_core::dialogue::ActionOutcome;
use bot_core::engine::Engine;
use bot_runtime::actions::{Actions, Call, Environment};
use jiff::civil::date;
use serde_json::{Value, json};
use shop::Options;
use tokio::net::TcpListener;

fn arguments(action: &str) -> Value {
    let shipped = "12345678";
    match action {
        "order" | "return_state" | "refund_state" => json!({ "number": "67890123" }),
        "cancel_order" => json!({ "number": "87654321" }),
        "change_address" => json!({ "number": "87654321", "address": "Elm Street 7", "note": "" }),
        "create_return" => json!({ "number": shipped, "item": "tent", "reason": "too_big" }),
        "send_label" | "send_invoice" => json!({ "number": shipped, "email": "jo@mail.example" }),
        "create_refund" => json!({ "number": shipped, "reason": "broken" }),
        "gift_card" => json!({ "code": "FW-1234-5678-9012" }),
        "change_email" => json!({ "old": "a@b.example", "new": "c@d.example" }),
        "newsletter" => json!({ "email": "a@b.example", "wish": "subscribe" }),
        "stock" => json!({ "product": "tent" }),
        "reserve" => json!({ "product": "boots", "size": "42", "quantity": 1, "name": "Jo" }),
        "book_appointment" => json!({ "kind": "ski", "date": "2026-11-24", "time": "10:00", "phone": "" }),
        other => panic!("a new action: what is it called with? {other}"),
    }
}

#[tokio::test]
async fn every_action_of_the_sample_is_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let options = Options { token: Some("demo".to_owned()), ..Options::new(date(2026, 11, 23)) };
    tokio::spawn(shop::serve(listener, options, std::future::pending()));
    let actions =
        Actions::new(Environment::from_variables([("SHOP_URL", url.as_str()), ("SHOP_TOKEN", "demo")]));

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../intents/actions.yaml");
    let yaml = std::fs::read(path).unwrap();
    let engine = Engine::load(vec![Source::new("actions.yaml", yaml)]).unwrap();
    for (name, action) in &engine.catalog().actions {
        let call = Call { action: name, with: &arguments(name), key: name, again: false };
        let outcome = actions.call(engine.catalog(), call).await;
        let ActionOutcome::Done(answer) = outcome else { panic!("{name}: {outcome:?}") };
        for (field, sample) in action.sample.as_ref().and_then(Value::as_object).unwrap() {
            let kind = |value: &Value| std::mem::discriminant(value);
            assert_eq!(kind(&answer[field]), kind(sample), "{name}.{field}: {answer}");
        }
    }
}
