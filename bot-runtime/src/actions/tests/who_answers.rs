//! Who answers a call: registered code, the back end, the sample, nobody. And where settings come from.
use bot_core::dialogue::ActionOutcome;
use serde_json::json;

use super::backend::{Answer, Backend};
use super::{Actions, Call, Environment, ask, bot, done, environment, failed, outcome};

#[tokio::test]
async fn without_the_variables_of_its_address_the_sample_answers() {
    let backend = Backend::start([Answer::ok()]).await;
    let sampled = r#"  it: { get: "{{ env.SHOP_URL }}/x", sample: { sampled: 1 } }"#;
    let bare = r#"  it: { get: "{{ env.SHOP_URL }}/x" }"#;
    let literal = format!("  it: {{ get: \"{}/x\", sample: {{ sampled: 1 }} }}", backend.url);
    let sample = || ActionOutcome::Done(json!({ "sampled": 1 }));
    let unset = || failed("no back end is configured (SHOP_URL is not set), and there is no sample");
    let rows = [
        (sampled, None, sample()),
        (sampled, Some(""), sample()),
        (sampled, Some(" "), sample()),
        (sampled, Some(backend.url.as_str()), done()),
        (bare, None, unset()),
        (&literal, None, done()),
        ("  it: { sample: { sampled: 1 } }", Some(&backend.url), sample()),
        ("  other: { sample: 1 }", None, failed("there is no action of that name any more")),
    ];
    for (action, url, expected) in rows {
        let variables = url.map(|url| ("SHOP_URL", url));
        let actions = Actions::new(Environment::from_variables(variables));
        assert_eq!(outcome(&actions, &bot(action), json!({})).await, expected, "{action} {url:?}");
    }
    assert_eq!(backend.seen().len(), 2);
}

#[tokio::test]
async fn the_sample_shop_answers_with_its_samples() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../intents/actions.yaml");
    let bot =
        super::Engine::load(vec![super::Source::new("actions.yaml", std::fs::read_to_string(path).unwrap())])
            .unwrap();
    let actions = Actions::new(Environment::default());
    for (name, action) in &bot.catalog().actions {
        let call = Call { action: name, with: &json!({}), key: "call-1", again: false };
        let expected = ActionOutcome::Done(action.sample.clone().unwrap());
        assert_eq!(actions.call(bot.catalog(), call).await, expected, "{name}");
    }
}

#[tokio::test]
async fn registered_code_answers_first() {
    let bot = bot(r#"  it: { post: "{{ env.SHOP_URL }}/x", sample: 1 }"#);
    let mut actions = Actions::new(environment("http://127.0.0.1:1"));
    actions.register("it", |with| match with["n"].as_i64() {
        Some(0) => panic!("a bug"),
        Some(n) => Ok(json!(n + 1)),
        None => Err("no number".to_owned()),
    });
    let value = |value| ActionOutcome::Done(json!(value));
    assert_eq!(outcome(&actions, &bot, json!({"n": 1})).await, value(2));
    assert_eq!(outcome(&actions, &bot, json!({})).await, failed("no number"));
    assert_eq!(outcome(&actions, &bot, json!({"n": 0})).await, failed("the registered code panicked"));
    let again = Call { action: "it", with: &json!({"n": 1}), key: "call-1", again: true };
    assert!(matches!(actions.call(bot.catalog(), again).await, ActionOutcome::Failed(_)));

    actions.register_async("it", |with, key| async move { Ok(json!([with, key])) });
    assert_eq!(outcome(&actions, &bot, json!(1)).await, ActionOutcome::Done(json!([1, "call-1"])));
}

#[tokio::test(start_paused = true)]
async fn registered_code_that_hangs_is_given_up() {
    let mut actions = Actions::new(Environment::default());
    actions.register_async("it", |_, _| std::future::pending());
    let reason = "the registered code did not answer within 30 s; it may or may not have been carried out";
    assert_eq!(outcome(&actions, &bot("  it: { sample: 1 }"), json!({})).await, failed(reason));
}

#[tokio::test]
async fn secrets_come_from_a_variable_or_a_file_and_are_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (full, empty) = (file("full", "  fr0m-file\n"), file("empty", "\n"));
    let absent = folder.path().join("absent").to_str().unwrap().to_owned();
    let rows = [
        (vec![("SHOP_TOKEN", "t0ken")], Ok("t0ken")),
        (vec![("SHOP_TOKEN_FILE", full.as_str())], Ok("fr0m-file")),
        (vec![("SHOP_TOKEN", "t0ken"), ("SHOP_TOKEN_FILE", &full)], Ok("t0ken")),
        (vec![("SHOP_TOKEN_FILE", &empty)], Err("the file that SHOP_TOKEN_FILE names is empty")),
        (
            vec![("SHOP_TOKEN_FILE", &absent)],
            Err("the file that SHOP_TOKEN_FILE names can't be read: entity not found"),
        ),
        (
            vec![("SHOP_TOKEN", "")],
            Err("the secret SHOP_TOKEN is not set: set SHOP_TOKEN, or SHOP_TOKEN_FILE to a file with it"),
        ),
    ];
    for (variables, expected) in rows {
        let environment = Environment::from_variables(variables);
        let secret = environment.secret("SHOP_TOKEN").await;
        assert_eq!(secret, expected.map(str::to_owned).map_err(str::to_owned));
        let shown = format!("{environment:?}");
        assert!(shown.contains("SHOP_TOKEN") && !shown.contains("t0ken"), "{shown}");
    }
}

#[tokio::test]
async fn a_missing_setting_of_a_header_or_body_is_a_failure() {
    let backend = Backend::start([Answer::ok()]).await;
    let rows = [
        (r#"headers: { x: "{{ env.NO_SUCH }}" }"#, "NO_SUCH is not set"),
        (
            r#"json: [{ x: "a {{ secret.NO_SUCH }}" }]"#,
            "the secret NO_SUCH is not set: set NO_SUCH, or NO_SUCH_FILE to a file with it",
        ),
    ];
    for (written, reason) in rows {
        let action = format!(r#"  it: {{ post: "{{{{ env.SHOP_URL }}}}/x", {written} }}"#);
        assert_eq!(ask(&action, &backend.url, json!({})).await, failed(reason));
    }
    assert!(backend.seen().is_empty());
}
