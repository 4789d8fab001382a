//! Many worlds, some side by side, and what came of all of them.
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bot_core::catalog::Source;
use bot_core::engine::Engine;

use super::differences;
use super::plan::Plan;
use super::program::Program;
use super::record::Record;
use super::world::{Outcome, World};
use crate::root;

/// What came of all worlds.
#[derive(Debug, Default)]
pub struct Summary {
    /// How many there were.
    pub worlds: usize,
    /// How often a program died, and where.
    pub kills: BTreeMap<String, usize>,
    /// Messages and agents' acts.
    pub written: usize,
    /// Lines that arrived.
    pub delivered: usize,
    /// Of them, those that arrived once more.
    pub repeats: usize,
    /// Requests to the back end.
    pub requests: usize,
    /// Hand-offs.
    pub tickets: usize,
    /// Events stored.
    pub events: usize,
    /// What is wrong, with the seed of its world.
    pub wrong: Vec<(u64, String)>,
    /// Store and logs of the worlds in which something is wrong.
    pub kept: Vec<PathBuf>,
    /// How long it took.
    pub took: Duration,
}

/// Runs the plans, so many at the same time, and tells of each one that has ended.
///
/// # Errors
/// The bot's folder can't be read.
pub fn run(
    program: &Program,
    plans: &[Plan],
    at_once: usize,
    told: impl Fn(&Summary) + Sync,
) -> Result<Summary> {
    let (start, engine) = (Instant::now(), engine()?);
    let (next, summary) = (AtomicUsize::new(0), Mutex::new(Summary::default()));
    let work = || {
        while let Some(plan) = plans.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = World::new(program, plan.clone()).and_then(World::run);
            let mut summary = summary.lock().expect("no thread that holds it panics");
            summary.take(&engine, plan.seed, outcome);
            summary.took = start.elapsed();
            told(&summary);
        }
    };
    std::thread::scope(|scope| (0..at_once.max(1)).for_each(|_| drop(scope.spawn(work))));
    Ok(summary.into_inner().expect("no thread that holds it panics"))
}

/// The harness's own bot.
///
/// # Errors
/// Its folder can't be read.
pub fn engine() -> Result<Engine> {
    let folder = root().join(super::FOLDER);
    let mut sources = Vec::new();
    for name in ["bot.yaml", "tags.yaml"] {
        let text =
            std::fs::read_to_string(folder.join(name)).with_context(|| format!("{name} can't be read"))?;
        sources.push(Source::new(name, text));
    }
    Engine::load(sources).map_err(|problems| anyhow::anyhow!("{problems:?}"))
}

impl Summary {
    /// How often a program died.
    pub fn deaths(&self) -> usize {
        self.kills.values().sum()
    }

    fn take(&mut self, engine: &Engine, seed: u64, outcome: Result<Outcome>) {
        self.worlds += 1;
        let Outcome { record, kills, failures, folder } = match outcome {
            Ok(outcome) => outcome,
            Err(error) => return self.wrong.push((seed, format!("{error:#}"))),
        };
        for (how, count) in kills {
            *self.kills.entry(how).or_default() += count;
        }
        self.count(&record);
        let found = differences(engine, &record).into_iter().map(|found| found.to_string());
        let wrong: Vec<String> = failures.into_iter().chain(found).collect();
        if !wrong.is_empty() {
            // A seed does not bring the same threads about again: what is there is worth keeping.
            let kept = folder.keep();
            self.kept.push(kept);
        }
        self.wrong.extend(wrong.into_iter().map(|what| (seed, what)));
    }

    fn count(&mut self, record: &Record) {
        self.written += record.ledger.written.len();
        self.delivered += record.ledger.lines.len();
        let mut keys: Vec<_> = record.ledger.lines.iter().map(|line| &line.key).collect();
        keys.sort();
        keys.dedup();
        self.repeats += record.ledger.lines.len() - keys.len();
        self.requests += record.requests.len();
        self.tickets += record.conversations.iter().map(|kept| kept.tickets.len()).sum::<usize>();
        self.events += record.conversations.iter().map(|kept| kept.events.len()).sum::<usize>();
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Summary { worlds, written, delivered, repeats, requests, tickets, events, .. } = self;
        writeln!(f, "{} kills in {worlds} worlds, {:.1} s", self.deaths(), self.took.as_secs_f64())?;
        for (how, count) in &self.kills {
            writeln!(f, "  {count:5} {how}")?;
        }
        writeln!(f, "{written} messages and acts, {delivered} lines delivered, {repeats} of them once more")?;
        writeln!(f, "{requests} requests to the back end, {tickets} tickets, {events} events")?;
        match self.wrong.first() {
            None => write!(f, "nothing lost, nothing doubled, nothing out of order"),
            Some((seed, what)) => {
                writeln!(f, "stores and logs: {:?}", self.kept)?;
                write!(f, "{} differences; the first, with seed {seed}: {what}", self.wrong.len())
            }
        }
    }
}
