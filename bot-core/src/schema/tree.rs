//! YAML text to a tree of nodes, each with its place in the file.
//!
//! Limits, since a folder may come from anywhere: 1 MiB a file, 64 levels, [`MAX_ALIASES`] aliases. What it is not: it
//! gives no types; `12`, `no` and `2026-12-25` stay the text they are, and whoever reads a node decides.
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::report::{Place, Report, place_in};
use super::syntax;

/// A file larger than this is refused.
pub(crate) const MAX_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 64;
/// Enough to name a value here and there; a bomb of nested aliases needs dozens.
const MAX_ALIASES: usize = 16;
const MAX_COPIED_NODES: usize = 100_000;
/// After this many syntax errors in a file the rest is not read.
const MAX_SYNTAX_ERRORS: usize = 20;

/// A part of a YAML file.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
}

/// What a part of a YAML file is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A single value.
    Scalar {
        /// As written, without quotes and escapes.
        text: String,
        /// In quotes or as a block, so that it can't be meant as a number.
        quoted: bool,
    },
    /// Items.
    List(Vec<Node>),
    /// Keys and values, in the order written. A key that stands twice is reported and still there.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// Whether nothing is written here: no value at all, `~` or `null`.
    pub fn is_nothing(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, quoted: false } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// Whether there is no value at all.
    pub fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, quoted: false } if text.is_empty())
    }

    fn size(&self) -> usize {
        match &self.kind {
            Kind::Scalar { .. } => 1,
            Kind::List(items) => 1 + items.iter().map(Node::size).sum::<usize>(),
            Kind::Map(entries) => {
                1 + entries.iter().map(|(key, value)| key.size() + value.size()).sum::<usize>()
            }
        }
    }
}

/// What a file holds.
pub(crate) enum Tree {
    /// Nothing: it is empty, or all comments.
    Nothing,
    Root(Node),
    /// It could not be read to its end; the report says why.
    Broken,
}

/// Reads a file; what is wrong goes to the report.
///
/// Behind a syntax error whose end can be told, the value is replaced by as many `x` and the reading starts again, so that
/// a file's problems come at once.
pub(crate) fn parse(file: usize, report: &Report) -> Tree {
    let original = &report.files()[file].text;
    let mut text = original.clone();
    for _ in 0..MAX_SYNTAX_ERRORS {
        let fault = match Builder::new(file, &text).build(report) {
            Ok(None) => return Tree::Nothing,
            Ok(Some(root)) => return Tree::Root(root),
            Err(fault) => fault,
        };
        let Some(mask) = fault.report(file, original, &text, report) else { return Tree::Broken };
        text.replace_range(mask.range(), &"x".repeat(mask.end - mask.start));
        report.mask(mask);
    }
    Tree::Broken
}

/// What ends the reading.
enum Fault {
    Syntax {
        at: usize,
        info: String,
    },
    /// Already reported.
    Told,
}

impl Fault {
    /// Reports it; the place to be masked if reading can go on.
    fn report(self, file: usize, original: &str, text: &str, report: &Report) -> Option<Place> {
        let Fault::Syntax { at, info } = self else { return None };
        let trap = syntax::explain(text, at, &info);
        for (range, message, help) in trap.problems {
            let place = place_in(original, file, range);
            report.error(place, trap.code, message, help);
        }
        trap.mask.filter(|range| !range.is_empty()).map(|range| place_in(original, file, range))
    }
}

/// An open list or map.
struct Open {
    node: Node,
    key: Option<Node>,
    /// Whether that key was there already: the first one counts.
    is_repeated: bool,
    seen: BTreeMap<String, Place>,
    anchor: usize,
}

struct Builder<'a> {
    file: usize,
    text: &'a str,
    offsets: Offsets,
    /// Where each line begins.
    lines: Vec<usize>,
    stack: Vec<Open>,
    root: Option<Node>,
    anchors: BTreeMap<usize, (Node, bool)>,
    aliases: usize,
    copied: usize,
    documents: usize,
}

