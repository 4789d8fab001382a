//! What becomes of messages when the connection to Discord breaks, in each way in which it can, or the program is gone for a while:
//! each is answered once, in order, in direct messages, in channels for support, and what agents say in threads, too.
#![cfg(unix)]
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bot_tests::discord::gateway::Side;
use bot_tests::discord::{Agent, Customer, Discord, Guild, Place, SocketFault, render::render};
use bot_tests::discord_breaks::{BREAKS, By, Ends};
use bot_tests::kill::Program;
use bot_tests::kill::program::{Process, Start};

const PROGRAM: &str = env!("CARGO_BIN_EXE_discord-under-test");

/// Nothing is timed: whoever waits that long waits in vain.
const HANGS: Duration = Duration::from_secs(120);

/// A customer who is known, one with a private thread, and one whom an agent talks to.
struct Scene {
    discord: Discord,
    guild: Guild,
    folder: tempfile::TempDir,
    process: Option<Process>,
    ann: Customer,
    bob: Place,
    cy: Customer,
    eve: Agent,
    thread: u64,
    /// The tags that were written so far, for each of the three.
    tags: [Vec<u32>; 3],
    last: u32,
}

impl Scene {
    fn new(heartbeat: Duration) -> Scene {
        let discord = Discord::start().without_pace();
        discord.gateway().set(|settings| settings.heartbeat_interval = heartbeat);
        let guild = discord.guild(500);
        let [ann, bob, cy] =
            [(1, "Ann"), (2, "Bob"), (3, "Cy")].map(|(id, name)| discord.customer(id, name, "en"));
        let bob = bob.in_channel(guild.support_channel());
        let folder = tempfile::tempdir().expect("a folder for the store");
        let (eve, tags) = (guild.agent(9, "Eve"), Default::default());
        let mut scene =
            Scene { discord, guild, folder, process: None, ann, bob, cy, eve, thread: 0, tags, last: 0 };
        scene.start();
        scene.wait("it is connected", |scene| scene.discord.gateway().ready() > 0);
        scene
    }

    /// The same, and all three are known.
    fn begun(heartbeat: Duration) -> Scene {
        let mut scene = Scene::new(heartbeat);
        scene.begin();
        scene
    }

    fn begin(&mut self) {
        let tags = [self.tag(), self.tag()];
        self.ann.writes(&format!("echo t{}.", tags[0]));
        self.bob.writes(&format!("echo t{}.", tags[1]));
        (self.tags[0], self.tags[1]) = (vec![tags[0]], vec![tags[1]]);
        self.cy.writes("I want to talk to a person");
        self.bob = self.private(2);
        let card = |scene: &Scene| {
            let threads = scene.guild.threads().into_iter();
            let own = threads.filter(|thread| thread.parent == scene.guild.staff_channel());
            own.map(|thread| thread.id).find(|thread| {
                scene.guild.thread(*thread).iter().any(|shown| shown.labels().contains(&"Claim"))
            })
        };
        self.wait("there is a card", |scene| card(scene).is_some());
        self.thread = card(self).expect("it is there");
        self.eve.presses(self.thread, "Claim");
        self.round();
        self.expects("at first");
    }

