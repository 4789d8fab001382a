//! A stand-in, a program, customers who write, and the time until they are answered.
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::figures::{self, Latencies};
use crate::kill::Program;
use crate::kill::program::{Process, Start};

/// Nothing takes longer.
const HANGS: Duration = Duration::from_secs(300);
/// What is under way at an idle moment is done by then.
const QUIET: Duration = Duration::from_secs(2);
/// The account of the first customer who writes steadily.
const FIRST: u32 = 10_000;
/// That of the one who writes much at once.
pub const ONE: u32 = FIRST - 1;
/// That of the one who writes first.
const NOBODY: u32 = FIRST - 2;

/// A stand-in for a platform.
pub trait Stand {
    /// What a program needs in its environment to run on it.
    fn environment(&self) -> Vec<(&'static str, String)>;

    /// Waits until a program is connected.
    fn waits_for_program(&self) {}

    /// That customer writes this to the bot.
    fn writes(&self, customer: u32, text: &str);

    /// What it remembers of what it was asked is not needed any more.
    fn forgets(&self);
}

/// Messages without an answer, and how long the others took. Times are since the start.
pub struct Waiting {
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

    /// The request for an answer came in at that time. It is noted when the request has been carried out; what counts is when it came in.
    pub fn note(&self, answer: &str, at: Duration) {
        let mut state = self.lock();
        if let Some(written) = state.written.remove(answer) {
            state.took.push((self.start + at).saturating_duration_since(written));
        }
    }
}

/// A program under load.
pub struct Measure<S> {
    /// What it runs on.
    pub stand: S,
    process: Process,
    waiting: Arc<Waiting>,
    last: u64,
    _folder: tempfile::TempDir,
}

impl<S: Stand> Measure<S> {
    /// Starts both, and waits until the program answers. The stand-in is to note each answer.
    ///
    /// # Errors
    /// It can't be started, or does not answer.
    pub fn start(
        program: &Program,
        paced: bool,
        stand: impl FnOnce(Arc<Waiting>) -> Result<S>,
    ) -> Result<Measure<S>> {
        let waiting = Arc::new(Waiting { start: Instant::now(), state: Mutex::default() });
        let stand = stand(waiting.clone())?;
        let folder = tempfile::tempdir()?;
        let process = started(program, &stand, folder.path(), paced)?;
        stand.waits_for_program();
        let mut measure = Measure { stand, process, waiting, last: 0, _folder: folder };
        measure.write(NOBODY);
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
                self.stand.forgets();
            }
        }
        self.took()
    }

    /// So many messages of [`ONE`] at once.
    ///
    /// # Errors
    /// Not all of them are answered.
    pub fn at_once(&mut self, messages: u32) -> Result<Latencies> {
        self.waiting.lock().took.clear();
        (0..messages).for_each(|_| self.write(ONE));
        self.took()
    }

    fn took(&mut self) -> Result<Latencies> {
        self.answered()?;
        Ok(Latencies::new(std::mem::take(&mut self.waiting.lock().took)))
    }

    /// A full stop shows that nothing more is to come: no bot waits for the rest.
    fn write(&mut self, customer: u32) {
        self.last += 1;
        let answer = format!("Heard t{}.", self.last);
        self.waiting.lock().written.insert(answer, Instant::now());
        self.stand.writes(customer, &format!("echo t{}.", self.last));
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
pub fn started(program: &Program, stand: &impl Stand, folder: &Path, paced: bool) -> Result<Process> {
    let mut platform = stand.environment();
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
