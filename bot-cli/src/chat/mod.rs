//! `bot chat`: a conversation in a terminal, or from a pipe.
mod pipe;
mod show;
mod state;
mod terminal;
mod why;

use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::Result;
use bot_core::dialogue::{Customer, Event, Input, Tracker};
use bot_core::engine::{Actions, Engine};
use jiff::Zoned;

use crate::args::Chat as Options;
use crate::session::Session;
use crate::{Outcome, clock, explain, problems};

/// Timers that set each other for the same moment must not keep the customer waiting.
const TIMERS_AT_ONCE: usize = 100;

/// Runs the command.
///
/// # Errors
/// The folder or the input can't be read, or the output can't be written.
pub fn run(intents: &Path, options: &Options) -> Result<Outcome> {
    let Some(engine) = problems::load_or_show(intents)? else { return Ok(Outcome::Problems) };
    let customer = explain::customer(&engine, &options.world)?;
    let actions = Actions::default();
    let mut chat = Chat::new(&engine, &actions, customer, options.world.now.clone());
    if io::stdin().is_terminal() && io::stdout().is_terminal() && !options.json {
        terminal::run(&mut chat)?;
    } else {
        let (input, output) = (io::stdin().lock(), io::stdout().lock());
        if options.json {
            pipe::json(&mut chat, input, output)?
        } else {
            pipe::text(&mut chat, input, output)?
        }
    }
    Ok(Outcome::Fine)
}

/// A conversation on its way.
pub(crate) struct Chat<'a> {
    engine: &'a Engine,
    session: Session<'a>,
    fixed: Option<Zoned>,
    last: Option<LastTurn>,
}

/// What `/why` explains.
struct LastTurn {
    text: String,
    before: Tracker,
    events: Vec<Event>,
    now: Zoned,
}

impl<'a> Chat<'a> {
    fn new(engine: &'a Engine, actions: &'a Actions, customer: Customer, fixed: Option<Zoned>) -> Chat<'a> {
        let session = Session::new(engine, actions, customer, &clock::now(fixed.as_ref()));
        Chat { engine, session, fixed, last: None }
    }

    fn tracker(&self) -> &Tracker {
        &self.session.conversation.tracker
    }

    /// The conversation opens: what the bot says first.
    fn open(&mut self) -> Vec<Event> {
        let now = clock::now(self.fixed.as_ref());
        self.session.send(&Input::Start, &now)
    }

    /// What the customer wrote; first what was due before.
    fn say(&mut self, text: &str) -> Vec<Event> {
        let now = clock::now(self.fixed.as_ref());
        let mut events = self.deliver_due(&now);
        let before = self.tracker().clone();
        let answer = self.session.send(&Input::text(text), &now);
        self.last = Some(LastTurn { text: text.to_owned(), before, events: answer.clone(), now });
        events.extend(answer);
        events
    }

    fn deliver_due(&mut self, now: &Zoned) -> Vec<Event> {
        let due = std::iter::from_fn(|| self.session.deliver_due(now));
        due.take(TIMERS_AT_ONCE).flatten().collect()
    }

    /// The answer to a `/` command that is the program's, not the bot's.
    fn command(&self, command: Command) -> String {
        match command {
            Command::Help => HELP.to_owned(),
            Command::State => state::text(self),
            Command::Why => why::text(self),
            Command::Quit => String::new(),
        }
    }
}

const HELP: &str =
    "Write what a customer would write. A button is chosen by its number, its label or in your own words.
  /why    what the last message was understood as, and why
  /state  what the bot knows and waits for
  /quit   leave (so do Ctrl-D and Ctrl-C)
What else begins with / goes to the bot.";

/// What is typed to the program, not to the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Help,
    Quit,
    State,
    Why,
}

impl Command {
    fn parse(line: &str) -> Option<Command> {
        Some(match line.trim() {
            "/help" => Command::Help,
            "/quit" => Command::Quit,
            "/state" => Command::State,
            "/why" => Command::Why,
            _ => return None,
        })
    }
}
