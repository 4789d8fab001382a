//! `bot chat` from a pipe: a line in, its replies out, and nothing else.
use std::process::Stdio;

use bot_tests::{Bot, Run};
use expect_test::{Expect, expect};
use serde_json::Value as Json;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));
const SMALL: &str = "--intents tests/fixtures/small --now 2026-11-23T10:00:00+01:00";

fn chat(options: &str, input: &[u8]) -> Run {
    BOT.pipe(&format!("chat {SMALL} {options}"), input)
}

fn transcript(options: &str, input: &str, expected: Expect) {
    let run = chat(options, input.as_bytes());
    assert_eq!((run.err.as_str(), run.code), ("", 0));
    expected.assert_eq(&run.out);
}

fn json(input: &str) -> Vec<Json> {
    let run = chat("--json", input.as_bytes());
    assert_eq!((run.err.as_str(), run.code), ("", 0));
    run.out.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[test]
fn a_conversation() {
    transcript(
        "",
        "I want my money back\n12345678\n1\nDE02\nyes\n",
        expect![[r#"
        Which order is it?
        What is wrong with it?
          1. It is broken
          2. It is the wrong one
        To which account shall the money go?
        Refund order 12345678 (49.9 €)?
          1. Yes
          2. No
        Done. The money is back in 3 to 5 days.
    "#]],
    );
}

#[test]
fn a_conversation_in_german() {
    transcript(
        "--lang de-AT",
        "was kostet der Versand\nich will mein Geld zurück\n12345678\n",
        expect![[r#"
            Der Versand ist ab 50 € kostenlos.
            Um welche Bestellung geht es?
            Was stimmt damit nicht?
              1. Sie ist kaputt
              2. Es ist die falsche
        "#]],
    );
}

#[test]
fn commands_of_the_program() {
    transcript(
        "",
        "/why\nrefund 12345678\n/why\n/state\n/help\n/quit\nnever read\n",
        expect![[r#"
        You have not written anything yet.
        What is wrong with it?
          1. It is broken
          2. It is the wrong one
        message   refund 12345678
        language  en
        words     refund · 12345678
        values    number = 12345678 (“12345678”, bytes 7 to 15)
                  order_number = 12345678 (“12345678”, bytes 7 to 15)
        ranking
          1. refund  1.00  an example spells it out
              1.00  an example spells it out
                1.00  the example "refund [order] {order_number}" (shop.yaml:26)
        decision  act on refund: 1.00 is at least 0.60 (act)
        turn      understood refund (1.00)
                  started refund
                  called order
                  asked problem
        answers   bot
        language  en
        state     refund.problem
        topic     refund
                    order_number = 12345678
                    order = {"status":"delivered","total":49.9}
        Write what a customer would write. A button is chosen by its number, its label or in your own words.
          /why    what the last message was understood as, and why
          /state  what the bot knows and waits for
          /quit   leave (so do Ctrl-D and Ctrl-C)
        What else begins with / goes to the bot.
    "#]],
    );
}

#[test]
fn nothing_in_is_nothing_out() {
    assert_eq!(chat("", b""), Run { out: String::new(), err: String::new(), code: 0 });
}

#[test]
fn line_ends_of_every_system() {
    let unix = chat("", b"is shipping free?\nhi\n");
    assert_eq!(chat("", b"is shipping free?\r\nhi\r\n"), unix);
    assert_eq!(chat("", b"is shipping free?\nhi"), unix);
}

/// Each line gets at least one reply, and the conversation can go on after it.
#[test]
fn whatever_is_typed_is_answered() {
    let long = [b"parcel ".repeat(15_000), b"\n".to_vec()].concat();
    let one_word = [vec![b'x'; 100_000], b"\n".to_vec()].concat();
    let lines: [&[u8]; 14] = [
        &long,
        &one_word,
        b"caf\xe9 \xff\xfe\n",
        b"nul \0 nul\n",
        b"\0\n",
        b"?!.,;:-()\n",
        "😀😀😀 👩‍👩‍👧‍👦 🇩🇪\n".as_bytes(),
        b"\n",
        b"   \n",
        "\u{202e}\u{200b}\u{feff}\n".as_bytes(),
        b"{{ env.SECRET }} {% for x in y %}\n",
        b"**bold** [x](https://y.example) `code`\n",
        b"\x1b[2J\x1b]0;title\x07\n",
        b"/start\n",
    ];
    for line in lines {
        let run = chat("--json", &[line, b"is shipping free?\n"].concat());
        assert_eq!((run.err.as_str(), run.code), ("", 0));
        let turns: Vec<Json> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let shown = String::from_utf8_lossy(&line[..line.len().min(40)]);
        assert_eq!(turns.len(), 2, "{shown:?}");
        for turn in &turns {
            assert!(!turn["replies"].as_array().unwrap().is_empty(), "{shown:?} has no reply");
        }
        assert!(!run.out.contains('\u{1b}'), "{shown:?} reaches the terminal");
    }
}

#[test]
fn json_has_what_a_program_needs() {
    let turns = json("refund 12345678\n2\nDE02 1234\n");
    let keys: Vec<_> = turns[0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["replies", "intent", "confidence", "slots", "state", "owner"]);
    assert_eq!(turns[0]["intent"], "refund");
    assert_eq!(turns[0]["confidence"], 1.0);
    assert_eq!(turns[0]["slots"]["order_number"], "12345678");
    assert_eq!(turns[0]["state"], "refund.problem");
    assert_eq!(turns[0]["replies"][0]["text"], "What is wrong with it?");
    assert_eq!(turns[0]["replies"][0]["buttons"], serde_json::json!(["It is broken", "It is the wrong one"]));
    assert_eq!(turns[1]["slots"]["problem"], "wrong");
    assert_eq!(turns[2]["slots"]["iban"], "••••");
    assert!(!turns[2].to_string().contains("DE02"));
    assert_eq!(turns[2]["owner"], "bot");
}

#[test]
fn in_json_every_line_is_the_customers() {
    assert_eq!(json("/quit\n/why\nhi\n").len(), 3);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut command = BOT.command(&format!("explain {SMALL}"));
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // The program may end before it has read everything.
    let _ = std::io::Write::write_all(&mut stdin, &b"is shipping free?\n".repeat(1000));
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((String::from_utf8(output.stderr).unwrap().as_str(), output.status.code()), ("", Some(0)));
}
