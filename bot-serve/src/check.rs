//! `--check`: what is configured, what is missing, and how each channel stands. It starts nothing, and shows no secret.
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use bot_core::catalog::Catalog;
use bot_core::engine::Engine;
use bot_runtime::store::SqliteStore;

use crate::actions::{self, Variables};
use crate::channels::Found;
use crate::finding::{self, Finding};
use crate::problems::counted;
use crate::{Outcome, desks, folder, problems, words};

/// How long a line of names may be.
const WIDTH: usize = 90;

/// Prints the report.
///
/// # Errors
/// The folder can't be read, or the output can't be written.
pub fn run(intents: &Path, store: &Path, found: &Found, variables: &Variables) -> Result<Outcome> {
    let mut report = Report::default();
    let loaded = problems::or_show(intents, Engine::load(folder::read_bot(intents)?))?;
    let loaded = loaded.map(Arc::new);
    report.bot(intents, loaded.as_deref());
    report.store(store);
    let findings = finding::ask(found, loaded.as_ref())?;
    report.channels(found, &findings);
    if let Some(engine) = &loaded {
        report.desks(engine.catalog(), found);
        report.settings(engine.catalog(), variables);
    }
    report.write(&mut io::stdout().lock())
}

#[derive(Default)]
struct Report {
    lines: Vec<(&'static str, String)>,
    /// What keeps it from starting.
    missing: Vec<&'static str>,
}

impl Report {
    fn line(&mut self, title: &'static str, text: impl Into<String>) {
        self.lines.push((title, text.into()));
    }

    fn bot(&mut self, intents: &Path, loaded: Option<&Engine>) {
        let shown = folder::shown(intents);
        let Some(engine) = loaded else {
            self.missing.push("a bot without errors");
            return self.line("bot", format!("{shown}: has errors"));
        };
        let catalog = engine.catalog();
        let own = catalog.intents.iter().filter(|intent| intent.origin.file != "built-in").count();
        let languages = counted(catalog.settings.languages.len(), "language");
        self.line("bot", format!("{shown}: {}, {languages}", counted(own, "intent")));
    }

    fn store(&mut self, file: &Path) {
        let state = store_state(file).unwrap_or_else(|error| {
            self.missing.push("a store");
            format!("{error:#}")
        });
        self.line("store", state);
    }

    /// The findings are those of the channels, in their order.
    fn channels(&mut self, found: &Found, findings: &[Vec<Finding>]) {
        if found.channels.is_empty() {
            self.line("channels", "none is built into this program");
        }
        for (channel, findings) in found.channels.iter().zip(findings) {
            self.line("channels", channel.state());
            findings.iter().flat_map(Finding::lines).for_each(|line| self.line("channels", line));
            if findings.iter().any(|finding| !finding.is_fine()) {
                self.missing.push("what is marked ✗");
            }
        }
        found.absent.iter().for_each(|line| self.line("channels", line));
        if !found.any_ready() {
            self.missing.push("a channel");
        }
    }

    /// Where agents see tickets, for teams that say so.
    fn desks(&mut self, catalog: &Catalog, found: &Found) {
        let chosen = &catalog.settings.handoff.desks;
        for (team, desks) in chosen {
            self.line("desks", format!("{team}: {}", desks.join(", ")));
        }
        let findings = desks::desks(chosen, found);
        findings.iter().flat_map(Finding::lines).for_each(|line| self.line("desks", line));
        if !findings.is_empty() {
            self.missing.push("what is marked ✗");
        }
    }

    fn settings(&mut self, catalog: &Catalog, variables: &Variables) {
        for group in actions::groups(catalog, variables) {
            self.line("actions", format!("{} answered by {}", group.names.len(), group.state));
            wrapped(&group.names).into_iter().for_each(|names| self.line("actions", names));
            if !group.ready {
                self.missing.push("what actions need");
            }
        }
        let settings = &catalog.settings;
        self.line("hours", words::hours(settings.handoff.hours.as_ref()));
        self.line("silence", words::silence(&settings.silence));
        self.line("keep", words::keep(settings.keep));
    }

    fn write(&self, out: &mut dyn Write) -> Result<Outcome> {
        let mut above = "";
        for (title, text) in &self.lines {
            let shown = if *title == above { "" } else { title };
            writeln!(out, "{shown:<9} {text}")?;
            above = title;
        }
        if self.missing.is_empty() {
            writeln!(out, "ready")?;
            return Ok(Outcome::Fine);
        }
        let mut missing = self.missing.clone();
        missing.dedup();
        writeln!(out, "not ready: it needs {}", missing.join(", "))?;
        Ok(Outcome::Problems)
    }
}

/// Names with commas, on lines that fit.
fn wrapped(names: &[String]) -> Vec<String> {
    let mut lines = vec![String::from(" ")];
    for (index, name) in names.iter().enumerate() {
        if lines.last().is_some_and(|line| line.chars().count() + name.len() > WIDTH) {
            lines.push(String::from(" "));
        }
        let comma = if index + 1 < names.len() { "," } else { "" };
        lines.iter_mut().next_back().into_iter().for_each(|line| line.push_str(&format!(" {name}{comma}")));
    }
    lines
}

/// What the store is, in words. Nothing is made, moved or changed.
fn store_state(file: &Path) -> Result<String> {
    if let Some(version) = SqliteStore::version_of(file)? {
        return Ok(format!("{}: ready (format {version})", file.display()));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let probe = folder.join(format!(".bot-check-{}", std::process::id()));
    File::create_new(&probe).with_context(|| format!("can't write into the folder {}", folder.display()))?;
    fs::remove_file(&probe)?;
    Ok(format!("{}: will be made at the first start", file.display()))
}
