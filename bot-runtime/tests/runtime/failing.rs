//! Panics, and a store that fails.
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::{MemoryStore, Store, StoreError, TicketFilter};
use jiff::Zoned;

use crate::shared::Shared;
use crate::support::*;

fn panics_on_poison(engine: &Engine, tracker: &Tracker, input: &Input, now: &Zoned) -> Vec<Event> {
    if let Input::Text { text } = input {
        assert!(!text.contains("poison"), "what the customer wrote: {text}");
    }
    engine.turn(tracker, input, now)
}

#[tokio::test(start_paused = true)]
async fn a_message_on_which_the_bot_panics_is_put_aside_with_a_hand_off() {
    let (platform, options) = (Platform::default(), Options { turn: panics_on_poison, ..options() });
    let bot = Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options);
    bot.serve(platform.clone());
    let conversation = write(&bot, "ann", "1", "poison").await;
    write(&bot, "ben", "2", "when are you open").await;
    until("the other one", || platform.got("ben") == ["From 9 to 5."]).await;
    bot.settled(conversation).await.unwrap();
    assert!(!platform.got("ann").is_empty(), "the customer is told that a person comes");
    let filter = TicketFilter { conversation: Some(conversation), ..TicketFilter::default() };
    assert_eq!(bot.store().tickets(filter).await.unwrap().len(), 1);
    write(&bot, "ben", "3", "hello there").await;
    until("all goes on", || platform.got("ben").len() == 2).await;
}

#[tokio::test(start_paused = true)]
async fn of_a_burst_only_what_fails_is_put_aside() {
    let platform = Platform::with_window(Duration::from_secs(2));
    let options = Options { turn: panics_on_poison, ..options() };
    let bot = Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options);
    bot.serve(platform.clone());
    let texts = ["when are you open", "poison", "hello there!"];
    let pieces = texts.iter().map(|text| arrival("ann", text, Input::text(*text))).collect();
    bot.receive(pieces).await.unwrap();
    until("the first", || platform.got("ann").first().is_some_and(|text| text == "From 9 to 5.")).await;
    until("the hand-off", || platform.got("ann").len() > 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_confirms_nothing_and_loses_nothing() {
    let (platform, store) = (Platform::default(), Shared::new(MemoryStore::new()));
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    bot.serve(platform.clone());
    let conversation = write(&bot, "ann", "1", "when are you open").await;
    bot.settled(conversation).await.unwrap();
    store.full.store(true, Ordering::SeqCst);
    let refused = bot.receive(vec![arrival("ann", "2", Input::text("hello there"))]).await;
    assert!(matches!(refused, Err(StoreError::Full)));
    // What was taken in by another process just before.
    let arrived = vec![arrival("ann", "3", Input::text("hello there"))];
    store.store.receive(arrived, noon().timestamp()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(platform.got("ann").len(), 1);
    store.full.store(false, Ordering::SeqCst);
    bot.settled(conversation).await.unwrap();
    assert_eq!(platform.got("ann"), ["From 9 to 5.", "Hi!"]);
}
