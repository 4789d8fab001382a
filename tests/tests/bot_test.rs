//! `bot test`: what it reports, and how it ends.
use bot_tests::Bot;
use expect_test::expect;
use serde_json::Value as Json;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));
const SMALL: &str = "--intents tests/fixtures/small test";

#[test]
fn failures_are_shown_where_they_are() {
    let run = BOT.run(&format!("{SMALL} tests/fixtures/failing"));
    assert_eq!((run.err.as_str(), run.code), ("", 1));
    expect![[r#""#]].assert_eq(&run.out);
}

#[test]
fn all_that_a_test_can_say_holds() {
    let run = BOT.run(&format!("{SMALL} tests/fixtures/passing"));
    assert_eq!((run.err.as_str(), run.code), ("", 0), "{}", run.out);
    assert!(run.out.ends_with(" passed, 0 failed\n"), "{}", run.out);
}

#[test]
fn json_for_programs() {
    let run = BOT.run(&format!("{SMALL} --format json tests/fixtures/failing"));
    assert_eq!((run.err.as_str(), run.code), ("", 1));
    let found: Json = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&found["passed"], &found["failed"]), (&2.into(), &6.into()));
    assert_eq!(found["failures"].as_array().unwrap().len() + found["problems"].as_array().unwrap().len(), 6);
    let first = &found["failures"][0];
    assert_eq!((&first["file"], &first["line"]), (&"tests/fixtures/failing/phrases.yaml".into(), &2.into()));
    assert_eq!(found["untouched"]["intents"], serde_json::json!(["complaint"]));
}
