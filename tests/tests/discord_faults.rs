//! Each fault at each request of a conversation and a hand-off: in the end people see the same, and nothing twice.
#![cfg(unix)]
use bot_tests::Bot;
use bot_tests::discord::Discord;
use bot_tests::faults::{all, clean, play, sample};

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_discord-under-test"));

/// Set to anything, all faults at all requests are played, and not a part of them.
const ALL: &str = "DISCORD_FAULTS";

/// So many customers at a time: each room is asked for at the start.
const AT_ONCE: usize = 120;

/// Of what is seen when nothing goes wrong.
const CHAT: [&str; 7] = [
    "Shop: Heard tack.",
    "Shop: Ida: Here I am.",
    "Shop: Ida: I see it now.",
    "Ann: Who are you? (to: Ida: Here I am.)",
    "Shop: Ida: I am Ida. (to: Who are you?)",
    "Shop: [form.pdf] Ida: The form",
    "Shop: Thank you for your rating.",
];
const STAFF: [&str; 9] = [
    "Shop: customer: [picture] See here",
    "Shop: [leak.png] ",
    "Ida: // a hard case",
    "Ida: I see it now.✅",
    "Shop: customer: Who are you? (to: Here I am.)",
    "Ida: I am Ida. (to: customer: Who are you?)✅",
    "Shop: customer changed “And it leaks” to: And it drips (to: customer: And it leaks)",
    "Shop: (back to the bot)",
    "Shop: (closed)",
];

#[test]
fn faults_at_every_request() {
    let clean = clean::<Discord>(BOT);
    println!("{} requests", clean.points.len());
    for (seen, expected) in [(&clean.seen.0, &CHAT[..]), (&clean.seen.1, &STAFF[..])] {
        let missing: Vec<_> = expected.iter().filter(|line| !seen.iter().any(|seen| seen == *line)).collect();
        assert!(missing.is_empty(), "{missing:#?} in {seen:#?}");
        let is_note = |line: &&String| line.contains("a hard case") && line.starts_with("Shop");
        assert_eq!(seen.iter().find(is_note), None, "{seen:#?}");
    }
    let is_all = std::env::var_os(ALL).is_some();
    let cases = if is_all { all::<Discord>(&clean.points) } else { sample::<Discord>(&clean.points) };
    if !is_all {
        println!("A PART of the faults: one at each request. Set {ALL}=1 for each fault at each request.");
    }
    println!("{} cases", cases.len());
    let since = std::time::Instant::now();
    let wrong: Vec<String> =
        cases.chunks(AT_ONCE).flat_map(|cases| play::<Discord>(BOT, &clean, cases)).collect();
    println!("{:.0} s", since.elapsed().as_secs_f64());
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
