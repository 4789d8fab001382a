//! Each fault at each request of a conversation and a hand-off: in the end people see the same.
#![cfg(unix)]
use bot_tests::Bot;
use bot_tests::faults::{all, clean, play, sample};
use bot_tests::telegram::Telegram;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_telegram-under-test"));

/// Set to anything, all faults at all requests are played, and not a part of them.
const ALL: &str = "TELEGRAM_FAULTS";

/// Of what is seen when nothing goes wrong.
const CHAT: [&str; 7] = [
    "Shop: OK, tack.",
    "Shop: Ida: Here I am.",
    "Shop: Ida: I see it now.",
    "Ann: Who are you? (to: Ida: Here I am.)",
    "Shop: Ida: I am Ida. (to: Who are you?)",
    "Shop: [document] Ida: The form",
    "Shop: Thank you for your rating.",
];
const GROUP: [&str; 9] = [
    "Shop: customer: [picture] See here",
    "Shop: [photo] ",
    "Ida: // a hard case",
    "Ida: I see it now.👍",
    "Shop: customer: Who are you? (to: Here I am.)",
    "Ida: I am Ida. (to: customer: Who are you?)👍",
    "Shop: customer changed “And it leaks” to: And it drips (to: customer: And it leaks)",
    "Shop: (back to the bot)",
    "Shop: (closed)",
];

#[test]
fn faults_at_every_request() {
    let clean = clean::<Telegram>(BOT);
    println!("{} requests", clean.points.len());
    for (seen, expected) in [(&clean.seen.0, &CHAT[..]), (&clean.seen.1, &GROUP[..])] {
        let missing: Vec<_> = expected.iter().filter(|line| !seen.iter().any(|seen| seen == *line)).collect();
        assert!(missing.is_empty(), "{missing:#?} in {seen:#?}");
        assert!(
            !seen.iter().any(|line| line.contains("a hard case") && line.starts_with("Shop")),
            "{seen:#?}"
        );
    }
    let is_all = std::env::var_os(ALL).is_some();
    let cases = if is_all { all::<Telegram>(&clean.points) } else { sample::<Telegram>(&clean.points) };
    if !is_all {
        println!("A PART of the faults: one at each request. Set {ALL}=1 for each fault at each request.");
    }
    println!("{} cases", cases.len());
    let since = std::time::Instant::now();
    let wrong = play::<Telegram>(BOT, &clean, &cases);
    println!("{:.0} s", since.elapsed().as_secs_f64());
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
