//! A world: a platform, a back end, a file, and programs that die and are started again while customers write on.
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::back_end::BackEnd;
use super::plan::{Kill, Plan};
use super::program::{Process, Program, Start};
use super::random::Random;
use super::record::Record;
use super::script::{Author, Customer};
use super::stage::{Life, Site, Stage};
use super::store::Reader;
use crate::standin::{Fault, Part};

/// What came of a world.
#[derive(Debug)]
pub struct Outcome {
    /// What the checks look at.
    pub record: Record,
    /// How often the programs died, and where.
    pub kills: BTreeMap<String, usize>,
    /// What went wrong beyond that: a program that ended by itself, something that never came.
    pub failures: Vec<String>,
    /// The store's file and the programs' logs.
    pub folder: tempfile::TempDir,
}

/// Nothing happens for so long while it starts: a program that should have died does not get where it should.
const STARTS: Duration = Duration::from_secs(10);
/// A repetition comes six seconds after a death.
const REPEATS: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(5);

/// A place for a program, which is filled again whenever it has died.
struct Slot {
    part: Part,
    kills: VecDeque<Kill>,
    process: Option<Process>,
    armed: Option<Kill>,
    /// Events when it was started.
    since: u64,
    /// Events at its first repetition.
    repeated: Option<u64>,
}

/// A world on its way.
pub struct World<'a> {
    program: &'a Program,
    stage: Box<dyn Stage>,
    back_end: BackEnd,
    folder: tempfile::TempDir,
    author: Author,
    random: Random,
    customers: Vec<Customer>,
    newcomers: u64,
    sabotage: Option<Fault>,
    patience: Duration,
    slots: Vec<Slot>,
    agents_apart: bool,
    site: Site,
    /// The program is there, and customers may write.
    is_open: bool,
    /// The same as [`STARTS`], later on.
    idle: Duration,
    /// Nothing happens for so long only when nothing more comes by itself.
    rest: Duration,
    lives: Vec<Life>,
    kills: BTreeMap<String, usize>,
    failures: Vec<String>,
    /// Events that have been seen, and when something happened last.
    seen: (u64, Instant),
}

