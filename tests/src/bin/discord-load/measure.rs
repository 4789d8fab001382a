//! A stand-in, a program, customers who write, and the time until they are answered.
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bot_tests::discord::render::render;
use bot_tests::discord::{Call, Discord};
use bot_tests::figures::{self, Latencies};
use bot_tests::kill::Program;
use bot_tests::kill::program::{Process, Start};

/// Nothing takes longer.
const HANGS: Duration = Duration::from_secs(300);
/// What is under way at an idle moment is done by then.
const QUIET: Duration = Duration::from_secs(2);
/// The server of the channel for agents.
const GUILD: u64 = 500;
/// The account of the first customer.
const FIRST: u32 = 10_000;

pub struct Measure {
    discord: Discord,
    process: Process,
    waiting: Arc<Waiting>,
    last: u64,
    _folder: tempfile::TempDir,
}

/// Messages without an answer, and how long the others took. Times are since the start.
struct Waiting {
    start: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    written: HashMap<String, Instant>,
    took: Vec<Duration>,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread that holds it panics")
    }

    /// A request's answer comes when the request has been carried out: what counts is when it came in.
    fn note(&self, call: &Call) {
        let is_message = call.what() == "POST /channels/{channel_id}/messages";
        let Some(answer) = call.field("content").as_str().filter(|_| is_message) else { return };
        let mut state = self.lock();
        if let Some(written) = state.written.remove(answer) {
            state.took.push((self.start + call.at).saturating_duration_since(written));
        }
    }
}

impl Measure {
    /// Starts both, and waits until the program answers.
    ///
    /// # Errors
    /// It can't be started, or does not answer.
    pub fn start(program: &Program, paced: bool) -> Result<Measure> {
        let start = Instant::now();
        let discord = Discord::start().without_pace();
        let waiting = Arc::new(Waiting { start, state: Mutex::default() });
        let noting = waiting.clone();
        discord.on_exchange(move |call| noting.note(call));
        let folder = tempfile::tempdir()?;
        let process = started(program, &discord, folder.path(), paced)?;
        discord.gateway().wait("the program is connected", |hub| (hub.ready() > 0).then_some(()));
        let mut measure = Measure { discord, process, waiting, last: 0, _folder: folder };
        measure.write(FIRST - 1);
        measure.answered()?;
        sleep(QUIET);
        Ok(measure)
    }

    /// The memory that the program takes now, in MB.
    pub fn memory(&self) -> u64 {
        figures::memory_of(self.process.id())
    }

    /// So many messages a second for so many seconds, from so many customers in turn.
    ///
    /// # Errors
    /// Not all of them are answered.
    pub fn steady(&mut self, rate: u32, seconds: u32, customers: u32) -> Result<Latencies> {
        self.waiting.lock().took.clear();
        let (begin, messages) = (Instant::now(), rate * seconds);
        for number in 0..messages {
            sleep((begin + Duration::from_secs(1) * number / rate).saturating_duration_since(Instant::now()));
            self.write(FIRST + number % customers);
            if number % 1_000 == 0 {
                self.discord.forget_calls();
                self.discord.gateway().forget_frames();
            }
        }
        self.answered()?;
        Ok(Latencies::new(std::mem::take(&mut self.waiting.lock().took)))
    }

    /// So many messages of one customer at once; how often one was answered before the one before it, as the customer sees it.
    ///
    /// # Errors
    /// Not all of them are answered.
    pub fn burst(&mut self, messages: u32) -> Result<(Latencies, usize)> {
        self.waiting.lock().took.clear();
        (0..messages).for_each(|_| self.write(FIRST - 2));
        self.answered()?;
        let customer = self.discord.customer((FIRST - 2).into(), "Ann", "en");
        let texts: Vec<String> = customer.answers().into_iter().map(|shown| shown.text).collect();
        Ok((Latencies::new(std::mem::take(&mut self.waiting.lock().took)), inversions(&heard(&texts))))
    }

    /// A full stop shows that nothing more is to come: no bot waits for the rest.
    fn write(&mut self, customer: u32) {
        self.last += 1;
        let customer = self.discord.customer(customer.into(), "Ann", "en");
        let answer = format!("Heard t{}.", self.last);
        self.waiting.lock().written.insert(answer, Instant::now());
        customer.writes(&format!("echo t{}.", self.last));
    }

    fn answered(&mut self) -> Result<()> {
        let end = Instant::now() + HANGS;
        while !self.waiting.lock().written.is_empty() {
            if let Some(status) = self.process.ended() {
                bail!("the program has ended: {status}");
            }
            if Instant::now() > end {
                bail!("{} messages are not answered", self.waiting.lock().written.len());
            }
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

/// Starts the program on that stand-in, with its store and its log in that folder.
///
/// # Errors
/// It can't be started.
pub fn started(program: &Program, discord: &Discord, folder: &Path, paced: bool) -> Result<Process> {
    let mut platform = vec![
        ("DISCORD_TOKEN", discord.token().to_owned()),
        ("DISCORD_API_URL", discord.url()),
        ("DISCORD_STAFF", discord.guild(GUILD).staff_channel().to_string()),
    ];
    if !paced {
        platform.push(("BOT_UNPACED", "1".to_owned()));
    }
    let process = program.start(Start {
        store: &folder.join("bot.db"),
        platform: &platform,
        back_end: "http://127.0.0.1:9",
        dies_at: None,
        log: &folder.join("log"),
    });
    process.context("the program can't be started")
}

/// The numbers of the messages that were answered.
pub fn heard(texts: &[String]) -> Vec<u64> {
    let number = |text: &String| render(text).text.strip_prefix("Heard t")?.strip_suffix('.')?.parse().ok();
    texts.iter().filter_map(number).collect()
}

/// How often an answer came before that to an earlier message.
pub fn inversions(heard: &[u64]) -> usize {
    heard.windows(2).filter(|pair| pair[0] > pair[1]).count()
}
