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
mod import;
mod lines;
mod session;
mod test;

use std::process::ExitCode;

use clap::Parser;

pub use bot_serve::folder::read_bot;
use bot_serve::{Absent, Channels, Kind, Outcome, folder, logs, paint, problems, reload, variables};

use crate::args::{Args, Command};

/// What a channel needs to be a part of `bot serve`.
pub mod serve {
    pub use bot_serve::{Check, Checking, Finding, Kind, Need, Running, Settings, Start};
}

/// The channels that are built into the program: one entry for each platform's crate, behind the feature of its name.
const CHANNELS: &[Kind] = &[
    #[cfg(feature = "telegram")]
    bot_telegram::KIND,
    #[cfg(feature = "discord")]
    bot_discord::KIND,
];

/// Those that were left out.
const ABSENT: &[Absent] = &[
    #[cfg(not(feature = "telegram"))]
    Absent {
        name: "telegram",
        need: bot_serve::Need::secret("TELEGRAM_TOKEN", ""),
        instead: "`cargo run --features telegram -- serve` or `cargo run -p bot-telegram`",
    },
    #[cfg(not(feature = "discord"))]
    Absent {
        name: "discord",
        need: bot_serve::Need::secret("DISCORD_TOKEN", ""),
        instead: "`cargo run --features discord -- serve` or `cargo run -p bot-discord`",
    },
];

/// Runs the program with the process's arguments and streams.
///
/// Exit codes: 0 all is well; 1 problems were found in the bot folder or the tests; 2 the command could not be carried out.
pub fn main() -> ExitCode {
    main_with(CHANNELS)
}

/// The same with these channels for `bot serve` in place of the program's own.
pub fn main_with(channels: &[Kind]) -> ExitCode {
    bot_serve::exit_code("bot", run(Args::parse(), channels))
}

fn run(args: Args, channels: &[Kind]) -> anyhow::Result<Outcome> {
    let intents = args.bot.intents.as_path();
    match args.command.unwrap_or_default() {
        Command::Chat(options) => chat::run(intents, &options),
        Command::Serve(options) => {
            let is_built = |absent: &&Absent| channels.iter().any(|kind| kind.name == absent.name);
            let absent: Vec<_> = ABSENT.iter().filter(|absent| !is_built(absent)).copied().collect();
            bot_serve::run(intents, &options, &Channels { built: channels, absent: &absent })
        }
        Command::Desk(options) => desk::run(intents, &options),
        Command::Check(options) => check::run(intents, &options),
        Command::Test(options) => test::run(intents, &options),
        Command::Explain(options) => explain::run(intents, &options),
        Command::Eval(options) => eval::run(intents, &options),
        Command::Import(options) => import::run(&options),
    }
}
