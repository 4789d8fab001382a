//! Commands and their output as documentation shows them: blocks of Markdown that begin with ```` ```console ````.
//!
//! - A line that begins with `$ ` is a command; the lines below it, up to the next command, are what it shows.
//! - `cargo run -- …`, `cargo run --quiet -- …` and `bot …` are the program; `cargo run -p NAME -- …` is a channel's own program, and
//!   so is `cargo run --features CHANNEL -- serve …`, which does the same. Other commands are the shell's.
//! - A line that begins with `> ` is what somebody types into the program. Such a command is run in a terminal (one without
//!   cursor control, so that what is shown is what is written), and what it shows must be the block to the letter.
//! - A line that is only `…` stands for any number of lines.
//! - Blanks at the ends of lines and empty lines at the ends of the output don't count.
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::process::{Bot, run, without_own_settings};
use crate::root;
use crate::terminal::Terminal;

/// A command and what it is said to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The line of the document.
    pub line: usize,
    /// The command without `$ `.
    pub command: String,
    /// The lines below it.
    pub output: Vec<String>,
}

/// What the commands of a document find.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The program.
    pub bot: Bot,
    /// A channel's own program: its name and where it is; it has this name in documents, too.
    pub other: Option<(&'static str, &'static str)>,
    /// Variables of the environment.
    pub variables: Vec<(&'static str, String)>,
}

impl From<Bot> for Surroundings {
    fn from(bot: Bot) -> Surroundings {
        Surroundings { bot, other: None, variables: Vec::new() }
    }
}

/// The commands of a document.
pub fn commands(markdown: &str) -> Vec<Shown> {
    let mut commands: Vec<Shown> = Vec::new();
    let mut inside = false;
    for (index, line) in markdown.lines().enumerate() {
        let line = line.trim_end();
        if line.trim_start().starts_with("```") {
            inside = !inside && line.trim_start() == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            commands.push(Shown { line: index + 1, command: command.to_owned(), output: Vec::new() });
        } else if let Some(last) = commands.last_mut().filter(|_| inside) {
            last.output.push(line.to_owned());
        }
    }
    commands
}

/// The blocks of YAML in a document, without the indentation of the list they stand in.
pub fn yaml(markdown: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut inside: Option<usize> = None;
    for line in markdown.lines() {
        let indent = line.len() - line.trim_start().len();
        match (inside, line.trim()) {
            (None, "```yaml") => {
                inside = Some(indent);
                blocks.push(String::new());
            }
            (Some(_), "```") => inside = None,
            (Some(indent), _) => {
                let block = blocks.last_mut().expect("a block was begun");
                block.push_str(line.get(indent..).unwrap_or_default());
                block.push('\n');
            }
            _ => {}
        }
    }
    blocks
}

impl Shown {
    /// What differs when it is run; `None`: it shows what the document says.
    pub fn difference(&self, around: impl Into<Surroundings>) -> Option<String> {
        let around = around.into();
        let got = if self.typed().is_empty() { self.in_shell(&around) } else { self.in_terminal(&around) };
        let got: Vec<_> = got.trim_end().lines().map(|line| line.trim_end().to_owned()).collect();
        let wanted = trimmed(&self.output);
        let report = || {
            format!(
                "line {}: $ {}\n--- shown\n{}\n--- got\n{}\n",
                self.line,
                self.command,
                wanted.join("\n"),
                got.join("\n")
            )
        };
        (!same(wanted, &got)).then(report)
    }

    fn typed(&self) -> Vec<&str> {
        self.output.iter().filter_map(|line| line.strip_prefix("> ")).collect()
    }

    fn shell(&self, other: Option<&str>) -> String {
        let other = other.unwrap_or("bot");
        let channel = other.strip_prefix("bot-").unwrap_or(other);
        let command = self.command.replace("--release ", "");
        let command = command.replace(&format!("cargo run -p {other} --"), other);
        let command = command.replace(&format!("cargo run --features {channel} -- serve"), other);
        let program = ["cargo run --quiet --", "cargo run -q --", "cargo run --", "cargo run"];
        program.iter().fold(command, |command, prefix| command.replace(prefix, "bot"))
    }

    fn in_shell(&self, around: &Surroundings) -> String {
        let (command, _folder) = self.process(around);
        let run = run(command, b"");
        run.out + &run.err
    }

    fn in_terminal(&self, around: &Surroundings) -> String {
        let (command, _folder) = self.process(around);
        let mut terminal = Terminal::start(command);
        let mut shown = terminal.wait_for_prompt();
        for line in self.typed() {
            terminal.line(line);
            // The pseudo-terminal does not echo; a real one would.
            shown.push_str(&format!("\n> {line}\n"));
            shown.push_str(&terminal.wait_for_prompt());
        }
        shown.replace('\r', "").trim_start().to_owned()
    }

    /// The shell with the programs under their names; the folder they are in lives as long as the second of the pair.
    fn process(&self, around: &Surroundings) -> (Command, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let programs = around.other.into_iter().chain([("bot", around.bot.program)]);
        for (name, program) in programs {
            symlink(program, folder.path().join(name)).expect("a link in the temporary folder");
        }
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        let shell = self.shell(around.other.map(|(name, _)| name));
        command.arg("-c").arg(shell).current_dir(root());
        command.env("PATH", format!("{}:{path}", folder.path().display())).env("TERM", "dumb");
        without_own_settings(&mut command);
        command.envs(around.variables.iter().map(|(name, value)| (name, value)));
        (command, folder)
    }
}

fn trimmed(lines: &[String]) -> &[String] {
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    &lines[..end]
}

/// Whether the output is as shown, where `…` stands for any lines.
fn same(shown: &[String], got: &[String]) -> bool {
    match shown.split_first() {
        None => got.is_empty(),
        Some((first, rest)) if first.trim() == "…" => {
            (0..=got.len()).any(|skipped| same(rest, &got[skipped..]))
        }
        Some((first, rest)) => got.first() == Some(first) && same(rest, &got[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn commands_are_read_from_console_blocks_only() {
        let text = "# Bot\n```console\n$ bot check\nfine\n\n$ cargo run\nHi\n> yo\nYo\n```\n```sh\n$ rm -rf x\n```\n$ not this\n";
        let found = commands(text);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].line, found[0].command.as_str(), trimmed(&found[0].output)),
            (3, "bot check", &lines("fine")[..])
        );
        assert_eq!((found[1].shell(None), found[1].typed()), ("bot".to_owned(), vec!["yo"]));
    }

    #[test]
    fn a_channels_own_program_may_be_called_in_two_ways() {
        let shell = |command: &str| {
            let text = format!("```console\n$ {command}\n```\n");
            commands(&text)[0].shell(Some("bot-pigeon"))
        };
        for (command, want) in [
            ("cargo run -p bot-pigeon -- --check", "bot-pigeon --check"),
            ("cargo run --release -p bot-pigeon -- --check", "bot-pigeon --check"),
            ("cargo run --release --features pigeon -- serve --check", "bot-pigeon --check"),
            ("cargo run -- check", "bot check"),
        ] {
            assert_eq!(shell(command), want);
        }
    }

    #[test]
    fn dots_stand_for_lines() {
        for (shown, got, want) in [
            ("a\nb", "a\nb", true),
            ("a", "a\nb", false),
            ("a\n…", "a\nb\nc", true),
            ("…\nc", "a\nb\nc", true),
            ("a\n…\nd", "a\nb\nc", false),
            ("…", "", true),
            ("", "", true),
        ] {
            assert_eq!(same(&lines(shown), &lines(got)), want, "{shown:?} {got:?}");
        }
    }
}
