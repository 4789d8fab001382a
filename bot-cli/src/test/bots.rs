//! The bot under test, loaded once for each set of facts that tests give.
use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use bot_core::catalog::Source;
use bot_core::engine::Engine;
use serde_json::Value as Json;

/// Facts in place of those of `bot.yaml`.
type Facts = BTreeMap<String, Json>;

/// The bot, with the facts of the tests.
pub struct Bots {
    sources: Vec<Source>,
    loaded: Vec<(Facts, Engine)>,
}

impl Bots {
    /// A bot that has been loaded from these files.
    pub fn new(sources: Vec<Source>, engine: Engine) -> Bots {
        Bots { sources, loaded: vec![(Facts::new(), engine)] }
    }

    /// The bot as it is written.
    pub fn plain(&self) -> &Engine {
        &self.loaded[0].1
    }

    /// The bot with these facts.
    ///
    /// # Errors
    /// It does not load, although it did before.
    pub fn with(&mut self, facts: &Facts) -> Result<&Engine> {
        let known = self.loaded.iter().position(|(loaded, _)| loaded == facts);
        let index = match known {
            Some(index) => index,
            None => {
                self.loaded.push((facts.clone(), self.load(facts)?));
                self.loaded.len() - 1
            }
        };
        Ok(&self.loaded[index].1)
    }

    fn load(&self, facts: &Facts) -> Result<Engine> {
        let engine = Engine::load(self.sources.clone()).map_err(|problems| anyhow!("{problems}"))?;
        Ok(engine.with_facts(facts.clone()))
    }
}
