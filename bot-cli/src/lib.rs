//! The `bot` program: talks in a terminal, and checks, tests, explains and measures a bot folder.
//!
//! It is the world around [`bot_core`]: it reads files, asks the clock, and prints. What it is not: it decides nothing about
//! a conversation.
//!
//! ```text
//! args -> folder -> Engine::load -> check | test | explain | eval -> stdout, exit code
//!                                -> bot_runtime -> chat | serve
//! args -> desk -> the store that chat and serve keep
//! args -> import -> a new folder
//! ```
mod args;
mod chat;
mod check;
mod clock;
mod desk;
mod eval;
mod explain;
mod folder;
mod import;
mod lines;
mod logs;
mod paint;
mod problems;
mod reload;
pub mod serve;
mod session;
mod test;

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
pub use crate::folder::read_bot;
use crate::serve::Kind;

/// The channels that are built into the program: one entry for each platform's crate, behind the feature of its name.
const CHANNELS: &[Kind] = &[
    #[cfg(feature = "telegram")]
    bot_telegram::KIND,
];

/// How a command ended that could be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Fine,
    /// It found problems, and has shown them.
    Problems,
}

/// Runs the program with the process's arguments and streams.
///
/// Exit codes: 0 all is well; 1 problems were found in the bot folder or the tests; 2 the command could not be carried out.
pub fn main() -> ExitCode {
    main_with(CHANNELS)
}

/// The same with these channels for `bot serve` in place of the program's own.
pub fn main_with(channels: &[Kind]) -> ExitCode {
    match run(Args::parse(), channels) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(error) if reader_has_left(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bot: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(args: Args, channels: &[Kind]) -> anyhow::Result<Outcome> {
    match args.command.unwrap_or_default() {
        Command::Chat(options) => chat::run(&args.intents, &options),
        Command::Serve(options) => serve::run(&args.intents, &options, channels),
        Command::Desk(options) => desk::run(&args.intents, &options),
        Command::Check(options) => check::run(&args.intents, &options),
        Command::Test(options) => test::run(&args.intents, &options),
        Command::Explain(options) => explain::run(&args.intents, &options),
        Command::Eval(options) => eval::run(&args.intents, &options),
        Command::Import(options) => import::run(&options),
    }
}

/// The environment, as far as it is text. Read here and nowhere else, so that nothing below depends on it.
fn variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// `bot test | head`: the reader has seen enough, which is no error.
fn reader_has_left(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
