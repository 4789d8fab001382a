//! A runtime on a SQLite store with a channel that notes when each reply is ready.
use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bot_core::dialogue::Input;
use bot_core::engine::Engine;
use bot_runtime::actions::{Actions, Environment};
use bot_runtime::channel::{Address, Body, Channel, Delivered, Delivery, Inbound, SendError};
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::SqliteStore;
use jiff::Timestamp;
use tokio::sync::Notify;

use bot_tests::figures::Latencies;

/// The channel's name.
pub const CHANNEL: &str = "load";

/// What runs, and what is measured. Clones are the same world.
#[derive(Clone)]
pub struct World {
    runtime: Runtime<SqliteStore>,
    ledger: Arc<Ledger>,
}

impl World {
    /// Starts.
    pub async fn start(intents: &Path, store: &Path) -> Result<World> {
        let engine = Arc::new(
            Engine::load(bot_cli::read_bot(intents)?).map_err(|problems| anyhow::anyhow!("{problems}"))?,
        );
        let store = Arc::new(SqliteStore::open(store)?);
        let actions = Some(Actions::new(Environment::default()));
        let runtime = Runtime::start(store, engine, Options { actions, ..Options::default() });
        let ledger = Arc::new(Ledger::default());
        runtime.serve(LoadChannel(ledger.clone()));
        Ok(World { runtime, ledger })
    }

    /// A customer writes; returns when that is stored.
    pub async fn write(&self, customer: &str, number: u32, text: &str) -> Result<()> {
        self.ledger.written(customer);
        let arrival = Inbound {
            address: Address { channel: CHANNEL.to_owned(), peer: customer.to_owned() },
            key: format!("{customer}:{number}"),
            at: Timestamp::now(),
            customer: None,
            body: Body::Input { input: Input::text(text), message: None },
        };
        self.runtime.receive(vec![arrival]).await.context("a message was not stored")?;
        Ok(())
    }

    /// Waits until all messages are answered: how long that took.
    pub async fn answered(&self) -> Latencies {
        self.answered_of("").await
    }

    /// The same, of customers whose name begins so.
    pub async fn answered_of(&self, prefix: &str) -> Latencies {
        loop {
            let changed = self.ledger.changed.notified();
            if self.ledger.is_done(prefix) {
                return Latencies::new(self.ledger.latencies(prefix));
            }
            changed.await;
        }
    }

    /// Stops.
    pub async fn stop(&self) -> Result<()> {
        Ok(self.runtime.stop().await?)
    }
}

#[derive(Default)]
struct Ledger {
    customers: Mutex<HashMap<String, Entry>>,
    changed: Notify,
}

/// Messages of a customer that are not answered yet, and how long the others took. One reply may answer several messages.
#[derive(Default)]
struct Entry {
    waiting: VecDeque<Instant>,
    took: Vec<Duration>,
}

impl Ledger {
    fn written(&self, customer: &str) {
        let mut customers = self.customers.lock().unwrap_or_else(PoisonError::into_inner);
        customers.entry(customer.to_owned()).or_default().waiting.push_back(Instant::now());
    }

    fn replied(&self, customer: &str) {
        let mut customers = self.customers.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = customers.entry(customer.to_owned()).or_default();
        let answered: Vec<Instant> = entry.waiting.drain(..).collect();
        entry.took.extend(answered.iter().map(Instant::elapsed));
        self.changed.notify_waiters();
    }

    fn is_done(&self, prefix: &str) -> bool {
        let customers = self.customers.lock().unwrap_or_else(PoisonError::into_inner);
        customers.iter().all(|(name, entry)| !name.starts_with(prefix) || entry.waiting.is_empty())
    }

    fn latencies(&self, prefix: &str) -> Vec<Duration> {
        let customers = self.customers.lock().unwrap_or_else(PoisonError::into_inner);
        let of = customers.iter().filter(|(name, _)| name.starts_with(prefix));
        of.flat_map(|(_, entry)| entry.took.clone()).collect()
    }
}

struct LoadChannel(Arc<Ledger>);

impl Channel for LoadChannel {
    fn name(&self) -> &str {
        CHANNEL
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Delivered, SendError> {
        self.0.replied(&delivery.address.peer);
        Ok(Delivered::default())
    }
}
