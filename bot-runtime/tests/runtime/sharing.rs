//! Several runtimes on one store, restarts, and agents.
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bot_core::dialogue::Input;
use bot_core::handoff::{AgentAct, Owner};
use bot_runtime::actions::{Actions, Environment};
use bot_runtime::channel::SendError;
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::{MemoryStore, Store};
use jiff::{SignedDuration, ToSpan};
use serde_json::json;
use tokio::sync::Notify;

use crate::shared::Shared;
use crate::support::*;

on_each_store!(two_on_one_store_double_nothing,);

async fn two_on_one_store_double_nothing(store: Shared<impl Store>) {
    let platform = Platform::default();
    let start = || {
        let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
        bot.serve(platform.clone());
        bot
    };
    let bots = [start(), start()];
    let mut conversations = BTreeSet::new();
    for number in 0..10 {
        for peer in 0..10 {
            let text = if number % 2 == 0 { "when are you open" } else { "hello there" };
            let (name, key) = (format!("p{peer}"), format!("{peer}/{number}"));
            conversations.insert(write(&bots[(peer + number) % 2], &name, &key, text).await);
        }
    }
    for conversation in conversations {
        bots[0].settled(conversation).await.unwrap();
    }
    let expected: Vec<_> = (0..10).map(|number| ["From 9 to 5.", "Hi!"][number % 2]).collect();
    for peer in 0..10 {
        assert_eq!(platform.got(&format!("p{peer}")), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_desk_does_goes_out_by_the_process_that_serves() {
    let (platform, store) = (Platform::default(), Shared::new(MemoryStore::new()));
    let chat = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    chat.serve(platform.clone());
    let conversation = write(&chat, "ann", "1", "hello there").await;
    chat.settled(conversation).await.unwrap();
    chat.stop().await.unwrap();
    let desk = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    for _ in 0..2 {
        desk.act(conversation, "Ada", AgentAct::Note { text: "calls often".into() }, "n1").await.unwrap();
    }
    desk.settled(conversation).await.unwrap();
    assert!(desk.act(bot_runtime::store::ConversationId(99), "Ada", AgentAct::Claim, "n2").await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_process_without_the_channel_leaves_customers_to_the_one_that_has_it() {
    let (platform, store) = (Platform::default(), Shared::new(MemoryStore::new()));
    let options_of_desk = options();
    let clock = options_of_desk.clock.clone();
    let _desk = Runtime::start(Arc::new(store.clone()), engine(BOT), options_of_desk);
    let chat = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    chat.serve(platform.clone());
    for number in 0..30 {
        let conversation = write(&chat, "ann", &number.to_string(), "hello there").await;
        chat.settled(conversation).await.unwrap();
    }
    assert_eq!(platform.got("ann").len(), 30);
    assert_eq!(store.late.load(Ordering::SeqCst), 0, "no message is thought about twice");
    chat.stop().await.unwrap();
    // Unless it is gone: then somebody must.
    let orphan = vec![arrival("ann", "last", Input::text("hello there"))];
    let conversation = store.store.receive(orphan, noon().timestamp()).await.unwrap()[0].conversation;
    let turns = store.turns.lock().unwrap().len();
    clock.advance(4.seconds().try_into().unwrap());
    until("the other one", || store.turns.lock().unwrap().len() > turns).await;
    assert!(store.unsettled(conversation).await.unwrap() > 0, "the reply waits for the channel");
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_process_had_on_the_wire_is_sent_again_as_in_doubt() {
    let (platform, store) = (Platform::default(), Shared::new(MemoryStore::new()));
    let dying = std::thread::spawn({
        let (platform, store) = (platform.clone(), store.clone());
        move || {
            let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            tokio.block_on(async {
                platform.hang("ann");
                let bot = Runtime::start(Arc::new(store), engine(BOT), options());
                bot.serve(platform.clone());
                write(&bot, "ann", "1", "when are you open").await;
                until("the send", || platform.attempts().len() == 1).await;
            });
            // Its tasks are dropped wherever they are.
        }
    });
    dying.join().unwrap();
    platform.unhang();
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    bot.serve(platform.clone());
    until("the send of the other one", || !platform.got("ann").is_empty()).await;
    let attempts = platform.attempts();
    assert_eq!(attempts.len(), 2);
    assert_eq!((attempts[0].0.as_str(), attempts[1].1), (attempts[1].0.as_str(), true));
}

#[tokio::test(start_paused = true)]
async fn a_stop_finishes_sends_that_have_begun_and_leaves_the_rest() {
    let (platform, store) = (Platform::default(), Shared::new(MemoryStore::new()));
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    platform.hang("ann");
    platform.fail("ben", [SendError::Retry("no connection".into())]);
    bot.serve(platform.clone());
    write(&bot, "ann", "1", "when are you open").await;
    write(&bot, "ben", "2", "when are you open").await;
    until("both attempts", || platform.attempts().len() == 2).await;
    let start = tokio::time::Instant::now();
    bot.stop().await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(21), "{:?}", start.elapsed());
    platform.unhang();
    let options = options();
    options.clock.advance(SignedDuration::from_secs(60));
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options);
    bot.serve(platform.clone());
    until("both", || platform.peers().len() == 2).await;
    let again: BTreeSet<bool> = platform.attempts()[2..].iter().map(|(_, again)| *again).collect();
    assert_eq!(again, BTreeSet::from([false, true]), "only what was on the wire is in doubt");
}

#[tokio::test(start_paused = true)]
async fn a_timer_that_came_due_while_nobody_ran_fires_once() {
    let (platform, store) = (Platform::default(), Shared::new(MemoryStore::new()));
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    bot.serve(platform.clone());
    let conversation = write(&bot, "ann", "1", "call me later").await;
    bot.settled(conversation).await.unwrap();
    bot.stop().await.unwrap();
    for _ in 0..2 {
        let options = options();
        options.clock.advance(3.hours().try_into().unwrap());
        let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options);
        bot.serve(platform.clone());
        until("the timer", || platform.got("ann").len() == 2).await;
        tokio::time::sleep(Duration::from_secs(5)).await;
        bot.stop().await.unwrap();
    }
    assert_eq!(platform.got("ann"), ["I will.", "Here I am."]);
}

#[tokio::test(start_paused = true)]
async fn while_an_agent_has_the_conversation_an_actions_answer_says_nothing() {
    let (gate, called) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let mut actions = Actions::new(Environment::default());
    actions.register_async("order", {
        let (gate, called) = (gate.clone(), called.clone());
        move |_, _| {
            let (gate, called) = (gate.clone(), called.clone());
            async move {
                called.notify_one();
                gate.notified().await;
                Ok(json!({ "status": "shipped" }))
            }
        }
    });
    let (platform, options) = (Platform::default(), Options { actions: Some(actions), ..options() });
    let bot = Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options);
    bot.serve(platform.clone());
    let conversation = write(&bot, "ann", "1", "where is my order").await;
    write(&bot, "ann", "2", "42").await;
    called.notified().await;
    bot.act(conversation, "Ada", AgentAct::Say { text: "I look myself.".into() }, "a1").await.unwrap();
    until("the agent's words", || platform.got("ann").last().is_some_and(|text| text.contains("Ada"))).await;
    gate.notify_one();
    bot.settled(conversation).await.unwrap();
    let loaded = bot.store().load(conversation).await.unwrap().unwrap();
    assert_eq!(loaded.tracker.owner, Owner::Person);
    assert_eq!(platform.got("ann"), ["Which number?", "Ada: I look myself."]);
}

#[tokio::test(start_paused = true)]
async fn what_is_older_than_the_folder_keeps_is_erased_at_the_start() {
    let store = Shared::new(MemoryStore::new());
    let keeps = format!("keep: 30d\n{BOT}");
    let mut left = Vec::new();
    for (peer, days) in [("ann", 0), ("ben", 20), ("cat", 40)] {
        let options = options();
        options.clock.advance(SignedDuration::from_hours(24 * days));
        let bot = Runtime::start(Arc::new(store.clone()), engine(&keeps), options);
        bot.serve(Platform::default());
        let conversation = write(&bot, peer, peer, "hello there").await;
        bot.settled(conversation).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        bot.stop().await.unwrap();
        left.push(store.list(10).await.unwrap().len());
    }
    assert_eq!(left, [1, 2, 2]);
}
