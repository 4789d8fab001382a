//! The commands in the README show what it says they show. How they are written: [`bot_tests::console`].
#![cfg(unix)]
use bot_tests::{Bot, console, root};

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
