//! `bot desk`: where agents take over, in a terminal or from a pipe; the reference for desks on other platforms.
//!
//! ```text
//! line ─► Command::parse ─► Bench (what is in hand) ─► Runtime::act ─► store ◄─► `bot chat`, `bot serve`, other desks
//!                                                      store ─► Follower ─► Live ─► what the agent sees
//! ```
//! What it is not: it decides nothing about who may do what; it only keeps what is in hand, so that no text goes to the
//! wrong customer.
mod bench;
mod list;
mod live;
mod pipe;
mod terminal;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use bot_core::catalog::Source;
use bot_core::engine::Engine;
use bot_runtime::clock::Clock;
use bot_runtime::runtime::{Options as RuntimeOptions, Runtime};
use bot_runtime::store::SqliteStore;
use tokio::runtime::{Builder, Handle};

use self::bench::Bench;
use self::live::Who;
use crate::args::Desk as Options;
use crate::{Outcome, folder, logs, problems, reload};

const THREADS: usize = 2;

/// A stop that takes longer is not waited for: what is left is gone on with by whoever shares the store.
const STOP: Duration = Duration::from_secs(5);

/// Runs the command.
///
/// # Errors
/// The folder, the input or the store can't be read, there is no such team, or the output can't be written.
pub fn run(intents: &Path, options: &Options) -> Result<Outcome> {
    logs::start(options.logs.level("error"))?;
    let sources = folder::read_bot(intents)?;
    let Some(engine) = problems::or_show(intents, Engine::load(sources.clone()))? else {
        return Ok(Outcome::Problems);
    };
    let who = Who { name: name(options), team: team(&engine, options)? };
    let tokio = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    let worked = work(intents, sources, engine, options, who, tokio.handle());
    tokio.shutdown_background();
    worked
}

fn work(
    intents: &Path,
    sources: Vec<Source>,
    engine: Engine,
    options: &Options,
    who: Who,
    tokio: &Handle,
) -> Result<Outcome> {
    let is_new = !options.store.exists();
    let entered = tokio.enter();
    let store = Arc::new(SqliteStore::open(&options.store)?);
    // No channel and no actions: who chats sends and calls. What agents do takes effect even if nobody does.
    let runtime = Runtime::start(store, Arc::new(engine), RuntimeOptions::default());
    drop(entered);
    let _reload = reload::follow(intents, sources, &runtime, Box::new(|_| {}));
    let bench = Bench::new(runtime.clone(), who, Clock::System);
    let worked = if io::stdin().is_terminal() && io::stdout().is_terminal() {
        terminal::run(bench, tokio, is_new.then_some(options.store.as_path()))
    } else {
        pipe::run(bench, tokio)
    };
    let stopped = async { tokio::time::timeout(STOP, runtime.stop()).await };
    if let Ok(Err(error)) = tokio.block_on(stopped) {
        tracing::error!(%error, "the store could not be closed");
    }
    worked
}

fn name(options: &Options) -> String {
    let names = [&options.name, &options.user].into_iter().flatten().map(|name| name.trim());
    names.into_iter().find(|name| !name.is_empty()).unwrap_or("Agent").to_owned()
}

fn team(engine: &Engine, options: &Options) -> Result<Option<String>> {
    let teams = &engine.catalog().settings.handoff.teams;
    match &options.team {
        Some(team) if !teams.contains(team) => {
            bail!("this bot has no team `{team}`; it has {}", teams.join(", "))
        }
        team => Ok(team.clone()),
    }
}
