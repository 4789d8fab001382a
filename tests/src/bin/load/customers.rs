//! Customers who write.
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;

use crate::world::World;

/// What they write: questions that are answered at once, and such as begin a flow.
const TEXTS: [&str; 8] = [
    "is shipping free?",
    "where is my parcel",
    "ST-12345678",
    "how can I pay?",
    "I want to send something back",
    "what are your opening hours?",
    "never mind",
    "do you have a shop in Berlin?",
];

/// So many messages, spread evenly over a time, from so many customers in turn.
pub async fn write(world: &World, messages: u32, over: Duration, customers: u32) -> Result<()> {
    let begin = Instant::now();
    let mut writes = JoinSet::new();
    for number in 0..messages {
        tokio::time::sleep_until((begin + over * number / messages).into()).await;
        let customer = number % customers;
        let text = TEXTS[((number / customers + customer) as usize) % TEXTS.len()];
        send(&mut writes, world, format!("customer{customer}"), number, text);
    }
    all(writes).await
}

/// One customer writes as fast as the store takes it.
pub async fn flood(world: &World, messages: u32) -> Result<()> {
    let mut writes = JoinSet::new();
    for number in 0..messages {
        send(&mut writes, world, "flooder".to_owned(), number, TEXTS[number as usize % TEXTS.len()]);
    }
    all(writes).await
}

fn send(writes: &mut JoinSet<Result<()>>, world: &World, customer: String, number: u32, text: &'static str) {
    let world = world.clone();
    writes.spawn(async move { world.write(&customer, number, text).await });
}

async fn all(mut writes: JoinSet<Result<()>>) -> Result<()> {
    while let Some(written) = writes.join_next().await {
        written??;
    }
    Ok(())
}
