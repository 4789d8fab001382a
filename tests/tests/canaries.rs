//! What customers, agents and settings say in confidence is found in no log, and once it is erased in no byte of the store.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::{get, post};
use bot_core::dialogue::{AttachmentKind, Input};
use bot_core::handoff::AgentAct;
use bot_runtime::channel::Body;
use bot_tests::Bot;
use bot_tests::kill::Program;
use bot_tests::kill::program::{Process, Start};
use bot_tests::kill::record::Kept;
use bot_tests::kill::store::Reader;
use bot_tests::standin::{Fault, Part, Platform};

const BOT: &str = env!("CARGO_BIN_EXE_bot-under-test");

const PHONE: &str = "+4915155501234";
const CARD: &str = "4929123456789013";
const NAME: &str = "Wilhelmina";
const TOKEN: &str = "tok-9f8e7d6c5b4a";
/// What the customer and their agent say.
const CONFIDED: [&str; 3] = [PHONE, CARD, NAME];

/// Waiting that long means that it hangs: nothing is timed.
const HANGS: Duration = Duration::from_secs(30);

/// A program that logs all it can, a platform, a back end that answers with what it was told, and a folder for all of it.
struct World {
    platform: Platform,
    back_end: String,
    folder: tempfile::TempDir,
    process: Option<Process>,
    _tokio: tokio::runtime::Runtime,
}

impl World {
    fn new() -> World {
        let tokio =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let fails = |body: String| async move { (StatusCode::BAD_REQUEST, body) };
        let leads_away = || async {
            (
                StatusCode::FOUND,
                [(header::LOCATION, format!("http://elsewhere.example/{CARD}?phone={PHONE}"))],
            )
        };
        let router = Router::new().route("/fails", post(fails)).route("/leads-away/{card}", get(leads_away));
        let listener = tokio.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let back_end = format!("http://{}", listener.local_addr().unwrap());
        tokio.spawn(async move { axum::serve(listener, router).await });
        let folder = tempfile::tempdir().unwrap();
        let mut world = World { platform: Platform::start(), back_end, folder, process: None, _tokio: tokio };
        world.start();
        world
    }

    fn start(&mut self) {
        let program = Program {
            variable: Some(("BANK_TOKEN", TOKEN)),
            intents: "tests/fixtures/canaries".into(),
            log: "trace",
            ..Program::new(BOT)
        };
        let process = program.start(Start {
            store: &self.store(),
            platform: &self.platform.environment(Part::All),
            back_end: &self.back_end,
            dies_at: None,
            log: &self.log(),
        });
        self.process = Some(process.unwrap());
    }

    fn stop(&mut self) {
        let status = self.process.take().unwrap().terminate(HANGS);
        assert!(status.is_some_and(|status| status.success()), "{status:?}\n{}", self.logged());
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("canaries.db")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn logged(&self) -> String {
        fs::read_to_string(self.log()).unwrap()
    }

    fn say(&self, peer: &str, text: &str) -> String {
        self.platform.say(peer, text)
    }

    /// Writes, and waits for an answer with that in it, of which there are so many by then.
    fn ask(&self, peer: &str, text: &str, answer: &str) {
        let before = self.arrived(peer, answer);
        self.say(peer, text);
        self.wait_for(peer, answer, before + 1);
    }

    fn arrived(&self, peer: &str, answer: &str) -> usize {
        self.platform.texts(peer).iter().filter(|text| text.contains(answer)).count()
    }

    fn wait_for(&self, peer: &str, answer: &str, times: usize) {
        self.platform.wait_for(answer, |lines| {
            lines.iter().filter(|line| line.peer == peer && line.text.contains(answer)).count() >= times
        });
    }

    fn kept(&self, peer: &str) -> Kept {
        let all = Reader::open(&self.store(), None).unwrap().conversations().unwrap();
        all.into_iter().find(|kept| kept.peer == peer).unwrap()
    }

    fn rest(&self) {
        self.platform.wait_until_confirmed();
        let reader = Reader::open(&self.store(), None).unwrap();
        wait_until("everything is at rest", || reader.unsettled().unwrap() == 0);
    }

    /// Where in the store's files something of that can be found.
    fn found(&self, canaries: &[&str]) -> Vec<String> {
        let files = ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", self.store().display())));
        let mut found = Vec::new();
        for file in files.iter().filter(|file| file.exists()) {
            let bytes = fs::read(file).unwrap();
            found.extend(
                canaries.iter().filter(|canary| has(&bytes, canary)).map(|canary| in_file(canary, file)),
            );
        }
        found
    }
}

fn in_file(canary: &str, file: &Path) -> String {
    format!("{canary} in {}", file.file_name().unwrap().display())
}

fn has(bytes: &[u8], canary: &str) -> bool {
    bytes.windows(canary.len()).any(|window| window == canary.as_bytes())
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + HANGS;
    while !holds() {
        assert!(Instant::now() < end, "{what}: does not come");
        sleep(Duration::from_millis(20));
    }
}

/// A customer and an agent confide everything to the bot, in every way there is.
fn confide(world: &World, peer: &str) {
    world.platform.call(peer, NAME);
    let rambling = world.say(peer, &format!("I am {NAME}, call {PHONE}, my card is {CARD}"));
    world.ask(peer, "I want to pay", "phone number");
    world.ask(peer, PHONE, "card number");
    world.ask(peer, CARD, "Now, or later");
    world.platform.input(peer, Input::Press { id: CARD.to_owned() });
    world.platform.input(
        peer,
        Input::Attachment {
            kind: AttachmentKind::Picture,
            caption: Some(format!("{CARD} {PHONE} {NAME}")),
            files: vec![],
            album: None,
        },
    );
    world
        .platform
        .write(peer, |_| Body::Edit { message: rambling.clone(), text: format!("{NAME}: {PHONE} {CARD}") });
    world.platform.write(peer, |_| Body::Delete { message: rambling.clone() });
    world.ask(peer, "now", "I could not check it");
    world.wait_for(peer, "colleague", 1);
    world.say(peer, &format!("{CARD} {PHONE}"));
    let say = |text: String| drop(world.platform.act(peer, "Ida", AgentAct::Say { text }));
    world.platform.act(peer, "Ida", AgentAct::Claim);
    say(format!("Is it {PHONE}, {NAME}?"));
    world.wait_for(peer, "Is it", 1);
    world.platform.act(peer, "Ida", AgentAct::Note { text: format!("{NAME} has {PHONE}") });
    world.rest();
    world.platform.fault(Fault::Blocked);
    say(format!("Then I call {PHONE}."));
    let reader = Reader::open(&world.store(), None).unwrap();
    wait_until("the agent sees that it was not delivered", || {
        let all = reader.conversations().unwrap();
        let kept = all.iter().find(|kept| kept.peer == peer);
        kept.is_some_and(|kept| format!("{:?}", kept.events).contains("Undelivered"))
    });
    world.platform.act(peer, "Ida", AgentAct::Close);
    world.wait_for(peer, "How was it", 1);
    world.rest();
}

fn assert_not_logged(world: &World) {
    let log = world.logged();
    assert!(log.contains("an action failed"), "the log says nothing: {log}");
    for canary in [PHONE, CARD, NAME, TOKEN] {
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(canary)).collect();
        assert!(lines.is_empty(), "{canary} is logged: {lines:#?}");
    }
}

