//! The chat in a terminal: line editing, a history that is forgotten at the end, styles; and what comes by itself is shown
//! above the line that is being typed.
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use bot_core::dialogue::Input;
use bot_core::handoff::Owner;
use bot_runtime::channel::Outgoing;
use bot_runtime::store::{Store, StoreError};
use rustyline::config::Config;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{ColorMode, Editor, ExternalPrinter};

use super::Command;
use super::screen::Show;
use super::show::write_said;
use super::talk::{Beginning, Chat, Tell};
use crate::paint::Paint;

const PROMPT: &str = "> ";
/// What takes longer, an action on its way, is shown when it comes: until then the customer can go on typing.
const PATIENCE: Duration = Duration::from_secs(2);

/// Talks until the customer leaves.
///
/// # Errors
/// The terminal or the store can't be read or written.
pub fn run<S: Store>(beginning: Beginning<S>) -> Result<()> {
    let mut editor = editor()?;
    let paint = Paint::for_stream(&io::stdout());
    let printer = Printer::new(&mut editor);
    let mut chat = Chat::begin(beginning, printer.show(paint), printer.tell(paint))?;
    let talked = talk(&mut chat, &mut editor, &printer, paint);
    // A printer waits for a line to be read: without the editor it knows that none will.
    drop(editor);
    if talked.is_ok() {
        writeln!(io::stdout(), "Bye!")?;
    }
    chat.stop();
    talked
}

fn talk<S: Store>(
    chat: &mut Chat<S>,
    editor: &mut Editor<(), MemHistory>,
    printer: &Printer,
    paint: Paint,
) -> Result<()> {
    open(chat, paint)?;
    while let Some(line) = read(editor, printer)? {
        match Command::parse(&line) {
            Some(Command::Quit) => break,
            Some(command) => writeln!(io::stdout(), "{}", command.answer(chat)?)?,
            None if line.trim().is_empty() => {}
            None => say(chat, line, paint)?,
        }
    }
    Ok(())
}

/// A new conversation is opened by the bot; one that goes on shows where it stands.
fn open<S: Store>(chat: &mut Chat<S>, paint: Paint) -> Result<()> {
    chat.settle(PATIENCE)?;
    let tracker = chat.tracker()?;
    if tracker.turns == 0 && tracker.transcript.is_empty() {
        chat.receive(Input::Start)?;
        chat.settle(PATIENCE)?;
        return Ok(());
    }
    if chat.shown() == 0 {
        writeln!(io::stdout(), "{}", paint.dim("(the conversation goes on)"))?;
        chat.recall()?;
    }
    Ok(note_of_silence(tracker.owner, paint)?)
}

fn say<S: Store>(chat: &mut Chat<S>, line: String, paint: Paint) -> Result<()> {
    let before = chat.shown();
    match chat.receive(Input::text(line)) {
        Err(error) if error.is::<StoreError>() => {
            writeln!(io::stdout(), "{}", paint.red(&format!("(not sent: {error})")))?;
            return Ok(());
        }
        received => received?,
    }
    let settled = chat.settle(PATIENCE)?;
    if chat.shown() > before {
        return Ok(());
    }
    if settled {
        note_of_silence(chat.tracker()?.owner, paint)?;
    } else {
        writeln!(io::stdout(), "{}", paint.dim("(the answer is on its way; you can go on writing)"))?;
    }
    Ok(())
}

fn editor() -> Result<Editor<(), MemHistory>> {
    let config = Config::builder().auto_add_history(true).color_mode(ColorMode::Disabled).build();
    let history = MemHistory::with_config(&config);
    Ok(Editor::with_history(config, history)?)
}

/// The next line; `None` when the customer leaves.
fn read(editor: &mut Editor<(), MemHistory>, printer: &Printer) -> Result<Option<String>> {
    loop {
        printer.asking(true);
        let line = editor.readline(PROMPT);
        printer.asking(false);
        match line {
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
fn note_of_silence(owner: Owner, paint: Paint) -> io::Result<()> {
    match owner {
        Owner::Waiting => {
            writeln!(io::stdout(), "{}", paint.dim("(waiting for a person; `stop` goes back to the bot)"))
        }
        Owner::Person => {
            writeln!(io::stdout(), "{}", paint.dim("(a person has the conversation and will answer)"))
        }
        Owner::Bot | Owner::Closed => Ok(()),
    }
}

/// Prints at any time. Clones print to the same terminal.
#[derive(Clone)]
struct Printer {
    /// Whether the prompt stands there.
    asking: Arc<AtomicBool>,
    /// `None`: a terminal that can't move its cursor.
    above: Option<Arc<Mutex<Box<dyn ExternalPrinter + Send>>>>,
}

impl Printer {
    fn new(editor: &mut Editor<(), MemHistory>) -> Printer {
        let above = editor.create_external_printer().ok();
        let above =
            above.map(|printer| Arc::new(Mutex::new(Box::new(printer) as Box<dyn ExternalPrinter + Send>)));
        Printer { asking: Arc::default(), above }
    }

    fn print(&self, text: &str) -> io::Result<()> {
        match &self.above {
            // Only then: it may wait for the line editor, and who holds the editor prints, too.
            Some(above) if self.is_asking() => {
                let mut above = above.lock().unwrap_or_else(PoisonError::into_inner);
                above.print(text.to_owned()).map_err(|error| match error {
                    ReadlineError::Io(error) => error,
                    error => io::Error::other(error),
                })
            }
            _ => {
                let mut out = io::stdout().lock();
                let text = if self.is_asking() { format!("\r{text}{PROMPT}") } else { text.to_owned() };
                out.write_all(text.as_bytes())?;
                out.flush()
            }
        }
    }

    fn asking(&self, asking: bool) {
        self.asking.store(asking, Ordering::SeqCst);
    }

    fn is_asking(&self) -> bool {
        self.asking.load(Ordering::SeqCst)
    }

    fn show(&self, paint: Paint) -> Show {
        let printer = self.clone();
        Box::new(move |what: &Outgoing| {
            let mut text = Vec::new();
            write_said(&mut text, what, paint)?;
            printer.print(&String::from_utf8_lossy(&text))
        })
    }

    fn tell(&self, paint: Paint) -> Tell {
        let printer = self.clone();
        Box::new(move |told| {
            let lines: Vec<_> = told.to_string().lines().map(|line| paint.dim(line)).collect();
            // A terminal that is gone ends the conversation at the next line.
            let _ = printer.print(&format!("{}\n", lines.join("\n")));
        })
    }
}
