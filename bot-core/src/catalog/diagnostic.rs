//! What is wrong with a bot folder: where, what, and what to do about it.
use std::ops::Range;

use serde::Serialize;

/// A file of the bot folder: its name (as it is shown in diagnostics) and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path below the bot folder, with `/`: `orders.yaml`, `de/orders.yaml`.
    pub name: String,
    /// The content. Bytes, since a file that is not UTF-8 is a diagnostic too.
    pub bytes: Vec<u8>,
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
}

/// All problems of a folder that does not load, with the files to show them in.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    /// The problems, by file and line.
    pub problems: Vec<Diagnostic>,
    /// The files as they were given.
    pub sources: Vec<Source>,
}
