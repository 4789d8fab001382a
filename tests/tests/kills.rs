//! Killed anywhere: nothing is lost, doubled or out of order. The same as `kill-harness`, small enough for each change.
#![cfg(unix)]
use std::time::Duration;

use bot_tests::kill::check::Rule;
use bot_tests::kill::plan::{DEATHS, Plan};
use bot_tests::kill::{Program, Summary, run};
use bot_tests::standin::Fault;

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

/// The harness can fail: what the bot can't do, the platform does in its place.
#[test]
fn a_loss_and_a_repetition_are_seen() {
    let program = Program::new(BOT);
    for (fault, rule) in [(Fault::Dropped, Rule::Order), (Fault::Doubled, Rule::Repeats)] {
        let sabotage = Plan { sabotage: Some(fault), patience: Duration::from_secs(8), ..Plan::one(SEED, 1) };
        let summary = run(&program, &[sabotage], 1, |_| {}).unwrap();
        let found = summary.wrong.iter().any(|(_, what)| what.contains(rule.promise()));
        assert!(found, "{fault:?} is not seen: {summary}");
        summary.kept.iter().for_each(|folder| std::fs::remove_dir_all(folder).unwrap());
    }
}

fn assert_sound(summary: &Summary) {
    let wrong: Vec<String> =
        summary.wrong.iter().map(|(seed, what)| format!("seed {seed}: {what}")).collect();
    assert!(wrong.is_empty(), "{}\n{summary}", wrong.join("\n"));
}
