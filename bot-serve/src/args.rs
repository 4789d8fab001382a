//! The options of programs that serve: what may be typed, and the help that teaches it. What it is not: it does nothing.
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser};

/// Which bot.
#[derive(Debug, Args)]
pub struct Folder {
    /// The bot's folder
    #[arg(long, global = true, value_name = "DIR", env = "BOT_INTENTS", default_value = "intents")]
    pub intents: PathBuf,
}

/// Runs the channels that are configured.
#[derive(Debug, Args)]
pub struct Serve {
    /// The file (SQLite) that keeps conversations, tickets, and what is still to be sent
    #[arg(long, value_name = "FILE", env = "BOT_STORE", default_value = "bot.db")]
    pub store: PathBuf,
    /// Print what is configured and what is missing, and start nothing
    #[arg(long)]
    pub check: bool,
    /// What is logged.
    #[command(flatten)]
    pub logs: Logs,
}

/// What is logged, to the standard error.
#[derive(Debug, Default, Args)]
pub struct Logs {
    /// What to log to the standard error: off, error, warn, info, debug or trace
    #[arg(long = "log", value_name = "LEVEL", env = "BOT_LOG")]
    level: Option<String>,
}

impl Logs {
    /// The level that was asked for, else that one.
    pub fn level<'a>(&'a self, default: &'a str) -> &'a str {
        self.level.as_deref().filter(|level| !level.is_empty()).unwrap_or(default)
    }
}

/// The end of the help, for a program that is called by that name.
pub fn help(program: &str) -> String {
    format!(
        "Tokens come from the environment, or from a file that NAME_FILE names; `--check` says which. A signal to
terminate (SIGTERM, Ctrl-C) stops it: what is being answered and sent is finished, the rest is gone on with at the next start.
A file that is saved in the bot's folder is swapped in within a second; one with errors is not, and the old bot goes on.

Ends with 0 if it was told to stop, with 2 if it can't start. With --check: with 0 if it could start, else with 1.

Examples:
  {program} --check
  {program} --store /var/lib/bot/bot.db --log warn"
    )
}

/// Run the bot for customers until it is told to stop
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Program {
    #[command(flatten)]
    pub folder: Folder,
    #[command(flatten)]
    pub serve: Serve,
}

impl Program {
    /// What was typed to the program of that name; where it can't be read, or is a question, this ends the process.
    pub fn parse_as(name: &'static str) -> Program {
        let command = Program::command().name(name).bin_name(name).after_help(help(name));
        Program::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
    }
}
