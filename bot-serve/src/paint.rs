//! Colours and styles of a terminal, where they are wanted.
use std::env;
use std::io::IsTerminal;

use bot_core::reply::{Markup, Run};

/// Whether to write escape sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Plain text.
    Plain,
    /// With colours and styles.
    Ansi,
}

impl Paint {
    /// For that stream: a terminal that can, and a user who did not say NO_COLOR.
    pub fn for_stream(stream: &impl IsTerminal) -> Paint {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        if stream.is_terminal() && !refused && !dumb { Paint::Ansi } else { Paint::Plain }
    }

    /// Faint, for what is not the bot's own words.
    pub fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    /// For what failed.
    pub fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    /// For what was expected.
    pub fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    /// Bold.
    pub fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        match self {
            Paint::Plain => text.to_owned(),
            Paint::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }

    /// What the bot says, with its styles. Control characters don't reach the terminal: a value may hold some.
    pub fn markup(self, markup: &Markup) -> String {
        match self {
            Paint::Plain => harmless(&markup.plain()),
            Paint::Ansi => markup.runs().iter().map(styled).collect(),
        }
    }
}

fn styled(run: &Run) -> String {
    let codes: Vec<_> = [(run.bold, "1"), (run.italic, "3"), (run.code, "36"), (run.link.is_some(), "4")]
        .into_iter()
        .filter_map(|(on, code)| on.then_some(code))
        .collect();
    let text = harmless(&run.text);
    let text = if codes.is_empty() { text } else { format!("\x1b[{}m{text}\x1b[0m", codes.join(";")) };
    match &run.link {
        Some(address) if *address != run.text => format!("{text} ({})", harmless(address)),
        _ => text,
    }
}

/// A text without control characters, line ends and tabs apart: what a customer wrote must not steer the terminal.
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_only_where_they_are_wanted() {
        let text = Markup("**50 €** at *once*, see [here](https://x.example) \x1b[31m".to_owned());
        assert_eq!(Paint::Plain.markup(&text), "50 € at once, see here (https://x.example) \u{FFFD}[31m");
        assert_eq!(
            Paint::Ansi.markup(&text),
            "\x1b[1m50 €\x1b[0m at \x1b[3monce\x1b[0m, see \x1b[4mhere\x1b[0m (https://x.example) \u{FFFD}[31m"
        );
    }
}
