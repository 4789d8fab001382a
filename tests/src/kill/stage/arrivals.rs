//! What the bot sent to a platform, noted as it arrived.
//!
//! What it is not: it reads no requests. What a request has made for people to see is told by the platform's stage.
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::Life;
use crate::kill::record::{Kept, Line, Post, said};
use crate::standin::{Delivered, Ledger};

/// A chat, and a topic in it.
pub(super) type Place = (i64, Option<i64>);

/// A message of the bot.
#[derive(Clone, Debug)]
pub(super) struct Arrived {
    pub at: Instant,
    pub place: Place,
    /// The agent whose words they are.
    pub agent: Option<String>,
    pub text: String,
    /// Labels, and what is sent when they are pressed.
    pub buttons: Vec<(String, String)>,
    /// The bot got no answer.
    pub unanswered: bool,
}

/// All that arrived so far.
#[derive(Clone, Default)]
pub(super) struct Arrivals {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    arrived: Vec<Arrived>,
    /// When a program asked who it is: the first thing that it does.
    greeted: Vec<Instant>,
    /// When something was done again that nobody sees twice.
    again: Vec<Instant>,
    /// Requests other than polls, and updates.
    requests: u64,
    updates: u64,
}

impl Arrivals {
    /// A request was answered: what it has made for people to see, and whether a program began with it.
    pub fn note(&self, arrived: Option<Arrived>, greets: bool) {
        let mut seen = self.shared.lock();
        seen.requests += 1;
        seen.arrived.extend(arrived);
        if greets {
            seen.greeted.push(Instant::now());
        }
        drop(seen);
        self.shared.changed.notify_all();
    }

    /// Something waits for the bot.
    pub fn note_update(&self) {
        self.shared.lock().updates += 1;
    }

    /// The bot has done again what an earlier program may have done, and nobody sees it twice.
    pub fn note_again(&self) {
        self.shared.lock().again.push(Instant::now());
    }

    /// How much has happened, if so many updates are not confirmed yet.
    pub fn events(&self, pending: usize) -> u64 {
        let seen = self.shared.lock();
        seen.requests + seen.updates.saturating_sub(pending as u64)
    }

    /// Waits until there are more events than that, at most so long; returns how many there are.
    pub fn wait_for(&self, after: u64, at_most: Duration, events: impl Fn() -> u64) -> u64 {
        let end = Instant::now() + at_most;
        loop {
            let events = events();
            if events > after || Instant::now() >= end {
                return events;
            }
            let left = end.saturating_duration_since(Instant::now());
            drop(self.shared.changed.wait_timeout(self.shared.lock(), left));
        }
    }

    /// What arrived there.
    pub fn at(&self, place: Place) -> Vec<Arrived> {
        self.shared.lock().arrived.iter().filter(|arrived| arrived.place == place).cloned().collect()
    }

    /// What arrived at a customer so far; the same text twice in a row is the same line.
    pub fn lines(&self, place: Place, peer: &str) -> Vec<Delivered> {
        let mut lines: Vec<Delivered> = Vec::new();
        for (index, arrived) in self.at(place).into_iter().enumerate() {
            let last = lines.last().filter(|last| last.text == arrived.text).map(|last| last.key.clone());
            let key = last.unwrap_or_else(|| index.to_string());
            lines.push(arrived.delivered(peer, key));
        }
        lines
    }

    /// What stands in a topic.
    pub fn posts(&self, place: Place, lives: &[Life]) -> Vec<Post> {
        let post = |arrived: Arrived| Post {
            card: arrived.card(),
            process: self.process(arrived.at, lives),
            unanswered: arrived.unanswered,
            text: arrived.text,
        };
        self.at(place).into_iter().map(post).collect()
    }

