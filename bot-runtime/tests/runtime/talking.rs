//! Conversations in which nothing goes wrong.
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bot_core::dialogue::{AttachmentKind, Event, Input};
use bot_runtime::actions::{Actions, Environment};
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::{MemoryStore, Store};
use jiff::ToSpan;
use serde_json::json;

use crate::shared::Shared;
use crate::support::*;

on_each_store!(
    a_question_an_answer_a_call_and_its_outcome,
    a_second_arrival_changes_nothing,
    conversations_go_in_parallel_and_each_in_order,
    what_came_in_while_nobody_was_there_is_answered_after_the_start,
    another_bot_counts_from_the_next_turn_on,
);

fn with_actions() -> Options {
    Options { actions: Some(Actions::new(Environment::default())), ..options() }
}

async fn a_question_an_answer_a_call_and_its_outcome(store: Shared<impl Store>) {
    let platform = Platform::default();
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), with_actions());
    bot.serve(platform.clone());
    let conversation = write(&bot, "ann", "1", "where is my order").await;
    bot.settled(conversation).await.unwrap();
    assert_eq!(platform.got("ann"), ["Which number?"]);
    write(&bot, "ann", "2", "42").await;
    bot.settled(conversation).await.unwrap();
    assert_eq!(platform.got("ann"), ["Which number?", "Order 42 is shipped."]);
    bot.stop().await.unwrap();
}

async fn a_second_arrival_changes_nothing(store: Shared<impl Store>) {
    let platform = Platform::default();
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    bot.serve(platform.clone());
    let twice = || arrival("ann", "1", Input::text("when are you open"));
    let received = bot.receive(vec![twice(), twice()]).await.unwrap();
    assert_eq!(received.iter().map(|received| received.is_new).collect::<Vec<_>>(), [true, false]);
    bot.settled(received[0].conversation).await.unwrap();
    bot.receive(vec![twice()]).await.unwrap();
    bot.settled(received[0].conversation).await.unwrap();
    assert_eq!(platform.got("ann"), ["From 9 to 5."]);
}

/// Echoes, so that the order can be read off the ledger.
fn echo(
    _: &bot_core::engine::Engine,
    _: &bot_core::dialogue::Tracker,
    input: &Input,
    now: &jiff::Zoned,
) -> Vec<Event> {
    let Input::Text { text } = input else { return vec![] };
    let reply = bot_core::reply::Reply { text: bot_core::reply::Markup(text.clone()), buttons: vec![] };
    vec![Event::CustomerSaid { text: text.clone(), at: now.timestamp() }, Event::Said { reply }]
}

async fn conversations_go_in_parallel_and_each_in_order(store: Shared<impl Store>) {
    let platform = Platform::default();
    let options = Options { turn: echo, ..options() };
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options);
    bot.serve(platform.clone());
    let mut conversations = BTreeSet::new();
    for number in 0..20 {
        for peer in 0..20 {
            let (peer, key) = (format!("p{peer}"), format!("{peer}/{number}"));
            conversations.insert(write(&bot, &peer, &key, &number.to_string()).await);
        }
    }
    for conversation in conversations {
        bot.settled(conversation).await.unwrap();
    }
    let expected: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    for peer in 0..20 {
        assert_eq!(platform.got(&format!("p{peer}")), expected);
    }
    let keys = platform.keys();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    assert!(keys.iter().all(|key| key.len() <= 25 && key.is_ascii()));
}

#[tokio::test(start_paused = true)]
async fn who_floods_delays_nobody() {
    let (platform, store) = (Platform::default(), Shared::new(MemoryStore::new()));
    let options = Options { turn: echo, turns_at_once: 1, ..options() };
    let flood = (0..1_000).map(|key| arrival("flood", &format!("f{key}"), Input::text("hi"))).collect();
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options);
    bot.serve(platform.clone());
    let flooder = bot.receive(flood).await.unwrap()[0].conversation;
    until("the flood to begin", || store.turns.lock().unwrap().len() >= 5).await;
    let (others, before) = (["ann", "ben", "cat"], store.turns.lock().unwrap().len());
    for peer in others {
        write(&bot, peer, peer, "hello").await;
    }
    until("the others", || others.iter().all(|peer| platform.got(peer) == ["hello"])).await;
    let turns = store.turns.lock().unwrap();
    let last = turns.iter().rposition(|conversation| *conversation != flooder).unwrap();
    // Turns of the flooder before the last of the three had its own: each waits for one of them, and for those in the queue.
    let meanwhile = turns[before..last].iter().filter(|conversation| **conversation == flooder).count();
    assert!(meanwhile <= 12, "{meanwhile} of the flooder's turns came first");
}

