//! What a board's two sides, showing and hearing, tell each other.
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::{Place, Post};
use crate::store::{ConversationId, Store, StoreError};

/// Keys of what was heard that are remembered in the process.
const KEYS: usize = 1_000;

#[derive(Default)]
pub(super) struct Shared {
    inner: Mutex<Inner>,
    /// Something was told.
    pub poke: Notify,
    /// Held while it is decided whose a thread is that was made.
    pub making: tokio::sync::Mutex<()>,
    /// Held while it is noted which threads are to be erased.
    pub sparing: tokio::sync::Mutex<()>,
    /// Held while it is read which rooms have moved.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Inner {
    /// Rooms that have another id now.
    moved: Option<BTreeMap<String, String>>,
    answers: VecDeque<(Place, Post)>,
    /// Rooms in which the bot may do everything again.
    mended: Vec<String>,
    /// Threads to be erased were noted.
    spare: bool,
    /// Of these it was told that a thread was made.
    reported: BTreeSet<ConversationId>,
    heard: VecDeque<String>,
    hinted: BTreeSet<(String, String)>,
}

impl Shared {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads which of these rooms have moved, once.
    pub async fn read<S: Store>(
        &self,
        store: &S,
        desk: &str,
        rooms: impl Iterator<Item = &str>,
    ) -> Result<(), StoreError> {
        let _reading = self.reading.lock().await;
        if self.inner().moved.is_some() {
            return Ok(());
        }
        let mut moved = BTreeMap::new();
        for room in rooms {
            let mut room = room.to_owned();
            while let Some(new) = store.memo(desk, &moved_memo(&room)).await? {
                if moved.insert(room, new.clone()).is_some() || moved.contains_key(&new) {
                    break;
                }
                room = new;
            }
        }
        self.inner().moved = Some(moved);
        Ok(())
    }

    /// The room's id now.
    pub fn now(&self, room: &str) -> String {
        let inner = self.inner();
        let mut room = room;
        // As many steps as there are moves: a circle would be the platform's fault, and is left.
        for _ in 0..inner.moved.as_ref().map_or(0, BTreeMap::len) {
            match inner.moved.as_ref().and_then(|moved| moved.get(room)) {
                Some(new) => room = new,
                None => break,
            }
        }
        room.to_owned()
    }

    /// All ids that the room has had, the one now last: what is kept under an old id goes over to it at any time, so who looks
    /// in this order does not miss it.
    pub fn names(&self, room: &str) -> Vec<String> {
        let now = self.now(room);
        let moved = self.inner().moved.clone().unwrap_or_default();
        let mut names: Vec<_> = moved.into_keys().filter(|old| self.now(old) == now).collect();
        names.push(now);
        names
    }

    /// Remembers that a room has another id.
    pub async fn moves<S: Store>(
        &self,
        store: &S,
        desk: &str,
        old: &str,
        new: &str,
    ) -> Result<(), StoreError> {
        if old == new || self.now(old) == new {
            return Ok(());
        }
        store.keep_memo(desk, &moved_memo(old), Some(new.to_owned())).await?;
        store.keep_memo(desk, &moved_memo(new), None).await?;
        let mut inner = self.inner();
        let moved = inner.moved.get_or_insert_default();
        moved.insert(old.to_owned(), new.to_owned());
        moved.remove(new);
        drop(inner);
        self.poke.notify_one();
        Ok(())
    }

    /// Something is to be answered.
    pub fn answer(&self, place: Place, posts: impl IntoIterator<Item = Post>) {
        self.inner().answers.extend(posts.into_iter().map(|post| (place.clone(), post)));
        self.poke.notify_one();
    }

    /// The rooms in which something is to be answered.
    pub fn rooms_to_answer(&self) -> BTreeSet<String> {
        self.inner().answers.iter().map(|(place, _)| place.room.clone()).collect()
    }

    /// Takes the next answer for a room.
    pub fn next_answer(&self, room: &str) -> Option<(Place, Post)> {
        let mut inner = self.inner();
        let at = inner.answers.iter().position(|(place, _)| place.room == room)?;
        inner.answers.remove(at)
    }

    /// It could not be given yet.
    pub fn put_back(&self, answer: (Place, Post)) {
        self.inner().answers.push_front(answer);
    }

    pub fn mends(&self, room: String) {
        self.inner().mended.push(room);
        self.poke.notify_one();
    }

    pub fn take_mended(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().mended)
    }

    pub fn has_spare(&self) {
        self.inner().spare = true;
        self.poke.notify_one();
    }

    pub fn reports(&self, id: ConversationId) {
        self.inner().reported.insert(id);
        self.poke.notify_one();
    }

    pub fn take_reports(&self) -> BTreeSet<ConversationId> {
        std::mem::take(&mut self.inner().reported)
    }

    pub fn take_spare(&self) -> bool {
        std::mem::take(&mut self.inner().spare)
    }

    /// Whether that was heard before; notes it.
    pub fn knows(&self, key: &str) -> bool {
        let mut inner = self.inner();
        if inner.heard.iter().any(|known| known == key) {
            return true;
        }
        inner.heard.push_back(key.to_owned());
        if inner.heard.len() > KEYS {
            inner.heard.pop_front();
        }
        false
    }

    /// Whether the first hint in that thread is due; notes it.
    pub fn may_hint(&self, place: &Place) -> bool {
        let thread = place.thread.clone().unwrap_or_default();
        self.inner().hinted.insert((place.room.clone(), thread))
    }
}

fn moved_memo(room: &str) -> String {
    format!("moved/{room}")
}
