//! A YAML file as a tree, read with all the care that a bot folder gets: limits, traps explained, all problems at once.
//!
//! For files that stand beside a bot folder, such as its tests. What it is not: it does not know what is in them.
use super::diagnostic::{Diagnostic, Severity, Source};
use super::report::{File, Report};
use super::tree::{self, Tree};

pub use super::report::{Place, nearest};
pub use super::tree::{Kind, Node};

/// Reads a file; `None` if it is empty or broken. Beside it come its problems.
///
/// ```
/// use bot_core::catalog::Source;
/// use bot_core::schema::yaml;
///
/// let (root, problems) = yaml::read(&Source::new("tests.yaml", "- bot: Note: it is free\n"));
/// assert_eq!((problems[0].line, problems[0].severity), (1, bot_core::catalog::Severity::Error));
/// ```
pub fn read(source: &Source) -> (Option<Node>, Vec<Diagnostic>) {
    let text = match text_of(source) {
        Ok(text) => text.to_owned(),
        Err(problem) => return (None, vec![*problem]),
    };
    let report = Report::new(vec![File { name: source.name.clone(), text, builtin: false }]);
    let root = match tree::parse(0, &report) {
        Tree::Root(root) => Some(root),
        Tree::Nothing | Tree::Broken => None,
    };
    (root, report.into_problems())
}

/// A file as text, if it is small enough and is one.
pub(crate) fn text_of(source: &Source) -> Result<&str, Box<Diagnostic>> {
    let refuse = |code, message: String, help: &str, text: &str, end: usize| {
        Box::new(Diagnostic {
            severity: Severity::Error,
            code,
            message,
            file: source.name.clone(),
            line: 1 + text.matches('\n').count(),
            column: 1 + text.chars().rev().take_while(|&character| character != '\n').count(),
            span: text.len()..end,
            help: Some(help.to_owned()),
            other: None,
        })
    };
    if source.bytes.len() > tree::MAX_BYTES {
        let size = source.bytes.len() as f64 / f64::from(1 << 20);
        let message = format!("this file has {size:.1} MiB; at most 1 MiB is read");
        return Err(refuse("too-large", message, "split it into several files, one to a topic", "", 0));
    }
    std::str::from_utf8(&source.bytes).map_err(|error| {
        let valid = std::str::from_utf8(&source.bytes[..error.valid_up_to()]).unwrap_or_default();
        let message = "here stands a byte that is no UTF-8 text".to_owned();
        let help = "save the file with the encoding UTF-8; most editors offer it under \"Save as\"";
        refuse("not-utf8", message, help, valid, valid.len() + 1)
    })
}
