//! A store with many conversations: how long a start with it takes, and how much memory.
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bot_core::dialogue::{Input, Tracker};
use bot_core::engine::{Actions, Conversation, Engine};
use bot_runtime::channel::{Address, Body, Inbound};
use bot_runtime::store::{Commit, SqliteStore, Store};
use jiff::{Timestamp, Zoned};
use tokio::task::JoinSet;

use crate::customers;
use crate::world::{CHANNEL, World};

/// What each stored conversation holds.
const TALK: [&str; 3] = ["where is my parcel", "ST-12345678", "is shipping free?"];

/// Commits on their way at the same time, so that the store can batch them.
const AT_ONCE: usize = 256;

/// Makes the store, then starts a process on it that takes messages for some of the conversations.
pub async fn run(intents: &Path, conversations: u32, active: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("bot.db");
    fill(intents, &file, conversations).await?;
    let megabytes = std::fs::metadata(&file)?.len() / 1_000_000;
    println!("stored    {conversations} conversations of {} messages: a file of {megabytes} MB", TALK.len());
    let program = std::env::current_exe()?;
    let mut child = Command::new(program);
    child.arg("--intents").arg(intents).arg("active").arg(&file).arg(active.to_string());
    ensure!(child.status()?.success(), "the measured process failed");
    Ok(())
}

async fn fill(intents: &Path, file: &Path, conversations: u32) -> Result<()> {
    let engine = engine(intents)?;
    let (events, tracker) = talk(&engine);
    let store = Arc::new(SqliteStore::open(file)?);
    let mut writes: JoinSet<Result<()>> = JoinSet::new();
    for number in 0..conversations {
        if writes.len() >= AT_ONCE
            && let Some(written) = writes.join_next().await
        {
            written??;
        }
        let (store, events, tracker) = (store.clone(), events.clone(), tracker.clone());
        writes.spawn(async move {
            let arrival = arrival(number);
            let now = arrival.at;
            let received = store.receive(vec![arrival], now).await?;
            let loaded = store.load(received[0].conversation).await?;
            let Some(loaded) = loaded else { anyhow::bail!("a conversation is gone") };
            let done = loaded.inbox.iter().map(|item| item.id).collect();
            let commit = Commit {
                conversation: loaded.id,
                revision: loaded.revision,
                at: now,
                done,
                events,
                tracker,
                outbox: vec![],
                timers_set: vec![],
                timers_done: vec![],
                ticket: vec![],
                forget: false,
                link: None,
            };
            store.commit(commit).await?;
            Ok(())
        });
    }
    while let Some(written) = writes.join_next().await {
        written??;
    }
    Ok(store.close().await?)
}

fn engine(intents: &Path) -> Result<Engine> {
    Engine::load(bot_cli::read_bot(intents)?).map_err(|problems| anyhow::anyhow!("{problems}"))
}

fn talk(engine: &Engine) -> (Vec<bot_core::dialogue::Event>, Tracker) {
    let actions = Actions::default();
    let mut conversation = Conversation::new(engine, &actions);
    for text in TALK {
        conversation.send(&Input::text(text), &Zoned::now());
    }
    (conversation.events, conversation.tracker)
}

fn arrival(number: u32) -> Inbound {
    Inbound {
        address: Address { channel: CHANNEL.to_owned(), peer: format!("customer{number}") },
        key: format!("old:{number}"),
        at: Timestamp::now(),
        customer: None,
        body: Body::Input { input: Input::text(TALK[0]), message: None },
    }
}

/// The measured process: starts on the store, and some of its conversations go on.
pub async fn child(intents: &Path, file: &Path, active: u32) -> Result<()> {
    let begin = Instant::now();
    let world = World::start(intents, file).await?;
    let loaded = begin.elapsed();
    world.write("newcomer", 0, "is shipping free?").await?;
    world.answered().await;
    println!(
        "start     {:.0} ms until the runtime stands, {:.0} ms until the first reply",
        loaded.as_secs_f64() * 1000.0,
        begin.elapsed().as_secs_f64() * 1000.0
    );
    customers::write(&world, active, Duration::from_secs(u64::from(active / 200)), active).await?;
    crate::report(&format!("active    {active} conversations go on, 200 a second"), world.answered().await);
    world.stop().await
}
