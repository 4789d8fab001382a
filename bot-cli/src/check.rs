//! `bot check`: all problems of a bot's folder, by file and line.
use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use bot_core::engine::Engine;

use crate::Outcome;
use crate::args::{Check, Format};
use crate::folder;
use crate::paint::Paint;
use crate::problems::{Problems, counted};

/// Runs the command.
///
/// # Errors
/// The folder can't be read, or the output can't be written.
pub fn run(intents: &Path, options: &Check) -> Result<Outcome> {
    let folder = options.folder.as_deref().unwrap_or(intents);
    let checked = check(folder)?;
    let mut out = io::stdout().lock();
    match options.format {
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&checked.problems.listed())?)?,
        Format::Text => {
            checked.problems.write(&mut out, Paint::for_stream(&io::stdout()))?;
            writeln!(out, "{}: {}", folder::shown(folder), checked.summary())?;
        }
    }
    Ok(checked.outcome(options.strict))
}

struct Checked {
    problems: Problems,
    /// "52 intents, 2 languages", if the bot loads.
    size: Option<String>,
}

fn check(folder: &Path) -> Result<Checked> {
    let sources = folder::read_bot(folder)?;
    Ok(match Engine::load(sources.clone()) {
        Ok(engine) => Checked {
            problems: Problems::of_bot(folder, engine.warnings(), sources),
            size: Some(size(&engine)),
        },
        Err(found) => {
            Checked { problems: Problems::of_bot(folder, found.problems, found.sources), size: None }
        }
    })
}

fn size(engine: &Engine) -> String {
    let catalog = engine.catalog();
    let own = catalog.intents.iter().filter(|intent| intent.origin.file != "built-in").count();
    format!("{}, {}", counted(own, "intent"), counted(catalog.settings.languages.len(), "language"))
}

impl Checked {
    fn summary(&self) -> String {
        let problems = self.problems.summary();
        self.size.as_ref().map_or(problems.clone(), |size| format!("{size}, {problems}"))
    }

    fn outcome(&self, strict: bool) -> Outcome {
        let bad = self.problems.errors() + if strict { self.problems.warnings() } else { 0 };
        if bad == 0 { Outcome::Fine } else { Outcome::Problems }
    }
}
