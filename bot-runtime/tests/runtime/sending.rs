//! What becomes of deliveries that don't just work.
use std::sync::Arc;
use std::time::Duration;

use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_runtime::channel::{Pace, SendError};
use bot_runtime::clock::Clock;
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::{ConversationId, EventId, MemoryStore, Store, StoredEvent};
use jiff::{SignedDuration, Zoned};

use crate::shared::Shared;
use crate::support::*;

struct World {
    platform: Platform,
    clock: Clock,
    bot: Runtime<MemoryStore>,
}

fn world(platform: Platform) -> World {
    let options = Options { turn: noting, ..options() };
    let clock = options.clock.clone();
    let bot = Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options);
    bot.serve(platform.clone());
    World { platform, clock, bot }
}

/// A turn that notes what was not delivered and does no more about it.
fn noting(engine: &Engine, tracker: &Tracker, input: &Input, now: &Zoned) -> Vec<Event> {
    match input.clone() {
        Input::Undelivered { text, reason } => vec![Event::Undelivered { text, reason }],
        input => engine.turn(tracker, &input, now),
    }
}

impl World {
    /// Time passes until it holds; returns how many seconds.
    async fn seconds_until(&self, what: &str, holds: impl Fn(&Platform) -> bool) -> u32 {
        for seconds in 0..100_000 {
            for _ in 0..20 {
                tokio::time::sleep(Duration::from_millis(10)).await;
                if holds(&self.platform) {
                    return seconds;
                }
            }
            self.clock.advance(SignedDuration::from_secs(1));
        }
        panic!("waited for {what}");
    }
}

fn retry() -> SendError {
    SendError::Retry("no connection".into())
}

fn wait(seconds: u64, all: bool) -> SendError {
    SendError::Wait { pause: Duration::from_secs(seconds), all }
}

