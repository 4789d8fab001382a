//! The program `bot-telegram` as a process beside the stand-in for Telegram, for suites that ask how it takes in updates.
//!
//! Its bot is the kill harness's: `echo t1` is answered with `Heard t1.` What it is not: the harness, which kills.
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bot_core::dialogue::Event;

use crate::kill::Program;
use crate::kill::program::{Process, Start};
use crate::kill::store::Reader;
use crate::telegram::{Customer, Telegram};

/// Waiting that long means that it never comes.
const HANGS: Duration = Duration::from_secs(60);

/// A folder with a store, and programs on it. Dropped, they are killed.
pub struct TelegramBot<'a> {
    program: Program,
    telegram: &'a Telegram,
    folder: tempfile::TempDir,
    /// Variables beyond the token and the address.
    pub variables: Vec<(&'static str, String)>,
    /// The programs that run.
    pub processes: Vec<Process>,
    written: BTreeMap<i64, Vec<String>>,
    last: u32,
}

impl<'a> TelegramBot<'a> {
    /// Nothing runs yet. `path`: the program.
    ///
    /// # Panics
    /// There is no room for its files.
    pub fn new(path: &str, telegram: &'a Telegram) -> TelegramBot<'a> {
        let program = Program { command: None, ..Program::new(path) };
        let folder = tempfile::tempdir().expect("a folder for the store");
        let variables = vec![("BOT_UNPACED", "1".to_owned())];
        TelegramBot {
            program,
            telegram,
            folder,
            variables,
            processes: Vec::new(),
            written: BTreeMap::new(),
            last: 0,
        }
    }

    /// Starts one more program on the store.
    ///
    /// # Panics
    /// It can't be started.
    pub fn start(&mut self) {
        let mut variables = vec![
            ("TELEGRAM_TOKEN", self.telegram.token().to_owned()),
            ("TELEGRAM_API_URL", self.telegram.url()),
        ];
        variables.extend(self.variables.iter().cloned());
        let process = self.program.start(Start {
            store: &self.store(),
            platform: &variables,
            back_end: "http://127.0.0.1:9",
            dies_at: None,
            log: &self.folder.path().join("log"),
        });
        self.processes.push(process.expect("the program starts"));
    }

    /// The file with the store.
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("bot.db")
    }

    /// What the programs have logged.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The customer writes something that has one answer; returns that.
    pub fn writes(&mut self, customer: &Customer) -> String {
        self.last += 1;
        let answer = format!("Heard t{}.", self.last);
        customer.writes(&format!("echo t{}.", self.last));
        self.expect(customer.id(), answer.clone());
        answer
    }

    /// Something was written that has that answer.
    pub fn expect(&mut self, customer: i64, answer: String) {
        self.written.entry(customer).or_default().push(answer);
    }

    /// Waits until everything that was written is answered and confirmed; then each has its answer, once, in order, and is in
    /// the store once.
    ///
    /// # Panics
    /// It is not so.
    pub fn assert_each_once(&mut self) {
        self.wait("every update is confirmed", |telegram| telegram.pending() == 0);
        for (chat, expected) in self.written.clone() {
            let last = expected.last().cloned().unwrap_or_default();
            self.wait(&format!("{last:?} in {chat}"), |telegram| answers(telegram, chat).contains(&last));
            assert_eq!(answers(self.telegram, chat), expected, "in {chat}\n{}", self.logged());
        }
        let reader = Reader::open(&self.store(), Some("telegram")).expect("the store can be read");
        // Until then whoever kills the program has the last answer come again.
        let is_noted = |_: &Telegram| reader.unsettled().is_ok_and(|count| count == 0);
        self.wait("every answer is noted as delivered", is_noted);
        self.assert_stored_once();
    }

    fn assert_stored_once(&self) {
        let conversations =
            Reader::open(&self.store(), Some("telegram")).and_then(|reader| Ok(reader.conversations()?));
        for kept in conversations.expect("the store can be read") {
            let expected = kept.peer.parse().ok().and_then(|peer: i64| self.written.get(&peer));
            let heard =
                kept.events.iter().filter(|stored| matches!(stored.event, Event::CustomerSaid { .. }));
            assert_eq!(Some(heard.count()), expected.map(Vec::len), "messages of {} in the store", kept.peer);
        }
    }

    /// Waits until it is so.
    ///
    /// # Panics
    /// It never is, or a program has ended.
    pub fn wait(&mut self, what: &str, is_so: impl Fn(&Telegram) -> bool) {
        let end = Instant::now() + HANGS;
        while !is_so(self.telegram) {
            for process in &mut self.processes {
                let ended = process.ended();
                assert!(
                    ended.is_none(),
                    "waiting until {what}: the program has ended: {ended:?}\n{}",
                    log(&self.folder)
                );
            }
            assert!(Instant::now() < end, "waited in vain until {what}\n{}", log(&self.folder));
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn log(folder: &tempfile::TempDir) -> String {
    std::fs::read_to_string(folder.path().join("log")).unwrap_or_default()
}

/// What the bot has said in a chat.
pub fn answers(telegram: &Telegram, chat: i64) -> Vec<String> {
    let shown = telegram.read(|state| state.shown(chat));
    shown.into_iter().filter(|shown| shown.by_bot).map(|shown| shown.text).collect()
}
