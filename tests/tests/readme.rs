//! The commands in the README show what it says they show. How they are written: [`bot_tests::console`].
#![cfg(unix)]
use std::path::{Path, PathBuf};

use bot_tests::{Bot, Run, console, root};
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));

#[test]
fn commands_show_what_the_documents_say() {
    let mut differences = Vec::new();
    for document in ["README.md", "intents/README.md"] {
        let Ok(text) = std::fs::read_to_string(root().join(document)) else { continue };
        let found = console::commands(&text).into_iter().filter_map(|shown| shown.difference(BOT));
        differences.extend(found.map(|difference| format!("{document}, {difference}")));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The convention itself, on the bot of the fixtures.
#[test]
fn the_convention_works() {
    let folder = "--intents tests/fixtures/small";
    let document = format!(
        "```console\n$ bot {folder} check\ntests/fixtures/small: 3 intents, 2 languages, no problems\n\n$ cargo run -- {folder}\n\
         Hi, I'm Pip. Ask me about refunds and shipping.\n> is shipping free?\nShipping is free above 50 €.\n> refund 12345678\n\
         What is wrong with it?\n  1. It is broken\n  2. It is the wrong one\n> /quit\nBye!\n```\n"
    );
    for shown in console::commands(&document) {
        assert_eq!(shown.difference(BOT), None);
    }
    let wrong = document.replace("50 €", "60 €");
    assert!(console::commands(&wrong)[1].difference(BOT).is_some());
}

/// Each block of YAML is a file of a bot folder that has no errors, or tests that pass: in the guide on the sample shop, in
/// the README on the folder that the block before makes.
#[test]
fn yaml_in_the_documents_is_true() {
    for (document, bot) in [("README.md", None), ("intents/README.md", Some(root().join("intents")))] {
        let text = std::fs::read_to_string(root().join(document)).expect("the document is there");
        let (tests, files): (Vec<String>, Vec<String>) =
            console::yaml(&text).into_iter().partition(|block| block.starts_with("- "));
        assert!(!tests.is_empty() && !files.is_empty(), "{document}");
        let folders: Vec<TempDir> = files.iter().map(|block| folder(block)).collect();
        for (folder, block) in folders.iter().zip(&files) {
            let run = bot_on("check", folder.path(), None);
            assert_eq!(run.code, 0, "{document}:\n{block}\n{}", run.out);
        }
        let bot: PathBuf = bot.unwrap_or_else(|| folders[0].path().to_owned());
        for block in &tests {
            let run = bot_on("test", &bot, Some(folder(block).path()));
            assert_eq!(run.code, 0, "{document}:\n{block}\n{}", run.out);
        }
    }
}

/// A folder of that one file.
fn folder(block: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder can be made");
    let name = if block.starts_with("# bot.yaml") { "bot.yaml" } else { "topic.yaml" };
    std::fs::write(folder.path().join(name), block).expect("and written to");
    folder
}

fn bot_on(command: &str, bot: &Path, tests: Option<&Path>) -> Run {
    let mut run = BOT.command(command);
    run.arg("--intents").arg(bot).args(tests);
    bot_tests::process::run(run, b"")
}
