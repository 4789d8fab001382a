//! What is saved in the bot's folder runs from the next turn on; what is broken is told, and changes nothing.
use std::fmt;
use std::path::Path;

use bot_core::catalog::{Severity, Source};
use bot_runtime::reload::{self, Change, Reload, Timing};
use bot_runtime::runtime::Runtime;
use bot_runtime::store::Store;

use crate::folder;
use crate::problems::Problems;

/// More problems than that are counted only: they are told in the middle of a conversation, and `bot check` shows all.
const SHOWN: usize = 3;

/// What the author is told of a save. Its text is whole lines.
#[derive(Debug)]
pub enum Told {
    /// The new bot runs.
    Reloaded,
    /// The old bot goes on: the folder has these errors.
    Broken(String, Problems),
    /// The old bot goes on: the folder can't be read.
    Unreadable(String),
    /// Nothing that is saved will be seen.
    Unwatched(String),
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Told::Reloaded => f.write_str("(reloaded: the saved files are in use)"),
            Told::Unreadable(reason) => write!(f, "({reason}; the bot goes on as it was)"),
            Told::Unwatched(reason) => {
                write!(f, "(files that are saved from now on are not seen before the next start: {reason})")
            }
            Told::Broken(folder, problems) => {
                let errors = problems.list.iter().filter(|problem| problem.severity == Severity::Error);
                for problem in errors.take(SHOWN) {
                    writeln!(f, "{}", problem.render(&problems.sources).trim_end())?;
                }
                write!(f, "({folder}: {}; the bot goes on as it was)", problems.summary())
            }
        }
    }
}

/// Lets the runtime follow what is saved, until the value that is returned is dropped.
pub fn follow<S: Store>(
    folder: &Path,
    running: Vec<Source>,
    runtime: &Runtime<S>,
    tell: Box<dyn Fn(Told) + Send>,
) -> Option<Reload> {
    let (read_from, shown) = (folder.to_owned(), folder.to_owned());
    let read = move || folder::read_bot(&read_from).map_err(|error| format!("{error:#}"));
    let runtime = runtime.clone();
    let report = move |change| {
        tell(match change {
            Change::Loaded(engine) => {
                runtime.swap(engine);
                Told::Reloaded
            }
            Change::Broken(found) => {
                let problems = Problems::of_bot(&shown, found.problems, found.sources);
                Told::Broken(folder::shown(&shown), problems)
            }
            Change::Unreadable(reason) => Told::Unreadable(reason),
        });
    };
    let watched = reload::watch(folder, Timing::default(), running, read, report);
    watched.inspect_err(|error| eprintln!("{}", Told::Unwatched(error.to_string()))).ok()
}
