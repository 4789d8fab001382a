//! The `bot` program, built for the tests of this package.
use std::process::ExitCode;

fn main() -> ExitCode {
    bot_cli::main()
}
