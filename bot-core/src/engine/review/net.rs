//! A template as a small automaton over the letters of its key, so that two templates can be walked at once.
//!
//! As in the exact stage, words are compared by their folded letters, spacing aside; what an author put between words is
//! kept on edges that take no letter, to write a sentence down again. What it is not: it knows no message and no values.
use crate::catalog::phrase::{Part, Phrase};
use crate::catalog::{BuiltinEntity, EntityId};
use crate::text::{Language, Utterance};

/// At most this many words are tried as one value.
const MOST_WORDS: usize = 8;
/// At most this many runs of words are tried from one place.
const MOST_RUNS: usize = 64;

/// What an edge takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Nothing: the spaces and signs between words.
    Free(u32),
    /// Nothing, and only where the other side is between two words: into a gap and out of it.
    Edge,
    /// A letter of a key; the first of a word carries the word as written.
    Letter(char, u32),
    /// A value of an entity.
    Value(EntityId),
    /// Anything: `{text}`.
    Any,
}

/// A template as an automaton. It has no circles but the gaps' own.
#[derive(Debug, Default)]
pub(super) struct Net {
    nodes: Vec<Node>,
    texts: Vec<Box<str>>,
    end: u32,
}

#[derive(Debug, Default)]
struct Node {
    edges: Vec<(Label, u32)>,
    /// Whether a word may end or begin here.
    boundary: bool,
    /// Whether a gap has taken something here and may take more.
    in_gap: bool,
}

impl Net {
    /// Of a template, as written.
    pub fn new(phrase: &Phrase) -> Net {
        let mut net = Net::default();
        net.texts.push("".into());
        let start = net.node();
        net.end = net.phrase(phrase, start);
        net.mark(start);
        net.mark(net.end);
        net.spread_boundaries();
        net
    }

    /// The last node; the first is 0.
    pub fn end(&self) -> u32 {
        self.end
    }

    /// The edges of a node, the parts as written before what leaves them out.
    pub fn edges(&self, node: u32) -> &[(Label, u32)] {
        &self.nodes[node as usize].edges
    }

    /// Whether a word may end or begin at a node.
    pub fn is_boundary(&self, node: u32) -> bool {
        self.nodes[node as usize].boundary
    }

    /// Whether a gap has taken something at a node.
    pub fn in_gap(&self, node: u32) -> bool {
        self.nodes[node as usize].in_gap
    }

    /// A text by its index.
    pub fn text(&self, index: u32) -> &str {
        &self.texts[index as usize]
    }

    /// The runs of whole words that begin at a node, and where they end; `sample` is a value of an entity.
    pub fn runs(&self, from: u32, sample: &dyn Fn(EntityId) -> Option<String>) -> Vec<(String, u32)> {
        let mut runs = Vec::new();
        let mut open = vec![(from, String::new())];
        while let Some((node, text)) = open.pop() {
            if runs.len() >= MOST_RUNS || text.split_whitespace().count() > MOST_WORDS {
                break;
            }
            for &(label, to) in self.edges(node).iter().rev() {
                let taken = match label {
                    Label::Free(between) if text.is_empty() && between != 0 => None,
                    Label::Free(piece) | Label::Letter(_, piece) => Some(self.text(piece).to_owned()),
                    Label::Value(entity) => sample(entity),
                    Label::Edge | Label::Any => None,
                };
                open.extend(taken.map(|taken| (to, text.clone() + &taken)));
            }
            if node != from && self.is_boundary(node) && !text.trim().is_empty() {
                runs.push((text.trim().to_owned(), node));
            }
        }
        runs
    }

    fn node(&mut self) -> u32 {
        self.nodes.push(Node::default());
        // An example has at most 16 KiB.
        (self.nodes.len() - 1) as u32
    }

    fn mark(&mut self, node: u32) {
        self.nodes[node as usize].boundary = true;
    }

    fn join(&mut self, from: u32, label: Label, to: u32) -> u32 {
        self.nodes[from as usize].edges.push((label, to));
        to
    }

    fn step(&mut self, from: u32, label: Label) -> u32 {
        let to = self.node();
        self.join(from, label, to)
    }

    fn phrase(&mut self, phrase: &Phrase, from: u32) -> u32 {
        phrase.parts.iter().fold(from, |at, part| self.part(part, at))
    }

    fn part(&mut self, part: &Part, from: u32) -> u32 {
        match part {
            Part::Words(words) => self.words(words, from),
            Part::Slot { entity, .. } if *entity == BuiltinEntity::Text.id() => self.gap(from),
            Part::Slot { entity, .. } => {
                let to = self.step(from, Label::Value(*entity));
                self.mark(from);
                self.mark(to);
                to
            }
            Part::Optional(inner) => {
                let end = self.phrase(inner, from);
                let to = self.step(end, Label::Free(0));
                self.join(from, Label::Free(0), to)
            }
            Part::Choice(choices) => {
                let ends: Vec<u32> = choices.iter().map(|choice| self.phrase(choice, from)).collect();
                let to = self.node();
                ends.into_iter().fold(to, |to, end| self.join(end, Label::Free(0), to))
            }
        }
    }

    fn words(&mut self, words: &str, from: u32) -> u32 {
        let (mut node, mut done) = (from, 0);
        let utterance = Utterance::new(words, &Language::new(""));
        for (index, token) in utterance.tokens().iter().enumerate() {
            if index > 0 {
                self.mark(node);
            }
            node = self.between(node, &words[done..token.span.start]);
            let written = self.keep(token.span.of(words));
            for (index, letter) in token.word.chars().enumerate() {
                node = self.step(node, Label::Letter(letter, if index == 0 { written } else { 0 }));
            }
            done = token.span.end;
        }
        self.between(node, &words[done..])
    }

    fn between(&mut self, from: u32, text: &str) -> u32 {
        if text.is_empty() {
            return from;
        }
        let written = self.keep(text);
        let to = self.step(from, Label::Free(written));
        self.mark(from);
        self.mark(to);
        to
    }

    fn keep(&mut self, text: &str) -> u32 {
        self.texts.push(text.into());
        (self.texts.len() - 1) as u32
    }

    fn gap(&mut self, from: u32) -> u32 {
        let open = self.step(from, Label::Edge);
        let within = self.step(open, Label::Any);
        self.join(within, Label::Any, within);
        let to = self.step(within, Label::Edge);
        [from, open, within, to].into_iter().for_each(|node| self.mark(node));
        self.nodes[within as usize].in_gap = true;
        to
    }

    /// What is left out has no letters: where a word may end before it, it may after it, and the other way round.
    fn spread_boundaries(&mut self) {
        let skips = self.nodes.iter().enumerate().flat_map(|(from, node)| {
            let skips = node.edges.iter().filter(|(label, _)| *label == Label::Free(0));
            skips.map(move |&(_, to)| (from, to as usize))
        });
        let skips: Vec<(usize, usize)> = skips.collect();
        let mut changed = true;
        while changed {
            changed = false;
            for &(from, to) in &skips {
                if self.nodes[from].boundary != self.nodes[to].boundary {
                    self.nodes[from].boundary = true;
                    self.nodes[to].boundary = true;
                    changed = true;
                }
            }
        }
    }
}
