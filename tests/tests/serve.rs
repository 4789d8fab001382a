//! `bot serve` as a process: on a stand-in for a platform, stopped, killed, started again.
#![cfg(unix)]
use std::collections::BTreeSet;
use std::path::Path;

use bot_tests::process::run;
use bot_tests::serving::Serving;
use bot_tests::standin::{Delivered, Fault, Platform};
use bot_tests::{Bot, Run};
use expect_test::expect;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));
const SMALL: &str = "tests/fixtures/small";
const FREE: &str = "Shipping is free above 50 €.";

fn serve(store: &Path, platform: &Platform) -> Serving {
    Serving::start(Serving::command(BOT, SMALL, store, platform))
}

/// How many different deliveries have arrived. One that was on the wire when the process died may arrive again.
fn keys(ledger: &[Delivered]) -> usize {
    ledger.iter().map(|line| &line.key).collect::<BTreeSet<_>>().len()
}

fn check(options: &str, settings: &[(&str, &str)]) -> Run {
    let mut command = BOT.command(&format!("serve --check {options}"));
    command.env_remove("STANDIN_ADDR").envs(settings.iter().copied());
    run(command, b"")
}

#[test]
fn answers_every_message_once_and_in_order_across_stops_and_kills() {
    const CUSTOMERS: usize = 8;
    const MESSAGES: usize = 12;
    let place = tempfile::tempdir().unwrap();
    let (store, platform) = (place.path().join("bot.db"), Platform::start());
    let say_to_all = || {
        for customer in 0..CUSTOMERS {
            platform.say(&format!("customer {customer}"), "is shipping free?");
        }
    };
    let mut bot = serve(&store, &platform);
    for round in 0..MESSAGES {
        say_to_all();
        match round {
            3 => {
                platform.wait_for("an answer", |ledger| !ledger.is_empty());
                let (code, log) = bot.terminate();
                assert_eq!(code, 0, "{log}");
                assert!(log.contains("stopping") && log.contains("stopped"), "{log}");
                bot = serve(&store, &platform);
            }
            7 => {
                bot.kill();
                bot = serve(&store, &platform);
            }
            _ => {}
        }
    }
    platform.wait_until_confirmed();
    let all = CUSTOMERS * MESSAGES;
    let ledger = platform.wait_for("every answer", |ledger| keys(ledger) == all);
    assert!(ledger.iter().all(|line| line.text == FREE), "{ledger:#?}");
    // What was on the wire when the process died may arrive again, and then it is known to: nothing else may.
    let again: Vec<_> = ledger.iter().filter(|line| line.again).collect();
    assert!(ledger.len() - all <= again.len(), "{again:#?}");
    let (code, log) = bot.terminate();
    assert_eq!(code, 0, "{log}");
    assert!(!log.contains("shipping"), "what customers wrote is logged:\n{log}");
}

#[test]
fn a_conversation_goes_on_where_it_was() {
    let place = tempfile::tempdir().unwrap();
    let (store, platform) = (place.path().join("bot.db"), Platform::start());
    let bot = serve(&store, &platform);
    platform.say("ann", "I want my money back");
    platform.wait_for("the first question", |ledger| keys(ledger) == 1);
    let (code, _) = bot.terminate();
    assert_eq!(code, 0);
    // What comes while nobody is there is answered later.
    platform.say("ann", "12345678");
    let bot = serve(&store, &platform);
    platform.wait_for("the second question", |ledger| keys(ledger) == 2);
    bot.kill();
    let _bot = serve(&store, &platform);
    platform.say("ann", "2");
    platform.wait_for("the third question", |ledger| keys(ledger) == 3);
    let mut texts = platform.texts("ann");
    texts.dedup();
    assert_eq!(
        texts,
        ["Which order is it?", "What is wrong with it?", "To which account shall the money go?"]
    );
}

#[test]
fn a_platform_that_fails_loses_and_doubles_nothing_it_can_tell() {
    let place = tempfile::tempdir().unwrap();
    let (store, platform) = (place.path().join("bot.db"), Platform::start());
    platform.fault(Fault::Busy);
    platform.fault(Fault::Lost);
    platform.fault(Fault::Unanswered);
    let _bot = serve(&store, &platform);
    let key = platform.say("ann", "is shipping free?");
    let ledger = platform.wait_for("the answer, twice", |ledger| ledger.len() == 2);
    assert_eq!(ledger[0].key, ledger[1].key, "a platform that looks at keys shows it once");
    assert!(ledger[1].again);
    // A message that the platform sends again changes nothing: the next answer is to the next message.
    platform.repeat(&key);
    platform.say("ann", "refund 12345678");
    platform.wait_for("the next answer", |ledger| ledger.len() == 3);
    assert_eq!(platform.texts("ann"), [FREE, FREE, "What is wrong with it?"]);
}