impl<'a> Builder<'a> {
    fn new(file: usize, text: &'a str) -> Builder<'a> {
        Builder {
            file,
            text,
            offsets: Offsets::new(text),
            lines: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect(),
            stack: Vec::new(),
            root: None,
            anchors: BTreeMap::new(),
            aliases: 0,
            copied: 0,
            documents: 0,
        }
    }

    fn build(mut self, report: &Report) -> Result<Option<Node>, Fault> {
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event.map_err(|error| self.fault(&error))?;
            self.take(event, span, report)?;
        }
        for (node, used) in self.anchors.values() {
            if !used {
                self.report_unused_anchor(node.place, report);
            }
        }
        Ok(self.root)
    }

    fn fault(&self, error: &ScanError) -> Fault {
        Fault::Syntax { at: self.offsets.byte(error.marker().index()), info: error.info().to_owned() }
    }

    fn take(&mut self, event: Event<'_>, span: Span, report: &Report) -> Result<(), Fault> {
        let place = self.place(span);
        match event {
            Event::DocumentStart(_) => self.start_document(place, report)?,
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.is_some(), place, report);
                let is_mark = text.is_empty() && style == ScalarStyle::Plain && (anchor > 0 || tag.is_some());
                if is_mark && anchor > 0 {
                    self.report_unused_anchor(place, report);
                }
                // `!important`, `&more`: the mark was meant as the text, and that is reported.
                let text = if is_mark { "x".to_owned() } else { text.into_owned() };
                self.add(scalar(text, style, place), if is_mark { 0 } else { anchor }, report);
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), place, report);
                self.open(Kind::List(Vec::new()), place, anchor, report)?;
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), place, report);
                self.open(Kind::Map(Vec::new()), place, anchor, report)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(place, report),
            Event::Alias(anchor) => self.alias(anchor, place, report)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn place(&self, span: Span) -> Place {
        let start = self.offsets.byte(span.start.index());
        let end = self.offsets.byte(span.end.index()).max(start);
        let end = start + self.text[start..end].trim_end().len();
        // The parser's own lines also count a lone carriage return, and one more at the end of the file.
        let line = self.lines.partition_point(|&line| line <= start);
        let is_same = line == span.start.line();
        let counted = || self.text[self.lines[line - 1]..start].chars().count();
        let column = 1 + if is_same { span.start.col() } else { counted() };
        Place { file: self.file, start, end, line, column }
    }

    fn start_document(&mut self, place: Place, report: &Report) -> Result<(), Fault> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        let help = "delete the line, or move what follows into a file of its own".to_owned();
        let message = "a second document starts here (`---`); a file holds only one";
        report.error(place, "second-document", message, help);
        Err(Fault::Told)
    }

    fn refuse_tag(&self, tagged: bool, place: Place, report: &Report) {
        if !tagged {
            return;
        }
        let line = syntax::line_at(self.text, place.start);
        let help = syntax::quoted_value(self.text, place.start, line.end);
        report.error(place, "special-character", "a text that begins with `!` must stand in quotes", help);
    }

    fn report_unused_anchor(&self, place: Place, report: &Report) {
        let line = syntax::line_at(self.text, place.start);
        let start = self.text[line.start..place.start].rfind('&').map_or(place.start, |at| line.start + at);
        let help = syntax::quoted_value(self.text, start, line.end);
        let end = if place.end > place.start { place.end.min(line.end) } else { line.end };
        let place = place_in(self.text, self.file, start..end.max(start));
        report.error(place, "special-character", "a text that begins with `&` must stand in quotes", help);
    }

    fn open(&mut self, kind: Kind, place: Place, anchor: usize, report: &Report) -> Result<(), Fault> {
        if self.stack.len() >= MAX_DEPTH {
            let message = format!("this is nested more than {MAX_DEPTH} levels deep");
            report.error(
                place,
                "too-deep",
                message,
                "a bracket too many? No bot needs that many levels".to_owned(),
            );
            return Err(Fault::Told);
        }
        self.stack.push(Open {
            node: Node { kind, place },
            key: None,
            is_repeated: false,
            seen: BTreeMap::new(),
            anchor,
        });
        Ok(())
    }

    fn close(&mut self, end: Place, report: &Report) {
        let Some(mut open) = self.stack.pop() else { return };
        let last = end.end.max(open.node.place.start);
        open.node.place.end = open.node.place.start + self.text[open.node.place.start..last].trim_end().len();
        self.add(open.node, open.anchor, report);
    }

    fn add(&mut self, node: Node, anchor: usize, report: &Report) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), false));
        }
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        match (&mut open.node.kind, open.key.take()) {
            (Kind::List(items), _) => items.push(node),
            (Kind::Map(_), None) => {
                open.is_repeated = check_key(&node, &mut open.seen, report);
                open.key = Some(node);
            }
            (Kind::Map(entries), Some(key)) if !open.is_repeated => entries.push((key, node)),
            (Kind::Map(_), Some(_)) => {}
            (Kind::Scalar { .. }, _) => {}
        }
    }

    fn alias(&mut self, anchor: usize, place: Place, report: &Report) -> Result<(), Fault> {
        self.aliases += 1;
        let target = self.anchors.get_mut(&anchor).map(|(node, used)| {
            *used = true;
            node.clone()
        });
        self.copied += target.as_ref().map_or(0, Node::size);
        let refused = match target {
            None => "this `*` refers to the very thing it stands in",
            Some(_) if self.aliases > MAX_ALIASES => "there are too many `*` references in this file",
            Some(_) if self.copied > MAX_COPIED_NODES => "the `*` references of this file repeat too much",
            Some(node) => {
                self.add(Node { place, ..node }, 0, report);
                return Ok(());
            }
        };
        let help = "write the value out; if it is meant as a text, put it in quotes".to_owned();
        report.error(place, "alias", refused, help);
        Err(Fault::Told)
    }
}

