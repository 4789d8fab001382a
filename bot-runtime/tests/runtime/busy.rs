//! Customers see that something is under way that takes long.
use std::sync::Arc;
use std::time::Duration;

use bot_runtime::actions::{Actions, Environment};
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::MemoryStore;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::support::*;

/// A bot whose order system takes so long.
fn bot(takes: Duration) -> Runtime<MemoryStore> {
    let mut actions = Actions::new(Environment::default());
    actions.register_async("order", move |_with, _key| async move {
        sleep(takes).await;
        Ok(json!({ "status": "shipped" }))
    });
    let options = Options { actions: Some(actions), ..options() };
    Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options)
}

/// Asks for an order, and returns how long the answer took.
async fn ask(bot: &Runtime<MemoryStore>, platform: &Platform) -> Duration {
    write(bot, "ann", "1", "where is my order").await;
    until("the question", || platform.got("ann").len() == 1).await;
    assert_eq!(platform.busy("ann"), 0);
    let start = Instant::now();
    write(bot, "ann", "2", "42").await;
    until("the answer", || platform.got("ann").len() == 2).await;
    assert_eq!(platform.got("ann")[1], "Order 42 is shipped.");
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn what_takes_long_is_shown_until_it_is_over() {
    for (milliseconds, shown) in [(0, 0), (900, 0), (1_500, 1), (4_500, 1), (5_500, 2), (9_500, 3)] {
        let (bot, platform) = (bot(Duration::from_millis(milliseconds)), Platform::default());
        bot.serve(platform.clone());
        ask(&bot, &platform).await;
        sleep(Duration::from_secs(60)).await;
        assert_eq!(platform.busy("ann"), shown, "in {milliseconds} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_sign_that_hangs_or_fails_delays_nothing() {
    for (does, shown) in [(WhenBusy::Hangs, 3), (WhenBusy::Panics, 1)] {
        let (bot, platform) = (bot(Duration::from_millis(9_500)), Platform::default());
        platform.when_busy(does);
        bot.serve(platform.clone());
        let took = ask(&bot, &platform).await;
        assert!(took < Duration::from_secs(10), "{took:?}");
        assert_eq!(platform.busy("ann"), shown);
    }
}

#[tokio::test(start_paused = true)]
async fn another_channels_customer_is_shown_nothing() {
    let (bot, platform) = (bot(Duration::from_secs(10)), Platform::default());
    // Nobody serves the channel of the one who asks.
    let arrival = |key, text: &str| {
        let mut arrival = arrival("ben", key, bot_core::dialogue::Input::text(text));
        arrival.address.channel = "another".to_owned();
        arrival
    };
    bot.serve(platform.clone());
    bot.receive(vec![arrival("1", "where is my order")]).await.unwrap();
    bot.receive(vec![arrival("2", "42")]).await.unwrap();
    sleep(Duration::from_secs(30)).await;
    assert_eq!(platform.busy("ben"), 0);
}
