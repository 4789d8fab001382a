//! The program `bot-discord` beside the stand-in: customers, agents, broken sockets, restarts.
#![cfg(unix)]
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bot_discord::{Api, Me, Staff};
use bot_runtime::desk::board::contract;
use bot_runtime::files::Files;
use bot_tests::discord::{BOT, Discord, File, Guild, Place, Shown, SocketFault};
use bot_tests::kill::Program;
use bot_tests::kill::program::{Process, Start};

const PROGRAM: &str = env!("CARGO_BIN_EXE_discord-under-test");

/// The program, with a store of its own. Dropped, it is killed.
struct Bot<'a> {
    discord: &'a Discord,
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
    process: Option<Process>,
}

impl<'a> Bot<'a> {
    fn new(discord: &'a Discord, guild: Option<&Guild>) -> Bot<'a> {
        let mut variables = vec![
            ("DISCORD_TOKEN", discord.token().to_owned()),
            ("DISCORD_API_URL", discord.url()),
            ("BOT_UNPACED", "1".to_owned()),
        ];
        if let Some(guild) = guild {
            variables.push(("DISCORD_STAFF", guild.staff_channel().to_string()));
            variables.push(("DISCORD_SUPPORT", guild.support_channel().to_string()));
        }
        let folder = tempfile::tempdir().expect("a folder for the store");
        Bot { discord, folder, variables, process: None }
    }

    fn start(&mut self) {
        let program = Program { command: None, ..Program::new(PROGRAM) };
        let (store, log) = (self.store(), self.folder.path().join("log"));
        let start = Start {
            store: &store,
            platform: &self.variables,
            back_end: "http://127.0.0.1:9",
            dies_at: None,
            log: &log,
        };
        self.process = Some(program.start(start).expect("the program starts"));
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("bot.db")
    }

    fn logged(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn wait(&self, what: &str, is_so: impl Fn(&Discord) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !is_so(self.discord) {
            assert!(Instant::now() < end, "waited in vain until {what}\n{}", self.logged());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Each was answered once, in order.
    fn expects(&self, place: &Place, tags: std::ops::RangeInclusive<u32>) {
        let want: Vec<_> = tags.map(|tag| format!("Heard t{tag}.")).collect();
        let last = want.last().cloned().unwrap_or_default();
        self.wait(&last, |_| answers(place).contains(&last));
        assert_eq!(answers(place), want, "{}", self.logged());
    }
}

/// What the bot has written, without Discord's own words about what it has done.
fn answers(place: &Place) -> Vec<String> {
    let is_answer = |shown: &Shown| shown.by_bot && [0, 19, 20].contains(&shown.kind);
    place.chat().into_iter().filter(is_answer).map(|shown| shown.text).collect()
}

fn says(place: &Place, tags: std::ops::RangeInclusive<u32>) {
    tags.for_each(|tag| {
        place.writes(&format!("echo t{tag}."));
    });
}

#[test]
fn each_message_is_answered_once_whatever_becomes_of_the_connection() {
    let discord = Discord::start().without_pace();
    let ann = discord.customer(1, "Ann", "en");
    let mut bot = Bot::new(&discord, None);
    bot.start();
    bot.wait("it has identified", |discord| discord.gateway().identifies_left() < 1000);
    says(ann.dm(), 1..=3);
    bot.expects(ann.dm(), 1..=3);
    let mut last = 3;
    for fault in [
        SocketFault::Drop,
        SocketFault::Reset,
        SocketFault::Reconnect,
        SocketFault::InvalidSession { resumable: true },
        SocketFault::Close(4000),
        SocketFault::Double,
        SocketFault::DoubleSame,
        SocketFault::Unparseable,
        SocketFault::Unknown,
        SocketFault::NotJson,
        SocketFault::InvalidSession { resumable: false },
        SocketFault::Close(4007),
    ] {
        discord.socket(fault);
        says(ann.dm(), last + 1..=last + 5);
        last += 5;
        bot.wait(&format!("{fault:?} is over"), |_| answers(ann.dm()).len() >= last as usize);
        bot.expects(ann.dm(), 1..=last);
    }
}

#[test]
fn what_was_written_while_the_program_did_not_run_is_answered() {
    let discord = Discord::start().without_pace();
    let ann = discord.customer(1, "Ann", "en");
    let mut bot = Bot::new(&discord, None);
    bot.start();
    bot.wait("it has identified", |discord| discord.gateway().identifies_left() < 1000);
    says(ann.dm(), 1..=2);
    bot.expects(ann.dm(), 1..=2);
    let left = discord.gateway().identifies_left();
    // It goes on with the session of the program that was killed.
    bot.process = None;
    says(ann.dm(), 3..=5);
    bot.start();
    bot.expects(ann.dm(), 1..=5);
    assert_eq!(discord.gateway().identifies_left(), left, "{}", bot.logged());
    // The session is gone: what came meanwhile is looked up.
    bot.process = None;
    discord.gateway().forget_sessions();
    says(ann.dm(), 6..=120);
    bot.start();
    bot.expects(ann.dm(), 1..=120);
    assert!(discord.gateway().identifies_left() < left);
}

#[test]
fn a_channel_for_support_leads_to_a_private_thread() {
    let discord = Discord::start().without_pace();
    let guild = discord.guild(500);
    let ann = discord.customer(1, "Ann", "en");
    let mut bot = Bot::new(&discord, Some(&guild));
    bot.start();
    bot.wait("it has identified", |discord| discord.gateway().identifies_left() < 1000);
    let channel = ann.in_channel(guild.support_channel());
    channel.writes("echo t1.");
    bot.wait("there is a thread", |_| guild.threads().len() == 1);
    let thread = ann.in_channel(guild.threads()[0].id);
    bot.expects(&thread, 1..=1);
    says(&thread, 2..=3);
    bot.expects(&thread, 1..=3);
    assert_eq!(guild.threads().len(), 1);
}

#[test]
fn an_agent_takes_over_and_gives_back() {
    let discord = Discord::start().without_pace();
    let guild = discord.guild(500);
    let (ann, eve) = (discord.customer(1, "Ann", "en"), guild.agent(2, "Eve"));
    let mut bot = Bot::new(&discord, Some(&guild));
    bot.start();
    bot.wait("it has identified", |discord| discord.gateway().identifies_left() < 1000);
    ann.dm().writes("I want to talk to a person");
    bot.wait("there is a thread", |_| guild.threads().len() == 1);
    let thread = guild.threads()[0].id;
    bot.wait("there is a card", |_| {
        guild.thread(thread).iter().any(|shown| shown.labels().contains(&"Claim"))
    });
    eve.presses(thread, "Claim");
    eve.writes(thread, "Hello, *this* is Eve.");
    bot.wait("Eve is heard", |_| answers(ann.dm()).iter().any(|text| text.contains("is Eve.")));
    ann.dm().writes("Thank you");
    bot.wait("Ann is heard", |_| guild.thread(thread).iter().any(|shown| shown.text.contains("Thank you")));
    eve.commands(thread, "reply", &[("text", "You are welcome.")]);
    bot.wait("Eve is heard", |_| answers(ann.dm()).iter().any(|text| text.contains("You are welcome.")));
    eve.commands(thread, "close", &[]);
    bot.wait("it is closed", |_| guild.thread(thread).iter().any(|shown| shown.text.contains("losed")));
}

#[test]
fn a_channel_of_agents_has_threads() {
    let discord = Discord::start().without_pace();
    let guild = discord.guild(500);
    let ann = discord.customer(1, "Ann", "en");
    let message = ann.dm().sends(&[File::new("a.txt", b"hello")], "broken");
    let message = format!("{}/messages/{message}", ann.dm().channel_id());
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio.block_on(async {
        let asked = reqwest::Client::new().get(format!("{}/channels/{message}", discord.url()));
        let asked = asked.header("authorization", format!("Bot {}", discord.token())).send().await;
        let shown: serde_json::Value = asked.expect("an answer").json().await.expect("a message");
        let file = shown["attachments"][0]["id"].as_str().expect("a file");
        let name = format!("{}/{file}", message.replace("/messages", ""));
        let api = Api::new(discord.token(), Some(&discord.url())).expect("an address");
        let me = Me { id: BOT.to_string(), ..Me::default() };
        let staff = Staff { api, me, files: Files::default() };
        contract::check(&staff, &guild.staff_channel().to_string(), &name).await;
    });
}
