//! Answers: the key `responses` of a domain, and the rules that say which belongs to which intent.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::tree::Node;
use crate::import::answers::{self, Answer};
use crate::import::draft::{Draft, Place};
use crate::import::names;
use crate::import::notes::{Notes, Topic};
use crate::import::text::short;

/// How the name of an answer begins.
const UTTER: &str = "utter_";

/// The answers of all files.
#[derive(Debug, Default)]
pub struct Responses {
    /// By name: where, and the texts.
    texts: BTreeMap<String, (Place, Vec<String>)>,
    /// By intent: the answer that a rule gives.
    rules: BTreeMap<String, String>,
}

impl Responses {
    /// Adds what stands under `responses` in a file.
    pub fn add(&mut self, node: &Node, file: &Place, notes: &mut Notes) {
        for (name, variants) in node.entries() {
            let at = file.line(variants.line);
            let single = std::slice::from_ref(variants);
            let variants = if variants.items().is_empty() { single } else { variants.items() };
            let texts = variants.iter().filter_map(|variant| text(name, variant, file, notes)).collect();
            self.texts.insert(name.clone(), (at, texts));
        }
    }

    /// Takes what stands under `rules`: those in which an intent has one answer. How many are left.
    pub fn add_rules(&mut self, node: &Node) -> usize {
        let mut left = 0;
        for rule in node.items() {
            let steps = rule.get("steps").map_or(&[][..], Node::items);
            let text = |step: &Node, key: &str| step.get(key).and_then(Node::text).map(str::to_owned);
            match steps {
                [first, second] if rule.get("condition").is_none() => {
                    match (text(first, "intent"), text(second, "action")) {
                        (Some(intent), Some(action)) if action.starts_with(UTTER) => {
                            self.rules.insert(intent, action);
                        }
                        _ => left += 1,
                    }
                }
                _ => left += 1,
            }
        }
        left
    }

    /// Gives the intents their answers; those of no intent are noted.
    pub fn give(self, draft: &mut Draft) {
        let slots: BTreeSet<String> = draft.slots().map(str::to_owned).collect();
        let mut given: BTreeSet<&str> = BTreeSet::new();
        for intent in &mut draft.intents {
            let own = format!("{UTTER}{}", intent.name);
            let name =
                self.rules.get(&intent.name).filter(|name| self.texts.contains_key(*name)).unwrap_or(&own);
            let Some((name, (at, texts))) = self.texts.get_key_value(name) else { continue };
            given.insert(name);
            for text in texts {
                match answers::check(&jinja(text), &slots) {
                    Answer::Text(text) => intent.answers.push(text),
                    Answer::Refused(why) => {
                        draft.notes.add(Topic::Answer, at, format!("`{name}`: {why}: {}", short(text)))
                    }
                }
            }
        }
        for (name, (at, texts)) in self.texts.iter().filter(|(name, _)| !given.contains(name.as_str())) {
            let first = texts.first().map_or_else(String::new, |text| format!(": {}", short(text)));
            draft.notes.add(Topic::Answer, at, format!("`{name}`{first}"));
        }
    }
}

/// The text of a variant that is nothing but a text.
fn text(name: &str, variant: &Node, file: &Place, notes: &mut Notes) -> Option<String> {
    let at = file.line(variant.line);
    let text = variant.get("text").unwrap_or(variant).text().map(str::trim).filter(|text| !text.is_empty());
    let others: Vec<&str> = variant
        .entries()
        .iter()
        .map(|(key, _)| key.as_str())
        .filter(|key| !matches!(*key, "text" | "metadata" | "id"))
        .collect();
    let conditional = others.iter().any(|key| matches!(*key, "condition" | "channel"));
    let what = others.join(", ");
    match text {
        None => {
            let what = if what.is_empty() { "no text".to_owned() } else { format!("{what} without a text") };
            notes.add(Topic::Answer, &at, format!("`{name}`: {what}"));
            None
        }
        Some(text) if conditional => {
            notes.add(Topic::Answer, &at, format!("`{name}` has a {what}: {}", short(text)));
            None
        }
        Some(text) => {
            if !others.is_empty() {
                notes.add(Topic::Answer, &at, format!("`{name}`: its {what}; the text was taken"));
            }
            Some(text.to_owned())
        }
    }
}

static SLOT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\s*([\w.-]+)\s*\}").expect("the expression is right"));

/// `{name}` as `{{ name }}`.
fn jinja(text: &str) -> String {
    if text.contains("{{") {
        return text.to_owned();
    }
    SLOT.replace_all(text, |found: &Captures<'_>| format!("{{{{ {} }}}}", names::slot(&found[1])))
        .into_owned()
}
