//! The `bot` program, built for the tests of this package: its channel is a stand-in.
use std::process::ExitCode;

fn main() -> ExitCode {
    bot_cli::main_with(&[bot_tests::standin::channel::KIND])
}
