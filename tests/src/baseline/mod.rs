//! The baselines of what is measured: for each platform an echo bot as a library's documentation has it, on that library's own
//! client.
//!
//! They answer `echo t1` with `Heard t1.`, as the harness's bot does, and promise nothing. They are no part of the product, and what
//! only they need is linked into no program of ours.
pub mod discord;
pub mod telegram;

use std::process::ExitCode;

/// How a program that is one of them ends.
pub fn code(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("baseline: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// What is answered to a text, if it is one to echo.
fn answer(text: &str) -> Option<String> {
    let tag = text.strip_prefix("echo ")?.trim_end_matches('.');
    Some(format!("Heard {tag}."))
}
