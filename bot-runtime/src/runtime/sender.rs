//! Delivers what is for a channel: with the platform's pace, again after failures, in the conversation's order.
//!
//! A peer that waits, fails or hangs delays no other: the store gives the heads of all conversations.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bot_core::dialogue::Input;
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, timeout};

use super::keys::key_of;
use super::outlet::{Admission, Carrier};
use super::panics::Panicked;
use crate::channel::{Channel, Delivered, Delivery, Pace, SendError};
use crate::kill;
use crate::store::{ConversationId, Entry, OutboxId, Settled, Work};

/// Entries that wait here for their turn in the platform's pace, in addition to those under way.
const HELD: usize = 256;

/// What a delivery may take; no answer in that time is no answer.
const HANGS: Duration = Duration::from_secs(60);

/// Failed attempts after which a message is given up: with the pauses below, after six hours.
const ATTEMPTS: u32 = 80;

/// Attempts that may each have arrived, after which the message is given up: more would be a nuisance.
const DOUBTS: u32 = 3;

/// Peers whose last delivery is remembered, before those that may go again are swept out.
const PEERS: usize = 1_000;

pub(super) struct Deliveries<C> {
    channel: Arc<C>,
    pace: Pace,
    /// When the next delivery may go, whoever it is for.
    slot: Instant,
    /// When the next one may go to a peer.
    peers: HashMap<ConversationId, Instant>,
    doubts: HashMap<OutboxId, u32>,
}

impl<C: Channel> Deliveries<C> {
    pub fn new(channel: Arc<C>) -> Deliveries<C> {
        let pace = if kill::is_unpaced() { Pace::default() } else { channel.pace() };
        let slot = Instant::now();
        Deliveries { channel, pace, slot, peers: HashMap::new(), doubts: HashMap::new() }
    }

    fn note_begun(&mut self, peer: ConversationId, now: Instant) {
        let gap = Duration::try_from_secs_f64(1.0 / self.pace.per_second).unwrap_or_default();
        self.slot = self.slot.max(now) + gap;
        if !self.pace.per_peer.is_zero() {
            if self.peers.len() >= PEERS {
                self.peers.retain(|_, at| *at > now);
            }
            self.peers.insert(peer, now + self.pace.per_peer);
        }
    }

    fn failed(&mut self, entry: &Entry, error: SendError, now: Timestamp) -> Settled {
        match error {
            SendError::Retry(reason) if entry.attempts + 1 >= ATTEMPTS => given_up(entry, reason),
            SendError::Retry(reason) => {
                let at = later(now, back_off(entry.attempts));
                Settled::Again { at, reason, in_doubt: entry.in_doubt }
            }
            SendError::Wait { pause, all } => {
                if all {
                    self.slot = self.slot.max(Instant::now() + pause);
                }
                let reason = "the platform asks to wait".to_owned();
                Settled::Again { at: later(now, pause), reason, in_doubt: entry.in_doubt }
            }
            SendError::Doubt(reason) => self.doubted(entry, reason, now),
            SendError::Final(reason) => given_up(entry, reason),
        }
    }

    fn doubted(&mut self, entry: &Entry, reason: String, now: Timestamp) -> Settled {
        let doubts = self.doubts.entry(entry.id).or_default();
        *doubts += 1;
        if *doubts >= DOUBTS {
            return given_up(entry, reason);
        }
        let at = later(now, Duration::from_secs(1 << *doubts));
        Settled::Again { at, reason, in_doubt: true }
    }
}

impl<C: Channel> Carrier for Deliveries<C> {
    type Outcome = Result<Delivered, SendError>;

    fn route(&self) -> &str {
        self.channel.name()
    }

    fn capacity(&self) -> usize {
        HELD + self.pace.at_once
    }

    fn admit(&self, entry: &Entry, under_way: usize, now: Instant) -> Admission {
        let peer = self.peers.get(&entry.conversation).copied().unwrap_or(self.slot);
        let at = peer.max(self.slot);
        if under_way >= self.pace.at_once.max(1) {
            Admission::Full
        } else if at > now {
            Admission::At(at)
        } else {
            Admission::Now
        }
    }

    fn carry(
        &mut self,
        entry: Arc<Entry>,
        now: Instant,
    ) -> impl Future<Output = Self::Outcome> + Send + 'static {
        self.note_begun(entry.conversation, now);
        let channel = self.channel.clone();
        async move {
            let Some(delivery) = delivery(&entry) else {
                return Err(SendError::Final(NOT_A_MESSAGE.to_owned()));
            };
            kill::point("send.before");
            let result = timeout(HANGS, channel.deliver(&delivery)).await;
            kill::point("send.after");
            result.unwrap_or_else(|_| Err(SendError::Doubt("no answer from the platform in 60 s".to_owned())))
        }
    }

    fn settle(&mut self, entry: &Entry, outcome: Result<Self::Outcome, Panicked>, now: Timestamp) -> Settled {
        let (id, conversation) = (entry.id.0, entry.conversation.0);
        let panicked = |_| Err(SendError::Doubt("the channel's code panicked".to_owned()));
        let settled = match outcome.unwrap_or_else(panicked) {
            Ok(Delivered { messages, more: true }) => Settled::Part { part: entry.part, messages },
            Ok(Delivered { messages, more: false }) => Settled::Sent { messages, answer: None },
            Err(error) => {
                tracing::warn!(
                    channel = self.route(),
                    id,
                    conversation,
                    kind = kind(&error),
                    "not delivered"
                );
                self.failed(entry, error, now)
            }
        };
        if !matches!(settled, Settled::Again { .. }) {
            self.doubts.remove(&entry.id);
        }
        settled
    }
}

const NOT_A_MESSAGE: &str = "this is a call of an action, and no message";

fn delivery(entry: &Entry) -> Option<Delivery> {
    let Work::Deliver { what } = &entry.what else { return None };
    let (address, key) = (entry.address.clone(), key_of('m', entry));
    let (part, quotes) = (entry.part, entry.quotes.clone());
    Some(Delivery { address, what: what.clone(), key, again: entry.in_doubt, part, quotes })
}

/// An agent sees what did not arrive, and why; and that some of it did.
fn given_up(entry: &Entry, reason: String) -> Settled {
    let reason = match entry.part {
        0 => reason,
        1 => format!("{reason}; the beginning had arrived"),
        parts => format!("{reason}; the first {parts} parts had arrived"),
    };
    let text = match &entry.what {
        Work::Deliver { what } => what.plain(),
        Work::Call { .. } => return Settled::Failed { reason, answer: None },
    };
    let answer = Some(Input::Undelivered { text, reason: reason.clone() });
    Settled::Failed { reason, answer }
}

/// For the log: the reason itself may quote the message.
fn kind(error: &SendError) -> &'static str {
    match error {
        SendError::Retry(_) => "retry",
        SendError::Wait { .. } => "wait",
        SendError::Doubt(_) => "doubt",
        SendError::Final(_) => "final",
    }
}

/// 1 s, 2 s, 4 s … five minutes.
fn back_off(attempts: u32) -> Duration {
    Duration::from_secs((1 << attempts.min(9)).min(300))
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| at.checked_add(by).ok()).unwrap_or(at)
}
