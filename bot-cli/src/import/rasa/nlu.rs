//! The key `nlu`: intents with their examples, synonyms, lookup tables, regular expressions.
//!
//! What it is not: it does not decide what becomes of an entity.
use super::annotation::{self, Annotated, Piece};
use super::tree::{Kind, Node};
use crate::import::draft::Place;
use crate::import::notes::{Notes, Topic};
use crate::import::text::short;

/// An example as it stands in the file.
#[derive(Debug)]
pub struct Example {
    /// The name of its intent.
    pub intent: String,
    /// Its parts.
    pub pieces: Vec<Piece>,
    /// Where it stands.
    pub at: Place,
}

/// A name with the lines below it.
#[derive(Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The lines, each with its place.
    pub lines: Vec<(Place, String)>,
    /// Where the name stands.
    pub at: Place,
}

/// All of `nlu`, of all files.
#[derive(Debug, Default)]
pub struct Nlu {
    /// The intents, in the order found; also those without examples.
    pub intents: Vec<(String, Place)>,
    /// Their examples.
    pub examples: Vec<Example>,
    /// Words for a value.
    pub synonyms: Vec<Named>,
    /// Words of an entity.
    pub lookups: Vec<Named>,
    /// Regular expressions.
    pub regexes: Vec<Named>,
}

impl Nlu {
    /// The values that were marked in examples.
    pub fn annotated(&self) -> impl Iterator<Item = (&Annotated, &Place)> {
        self.examples.iter().flat_map(|example| {
            example.pieces.iter().filter_map(move |piece| match piece {
                Piece::Value(value) => Some((value, &example.at)),
                Piece::Words(_) => None,
            })
        })
    }

    /// Adds what stands under `nlu` in a file.
    pub fn add(&mut self, node: &Node, file: &Place, notes: &mut Notes) {
        for item in node.items() {
            let at = file.line(item.line);
            let name =
                |key: &str| item.get(key).and_then(Node::text).map(str::trim).filter(|name| !name.is_empty());
            let named =
                |name: &str| Named { name: name.to_owned(), lines: lines(item, file), at: at.clone() };
            if let Some(intent) = name("intent") {
                self.add_intent(intent, item, &at, notes);
            } else if let Some(value) = name("synonym") {
                self.synonyms.push(named(value));
            } else if let Some(entity) = name("lookup") {
                self.lookups.push(named(entity));
            } else if let Some(entity) = name("regex") {
                self.regexes.push(named(entity));
            } else {
                let text = "an item of `nlu` that is no intent, synonym, lookup or regex with a name";
                notes.add(Topic::Unreadable, &at, text);
            }
        }
    }

    fn add_intent(&mut self, intent: &str, item: &Node, at: &Place, notes: &mut Notes) {
        self.intents.push((intent.to_owned(), at.clone()));
        if item.get("metadata").is_some() {
            notes.add(Topic::Other, at, format!("the metadata of `{intent}`"));
        }
        let Some(examples) = item.get("examples") else { return };
        for (line, text) in texts(examples, at, notes) {
            let at = at.line(line);
            let (pieces, problems) = annotation::parse(text);
            problems.into_iter().for_each(|problem| notes.add(Topic::Annotation, &at, problem));
            self.examples.push(Example { intent: intent.to_owned(), pieces, at });
        }
    }
}

fn lines(item: &Node, file: &Place) -> Vec<(Place, String)> {
    let lines = item.get("examples").map(Node::lines).unwrap_or_default();
    lines.into_iter().map(|(line, text)| (file.line(line), text.to_owned())).collect()
}

/// The examples of an intent: a block, or a list of texts or of `{ text: … }`.
fn texts<'n>(node: &'n Node, at: &Place, notes: &mut Notes) -> Vec<(usize, &'n str)> {
    let Kind::List(items) = &node.kind else { return node.lines() };
    let mut found = Vec::new();
    for item in items {
        let text = item.get("text").unwrap_or(item);
        match text.lines().as_slice() {
            [] if matches!(text.kind, Kind::Scalar { .. }) => {}
            [] => notes.add(Topic::Unreadable, &at.line(item.line), "an example without a `text`"),
            lines => found.extend_from_slice(lines),
        }
        if let Some(metadata) = item.get("metadata") {
            let text = format!("the metadata of {}", short(text.text().unwrap_or_default().trim()));
            notes.add(Topic::Other, &at.line(metadata.line), text);
        }
    }
    found
}
