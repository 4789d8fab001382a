//! `bot check`: exit codes, the last line, and both formats.
use bot_tests::{Bot, fixture};
use expect_test::expect;
use serde_json::Value as Json;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));

#[test]
fn exit_codes_and_last_lines() {
    for (arguments, code, last) in [
        ("check tests/fixtures/small", 0, "tests/fixtures/small: 3 intents, 2 languages, no problems"),
        (
            "--intents tests/fixtures/small check --strict",
            0,
            "tests/fixtures/small: 3 intents, 2 languages, no problems",
        ),
        ("check tests/fixtures/warned", 0, "tests/fixtures/warned: 1 intent, 1 language, 1 warning"),
        ("check tests/fixtures/warned --strict", 1, "tests/fixtures/warned: 1 intent, 1 language, 1 warning"),
        ("check tests/fixtures/broken", 1, "tests/fixtures/broken: 3 errors"),
    ] {
        let run = BOT.run(arguments);
        let got = (run.code, run.out.lines().last().unwrap_or_default(), run.err.as_str());
        assert_eq!(got, (code, last, ""), "{arguments}\n{}", run.out);
    }
}

#[test]
fn problems_are_shown_where_they_are() {
    expect![[r#"
        error[unknown-key]: `nmae` is not a key of bot.yaml
         --> tests/fixtures/broken/bot.yaml:1:1
          |
        1 | nmae: Pip
          | ^^^^
          |
          = help: did you mean `name`?

        error[missing-key]: nothing says what the bot does for the intent `hours`
         --> tests/fixtures/broken/bot.yaml:3:3
          |
        3 |   hours:
          |   ^^^^^
          |
          = help: write `say:` with an answer, or a `flow:`

        error[unknown-key]: `sai` is not a key of an intent
         --> tests/fixtures/broken/bot.yaml:5:5
          |
        5 |     sai: From nine to five.
          |     ^^^
          |
          = help: did you mean `say`?

        tests/fixtures/broken: 3 errors
    "#]]
    .assert_eq(&BOT.run("check tests/fixtures/broken").out);
}

#[test]
fn json_holds_the_same() {
    for (folder, errors, warnings) in [("small", 0, 0), ("warned", 0, 1), ("broken", 3, 0)] {
        let run = BOT.run(&format!("check --format json {}", fixture(folder)));
        let found: Json = serde_json::from_str(&run.out).unwrap();
        assert_eq!((&found["errors"], &found["warnings"]), (&errors.into(), &warnings.into()), "{folder}");
        assert_eq!(found["problems"].as_array().unwrap().len(), errors + warnings);
    }
    let found: Json =
        serde_json::from_str(&BOT.run("check --format json tests/fixtures/broken").out).unwrap();
    let first = &found["problems"][0];
    assert_eq!(
        (&first["file"], &first["line"], &first["column"]),
        (&"tests/fixtures/broken/bot.yaml".into(), &1.into(), &1.into())
    );
}

#[test]
fn a_broken_bot_does_not_talk() {
    for command in ["chat", "test tests/fixtures/failing", "explain hi"] {
        let run = BOT.run(&format!("--intents tests/fixtures/broken {command}"));
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{command}");
        assert!(run.err.contains("tests/fixtures/broken/bot.yaml:1:1"), "{}", run.err);
        assert!(run.err.ends_with("tests/fixtures/broken: 3 errors\n"), "{}", run.err);
    }
}