fn scalar(text: String, style: ScalarStyle, mut place: Place) -> Node {
    let quoted = style != ScalarStyle::Plain;
    if !quoted && text.is_empty() {
        // The parser gives the place of what comes next.
        place.end = place.start;
    }
    Node { kind: Kind::Scalar { text, quoted }, place }
}

/// A key is a text, and stands once in its map. Whether it was there already.
fn check_key(key: &Node, seen: &mut BTreeMap<String, Place>, report: &Report) -> bool {
    let Kind::Scalar { text, .. } = &key.kind else {
        report_no_key(key.place, report);
        return false;
    };
    if let Some(first) = seen.get(text) {
        let message = format!("`{text}` is written twice here, first in line {}", first.line);
        let help = "keep one of them, or join them into one".to_owned();
        report.error(key.place, "duplicate-key", message, help);
        return true;
    }
    seen.insert(text.clone(), key.place);
    false
}

/// `{{ name }}`, which YAML takes for a map in a map; or a list as a key.
fn report_no_key(at: Place, report: &Report) {
    let file = &report.file(at).text;
    let line = syntax::line_at(file, at.start);
    if file[line.start..at.start].ends_with('{') {
        let start = at.start - 1;
        let in_brackets = file[line.start..start].contains(['[', '{']);
        let end = if file[at.end..].starts_with('}') { at.end + 1 } else { at.end };
        let quoted = || format!("put the text in quotes: `{}`", syntax::quote(&file[start..end]));
        let help = if in_brackets { Some(quoted()) } else { syntax::quoted_value(file, start, line.end) };
        let place = Place { start, end, column: at.column - 1, ..at };
        report.error(place, "special-character", "a text that begins with `{` must stand in quotes", help);
    } else {
        let message =
            "this stands where a key should: a text that begins with `{` or `[` must stand in quotes";
        report.error(at, "special-character", message, None);
    }
}

/// From the parser's character indexes to bytes.
struct Offsets(Option<Vec<usize>>, usize);

impl Offsets {
    fn new(text: &str) -> Offsets {
        let table = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Offsets(table, text.len())
    }

    fn byte(&self, character: usize) -> usize {
        match &self.0 {
            None => character.min(self.1),
            Some(table) => table.get(character).copied().unwrap_or(self.1),
        }
    }
}
