//! Kills the program again and again and looks whether anything is lost, doubled or out of order.
//!
//! `cargo run -p bot-tests --bin kill-harness -- --kills 2000 --seed 7`
//!
//! The program that is killed is this one, under a name of its own: so it is never an old one.
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use bot_tests::kill::plan::{DEATHS, Plan};
use bot_tests::kill::{Program, Summary, run};
use bot_tests::standin::Part;
use clap::Parser;

/// With it in the environment this is `bot`, and nothing else.
const BOT: (&str, &str) = ("KILL_HARNESS_BOT", "1");

/// Kills the bot again and again, and compares what came of it with what should have
#[derive(Debug, Parser)]
struct Args {
    /// How often it is killed
    #[arg(long, default_value_t = 200)]
    kills: usize,
    /// What is written, and where it dies, follows from it
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Worlds side by side; one waits most of the time
    #[arg(long, default_value_t = 6)]
    at_once: usize,
    /// Two programs on each file
    #[arg(long)]
    two: bool,
}

fn main() -> ExitCode {
    if std::env::var_os(BOT.0).is_some() {
        return bot_cli::main_with(&[bot_tests::standin::channel::KIND]);
    }
    match harness(&Args::parse()) {
        Ok(summary) if summary.wrong.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("kill-harness: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn harness(args: &Args) -> Result<Summary> {
    let program = Program { variable: Some(BOT), ..Program::new(std::env::current_exe()?) };
    let plans = plans(args);
    println!("seed {}, {} kills, {} worlds, {} at once", args.seed, args.kills, plans.len(), args.at_once);
    let summary = run(&program, &plans, args.at_once, |summary| {
        print!("\r{} of {} kills, {} differences ", summary.deaths(), args.kills, summary.wrong.len());
        let _ = std::io::stdout().flush();
    })?;
    println!("\n{summary}");
    Ok(summary)
}

/// Seeds follow each other: the harness with `--kills 20` and a world's seed runs that world alone.
fn plans(args: &Args) -> Vec<Plan> {
    let worlds = args.kills.div_ceil(DEATHS);
    let deaths = |world: usize| (args.kills - world * DEATHS).min(DEATHS);
    let plan = |world: usize| {
        let (seed, deaths) = (args.seed.wrapping_add(world as u64), deaths(world));
        if args.two {
            Plan::two(seed, [Part::All, Part::All], [deaths / 2, deaths - deaths / 2])
        } else {
            Plan::one(seed, deaths)
        }
    };
    (0..worlds).map(plan).collect()
}
