//! The `bot-telegram` program: the bot on Telegram and nothing else. `bot serve` with the feature `telegram` does the same.
use std::process::ExitCode;

fn main() -> ExitCode {
    bot_serve::main("bot-telegram", &[bot_telegram::KIND])
}
