//! The program `bot-discord`, built for the tests of this package: it can be made to die at named points.
use std::process::ExitCode;

fn main() -> ExitCode {
    bot_serve::main("bot-discord", &[bot_discord::KIND])
}
