//! How a command ended, and what the shell is told of it.
use std::io;
use std::process::ExitCode;

use anyhow::Result;

/// How a command ended that could be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Fine,
    /// It found problems, and has shown them.
    Problems,
}

/// 0 all is well; 1 problems were found; 2 the command could not be carried out, which is told on the standard error with
/// the program's name before it.
pub fn exit_code(program: &str, ended: Result<Outcome>) -> ExitCode {
    match ended {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(error) if reader_has_left(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{program}: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// `bot test | head`: the reader has seen enough, which is no error.
fn reader_has_left(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
