//! Measures the program for Discord against the stand-in: how soon an event is answered, what memory that takes, and whether what
//! comes all at once in one channel is answered in order.
//!
//! `cargo run --release -p bot-tests --bin discord-load` prints the figures that README.md reports; with `--features baseline` and
//! `--baseline` those of a bot on serenity's client. From the moment in which an event is there for the bot until its answer arrives
//! at the stand-in, which holds it to no pace. `--breaks` counts what comes of messages when the connection breaks, in place of that.
mod breaks;
mod measure;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bot_tests::kill::Program;
use clap::Parser;

use crate::measure::Measure;

/// With it in the environment this is the program that is measured, and nothing else.
const PROGRAM: &str = "DISCORD_LOAD_PROGRAM";

/// How soon events are answered, and what that takes
#[derive(Debug, Parser)]
struct Args {
    /// Messages a second, one after the other
    #[arg(long, value_delimiter = ',', default_values_t = [1, 30, 200])]
    rates: Vec<u32>,
    /// How long, for each
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// Chats in which something is written once, for the memory that they take; 0: none
    #[arg(long, default_value_t = 10_000)]
    chats: u32,
    /// Messages that come all at once in one channel; 0: none
    #[arg(long, default_value_t = 2_000)]
    burst: u32,
    /// The program keeps to the pace that Discord asks for
    #[arg(long)]
    paced: bool,
    /// A bot on serenity's client, in place of bot-discord
    #[arg(long)]
    baseline: bool,
    /// What is answered when the connection breaks, in each way
    #[arg(long)]
    breaks: bool,
    /// The bot's folder
    #[arg(long, default_value = bot_tests::kill::FOLDER)]
    intents: PathBuf,
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
    if args.baseline && cfg!(not(feature = "baseline")) {
        bail!("--baseline needs `cargo run --features baseline`");
    }
    let name = if args.baseline { "serenity" } else { "discord" };
    let program = Program {
        variable: Some((PROGRAM, name)),
        command: None,
        intents: args.intents.clone(),
        log: "warn",
        ..Program::new(std::env::current_exe()?)
    };
    println!("{}", if args.baseline { "serenity's client" } else { "bot-discord" });
    if args.breaks { breaks::count(&program) } else { figures(&program, args) }
}

fn figures(program: &Program, args: &Args) -> Result<()> {
    let mut measure = Measure::start(program, args.paced)?;
    println!("  idle       {} MB", measure.memory());
    for rate in &args.rates {
        // So many that no chat gets more than one a second.
        let replies = measure.steady(*rate, args.seconds, rate * 4)?;
        println!("  {rate:4}/s     {replies}; {} MB", measure.memory());
    }
    if args.burst > 0 {
        let (replies, inversions) = measure.burst(args.burst)?;
        println!("  {} at once in one channel: {inversions} inversions; {replies}", args.burst);
    }
    if args.chats > 0 {
        measure.steady(200, args.chats.div_ceil(200), args.chats)?;
        println!("  {} chats, each written in once: {} MB", args.chats, measure.memory());
    }
    Ok(())
}
