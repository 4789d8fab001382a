//! The program for Discord, killed anywhere: nothing is lost, doubled or out of order, for customers and before agents, and nothing at
//! all comes twice to customers. The same as `kill-harness --discord`, small enough for each change.
#![cfg(unix)]
use std::time::Duration;

use bot_tests::kill::check::Rule;
use bot_tests::kill::plan::{DEATHS, Plan};
use bot_tests::kill::stage::Site;
use bot_tests::kill::{Program, run};
use bot_tests::standin::Fault;

const PROGRAM: &str = env!("CARGO_BIN_EXE_discord-under-test");

/// The seeds of two worlds of twenty deaths each; those that fail are printed.
const SEED: u64 = 6_000;
const WORLDS: u64 = 2;

fn program() -> Program {
    Program { command: None, ..Program::new(PROGRAM) }
}

#[test]
fn forty_kills() {
    let plans: Vec<Plan> = (0..WORLDS).map(|world| Plan::at(Site::Discord, SEED + world, DEATHS)).collect();
    let summary = run(&program(), &plans, 2, |_| {}).expect("the harness runs");
    println!("{summary}");
    let wrong = summary.wrong.iter().map(|(seed, what)| format!("seed {seed}: {what}"));
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}\n{summary}", wrong.join("\n"));
    assert_eq!((summary.deaths(), summary.repeats), (40, 0), "{summary}");
}

/// The harness can fail: what the bot can't do, the platform does in its place.
#[test]
fn a_loss_and_a_repetition_are_seen() {
    for (fault, rule) in [(Fault::Dropped, Rule::Order), (Fault::Doubled, Rule::Repeats)] {
        let plan = Plan::at(Site::Discord, SEED, 1);
        let sabotage = Plan { sabotage: Some(fault), patience: Duration::from_secs(20), ..plan };
        let summary = run(&program(), &[sabotage], 1, |_| {}).unwrap();
        let found = summary.wrong.iter().any(|(_, what)| what.contains(rule.promise()));
        assert!(found, "{fault:?} is not seen: {summary}");
        summary.kept.iter().for_each(|folder| std::fs::remove_dir_all(folder).unwrap());
    }
}