fn doubt() -> SendError {
    SendError::Doubt("reset".into())
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_sent_again_ever_more_seldom_and_in_order() {
    let world = world(Platform::default());
    world.platform.fail("ann", [retry(), retry(), retry()]);
    let conversation = write(&world.bot, "ann", "1", "when are you open").await;
    write(&world.bot, "ann", "2", "hello there").await;
    let seconds = world.seconds_until("both", |platform| platform.got("ann").len() == 2).await;
    assert!((7..=9).contains(&seconds), "1 + 2 + 4 seconds, not {seconds}");
    assert_eq!(world.platform.got("ann"), ["From 9 to 5.", "Hi!"]);
    assert!(world.platform.attempts().iter().all(|(_, again)| !again));
    world.bot.settled(conversation).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_that_waits_fails_or_hangs_delays_no_other() {
    let world = world(Platform::default());
    world.platform.fail("ann", [wait(600, false)]);
    world.platform.fail("ben", std::iter::repeat_n(retry(), 30));
    world.platform.hang("cat");
    for peer in ["ann", "ben", "cat", "dan"] {
        write(&world.bot, peer, peer, "when are you open").await;
    }
    let seconds = world.seconds_until("the fourth", |platform| !platform.got("dan").is_empty()).await;
    assert_eq!(seconds, 0);
    let seconds = world.seconds_until("the first", |platform| !platform.got("ann").is_empty()).await;
    assert!((598..=602).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn when_all_must_wait_all_wait() {
    let world = world(Platform::default());
    world.platform.fail("ann", [wait(30, true)]);
    let conversation = write(&world.bot, "ann", "1", "when are you open").await;
    until("the attempt", || world.platform.attempts().len() == 1).await;
    let start = tokio::time::Instant::now();
    write(&world.bot, "ben", "2", "when are you open").await;
    world.seconds_until("the other", |platform| !platform.got("ben").is_empty()).await;
    assert!(start.elapsed() >= Duration::from_secs(29), "{:?}", start.elapsed());
    world.seconds_until("the first", |platform| !platform.got("ann").is_empty()).await;
    world.bot.settled(conversation).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_in_doubt_is_marked_and_given_up_after_a_few_times() {
    let world = world(Platform::default());
    world.platform.fail("ann", [doubt(), retry()]);
    write(&world.bot, "ann", "1", "when are you open").await;
    world.seconds_until("the third attempt", |platform| !platform.got("ann").is_empty()).await;
    let attempts = world.platform.attempts();
    assert_eq!(attempts.iter().map(|(_, again)| *again).collect::<Vec<_>>(), [false, true, true]);
    assert!(attempts.iter().all(|(key, _)| *key == attempts[0].0));

    world.platform.fail("ben", std::iter::repeat_n(doubt(), 10));
    let conversation = write(&world.bot, "ben", "2", "when are you open").await;
    write(&world.bot, "ben", "3", "hello there").await;
    world.seconds_until("the second message", |platform| platform.attempts().len() > 6).await;
    let keys: Vec<_> = world.platform.attempts().into_iter().map(|(key, _)| key).collect();
    assert!(keys[3] == keys[5] && keys[5] != keys[6], "three attempts, then the next message: {keys:?}");
    assert_eq!(undelivered(&world, conversation).await, 1);
}

async fn undelivered(world: &World, conversation: ConversationId) -> usize {
    reasons(world, conversation).await.len()
}

/// Why what was not delivered.
async fn reasons(world: &World, conversation: ConversationId) -> Vec<String> {
    let events = world.bot.store().events(Some(conversation), EventId(0), 1_000).await.unwrap();
    let reason = |stored: StoredEvent| match stored.event {
        Event::Undelivered { reason, .. } => Some(reason),
        _ => None,
    };
    events.into_iter().filter_map(reason).collect()
}

fn again(platform: &Platform) -> Vec<bool> {
    platform.attempts().iter().map(|(_, again)| *again).collect()
}

#[tokio::test(start_paused = true)]
async fn parts_follow_at_once_and_the_next_message_after_them() {
    let world = world(Platform::in_parts(3));
    let conversation = write(&world.bot, "ann", "1", "when are you open").await;
    write(&world.bot, "ann", "2", "hello there").await;
    let seconds = world.seconds_until("all parts", |platform| platform.got("ann").len() == 6).await;
    assert_eq!(seconds, 0);
    let wanted =
        ["From 9 to 5. [0]", "From 9 to 5. [1]", "From 9 to 5. [2]", "Hi! [0]", "Hi! [1]", "Hi! [2]"];
    assert_eq!(world.platform.got("ann"), wanted);
    let keys = world.platform.keys();
    assert!(keys[0] == keys[2] && keys[2] != keys[3], "{keys:?}");
    world.bot.settled(conversation).await.unwrap();
    let traces = world.bot.store().traces(conversation, EventId(0), 10).await.unwrap();
    let messages = traces.iter().map(|trace| trace.twins.iter().map(|twin| twin.message.as_str()).collect());
    assert_eq!(messages.collect::<Vec<Vec<_>>>(), [["m1", "m2", "m3"], ["m4", "m5", "m6"]]);
}

#[tokio::test(start_paused = true)]
async fn each_part_has_attempts_and_doubts_of_its_own() {
    let world = world(Platform::in_parts(3));
    world.platform.fail_part(1, [retry(), doubt(), doubt()]);
    let conversation = write(&world.bot, "ann", "1", "when are you open").await;
    let seconds = world.seconds_until("all parts", |platform| platform.got("ann").len() == 3).await;
    assert!((6..=9).contains(&seconds), "1 + 2 + 4 seconds, not {seconds}");
    assert_eq!(again(&world.platform), [false, false, false, true, true, false]);
    assert_eq!(undelivered(&world, conversation).await, 0);
}

#[tokio::test(start_paused = true)]
async fn an_agent_is_told_if_only_the_end_is_given_up() {
    let world = world(Platform::in_parts(3));
    for (part, told) in [(0, ""), (1, "; the beginning had arrived"), (2, "; the first 2 parts had arrived")]
    {
        let peer = format!("p{part}");
        world.platform.fail_part(part, [SendError::Final("blocked".into())]);
        let conversation = write(&world.bot, &peer, &peer, "when are you open").await;
        write(&world.bot, &peer, &format!("{peer} next"), "hello there").await;
        world.bot.settled(conversation).await.unwrap();
        let count = part as usize + 3;
        assert_eq!(world.platform.got(&peer).len(), count, "what comes next is not held up by it");
        assert_eq!(reasons(&world, conversation).await, [format!("blocked{told}")]);
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_the_part_that_was_on_its_way_comes_next() {
    let (store, platform, options) = (Shared::new(MemoryStore::new()), Platform::in_parts(3), options());
    let clock = options.clock.clone();
    platform.fail_part(1, [retry()]);
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options);
    bot.serve(platform.clone());
    write(&bot, "ann", "1", "when are you open").await;
    until("the second part", || platform.attempts().len() == 2).await;
    bot.stop().await.unwrap();
    assert_eq!(platform.got("ann"), ["From 9 to 5. [0]"]);

    let options = Options { clock: clock.clone(), ..crate::support::options() };
    let bot = Runtime::start(Arc::new(store), engine(BOT), options);
    bot.serve(platform.clone());
    clock.advance(SignedDuration::from_secs(60));
    until("the rest", || platform.got("ann").len() == 3).await;
    assert_eq!(platform.got("ann")[1..], ["From 9 to 5. [1]", "From 9 to 5. [2]"]);
    assert_eq!(again(&platform), [false; 4]);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_hangs_is_in_doubt() {
    let world = world(Platform::default());
    world.platform.hang("ann");
    write(&world.bot, "ann", "1", "when are you open").await;
    world.seconds_until("a second attempt", |platform| platform.attempts().len() == 2).await;
    assert!(world.platform.attempts()[1].1);
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_delivered_is_told_to_the_conversation() {
    let world = world(Platform::default());
    world.platform.fail("ann", [SendError::Final("blocked".into())]);
    let conversation = write(&world.bot, "ann", "1", "when are you open").await;
    world.bot.settled(conversation).await.unwrap();
    assert!(world.platform.got("ann").is_empty());
    assert_eq!(undelivered(&world, conversation).await, 1);
}

#[tokio::test(start_paused = true)]
async fn the_platforms_pace_is_kept() {
    let pace = Pace { per_second: 10.0, per_peer: Duration::from_secs(3), at_once: 4 };
    let world = world(Platform::with_pace(pace));
    let start = tokio::time::Instant::now();
    for peer in 0..20 {
        write(&world.bot, &format!("p{peer}"), &format!("{peer}"), "hello there").await;
    }
    write(&world.bot, "p0", "again", "hello there").await;
    until("twenty", || world.platform.peers().len() == 20).await;
    assert!(start.elapsed() >= Duration::from_millis(1_850), "{:?}", start.elapsed());
    assert!(start.elapsed() <= Duration::from_millis(2_500), "{:?}", start.elapsed());
    until("the second to the same peer", || world.platform.got("p0").len() == 2).await;
    assert!(start.elapsed() >= Duration::from_secs(3), "{:?}", start.elapsed());
}
