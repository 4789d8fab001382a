//! Takes entries of one route from the outbox, has them carried, and notes what became of them.
//!
//! The store gives of each conversation only the first that is not settled: that keeps the order. What is carried how, and
//! how much at once, is the [`Carrier`]'s: [`super::sender`] for channels, [`super::calls`] for actions.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::STOP;
use super::inner::{Inner, Nudge};
use super::panics::{Caught, Panicked};
use super::trouble::Trouble;
use crate::kill;
use crate::store::{ConversationId, Entry, OutboxId, Settled, Store};

/// Whether an entry may go now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It may.
    Now,
    /// Not before.
    At(Instant),
    /// Once another one has come back.
    Full,
}

/// How entries of a route are carried.
pub(super) trait Carrier: Send + 'static {
    /// What comes back from an attempt.
    type Outcome: Send + 'static;

    /// Which entries.
    fn route(&self) -> &str;

    /// How many entries may be taken from the store at the same time.
    fn capacity(&self) -> usize;

    /// Whether the entry may go now.
    fn admit(&self, entry: &Entry, under_way: usize, now: Instant) -> Admission;

    /// Carries the entry.
    fn carry(
        &mut self,
        entry: Arc<Entry>,
        now: Instant,
    ) -> impl Future<Output = Self::Outcome> + Send + 'static;

    /// What follows.
    fn settle(&mut self, entry: &Entry, outcome: Result<Self::Outcome, Panicked>, now: Timestamp) -> Settled;
}

type Attempt<O> = (OutboxId, Result<O, Panicked>);

pub(super) struct Outlet<S, C: Carrier> {
    inner: Arc<Inner<S>>,
    carrier: C,
    changes: watch::Receiver<u64>,
    /// Taken, and not admitted yet.
    held: Vec<Arc<Entry>>,
    under_way: HashMap<OutboxId, Arc<Entry>>,
    attempts: JoinSet<Attempt<C::Outcome>>,
    /// Come back, and not noted yet.
    settled: Vec<(ConversationId, OutboxId, Settled)>,
    /// When to ask the store next.
    ask: Instant,
    taking: Trouble,
    noting: Trouble,
}

/// The store is asked at least so often: a worker may have died, the clock may have jumped.
const ASK: Duration = Duration::from_secs(1);

/// And not more often without a reason.
const SHORTEST: Duration = Duration::from_millis(10);

impl<S: Store, C: Carrier> Outlet<S, C> {
    pub fn new(inner: Arc<Inner<S>>, carrier: C) -> Outlet<S, C> {
        Outlet {
            changes: inner.store.changes(),
            inner,
            carrier,
            held: Vec::new(),
            under_way: HashMap::new(),
            attempts: JoinSet::new(),
            settled: Vec::new(),
            ask: Instant::now(),
            taking: Trouble::new("sending and calling"),
            noting: Trouble::new("noting what was sent and called"),
        }
    }

    pub async fn run(mut self) {
        while !self.inner.stopping.is_cancelled() {
            self.note().await;
            self.take().await;
            let next = self.begin();
            self.wait(next).await;
        }
        self.finish().await;
    }

    /// Notes in the store what has come back.
    async fn note(&mut self) {
        if self.settled.is_empty() || self.noting.until().is_some() {
            return;
        }
        let settled = self.settled.iter().map(|(_, id, settled)| (*id, settled.clone())).collect();
        let result = self.inner.store.settle(settled, self.inner.clock.timestamp()).await;
        if self.noting.check(result).is_some() {
            kill::point("settle.after");
            if self.settled.iter().any(|(.., settled)| matches!(settled, Settled::Part { .. })) {
                kill::point("send.part");
            }
            self.ask = Instant::now();
            for (conversation, ..) in self.settled.drain(..).filter(|(.., settled)| answers(settled)) {
                self.inner.nudge(Nudge::One(conversation));
            }
        }
    }

