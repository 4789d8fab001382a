//! References to entities in sentences: `@hero`, `%hero%`, and `@hero_1` where there are several.
use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::entities::{Entities, builtin, own_name};
use crate::import::draft::{Part, Place};
use crate::import::names;
use crate::import::notes::{Notes, Topic};

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?<before>^|[^\w@%])(?:@(?<at>\w[\w.]*\w|\w)|%(?<percent>\w[\w.]*)%)")
        .expect("the expression is right")
});
static TEMPLATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\{\s*([\w.]+)\s*\}\}").expect("the expression is right"));

/// The slots that a corpus uses.
#[derive(Debug)]
pub struct Slots<'a> {
    entities: &'a Entities,
    /// By nlp.js's name: ours, and where it was first seen.
    seen: BTreeMap<String, (String, Place)>,
    /// Those that a flow asks for, which then says their type.
    asked: BTreeMap<String, Option<String>>,
}

impl<'a> Slots<'a> {
    /// None yet.
    pub fn new(entities: &'a Entities) -> Slots<'a> {
        Slots { entities, seen: BTreeMap::new(), asked: BTreeMap::new() }
    }

    /// The parts of a sentence.
    pub fn parts(&mut self, sentence: &str, at: &Place) -> Vec<Part> {
        let (mut parts, mut last) = (Vec::new(), 0);
        for found in REFERENCE.captures_iter(sentence) {
            let whole = found.get(0).map_or(0..0, |whole| whole.range());
            let in_percent = found.name("percent");
            let Some(name) = found.name("at").or(in_percent).map(|name| name.as_str()) else { continue };
            if in_percent.is_some() && !self.is_known(name) {
                continue;
            }
            let start = found.name("before").map_or(whole.start, |before| before.end());
            push_words(&mut parts, &sentence[last..start]);
            parts.push(Part::Slot(self.slot(name, at)));
            last = whole.end;
        }
        push_words(&mut parts, &sentence[last..]);
        parts
    }

    fn is_known(&self, name: &str) -> bool {
        let base = base(name);
        [name, base]
            .iter()
            .any(|name| self.entities.has(name) || builtin(name).is_some() || self.asked.contains_key(*name))
    }

    /// Our name of a slot.
    fn slot(&mut self, name: &str, at: &Place) -> String {
        let ours = self.name(name);
        self.seen.entry(name.to_owned()).or_insert_with(|| (ours.clone(), at.clone()));
        ours
    }

    fn name(&self, name: &str) -> String {
        match builtin(name) {
            Some(builtin) if !self.entities.has(name) => builtin.name().to_owned(),
            None if !self.entities.has(name) => names::slot(name),
            _ => own_name(name),
        }
    }

    /// A slot that is asked for: its name, and its type where the name does not say it.
    pub fn ask(&mut self, name: &str) -> (String, Option<String>) {
        let (slot, base) = (self.name(name), base(name));
        let is_numbered = base != name && !self.entities.has(name);
        let entity =
            (is_numbered && (self.entities.has(base) || builtin(base).is_some())).then(|| self.name(base));
        self.asked.insert(name.to_owned(), entity.clone());
        (slot, entity)
    }

    /// The names in `{{ }}` of a text as ours.
    pub fn rename(&self, text: &str) -> String {
        TEMPLATE
            .replace_all(text, |found: &Captures<'_>| format!("{{{{ {} }}}}", self.name(&found[1])))
            .into_owned()
    }

    /// Numbered slots of an entity that no flow gives a type.
    pub fn copies(&self, entity: &str) -> impl Iterator<Item = (&str, &Place)> {
        let is_copy = move |name: &str| {
            name != entity && base(name) == entity && self.asked.get(name).is_none_or(Option::is_none)
        };
        self.seen.iter().filter(move |(name, _)| is_copy(name)).map(|(_, (ours, at))| (ours.as_str(), at))
    }

    /// Tells which slots take any words, because the corpus does not say what they are.
    pub fn note(&self, notes: &mut Notes) {
        for (name, (ours, at)) in self.seen.iter().filter(|(name, _)| !self.is_known(name)) {
            notes.add(
                Topic::AnyWords,
                at,
                format!("`{ours}`: the corpus has no words and no expression for `{name}`"),
            );
        }
    }
}

/// `hero` of `hero_1`.
fn base(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((base, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            base
        }
        _ => name,
    }
}

fn push_words(parts: &mut Vec<Part>, words: &str) {
    if !words.is_empty() {
        parts.push(Part::Words(words.to_owned()));
    }
}