#[test]
fn secrets_are_not_logged_and_a_card_is_shown_to_no_agent() {
    let mut world = World::new();
    confide(&world, "ann");
    let kept = world.kept("ann");
    assert_eq!(kept.tickets.len(), 1);
    // The card was written outside of its question, too: that is the customer's own word. In its question it is masked.
    let ticket = format!("{:?} {:?}", kept.tickets[0].ticket.slots, kept.tickets[0].ticket.reason);
    assert!(!ticket.contains(CARD), "{ticket}");
    let desk = Bot::new(BOT).pipe(
        &format!("--intents tests/fixtures/canaries desk --name Jon --store {}", world.store().display()),
        b"/list\n/read 1\n/why\n",
    );
    assert!(!desk.out.contains(TOKEN) && !desk.err.contains(TOKEN), "{desk:?}");
    world.stop();
    assert_not_logged(&world);
    assert_eq!(world.found(&[TOKEN]), Vec::<String>::new());
}

#[test]
fn a_masked_card_is_in_no_ticket_transcript_or_desk() {
    let mut world = World::new();
    world.ask("ann", "I want to pay", "phone number");
    world.ask("ann", PHONE, "card number");
    world.ask("ann", CARD, "Now, or later");
    world.ask("ann", "now", "colleague");
    world.rest();
    let kept = world.kept("ann");
    let shown = format!("{:?} {:?} {:?}", kept.tickets, kept.tracker.transcript, kept.tracker.ticket);
    assert!(shown.contains(PHONE), "the agent sees nothing: {shown}");
    assert!(!shown.contains(CARD), "{shown}");
    let arguments =
        format!("--intents tests/fixtures/canaries desk --name Jon --store {}", world.store().display());
    let desk = Bot::new(BOT).pipe(&arguments, b"/list\n/claim 1\n/why\n/read 1\n/help\n");
    assert!(desk.out.contains(PHONE), "the desk shows nothing: {desk:?}");
    assert!(!desk.out.contains(CARD) && !desk.err.contains(CARD), "{desk:?}");
    world.stop();
    assert_not_logged(&world);
}

#[test]
fn after_forget_me_no_byte_is_left_and_others_keep_theirs() {
    let mut world = World::new();
    world.ask("bob", "I want to pay", "phone number");
    world.ask("bob", "+4917000000000", "card number");
    confide(&world, "ann");
    let others = world.kept("bob");
    assert!(!world.found(&CONFIDED).is_empty(), "nothing was there to erase");
    world.ask("ann", "forget me", "Shall I erase everything");
    world.ask("ann", "yes", "erased");
    world.rest();
    // The log's pages are moved and overwritten soon after, while the program runs.
    wait_until("no byte is left in the running program's files", || world.found(&CONFIDED).is_empty());
    world.stop();
    assert_eq!(world.found(&CONFIDED), Vec::<String>::new());
    let after = world.kept("bob");
    assert_eq!((after.tracker, after.events), (others.tracker, others.events));
    assert_not_logged(&world);
}

#[test]
fn what_is_older_than_keep_is_erased_at_the_next_start() {
    let mut world = World::new();
    confide(&world, "ann");
    let old = Instant::now();
    sleep(Duration::from_secs(6));
    world.ask("bob", "I want to pay", "phone number");
    world.rest();
    let others = world.kept("bob");
    world.stop();
    assert!(!world.found(&CONFIDED).is_empty(), "nothing was there to erase");
    // `keep` is ten seconds, by the real clock.
    sleep(Duration::from_millis(10_200).saturating_sub(old.elapsed()));
    world.start();
    wait_until("no byte is left in the running program's files", || world.found(&CONFIDED).is_empty());
    let after = world.kept("bob");
    assert_eq!((after.tracker, after.events), (others.tracker, others.events));
    world.stop();
    assert_eq!(world.found(&CONFIDED), Vec::<String>::new());
}
