//! The chat from a pipe: a line in, its replies out, and nothing else.
use std::io::{self, BufRead, Write};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use bot_core::dialogue::Input;
use bot_runtime::channel::Outgoing;
use bot_runtime::store::Store;

use super::Command;
use super::show::{Turn, write_said};
use super::talk::{Beginning, Chat, Tell};
use crate::paint::Paint;
use crate::{lines, reload};

/// Longer than an action with its retries takes: who waits longer is told nothing more for this line.
const PATIENCE: Duration = Duration::from_secs(60);

/// Replies as text.
///
/// # Errors
/// The input or the store can't be read, or the output can't be written.
pub fn text<S: Store>(beginning: Beginning<S>) -> Result<()> {
    let show = |what: &Outgoing| write_said(&mut io::stdout().lock(), what, Paint::Plain);
    let mut chat = Chat::begin(beginning, Box::new(show), tell())?;
    let talked = text_lines(&mut chat, io::stdin().lock());
    chat.stop();
    talked
}

fn text_lines<S: Store>(chat: &mut Chat<S>, mut input: impl BufRead) -> Result<()> {
    chat.settle(PATIENCE)?;
    while let Some(line) = lines::next(&mut input)? {
        match Command::parse(&line) {
            Some(Command::Quit) => break,
            Some(command) => {
                let answer = command.answer(chat)?;
                let mut out = io::stdout().lock();
                writeln!(out, "{answer}")?;
                out.flush()?;
            }
            None => {
                chat.receive(Input::text(line))?;
                chat.settle(PATIENCE)?;
            }
        }
    }
    Ok(())
}

/// One JSON object per line; every line is the customer's, whatever it begins with.
///
/// # Errors
/// The input or the store can't be read, or the output can't be written.
pub fn json<S: Store>(beginning: Beginning<S>) -> Result<()> {
    let said = Said::default();
    let kept = said.clone();
    let show = move |what: &Outgoing| {
        kept.lock().push(what.clone());
        Ok(())
    };
    let mut chat = Chat::begin(beginning, Box::new(show), tell())?;
    let talked = json_lines(&mut chat, &said, io::stdin().lock());
    chat.stop();
    talked
}

fn json_lines<S: Store>(chat: &mut Chat<S>, said: &Said, mut input: impl BufRead) -> Result<()> {
    let mut out = io::stdout().lock();
    chat.settle(PATIENCE)?;
    while let Some(line) = lines::next(&mut input)? {
        let before = chat.newest()?;
        chat.receive(Input::text(line))?;
        chat.settle(PATIENCE)?;
        let events: Vec<_> = chat.events(before)?.into_iter().map(|stored| stored.event).collect();
        let (said, tracker) = (mem::take(&mut *said.lock()), chat.tracker()?);
        serde_json::to_writer(&mut out, &Turn::new(&said, &events, &tracker)).map_err(io::Error::from)?;
        writeln!(out)?;
        out.flush()?;
    }
    Ok(())
}

/// What was said since the last line of output.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<Outgoing>>>);

impl Said {
    fn lock(&self) -> MutexGuard<'_, Vec<Outgoing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What becomes of a saved folder is for the author, not for who reads the replies.
fn tell() -> Tell {
    Box::new(|told| match told {
        reload::Told::Reloaded => {}
        told => eprintln!("{told}"),
    })
}
