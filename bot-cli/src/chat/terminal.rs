//! The chat in a terminal: line editing, a history that is forgotten at the end, styles.
use std::io::{self, ErrorKind, Write};

use anyhow::Result;
use bot_core::dialogue::replies;
use bot_core::handoff::Owner;
use rustyline::config::Config;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{ColorMode, Editor};

use super::show::write_replies;
use super::{Chat, Command};
use crate::paint::Paint;

/// Talks until the customer leaves.
///
/// # Errors
/// The terminal can't be read or written.
pub fn run(chat: &mut Chat) -> Result<()> {
    let mut editor = editor()?;
    let paint = Paint::for_stream(&io::stdout());
    let mut out = io::stdout();
    write_replies(&mut out, &chat.open(), paint)?;
    while let Some(line) = read(&mut editor)? {
        match Command::parse(&line) {
            Some(Command::Quit) => break,
            Some(command) => writeln!(out, "{}", chat.command(command))?,
            None if line.trim().is_empty() => {}
            None => {
                let events = chat.say(&line);
                write_replies(&mut out, &events, paint)?;
                if replies(&events).is_empty() {
                    note_of_silence(&mut out, chat, paint)?;
                }
            }
        }
    }
    writeln!(out, "Bye!")?;
    Ok(())
}

fn editor() -> Result<Editor<(), MemHistory>> {
    let config = Config::builder().auto_add_history(true).color_mode(ColorMode::Disabled).build();
    let history = MemHistory::with_config(&config);
    Ok(Editor::with_history(config, history)?)
}

/// The next line; `None` when the customer leaves.
fn read(editor: &mut Editor<(), MemHistory>) -> Result<Option<String>> {
    loop {
        match editor.readline("> ") {
            Ok(line) => return Ok(Some(line)),
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => return Ok(None),
            // A terminal that is not set to UTF-8: the line is lost, the conversation is not.
            Err(ReadlineError::Io(error)) if error.kind() == ErrorKind::InvalidData => {
                writeln!(io::stdout(), "(that line was not UTF-8 and could not be read)")?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Without this, a bot that is quiet for a person looks as if it had hung.
fn note_of_silence(out: &mut dyn Write, chat: &Chat, paint: Paint) -> io::Result<()> {
    match chat.tracker().owner {
        Owner::Waiting | Owner::Person => {
            writeln!(out, "{}", paint.dim("(waiting for a person; `stop` goes back to the bot)"))
        }
        Owner::Bot | Owner::Closed => Ok(()),
    }
}
