//! The `bot-discord` program: the bot on Discord and nothing else. `bot serve` with the feature `discord` does the same.
use std::process::ExitCode;

fn main() -> ExitCode {
    bot_serve::main("bot-discord", &[bot_discord::KIND])
}
