//! Serving: runs the channels that are configured, in one process, until it is told to stop.
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use bot_core::engine::Engine;
use bot_runtime::actions::{Actions, Environment};
use bot_runtime::runtime::{Options as RuntimeOptions, Runtime};
use bot_runtime::store::SqliteStore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::args::Serve as Options;
use crate::channels::Found;
use crate::reload::{self, Told};
use crate::{Channels, Configured, Outcome, Start, check, desks, folder, logs, problems, stop};

/// How long channels may take to stop receiving, and the runtime to finish what it has begun. What is left after that is in
/// the store, for the next start.
const STOP: Duration = Duration::from_secs(10);

/// Runs the command.
///
/// # Errors
/// It can't be started: the folder or the store can't be read, or no channel is configured; or a channel failed.
pub fn run(intents: &Path, options: &Options, channels: &Channels) -> Result<Outcome> {
    logs::start(options.logs.level("info"))?;
    let variables = variables();
    let found = channels.look_up(&variables)?;
    if options.check {
        return check::run(intents, &options.store, &found, &variables);
    }
    let sources = folder::read_bot(intents)?;
    let Some(engine) = problems::or_show(intents, Engine::load(sources.clone()))? else {
        return Ok(Outcome::Problems);
    };
    if !found.any_ready() {
        bail!("{}", nothing_to_serve(&found));
    }
    found.doubts().for_each(|doubt| tracing::warn!("{doubt}"));
    let desks = desks::desks(&engine.catalog().settings.handoff.desks, &found);
    desks.iter().for_each(|finding| tracing::error!("{}", finding.sentence()));
    let ready = found.ready();
    let tokio = tokio::runtime::Runtime::new()?;
    let served = tokio.block_on(async {
        let stop = stop::on_signal()?;
        let store = Arc::new(SqliteStore::open(&options.store)?);
        let actions = Some(Actions::new(Environment::from_variables(variables)));
        let runtime =
            Runtime::start(store, Arc::new(engine), RuntimeOptions { actions, ..RuntimeOptions::default() });
        let reload = reload::follow(intents, sources, &runtime, Box::new(log));
        let served = serve(&runtime, ready, &stop).await;
        drop(reload);
        let stopped = tokio::time::timeout(STOP, runtime.stop()).await;
        tracing::info!("stopped");
        served.and(stopped.unwrap_or(Ok(())).context("the store could not be closed"))
    });
    tokio.shutdown_background();
    served.map(|()| Outcome::Fine)
}

/// The environment, as far as it is text. Read here and nowhere else, so that nothing below depends on it.
pub fn variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Runs channels until one fails or it is told to stop; then all of them have stopped receiving.
async fn serve(
    runtime: &Runtime<SqliteStore>,
    channels: Vec<Configured>,
    stop: &CancellationToken,
) -> Result<()> {
    let mut running = JoinSet::new();
    channels.iter().for_each(|channel| runtime.awaits(channel.kind.name));
    for Configured { kind, settings, .. } in channels {
        let start = Start { runtime: runtime.clone(), settings: settings.clone(), stop: stop.clone() };
        running.spawn(async move {
            let ended = (kind.start)(start).await;
            (kind.name, ended.map_err(|error| anyhow!(settings.hide(&format!("{error:#}")))))
        });
        tracing::info!(channel = kind.name, "started");
    }
    let failed = tokio::select! {
        // First: a channel that ends because it was told to has not failed.
        biased;
        () = stop.cancelled() => None,
        ended = running.join_next() => ended.map(failure),
    };
    tracing::info!("stopping");
    stop.cancel();
    let all = async { while running.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(STOP, all).await;
    failed.map_or(Ok(()), Err)
}

/// Why a channel that nobody has stopped has ended.
fn failure(ended: Result<(&'static str, Result<()>), tokio::task::JoinError>) -> anyhow::Error {
    match ended {
        Ok((name, Ok(()))) => anyhow!("the channel {name} has ended by itself"),
        Ok((name, Err(error))) => error.context(format!("the channel {name} has failed")),
        Err(panic) => anyhow!("a channel has failed: {panic}"),
    }
}

fn nothing_to_serve(found: &Found) -> String {
    let lines: Vec<_> = found.not_ready().map(|line| format!("\n  {line}")).collect();
    if lines.is_empty() {
        return "no channel is built into this program, so there is nothing to serve: `bot chat` talks in this terminal"
            .to_owned();
    }
    format!("no channel is configured, so there is nothing to serve:{}", lines.concat())
}

fn log(told: Told) {
    match told {
        Told::Reloaded => tracing::info!("reloaded: the saved files are in use"),
        told => tracing::error!("{told}"),
    }
}