    fn start(&mut self) {
        let program = Program { command: None, ..Program::new(PROGRAM) };
        let variables = [
            ("DISCORD_TOKEN", self.discord.token().to_owned()),
            ("DISCORD_API_URL", self.discord.url()),
            ("DISCORD_STAFF", self.guild.staff_channel().to_string()),
            ("DISCORD_SUPPORT", self.guild.support_channel().to_string()),
            ("BOT_UNPACED", "1".to_owned()),
        ];
        let (store, log) = (self.path("bot.db"), self.path("log"));
        let start = Start {
            store: &store,
            platform: &variables,
            back_end: "http://127.0.0.1:9",
            dies_at: None,
            log: &log,
        };
        self.process = Some(program.start(start).expect("the program starts"));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn wait(&self, what: &str, is_so: impl Fn(&Scene) -> bool) {
        let end = Instant::now() + HANGS;
        while !is_so(self) {
            let log = || std::fs::read_to_string(self.path("log")).unwrap_or_default();
            assert!(Instant::now() < end, "waited in vain until {what}\n{}", log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn tag(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    /// Everybody says two things; returns how many that are.
    fn round(&mut self) -> usize {
        for _ in 0..2 {
            let [ann, bob, eve] = [self.tag(), self.tag(), self.tag()];
            self.ann.writes(&format!("echo t{ann}."));
            self.bob.writes(&format!("echo t{bob}."));
            self.eve.writes(self.thread, &format!("word t{eve}"));
            [ann, bob, eve].into_iter().zip(&mut self.tags).for_each(|(tag, tags)| tags.push(tag));
        }
        6
    }

    /// Somebody who is not known yet asks for support; returns who.
    fn asks_for_support(&mut self) -> (u64, u32) {
        let tag = self.tag();
        let id = 100 + u64::from(tag);
        let dan = self.discord.customer(id, &format!("Dan{tag}"), "en");
        dan.in_channel(self.guild.support_channel()).writes(&format!("echo t{tag}."));
        (id, tag)
    }

    /// The private thread of a customer, once it is there.
    fn private(&self, customer: u64) -> Place {
        let channel = self.guild.support_channel();
        let thread = |scene: &Scene| {
            let mut threads = scene.guild.threads().into_iter();
            threads.find(|thread| thread.parent == channel && thread.members.contains(&customer))
        };
        self.wait("there is a private thread", |scene| thread(scene).is_some());
        let who = self.discord.customer(customer, "Dan", "en");
        who.in_channel(thread(self).expect("it is there").id)
    }

    /// Each was answered once, in order.
    fn expects(&self, when: &str) {
        let want = self.tags.clone();
        let seen = |scene: &Scene| [heard(scene.ann.dm()), heard(&scene.bob), words(scene.cy.dm())];
        let has = |scene: &Scene| seen(scene).iter().zip(&want).all(|(seen, want)| seen.len() >= want.len());
        self.wait(&format!("{want:?} was answered {when}"), has);
        assert_eq!(seen(self), want, "{when}");
    }
}

fn texts(place: &Place) -> impl Iterator<Item = String> {
    place.chat().into_iter().filter(|shown| shown.by_bot).map(|shown| render(&shown.text).text)
}

/// The tags that were answered.
fn heard(place: &Place) -> Vec<u32> {
    texts(place).filter_map(|text| text.strip_prefix("Heard t")?.strip_suffix('.')?.parse().ok()).collect()
}

/// The tags in an agent's words.
fn words(place: &Place) -> Vec<u32> {
    texts(place).filter_map(|text| text.split_once("word t")?.1.parse().ok()).collect()
}

impl Ends for Scene {
    /// Who has asked for support for the first time, and with which tag.
    type Said = (u64, u32);

    fn discord(&self) -> &Discord {
        &self.discord
    }

    fn say(&mut self) -> (u64, u32) {
        self.round();
        self.asks_for_support()
    }

    fn dies(&mut self) {
        self.process = None;
    }

    fn starts(&mut self) {
        self.start();
    }

    fn waits(&self, what: &str, is_so: &dyn Fn(&Discord) -> bool) {
        self.wait(what, |scene| is_so(&scene.discord));
    }
}

#[test]
fn nothing_is_lost_or_doubled_or_out_of_order_however_the_connection_breaks() {
    for (how, by) in BREAKS {
        let mut scene = Scene::begun(Duration::from_secs(2));
        let hub = scene.discord.gateway().clone();
        let (resumes, identifies) = (hub.resumes(), hub.identifies());
        scene.round();
        let (dan, tag) = how.happens(&mut scene);
        scene.wait("there is a session again", |scene| {
            let hub = scene.discord.gateway();
            hub.ready() > 0 && hub.resumes() + hub.identifies() > resumes + identifies
        });
        scene.round();
        scene.expects(&format!("after {how:?}"));
        let private = scene.private(dan);
        scene.wait("who is new is answered", |_| !heard(&private).is_empty());
        assert_eq!(heard(&private), [tag], "{how:?}");
        let anew = usize::from(*by == By::Rest);
        let seen = (hub.resumes() > resumes, hub.identifies() - identifies);
        assert_eq!(seen, (*by == By::Resume, anew), "{how:?}");
        println!("{how:?}: 7 of 7 are answered, recovered by {by:?}");
    }
}

#[test]
fn events_that_come_twice_or_wrongly_change_nothing() {
    let mut scene = Scene::begun(Duration::from_secs(41));
    let faults = [
        SocketFault::Double,
        SocketFault::DoubleSame,
        SocketFault::Unparseable,
        SocketFault::Unknown,
        SocketFault::NotJson,
    ];
    for fault in faults {
        scene.discord.socket(fault);
        scene.round();
        scene.expects(&format!("with {fault:?}"));
    }
    // Those of two channels, and those of one.
    for is_one in [false, true] {
        let tags = [scene.tag(), scene.tag()];
        scene.discord.socket(SocketFault::Reorder);
        scene.ann.writes(&format!("echo t{}.", tags[0]));
        let other = if is_one { scene.ann.dm() } else { &scene.bob };
        other.writes(&format!("echo t{}.", tags[1]));
        let (first, second) = if is_one { (tags[1], tags[0]) } else { (tags[0], tags[1]) };
        scene.tags[0].push(first);
        scene.tags[usize::from(!is_one)].push(second);
        scene.expects("in another order");
    }
    assert_eq!(scene.discord.gateway().identifies(), 1);
}

/// Discord hears the bot's heart while nothing can be stored, and takes it for alive.
#[test]
fn a_slow_store_breaks_no_connection() {
    let mut scene = Scene::begun(Duration::from_secs(1));
    let opened = scene.discord.gateway().connections().len();
    let held = rusqlite::Connection::open(scene.path("bot.db")).expect("the store's file");
    held.busy_timeout(HANGS).expect("a time");
    held.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes for as long");
    scene.round();
    let beats = |scene: &Scene| {
        let frames = scene.discord.gateway().frames();
        frames.iter().filter(|frame| frame.side == Side::Bot && frame.payload()["op"] == 1).count()
    };
    let before = beats(&scene);
    // Discord waits for one and a half; the store itself gives up after five.
    scene.wait("its heart has beaten eight times", |scene| beats(scene) >= before + 8);
    let press = scene.eve.commands(scene.thread, "why", &[]);
    let is_acknowledged =
        |scene: &Scene| scene.discord.read(|state| state.interaction(press).unwrap().acknowledged.is_some());
    scene.wait("a command is acknowledged", is_acknowledged);
    drop(held);
    scene.round();
    scene.expects("after the store was held");
    assert_eq!(scene.discord.gateway().connections().len(), opened);
}

/// The one loss that can't be avoided: a bot can't ask who has written to it for the first time, while it had no session.
#[test]
fn the_first_direct_message_while_there_is_no_session_is_lost_and_no_other() {
    let mut scene = Scene::begun(Duration::from_secs(41));
    let [lost, next] = [scene.tag(), scene.tag()];
    let fay = scene.discord.customer(77, "Fay", "en");
    scene.process = None;
    scene.discord.gateway().forget_sessions();
    scene.round();
    fay.writes(&format!("echo t{lost}."));
    scene.start();
    scene.expects("after the session was lost");
    fay.writes(&format!("echo t{next}."));
    scene.wait("Fay is answered", |_| !heard(fay.dm()).is_empty());
    scene.round();
    scene.expects("at the end");
    assert_eq!(heard(fay.dm()), [next]);
}

#[test]
fn the_program_ends_with_what_to_do_when_there_is_no_use_in_trying_again() {
    let cases = [
        (4004, "DISCORD_TOKEN"),
        (4010, "shards"),
        (4011, "shards"),
        (4012, "newer program"),
        (4013, "newer program"),
        (4014, "Message Content Intent"),
    ];
    for (code, told) in cases {
        let mut scene = Scene::new(Duration::from_secs(41));
        let identifies = scene.discord.gateway().identifies();
        scene.discord.socket(SocketFault::Close(code));
        let end = Instant::now() + HANGS;
        let process = scene.process.as_mut().expect("it runs");
        let status = loop {
            match process.ended() {
                Some(status) => break status,
                None => assert!(Instant::now() < end, "{code}: it does not end"),
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let log = std::fs::read_to_string(scene.path("log")).unwrap_or_default();
        assert!(!status.success() && log.contains(told), "{code}: {status}\n{log}");
        assert_eq!(scene.discord.gateway().identifies(), identifies, "{code}");
    }
}
