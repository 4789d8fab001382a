//! `bot serve --check`: what is configured, and what is missing. It starts nothing, and shows no value.
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};
use bot_core::catalog::{Action, Catalog};
use bot_core::engine::Engine;

use super::kind::{Configured, Need};
use super::{actions, words};
use crate::problems::counted;
use crate::{Outcome, folder, problems};

/// Variables of the environment.
type Variables = BTreeMap<String, String>;

/// Prints the report.
///
/// # Errors
/// The folder can't be read, or the output can't be written.
pub fn run(intents: &Path, store: &Path, channels: &[Configured], variables: &Variables) -> Result<Outcome> {
    let mut report = Report::default();
    let loaded = problems::or_show(intents, Engine::load(folder::read_bot(intents)?))?;
    report.bot(intents, loaded.as_ref());
    report.store(store);
    report.channels(channels);
    if let Some(engine) = &loaded {
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
        self.line("store", format!("{}: {state}", file.display()));
    }

    fn channels(&mut self, channels: &[Configured]) {
        if channels.is_empty() {
            self.line("channels", "none is built into this program");
        }
        for channel in channels {
            let missing: Vec<_> = channel.missing.iter().map(Need::to_string).collect();
            let state = match &missing[..] {
                [] => "configured".to_owned(),
                missing => format!("not configured: set {}", missing.join(", ")),
            };
            self.line("channels", format!("{}: {state}", channel.kind.name));
        }
        if !channels.iter().any(|channel| channel.missing.is_empty()) {
            self.missing.push("a channel");
        }
    }

    fn settings(&mut self, catalog: &Catalog, variables: &Variables) {
        for action in catalog.actions.values() {
            self.line("actions", format!("{}: {}", action.name, action_state(action, variables)));
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
        writeln!(out, "not ready: it needs {}", self.missing.join(", "))?;
        Ok(Outcome::Problems)
    }
}

/// What the store is, in words. Nothing is made, moved or changed.
fn store_state(file: &Path) -> Result<String> {
    if file.exists() {
        writable(file)?;
        return Ok("ready".to_owned());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let probe = folder.join(format!(".bot-check-{}", std::process::id()));
    File::create_new(&probe).with_context(|| format!("can't write into `{}`", folder.display()))?;
    fs::remove_file(&probe)?;
    Ok("will be made at the first start".to_owned())
}

fn writable(file: &Path) -> Result<()> {
    File::options().write(true).open(file).map(drop).context("it can't be written to")
}

/// What answers an action, and which variables it uses are set.
fn action_state(action: &Action, variables: &Variables) -> String {
    let needs = actions::needs(action);
    let state = |need: &String| {
        let set = is_set(need, variables);
        format!("{need} is {}", if set { "set" } else { "not set" })
    };
    let needs: Vec<_> = needs.iter().map(state).collect();
    match (&action.request, &action.sample) {
        (None, Some(_)) => "answers with its sample".to_owned(),
        (None, None) => "has neither a request nor a sample".to_owned(),
        (Some(_), _) if needs.is_empty() => "needs no variable".to_owned(),
        (Some(_), _) => needs.join(", "),
    }
}

/// A secret may also stand in the file that `NAME_FILE` names.
fn is_set(need: &str, variables: &Variables) -> bool {
    let there = |name: &str| variables.get(name).is_some_and(|value| !value.trim().is_empty());
    match need.strip_prefix("secret.") {
        Some(secret) => there(secret) || there(&format!("{secret}_FILE")),
        None => there(need.strip_prefix("env.").unwrap_or(need)),
    }
}
