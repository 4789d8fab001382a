//! The program `bot-telegram`, built for the tests of this package: it can be made to die at named points.
use std::process::ExitCode;

fn main() -> ExitCode {
    bot_serve::main("bot-telegram", &[bot_telegram::KIND])
}