#[test]
fn without_a_channel_it_says_what_to_do() {
    let mut command = BOT.command(&format!("serve --intents {SMALL}"));
    command.env_remove("STANDIN_ADDR");
    let run = run(command, b"");
    assert_eq!((run.out.as_str(), run.code), ("", 2));
    assert_eq!(
        run.err,
        "bot: no channel is configured, so there is nothing to serve:\n  standin: set STANDIN_ADDR (where the stand-in is, host:port)\n"
    );
}

#[test]
fn a_channel_that_was_left_out_is_told() {
    let told = "telegram: TELEGRAM_TOKEN is set, but this program was built without telegram: start `cargo run --features telegram \
                -- serve` or `cargo run -p bot-telegram`\n";
    let mut command = BOT.command(&format!("serve --intents {SMALL}"));
    command.env_remove("STANDIN_ADDR").env("TELEGRAM_TOKEN", "1:s3cret");
    let refused = run(command, b"");
    assert_eq!(refused.code, 2);
    assert!(refused.err.ends_with(told) && !refused.err.contains("s3cret"), "{}", refused.err);
    let run = check("--store target/none.db", &[("TELEGRAM_TOKEN_FILE", "nowhere/token")]);
    assert!(run.out.contains(told), "{}", run.out);
}

#[test]
fn a_level_of_logs_that_there_is_not_is_an_error() {
    let run = BOT.run(&format!("serve --intents {SMALL} --log lowd"));
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("`lowd` is no level of logs: write error, warn, info, debug, trace or off"),
        "{}",
        run.err
    );
}

#[test]
fn the_check_says_what_is_there_and_what_is_missing() {
    let run = check("--store target/none.db", &[]);
    assert_eq!((run.err.as_str(), run.code), ("", 1));
    expect![[r#"
        bot       intents: 73 intents, 2 languages
        store     target/none.db: will be made at the first start
        channels  standin: not configured: set STANDIN_ADDR (where the stand-in is, host:port)
        actions   15 answered by the sample: env.SHOP_URL is not set, secret.SHOP_TOKEN is not set
                    book_appointment, cancel_order, change_address, change_email, create_refund,
                    create_return, gift_card, newsletter, order, refund_state, reserve, return_state,
                    send_invoice, send_label, stock
        hours     Monday to Friday 09:00–17:30, Saturday 10:00–14:00 (Europe/Berlin); closed on 2026-12-25, 2026-12-26, 2027-01-01
        silence   a reminder after 10 minutes, parked after 30 minutes, no reminder from 21:00 to 08:00
        keep      conversations are erased 90 days after their last message
        not ready: it needs a channel
    "#]]
    .assert_eq(&run.out);

    let ready = check(
        "--store target/none.db --intents tests/fixtures/small",
        &[("STANDIN_ADDR", "127.0.0.1:1"), ("SHOP_URL", "https://s3cret.example")],
    );
    assert_eq!((ready.err.as_str(), ready.code), ("", 0));
    expect![[r#"
        bot       tests/fixtures/small: 3 intents, 2 languages
        store     target/none.db: will be made at the first start
        channels  standin: configured
        actions   1 answered by the back end: env.SHOP_URL is set
                    order
        hours     always open: bot.yaml names no hours
        silence   no reminder: bot.yaml names none
        keep      conversations are kept for ever: bot.yaml names no `keep`
        ready
    "#]]
    .assert_eq(&ready.out);
    assert!(!ready.out.contains("s3cret"));

    let wrong = check(
        "--store target/none.db --intents tests/fixtures/small",
        &[
            ("STANDIN_ADDR", "127.0.0.1:1"),
            ("STANDIN_CHECK", "wrong"),
            ("SHOP_URL", "https://s3cret.example"),
        ],
    );
    assert_eq!((wrong.err.as_str(), wrong.code), ("", 1));
    let channels = "channels  standin: configured
            ✓ the stand-in is there
            ✗ it does not let the bot in
              → open the door
";
    assert!(wrong.out.contains(channels), "{}", wrong.out);
    assert!(wrong.out.ends_with("not ready: it needs what is marked ✗\n"), "{}", wrong.out);

    let broken = check("--store nowhere/bot.db --intents tests/fixtures/broken", &[]);
    assert_eq!(broken.code, 1);
    assert!(broken.out.contains("there is no folder nowhere"), "{}", broken.out);
    assert!(
        broken.out.ends_with("not ready: it needs a bot without errors, a store, a channel\n"),
        "{}",
        broken.out
    );
}
