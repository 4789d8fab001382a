//! What is sent, and what becomes of an answer.
use std::io::ErrorKind;
use std::sync::Arc;

use bot_core::dialogue::ActionOutcome;
use serde_json::json;

use super::super::resolve::Lookup;
use super::backend::{Answer, Backend, closed, raw};
use super::{Actions, ask, bot, done, environment, failed, outcome};

const GET: &str = r#"  it: { get: "{{ env.SHOP_URL }}/x", timeout: 30s }"#;

/// For what never comes.
const QUICK: &str = r#"  it: { get: "{{ env.SHOP_URL }}/x", timeout: 2s }"#;

#[tokio::test]
async fn a_request_has_path_query_headers_and_body_as_written() {
    let backend = Backend::start([Answer::ok()]).await;
    let action = r#"
  it:
    post: "{{ env.SHOP_URL }}/orders/{{ number }}/x?q={{ text }}&n=1"
    headers: { authorization: "Bearer {{ secret.SHOP_TOKEN }}", x-note: "{{ text }}" }
    json: { text: "{{ text }}", count: "{{ count }}", yes: "{{ yes }}", none: "{{ missing }}", list: ["{{ number }}", 1.5], said: "it is {{ text }}" }"#;
    // A trailing slash of the setting is no second one.
    let with =
        json!({ "number": "12345678", "text": "a&b ü {{ secret.SHOP_TOKEN }}", "count": 3, "yes": true });
    assert_eq!(ask(action, &format!("{}/", backend.url), with).await, done());
    let seen = &backend.seen()[0];
    assert_eq!(seen.method, "POST");
    assert_eq!(seen.target, "/orders/12345678/x?q=a%26b%20%C3%BC%20%7B%7B%20secret.SHOP_TOKEN%20%7D%7D&n=1");
    assert_eq!(seen.header("authorization"), "Bearer t0ken");
    assert_eq!(seen.headers["x-note"].as_bytes(), "a&b ü {{ secret.SHOP_TOKEN }}".as_bytes());
    assert_eq!(seen.header("content-type"), "application/json");
    assert_eq!(
        seen.body,
        json!({
            "text": "a&b ü {{ secret.SHOP_TOKEN }}", "count": 3, "yes": true, "none": null, "list": ["12345678", 1.5],
            "said": "it is a&b ü {{ secret.SHOP_TOKEN }}",
        })
    );
}

#[tokio::test]
async fn the_method_is_the_written_one() {
    for method in ["get", "post", "put", "patch", "delete"] {
        let backend = Backend::start([Answer::ok()]).await;
        let action = format!("  it: {{ {method}: \"{{{{ env.SHOP_URL }}}}/x\" }}");
        assert_eq!(ask(&action, &backend.url, json!({})).await, done(), "{method}");
        assert_eq!(backend.seen()[0].method.as_str().to_ascii_lowercase(), method);
    }
}

#[tokio::test]
async fn answers_are_json_and_succeed() {
    let with = |status, body: &str| Answer::With(status, None, body.to_owned());
    let value = ActionOutcome::Done;
    let large = format!("\"{}\"", "a".repeat(256 * 1024));
    let redirect = Answer::With(302, Some(("location", "http://127.0.0.1:1/".to_owned())), String::new());
    let rows = [
        (with(200, r#"{"a": 1.5, "b": [null]}"#), value(json!({"a": 1.5, "b": [null]}))),
        (with(201, "3"), value(json!(3))),
        (with(204, ""), value(json!(null))),
        (with(200, " \n"), value(json!(null))),
        (with(200, "<html>"), failed("the back end answered 200, but not with JSON")),
        (with(200, &large), failed("the back end's answer is larger than 256 KiB")),
        (with(404, r#"{"secret": 1}"#), failed("the back end answered 404")),
        (with(503, ""), failed("the back end answered 503")),
        (
            redirect,
            failed(
                "the back end answered 302, a redirect, which is not followed: configure the final address",
            ),
        ),
        (Answer::Never, failed("the back end did not answer within 2 s")),
    ];
    for (answer, expected) in rows {
        let backend = Backend::start([answer.clone()]).await;
        let action = if answer == Answer::Never { QUICK } else { GET };
        assert_eq!(ask(action, &backend.url, json!({})).await, expected, "{answer:?}");
        assert_eq!(backend.seen().len(), 1, "{answer:?}");
    }
}

#[tokio::test]
async fn bodies_that_end_late_or_never_are_cut_off() {
    let slow = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"ok\":", false);
    assert_eq!(ask(QUICK, &slow, json!({})).await, failed("the back end did not answer within 2 s"));
    let endless = raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", true);
    let action = r#"  it: { get: "{{ env.SHOP_URL }}/x", timeout: 20s }"#;
    assert_eq!(
        ask(action, &endless, json!({})).await,
        failed("the back end's answer is larger than 256 KiB")
    );
    let claimed = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 262145\r\n\r\n", false);
    assert_eq!(ask(GET, &claimed, json!({})).await, failed("the back end's answer is larger than 256 KiB"));
}

#[tokio::test]
async fn an_unreachable_back_end_is_named_as_such() {
    let rows = [
        (closed(), "connection refused"),
        ("http://shop.example".to_owned(), "the host's name can't be resolved"),
    ];
    let nobody: Lookup = Arc::new(|_| Box::pin(async { Err(ErrorKind::NotFound.into()) }));
    let bot = bot(GET);
    for (url, reason) in rows {
        let actions = Actions::looking_up(environment(&url), nobody.clone());
        let reason = format!("the back end could not be reached: {reason}");
        assert_eq!(outcome(&actions, &bot, json!({})).await, failed(&reason), "{url}");
    }
}
