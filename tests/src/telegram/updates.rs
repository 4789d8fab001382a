//! The queue of updates: kept until they are confirmed, and forgotten by nothing else but age.
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::Value;

use super::faults::What;

/// How long the server keeps an update that nobody fetches.
pub const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a reordered update waits for one to come before it.
pub const HELD: Duration = Duration::from_millis(500);
/// An offset further ahead than this of the last id belongs to ids from before a jump, and confirms nothing. [S]
const AHEAD: i64 = 10;

/// Kinds that a bot gets only when it asks for them by name.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// An update in the queue.
#[derive(Clone, Debug)]
pub struct Queued {
    /// Place in the order of arrival; unlike the id it never jumps.
    pub place: u64,
    /// `update_id`.
    pub id: i64,
    /// The chat, so that a webhook gets one at a time of each.
    pub chat: Option<i64>,
    /// The update as the bot gets it.
    pub json: Value,
    /// How often ids had jumped.
    epoch: u64,
    at: Duration,
    /// It comes once more.
    again: bool,
}

/// The queue.
pub struct Queue {
    waiting: VecDeque<Queued>,
    held: Option<Queued>,
    last_id: i64,
    epoch: u64,
    places: u64,
    /// Ids that were handed out since the last jump but one, with their epoch.
    handed: BTreeMap<i64, u64>,
    /// What the bot wants to get; empty is the default.
    pub allowed: Vec<String>,
}

impl Queue {
    pub fn new() -> Queue {
        let (waiting, held, handed, allowed) = Default::default();
        Queue { waiting, held, last_id: 700_000_000, epoch: 0, places: 0, handed, allowed }
    }

    /// The bot gets updates of that kind.
    pub fn wants(&self, kind: &str) -> bool {
        let named = self.allowed.iter().any(|allowed| allowed == kind);
        if self.allowed.is_empty() { !ON_REQUEST.contains(&kind) } else { named }
    }

    /// An update of these fields comes, with what goes wrong with it; returns it as the bot gets it.
    pub fn push(&mut self, fields: Value, chat: Option<i64>, at: Duration, fault: Option<What>) -> Value {
        let update = self.numbered(fields, chat, at);
        let json = update.json.clone();
        match fault {
            Some(What::ReorderUpdates) if self.held.is_none() => self.held = Some(update),
            Some(What::DuplicateUpdate) => self.waiting.push_back(Queued { again: true, ..update }),
            _ => self.waiting.push_back(update),
        }
        if self.held.as_ref().is_some_and(|held| held.id != self.last_id) {
            self.release();
        }
        json
    }

    fn numbered(&mut self, fields: Value, chat: Option<i64>, at: Duration) -> Queued {
        self.last_id += 1;
        self.places += 1;
        let mut json = serde_json::json!({"update_id": self.last_id});
        if let (Some(to), Value::Object(from)) = (json.as_object_mut(), fields) {
            to.extend(from);
        }
        Queued { place: self.places, id: self.last_id, chat, json, epoch: self.epoch, at, again: false }
    }

    /// The one that was held back comes now.
    fn release(&mut self) {
        let Some(mut held) = self.held.take() else { return };
        self.places += 1;
        held.place = self.places;
        self.waiting.push_back(held);
    }

    /// The ids of those to come are smaller by that much.
    pub fn jump(&mut self, back: i64) {
        self.last_id = (self.last_id - back).max(1);
        self.epoch += 1;
        let epoch = self.epoch;
        self.handed.retain(|_, of| *of + 1 >= epoch);
    }

    /// Forgets what is too old, and brings what was held back for long enough.
    pub fn tick(&mut self, now: Duration) {
        if self.held.as_ref().is_some_and(|held| held.at + HELD <= now) {
            self.release();
        }
        self.waiting.retain(|update| update.at + KEPT > now);
    }

    /// When [`Queue::tick`] would change something soon.
    pub fn next_tick(&self) -> Option<Duration> {
        self.held.as_ref().map(|held| held.at + HELD)
    }

    /// Forgets what comes before that offset; a negative one keeps only so many from the end, 0 confirms nothing.
    pub fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(-offset).unwrap_or(usize::MAX);
            let from = self.waiting.len().saturating_sub(keep);
            self.waiting.drain(..from);
        } else if offset > 0 {
            self.confirm_before(offset);
        }
    }

    /// Ids of before a jump and of after it are told apart by what was handed out.
    fn confirm_before(&mut self, offset: i64) {
        let known = self.handed.get(&(offset - 1)).copied();
        let Some(epoch) = known.or((offset <= self.last_id + AHEAD).then_some(self.epoch)) else { return };
        self.forget(|update| update.epoch < epoch || update.epoch == epoch && update.id < offset);
    }

    /// One was delivered to the webhook.
    pub fn delivered(&mut self, place: u64) {
        self.forget(|update| update.place == place);
    }

    /// Those that are to come again do so.
    fn forget(&mut self, done: impl Fn(&Queued) -> bool) {
        let mut again = Vec::new();
        self.waiting.retain(|update| {
            let done = done(update);
            if done && update.again {
                again.push(Queued { again: false, ..update.clone() });
            }
            !done
        });
        for update in again.into_iter().rev() {
            self.places += 1;
            self.waiting.push_front(Queued { place: self.places, ..update });
        }
    }

    /// The first so many; they stay.
    pub fn batch(&mut self, limit: usize) -> Vec<Value> {
        let batch: Vec<&Queued> = self.waiting.iter().take(limit).collect();
        self.handed.extend(batch.iter().map(|update| (update.id, update.epoch)));
        batch.into_iter().map(|update| update.json.clone()).collect()
    }

    /// All that wait, the oldest first.
    pub fn waiting(&self) -> impl Iterator<Item = &Queued> {
        self.waiting.iter()
    }

    /// How many wait.
    pub fn pending(&self) -> usize {
        self.waiting.len() + usize::from(self.held.is_some())
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.held = None;
    }
}