    /// Whether something has arrived since then that had arrived just before in the same place.
    pub fn has_repeated(&self, since: Instant) -> bool {
        let seen = self.shared.lock();
        if seen.again.iter().any(|at| *at >= since) {
            return true;
        }
        seen.arrived.iter().enumerate().rev().take_while(|(_, arrived)| arrived.at >= since).any(
            |(index, arrived)| {
                let mut before = seen.arrived[..index].iter().rev();
                before
                    .find(|before| before.place == arrived.place)
                    .is_some_and(|before| before.text == arrived.text && before.at < since)
            },
        )
    }

    /// The process that sent what arrived then. What a dead one had sent may arrive when the next one has been started, but before
    /// that one says anything.
    pub fn process(&self, at: Instant, lives: &[Life]) -> u32 {
        let seen = self.shared.lock();
        let has_begun =
            |life: &&Life| seen.greeted.iter().any(|greeted| *greeted >= life.from && *greeted <= at);
        lives.iter().rfind(has_begun).map_or(0, |life| life.id)
    }

    /// Writes what arrived at a customer into the ledger, with keys: the same one for what is a repetition by what was said.
    pub fn align(
        &self,
        (place, peer): (Place, &str),
        kept: Option<&Kept>,
        lives: &[Life],
        ledger: &mut Ledger,
    ) {
        let events = kept.into_iter().flat_map(|kept| &kept.events);
        let said: Vec<Line> = events.filter_map(|stored| said(&stored.event)).collect();
        let arrived: Vec<(u32, Arrived)> =
            self.at(place).into_iter().map(|arrived| (self.process(arrived.at, lives), arrived)).collect();
        let mut next = 0;
        for run in arrived.chunk_by(|(_, one), (_, other)| one.line() == other.line()) {
            let line = run[0].1.line();
            let meant = said[next.min(said.len())..].iter().take_while(|said| **said == line).count();
            let again = repetitions(run, meant);
            for ((process, arrived), again) in run.iter().zip(again) {
                let is_said = said.get(next) == Some(&line);
                next += usize::from(is_said && !again);
                // What nobody has said has a key of its own.
                let key =
                    if is_said || again { next.to_string() } else { format!("?{}", ledger.lines.len()) };
                if arrived.unanswered {
                    ledger.unanswered.insert(ledger.lines.len());
                }
                let delivered = arrived.delivered(peer, format!("{peer}:{key}"));
                ledger.lines.push(Delivered { again, process: *process, ..delivered });
            }
        }
    }
}

/// Which of the same lines in a row are repetitions, if so many were meant: rather those behind one that the platform did not
/// answer, or whose process is gone.
fn repetitions(run: &[(u32, Arrived)], meant: usize) -> Vec<bool> {
    let mut more = run.len().saturating_sub(meant);
    let is_excused = |index: usize| {
        let (before, now) = (&run[index - 1], &run[index]);
        before.1.unanswered || before.0 != now.0
    };
    let mut again: Vec<bool> = (0..run.len())
        .map(|index| {
            let is_again = index > 0 && more > 0 && is_excused(index);
            more -= usize::from(is_again);
            is_again
        })
        .collect();
    // Those that nothing excuses are the last.
    again.iter_mut().skip(1).rev().filter(|again| !**again).take(more).for_each(|again| *again = true);
    again
}

impl Arrived {
    fn line(&self) -> Line<'_> {
        (self.agent.as_deref(), self.text.clone())
    }

    pub fn delivered(&self, peer: &str, key: String) -> Delivered {
        let (buttons, presses) = self.buttons.iter().cloned().unzip();
        let (peer, agent, text) = (peer.to_owned(), self.agent.clone(), self.text.clone());
        Delivered { key, peer, agent, text, buttons, presses, again: false, process: 0 }
    }

    /// The ticket of which it is the card: `#12, support, …`, and below, who the customer is. That of a ticket which is over
    /// already has no buttons.
    pub fn card(&self) -> Option<u64> {
        let (head, below) = self.text.split_once('\n')?;
        let number = head.strip_prefix('#')?.split(',').next()?;
        number.parse().ok().filter(|_| below.trim_start().starts_with("customer "))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no thread that holds it panics")
    }
}
