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
    /// It does not load with them.
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
        let mut sources = self.sources.clone();
        match sources.iter_mut().find(|source| source.name == "bot.yaml") {
            Some(settings) => settings.bytes = replaced(&settings.bytes, facts)?,
            None => sources.push(Source { name: "bot.yaml".to_owned(), bytes: replaced(b"{}", facts)? }),
        }
        Engine::load(sources).map_err(|found| {
            let first = found.problems.first().map(|problem| problem.message.as_str()).unwrap_or_default();
            anyhow!("the bot does not load with the facts of a test: {first}")
        })
    }
}

/// `bot.yaml` with other facts. Its layout is lost, which only matters to diagnostics, and it has been checked before.
fn replaced(settings: &[u8], facts: &Facts) -> Result<Vec<u8>> {
    let mut settings: serde_yaml::Value = serde_yaml::from_slice(settings)?;
    if settings.is_null() {
        settings = serde_yaml::Mapping::new().into();
    }
    for (name, value) in facts {
        settings["facts"][name.as_str()] = serde_yaml::to_value(value)?;
    }
    Ok(serde_yaml::to_string(&settings)?.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_replace_those_of_the_file() {
        let facts = Facts::from([("free".to_owned(), Json::from(20)), ("new".to_owned(), Json::from("x"))]);
        for (settings, want) in [
            ("", "facts:\n  free: 20\n  new: x\n"),
            ("name: Ada\n", "name: Ada\nfacts:\n  free: 20\n  new: x\n"),
            ("facts: { free: 50, kept: 1 }\n", "facts:\n  free: 20\n  kept: 1\n  new: x\n"),
        ] {
            let text = String::from_utf8(replaced(settings.as_bytes(), &facts).unwrap()).unwrap();
            assert_eq!(text, want, "{settings}");
        }
    }
}
