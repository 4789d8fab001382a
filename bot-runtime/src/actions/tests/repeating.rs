//! What is sent again, and what is not.
use std::time::{Duration, Instant};

use serde_json::json;

use super::backend::{Answer, Backend, closed};
use super::{Actions, Call, ask, bot, done, environment, failed};

/// The answers of the back end; how the action is written; its outcome, and how many requests came.
#[tokio::test]
async fn only_what_does_no_harm_is_sent_again() {
    let status = Answer::status;
    let later =
        |status, seconds: &str| Answer::With(status, Some(("retry-after", seconds.to_owned())), "{}".into());
    let get = r#"get: "{{ env.SHOP_URL }}/x", retries: 2"#;
    let post = r#"post: "{{ env.SHOP_URL }}/x""#;
    let keyed = r#"post: "{{ env.SHOP_URL }}/x", retries: 2, idempotency_key: "k-{{ n }}""#;
    let ok = Answer::ok;
    let doubt = "; it may or may not have been carried out";
    let rows = [
        (vec![status(503), status(500), ok()], get, done(), 3),
        (vec![status(503)], get, failed("the back end answered 503"), 3),
        (vec![later(429, "0"), ok()], get, done(), 2),
        (vec![later(429, "1"), ok()], get, done(), 2),
        (vec![later(429, "60"), ok()], get, failed("the back end answered 429"), 1),
        (vec![status(404), ok()], get, failed("the back end answered 404"), 1),
        (vec![Answer::Never, ok()], get, done(), 2),
        (vec![status(503), ok()], post, failed(&format!("the back end answered 503{doubt}")), 1),
        (vec![Answer::Never], post, failed(&format!("the back end did not answer within 2 s{doubt}")), 1),
        (vec![status(429)], post, failed("the back end answered 429"), 1),
        (vec![status(503), ok()], keyed, done(), 2),
        (vec![Answer::Never, ok()], keyed, done(), 2),
    ];
    for (answers, action, expected, requests) in rows {
        let backend = Backend::start(answers.clone()).await;
        // Long where an answer comes, so that a computer with much else to do does not matter.
        let timeout = if answers.contains(&Answer::Never) { "2s" } else { "30s" };
        let action = format!("  it: {{ {action}, timeout: {timeout} }}");
        assert_eq!(ask(&action, &backend.url, json!({"n": 1})).await, expected, "{action} {answers:?}");
        assert_eq!(backend.seen().len(), requests, "{action} {answers:?}");
    }
}

#[tokio::test]
async fn a_repeated_request_is_the_same_one() {
    let rows = [
        (r#"idempotency_key: "k-{{ n }}""#, json!({"n": 7}), "k-7"),
        // Without its value the key would be the same for different things.
        (r#"idempotency_key: "k-{{ n }}""#, json!({}), "call-1"),
        (r#"idempotency_key: "k-{{ n }}""#, json!({"n": ""}), "call-1"),
        (r#"headers: { idempotency-key: mine }"#, json!({}), "mine"),
        ("timeout: 5s", json!({}), "call-1"),
    ];
    for (written, with, key) in rows {
        let retries = if written.starts_with("idempotency_key") { "retries: 1, " } else { "" };
        let action =
            format!(r#"  it: {{ post: "{{{{ env.SHOP_URL }}}}/x", {retries}json: {{ n: 1 }}, {written} }}"#);
        let first = if retries.is_empty() { Answer::ok() } else { Answer::status(502) };
        let backend = Backend::start([first, Answer::ok()]).await;
        assert_eq!(ask(&action, &backend.url, with).await, done(), "{written}");
        for seen in backend.seen() {
            assert_eq!(seen.header("idempotency-key"), key, "{written}");
            assert_eq!(seen.body, json!({"n": 1}));
        }
    }
    let backend = Backend::start([Answer::ok()]).await;
    ask(r#"  it: { get: "{{ env.SHOP_URL }}/x" }"#, &backend.url, json!({})).await;
    assert_eq!(backend.seen()[0].header("idempotency-key"), "");
}

#[tokio::test]
async fn what_could_not_be_connected_is_tried_again_and_was_not_carried_out() {
    let action = r#"  it: { post: "{{ env.SHOP_URL }}/x", retries: 1, idempotency_key: k }"#;
    let reason = "the back end could not be reached: connection refused";
    let before = Instant::now();
    assert_eq!(ask(action, &closed(), json!({})).await, failed(reason));
    assert!(before.elapsed() >= Duration::from_millis(200), "the pause before the second attempt");
}

/// After the process died in the middle of a call.
#[tokio::test]
async fn an_interrupted_call_is_repeated_only_if_that_does_no_harm() {
    let refused = "the call was interrupted, and it may or may not have been carried out; it is not repeated by itself: \
                   look it up in the back end before it is done by hand";
    let rows = [
        (r#"get: "{{ env.SHOP_URL }}/x""#, done(), 1),
        (r#"post: "{{ env.SHOP_URL }}/x""#, failed(refused), 0),
        (r#"delete: "{{ env.SHOP_URL }}/x""#, failed(refused), 0),
        (r#"post: "{{ env.SHOP_URL }}/x", idempotency_key: k"#, done(), 1),
        ("sample: { ok: true }", done(), 0),
    ];
    for (written, expected, requests) in rows {
        let backend = Backend::start([Answer::ok()]).await;
        let actions = Actions::new(environment(&backend.url));
        let bot = bot(&format!("  it: {{ {written} }}"));
        let call = Call { action: "it", with: &json!({}), key: "call-1", again: true };
        assert_eq!(actions.call(bot.catalog(), call).await, expected, "{written}");
        assert_eq!(backend.seen().len(), requests, "{written}");
    }
}