impl<'a> World<'a> {
    /// A world in which nothing has happened yet.
    ///
    /// # Errors
    /// There is no room for its files.
    pub fn new(program: &'a Program, plan: Plan) -> Result<World<'a>> {
        let agents_apart = plan.agents_apart();
        let slot = |(part, kills)| Slot { part, kills, process: None, armed: None, since: 0, repeated: None };
        Ok(World {
            program,
            stage: plan.site.build(),
            back_end: BackEnd::start(plan.seed),
            folder: tempfile::tempdir()?,
            author: Author::new(plan.seed, plan.site),
            random: Random::new(!plan.seed),
            customers: Vec::new(),
            newcomers: plan.newcomers,
            sabotage: plan.sabotage,
            patience: plan.patience,
            slots: plan.programs.into_iter().map(slot).collect(),
            agents_apart,
            site: plan.site,
            is_open: false,
            idle: plan.site.idle(),
            rest: plan.site.rest(),
            lives: Vec::new(),
            kills: BTreeMap::new(),
            failures: Vec::new(),
            seen: (0, Instant::now()),
        })
    }

    /// Lets everything happen; what is left is what the checks look at.
    ///
    /// # Errors
    /// The program can't be started, or the store can't be read.
    pub fn run(mut self) -> Result<Outcome> {
        while self.slots.iter().any(|slot| slot.armed.is_some() || !slot.kills.is_empty()) {
            self.start_programs()?;
            self.look()?;
            for index in 0..self.slots.len() {
                self.see_to(index);
            }
        }
        self.start_programs()?;
        self.settle()?;
        self.stop();
        self.finish()
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("bot.db")
    }

    fn start_programs(&mut self) -> Result<()> {
        for index in 0..self.slots.len() {
            if self.slots[index].process.is_none() {
                self.start(index)?;
                self.news();
            }
        }
        Ok(())
    }

    fn start(&mut self, index: usize) -> Result<()> {
        let (store, log) = (self.store(), self.folder.path().join(format!("log{index}")));
        let slot = &mut self.slots[index];
        slot.armed = slot.kills.pop_front();
        let dies_at = slot.armed.as_ref().filter(|kill| matches!(kill, Kill::At { .. })).map(Kill::to_string);
        let process = self.program.start(Start {
            store: &store,
            platform: &self.stage.environment(slot.part),
            back_end: &self.back_end.url(),
            dies_at: dies_at.as_deref(),
            log: &log,
        });
        let process = process.context("the program can't be started")?;
        self.lives.push(Life { id: process.id(), from: process.started, to: None, killed: false });
        slot.process = Some(process);
        slot.since = self.stage.events();
        slot.repeated = None;
        self.seen.1 = Instant::now();
        Ok(())
    }

    /// New customers come, and the platform has a bad moment now and then.
    fn news(&mut self) {
        for _ in 0..self.newcomers {
            self.customers.push(self.author.customer());
        }
        if let Some(fault) = self.sabotage.take() {
            self.stage.sabotage(fault);
        }
        self.stage.trouble(&mut self.random);
    }

    /// Customers and agents go on; then a look at what happened.
    fn look(&mut self) -> Result<()> {
        self.is_open = self.is_open || self.opens()?;
        let stage = self.stage.as_mut();
        let customers = self.customers.iter_mut().filter(|_| self.is_open);
        let done: usize = customers.map(|customer| customer.go_on(stage)).sum();
        let events = self.stage.wait_for_event(self.seen.0, LOOK);
        if done > 0 || events > self.seen.0 {
            self.seen = (events, Instant::now());
        }
        Ok(())
    }

    fn opens(&self) -> Result<bool> {
        Ok(self.store().exists() && self.stage.is_open(&self.reader()?)?)
    }

    fn reader(&self) -> Result<Reader> {
        Reader::open(&self.store(), self.site.desk())
    }

    fn see_to(&mut self, index: usize) {
        let (events, at) = self.seen;
        let slot = &mut self.slots[index];
        let Some(process) = &mut slot.process else { return };
        let id = process.id();
        if let Some(status) = process.ended() {
            let armed = slot.armed.take();
            return self.ended(index, id, status, armed.as_ref());
        }
        let Some(armed) = slot.armed.clone() else { return };
        if slot.repeated.is_none() {
            let life = self.lives.iter().rfind(|life| life.id == id);
            let repeats = life.is_some_and(|life| self.stage.has_repeated(life));
            slot.repeated = repeats.then_some(events);
        }
        let since = events - slot.since;
        let waited = at.elapsed();
        let gives_up = match armed {
            Kill::Again { .. } => REPEATS,
            _ if since == 0 => STARTS,
            _ => self.idle,
        };
        let is_time = match &armed {
            Kill::At { .. } => false,
            Kill::After { events } => since >= *events,
            Kill::Again { events: more } => slot.repeated.is_some_and(|then| events >= then + more),
        };
        if is_time || waited >= gives_up {
            process.kill();
            slot.armed = None;
            let how = match (&armed, is_time) {
                (Kill::After { .. }, true) => "at random",
                (Kill::Again { .. }, true) => "during a repetition",
                _ => "at rest",
            };
            self.died(index, id, how);
        }
    }

    fn ended(&mut self, index: usize, id: u32, status: ExitStatus, armed: Option<&Kill>) {
        match armed {
            Some(Kill::At { point, .. }) if status.signal().is_some() => self.died(index, id, point),
            _ => {
                let log = std::fs::read_to_string(self.folder.path().join(format!("log{index}")))
                    .unwrap_or_default();
                let last: Vec<&str> = log.lines().rev().take(5).collect();
                self.failures.push(format!("the program ended by itself ({status}): {last:?}"));
                self.died(index, id, "by itself");
            }
        }
    }

    fn died(&mut self, index: usize, id: u32, how: &str) {
        self.slots[index].process = None;
        let life = self.lives.iter_mut().rfind(|life| life.id == id);
        life.into_iter().for_each(|life| (life.to, life.killed) = (Some(Instant::now()), true));
        *self.kills.entry(how.to_owned()).or_default() += 1;
    }

    /// Waits until everybody has done what they wanted and nothing waits in the store.
    fn settle(&mut self) -> Result<()> {
        let end = Instant::now() + self.patience;
        let mut reader = None;
        while Instant::now() < end {
            self.look()?;
            for index in 0..self.slots.len() {
                self.see_to(index);
            }
            if self.slots.iter().any(|slot| slot.process.is_none()) {
                bail!("{}", self.failures.join("\n"));
            }
            if self.customers.iter().all(Customer::is_done) && self.has_all() {
                let reader = match &reader {
                    Some(reader) => reader,
                    None => reader.insert(self.reader()?),
                };
                let is_done = reader.unsettled()? == 0 && self.stage.is_stored(reader)?;
                if is_done && self.seen.1.elapsed() >= self.rest {
                    return Ok(());
                }
                std::thread::sleep(LOOK * 10);
            }
        }
        for customer in self.customers.iter().filter(|customer| !customer.is_done()) {
            self.failures.push(format!("{} still waits for {}", customer.peer, customer.waits_for()));
        }
        self.failures.push("the world does not come to rest".to_owned());
        Ok(())
    }

    fn has_all(&self) -> bool {
        let has_all = |customer: &Customer| {
            let lines = self.stage.lines(&customer.peer);
            let has = |text: &String| lines.iter().any(|line| line.text == *text);
            let mut expected = self.author.expected.iter().filter(|expected| expected.peer == customer.peer);
            expected.all(|expected| expected.one_of.iter().any(has))
        };
        self.stage.is_confirmed(None) && self.customers.iter().all(has_all)
    }

    /// A graceful stop is part of what is tried.
    fn stop(&mut self) {
        for slot in &mut self.slots {
            let Some(process) = &mut slot.process else { continue };
            match process.terminate(STARTS * 3) {
                Some(status) if status.success() => {}
                Some(status) => self.failures.push(format!("told to stop, the program ended with {status}")),
                None => self.failures.push("told to stop, the program does not".to_owned()),
            }
            slot.process = None;
        }
    }

    fn finish(self) -> Result<Outcome> {
        let mut conversations = self.reader()?.conversations()?;
        conversations.iter_mut().for_each(|kept| kept.peer = self.stage.called(&kept.peer));
        let killed: BTreeSet<u32> =
            self.lives.iter().filter(|life| life.killed).map(|life| life.id).collect();
        let record = Record {
            ledger: self.stage.ledger(&conversations, &self.lives),
            topics: self.stage.topics(&conversations, &self.lives),
            killed,
            requests: self.back_end.requests(),
            expected: self.author.expected,
            conversations,
            agents_apart: self.agents_apart,
            has_topics: self.site.has_topics(),
            tells_repetitions: self.site.tells_repetitions(),
        };
        Ok(Outcome { record, kills: self.kills, failures: self.failures, folder: self.folder })
    }
}
