//! Rasa's training data, formats 2.0 and 3.x: `nlu`, and of a domain the `responses`.
//!
//! What it is not: it reads no stories, forms and actions; it counts them, so that nobody looks for them in vain.
mod annotation;
pub mod entities;
mod nlu;
mod responses;
mod tree;

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use super::draft::{Draft, Example, Part, Place, Said};
use super::notes::Topic;
use super::source::Input;
use super::text::{clean, clean_part};
use crate::problems::counted;
use annotation::Piece;
use entities::Entities;
use nlu::Nlu;
use responses::Responses;
use tree::Node;

/// Keys that hold conversations, and what they are called.
const CONVERSATIONS: [(&str, &str); 6] = [
    ("stories", "story"),
    ("rules", "rule"),
    ("forms", "form"),
    ("actions", "action"),
    ("flows", "flow"),
    ("e2e_actions", "action"),
];

/// Reads the files of a project, or one of them.
///
/// # Errors
/// None of them has examples, or the only one is no YAML.
pub fn read(inputs: &[Input]) -> Result<Draft> {
    let mut project = Project::default();
    for input in inputs {
        match input
            .text()
            .and_then(|text| tree::parse(text).map_err(|(line, why)| format!("line {line}: {why}")))
        {
            Ok(root) => project.add(root.as_ref(), &Place::file(&input.name)),
            Err(why) if inputs.len() == 1 => bail!("`{}` is no YAML: {why}", input.name),
            Err(why) => project.draft.notes.add(
                Topic::Unreadable,
                &Place::file(&input.name),
                format!("no YAML: {why}"),
            ),
        }
    }
    if project.nlu.intents.is_empty() {
        let names: Vec<_> = inputs.iter().take(5).map(|input| format!("`{}`", input.name)).collect();
        bail!("there is no `nlu:` with intents in {}: Rasa's formats 2.0 and 3.x are read", names.join(", "));
    }
    Ok(project.finish(inputs.len() == 1))
}

#[derive(Default)]
struct Project {
    nlu: Nlu,
    responses: Responses,
    /// Intents and entities that the domain names.
    intents: Vec<(String, Place)>,
    entities: BTreeSet<String>,
    draft: Draft,
}

impl Project {
    fn add(&mut self, root: Option<&Node>, file: &Place) {
        let entries = root.map_or(&[][..], Node::entries);
        let mut used = false;
        for (key, node) in entries {
            used |= self.add_key(key, node, file);
        }
        if !used {
            let keys: Vec<_> = entries.iter().take(4).map(|(key, _)| format!("`{key}`")).collect();
            let what = if keys.is_empty() { "no keys".to_owned() } else { keys.join(", ") };
            self.draft.notes.add(Topic::Other, file, format!("all of it: {what}"));
        }
    }

    /// Whether it was of use.
    fn add_key(&mut self, key: &str, node: &Node, file: &Place) -> bool {
        let notes = &mut self.draft.notes;
        match key {
            "nlu" => self.nlu.add(node, file, notes),
            "responses" | "templates" => self.responses.add(node, file, notes),
            "intents" => self.intents.extend(
                node.items().iter().filter_map(|item| Some((first_key(item)?, file.line(item.line)))),
            ),
            "entities" => self.entities.extend(node.items().iter().filter_map(first_key)),
            "language" => self.draft.language = node.text().map(str::to_owned),
            _ => return self.add_conversations(key, node, file),
        }
        key != "language"
    }

    fn add_conversations(&mut self, key: &str, node: &Node, file: &Place) -> bool {
        let Some((_, what)) = CONVERSATIONS.iter().find(|(name, _)| *name == key) else { return false };
        let all = node.items().len() + node.entries().len();
        let left = if key == "rules" { self.responses.add_rules(node) } else { all };
        if left > 0 {
            let what = if left == 1 {
                format!("1 {what}")
            } else {
                counted(left, what).replace("storys", "stories")
            };
            self.draft.notes.add(Topic::Conversation, &file.line(node.line), what);
        }
        true
    }

    fn finish(mut self, alone: bool) -> Draft {
        let (entities, built) = entities::build(&self.nlu, &self.entities, &mut self.draft.notes);
        self.draft.entities = built;
        for (intent, at) in &self.nlu.intents {
            self.draft.intent(intent, at);
        }
        for found in &self.nlu.examples {
            let example = example(found, &entities);
            self.draft.intent(&found.intent, &found.at).examples.push(example);
        }
        self.note_intents();
        self.responses.give(&mut self.draft);
        if let (true, Some(intent)) =
            (alone, self.draft.intents.iter().find(|intent| intent.answers.is_empty()))
        {
            let file = Place { file: intent.at.file.clone(), ..Place::default() };
            self.draft.notes.add(Topic::Elsewhere, &file, "answers stand in domain.yml");
        }
        self.draft
    }

    /// Intents of the domain that no example has.
    fn note_intents(&mut self) {
        let known: BTreeSet<&str> = self.nlu.intents.iter().map(|(name, _)| name.as_str()).collect();
        let has = |name: &str| {
            known.iter().any(|known| {
                *known == name || known.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        for (name, at) in self.intents.iter().filter(|(name, _)| !has(name)) {
            self.draft.notes.add(Topic::Other, at, format!("the intent `{name}`, which has no examples"));
        }
    }
}

/// `- name`, or `- name: …`.
fn first_key(item: &Node) -> Option<String> {
    item.text().or_else(|| item.entries().first().map(|(key, _)| key.as_str())).map(str::to_owned)
}

fn example(found: &nlu::Example, entities: &Entities) -> Example {
    let said: String = found
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.as_str(),
            Piece::Value(value) => value.words.as_str(),
        })
        .collect();
    let said = clean(&said);
    let is_plain = found.pieces.iter().all(|piece| matches!(piece, Piece::Words(_)));
    if is_plain {
        return Example::plain(said, found.at.clone());
    }
    let part = |piece: &Piece| match piece {
        Piece::Words(words) => Part::Words(clean_part(words)),
        Piece::Value(value) => Part::Slot(entities.slot(value)),
    };
    let words = found.pieces.iter().filter_map(|piece| match piece {
        Piece::Value(value) => Some(clean(&value.words)),
        Piece::Words(_) => None,
    });
    let said = Said { sentence: said, words: words.collect() };
    Example { parts: found.pieces.iter().map(part).collect(), said: Some(said), at: found.at.clone() }
}

#[cfg(test)]
mod tests;
