//! `bot chat` in a terminal.
#![cfg(unix)]
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use bot_tests::Bot;
use bot_tests::terminal::Terminal;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));
const CONTROL_C: &str = "\x03";
const CONTROL_D: &str = "\x04";
const ARROW_UP: &str = "\x1b[A";

fn open(options: &str, settings: &[(&str, &str)]) -> Terminal {
    let mut command = BOT.command(&format!("--intents tests/fixtures/small {options}"));
    command.env("TERM", "xterm-256color").envs(settings.iter().copied());
    Terminal::start(command)
}

#[test]
fn greets_answers_and_says_goodbye() {
    let mut terminal = open("", &[]);
    let greeting = terminal.wait_for_prompt();
    assert!(greeting.contains("Hi, I'm Pip. Ask me about refunds and shipping."), "{greeting}");
    terminal.line("is shipping free?");
    let answer = terminal.wait_for_prompt();
    assert!(answer.contains("Shipping is free above \x1b[1m50 €\x1b[0m."), "{answer:?}");
    terminal.keys(CONTROL_D);
    assert!(terminal.end().contains("Bye!"));
}

#[test]
fn a_choice_is_made_by_its_number() {
    let mut terminal = open("", &[]);
    terminal.wait_for_prompt();
    terminal.line("refund 12345678");
    let question = terminal.wait_for_prompt();
    assert!(
        question.contains("What is wrong with it?\r\n  1. It is broken\r\n  2. It is the wrong one"),
        "{question:?}"
    );
    terminal.line("2");
    let next = terminal.wait_for_prompt();
    assert!(next.contains("To which account shall the money go?"), "{next}");
    terminal.line("/state");
    let state = terminal.wait_for_prompt();
    assert!(state.contains("problem = It is the wrong one"), "{state}");
    terminal.keys(CONTROL_C);
    assert!(terminal.end().contains("Bye!"));
}

#[test]
fn arrow_up_brings_the_last_line_back() {
    let mut terminal = open("", &[]);
    terminal.wait_for_prompt();
    terminal.line("is shipping free?");
    terminal.wait_for_prompt();
    terminal.keys(ARROW_UP);
    terminal.wait_for("is shipping free?");
    terminal.keys("\r");
    let answer = terminal.wait_for_prompt();
    assert!(answer.contains("Shipping is free above"), "{answer}");
    terminal.line("/quit");
    assert!(terminal.end().contains("Bye!"));
}

#[test]
fn no_colour_where_none_is_wanted() {
    let mut terminal = open("chat --lang de", &[("NO_COLOR", "1")]);
    let greeting = terminal.wait_for_prompt();
    assert!(greeting.contains("Hallo, ich bin Pip."), "{greeting}");
    terminal.line("was kostet der Versand");
    let answer = terminal.wait_for_prompt();
    assert!(answer.contains("ab 50 € kostenlos"), "{answer:?}");
}

#[test]
fn an_empty_line_is_no_message() {
    let mut terminal = open("", &[("TERM", "dumb")]);
    terminal.wait_for_prompt();
    terminal.line("");
    assert_eq!(terminal.wait_for_prompt().trim(), "");
    terminal.line("/help");
    assert!(terminal.wait_for_prompt().contains("/why"));
}

/// A shop's back end that answers its one question when it is told to.
fn slow_shop() -> (String, mpsc::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    let (answer, told) = mpsc::channel();
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("the bot asks");
        let asked = BufReader::new(connection.try_clone().expect("a clone")).lines();
        asked.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
        told.recv().expect("it is told");
        let json = r#"{"status":"delivered","total":12}"#;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
        write!(connection, "{head}\r\ncontent-length: {}\r\n\r\n{json}", json.len()).expect("it listens");
    });
    (address, answer)
}

#[test]
fn an_answer_that_takes_long_comes_above_the_line_that_is_being_typed() {
    let (shop, answer) = slow_shop();
    let mut terminal = open("", &[("SHOP_URL", &shop), ("BOT_PRIVATE_HOSTS", "127.0.0.1")]);
    terminal.wait_for_prompt();
    terminal.line("refund 12345678");
    assert!(terminal.wait_for_prompt().contains("(the answer is on its way; you can go on writing)"));
    terminal.keys("/sta");
    terminal.wait_for("/sta");
    answer.send(()).expect("the shop waits");
    terminal.wait_for("What is wrong with it?");
    terminal.wait_for("> /sta");
    terminal.keys("te\r");
    assert!(terminal.wait_for_prompt().contains("\"total\":12"));
}
