//! What a reader has found in another system's file: intents, examples, entities, in no format of anybody's.
//!
//! What it is not: names here are the other system's, nothing is checked and nothing is left out yet.
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use super::notes::Notes;

/// Where something stands in what is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file as it is shown.
    pub file: Rc<str>,
    /// Where in it.
    pub at: At,
}

/// A place within a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// The file as a whole.
    #[default]
    Whole,
    /// A line, from 1.
    Line(usize),
    /// Keys and indexes, as in `data[3].utterances[0]`: JSON's parser tells no lines.
    Path(String),
}

impl Place {
    /// The file as a whole.
    pub fn file(name: &str) -> Place {
        Place { file: name.into(), at: At::Whole }
    }

    /// A line of the same file.
    pub fn line(&self, line: usize) -> Place {
        Place { file: self.file.clone(), at: At::Line(line) }
    }

    /// Something below this place: `data[3]` and `.intent` make `data[3].intent`.
    pub fn below(&self, step: &str) -> Place {
        let path = match &self.at {
            At::Path(path) => format!("{path}{step}"),
            At::Whole | At::Line(_) => step.trim_start_matches('.').to_owned(),
        };
        Place { file: self.file.clone(), at: At::Path(path) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            At::Whole => formatter.write_str(&self.file),
            At::Line(line) => write!(formatter, "{}:{line}", self.file),
            At::Path(path) => write!(formatter, "{}: {path}", self.file),
        }
    }
}

/// All that was found.
#[derive(Debug, Default)]
pub struct Draft {
    /// The language that the file says it is in.
    pub language: Option<String>,
    /// In the order found.
    pub intents: Vec<Intent>,
    /// In the order found; their names are already such as ours may be.
    pub entities: Vec<Entity>,
    /// What to tell about it.
    pub notes: Notes,
    by_name: BTreeMap<String, usize>,
}

/// An intent.
#[derive(Debug, Default)]
pub struct Intent {
    /// Its name in the other system.
    pub name: String,
    /// Where it was first seen.
    pub at: Place,
    /// What customers say.
    pub examples: Vec<Example>,
    /// What the bot says, as texts of ours.
    pub answers: Vec<String>,
    /// What the bot asks for before.
    pub questions: Vec<Question>,
}

/// An example.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// Words and slots.
    pub parts: Vec<Part>,
    /// What was said, where words stood in place of its slots.
    pub said: Option<Said>,
    /// Where it stands.
    pub at: Place,
}

/// A sentence in which words were marked as values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The sentence.
    pub sentence: String,
    /// The words of each slot, in the order of the slots.
    pub words: Vec<String>,
}

/// A part of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain words, nothing escaped.
    Words(String),
    /// A slot, with a name such as ours may be.
    Slot(String),
}

/// A kind of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// What its values look like.
    pub kind: Kind,
}

/// What values look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Values, each with the words for it.
    Values(Vec<(String, Vec<String>)>),
    /// A regular expression that the `regex` crate reads.
    Pattern(String),
}

/// A question that fills a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The slot.
    pub slot: String,
    /// Its entity, if it is not the one of the slot's name.
    pub entity: Option<String>,
    /// The question.
    pub say: String,
}

impl Draft {
    /// The intent of that name; a new one if there is none yet.
    pub fn intent(&mut self, name: &str, at: &Place) -> &mut Intent {
        let next = self.intents.len();
        let index = *self.by_name.entry(name.to_owned()).or_insert(next);
        if index == next {
            self.intents.push(Intent { name: name.to_owned(), at: at.clone(), ..Intent::default() });
        }
        &mut self.intents[index]
    }

    /// The names of all slots in examples and questions.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.intents.iter().flat_map(|intent| {
            let asked = intent.questions.iter().map(|question| question.slot.as_str());
            intent.examples.iter().flat_map(Example::slots).chain(asked)
        })
    }
}

impl Example {
    /// A plain sentence.
    pub fn plain(text: impl Into<String>, at: Place) -> Example {
        Example { parts: vec![Part::Words(text.into())], said: None, at }
    }

    /// The slots in it.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Slot(name) => Some(name.as_str()),
            Part::Words(_) => None,
        })
    }

    /// The words in it, without its slots.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Words(words) => Some(words.as_str()),
            Part::Slot(_) => None,
        })
    }
}
