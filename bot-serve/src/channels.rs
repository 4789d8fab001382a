//! The channels of a program, and what the environment has for them.
use std::collections::BTreeMap;

use anyhow::Result;

use crate::{Configured, Kind, Need};

/// The channels that a program has, and those that it could have.
#[derive(Clone, Copy, Debug, Default)]
pub struct Channels<'a> {
    /// Those that are built in.
    pub built: &'a [Kind],
    /// Those that were left out when it was built.
    pub absent: &'a [Absent],
}

/// A channel that was left out when the program was built. Who has configured it is told.
#[derive(Clone, Copy, Debug)]
pub struct Absent {
    /// Its name.
    pub name: &'static str,
    /// By this it is seen that somebody wants it.
    pub need: Need,
    /// How to get a program that has it, to be put after "start".
    pub instead: &'static str,
}

/// What the environment has for them.
pub(crate) struct Found {
    /// For those that are built in.
    pub channels: Vec<Configured>,
    /// What to do about those that are configured and not built in.
    pub absent: Vec<String>,
}

impl Channels<'_> {
    /// Looks it up.
    ///
    /// # Errors
    /// A file that should hold a secret can't be read.
    pub(crate) fn look_up(&self, variables: &BTreeMap<String, String>) -> Result<Found> {
        let found = self.built.iter().map(|kind| Configured::of(*kind, variables));
        let absent = self.absent.iter().filter(|absent| absent.need.is_set(variables));
        Ok(Found { channels: found.collect::<Result<_>>()?, absent: absent.map(Absent::told).collect() })
    }
}

impl Absent {
    fn told(&self) -> String {
        let Absent { name, need, instead } = self;
        format!("{name}: {} is set, but this program was built without {name}: start {instead}", need.name)
    }
}

impl Found {
    /// Whether there is something to serve.
    pub fn any_ready(&self) -> bool {
        self.channels.iter().any(|channel| channel.missing.is_empty())
    }

    /// Those that can be started.
    pub fn ready(self) -> Vec<Configured> {
        self.channels.into_iter().filter(|channel| channel.missing.is_empty()).collect()
    }

    /// Why the others can't, a line for each.
    pub fn not_ready(&self) -> impl Iterator<Item = String> {
        let idle = self.channels.iter();
        let idle = idle.filter_map(|channel| Some(format!("{}: {}", channel.kind.name, channel.wanted()?)));
        idle.chain(self.absent.iter().cloned())
    }

    /// What somebody who starts it should know, in sentences.
    pub fn doubts(&self) -> impl Iterator<Item = &str> {
        let doubts = self.channels.iter().flat_map(|channel| &channel.doubts);
        doubts.chain(&self.absent).map(String::as_str)
    }
}
