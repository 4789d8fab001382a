//! What comes of messages when the connection breaks: of those right before it, of those meanwhile, and of those afterwards.
use std::collections::BTreeSet;
use std::fmt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bot_tests::discord::{Customer, Discord};
use bot_tests::discord_breaks::{BREAKS, Break, Ends};
use bot_tests::kill::Program;
use bot_tests::kill::program::Process;
use bot_tests::load::started;

use crate::stand::{Load, heard, inversions};

/// Messages in each part.
const MESSAGES: u64 = 20;
/// Told in HELLO: short, since what is not answered is waited for.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// A connection that is not there by then does not come.
const CONNECTS: Duration = Duration::from_secs(60);
/// Nothing has come for so long: nothing more will.
const IDLE: Duration = Duration::from_secs(5);

/// Breaks the connection in each way, each time with a new program.
///
/// # Errors
/// The program does not work at all.
pub fn count(program: &Program) -> Result<()> {
    for (how, _) in BREAKS {
        println!("  {:55} {}", format!("{how:?}"), one(program, *how)?);
    }
    Ok(())
}

/// A program, and somebody who writes to it.
struct Scene<'a> {
    load: Load,
    program: &'a Program,
    process: Option<Process>,
    folder: tempfile::TempDir,
    ann: Customer,
    last: u64,
}

/// What came of it.
struct Counted {
    /// Of each part: how many were answered.
    answered: [usize; 3],
    doubled: usize,
    inversions: usize,
    resumes: usize,
    identifies: usize,
    /// Until there was a session again; none: there was none.
    away: Option<Duration>,
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, meanwhile, after] = self.answered;
        write!(f, "before {before}, meanwhile {meanwhile}, after {after} of {MESSAGES} each; ")?;
        write!(f, "{} doubled, {} inversions; ", self.doubled, self.inversions)?;
        write!(f, "{} RESUME, {} IDENTIFY, ", self.resumes, self.identifies)?;
        match self.away {
            Some(away) => write!(f, "back after {:.1} s", away.as_secs_f64()),
            None => write!(f, "never back"),
        }
    }
}

fn one(program: &Program, how: Break) -> Result<Counted> {
    let mut scene = Scene::begun(program)?;
    let hub = scene.discord().gateway().clone();
    let (resumes, identifies) = (hub.resumes(), hub.identifies());
    let before = scene.say();
    let broken = Instant::now();
    let meanwhile = how.happens(&mut scene);
    let is_back = |discord: &Discord| {
        let hub = discord.gateway();
        hub.ready() > 0 && hub.resumes() + hub.identifies() > resumes + identifies
    };
    scene.waits("there is a session again", &is_back);
    let away = is_back(scene.discord()).then(|| broken.elapsed());
    let after = scene.say();
    let heard = scene.rests();
    let seen: BTreeSet<u64> = heard.iter().copied().collect();
    Ok(Counted {
        answered: [before, meanwhile, after].map(|said| said.filter(|tag| seen.contains(tag)).count()),
        doubled: heard.len() - seen.len(),
        inversions: inversions(&heard),
        resumes: hub.resumes() - resumes,
        identifies: hub.identifies() - identifies,
        away,
    })
}

impl<'a> Scene<'a> {
    /// The program is connected, and knows its customer.
    fn begun(program: &'a Program) -> Result<Scene<'a>> {
        let discord = Discord::start().without_pace();
        discord.gateway().set(|settings| settings.heartbeat_interval = HEARTBEAT);
        let (folder, ann) = (tempfile::tempdir()?, discord.customer(1, "Ann", "en"));
        let load = Load { discord };
        let mut scene = Scene { load, program, process: None, folder, ann, last: 0 };
        scene.starts();
        scene.waits("it is connected", &|discord| discord.gateway().ready() > 0);
        let said = scene.say();
        let heard = scene.rests();
        ensure!(heard.len() as u64 == MESSAGES, "{heard:?} of {said:?} were answered before anything broke");
        Ok(scene)
    }

    /// What was answered, once all was, or nothing has come for a while.
    fn rests(&self) -> Vec<u64> {
        let (mut so_far, mut since) = (heard(&self.ann), Instant::now());
        let is_all = |heard: &[u64]| heard.iter().collect::<BTreeSet<_>>().len() as u64 == self.last;
        while since.elapsed() < IDLE && !(is_all(&so_far) && since.elapsed() > IDLE / 5) {
            sleep(Duration::from_millis(20));
            let now = heard(&self.ann);
            if now.len() > so_far.len() {
                (so_far, since) = (now, Instant::now());
            }
        }
        so_far
    }
}

impl Ends for Scene<'_> {
    type Said = std::ops::RangeInclusive<u64>;

    fn discord(&self) -> &Discord {
        &self.load.discord
    }

    /// The numbers of what was said.
    fn say(&mut self) -> Self::Said {
        let said = self.last + 1..=self.last + MESSAGES;
        said.clone().for_each(|tag| {
            self.ann.writes(&format!("echo t{tag}."));
        });
        self.last += MESSAGES;
        said
    }

    fn dies(&mut self) {
        self.process = None;
    }

    fn starts(&mut self) {
        let process = started(self.program, &self.load, self.folder.path(), false);
        self.process = Some(process.expect("it was started before"));
    }

    fn waits(&self, _: &str, is_so: &dyn Fn(&Discord) -> bool) {
        let end = Instant::now() + CONNECTS;
        while !is_so(self.discord()) && Instant::now() < end {
            sleep(Duration::from_millis(5));
        }
    }
}
