//! Collects problems: whoever finds one says where and what, and goes on.
//!
//! What it is not: it never stops anybody.
use std::cell::RefCell;
use std::ops::Range;

use super::diagnostic::{Diagnostic, Severity};
use super::syntax;

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The index of the file.
    pub file: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

impl Place {
    /// The bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A file as text.
#[derive(Debug)]
pub(crate) struct File {
    pub name: String,
    pub text: String,
    /// Whether it belongs to the crate and not to the folder: nobody is warned about those.
    pub builtin: bool,
}

/// The files and what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Report {
    files: Vec<File>,
    found: RefCell<Vec<Found>>,
    /// Places whose text was replaced to read on behind a syntax error: what is found there is no news.
    masked: RefCell<Vec<Place>>,
}

#[derive(Debug)]
struct Found {
    at: Place,
    problem: Diagnostic,
}

/// Nobody reads more; a file of nothing but mistakes must not take minutes.
const MOST_PROBLEMS: usize = 2_000;

impl Report {
    pub fn new(files: Vec<File>) -> Report {
        Report { files, ..Report::default() }
    }

    pub fn files(&self) -> &[File] {
        &self.files
    }

    pub fn file(&self, place: Place) -> &File {
        &self.files[place.file]
    }

    /// What is written at a place.
    pub fn text_at(&self, place: Place) -> &str {
        self.file(place).text.get(place.range()).unwrap_or_default()
    }

    /// The place of some bytes of a file.
    pub fn place(&self, file: usize, range: Range<usize>) -> Place {
        place_in(&self.files[file].text, file, range)
    }

    pub fn mask(&self, place: Place) {
        self.masked.borrow_mut().push(place);
    }

    pub fn error(
        &self,
        place: Place,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.push(Severity::Error, place, code, message.into(), help.into());
    }

    pub fn warning(
        &self,
        place: Place,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        if !self.file(place).builtin {
            self.push(Severity::Warning, place, code, message.into(), help.into());
        }
    }

    fn push(&self, severity: Severity, at: Place, code: &'static str, message: String, help: Option<String>) {
        if self.is_full() {
            return;
        }
        let file = self.file(at).name.clone();
        let (line, column, span) = (at.line, at.column, at.range());
        let (message, help) = (shortened(message), help.map(shortened));
        let problem = Diagnostic { severity, code, message, file, line, column, span, help, other: None };
        self.found.borrow_mut().push(Found { at, problem });
    }

    /// Whether there are so many problems that more are not noted.
    pub fn is_full(&self) -> bool {
        self.found.borrow().len() >= MOST_PROBLEMS
    }

    /// "orders.yaml:12": to speak of another place.
    pub fn spoken(&self, place: Place) -> String {
        format!("{}:{}", self.file(place).name, place.line)
    }

    /// Everything found so far, ordered by place, each once.
    pub fn into_problems(self) -> Vec<Diagnostic> {
        let masked = self.masked.into_inner();
        // What stands in a masked place is the parser's own explanation, or no news.
        let is_news = |found: &Found| {
            let Found { at, problem } = found;
            let hides = |mask: &&Place| {
                mask.file == at.file && at.start < mask.end && mask.start < at.end.max(at.start + 1)
            };
            masked.iter().find(hides).is_none_or(|mask| at == mask && syntax::CODES.contains(&problem.code))
        };
        let found = self.found.into_inner().into_iter().filter(is_news);
        let mut problems: Vec<Diagnostic> = found.map(|found| found.problem).collect();
        problems.sort_by(|a, b| a.order().cmp(&b.order()));
        problems.dedup();
        problems
    }
}

/// A message that quotes the file must not repeat a line of a megabyte, nor what moves the cursor.
fn shortened(message: String) -> String {
    const MOST: usize = 600;
    let mut message = message.replace(char::is_control, " ");
    if message.len() > MOST {
        let end = (0..=MOST).rev().find(|&at| message.is_char_boundary(at)).unwrap_or(0);
        message.truncate(end);
        message.push('…');
    }
    message
}

/// The place of some bytes of a text.
pub(crate) fn place_in(text: &str, file: usize, range: Range<usize>) -> Place {
    let before = text.get(..range.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = 1 + before.bytes().filter(|&byte| byte == b'\n').count();
    let column = 1 + before[line_start..].chars().count();
    Place { file, start: range.start, end: range.end, line, column }
}

/// "did you mean `refund`?", if one of the names is near enough to be meant.
pub(crate) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean `{near}`?"))
}

/// The nearest of the names, if it is near enough to be meant: a third of its letters may differ, not counting case.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let allowed = 1.max(name.chars().count() / 3);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        // Of two as near, the one of the same length: `aks` is `ask` and not `as`.
        .min_by_key(|&(distance, candidate)| (distance, candidate.len().abs_diff(name.len()), candidate))
        .map(|(_, candidate)| candidate)
}

/// "`a`, `b` or `c`".
pub(crate) fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let last = quoted.pop().unwrap_or_default();
    if quoted.is_empty() { last } else { format!("{} or {last}", quoted.join(", ")) }
}
