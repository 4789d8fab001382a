//! Two programs on one file, both busy, one or both of them killed: nothing is lost, doubled or out of order.
#![cfg(unix)]
use bot_tests::kill::plan::Plan;
use bot_tests::kill::{Program, run};
use bot_tests::standin::Part;

const BOT: &str = env!("CARGO_BIN_EXE_bot-under-test");

#[test]
fn two_programs_share_a_file() {
    let plans = [
        // Each gets everything: what one has stored, the other has not to store again.
        Plan::two(5_000, [Part::All, Part::All], [0, 0]),
        Plan::two(5_001, [Part::All, Part::All], [8, 0]),
        Plan::two(5_002, [Part::All, Part::All], [6, 6]),
        // Customers here, agents there.
        Plan::two(5_003, [Part::Customers, Part::Agents], [8, 0]),
        Plan::two(5_004, [Part::Customers, Part::Agents], [0, 8]),
        Plan::two(5_005, [Part::Customers, Part::Agents], [6, 6]),
    ];
    let summary = run(&Program::new(BOT), &plans, 3, |_| {}).unwrap();
    println!("{summary}");
    let wrong: Vec<String> =
        summary.wrong.iter().map(|(seed, what)| format!("seed {seed}: {what}")).collect();
    assert!(wrong.is_empty(), "{}\n{summary}", wrong.join("\n"));
}
