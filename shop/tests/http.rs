//! The shop over HTTP: what it answers, and that what was changed stays changed.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
use std::time::Duration;

use jiff::civil::date;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use shop::Options;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

fn options() -> Options {
    Options { token: Some("demo".to_owned()), ..Options::new(date(2026, 11, 23)) }
}

/// A running shop, and how it is asked.
struct Asked {
    url: String,
    client: Client,
}

impl Asked {
    async fn start(options: Options) -> Asked {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(shop::serve(listener, options, std::future::pending()));
        Asked { url, client: Client::builder().no_proxy().build().unwrap() }
    }

    /// The status and the body of an answer to "GET /orders/1", with a body where there is one.
    async fn ask(&self, request: &str, body: Value, key: Option<&str>) -> (u16, Value) {
        let (method, path) = request.split_once(' ').unwrap();
        let url = format!("{}{path}", self.url);
        let mut sent = self.client.request(method.parse::<Method>().unwrap(), url).bearer_auth("demo");
        if !body.is_null() {
            sent = sent.json(&body);
        }
        if let Some(key) = key {
            sent = sent.header("idempotency-key", key);
        }
        let answer = sent.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Asks one after the other; of an answer, the fields that are expected count.
    async fn talk(&self, rows: &[(&str, Value, u16, Value)]) {
        for (request, body, status, expected) in rows {
            let (got, answer) = self.ask(request, body.clone(), None).await;
            assert_eq!(got, *status, "{request} {body}: {answer}");
            for (name, value) in expected.as_object().unwrap() {
                assert_eq!(&answer[name], value, "{request} {body}: {answer}");
            }
        }
    }
}

#[tokio::test]
async fn orders_are_in_different_states() {
    let none = || Value::Null;
    let rows = [
        (
            "GET /orders/12345678",
            none(),
            200,
            json!({ "status": "shipped", "total": 189.9, "item": "Nordlicht tent", "carrier": "DHL",
                "delivery_date": "2026-11-25", "tracking_url": "https://track.fernweg.example/12345678" }),
        ),
        (
            "GET /orders/87654321",
            none(),
            200,
            json!({ "status": "processing", "delivery_date": "2026-11-28" }),
        ),
        ("GET /orders/23456789", none(), 200, json!({ "status": "shipped", "delivery_date": "2026-11-19" })),
        ("GET /orders/34567890", none(), 200, json!({ "status": "delivered" })),
        ("GET /orders/45678901", none(), 200, json!({ "status": "cancelled" })),
        ("GET /orders/99999999", none(), 200, json!({ "status": "unknown" })),
        ("GET /orders/56789012/return", none(), 200, json!({ "status": "received", "date": "2026-11-21" })),
        ("GET /orders/67890123/return", none(), 200, json!({ "status": "checked" })),
        (
            "GET /orders/67890123/refund",
            none(),
            200,
            json!({ "status": "paid", "amount": 129.0, "date": "2026-11-18" }),
        ),
        ("GET /orders/12345678/refund", none(), 200, json!({ "status": "none" })),
        ("GET /orders/99999999/return", none(), 200, json!({ "status": "none" })),
        ("GET /nothing", none(), 404, json!({ "error": "this page is not known" })),
    ];
    Asked::start(options()).await.talk(&rows).await;
}

#[tokio::test]
async fn what_is_changed_stays_changed() {
    let none = || Value::Null;
    let rows = [
        (
            "PUT /orders/87654321/address",
            json!({ "address": "Elm Street 7", "note": null }),
            200,
            json!({ "changed": true }),
        ),
        ("GET /orders/87654321", none(), 200, json!({ "address": "Elm Street 7" })),
        (
            "PUT /orders/12345678/address",
            json!({ "address": "Elm Street 7" }),
            200,
            json!({ "changed": false }),
        ),
        ("POST /orders/87654321/cancel", none(), 200, json!({ "cancelled": true })),
        ("GET /orders/87654321", none(), 200, json!({ "status": "cancelled" })),
        (
            "GET /orders/87654321/refund",
            none(),
            200,
            json!({ "status": "started", "amount": 149.0, "date": "2026-11-23" }),
        ),
        ("POST /orders/87654321/cancel", none(), 200, json!({ "cancelled": true })),
        ("POST /orders/12345678/cancel", none(), 409, json!({ "error": "the order has left the warehouse" })),
        ("POST /orders/99999999/cancel", none(), 404, json!({ "error": "the order is not known" })),
        (
            "POST /returns",
            json!({ "order": "12345678", "item": "tent", "reason": "too_big" }),
            200,
            json!({ "number": "R-4712" }),
        ),
        ("GET /orders/12345678/return", none(), 200, json!({ "status": "announced", "date": "2026-11-23" })),
        ("POST /returns", json!({ "order": "87654321" }), 409, json!({})),
        (
            "POST /refunds",
            json!({ "order": "34567890", "reason": "broken" }),
            200,
            json!({ "number": "G-4713" }),
        ),
        ("POST /refunds", json!({ "order": "34567890", "reason": "broken" }), 409, json!({})),
        ("POST /orders/12345678/label", json!({ "email": "jo@mail.example" }), 200, json!({ "sent": true })),
        (
            "POST /orders/12345678/invoice",
            json!({ "email": "jo@mail.example" }),
            200,
            json!({ "sent": true }),
        ),
        ("POST /orders/99999999/invoice", json!({ "email": "jo@mail.example" }), 404, json!({})),
        ("POST /orders/12345678/invoice", json!({}), 400, json!({})),
    ];
    Asked::start(options()).await.talk(&rows).await;
}

#[tokio::test]
async fn customers_and_the_shop_in_the_street() {
    let rows = [
        (
            "POST /gift-cards/balance",
            json!({ "code": "FW 1234 5678 9012" }),
            200,
            json!({ "status": "valid", "balance": 25.0, "valid_until": "2028-12-31" }),
        ),
        (
            "POST /gift-cards/balance",
            json!({ "code": "FW-0000-0000-0000" }),
            200,
            json!({ "status": "unknown" }),
        ),
        (
            "POST /customers/email",
            json!({ "old": "a@b.example", "new": "c@d.example" }),
            200,
            json!({ "sent": true }),
        ),
        (
            "POST /newsletter",
            json!({ "email": "a@b.example", "wish": "unsubscribe" }),
            200,
            json!({ "done": true }),
        ),
        ("POST /newsletter", json!({ "email": "a@b.example", "wish": "more" }), 400, json!({})),
        (
            "GET /stock/tent",
            Value::Null,
            200,
            json!({ "online": 12, "shop": 3, "price": 189.9, "next_delivery": "2026-12-07" }),
        ),
        ("GET /stock/stove", Value::Null, 200, json!({ "online": 0, "shop": 0 })),
        ("GET /stock/car", Value::Null, 404, json!({})),
        (
            "POST /reservations",
            json!({ "product": "tent", "size": null, "quantity": 2, "name": "Jo" }),
            200,
            json!({ "number": "V-4712" }),
        ),
        ("GET /stock/tent", Value::Null, 200, json!({ "shop": 1 })),
        ("POST /reservations", json!({ "product": "tent", "quantity": 2, "name": "Jo" }), 409, json!({})),
        (
            "POST /appointments",
            json!({ "kind": "ski", "date": "2026-11-24", "time": "10:00", "phone": null }),
            200,
            json!({ "free": true, "number": "T-4713" }),
        ),
        (
            "POST /appointments",
            json!({ "kind": "ski", "date": "2026-11-24", "time": "10:00" }),
            200,
            json!({ "free": false }),
        ),
    ];
    Asked::start(options()).await.talk(&rows).await;
}

#[tokio::test]
async fn a_request_with_the_key_of_one_before_changes_nothing() {
    let shop = Asked::start(options()).await;
    let refund = json!({ "order": "34567890", "reason": "broken" });
    let first = shop.ask("POST /refunds", refund.clone(), Some("k-1")).await;
    assert_eq!(first, (200, json!({ "number": "G-4712" })));
    assert_eq!(shop.ask("POST /refunds", refund.clone(), Some("k-1")).await, first);
    assert_eq!(shop.ask("POST /refunds", refund, Some("k-2")).await.0, 409);
    // What was refused is looked at anew, and an address has keys of its own.
    assert_eq!(shop.ask("POST /orders/99999999/cancel", Value::Null, Some("k-1")).await.0, 404);
    assert_eq!(shop.ask("POST /orders/87654321/cancel", Value::Null, Some("k-1")).await.0, 200);
}

#[tokio::test]
async fn who_shows_no_token_gets_nothing_and_a_closed_shop_says_so() {
    let url = |shop: &Asked| format!("{}/orders/12345678", shop.url);
    let shop = Asked::start(options()).await;
    assert_eq!(shop.client.get(url(&shop)).send().await.unwrap().status(), 401);
    assert_eq!(shop.client.get(url(&shop)).bearer_auth("wrong").send().await.unwrap().status(), 401);
    let open = Asked::start(Options { token: None, ..options() }).await;
    assert_eq!(open.client.get(url(&open)).send().await.unwrap().status(), 200);
    let closed = Asked::start(Options { fail: true, ..options() }).await;
    assert_eq!(closed.ask("GET /orders/12345678", Value::Null, None).await.0, 503);
}

#[tokio::test]
async fn a_slow_shop_is_slow_and_stops_when_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/orders/12345678", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let slow = Options { slow: Duration::from_secs(3600), ..options() };
    let serving = tokio::spawn(shop::serve(listener, slow, async { drop(stopped.await) }));
    let client = Client::builder().no_proxy().timeout(Duration::from_millis(200)).build().unwrap();
    assert!(client.get(url).send().await.unwrap_err().is_timeout());
    drop(client);
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}
