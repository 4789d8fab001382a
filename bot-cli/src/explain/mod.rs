//! `bot explain`: how a message is understood, and why. What it is not: it takes no turn.
mod json;

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use anyhow::{Result, bail};
use bot_core::dialogue::{Customer, Tracker};
use bot_core::engine::{Actions, Engine};
use bot_core::explain::{self, Depth};
use bot_core::text::Language;
use jiff::Zoned;

pub(crate) use self::json::rounded;
use crate::args::{Explain, Format, World};
use crate::paint::harmless;
use crate::session::Session;
use crate::{Outcome, clock, problems};

/// Runs the command.
///
/// # Errors
/// The folder or the input can't be read, or the output can't be written.
pub fn run(intents: &Path, options: &Explain) -> Result<Outcome> {
    if options.message.is_none() && io::stdin().is_terminal() {
        bail!("no message to explain: write one after the command, like bot explain \"where is my parcel\"");
    }
    let Some(engine) = problems::load_or_show(intents)? else { return Ok(Outcome::Problems) };
    let now = clock::now(options.world.now.as_ref());
    let tracker = opened(&engine, &options.world, &now)?;
    let explainer = Explainer { engine: &engine, tracker, now };
    let mut out = io::stdout().lock();
    match (&options.message, options.format) {
        (Some(message), Format::Text) => explainer.text(message, &mut out)?,
        (Some(message), Format::Json) => explainer.json(message, &mut out)?,
        (None, _) => explainer.lines(io::stdin().lock(), &mut out)?,
    }
    Ok(Outcome::Fine)
}

struct Explainer<'a> {
    engine: &'a Engine,
    tracker: Tracker,
    now: Zoned,
}

impl Explainer<'_> {
    fn text(&self, message: &str, out: &mut dyn Write) -> Result<()> {
        let understanding = self.engine.understand(&self.tracker, message, &self.now);
        let text = explain::understanding(self.engine, &understanding, Depth::Three);
        Ok(writeln!(out, "{}", harmless(&text))?)
    }

    fn json(&self, message: &str, out: &mut dyn Write) -> Result<()> {
        let understanding = self.engine.understand(&self.tracker, message, &self.now);
        let explained = json::Explained::with_reasons(self.engine, message, &understanding);
        Ok(writeln!(out, "{}", serde_json::to_string_pretty(&explained)?)?)
    }

    fn lines(&self, mut input: impl BufRead, out: &mut dyn Write) -> Result<()> {
        while let Some(message) = crate::lines::next(&mut input)? {
            let understanding = self.engine.understand(&self.tracker, &message, &self.now);
            let explained = json::Explained::new(self.engine, &message, &understanding);
            writeln!(out, "{}", serde_json::to_string(&explained)?)?;
        }
        Ok(())
    }
}

/// A conversation that has only just opened.
///
/// # Errors
/// The bot does not speak the language.
pub(crate) fn opened(engine: &Engine, world: &World, now: &Zoned) -> Result<Tracker> {
    let actions = Actions::default();
    Ok(Session::new(engine, &actions, customer(engine, world)?, now).conversation.tracker)
}

/// The customer at the terminal.
///
/// # Errors
/// The bot does not speak the language.
pub fn customer(engine: &Engine, world: &World) -> Result<Customer> {
    let language = world.lang.as_deref().map(Language::new);
    let spoken = &engine.catalog().settings.languages;
    if let Some(language) = language.as_ref().filter(|language| !spoken.contains(language)) {
        let spoken: Vec<_> = spoken.iter().map(ToString::to_string).collect();
        bail!("this bot does not speak `{language}`; it speaks {}", spoken.join(", "));
    }
    Ok(Customer { language, channel: Some("terminal".to_owned()), ..Customer::default() })
}
