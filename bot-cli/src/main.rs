//! The `bot` program. Everything is in the library, so that the end-to-end suites can build the same program themselves.
use std::process::ExitCode;

fn main() -> ExitCode {
    bot_cli::main()
}
