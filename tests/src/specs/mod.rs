//! What the platforms publish about their interfaces, for machines: what goes over the wire in a test is held against it.
//!
//! The descriptions are third parties' data and not part of the project. Their folder is named by the environment variable
//! `PLATFORM_SPECS`; a test that has none says so on the terminal and checks nothing.
pub mod discord;
mod noted;
pub mod telegram;

use std::io::Write;
use std::path::PathBuf;

pub use noted::Finding;

/// The variable that names the folder.
pub const FOLDER: &str = "PLATFORM_SPECS";

/// The folder with the descriptions, if there is one; `None` is told on the terminal.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os(FOLDER).filter(|name| !name.is_empty());
    let Some(folder) = named.map(PathBuf::from) else {
        skipped(&format!("{FOLDER} does not name the folder with the platforms' descriptions"));
        return None;
    };
    // One that is named and wrong is a mistake, and no reason to skip.
    assert!(folder.is_dir(), "{FOLDER}={} is no folder", folder.display());
    Some(folder)
}

/// Says on the terminal that the test of this thread does not check anything, and why.
pub fn skipped(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // `eprintln!` would be kept back, since a test that returns has passed.
    let _ = writeln!(std::io::stderr(), "\nSKIPPED {test}: {why}");
}
