//! What the program says when it is not used as meant: a plain sentence, exit code 2.
use bot_tests::Bot;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));

#[test]
fn mistakes_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let mut elsewhere = BOT.command("");
    elsewhere.current_dir(&folder);
    let run = bot_tests::process::run(elsewhere, b"hi\n");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        "bot: no folder `intents` here: run from the project's root, or name the bot's folder with --intents DIR\n"
    );

    for (arguments, want) in [
        ("check nowhere", "no folder `nowhere`"),
        ("--intents Cargo.toml", "`Cargo.toml` is a file"),
        ("check tests/src", "holds no YAML file"),
        ("--intents tests/fixtures/small test nowhere", "no tests at `nowhere`"),
        ("--intents tests/fixtures/small chat --lang fr", "does not speak `fr`; it speaks en, de"),
        ("chat --now noon", "`noon` is not a time; write it with an offset"),
        ("chekc", "similar subcommand exists: 'check'"),
        ("check --format xml", "[possible values: text, json]"),
    ] {
        let run = BOT.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments}: {}", run.err);
        assert!(run.err.contains(want), "{arguments}: {}", run.err);
        assert!(!run.err.contains("panicked"), "{arguments}: {}", run.err);
    }
}

#[test]
fn the_folder_may_come_from_the_environment() {
    let mut command = BOT.command("check");
    command.env("BOT_INTENTS", "tests/fixtures/warned");
    let run = bot_tests::process::run(command, b"");
    assert!(run.out.ends_with("tests/fixtures/warned: 1 intent, 1 language, 1 warning\n"), "{}", run.out);
}

#[test]
fn help_teaches_by_example() {
    for command in ["", "chat", "desk", "serve", "check", "test", "explain", "import"] {
        let run = BOT.run(&format!("{command} --help"));
        assert_eq!(run.code, 0);
        assert!(run.out.contains("Examples:\n") && run.out.contains("Usage: bot"), "{}", run.out);
    }
    assert!(BOT.run("--version").out.starts_with("bot 0."));
}
