//! `bot chat`: a conversation in a terminal, or from a pipe. The terminal is a channel like any other.
mod alone;
mod pipe;
mod screen;
mod show;
mod state;
mod talk;
mod terminal;
mod why;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use bot_core::catalog::Source;
use bot_core::dialogue::Customer;
use bot_core::engine::Engine;
use bot_runtime::channel::Address;
use bot_runtime::clock::Clock;
use bot_runtime::store::{MemoryStore, SqliteStore, Store};
use tokio::runtime::{Builder, Runtime};

use self::alone::Alone;
use self::talk::{Beginning, Chat};
use crate::args::Chat as Options;
use crate::{Outcome, explain, folder, logs, problems};

/// The channel's name.
const CHANNEL: &str = "terminal";
/// The customer's name for the store, where none is given.
const NOBODY: &str = "you";
/// Turns are short, and there is one customer: more threads would only cost at the start.
const THREADS: usize = 2;

/// Runs the command.
///
/// # Errors
/// The folder, the input or the store can't be read, or the output can't be written.
pub fn run(intents: &Path, options: &Options) -> Result<Outcome> {
    logs::start(options.logs.level("error"))?;
    let sources = folder::read_bot(intents)?;
    let Some(engine) = problems::or_show(intents, Engine::load(sources.clone()))? else {
        return Ok(Outcome::Problems);
    };
    let customer = Customer { name: options.customer.clone(), ..explain::customer(&engine, &options.world)? };
    let bot = Bot { engine, sources, customer };
    let tokio = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    let talked = match &options.store {
        None => talk(bot, intents, options, &tokio, MemoryStore::new()),
        Some(file) => {
            let store = SqliteStore::open(file)?;
            let _alone = Alone::take(file, options.customer.as_deref().unwrap_or(NOBODY))?;
            talk(bot, intents, options, &tokio, store)
        }
    };
    tokio.shutdown_background();
    talked.map(|()| Outcome::Fine)
}

struct Bot {
    engine: Engine,
    sources: Vec<Source>,
    customer: Customer,
}

fn talk<S: Store>(bot: Bot, intents: &Path, options: &Options, tokio: &Runtime, store: S) -> Result<()> {
    let beginning = Beginning {
        tokio: tokio.handle().clone(),
        store: Arc::new(store),
        engine: bot.engine,
        sources: bot.sources,
        folder: intents.to_owned(),
        address: address(options.customer.as_deref()),
        customer: bot.customer,
        clock: options.world.now.clone().map_or(Clock::System, Clock::manual),
    };
    if options.json {
        pipe::json(beginning)
    } else if io::stdin().is_terminal() && io::stdout().is_terminal() {
        terminal::run(beginning)
    } else {
        pipe::text(beginning)
    }
}

/// Each customer has a route of their own: another terminal on the same store must not show what is said to them.
fn address(customer: Option<&str>) -> Address {
    let channel = customer.map_or(CHANNEL.to_owned(), |name| format!("{CHANNEL}:{name}"));
    Address { channel, peer: customer.unwrap_or(NOBODY).to_owned() }
}

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

    /// The program's answer.
    fn answer<S: Store>(self, chat: &Chat<S>) -> Result<String> {
        Ok(match self {
            Command::Help => HELP.to_owned(),
            Command::State => state::text(&chat.tracker()?, chat.engine().catalog()),
            Command::Why => why::text(chat)?,
            Command::Quit => String::new(),
        })
    }
}

const HELP: &str =
    "Write what a customer would write. A button is chosen by its number, its label or in your own words.
  /why    what the last message was understood as, and why
  /state  what the bot knows and waits for
  /quit   leave (so do Ctrl-D and Ctrl-C)
What else begins with / goes to the bot.";
