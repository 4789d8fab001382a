//! The pattern stage: regular expressions, held against the message as typed.
use regex::Regex;

use super::Capture;
use crate::catalog::Catalog;
use crate::text::{Span, readable};

/// All patterns of a folder.
#[derive(Debug)]
pub(super) struct Patterns {
    /// Intent, index among its patterns, expression.
    patterns: Vec<(u32, u32, Regex)>,
}

/// A pattern that matched.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hit {
    /// The intent.
    pub intent: u32,
    /// The index among its patterns.
    pub index: u32,
    /// Its named groups.
    pub slots: Vec<Capture>,
}

impl Patterns {
    /// Of all intents.
    pub fn new(catalog: &Catalog) -> Patterns {
        let mut patterns = Vec::new();
        for (intent, written) in catalog.intents.iter().enumerate() {
            for (index, pattern) in written.patterns.iter().enumerate() {
                patterns.push((intent as u32, index as u32, pattern.regex.clone()));
            }
        }
        Patterns { patterns }
    }

    /// The first pattern of each intent that matches the readable part of a message.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let text = readable(text);
        let mut hits: Vec<Hit> = Vec::new();
        for (intent, index, regex) in &self.patterns {
            if hits.last().is_none_or(|hit| hit.intent != *intent) && regex.is_match(text) {
                hits.push(Hit { intent: *intent, index: *index, slots: slots(regex, text) });
            }
        }
        hits
    }
}

fn slots(regex: &Regex, text: &str) -> Vec<Capture> {
    let Some(groups) = regex.captures(text) else { return Vec::new() };
    let group = |name: &str| {
        let found = groups.name(name).filter(|found| !found.is_empty())?;
        Some(Capture { slot: name.to_owned(), span: Span { start: found.start(), end: found.end() } })
    };
    regex.capture_names().flatten().filter_map(group).collect()
}
