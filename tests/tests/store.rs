//! `bot chat --store`: a conversation that outlives the program, whatever ends it.
#![cfg(unix)]
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use bot_tests::process::run;
use bot_tests::terminal::Terminal;
use bot_tests::{Bot, Run};
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));
const SMALL: &str = "--intents tests/fixtures/small";

fn place() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn command(store: &Path, options: &str) -> Command {
    let mut command = BOT.command(&format!("chat {SMALL} {options}"));
    command.arg("--store").arg(store).env("TERM", "xterm-256color").env("NO_COLOR", "1");
    command
}

fn open(store: &Path, options: &str) -> Terminal {
    Terminal::start(command(store, options))
}

fn pipe(store: &Path, options: &str, input: &str) -> Run {
    run(command(store, options), input.as_bytes())
}

/// A chat that is written to line by line, and killed when it is dropped.
struct Pipe {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Pipe {
    fn start(store: &Path) -> Pipe {
        let mut command = command(store, "");
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.spawn().expect("the program starts");
        let input = child.stdin.take().expect("it is piped");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        Pipe { child, input, output }
    }

    fn say(&mut self, text: &str) -> String {
        writeln!(self.input, "{text}").expect("the program reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the program writes");
        line
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn killed_in_the_middle_of_a_question_the_terminal_goes_on_with_it() {
    let place = place();
    let store = place.path().join("demo.db");
    let mut terminal = open(&store, "");
    assert!(terminal.wait_for_prompt().contains("Hi, I'm Pip."));
    terminal.line("refund 12345678");
    // On a busy machine the prompt comes first, with a word that the answer is on its way.
    terminal.wait_for("What is wrong with it?");
    terminal.kill();

    let mut terminal = open(&store, "");
    let start = terminal.wait_for_prompt();
    assert!(!start.contains("Hi, I'm Pip."), "it greets again: {start}");
    assert!(
        start.contains("(the conversation goes on)\r\nWhat is wrong with it?\r\n  1. It is broken\r\n  2. It is the wrong one"),
        "{start:?}"
    );
    terminal.line("/why");
    assert!(terminal.wait_for_prompt().contains("understood refund (1.00)"));
    terminal.line("2");
    terminal.wait_for("To which account shall the money go?");
    terminal.line("/state");
    terminal.wait_for("order_number = 12345678");
    terminal.line("/quit");
    assert!(terminal.end().contains("Bye!"));
}

#[test]
fn a_pipe_goes_on_after_its_end_and_after_a_kill() {
    let place = place();
    let store = place.path().join("demo.db");
    let first = pipe(&store, "", "I want my money back\n12345678\n");
    assert_eq!((first.err.as_str(), first.code), ("", 0));
    assert!(first.out.ends_with("  2. It is the wrong one\n"), "{}", first.out);

    let mut killed = Pipe::start(&store);
    assert_eq!(killed.say("1"), "To which account shall the money go?\n");
    // Answered when what was said before is known to have been said: else it would, rightly, be said once more.
    assert_eq!(killed.say("/state"), "answers   bot\n");
    drop(killed);

    let last = pipe(&store, "", "DE02\nyes\n");
    let want =
        "Refund order 12345678 (49.9 €)?\n  1. Yes\n  2. No\nDone. The money is back in 3 to 5 days.\n";
    assert_eq!((last.out.as_str(), last.err.as_str(), last.code), (want, "", 0));
}

#[test]
fn each_customer_comes_back_to_a_conversation_of_their_own() {
    let place = place();
    let store = place.path().join("demo.db");
    pipe(&store, "--customer Ann", "refund 12345678\n");
    let bob = pipe(&store, "--customer Bob", "/state\n");
    assert!(bob.out.contains("between topics"), "{}", bob.out);
    let ann = pipe(&store, "--customer Ann", "/state\n");
    assert!(ann.out.contains("state     refund.problem"), "{}", ann.out);
    let nobody = pipe(&store, "", "/state\n");
    assert!(nobody.out.contains("between topics"), "{}", nobody.out);
}

#[test]
fn without_a_store_it_is_forgotten() {
    let mut terminal = Terminal::start(BOT.command(SMALL));
    assert!(terminal.wait_for_prompt().contains("Hi, I'm Pip."));
    terminal.line("refund 12345678");
    terminal.wait_for_prompt();
    terminal.line("/quit");
    terminal.end();
    let mut terminal = Terminal::start(BOT.command(SMALL));
    assert!(terminal.wait_for_prompt().contains("Hi, I'm Pip."));
}

#[test]
fn a_customer_has_one_terminal_at_a_time() {
    let place = place();
    let store = place.path().join("demo.db");
    let mut first = open(&store, "--customer Ann");
    first.wait_for_prompt();
    let second = pipe(&store, "--customer Ann", "hi\n");
    assert_eq!((second.out.as_str(), second.code), ("", 2));
    assert!(second.err.contains("a terminal is open for the customer `Ann`"), "{}", second.err);
    assert_eq!(pipe(&store, "--customer Bob", "is shipping free?\n").out, "Shipping is free above 50 €.\n");
    // The lock dies with its process, however that ends.
    first.kill();
    assert_eq!(pipe(&store, "--customer Ann", "is shipping free?\n").out, "Shipping is free above 50 €.\n");
}

/// The version of the format stands at byte 60 of SQLite's header, big-endian.
fn of_a_newer_version(store: &Path) {
    pipe(store, "", "hi\n");
    let mut bytes = fs::read(store).expect("the store is there");
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(store, bytes).expect("it can be written");
}

#[test]
fn a_store_that_cannot_be_used_is_an_error_that_says_what_to_do() {
    let place = place();
    let newer = place.path().join("newer.db");
    of_a_newer_version(&newer);
    let text = place.path().join("notes.txt");
    fs::write(&text, "these are my notes").unwrap();
    let locked = place.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    for (store, want) in [
        (newer, "newer version of this program"),
        (text.clone(), "it is no database"),
        (locked.join("demo.db"), "may only be read"),
        (place.path().join("nowhere/demo.db"), "there is no folder"),
        (place.path().to_owned(), "it is a folder"),
    ] {
        let chat = pipe(&store, "", "hi\n");
        let mut serve = BOT.command(&format!("serve {SMALL}"));
        serve.arg("--store").arg(&store).env("STANDIN_ADDR", "127.0.0.1:1");
        for run in [chat, run(serve, b"")] {
            assert_eq!((run.out.as_str(), run.code), ("", 2), "{}: {}", store.display(), run.err);
            assert!(run.err.contains(want) && !run.err.contains("panicked"), "{}", run.err);
        }
    }
    assert_eq!(fs::read_to_string(text).unwrap(), "these are my notes");
}
