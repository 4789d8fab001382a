//! Measures the program for Discord against the stand-in: how soon an event is answered, what memory that takes, and whether what
//! comes all at once in one channel is answered in order.
//!
//! `cargo run --release -p bot-tests --bin discord-load` prints the figures that README.md reports; with `--features baseline` and
//! `--baseline` those of a bot on serenity's client. From the moment in which an event is there for the bot until its answer arrives
//! at the stand-in, which holds it to no pace. `--breaks` counts what comes of messages when the connection breaks, in place of that.
mod breaks;
mod stand;

use std::process::ExitCode;

use anyhow::Result;
use bot_tests::kill::Program;
use bot_tests::load::{Measure, ONE, Options};
use clap::Parser;

use crate::stand::{Load, heard, inversions};

/// With it in the environment this is the program that is measured, and nothing else.
const PROGRAM: &str = "DISCORD_LOAD_PROGRAM";

/// How soon events are answered, and what that takes
#[derive(Debug, Parser)]
struct Args {
    #[command(flatten)]
    options: Options,
    /// Messages that come all at once in one channel; 0: none
    #[arg(long, default_value_t = 2_000)]
    burst: u32,
    /// What is answered when the connection breaks, in each way
    #[arg(long)]
    breaks: bool,
}

fn main() -> ExitCode {
    match std::env::var(PROGRAM).as_deref() {
        Ok("discord") => return bot_serve::main("bot-discord", &[bot_discord::KIND]),
        #[cfg(feature = "baseline")]
        Ok("serenity") => return bot_tests::baseline::code(bot_tests::baseline::discord::main()),
        _ => {}
    }
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("discord-load: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let (title, name) = match args.options.baseline {
        true => ("serenity's client", "serenity"),
        false => ("bot-discord", "discord"),
    };
    let program = args.options.program((PROGRAM, name))?;
    println!("{title}");
    if args.breaks { breaks::count(&program) } else { figures(&program, args) }
}

fn figures(program: &Program, args: &Args) -> Result<()> {
    let mut measure = Measure::start(program, args.options.paced, |waiting| Ok(Load::start(waiting)))?;
    args.options.steady(&mut measure)?;
    if args.burst > 0 {
        let replies = measure.at_once(args.burst)?;
        let inversions = inversions(&heard(&measure.stand.discord.customer(ONE.into(), "Ann", "en")));
        println!("  {} at once in one channel: {inversions} inversions; {replies}", args.burst);
    }
    args.options.chats(&mut measure)
}
