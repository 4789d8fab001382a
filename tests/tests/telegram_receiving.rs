//! However updates come, each is stored once and answered once: the real program, fetching from the stand-in for Telegram.
#![cfg(unix)]
use bot_tests::telegram::{Fault, Telegram, What};
use bot_tests::telegram_bot::TelegramBot;
use serde_json::json;

const PROGRAM: &str = env!("CARGO_BIN_EXE_telegram-under-test");

/// What goes wrong, and while that is so, what is written.
#[test]
fn what_goes_wrong_with_updates() {
    let jump = |back| Fault::new(What::JumpIds(back));
    let unknown = || Fault::new(What::UnknownUpdate(json!({ "quantum_message": { "spin": "up" } })));
    let on = |what| Fault::on("getUpdates", what);
    let cases: Vec<(&str, Vec<Fault>)> = vec![
        ("nothing", vec![]),
        ("ids that jump back", vec![jump(400_000_000)]),
        ("ids that jump back twice", vec![jump(1_000_000), jump(300_000_000)]),
        ("duplicates", vec![Fault::new(What::DuplicateUpdate).times(5)]),
        ("a kind that nobody knows", vec![unknown()]),
        ("that, and ids that jump back", vec![unknown(), jump(5_000_000), unknown()]),
        ("a server that is busy", vec![on(What::Status(502))]),
        ("one that says so", vec![on(What::TooManyRequests(1))]),
        ("a connection that breaks", vec![on(What::DropBefore)]),
        ("an answer that does not arrive", vec![on(What::DropAfterEffect)]),
        ("a second poller, who goes away again", vec![on(What::Conflict409)]),
    ];
    for (name, faults) in cases {
        println!("{name}");
        let telegram = Telegram::start().without_pace();
        let (ann, ben) = (telegram.customer(1, "Ann", "en"), telegram.customer(2, "Ben", "en"));
        let mut bot = TelegramBot::new(PROGRAM, &telegram);
        bot.start();
        bot.writes(&ann);
        bot.assert_each_once();
        faults.into_iter().for_each(|fault| telegram.order(fault));
        for _ in 0..4 {
            bot.writes(&ann);
            bot.writes(&ben);
        }
        bot.assert_each_once();
    }
}

/// More than one answer of Telegram holds: what waits is fetched in batches of a hundred.
#[test]
fn what_came_while_nobody_was_there() {
    let telegram = Telegram::start().without_pace();
    let customers: Vec<_> = (1..=10).map(|id| telegram.customer(id, "Ann", "en")).collect();
    let mut bot = TelegramBot::new(PROGRAM, &telegram);
    for _ in 0..25 {
        customers.iter().for_each(|customer| drop(bot.writes(customer)));
    }
    bot.start();
    bot.assert_each_once();
    let batch = |call: &bot_tests::telegram::Call| call.result()?.as_array().map(Vec::len);
    let batches: Vec<_> =
        telegram.calls().iter().filter(|call| call.method == "getUpdates").filter_map(batch).collect();
    assert!(batches.starts_with(&[100, 100, 50]), "{batches:?}");
}

/// A message whose update comes once more, in an order that is another one: it counts once, and nobody waits for it.
#[test]
fn an_update_that_comes_late() {
    let telegram = Telegram::start().without_pace();
    let (ann, ben) = (telegram.customer(1, "Ann", "en"), telegram.customer(2, "Ben", "en"));
    let mut bot = TelegramBot::new(PROGRAM, &telegram);
    bot.start();
    bot.writes(&ann);
    bot.assert_each_once();
    telegram.order(Fault::new(What::ReorderUpdates).chat(1));
    bot.writes(&ann);
    bot.writes(&ben);
    bot.assert_each_once();
}

/// Telegram ends the older poll when a second one begins. Both go on, and what either stores the other does not store again.
#[test]
fn two_pollers_of_one_token() {
    let telegram = Telegram::start().without_pace();
    let customers: Vec<_> = (1..=4).map(|id| telegram.customer(id, "Ann", "en")).collect();
    let mut bot = TelegramBot::new(PROGRAM, &telegram);
    bot.start();
    bot.writes(&customers[0]);
    bot.assert_each_once();
    bot.start();
    bot.wait("both have asked at the same time", |telegram| {
        telegram.calls().iter().any(|call| call.method == "getUpdates" && call.status == 409)
    });
    for round in 0..3 {
        for customer in &customers {
            bot.writes(customer);
            bot.writes(customer);
        }
        bot.assert_each_once();
        println!("round {round}");
    }
    let logged = bot.logged();
    assert!(logged.contains("another program takes this bot's updates"), "{logged}");
    // The one that is left goes on by itself.
    drop(bot.processes.remove(0));
    customers.iter().for_each(|customer| drop(bot.writes(customer)));
    bot.assert_each_once();
}

/// What is stored is answered after a start, also when Telegram forgets ids meanwhile.
#[test]
fn ids_that_jump_back_while_it_is_not_there() {
    let telegram = Telegram::start().without_pace();
    let ann = telegram.customer(1, "Ann", "en");
    let mut bot = TelegramBot::new(PROGRAM, &telegram);
    bot.start();
    bot.writes(&ann);
    bot.assert_each_once();
    bot.processes.clear();
    telegram.order(Fault::new(What::JumpIds(600_000_000)));
    bot.writes(&ann);
    bot.start();
    bot.writes(&ann);
    bot.assert_each_once();
}
