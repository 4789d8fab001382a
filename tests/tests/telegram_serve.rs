//! `bot-telegram --check` against the stand-in for Telegram: how the bot stands, and what to press.
#![cfg(unix)]
use bot_tests::console::{self, Surroundings};
use bot_tests::process::run;
use bot_tests::serving::Serving;
use bot_tests::telegram::{Fault, Rights, Telegram, What};
use bot_tests::{Bot, Run, root, without_times};
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
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let tokio = tokio.expect("a runtime");
    tokio.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let to = format!("{}/bot{}/setWebhook?url={url}", telegram.url(), telegram.token());
        assert!(client.post(to).send().await.expect("an answer").status().is_success());
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
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages
                  ✓ group “Fernweg support” (-1001234567890): it has topics, and the bot is an administrator with Manage Topics and Delete Messages
            "#]],
        },
        Case {
            name: "nothing is set but the token",
            prepare: |_| vec![],
            says: expect![[r#"
            telegram: configured
              ✓ the bot is @shop_test_bot (“Shop”)
              ✓ the bot asks Telegram for messages
              ! agents have no room: TELEGRAM_STAFF is not set
                → agents can work at `bot desk`; how to make a room for them: see the page on this channel in docs/
        "#]],
        },
        Case {
            name: "a token that Telegram doesn't know",
            prepare: |_| vec![("TELEGRAM_TOKEN", "7000000001:AAnot-the-token".to_owned())],
            says: expect![[r#"
                telegram: configured
                  ✗ Telegram does not know TELEGRAM_TOKEN: Unauthorized
                    → in Telegram open @BotFather → /mybots → your bot → API Token, and copy all of it, like 123456:ABC…
            "#]],
        },
        Case {
            name: "a group that Telegram doesn't know",
            prepare: |_| staff(),
            says: expect![[r#"
            telegram: configured
              ✓ the bot is @shop_test_bot (“Shop”)
              ✓ the bot asks Telegram for messages
              ✗ group -1001234567890: the bot is not in it (Bad Request: chat not found)
                → in Telegram open the group → its name → Add Members → the bot. If it is there, the id is another one: hold a message of the group → Copy Link gives t.me/c/1234567890/…, and the id is -1001234567890
        "#]],
        },
        Case {
            name: "a group without topics",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support").has_topics(false);
                staff()
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages
                  ✗ group “Fernweg support” (-1001234567890): it has no topics
                    → in Telegram open the group → its name → Edit → Topics → switch on. If the group gets another id by that, find it once more
            "#]],
        },
        Case {
            name: "a plain member",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support").demotes_bot(Rights::NONE);
                staff()
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages (1 waiting)
                  ✗ group “Fernweg support” (-1001234567890): the bot is not an administrator
                    → in Telegram open the group → its name → Edit → Administrators → Add Admin → the bot → switch on Manage Topics and Delete Messages
            "#]],
        },
        Case {
            name: "a right is missing",
            prepare: |telegram| {
                let rights = Rights { manage_topics: false, ..Rights::ALL };
                telegram.group(GROUP, "Fernweg support").demotes_bot(rights);
                staff()
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages (1 waiting)
                  ✗ group “Fernweg support” (-1001234567890): the bot lacks the right Manage Topics
                    → in Telegram open the group → its name → Edit → Administrators → the bot → switch on Manage Topics
            "#]],
        },
        Case {
            name: "the other right is missing",
            prepare: |telegram| {
                let rights = Rights { delete_messages: false, ..Rights::ALL };
                telegram.group(GROUP, "Fernweg support").demotes_bot(rights);
                staff()
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages (1 waiting)
                  ✗ group “Fernweg support” (-1001234567890): the bot lacks the right Delete Messages
                    → in Telegram open the group → its name → Edit → Administrators → the bot → switch on Delete Messages
            "#]],
        },
        Case {
            name: "thrown out",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support").kicks_bot();
                staff()
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages (1 waiting)
                  ✗ group -1001234567890: the bot is not in it (Forbidden: bot was kicked from the supergroup chat)
                    → in Telegram open the group → its name → Add Members → the bot. If it is there, the id is another one: hold a message of the group → Copy Link gives t.me/c/1234567890/…, and the id is -1001234567890
            "#]],
        },
        Case {
            name: "a group that has moved",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support").migrates();
                staff()
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages (2 waiting)
                  ✗ group -1001234567890: its id is -1009000000001 now
                    → write -1009000000001 into TELEGRAM_STAFF
            "#]],
        },
        Case {
            name: "a team that there is not",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support");
                vec![("TELEGRAM_STAFF", format!("bills={GROUP}"))]
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages
                  ✗ TELEGRAM_STAFF: bot.yaml has no team `bills`
                    → write one of support, billing, or the room's id alone
                  ✗ the tickets of the team `support` are shown in no room
                    → add support=ID to TELEGRAM_STAFF, or an ID alone, which shows the tickets of all teams without a room
                  ✗ the tickets of the team `billing` are shown in no room
                    → add billing=ID to TELEGRAM_STAFF, or an ID alone, which shows the tickets of all teams without a room
                  ✓ group “Fernweg support” (-1001234567890): it has topics, and the bot is an administrator with Manage Topics and Delete Messages
            "#]],
        },
        Case {
            name: "no id",
            prepare: |_| vec![("TELEGRAM_STAFF", "https://t.me/c/1234567890/1".to_owned())],
            says: expect![[r#"
                telegram: configured
                  ✗ TELEGRAM_STAFF: `https://t.me/c/1234567890/1` names no room of agents: write its id, like -1001234567890, or TEAM=ID; several with commas
                    → set it right in the environment, and check again
            "#]],
        },
        Case {
            name: "somebody else's webhook",
            prepare: |telegram| {
                telegram.group(GROUP, "Fernweg support");
                set_webhook(telegram, "https://old.example/hook");
                staff()
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages
                  ! Telegram delivers this bot's messages to https://old.example/hook: the start puts an end to that
                    → if another program works there, stop it first, or get a bot of your own from @BotFather
                  ✓ group “Fernweg support” (-1001234567890): it has topics, and the bot is an administrator with Manage Topics and Delete Messages
            "#]],
        },
        Case {
            name: "a webhook of its own, without a secret",
            prepare: |_| vec![("TELEGRAM_WEBHOOK_URL", "https://bot.example/telegram".to_owned())],
            says: expect![[r#"
                telegram: configured
                  ✗ TELEGRAM_WEBHOOK_URL needs TELEGRAM_WEBHOOK_SECRET, 1 to 256 of A-Z a-z 0-9 _ -, for example what `openssl rand -hex 32` gives: without it anybody could write to the bot in a customer's name
                    → set it right in the environment, and check again
            "#]],
        },
        Case {
            name: "a webhook of its own, which will be set",
            prepare: |telegram| {
                telegram.customer(1, "Ann", "en").writes("hi");
                let url = ("TELEGRAM_WEBHOOK_URL", "https://bot.example/telegram".to_owned());
                vec![url, ("TELEGRAM_WEBHOOK_SECRET", "s3cret".to_owned())]
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ Telegram will deliver messages to https://bot.example/telegram, from the start on (1 waiting)
                  ! agents have no room: TELEGRAM_STAFF is not set
                    → agents can work at `bot desk`; how to make a room for them: see the page on this channel in docs/
            "#]],
        },
        Case {
            name: "nobody answers",
            prepare: |_| vec![("TELEGRAM_API_URL", "http://127.0.0.1:1".to_owned())],
            says: expect![[r#"
                telegram: configured
                  ✗ no connection to Telegram
                    → see whether this machine is online, and whether a firewall or a proxy is in the way: `curl http://127.0.0.1:1` must answer
            "#]],
        },
        Case {
            name: "the answers stop in the middle",
            prepare: |telegram| {
                telegram.order(Fault::on("getChat", What::DropBefore));
                telegram.group(GROUP, "Fernweg support");
                staff()
            },
            says: expect![[r#"
                telegram: configured
                  ✓ the bot is @shop_test_bot (“Shop”)
                  ✓ the bot asks Telegram for messages
                  ✗ the connection to Telegram broke
                    → see whether this machine is online, and whether a firewall or a proxy is in the way: `curl http://stand-in` must answer
            "#]],
        },
    ];
    for Case { name, prepare, says } in cases {
        println!("{name}");
        let telegram = Telegram::start();
        let variables = prepare(&telegram);
        let waiting = telegram.pending();
        let run = check(&telegram, &variables);
        assert_eq!(run.err, "", "{name}");
        let found = findings(&run).replace(&telegram.url(), "http://stand-in");
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

/// The first hand-off of the page: what agents see is what stands there.
#[test]
fn the_first_hand_off_is_as_the_page_shows_it() {
    let place = tempfile::tempdir().expect("a folder for the store");
    let telegram = Telegram::start();
    let group = telegram.group(GROUP, "Fernweg support");
    let mut command = PROGRAM.command("--log info");
    command.arg("--store").arg(place.path().join("bot.db")).env("TELEGRAM_STAFF", GROUP.to_string());
    command.env("TELEGRAM_TOKEN", telegram.token()).env("TELEGRAM_API_URL", telegram.url());
    let _bot = Serving::start(command);
    let (ann, kim) = (telegram.customer(1, "Ann", "en"), group.agent(500_001, "Kim"));
    ann.writes("where is my parcel");
    ann.waits_for("Which order is it?");
    ann.writes("I want to talk to a person");
    let topic = group.waits_for_topic("#1 Ann");
    let card = group.waits_for(topic.id, "#1, support");
    let labels = card.labels();
    let shown = format!("{}\n[{}]", without_times(&card.text), labels.join("] ["));
    let page = std::fs::read_to_string(root().join("docs/telegram.md")).expect("the page is there");
    assert!(without_times(&page).contains(&shown), "the page does not show this card:\n{shown}");
    kim.writes(topic.id, "Hello Ann, what can I do for you?");
    ann.waits_for("Kim: Hello Ann, what can I do for you?");
    ann.writes("It is about my parcel");
    group.waits_for(topic.id, "customer: It is about my parcel");
    kim.writes(topic.id, "//has used it");
    kim.writes(topic.id, "/back");
    ann.waits_for("You're back with me");
    assert!(!ann.chat().iter().any(|shown| shown.text.contains("has used it")));
}
