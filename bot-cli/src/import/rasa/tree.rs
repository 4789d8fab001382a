//! YAML of any size as a tree whose parts know their line.
//!
//! A reader of its own, on saphyr-parser's events: the core's refuses files over 1 MiB, duplicate keys and more than a few
//! aliases, which real training data has, and `yaml_serde` tells no lines, without which nothing could be named. What it is
//! not: it explains nothing to beginners; these files have been read by another program before.
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// Nodes that aliases may repeat, all in all: enough for any file, too few for a bomb.
const MAX_COPIED: usize = 100_000;
const MAX_DEPTH: usize = 64;

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its line, from 1.
    pub line: usize,
}

/// What a part of a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A single value.
    Scalar {
        /// Its text.
        text: String,
        /// Written with `|`: each line of the text is a line of the file, the first that of the node.
        literal: bool,
    },
    /// Items.
    List(Vec<Node>),
    /// Keys and values, in the order written.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The keys and values; none if it has no keys.
    pub fn entries(&self) -> &[(String, Node)] {
        if let Kind::Map(entries) = &self.kind { entries } else { &[] }
    }

    /// The items; none if it is no list.
    pub fn items(&self) -> &[Node] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }

    /// The text of a single value.
    pub fn text(&self) -> Option<&str> {
        if let Kind::Scalar { text, .. } = &self.kind { Some(text) } else { None }
    }

    /// The texts in a list or, one to a line, in a block, with their lines. Each loses the `- ` that stands before it.
    pub fn lines(&self) -> Vec<(usize, &str)> {
        match &self.kind {
            Kind::List(items) => {
                items.iter().filter_map(|item| Some((item.line, item.text()?.trim()))).collect()
            }
            Kind::Map(_) => Vec::new(),
            Kind::Scalar { text, literal } => {
                // The node begins with its first line that is not blank.
                let blank = text.lines().take_while(|line| line.trim().is_empty()).count();
                let line = |index: usize| {
                    if *literal { (self.line + index).saturating_sub(blank) } else { self.line }
                };
                let lines = text.lines().enumerate().map(|(index, text)| (line(index), item(text)));
                lines.filter(|(_, text)| !text.is_empty()).collect()
            }
        }
    }

    fn size(&self) -> usize {
        match &self.kind {
            Kind::Scalar { .. } => 1,
            Kind::List(items) => 1 + items.iter().map(Node::size).sum::<usize>(),
            Kind::Map(entries) => 1 + entries.iter().map(|(_, value)| value.size()).sum::<usize>(),
        }
    }
}

/// A line of a block without its `- `; older files have none.
fn item(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix('-').map_or(line, str::trim)
}

/// Reads the first document of a file; `None` if there is nothing in it.
///
/// # Errors
/// It is no YAML, or repeats too much: in words, with the line.
pub fn parse(text: &str) -> Result<Option<Node>, (usize, String)> {
    let mut builder = Builder::default();
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| (error.marker().line(), error.info().to_owned()))?;
        documents += usize::from(matches!(event, Event::DocumentStart(_)));
        if documents > 1 {
            break;
        }
        builder.take(event, span.start.line()).map_err(|why| (span.start.line(), why.to_owned()))?;
    }
    Ok(builder.root)
}

#[derive(Default)]
struct Builder {
    root: Option<Node>,
    open: Vec<(Node, Option<String>, usize)>,
    anchors: BTreeMap<usize, Node>,
    copied: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let kind = Kind::Scalar { text: text.into_owned(), literal: style == ScalarStyle::Literal };
                self.add(Node { kind, line }, anchor);
            }
            Event::SequenceStart(anchor, _) => self.open(Kind::List(Vec::new()), line, anchor)?,
            Event::MappingStart(anchor, _) => self.open(Kind::Map(Vec::new()), line, anchor)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((node, _, anchor)) = self.open.pop() {
                    self.add(node, anchor);
                }
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned().ok_or("this refers to itself")?;
                self.copied += node.size();
                if self.copied > MAX_COPIED {
                    return Err("the `*` references of this file repeat too much");
                }
                self.add(Node { line, ..node }, 0);
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, kind: Kind, line: usize, anchor: usize) -> Result<(), &'static str> {
        if self.open.len() >= MAX_DEPTH {
            return Err("this is nested too deep");
        }
        self.open.push((Node { kind, line }, None, anchor));
        Ok(())
    }

    fn add(&mut self, node: Node, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some((parent, key, _)) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match (&mut parent.kind, key.take()) {
            (Kind::List(items), _) => items.push(node),
            (Kind::Map(_), None) => *key = Some(node.text().unwrap_or_default().to_owned()),
            (Kind::Map(entries), Some(name)) => entries.push((name, node)),
            (Kind::Scalar { .. }, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_know_their_lines() {
        let text = "nlu:\n- intent: a\n  examples: |\n    - one\n\n    - two -\n- intent: b\n  examples:\n  - text: |\n      three\n  - four\n";
        let root = parse(text).unwrap().unwrap();
        let items = root.get("nlu").unwrap().items();
        assert_eq!(items[0].get("examples").unwrap().lines(), [(4, "one"), (6, "two -")]);
        assert_eq!(items[1].line, 7);
        let blank = parse("a: |\n\n  - one\n").unwrap().unwrap();
        assert_eq!(blank.get("a").unwrap().lines(), [(3, "one")]);
        let list = items[1].get("examples").unwrap().items();
        assert_eq!(list[0].get("text").unwrap().lines(), [(10, "three")]);
        assert_eq!((list[1].line, list[1].text()), (11, Some("four")));
    }

    #[test]
    fn bombs_and_broken_files_are_refused() {
        let bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned()
            + &(b'b'..b'h')
                .map(|name| {
                    format!(
                        "{0}: &{0} [{1}]\n",
                        char::from(name),
                        vec![format!("*{}", char::from(name - 1)); 10].join(", ")
                    )
                })
                .collect::<String>();
        assert!(parse(&bomb).unwrap_err().1.contains("repeat too much"));
        assert_eq!(parse("a: [1\nb: 2\n").unwrap_err().0, 2);
        assert!(parse(&"[".repeat(100)).unwrap_err().1.contains("too deep"));
        assert_eq!(parse("# nothing\n"), Ok(None));
    }
}
