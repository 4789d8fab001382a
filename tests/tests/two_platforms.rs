//! `bot serve` with both platforms: any desk serves any channel, and a customer of both has one conversation.
#![cfg(unix)]
use std::process::Command;
use std::time::{Duration, Instant};

use bot_tests::Bot;
use bot_tests::discord::{Discord, File, Guild, Place};
use bot_tests::process::run;
use bot_tests::serving::Serving;
use bot_tests::telegram::{Fault as TelegramFault, Group, Media, Telegram, What as TelegramWhat};
use tempfile::TempDir;

const PROGRAM: Bot = Bot::new(env!("CARGO_BIN_EXE_both-under-test"));
const GROUP: i64 = -1_001_234_567_890;

/// Both platforms, and a place for the store.
struct World {
    telegram: Telegram,
    discord: Discord,
    guild: Guild,
    place: TempDir,
}

impl World {
    fn new() -> World {
        let discord = Discord::start();
        let guild = discord.guild(500);
        let place = tempfile::tempdir().expect("a folder for the store");
        World { telegram: Telegram::start(), discord, guild, place }
    }

    fn group(&self) -> Group {
        self.telegram.group(GROUP, "Fernweg support")
    }

    fn command(&self, arguments: &str, variables: &[(&str, String)]) -> Command {
        let mut command = PROGRAM.command(&format!("serve --log info {arguments}"));
        command.arg("--store").arg(self.place.path().join("bot.db"));
        command.env("TELEGRAM_TOKEN", self.telegram.token()).env("TELEGRAM_API_URL", self.telegram.url());
        command.env("DISCORD_TOKEN", self.discord.token()).env("DISCORD_API_URL", self.discord.url());
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        command
    }

    fn start(&self, arguments: &str, variables: &[(&str, String)]) -> Serving {
        let mut bot = Serving::start(self.command(arguments, variables));
        bot.wait_for_log("a new session with Discord");
        bot
    }

    /// Waits until such files stand in a thread, in that order.
    fn has_at_discord(&self, thread: u64, wanted: &[Vec<u8>]) {
        let stand = || {
            let all = self.guild.thread(thread).into_iter();
            all.flat_map(|shown| self.discord.files(thread, shown.id))
                .map(|file| file.bytes)
                .collect::<Vec<_>>()
        };
        until("the files", || stand() == wanted);
    }

    /// The agents' channel on Discord.
    fn at_discord(&self) -> Vec<(&'static str, String)> {
        vec![("DISCORD_STAFF", self.guild.staff_channel().to_string())]
    }
}

fn file_of(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    (name.to_owned(), bytes.to_vec())
}

fn at_telegram() -> Vec<(&'static str, String)> {
    vec![("TELEGRAM_STAFF", GROUP.to_string())]
}

/// What a reply is known by, wherever it is shown.
const WHICH: &str = "Which order is it?";
const BACK: &str = "You're back with me";

#[test]
fn a_customer_of_telegram_is_served_in_a_thread_of_discord() {
    let world = World::new();
    let (ann, eve) = (world.telegram.customer(1, "Ann", "en"), world.guild.agent(700, "Eve"));
    let _bot = world.start("", &world.at_discord());
    ann.writes("where is my parcel");
    ann.waits_for(WHICH);
    ann.writes("I want to talk to a person");
    let thread = world.guild.waits_for_thread("Ann").id;
    let card = world.guild.waits_for(thread, "on telegram");
    assert_eq!(card.labels(), ["Claim", "Hand back", "Close"]);
    eve.presses(thread, "Claim");
    let said = eve.writes(thread, "Hello *Ann*, <b>this</b> is Eve.");
    ann.waits_for("Eve: Hello *Ann*, <b>this</b> is Eve.");
    marked(&world.guild, thread, said, "✅");
    ann.writes("My **parcel** is late, @everyone");
    let heard = world.guild.waits_for(thread, "parcel");
    assert!(heard.pinged.is_empty(), "{heard:?}");
    eve.edits(thread, said, "Hello Ann, this is Eve of the shop.");
    ann.waits_for("Eve of the shop.");
    ann.sends(Media::Photo, "the box");
    world.guild.waits_for(thread, "the box");
    world.has_at_discord(thread, &world.telegram.read(|state| state.sent()));
    let file = eve.sends(thread, &[File::new("label.txt", b"a label")], "your label");
    marked(&world.guild, thread, file, "✅");
    ann.waits_for("Eve: your label");
    assert_eq!(world.telegram.read(|state| state.uploaded()), [file_of("label.txt", b"a label")]);
    eve.writes(thread, "//a note for us");
    commands(&eve.in_channel(thread), "back", &[]);
    ann.waits_for(BACK);
    ann.writes("how much is shipping");
    assert!(!ann.chat().iter().any(|shown| shown.text.contains("note for us")));
}

