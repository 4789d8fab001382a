//! `bot-telegram --check` against the stand-in for Telegram: how the bot stands, and what to press.
#![cfg(unix)]
use bot_tests::console::{self, Surroundings};
use bot_tests::process::run;
use bot_tests::telegram::{Fault, Rights, Telegram, What};
use bot_tests::{Bot, Run, root};
use expect_test::{Expect, expect};

const PROGRAM: Bot = Bot::new(env!("CARGO_BIN_EXE_telegram-under-test"));
const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));
const SMALL: &str = "--intents tests/fixtures/small --store target/none.db";
const GROUP: i64 = -1_001_234_567_890;

type Variables = Vec<(&'static str, String)>;

fn check(telegram: &Telegram, variables: &Variables) -> Run {
    let mut command = PROGRAM.command(&format!("--check {SMALL}"));
    command.env("TELEGRAM_TOKEN", telegram.token()).env("TELEGRAM_API_URL", telegram.url());
    command.env("SHOP_URL", "https://shop.example").envs(variables.iter().map(|(name, value)| (name, value)));
    run(command, b"")
}

/// The lines below `channels`, without their indentation.
fn findings(run: &Run) -> String {
    let after = run.out.split("channels ").nth(1).unwrap_or_default();
    let lines = after.lines().enumerate().take_while(|(index, line)| *index == 0 || line.starts_with("   "));
    lines
        .map(|(_, line)| line.get(if line.starts_with("   ") { 10.. } else { 1.. }).unwrap_or(line))
        .fold(String::new(), |all, line| all + line + "\n")
}

fn staff() -> Variables {
    vec![("TELEGRAM_STAFF", GROUP.to_string())]
}

/// What somebody else, who has the token, has told Telegram.
fn set_webhook(telegram: &Telegram, url: &str) {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let to = format!("{}/bot{}/setWebhook?url={url}", telegram.url(), telegram.token());
        assert!(client.post(to).send().await.unwrap().status().is_success());
    });
}

/// A state of Telegram and of the environment, and what the check says of it.
struct Case {
    name: &'static str,
    prepare: fn(&Telegram) -> Variables,
    says: Expect,
}

#[test]
fn how_the_bot_stands_and_what_to_press() {
    let cases = [
        Case {
            name: "all is well",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support");
                staff()
            },
            says: expect![[r#""#]],
        },
        Case { name: "nothing is set but the token", prepare: |_| vec![], says: expect![[r#""#]] },
        Case {
            name: "a token that Telegram doesn't know",
            prepare: |_| vec![("TELEGRAM_TOKEN", "7000000001:AAnot-the-token".to_owned())],
            says: expect![[r#""#]],
        },
        Case { name: "a group that Telegram doesn't know", prepare: |_| staff(), says: expect![[r#""#]] },
        Case {
            name: "a group without topics",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support").has_topics(false);
                staff()
            },
            says: expect![[r#""#]],
        },
        Case {
            name: "a plain member",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support").demotes_bot(Rights::NONE);
                staff()
            },
            says: expect![[r#""#]],
        },
        Case {
            name: "a right is missing",
            prepare: |telegram| {
                let rights = Rights { manage_topics: false, ..Rights::ALL };
                telegram.group(GROUP, "Fernweg support").demotes_bot(rights);
                staff()
            },
            says: expect![[r#""#]],
        },
        Case {
            name: "the other right is missing",
            prepare: |telegram| {
                let rights = Rights { delete_messages: false, ..Rights::ALL };
                telegram.group(GROUP, "Fernweg support").demotes_bot(rights);
                staff()
            },
            says: expect![[r#""#]],
        },
        Case {
            name: "thrown out",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support").kicks_bot();
                staff()
            },
            says: expect![[r#""#]],
        },
        Case {
            name: "a group that has moved",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support").migrates();
                staff()
            },
            says: expect![[r#""#]],
        },
        Case {
            name: "a team that there is not",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support");
                vec![("TELEGRAM_STAFF", format!("bills={GROUP}"))]
            },
            says: expect![[r#""#]],
        },
        Case {
            name: "no id",
            prepare: |_| vec![("TELEGRAM_STAFF", "https://t.me/c/1234567890/1".to_owned())],
            says: expect![[r#""#]],
        },
        Case {
            name: "somebody else's webhook",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support");
                set_webhook(telegram, "https://old.example/hook");
                staff()
            },
            says: expect![[r#""#]],
        },
        Case {
            name: "a webhook of its own, without a secret",
            prepare: |_| vec![("TELEGRAM_WEBHOOK_URL", "https://bot.example/telegram".to_owned())],
            says: expect![[r#""#]],
        },
        Case {
            name: "a webhook of its own, which will be set",
            prepare: |telegram| {
                telegram.customer(1, "Ann", "en").writes("hi");
                let url = ("TELEGRAM_WEBHOOK_URL", "https://bot.example/telegram".to_owned());
                vec![url, ("TELEGRAM_WEBHOOK_SECRET", "s3cret".to_owned())]
            },
            says: expect![[r#""#]],
        },
        Case {
            name: "nobody answers",
            prepare: |_| vec![("TELEGRAM_API_URL", "http://127.0.0.1:1".to_owned())],
            says: expect![[r#""#]],
        },
        Case {
            name: "the answers stop in the middle",
            prepare: |telegram| {
                telegram.order(Fault::on("getChat", What::DropBefore));
                telegram.group(GROUP, "Fernweg support");
                staff()
            },
            says: expect![[r#""#]],
        },
    ];
    for Case { name, prepare, says } in cases {
        println!("{name}");
        let telegram = Telegram::start();
        let variables = prepare(&telegram);
        let waiting = telegram.pending();
        let run = check(&telegram, &variables);
        assert_eq!(run.err, "", "{name}");
        let found = findings(&run);
        says.assert_eq(&found);
        let is_wrong = found.contains('✗');
        assert_eq!(run.code, i32::from(is_wrong), "{name}: {}", run.out);
        assert!(
            run.out.ends_with(if is_wrong { "it needs what is marked ✗\n" } else { "ready\n" }),
            "{}",
            run.out
        );
        assert!(!run.out.contains(telegram.token()) && !run.out.contains("s3cret"), "{}", run.out);
        assert!(
            telegram.calls().iter().all(|call| call.method.starts_with("get") || call.method == "setWebhook")
        );
        assert_eq!(telegram.pending(), waiting, "the check has taken updates in {name}");
    }
}

/// The commands of the page on Telegram show what it says they show. How they are written: [`console`].
#[test]
fn the_page_in_the_docs_is_true() {
    let telegram = Telegram::start();
    telegram.group(GROUP, "Fernweg support");
    telegram.group(-1_009_876_543_210, "Fernweg billing").demotes_bot(Rights::NONE);
    let mut variables = staff();
    variables.extend([("TELEGRAM_TOKEN", telegram.token().to_owned()), ("TELEGRAM_API_URL", telegram.url())]);
    variables.push(("BOT_STORE", "target/none.db".to_owned()));
    let around = Surroundings { bot: BOT, other: Some(("bot-telegram", PROGRAM.program)), variables };
    let page = std::fs::read_to_string(root().join("docs/telegram.md")).expect("the page is there");
    let commands = console::commands(&page);
    assert_eq!(commands.len(), 2);
    let differences: Vec<_> = commands.iter().filter_map(|shown| shown.difference(around.clone())).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
