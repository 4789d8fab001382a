//! Measures the program for Telegram against the stand-in: how soon an update is answered, and what memory that takes.
//!
//! `cargo run --release -p bot-tests --bin telegram-load` prints the figures that README.md reports; with
//! `--features baseline` and `--baseline` those of a bot on teloxide's own dispatcher beside them. From the moment in which an
//! update is there for the bot until its answer arrives at the stand-in, which holds it to no pace.
mod measure;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bot_tests::kill::Program;
use clap::Parser;

use crate::measure::Measure;

/// With it in the environment this is one of the programs that are measured, and nothing else.
const PROGRAM: &str = "TELEGRAM_LOAD_PROGRAM";

/// How soon updates are answered, and what that takes
#[derive(Debug, Parser)]
struct Args {
    /// Updates a second, one after the other
    #[arg(long, value_delimiter = ',', default_values_t = [1, 30, 200])]
    rates: Vec<u32>,
    /// How long, for each
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// Chats in which something is written once, for the memory that they take; 0: none
    #[arg(long, default_value_t = 10_000)]
    chats: u32,
    /// Updates are sent to the program, and not fetched by it
    #[arg(long)]
    webhook: bool,
    /// The program keeps to the pace that Telegram asks for: 30 a second are its most
    #[arg(long)]
    paced: bool,
    /// A bot on teloxide's own dispatcher, too
    #[arg(long)]
    baseline: bool,
    /// The bot's folder
    #[arg(long, default_value = bot_tests::kill::FOLDER)]
    intents: PathBuf,
}

fn main() -> ExitCode {
    match std::env::var(PROGRAM).as_deref() {
        Ok("telegram") => return bot_serve::main("bot-telegram", &[bot_telegram::KIND]),
        #[cfg(feature = "baseline")]
        Ok("baseline") => return bot_tests::baseline::code(bot_tests::baseline::telegram::main()),
        _ => {}
    }
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("telegram-load: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let path = std::env::current_exe()?;
    let program = |name| Program {
        variable: Some((PROGRAM, name)),
        command: None,
        intents: args.intents.clone(),
        log: "warn",
        ..Program::new(&path)
    };
    if args.baseline && cfg!(not(feature = "baseline")) {
        bail!("--baseline needs `cargo run --features baseline`");
    }
    one(if args.webhook { "bot-telegram, webhook" } else { "bot-telegram" }, &program("telegram"), args)?;
    if args.baseline {
        one("teloxide's dispatcher", &program("baseline"), &Args { webhook: false, ..copy(args) })?;
    }
    Ok(())
}

fn copy(args: &Args) -> Args {
    Args { rates: args.rates.clone(), intents: args.intents.clone(), ..*args }
}

fn one(name: &str, program: &Program, args: &Args) -> Result<()> {
    println!("{name}");
    let mut measure = Measure::start(program, args.webhook, args.paced)?;
    println!("  idle       {} MB", measure.memory());
    for rate in &args.rates {
        // So many that no chat gets more than one a second.
        let replies = measure.steady(*rate, args.seconds, rate * 4)?;
        println!("  {rate:4}/s     {replies}; {} MB", measure.memory());
    }
    if args.chats > 0 {
        measure.steady(200, args.chats.div_ceil(200), args.chats)?;
        println!("  {} chats, each written in once: {} MB", args.chats, measure.memory());
    }
    Ok(())
}
