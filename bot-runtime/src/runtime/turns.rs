//! Who is next: takes conversations with something in their inbox from the store, each one at a time, several at once.
//!
//! Fair: after one turn a conversation with more to do goes to the end of the queue. What it is not: the queue is no
//! memory; whatever is forgotten here is found in the store again.
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::STOP;
use super::inner::Inner;
use super::trouble::Trouble;
use super::turn::{Outcome, take_turn};
use crate::store::{ConversationId, Store};

/// The store is asked even if nobody says that it has changed.
const SAFETY: Duration = Duration::from_secs(5);

/// A conversation that waits is looked at again so often: another process may have put something into its inbox.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// A conversation that turned out to have nothing: another process was faster.
const IDLE: Duration = Duration::from_millis(50);

/// Conversations that the store is asked for at once.
const ASKED: usize = 512;

/// The pause after a first panic; twice as long after each further one.
const AFTER_PANIC: Duration = Duration::from_millis(100);

/// A hint that something can be done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Nudge {
    /// Something new came in there.
    One(ConversationId),
    /// What waits may go on.
    All,
}

/// Until when a conversation is left alone.
#[derive(Clone, Copy)]
struct Later {
    until: Instant,
    /// Whether something new changes that.
    yields: bool,
}

pub(super) struct Turns<S> {
    inner: Arc<Inner<S>>,
    changes: watch::Receiver<u64>,
    nudges: mpsc::UnboundedReceiver<Nudge>,
    queue: VecDeque<ConversationId>,
    /// In the queue, or having a turn.
    known: HashSet<ConversationId>,
    later: HashMap<ConversationId, Later>,
    running: JoinSet<(ConversationId, Outcome)>,
    /// Whether the store may have something that is not known here.
    ask: bool,
    asking: Trouble,
    turning: Trouble,
}

impl<S: Store> Turns<S> {
    pub fn new(inner: Arc<Inner<S>>, nudges: mpsc::UnboundedReceiver<Nudge>) -> Turns<S> {
        let changes = inner.store.changes();
        Turns {
            inner,
            changes,
            nudges,
            queue: VecDeque::new(),
            known: HashSet::new(),
            later: HashMap::new(),
            running: JoinSet::new(),
            ask: true,
            asking: Trouble::new("looking for conversations"),
            turning: Trouble::new("taking turns"),
        }
    }

    pub async fn run(mut self) {
        while !self.inner.stopping.is_cancelled() {
            self.wake();
            self.fill().await;
            self.begin();
            self.wait().await;
        }
        let finished = async { while self.running.join_next().await.is_some() {} };
        if timeout(STOP, finished).await.is_err() {
            tracing::warn!(
                "turns were still being taken when the bot stopped: they are taken again at the next start"
            );
        }
    }

    /// Asks the store, unless there is enough to do; then it would be asked for the same over and over.
    async fn fill(&mut self) {
        if !self.ask || self.asking.until().is_some() || self.queue.len() > self.inner.turns_at_once * 4 {
            return;
        }
        self.changes.borrow_and_update();
        let limit = ASKED + self.later.len() + self.known.len();
        if let Some(ready) = self.asking.check(self.inner.store.ready(limit).await) {
            self.ask = false;
            ready.into_iter().for_each(|conversation| self.push(conversation));
        }
    }

    fn push(&mut self, conversation: ConversationId) {
        if !self.later.contains_key(&conversation) && self.known.insert(conversation) {
            self.queue.push_back(conversation);
        }
    }

    /// Those that have waited long enough.
    fn wake(&mut self) {
        let now = Instant::now();
        let mut over: Vec<_> = self.later.iter().filter(|(_, later)| later.until <= now).collect();
        over.sort_by_key(|(conversation, later)| (later.until, **conversation));
        let over: Vec<_> = over.into_iter().map(|(conversation, _)| *conversation).collect();
        for conversation in over {
            self.later.remove(&conversation);
            self.push(conversation);
        }
    }

    fn begin(&mut self) {
        while self.running.len() < self.inner.turns_at_once && self.turning.until().is_none() {
            let Some(conversation) = self.queue.pop_front() else { return };
            let inner = self.inner.clone();
            self.running.spawn(async move { (conversation, take_turn(inner, conversation).await) });
        }
    }

    async fn wait(&mut self) {
        let stopping = self.inner.stopping.clone();
        let next = self.next();
        tokio::select! {
            Some(ended) = self.running.join_next() => {
                self.ended(ended);
                while let Some(ended) = self.running.try_join_next() {
                    self.ended(ended);
                }
            }
            Some(nudge) = self.nudges.recv() => self.nudged(nudge),
            Ok(()) = self.changes.changed() => self.ask = true,
            () = sleep_until(next) => self.ask = true,
            () = stopping.cancelled() => {}
        }
    }

    fn next(&self) -> Instant {
        let waits = self.later.values().map(|later| later.until).min();
        let safety = Instant::now() + SAFETY;
        waits.into_iter().chain(self.asking.until()).chain(self.turning.until()).fold(safety, Instant::min)
    }

    fn nudged(&mut self, nudge: Nudge) {
        let now = Instant::now();
        match nudge {
            Nudge::One(conversation) => {
                let waiting = self.later.get_mut(&conversation).filter(|later| later.yields);
                waiting.into_iter().for_each(|later| later.until = now);
            }
            Nudge::All => {
                self.later.values_mut().filter(|later| later.yields).for_each(|later| later.until = now)
            }
        }
    }

    fn ended(&mut self, ended: Result<(ConversationId, Outcome), tokio::task::JoinError>) {
        // What can panic in a turn is caught inside; should it still happen, the store has the conversation.
        let Ok((conversation, outcome)) = ended else {
            tracing::error!("a turn's task ended by a panic");
            self.known.clear();
            self.known.extend(self.queue.iter());
            return;
        };
        self.known.remove(&conversation);
        // What came in meanwhile was not taken for new.
        self.ask = true;
        let poll = self.inner.clock.poll();
        match outcome {
            Outcome::Done => self.turning.over(),
            Outcome::Idle => self.leave(conversation, IDLE, true),
            Outcome::Wait(wait) => self.leave(conversation, wait.min(LOOK_AGAIN).min(poll), true),
            Outcome::Panicked(times) => {
                self.leave(conversation, AFTER_PANIC * 2_u32.pow(times.min(10)), false);
            }
            Outcome::Failed(error) => {
                self.turning.note(&error);
                self.push(conversation);
            }
        }
    }

    fn leave(&mut self, conversation: ConversationId, pause: Duration, yields: bool) {
        self.later.insert(conversation, Later { until: Instant::now() + pause, yields });
    }
}