#[tokio::test(start_paused = true)]
async fn pieces_are_answered_once_and_sentences_at_once() {
    let platform = Platform::with_window(Duration::from_secs(2));
    let options = Options { turn: echo, ..options() };
    let clock = options.clock.clone();
    let bot = Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options);
    bot.serve(platform.clone());
    write(&bot, "ben", "b1", "where is my parcel").await;
    until("a sentence", || platform.got("ben").len() == 1).await;
    write(&bot, "ann", "a1", "hi").await;
    clock.advance(1.second().try_into().unwrap());
    write(&bot, "ann", "a2", "my order").await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert!(platform.got("ann").is_empty());
    clock.advance(2.seconds().try_into().unwrap());
    until("the pieces", || !platform.got("ann").is_empty()).await;
    assert_eq!(platform.got("ann"), ["hi\nmy order"]);
}

/// Whoever answers: the bot here, a person once one was asked for.
#[tokio::test(start_paused = true)]
async fn an_album_is_one_message() {
    let (platform, options) = (Platform::default(), options());
    let clock = options.clock.clone();
    let bot = Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options);
    bot.serve(platform.clone());
    for (album, asks) in [("a", "when are you open"), ("b", "talk to a person"), ("c", "it is broken")] {
        let part = |number: u32, caption: Option<&str>| Input::Attachment {
            kind: AttachmentKind::Picture,
            caption: caption.map(str::to_owned),
            files: vec![format!("{album}/{number}")],
            album: Some(album.to_owned()),
        };
        let before = bot.store().newest().await.unwrap();
        let conversation = put(&bot, "ann", &format!("{album}1"), part(1, None)).await;
        put(&bot, "ann", &format!("{album}2"), part(2, Some(asks))).await;
        tokio::time::sleep(Duration::from_secs(30)).await;
        assert_eq!(bot.store().newest().await.unwrap(), before, "it waits for more");
        clock.advance(1.second().try_into().unwrap());
        bot.settled(conversation).await.unwrap();
        let events = bot.store().events(Some(conversation), before, 100).await.unwrap();
        let events: Vec<_> = events.into_iter().map(|stored| stored.event).collect();
        let said = format!("[picture] {asks}");
        assert!(matches!(&events[0], Event::CustomerSaid { text, .. } if *text == said), "{events:?}");
        assert_eq!(events[1], Event::Attached { files: vec![format!("{album}/1"), format!("{album}/2")] });
        assert!(!events[2..].iter().any(|event| matches!(event, Event::CustomerSaid { .. })), "{events:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn timers_fire_once_whatever_the_clock_does() {
    let (platform, options) = (Platform::default(), options());
    let clock = options.clock.clone();
    let bot = Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options);
    bot.serve(platform.clone());
    let conversation = write(&bot, "ann", "1", "call me later").await;
    bot.settled(conversation).await.unwrap();
    assert_eq!(platform.got("ann"), ["I will."]);
    clock.advance((-2).hours().try_into().unwrap());
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(platform.got("ann").len(), 1);
    clock.advance(30.hours().try_into().unwrap());
    until("the timer", || platform.got("ann").len() == 2).await;
    clock.advance((-30).hours().try_into().unwrap());
    tokio::time::sleep(Duration::from_secs(5)).await;
    clock.advance(60.hours().try_into().unwrap());
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(platform.got("ann"), ["I will.", "Here I am."]);
}

async fn what_came_in_while_nobody_was_there_is_answered_after_the_start(store: Shared<impl Store>) {
    let platform = Platform::default();
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    bot.stop().await.unwrap();
    bot.stop().await.unwrap();
    let conversation = write(&bot, "ann", "1", "when are you open").await;
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    bot.serve(platform.clone());
    bot.settled(conversation).await.unwrap();
    assert_eq!(platform.got("ann"), ["From 9 to 5."]);
}

async fn another_bot_counts_from_the_next_turn_on(store: Shared<impl Store>) {
    let platform = Platform::default();
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    bot.serve(platform.clone());
    let conversation = write(&bot, "ann", "1", "when are you open").await;
    bot.settled(conversation).await.unwrap();
    bot.swap(engine("intents: { hours: { examples: [when are you open], say: Always. } }"));
    write(&bot, "ann", "2", "when are you open").await;
    bot.settled(conversation).await.unwrap();
    assert_eq!(platform.got("ann"), ["From 9 to 5.", "Always."]);
}

#[tokio::test(start_paused = true)]
async fn an_action_that_hangs_delays_nobody() {
    let mut actions = Actions::new(Environment::default());
    actions.register_async("order", |with, _key| async move {
        if with["number"] == "666" || with["number"] == 666 {
            std::future::pending::<()>().await;
        }
        Ok(json!({ "status": "shipped" }))
    });
    let options = Options { actions: Some(actions), ..options() };
    let platform = Platform::default();
    let bot = Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options);
    bot.serve(platform.clone());
    for peer in 0..10 {
        write(&bot, &format!("p{peer}"), &format!("{peer}a"), "where is my order").await;
        write(&bot, &format!("p{peer}"), &format!("{peer}b"), if peer == 9 { "1" } else { "666" }).await;
    }
    let start = tokio::time::Instant::now();
    until("the one that does not hang", || platform.got("p9").len() == 2).await;
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(platform.got("p9")[1], "Order 1 is shipped.");
    write(&bot, "p0", "0c", "hello?").await;
    until("a word meanwhile", || platform.got("p0").len() == 2).await;
}
