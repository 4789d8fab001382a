//! Shows diagnostics, and counts them.
use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use bot_core::catalog::{Diagnostic, Diagnostics, Severity, Source};
use bot_core::engine::Engine;
use serde::Serialize;

use crate::folder;
use crate::paint::Paint;

/// Problems and the files they are in, named as they are shown to the user.
#[derive(Debug, Default)]
pub struct Problems {
    /// The problems.
    pub list: Vec<Diagnostic>,
    /// The files.
    pub sources: Vec<Source>,
}

/// The problems for a program.
#[derive(Serialize)]
pub struct Listed<'a> {
    problems: &'a [Diagnostic],
    errors: usize,
    warnings: usize,
}

impl Problems {
    /// Problems of a bot's folder; its files are shown with the path of the folder, so that an editor can open them.
    pub fn of_bot(folder: &Path, mut list: Vec<Diagnostic>, mut sources: Vec<Source>) -> Problems {
        let shown = |name: &str| folder::shown(&folder.join(name));
        for problem in &mut list {
            problem.file = shown(&problem.file);
            if let Some(other) = &mut problem.other {
                other.file = shown(&other.file);
            }
        }
        sources.iter_mut().for_each(|source| source.name = shown(&source.name));
        Problems { list, sources }
    }

    /// How many errors.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|problem| problem.severity == severity).count()
    }

    /// "3 errors, 1 warning"; "no problems".
    pub fn summary(&self) -> String {
        let parts: Vec<_> = [(self.errors(), "error"), (self.warnings(), "warning")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| counted(count, what))
            .collect();
        if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") }
    }

    /// Writes each with its line and a caret.
    ///
    /// # Errors
    /// The stream can't be written.
    pub fn write(&self, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
        for problem in &self.list {
            let rendered = match paint {
                Paint::Plain => problem.render(&self.sources),
                Paint::Ansi => problem.render_coloured(&self.sources),
            };
            writeln!(out, "{}\n", rendered.trim_end())?;
        }
        Ok(())
    }

    /// As data.
    pub fn listed(&self) -> Listed<'_> {
        Listed { problems: &self.list, errors: self.errors(), warnings: self.warnings() }
    }
}

/// "1 error", "2 errors", "2 entities".
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {}", if count == 1 { what.to_owned() } else { plural(what) })
}

fn plural(what: &str) -> String {
    format!("{what}s")
}

/// Loads the bot in a folder; `None` if it has errors: they have been written to the standard error.
///
/// # Errors
/// The folder can't be read.
pub fn load_or_show(folder: &Path) -> Result<Option<Engine>> {
    or_show(folder, Engine::load(folder::read_bot(folder)?))
}

/// The bot that was loaded from a folder; `None` if it has errors: they have been written to the standard error.
///
/// # Errors
/// The standard error can't be written to.
pub fn or_show(folder: &Path, loaded: Result<Engine, Diagnostics>) -> Result<Option<Engine>> {
    match loaded {
        Ok(engine) => Ok(Some(engine)),
        Err(found) => {
            let problems = Problems::of_bot(folder, found.problems, found.sources);
            let mut err = io::stderr().lock();
            problems.write(&mut err, Paint::for_stream(&io::stderr()))?;
            writeln!(err, "{}: {}", folder::shown(folder), problems.summary())?;
            Ok(None)
        }
    }
}
