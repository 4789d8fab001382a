//! Each fault at each request of a conversation and a hand-off: in the end people see the same.
#![cfg(unix)]
use bot_tests::Bot;
use bot_tests::telegram_faults::{all, matrix, play, sample};

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_telegram-under-test"));

/// Set to anything, all faults at all requests are played, and not a part of them.
const ALL: &str = "TELEGRAM_FAULTS";

#[test]
fn faults_at_every_request() {
    let clean = matrix::clean(BOT);
    println!("{} requests", clean.points.len());
    let is_all = std::env::var_os(ALL).is_some();
    let cases = if is_all { all(&clean.points) } else { sample(&clean.points) };
    if !is_all {
        println!("A PART of the faults: one at each request. Set {ALL}=1 for each fault at each request.");
    }
    println!("{} cases", cases.len());
    let wrong = play(BOT, &clean, &cases);
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
