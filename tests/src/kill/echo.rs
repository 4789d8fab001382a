//! A plain comparison: customers write, the program is killed from outside and started again, and answers are counted.
//!
//! It needs nothing of a bot but that it answers `echo t1` with `Heard t1.`: so it also takes one that is built on another
//! library. What it is not: it looks into no store, and explains nothing.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::back_end::BackEnd;
use super::program::{Process, Program, Start};
use super::random::Random;
use super::stage::{Deed, Site, Stage};
use super::store::Reader;
use crate::standin::Part;

/// What is to happen.
#[derive(Clone, Copy, Debug)]
pub struct Echo {
    /// On which platform.
    pub site: Site,
    /// Whether the program keeps a store, in which it can be seen that it is there.
    pub stores: bool,
    /// Which customer writes next, and when the program is killed, follows from it.
    pub seed: u64,
    /// How many write.
    pub customers: u64,
    /// How many messages between a start and the next kill: the kill comes while they are on their way.
    pub messages: u64,
    /// How often it is killed.
    pub kills: usize,
    /// Nothing happens for so long: nothing more will come.
    pub idle: Duration,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Messages.
    pub written: usize,
    /// Of them, those that were never answered.
    pub lost: usize,
    /// Answers that came more than once: how many times too many.
    pub repeated: usize,
    /// Messages that were answered before an earlier one of the same customer.
    pub overtaken: usize,
    /// Kills.
    pub kills: usize,
    /// Messages that had come and were not answered when the program died, at one kill or several.
    pub in_flight: usize,
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Counted { written, lost, repeated, overtaken, kills, in_flight } = self;
        let share = *lost as f64 * 100.0 / (*in_flight).max(1) as f64;
        write!(
            f,
            "{kills} kills, {written} messages, {in_flight} of them in flight at a kill: {lost} lost ({share:.0} % of those), {repeated} answered once more, {overtaken} out of order"
        )
    }
}

/// Lets it happen.
///
/// # Errors
/// The program can't be started.
pub fn run(program: &Program, echo: &Echo) -> Result<Counted> {
    let mut world = World {
        stage: echo.site.build(),
        back_end: BackEnd::start(echo.seed),
        folder: tempfile::tempdir()?,
        program,
        random: Random::new(echo.seed),
        written: BTreeMap::new(),
        last: 0,
    };
    let mut in_flight = BTreeSet::new();
    for _ in 0..echo.kills {
        let mut process = world.start()?;
        world.opens(echo.stores)?;
        world.write_and_kill(echo, &mut process);
        in_flight.extend(world.unanswered());
    }
    let mut process = world.start()?;
    world.rest(echo.idle);
    let _ = process.terminate(Duration::from_secs(30));
    Ok(Counted { kills: echo.kills, in_flight: in_flight.len(), ..world.count() })
}

struct World<'a> {
    stage: Box<dyn Stage>,
    back_end: BackEnd,
    folder: tempfile::TempDir,
    program: &'a Program,
    random: Random,
    /// What each customer has written.
    written: BTreeMap<String, Vec<String>>,
    last: u64,
}

/// No program takes longer to start.
const STARTS: Duration = Duration::from_secs(30);

impl World<'_> {
    fn start(&self) -> Result<Process> {
        let start = Start {
            store: &self.folder.path().join("bot.db"),
            platform: &self.stage.environment(Part::All),
            back_end: &self.back_end.url(),
            dies_at: None,
            log: &self.folder.path().join("log"),
        };
        self.program.start(start).context("the program can't be started")
    }

    /// Waits until the program is there. One that keeps no store is given every chance: until it is connected, where that can be
    /// seen, and long enough where not.
    fn opens(&self, stores: bool) -> Result<()> {
        let (store, end) = (self.folder.path().join("bot.db"), Instant::now() + STARTS);
        let is_open = || match stores {
            true => anyhow::Ok(store.exists() && self.stage.is_open(&Reader::open(&store, None)?)?),
            false => Ok(self.stage.is_connected()),
        };
        while !is_open()? && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Messages come all at once; the kill comes when some of them have been answered.
    fn write_and_kill(&mut self, echo: &Echo, process: &mut Process) {
        let before = self.stage.events();
        for _ in 0..echo.messages {
            let peer = echo.site.peer(self.random.between(1, echo.customers));
            self.last += 1;
            let tag = format!("t{}", self.last);
            self.stage.perform(&peer, &Deed::Say(format!("echo {tag}")));
            self.written.entry(peer).or_default().push(format!("Heard {tag}."));
        }
        let after = before + self.random.between(1, echo.messages);
        let end = Instant::now() + STARTS;
        while self.stage.wait_for_event(after, Duration::from_millis(100)) <= after && Instant::now() < end {}
        process.kill();
        let end = Instant::now() + STARTS;
        while self.stage.is_connected() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn rest(&self, idle: Duration) {
        let mut events = self.stage.events();
        let mut since = Instant::now();
        while since.elapsed() < idle {
            let now = self.stage.wait_for_event(events, Duration::from_millis(100));
            if now > events {
                (events, since) = (now, Instant::now());
            }
        }
    }

    /// The answers that have not come.
    fn unanswered(&self) -> BTreeSet<String> {
        let unanswered = |(peer, expected): (&String, &Vec<String>)| {
            let lines = self.stage.lines(peer);
            let is_missing = |text: &&String| !lines.iter().any(|line| line.text == **text);
            expected.iter().filter(is_missing).cloned().collect::<Vec<_>>()
        };
        self.written.iter().flat_map(unanswered).collect()
    }

    fn count(&self) -> Counted {
        let mut counted = Counted::default();
        for (peer, expected) in &self.written {
            let lines: Vec<String> = self.stage.lines(peer).into_iter().map(|line| line.text).collect();
            let seen: BTreeSet<&String> = lines.iter().collect();
            counted.written += expected.len();
            counted.lost += expected.iter().filter(|text| !seen.contains(text)).count();
            counted.repeated += lines.len() - seen.len();
            counted.overtaken += overtaken(expected, &lines);
        }
        counted
    }
}

/// Answers that came before one that should have been earlier.
fn overtaken(expected: &[String], lines: &[String]) -> usize {
    let place = |text: &String| lines.iter().position(|line| line == text);
    let places: Vec<usize> = expected.iter().filter_map(place).collect();
    places.windows(2).filter(|pair| pair[0] > pair[1]).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_order_is_counted() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        for (lines, want) in [(["a", "b", "c"], 0), (["b", "a", "c"], 1), (["c", "b", "a"], 2)] {
            assert_eq!(overtaken(&texts(&["a", "b", "c"]), &texts(&lines)), want, "{lines:?}");
        }
    }
}