#[test]
fn a_customer_of_discord_is_served_in_a_topic_of_telegram() {
    let world = World::new();
    let group = world.group();
    let (ann, kim) = (world.discord.customer(1, "Ann", "en"), group.agent(500_001, "Kim"));
    let _bot = world.start("", &at_telegram());
    ann.writes("where is my parcel");
    ann.waits_for(WHICH);
    ann.writes("I want to talk to a person");
    let topic = group.waits_for_topic("Ann").id;
    group.waits_for(topic, "on discord");
    let said = kim.writes(topic, "Hello *Ann*, @everyone is here.");
    let heard = ann.waits_for("everyone is here.");
    assert!(heard.pinged.is_empty() && heard.text.contains(r"\*Ann\*"), "{heard:?}");
    ann.writes("My <b>parcel</b> is late");
    group.waits_for(topic, "My <b>parcel</b> is late");
    kim.edits(said, "Hello Ann, all are here.");
    ann.waits_for("all are here.");
    ann.sends(&[File::new("box.png", b"a picture"), File::new("bill.pdf", b"a bill")], "the box");
    group.waits_for(topic, "the box");
    let both = [file_of("box.png", b"a picture"), file_of("bill.pdf", b"a bill")];
    world.telegram.wait("both files", |state| (state.uploaded() == both).then_some(()));
    let media = || group.topic(topic).into_iter().filter_map(|shown| shown.media).collect::<Vec<_>>();
    until("a picture and a document", || media() == ["photo", "document"]);
    let sent = kim.sends(topic, Media::Document, "your label");
    let shown = ann.waits_for("your label");
    let theirs = world.telegram.read(|state| state.sent());
    let files = world.discord.files(shown.channel, shown.id);
    assert!(files.len() == 1 && theirs.contains(&files[0].bytes), "{sent}: {files:?}");
    kim.writes(topic, "/back");
    ann.waits_for(BACK);
    assert!(world.guild.threads().is_empty());
}

#[test]
fn a_file_that_can_t_go_across_is_told_and_one_that_fails_comes_later() {
    let world = World::new();
    let (ann, eve) = (world.telegram.customer(1, "Ann", "en"), world.guild.agent(700, "Eve"));
    let _bot = world.start("", &world.at_discord());
    ann.writes("I want to talk to a person");
    let thread = world.guild.waits_for_thread("Ann").id;
    world.guild.waits_for(thread, "on telegram");
    let too_big = TelegramWhat::Refuse(400, "Bad Request: file is too big".to_owned());
    world.telegram.order(TelegramFault::on("getFile", too_big));
    ann.sends(Media::Video, "the film");
    world.guild.waits_for(thread, "1 file that can't be shown here: the file is larger than");
    world.telegram.order(TelegramFault::on("file", TelegramWhat::Status(502)));
    ann.sends(Media::Photo, "the box");
    let last = world.telegram.read(|state| state.sent());
    let photo = last.into_iter().find(|bytes| String::from_utf8_lossy(bytes).contains("photo"));
    world.has_at_discord(thread, &[photo.expect("it was sent")]);
    ann.writes("Do you see it?");
    world.guild.waits_for(thread, "Do you see it?");
    eve.writes(thread, "Yes.");
    ann.waits_for("Eve: Yes.");
}

