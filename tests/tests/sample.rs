//! The sample shop in `intents/`: it is in order, and its tests pass.
use bot_tests::Bot;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));

#[test]
fn has_no_problem() {
    let run = BOT.run("check --strict");
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn passes_its_tests() {
    let run = BOT.run("test");
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.ends_with(" passed, 0 failed\n"), "{}", run.out);
}

/// The conversation that the first issue asks for: what stands in it may be worded anew, what happens in it may not.
#[test]
fn the_first_conversation() {
    let said = [
        "hi",
        "wheres my parcle",
        "ST-12345678",
        "actually 87654321",
        "is shipping free?",
        "I want to talk to someone",
    ];
    let run = BOT.pipe("chat --json --now 2026-11-23T10:00:00+01:00", said.join("\n").as_bytes());
    let turns: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((turns.len(), run.err.as_str()), (said.len(), ""));
    for (said, turn) in said.iter().zip(&turns) {
        assert!(!turn["replies"].as_array().unwrap().is_empty(), "no reply to {said}: {turn}");
    }
    assert!(turns[2].to_string().contains("12345678"), "{}", turns[2]);
    assert!(turns[3].to_string().contains("87654321"), "{}", turns[3]);
    assert!(turns[4].to_string().contains('€'), "{}", turns[4]);
    assert_eq!(turns[5]["owner"], "waiting");
}
