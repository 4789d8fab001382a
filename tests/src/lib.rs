//! Helpers shared by the end-to-end suites in `tests/tests`: the program as a process, and in a terminal.
//!
//! A suite begins with `const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));`.
#[cfg(feature = "baseline")]
pub mod baseline;
pub mod console;
pub mod discord;
#[cfg(unix)]
pub mod discord_breaks;
#[cfg(unix)]
pub mod discord_faults;
pub mod fake;
#[cfg(unix)]
pub mod faults;
pub mod figures;
pub mod hostile;
#[cfg(unix)]
pub mod kill;
#[cfg(unix)]
pub mod load;
pub mod process;
pub mod python;
pub mod serving;
pub mod specs;
pub mod standin;
pub mod telegram;
#[cfg(unix)]
pub mod telegram_bot;
#[cfg(unix)]
pub mod telegram_faults;
pub mod terminal;

use std::path::{Path, PathBuf};

pub use process::{Bot, Run};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A folder of `tests/fixtures`, as it is named from the root.
pub fn fixture(name: &str) -> String {
    format!("tests/fixtures/{name}")
}

/// A page or a card with `HH:MM` for any time, and without the spaces before a line: what is shown at another time is the same then.
pub fn without_times(text: &str) -> String {
    let is_time = |word: &str| {
        word.len() == 5 && word.as_bytes()[2] == b':' && word.starts_with(|c: char| c.is_ascii_digit())
    };
    let words = text.lines().map(|line| {
        let words = line.split(' ').map(|word| if is_time(word) { "HH:MM" } else { word });
        words.collect::<Vec<_>>().join(" ").trim_start().to_owned()
    });
    words.collect::<Vec<_>>().join("\n")
}
