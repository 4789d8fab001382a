//! Measures the runtime with the SQLite store: how soon replies are ready, and what that takes.
//!
//! `cargo run --release -p bot-tests --bin load` prints the figures that README.md reports. Each is taken in one run on one
//! machine, whatever else that machine is doing.
mod customers;
mod stored;
mod world;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use bot_tests::figures::{self, Latencies};
use clap::{Parser, Subcommand};

use crate::world::World;

/// How soon replies are ready, and what that takes.
#[derive(Parser)]
struct Args {
    /// The bot's folder
    #[arg(long, default_value = "intents")]
    intents: PathBuf,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// A steady stream
    Steady {
        /// Messages a second
        #[arg(long, default_value_t = 200)]
        rate: u32,
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Many at once
    Burst {
        #[arg(long, default_value_t = 2_000)]
        messages: u32,
        #[arg(long, default_value_t = 5)]
        seconds: u32,
    },
    /// One customer floods, the others go on
    Flood {
        #[arg(long, default_value_t = 5_000)]
        messages: u32,
    },
    /// A store with many conversations: start, memory
    Stored {
        #[arg(long, default_value_t = 100_000)]
        conversations: u32,
        #[arg(long, default_value_t = 5_000)]
        active: u32,
    },
    /// What `stored` starts as a process of its own, to measure it alone
    #[command(hide = true)]
    Active { store: PathBuf, active: u32 },
}

fn main() -> Result<()> {
    let args = Args::parse();
    let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    tokio.block_on(run(args))
}

async fn run(args: Args) -> Result<()> {
    let intents = &args.intents;
    match args.what {
        Some(What::Steady { rate, seconds }) => steady(intents, rate, seconds).await,
        Some(What::Burst { messages, seconds }) => burst(intents, messages, seconds).await,
        Some(What::Flood { messages }) => flood(intents, messages).await,
        Some(What::Stored { conversations, active }) => stored::run(intents, conversations, active).await,
        Some(What::Active { store, active }) => stored::child(intents, &store, active).await,
        None => {
            steady(intents, 200, 60).await?;
            burst(intents, 2_000, 5).await?;
            flood(intents, 5_000).await?;
            stored::run(intents, 100_000, 5_000).await
        }
    }
}

/// So many customers take turns in writing.
const CUSTOMERS: u32 = 1_000;

async fn steady(intents: &std::path::Path, rate: u32, seconds: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let world = World::start(intents, &folder.path().join("bot.db")).await?;
    customers::write(&world, rate * seconds, Duration::from_secs(u64::from(seconds)), CUSTOMERS).await?;
    report(&format!("steady    {rate} messages a second for {seconds} s"), world.answered().await);
    world.stop().await
}

async fn burst(intents: &std::path::Path, messages: u32, seconds: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let world = World::start(intents, &folder.path().join("bot.db")).await?;
    customers::write(&world, messages, Duration::from_secs(u64::from(seconds)), messages).await?;
    report(&format!("burst     {messages} messages in {seconds} s"), world.answered().await);
    world.stop().await
}

async fn flood(intents: &std::path::Path, messages: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let world = World::start(intents, &folder.path().join("bot.db")).await?;
    let others = async {
        customers::write(&world, 1_000, Duration::from_secs(20), 100).await?;
        anyhow::Ok(world.answered_of("customer").await)
    };
    let (flooded, others) = tokio::join!(customers::flood(&world, messages), others);
    flooded?;
    report(&format!("flood     one customer sends {messages}, meanwhile others"), others?);
    world.stop().await
}

fn report(what: &str, latencies: Latencies) {
    println!("{what}: {latencies}; {} MB", figures::memory_mb());
}
