//! Killed anywhere: nothing is lost, doubled or out of order. The same as `kill-harness`, small enough for each change.
#![cfg(unix)]
use bot_tests::kill::plan::{DEATHS, Plan};
use bot_tests::kill::{Program, Summary, run};

const BOT: &str = env!("CARGO_BIN_EXE_bot-under-test");

/// The seeds of ten worlds of twenty deaths each. The first one is printed, as are those that fail.
const SEED: u64 = 4_000;
const WORLDS: u64 = 10;

#[test]
fn two_hundred_kills() {
    let plans: Vec<Plan> = (0..WORLDS).map(|world| Plan::one(SEED + world, DEATHS)).collect();
    println!("seeds {SEED} to {}", SEED + WORLDS - 1);
    let summary = run(&Program::new(BOT), &plans, 5, |_| {}).unwrap();
    println!("{summary}");
    assert_sound(&summary);
    assert_eq!(summary.deaths(), 200);
}

fn assert_sound(summary: &Summary) {
    let wrong: Vec<String> = summary.wrong.iter().map(|(seed, what)| format!("seed {seed}: {what}")).collect();
    assert!(wrong.is_empty(), "{}\n{summary}", wrong.join("\n"));
}
