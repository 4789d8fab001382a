//! The chat from a pipe: a line in, its replies out, and nothing else.
use std::io::{BufRead, Write};

use anyhow::Result;

use super::show::{Turn, write_replies};
use super::{Chat, Command};
use crate::lines;
use crate::paint::Paint;

/// Replies as text.
///
/// # Errors
/// The input can't be read or the output can't be written.
pub fn text(chat: &mut Chat, mut input: impl BufRead, mut output: impl Write) -> Result<()> {
    while let Some(line) = lines::next(&mut input)? {
        match Command::parse(&line) {
            Some(Command::Quit) => break,
            Some(command) => writeln!(output, "{}", chat.command(command))?,
            None => write_replies(&mut output, &chat.say(&line), Paint::Plain)?,
        }
        output.flush()?;
    }
    Ok(())
}

/// One JSON object per line; every line is the customer's, whatever it begins with.
///
/// # Errors
/// The input can't be read or the output can't be written.
pub fn json(chat: &mut Chat, mut input: impl BufRead, mut output: impl Write) -> Result<()> {
    while let Some(line) = lines::next(&mut input)? {
        let events = chat.say(&line);
        serde_json::to_writer(&mut output, &Turn::new(&events, chat.tracker()))
            .map_err(std::io::Error::from)?;
        writeln!(output)?;
        output.flush()?;
    }
    Ok(())
}