    async fn take(&mut self) {
        let now = Instant::now();
        let room = self.room();
        if room == 0 || now < self.ask || self.taking.until().is_some() {
            return;
        }
        self.changes.borrow_and_update();
        let (inner, dead, at) = (&self.inner, self.inner.dead(), self.inner.clock.timestamp());
        let taken = inner.store.take(self.carrier.route(), &inner.worker, &dead, at, room).await;
        let Some((entries, next)) = self.taking.check(taken) else { return };
        let pause = next.map_or(ASK, |next| until(at, next));
        self.ask = now + pause.min(self.inner.clock.poll()).max(SHORTEST);
        self.held.extend(entries.into_iter().map(Arc::new));
    }

    /// Sends off what may go; returns when the next one may.
    fn begin(&mut self) -> Option<Instant> {
        let now = Instant::now();
        let mut next: Option<Instant> = None;
        for entry in std::mem::take(&mut self.held) {
            match self.carrier.admit(&entry, self.attempts.len(), now) {
                Admission::Now => self.send_off(entry, now),
                Admission::At(at) => {
                    next = Some(next.map_or(at, |next| next.min(at)));
                    self.held.push(entry);
                }
                Admission::Full => self.held.push(entry),
            }
        }
        next
    }

    fn send_off(&mut self, entry: Arc<Entry>, now: Instant) {
        let id = entry.id;
        let attempt = Caught::new(self.carrier.carry(entry.clone(), now));
        self.under_way.insert(id, entry);
        self.attempts.spawn(async move { (id, attempt.await) });
    }

    async fn wait(&mut self, next: Option<Instant>) {
        let stopping = self.inner.stopping.clone();
        let wake = self.wake(next);
        tokio::select! {
            Some(attempt) = self.attempts.join_next() => {
                self.came_back(attempt.ok());
                while let Some(attempt) = self.attempts.try_join_next() {
                    self.came_back(attempt.ok());
                }
            }
            Ok(()) = self.changes.changed() => self.ask = Instant::now(),
            () = sleep_until(wake) => {}
            () = stopping.cancelled() => {}
        }
    }

    fn wake(&self, next: Option<Instant>) -> Instant {
        // What is full can't take more: it is woken by what comes back.
        let ask = (self.room() > 0).then(|| self.taking.until().unwrap_or(self.ask));
        next.into_iter().chain(self.noting.until()).chain(ask).fold(Instant::now() + ASK, Instant::min)
    }

    fn room(&self) -> usize {
        self.carrier.capacity().saturating_sub(self.held.len() + self.under_way.len())
    }

    fn came_back(&mut self, attempt: Option<Attempt<C::Outcome>>) {
        let Some((id, outcome)) = attempt else { return };
        let Some(entry) = self.under_way.remove(&id) else { return };
        let settled = self.carrier.settle(&entry, outcome, self.inner.clock.timestamp());
        self.settled.push((entry.conversation, id, settled));
    }

    /// What is under way is waited for; what does not come back in time may have arrived.
    async fn finish(&mut self) {
        let end = Instant::now() + STOP;
        while let Ok(Some(attempt)) = tokio::time::timeout_at(end, self.attempts.join_next()).await {
            self.came_back(attempt.ok());
        }
        self.attempts.abort_all();
        let at = self.inner.clock.timestamp();
        for (id, entry) in self.under_way.drain() {
            let reason = "the bot was stopped meanwhile".to_owned();
            self.settled.push((entry.conversation, id, Settled::Again { at, reason, in_doubt: true }));
        }
        let noted = async {
            while !self.settled.is_empty() {
                self.note().await;
                sleep_until(self.noting.until().unwrap_or_else(Instant::now)).await;
            }
        };
        let _ = timeout(Duration::from_secs(2), noted).await;
    }
}

fn answers(settled: &Settled) -> bool {
    matches!(settled, Settled::Sent { answer: Some(_), .. } | Settled::Failed { answer: Some(_), .. })
}

fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}
