//! What is wrong with a bot folder: where, what, and what to do about it; shown in the look of Rust's compiler.
//!
//! What it is not: it finds nothing, it only tells.
//!
//! ```
//! use bot_core::catalog::{Source, load};
//!
//! let found = load(vec![Source::new("bot.yaml", "nmae: Ada\n")]).unwrap_err();
//! assert_eq!(found.problems[0].code, "unknown-key");
//! assert_eq!(found.problems[0].help.as_deref(), Some("did you mean `name`?"));
//! ```
use std::cmp::Reverse;
use std::fmt;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

/// A file of the bot folder: its name (as it is shown in diagnostics) and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path below the bot folder, with `/`: `orders.yaml`, `de/orders.yaml`.
    pub name: String,
    /// The content. Bytes, since a file that is not UTF-8 is a diagnostic too.
    pub bytes: Vec<u8>,
}

impl Source {
    /// A file by its name and content.
    pub fn new(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Source {
        Source { name: name.into(), bytes: content.into() }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The folder loads; the author should look at it.
    Warning,
    /// The folder does not load.
    Error,
}

/// A problem in a bot folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name of the kind of problem, in kebab-case: `unknown-key`, `duplicate-key`.
    pub code: &'static str,
    /// What is wrong, in words for somebody who does not program.
    pub message: String,
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The bytes of the file that are meant.
    pub span: Range<usize>,
    /// What to do: "did you mean …?", or the corrected line.
    pub help: Option<String>,
    /// Where the other half of the problem stands, if it takes two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherPlace>,
}

/// Another place that a problem is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherPlace {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The bytes of the file that are meant.
    pub span: Range<usize>,
    /// What stands there.
    pub note: String,
}

/// All problems of a folder that does not load, with the files to show them in.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    /// The problems, by file and line.
    pub problems: Vec<Diagnostic>,
    /// The files as they were given.
    pub sources: Vec<Source>,
}

impl Diagnostic {
    /// The problem with the line it stands in, as plain text. `sources` are the files as they were loaded.
    pub fn render(&self, sources: &[Source]) -> String {
        self.render_with(sources, &Renderer::plain())
    }

    /// Like [`Diagnostic::render`], with the colours of a terminal (ANSI escapes).
    pub fn render_coloured(&self, sources: &[Source]) -> String {
        self.render_with(sources, &Renderer::styled())
    }

    fn render_with(&self, sources: &[Source], renderer: &Renderer) -> String {
        let level = if self.severity == Severity::Error { Level::ERROR } else { Level::WARNING };
        let title = level.primary_title(self.message.as_str()).id(self.code);
        let mut group =
            title.element(snippet(sources, (&self.file, self.line, &self.span), AnnotationKind::Primary, ""));
        if let Some(other) = &self.other {
            let place = (other.file.as_str(), other.line, &other.span);
            group = group.element(snippet(sources, place, AnnotationKind::Context, &other.note));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }

    /// What problems are ordered by: place first, errors before warnings at the same place.
    pub(crate) fn order(&self) -> impl Ord + '_ {
        (self.file.as_str(), self.line, self.column, Reverse(self.severity), self.code, self.message.as_str())
    }
}

/// The line of a place (file, line, bytes), with what is meant marked.
fn snippet<'a>(
    sources: &[Source],
    (file, line, span): (&'a str, usize, &Range<usize>),
    kind: AnnotationKind,
    label: &'a str,
) -> Snippet<'a, Annotation<'a>> {
    let bytes = sources.iter().find(|source| source.name == file).map_or(&[][..], |source| &source.bytes);
    let (text, marked) = line_shown(bytes, span);
    let annotation = kind.span(marked);
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    Snippet::source(text).line_start(line).path(file).annotation(annotation)
}

/// The line a place starts in, and what to mark in it: one line says enough even where a whole block is meant.
fn line_shown(bytes: &[u8], span: &Range<usize>) -> (String, Range<usize>) {
    let start = span.start.min(bytes.len());
    let from = bytes[..start].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let until = bytes[start..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| start + at);
    let end = span.end.clamp(start, until);
    let part = |range: Range<usize>| String::from_utf8_lossy(&bytes[range]).into_owned();
    let (before, marked, after) = (part(from..start), part(start..end), part(end..until));
    let range = before.len()..before.len() + marked.trim_end().len();
    (before + &marked + &after, range)
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{}\n", problem.render(&self.sources))?;
        }
        f.write_str(&summary(&self.problems))
    }
}

impl std::error::Error for Diagnostics {}

/// "2 errors, 1 warning".
pub fn summary(problems: &[Diagnostic]) -> String {
    let count = |severity, word: &str| {
        let count = problems.iter().filter(|problem| problem.severity == severity).count();
        format!("{count} {word}{}", if count == 1 { "" } else { "s" })
    };
    format!("{}, {}", count(Severity::Error, "error"), count(Severity::Warning, "warning"))
}
