//! `bot explain`: for people, and for programs.
use bot_tests::Bot;
use serde_json::{Value as Json, json};

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));
const SMALL: &str = "--intents tests/fixtures/small --now 2026-11-23T10:00:00+01:00";

fn explain(message: &str, options: &str) -> String {
    let mut command = BOT.command(&format!("explain {SMALL} {options}"));
    command.arg(message);
    let run = bot_tests::process::run(command, b"");
    assert_eq!((run.err.as_str(), run.code), ("", 0));
    run.out
}

#[test]
fn tells_what_was_found_and_what_is_made_of_it() {
    let text = explain("Refund ST-12345678 please", "");
    for part in [
        "message   Refund ST-12345678 please\n",
        "language  en\n",
        "order_number = 12345678 (“ST-12345678”, bytes 7 to 18)",
        "ranking\n  1. refund  ",
        "decision  act on refund: ",
    ] {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
    assert!(explain("zzz qqq", "").contains("decision  not understood"));
}

#[test]
fn an_examples_own_words_are_certain() {
    let explained: Json = serde_json::from_str(&explain("is delivery free", "--format json")).unwrap();
    assert_eq!((&explained["intent"], &explained["confidence"]), (&"shipping_cost".into(), &1.0.into()));
    assert_eq!(explained["decision"], "act");
    assert_eq!(explained["explanation"]["value"], 1.0);
}

#[test]
fn each_line_is_a_json_line() {
    let input = "is shipping free?\r\nrefund ST-12345678\n\n😀\n\u{0}\nich will mein Geld zur\u{fc}ck";
    let run = BOT.pipe(&format!("explain {SMALL}"), input.as_bytes());
    assert_eq!((run.err.as_str(), run.code), ("", 0));
    let lines: Vec<Json> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 6);
    for line in &lines {
        let keys: Vec<_> = line.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["text", "intent", "confidence", "entities", "alternatives", "decision"]);
        let places = line["alternatives"].as_array().unwrap();
        assert!(places.len() <= 4 && places.iter().all(|other| other["intent"].is_string()));
    }
    assert_eq!(
        (&lines[0]["text"], &lines[0]["intent"]),
        (&"is shipping free?".into(), &"shipping_cost".into())
    );
    assert_eq!(
        lines[1]["entities"],
        json!([{"entity": "order_number", "value": "12345678", "start": 7, "end": 18, "text": "ST-12345678"}])
    );
    assert_eq!(lines[2]["decision"], "not_understood");
}
