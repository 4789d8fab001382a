//! Runs a bot folder on channels until it is told to stop: what the programs for customers have in common, and what `bot`
//! shares with them: reading a folder, showing its problems, logs, reload.
//!
//! ```text
//! args ─► folder ─► Engine::load ─► Runtime ◄─► channels, each by its Kind
//!                        └────────► check: what is configured, what is missing, how each channel stands
//! ```
//! What it is not: it knows no platform. Channels come in as a list of [`Kind`]s, which `main` makes.
mod actions;
pub mod args;
mod channels;
mod check;
mod desks;
mod finding;
pub mod folder;
mod kind;
pub mod logs;
pub mod menu;
mod outcome;
pub mod paint;
pub mod patience;
pub mod problems;
pub mod reload;
mod rooms;
mod run;
mod stop;
mod teams;
pub mod webhook;
mod words;

use std::process::ExitCode;

pub use channels::{Absent, Channels};
pub use finding::{Check, Checking, Finding};
pub use kind::{Configured, Kind, Need, Running, Settings, Start};
pub use outcome::{Outcome, exit_code};
pub use rooms::rooms;
pub use run::{run, variables};
pub use teams::teams;

/// The whole of a channel's own program, with the process's arguments and streams: the same as `bot serve` with these
/// channels. Its messages begin with the program's name.
///
/// Exit codes: 0 it was told to stop, or `--check` finds all it needs; 1 problems were found in the bot's folder or by
/// `--check`; 2 it could not be started, or a channel failed.
pub fn main(program: &'static str, kinds: &'static [Kind]) -> ExitCode {
    let args = args::Program::parse_as(program);
    let channels = Channels { built: kinds, absent: &[] };
    exit_code(program, run(&args.folder.intents, &args.serve, &channels))
}
