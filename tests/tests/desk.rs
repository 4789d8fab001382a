//! `bot desk` beside `bot chat`: two programs on one file.
#![cfg(unix)]
use std::path::Path;

use bot_tests::terminal::Terminal;
use bot_tests::{Bot, Run};
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));
const CONTROL_D: &str = "\x04";
const TAB: &str = "\t";

/// A store in a folder of its own.
struct Shop {
    folder: TempDir,
}

impl Shop {
    fn new() -> Shop {
        Shop { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn arguments(&self, command: &str) -> String {
        format!("--intents tests/fixtures/desk {command} --store {}", self.store().display())
    }

    fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("desk.db")
    }

    fn chat(&self, lines: &str) -> Run {
        BOT.pipe(&self.arguments("chat --customer Cleo"), lines.as_bytes())
    }

    fn desk(&self, agent: &str, lines: &str) -> Run {
        BOT.pipe(&self.arguments(&format!("desk --name {agent}")), lines.as_bytes())
    }

    fn terminal(&self, command: &str) -> Terminal {
        let mut command = BOT.command(&self.arguments(command));
        command.env("TERM", "xterm-256color").env("NO_COLOR", "1");
        Terminal::start(command)
    }
}

/// What is written has these parts, in this order.
fn assert_told(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some(at) = rest.find(part) else { panic!("{part:?} is missing, or too early, in\n{text}") };
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn a_hand_off_in_two_terminals() {
    let shop = Shop::new();
    let mut chat = shop.terminal("chat --customer Cleo");
    chat.wait_for_prompt();
    let mut desk = shop.terminal("desk --name Sam");
    desk.wait_for("no open tickets");
    desk.wait_for_prompt();

    chat.line("I want my money back");
    chat.wait_for("Which order is it?");
    chat.line("human");
    chat.wait_for("colleague");

    desk.wait_for("new ticket #1, support: Cleo on terminal");
    desk.line("Hello?");
    desk.wait_for("you have no conversation in hand, and nothing was sent");
    desk.line("/claim");
    desk.wait_for("customer: human");
    desk.wait_for("#1> ");
    desk.line("// looks angry");
    desk.wait_for("#1> ");
    desk.line("Hello, this is Sam.");
    let seen = chat.wait_for("Sam: Hello, this is Sam.");
    assert!(!seen.contains("angry"), "the customer sees a note: {seen}");
    chat.line("my parcel is late");
    desk.wait_for("customer: my parcel is late");

    desk.line("/back");
    desk.wait_for("#1 is back with the bot");
    chat.wait_for("Get money back");
    chat.line("yes");
    chat.wait_for("Which order is it?");
    chat.line("12345678");
    chat.wait_for("Done, 12345678 is refunded.");

    chat.line("this is outrageous");
    desk.wait_for("new ticket #2 HIGH, billing: Cleo on terminal: a complaint (/claim 2)");
    desk.line("/claim 2");
    desk.wait_for("earlier   #1");
    desk.wait_for("#2> ");
    desk.line("/close");
    desk.wait_for("#2 is closed");
    chat.wait_for("How was it");
    chat.line("5");
    chat.wait_for("Thank you for your rating.");
    desk.wait_for("#2 (rated ★★★★★)");
    desk.keys(CONTROL_D);
    assert!(desk.end().contains("Bye!"));
}

/// Both programs need not run at the same time: what is said waits in the store.
#[test]
fn a_hand_off_one_after_the_other() {
    let shop = Shop::new();
    assert_told(&shop.chat("I want my money back\nhuman\n").out, &["Which order is it?", "colleague"]);
    let script = "/list\n/claim 1\n/why\n// looks angry\nHello, this is Ann.\n/list\n";
    let run = shop.desk("Ann", script);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert_told(
        &run.out,
        &[
            "#1  waiting since",
            "Cleo on terminal",
            "#1, support, Ann has it\n  customer  Cleo on terminal",
            "about     Get money back (refund)",
            "customer: I want my money back\n",
            "bot: Which order is it?\n",
            "(Ann has it)",
            "message   human\n",
            "decision  act on human",
            "note by Ann: looks angry\n",
            "Ann: Hello, this is Ann.\n",
            "#1  Ann has it",
        ],
    );
    let seen = shop.chat("where is it?\n").out;
    assert_told(&seen, &["Ann: Hello, this is Ann."]);
    assert!(!seen.contains("angry"), "{seen}");

    let run = shop.desk("Ann", "/claim 1\n/read\n/back\nHello?\n/list all\n");
    assert_eq!(run.code, 1, "text without anything in hand is refused: {}", run.out);
    assert_told(
        &run.out,
        &[
            "customer: where is it?",
            "customer: where is it?",
            "#1 is back with the bot",
            "you have no conversation in hand, and nothing was sent: take one with `/claim N` (none is open)",
            "no open tickets\nc1  with the bot  since",
        ],
    );
    assert_told(&shop.chat("yes\n").out, &["Get money back", "Which order is it?"]);
}

#[test]
fn an_agent_types_first() {
    let shop = Shop::new();
    shop.chat("I want my money back\n");
    let run = shop.desk("Ann", "/claim c1\nI am Ann, may I?\n");
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_told(&run.out, &["#1, support, Ann has it", "bot: Which order is it?", "Ann: I am Ann, may I?"]);
    let seen = shop.chat("12345678\n").out;
    assert_told(&seen, &["Ann: I am Ann, may I?"]);
    assert!(!seen.contains("refunded"), "the bot answers, too: {seen}");
}

#[test]
fn one_of_two_wins_and_the_other_is_told() {
    let shop = Shop::new();
    shop.chat("this is outrageous\n");
    let mut desks = ["Ann", "Ben"].map(|agent| {
        let mut desk = shop.terminal(&format!("desk --name {agent}"));
        desk.wait_for("a complaint");
        desk.wait_for_prompt();
        (agent, desk)
    });
    for (_, desk) in &mut desks {
        desk.keys("/claim 1\r");
    }
    // A claim is answered when it is decided: after both answers nothing changes any more.
    let mut seen: Vec<String> = desks
        .iter_mut()
        .map(|(_, desk)| desk.wait_for_match("about .*Complain|did not get.*\n|once more.*\n"))
        .collect();
    let list = shop.desk("Zoe", "/list\n").out;
    let loser = usize::from(!list.contains("Ben has it"));
    let winner = ["Ben", "Ann"][loser];
    assert!(list.contains(&format!("{winner} has it")), "{list}");
    if !seen[loser].contains(&format!("{winner} has")) {
        seen[loser] = desks[loser].1.wait_for(&format!("{winner} has"));
    }
    desks[loser].1.line("Hello?");
    desks[loser].1.wait_for("nothing was sent");
}

#[test]
fn what_a_colleague_has_is_asked_for_twice() {
    let shop = Shop::new();
    shop.chat("this is outrageous\n");
    assert_eq!(shop.desk("Ann", "/claim 1\n").code, 0);
    let run = shop.desk("Ben", "/claim 1\n/list\n/claim 1\n/claim 1\nHi\n");
    assert_told(
        &run.out,
        &[
            "Ann has #1: to take it over all the same, type `/claim 1` once more",
            "Ann has it",
            "once more",
            "#1 HIGH, billing, Ben has it",
            "Ben: Hi",
        ],
    );
}

#[test]
fn the_tab_key_completes() {
    let shop = Shop::new();
    shop.chat("this is outrageous\n");
    let mut desk = shop.terminal("desk --name Ann");
    desk.wait_for_prompt();
    desk.keys("/cla");
    desk.keys(TAB);
    desk.wait_for("/claim ");
    desk.keys(TAB);
    desk.wait_for("/claim 1");
    desk.keys("\r");
    desk.wait_for("#1> ");
    desk.line("/clsoe");
    desk.wait_for("`/clsoe` is no command, and was not sent: did you mean `/close`?");
    desk.line("/quit");
    assert!(desk.end().contains("Bye!"));
    assert!(!shop.chat("/state\n").out.contains("clsoe"));
}

#[test]
fn what_a_customer_writes_does_not_steer_the_terminal() {
    let shop = Shop::new();
    shop.chat("\x1b[2Jthis is \x07outrageous\nthis is outrageous\n");
    let run = shop.desk("Ann", "/claim\n/read\n/why\n");
    assert!(run.out.contains("[2Jthis is"), "{}", run.out);
    assert!(!run.out.contains(['\x1b', '\x07']), "{:?}", run.out);
}

#[test]
fn a_store_that_is_not_there_yet() {
    let shop = Shop::new();
    let mut desk = shop.terminal("desk");
    desk.wait_for("Nothing is here yet:");
    desk.wait_for_prompt();
    shop.chat("this is outrageous\n");
    desk.wait_for("new ticket #1 HIGH, billing");
    desk.keys(CONTROL_D);
    desk.end();
}

#[test]
fn what_can_not_be_done_is_explained() {
    let shop = Shop::new();
    std::fs::write(shop.store(), "this is no database, but a letter to a friend").unwrap();
    let run = shop.desk("Ann", "/list\n");
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(run.err.starts_with("bot: ") && run.err.contains(&name(&shop.store())), "{}", run.err);

    let run = Shop::new().desk("Ann --team sales", "/list\n");
    assert_eq!(
        (run.code, run.err.as_str()),
        (2, "bot: this bot has no team `sales`; it has support, billing\n"),
        "{}",
        run.out
    );
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
