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
    expect![[r#"
        error[unknown-key]: `intent` has no key `matchs`
         --> tests/fixtures/failing/phrases.yaml:5:3
          |
        5 |   matchs: [money back]
          |   ^^^^^^
          |
          = help: did you mean `matches`?

        tests/fixtures/failing/phrases.yaml:2: shipping_cost matches “I want my money back”
          ! refund 1.00, shipping_cost not among the first; act on refund: 1.00 is at least 0.60 (act)

        tests/fixtures/failing/phrases.yaml:3: shipping_cost rejects “how much is shipping”
          ! taken for shipping_cost (1.00)

        tests/fixtures/failing/talks.yaml:4: another question than expected
            user  I want my money back
          - bot   Which order was it?
          + bot   Which order is it?

        tests/fixtures/failing/talks.yaml:9: buttons and a check
            user  refund 12345678
            bot   What is wrong with it?
          -       [It is broken] [It is late]
          +       [It is broken] [It is the wrong one]
          ! intent: expected shipping_cost, got refund

        tests/fixtures/failing/talks.yaml:15: a button that was never there
            user  refund 12345678
            bot   What is wrong with it?
                  [It is broken] [It is the wrong one]
            press It is late
          ! press: no button [It is late] was shown; shown so far: [It is broken] [It is the wrong one]

        no test touches
          intents  complaint
          steps    refund.iban, refund.confirm-refund-order-order-number-order
          options  refund.problem: broken, refund.problem: wrong

        2 files: 4 talks, 3 phrases
        2 passed, 6 failed
    "#]]
    .assert_eq(&run.out);
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

/// A folder with a `bot.yaml` among the paths is the bot.
#[test]
fn the_bot_s_folder_may_be_named_among_the_paths() {
    let run = BOT.run("test tests/fixtures/small tests/fixtures/passing");
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let run = BOT.run("test tests/fixtures/small tests/fixtures/warned tests/fixtures/passing");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("two bots"), "{}", run.err);
}