#[test]
fn each_team_has_its_desk() {
    let world = World::new();
    let (group, bot) = (world.group(), world.place.path().join("bot"));
    std::fs::create_dir(&bot).expect("a folder");
    let yaml = "handoff: { teams: { support: { desk: discord }, billing: { desk: telegram } } }
intents:
  bill: { examples: [my bill is wrong], flow: [{ handoff: billing }] }
  other: { examples: [something else], flow: [{ handoff: support }] }
";
    std::fs::write(bot.join("bot.yaml"), yaml).expect("a file");
    let (ann, bert) = (world.discord.customer(1, "Ann", "en"), world.telegram.customer(2, "Bert", "en"));
    let variables = [world.at_discord(), at_telegram()].concat();
    let arguments = format!("--intents {}", bot.display());
    let _bot = world.start(&arguments, &variables);
    ann.writes("my bill is wrong");
    group.waits_for_topic("Ann");
    bert.writes("something else");
    world.guild.waits_for_thread("Bert");
    assert!(world.guild.thread_named("Ann").is_none() && group.topic_named("Bert").is_none());
}

#[test]
fn a_customer_of_both_links_them_and_has_one_conversation() {
    let world = World::new();
    let (here, there) = (world.telegram.customer(1, "Ann", "en"), world.discord.customer(2, "Ann B.", "en"));
    let _bot = world.start("", &world.at_discord());
    here.writes("where is my parcel");
    here.waits_for(WHICH);
    here.writes("/link");
    let told = here.waits_for("/link ").text;
    let code = told.split("/link ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let code = code.expect("the code stands behind it").to_owned();
    commands(there.dm(), "link", &[("text", &code)]);
    there.waits_for("is one conversation now");
    // What was asked there is answered here, and the agent sees both.
    there.writes("I want to talk to a person");
    let thread = world.guild.waits_for_thread("Ann").id;
    world.guild.waits_for(thread, "where is my parcel");
    let eve = world.guild.agent(700, "Eve");
    eve.writes(thread, "I see you on both.");
    there.waits_for("I see you on both.");
    here.writes("Now I am here");
    world.guild.waits_for(thread, "Now I am here");
    eve.writes(thread, "So I answer here.");
    here.waits_for("So I answer here.");
    assert!(!there.chat().iter().any(|shown| shown.text.contains("So I answer here.")));
}

#[test]
fn the_check_tells_of_both() {
    let world = World::new();
    world.group();
    let variables = [world.at_discord(), at_telegram()].concat();
    let run = run(world.command("--check --intents tests/fixtures/small", &variables), b"");
    for has in
        ["telegram: configured", "discord: configured", "group “Fernweg support”", "staff channel #staff"]
    {
        assert!(run.out.contains(has), "{has}:\n{}{}", run.out, run.err);
    }
    assert!(!run.out.contains("built without"), "{}", run.out);
    for token in [world.telegram.token(), world.discord.token()] {
        assert!(!run.out.contains(token));
    }
}

/// Waits until an agent's message has that mark.
fn marked(guild: &Guild, thread: u64, message: u64, mark: &str) {
    until(mark, || {
        let all = guild.thread(thread);
        let found = all.into_iter().find(|shown| shown.id == message).expect("it is there");
        found.reactions.iter().any(|reaction| reaction == mark)
    });
}

/// Gives a command as soon as Discord offers it.
fn commands(place: &Place, name: &str, options: &[(&str, &str)]) {
    until(name, || place.offered().iter().any(|offered| offered == name));
    place.commands(name, options);
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < end, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
