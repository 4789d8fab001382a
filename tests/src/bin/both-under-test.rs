//! The program `bot` with both platforms built in, for the tests of this package.
use std::process::ExitCode;

fn main() -> ExitCode {
    bot_cli::main_with(&[bot_telegram::KIND, bot_discord::KIND])
}
