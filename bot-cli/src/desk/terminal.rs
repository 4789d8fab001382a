//! The desk in a terminal: what happens is shown above the line that is being typed.
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use bot_runtime::desk::{Follower, WORDS, Word};
use bot_runtime::store::{EventId, Store, StoreError, TicketFilter};
use rustyline::completion::Completer;
use rustyline::config::{CompletionType, Config};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{ColorMode, Context, Editor, ExternalPrinter, Helper};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::bench::{Answer, Bench};
use super::live::{Live, Notice, Shared, Show, Who};
use crate::Outcome;
use crate::paint::{Paint, harmless};

/// Works until the agent leaves. `new`: the store that has just been made.
///
/// # Errors
/// The terminal or the store can't be read or written.
pub fn run<S: Store>(mut bench: Bench<S>, tokio: &Handle, new: Option<&Path>) -> Result<Outcome> {
    let paint = Paint::for_stream(&io::stdout());
    let mut editor =
        editor(Completion { store: bench.store().clone(), who: bench.who().clone(), tokio: tokio.clone() })?;
    let printer = Printer::new(&mut editor, bench.hand().clone());
    welcome(&mut bench, tokio, paint, new)?;
    let live = Live::new(bench.who().clone(), bench.hand().clone(), printer.show(paint));
    let stop = CancellationToken::new();
    let store = bench.store().clone();
    let following = tokio.spawn(follow(store.clone(), live, tokio.block_on(store.newest())?, stop.clone()));
    let worked = work(&mut bench, tokio, &mut editor, &printer, paint);
    stop.cancel();
    // A printer waits for a line to be read: without the editor it knows that none will.
    drop(editor);
    following.abort();
    worked.map(|()| Outcome::Fine)
}

