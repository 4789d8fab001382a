//! A stand-in, a program, customers who write, and the time until they are answered.
use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bot_tests::figures::{self, Latencies};
use bot_tests::kill::Program;
use bot_tests::kill::program::{Process, Start};
use bot_tests::telegram::{Call, Telegram};

/// Nothing takes longer.
const HANGS: Duration = Duration::from_secs(120);
/// What is under way at an idle moment is done by then.
const QUIET: Duration = Duration::from_secs(2);
/// The account of the first customer.
const FIRST: u32 = 10_000;

pub struct Measure {
    telegram: Telegram,
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
        let Some(answer) = call.parameter("text").as_str().filter(|_| call.method == "sendMessage") else {
            return;
        };
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
    pub fn start(program: &Program, webhook: bool, paced: bool) -> Result<Measure> {
        let start = Instant::now();
        let telegram = Telegram::start().without_pace();
        let waiting = Arc::new(Waiting { start, state: Mutex::default() });
        let noting = waiting.clone();
        telegram.on_exchange(move |call| noting.note(call));
        let folder = tempfile::tempdir()?;
        let process = program.start(Start {
            store: &folder.path().join("bot.db"),
            platform: &environment(&telegram, webhook, paced)?,
            back_end: "http://127.0.0.1:9",
            dies_at: None,
            log: &folder.path().join("log"),
        });
        let process = process.context("the program can't be started")?;
        let mut measure = Measure { telegram, process, waiting, last: 0, _folder: folder };
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
                self.telegram.forget_calls();
            }
        }
        self.answered()?;
        Ok(Latencies::new(std::mem::take(&mut self.waiting.lock().took)))
    }

    /// A full stop shows that nothing more is to come: no bot waits for the rest.
    fn write(&mut self, customer: u32) {
        self.last += 1;
        let customer = self.telegram.customer(customer.into(), "Ann", "en");
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

fn environment(telegram: &Telegram, webhook: bool, paced: bool) -> Result<Vec<(&'static str, String)>> {
    let mut variables =
        vec![("TELEGRAM_TOKEN", telegram.token().to_owned()), ("TELEGRAM_API_URL", telegram.url())];
    if !paced {
        variables.push(("BOT_UNPACED", "1".to_owned()));
    }
    if webhook {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        variables.push(("TELEGRAM_WEBHOOK_URL", format!("http://127.0.0.1:{port}/telegram")));
        variables.push(("TELEGRAM_WEBHOOK_LISTEN", format!("127.0.0.1:{port}")));
        variables.push(("TELEGRAM_WEBHOOK_SECRET", "a-secret-of-no-use-elsewhere".to_owned()));
    }
    Ok(variables)
}
