//! Kills the program again and again and looks whether anything is lost, doubled or out of order.
//!
//! `cargo run -p bot-tests --bin kill-harness -- --kills 2000 --seed 7`
//!
//! With `--telegram` it is the program `bot-telegram`, against the stand-in for Telegram; `--webhook`: updates are sent to it; with
//! `--discord` it is `bot-discord`, against the stand-in for Discord. With `--echo` customers only write, and answers are counted;
//! `--baseline` (built with `--features baseline`) does the same to a bot on teloxide's own dispatcher, with `--discord` to one on
//! serenity's client.
//!
//! The program that is killed is this one, under a name of its own: so it is never an old one.
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use bot_tests::kill::echo::{self, Echo};
use bot_tests::kill::plan::{DEATHS, Plan};
use bot_tests::kill::stage::Site;
use bot_tests::kill::{Program, Summary, run};
use bot_tests::standin::Part;
use clap::Parser;

/// With it in the environment this is one of the programs that are killed, and nothing else.
const PROGRAM: &str = "KILL_HARNESS_PROGRAM";

/// Differences that are shown.
const SHOWN: usize = 30;

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
    #[arg(long, conflicts_with = "platform")]
    two: bool,
    /// The program for Telegram
    #[arg(long, group = "platform")]
    telegram: bool,
    /// The program for Discord
    #[arg(long, group = "platform")]
    discord: bool,
    /// Telegram sends updates, instead of being asked for them
    #[arg(long, requires = "telegram")]
    webhook: bool,
    /// Customers only write, and answers are counted
    #[arg(long, requires = "platform")]
    echo: bool,
    /// The same with a bot on teloxide's own dispatcher, or serenity's client
    #[arg(long, conflicts_with = "webhook")]
    baseline: bool,
    /// Messages between a start and the next kill, with --echo and --baseline
    #[arg(long, default_value_t = 200)]
    messages: u64,
    /// Customers who write them
    #[arg(long, default_value_t = 50)]
    customers: u64,
}

fn main() -> ExitCode {
    match std::env::var(PROGRAM).as_deref() {
        Ok("bot") => return bot_cli::main_with(&[bot_tests::standin::channel::KIND]),
        Ok("discord") => return bot_serve::main("bot-discord", &[bot_discord::KIND]),
        Ok("telegram") => return bot_serve::main("bot-telegram", &[bot_telegram::KIND]),
        #[cfg(feature = "baseline")]
        Ok("serenity") => return bot_tests::baseline::code(bot_tests::baseline::discord::main()),
        #[cfg(feature = "baseline")]
        Ok("teloxide") => return bot_tests::baseline::code(bot_tests::baseline::telegram::main()),
        _ => {}
    }
    match harness(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("kill-harness: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// `true`: all is well.
fn harness(args: &Args) -> Result<bool> {
    let path = std::env::current_exe()?;
    let program = |name, command| Program { variable: Some((PROGRAM, name)), command, ..Program::new(&path) };
    if args.baseline && cfg!(not(feature = "baseline")) {
        bail!("--baseline needs `cargo run --features baseline`");
    } else if args.baseline {
        let name = if args.discord { "serenity" } else { "teloxide" };
        count(name, &program(name, None), args).map(|_| true)
    } else if args.echo && args.discord {
        count("bot-discord", &program("discord", None), args)
    } else if args.echo {
        count("bot-telegram", &program("telegram", None), args)
    } else if args.discord {
        kill(&program("discord", None), args)
    } else if args.telegram {
        kill(&program("telegram", None), args)
    } else {
        kill(&program("bot", Some("serve")), args)
    }
}

fn kill(program: &Program, args: &Args) -> Result<bool> {
    let plans = plans(args);
    println!("seed {}, {} kills, {} worlds, {} at once", args.seed, args.kills, plans.len(), args.at_once);
    let summary = run(program, &plans, args.at_once, |summary: &Summary| {
        print!("\r{} of {} kills, {} differences ", summary.deaths(), args.kills, summary.wrong.len());
        let _ = std::io::stdout().flush();
    })?;
    println!();
    for (seed, what) in summary.wrong.iter().take(SHOWN) {
        println!("seed {seed}: {what}");
    }
    println!("{summary}");
    Ok(summary.wrong.is_empty())
}

fn site(args: &Args) -> Site {
    if args.discord {
        Site::Discord
    } else if args.telegram || args.baseline {
        Site::Telegram { webhook: args.webhook }
    } else {
        Site::Standin
    }
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
            Plan::at(site(args), seed, deaths)
        }
    };
    (0..worlds).map(plan).collect()
}

fn count(name: &str, program: &Program, args: &Args) -> Result<bool> {
    let counted = echo::run(
        program,
        &Echo {
            site: site(args),
            stores: !args.baseline,
            seed: args.seed,
            customers: args.customers,
            messages: args.messages,
            kills: args.kills,
            idle: Duration::from_secs(10),
        },
    )?;
    println!("{name}: {counted}");
    Ok(counted.lost == 0 && counted.repeated <= counted.kills * 8)
}