async fn follow<S: Store>(store: Arc<S>, live: Live, newest: EventId, stop: CancellationToken) {
    let mut follower = Follower::new(store, live, newest);
    while let Err(error) = follower.run(&stop).await {
        tracing::error!(%error, "the store can't be followed: tried again");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn welcome<S: Store>(bench: &mut Bench<S>, tokio: &Handle, paint: Paint, new: Option<&Path>) -> Result<()> {
    let mut out = io::stdout();
    if let Some(store) = new {
        let store = store.display();
        let text = format!(
            "Nothing is here yet: `{store}` was made. Start a customer beside it: bot chat --store {store}"
        );
        writeln!(out, "{}", paint.dim(&text))?;
    }
    let name = harmless(&bench.who().name);
    writeln!(out, "{}", paint.dim(&format!("You are {name}. /help shows what you can do.")))?;
    let open = tokio.block_on(bench.carry_out("/list"))?;
    Ok(writeln!(out, "{}", harmless(&open.text))?)
}

fn work<S: Store>(
    bench: &mut Bench<S>,
    tokio: &Handle,
    editor: &mut Editor<Completion<S>, MemHistory>,
    printer: &Printer,
    paint: Paint,
) -> Result<()> {
    while let Some(line) = read(editor, printer)? {
        let answer = match tokio.block_on(bench.carry_out(&line)) {
            Ok(answer) => answer,
            Err(error) if error.is::<StoreError>() => {
                writeln!(io::stdout(), "{}", paint.red(&format!("not done: {error}")))?;
                continue;
            }
            Err(error) => return Err(error),
        };
        show(&answer, paint)?;
        if answer.quit {
            break;
        }
    }
    Ok(writeln!(io::stdout(), "Bye!")?)
}

fn show(answer: &Answer, paint: Paint) -> io::Result<()> {
    if answer.text.is_empty() || answer.echo {
        return Ok(());
    }
    let text = harmless(&answer.text);
    writeln!(io::stdout(), "{}", if answer.refused { paint.red(&text) } else { text })
}

fn editor<H: Helper>(helper: H) -> Result<Editor<H, MemHistory>> {
    let config = Config::builder()
        .auto_add_history(true)
        .color_mode(ColorMode::Disabled)
        .completion_type(CompletionType::List)
        .build();
    let history = MemHistory::with_config(&config);
    let mut editor = Editor::with_history(config, history)?;
    editor.set_helper(Some(helper));
    Ok(editor)
}

/// The next line; `None` when the agent leaves.
fn read<H: Helper>(editor: &mut Editor<H, MemHistory>, printer: &Printer) -> Result<Option<String>> {
    loop {
        let prompt = prompt(&printer.hand);
        *locked(&printer.asking) = Some(prompt.clone());
        let line = editor.readline(&prompt);
        *locked(&printer.asking) = None;
        match line {
            Ok(line) => return Ok(Some(line)),
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => return Ok(None),
            // A terminal that is not set to UTF-8: the line is lost, the desk is not.
            Err(ReadlineError::Io(error)) if error.kind() == ErrorKind::InvalidData => {
                writeln!(io::stdout(), "(that line was not UTF-8 and was not sent)")?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn prompt(hand: &Shared) -> String {
    hand.lock().held.map_or("> ".to_owned(), |(number, _)| format!("#{number}> "))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Prints at any time, above the line that is being typed.
struct Printer {
    hand: Shared,
    /// The prompt that stands there, if one does.
    asking: Arc<Mutex<Option<String>>>,
    lines: mpsc::Sender<String>,
}

impl Printer {
    /// A thread of its own: while a word is being completed the line editor takes nothing, and who prints waits for it.
    fn new<H: Helper>(editor: &mut Editor<H, MemHistory>, hand: Shared) -> Printer {
        let mut above = editor.create_external_printer().ok();
        let asking: Arc<Mutex<Option<String>>> = Arc::default();
        let (lines, waiting) = mpsc::channel::<String>();
        let is_asked = asking.clone();
        thread::spawn(move || {
            for line in waiting {
                let prompt = locked(&is_asked).clone();
                let printed = match (&mut above, prompt) {
                    (Some(above), Some(_)) => above.print(line).is_ok(),
                    (_, prompt) => plainly(&line, prompt.as_deref()).is_ok(),
                };
                if !printed {
                    return;
                }
            }
        });
        Printer { hand, asking, lines }
    }

    fn show(&self, paint: Paint) -> Show {
        let lines = self.lines.clone();
        Box::new(move |notice: Notice| {
            let text = harmless(&notice.text);
            let (text, bell) = match notice.bell {
                true => (paint.bold(&text), if paint == Paint::Ansi { "\x07" } else { "" }),
                false => (text, ""),
            };
            // A terminal that is gone ends the desk at the next line.
            let _ = lines.send(format!("{bell}{text}\n"));
        })
    }
}

/// On a terminal that can't move its cursor.
fn plainly(line: &str, prompt: Option<&str>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match prompt {
        Some(prompt) => write!(out, "\r{line}{prompt}")?,
        None => write!(out, "{line}")?,
    }
    out.flush()
}

/// Completes commands, and the numbers of open tickets.
struct Completion<S: Store> {
    store: Arc<S>,
    who: Who,
    tokio: Handle,
}

impl<S: Store> Completer for Completion<S> {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &Context) -> rustyline::Result<(usize, Vec<String>)> {
        let numbers = || {
            let tickets =
                self.tokio.block_on(self.store.tickets(TicketFilter::default())).unwrap_or_default();
            tickets.iter().filter(|about| self.who.sees(about)).map(|about| about.number).collect()
        };
        Ok(complete(line.get(..pos).unwrap_or(line), numbers))
    }
}

impl<S: Store> Helper for Completion<S> {}
impl<S: Store> Highlighter for Completion<S> {}
impl<S: Store> Validator for Completion<S> {}
impl<S: Store> Hinter for Completion<S> {
    type Hint = String;
}

/// Where the completed word begins, and what it may become.
fn complete(typed: &str, numbers: impl FnOnce() -> Vec<u64>) -> (usize, Vec<String>) {
    let start = typed.rfind(' ').map_or(0, |blank| blank + 1);
    let (before, word) = typed.split_at(start);
    let known = WORDS.iter().find(|known| known.word == before.trim());
    let candidates: Vec<String> = match known {
        None if start == 0 && typed.starts_with('/') => WORDS.iter().map(spelled).collect(),
        Some(known) if known.takes == "[N]" => numbers().iter().map(u64::to_string).collect(),
        Some(known) if known.takes == "[all]" => vec!["all".to_owned()],
        _ => Vec::new(),
    };
    let word = word.strip_prefix('#').unwrap_or(word);
    (start, candidates.into_iter().filter(|candidate| candidate.starts_with(word)).collect())
}

/// With a blank where something may follow.
fn spelled(known: &Word) -> String {
    if known.takes.is_empty() { known.word.to_owned() } else { format!("{} ", known.word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_numbers_are_completed() {
        for (typed, want) in [
            ("/cl", (0, vec!["/claim ", "/close"])),
            ("/b", (0, vec!["/back"])),
            ("/claim ", (7, vec!["1", "12", "2"])),
            ("/claim 1", (7, vec!["1", "12"])),
            ("/claim #1", (7, vec!["1", "12"])),
            ("/list a", (6, vec!["all"])),
            ("/note 1", (6, vec![])),
            ("Hello /cl", (6, vec![])),
            ("", (0, vec![])),
        ] {
            let want = (want.0, want.1.into_iter().map(str::to_owned).collect());
            assert_eq!(complete(typed, || vec![1, 12, 2]), want, "{typed:?}");
        }
    }
}
