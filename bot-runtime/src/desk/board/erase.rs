//! Threads that must not stand any longer: of customers who were forgotten or have expired, and those made twice.
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::run::Showing;
use super::{Board, Place, ThreadError, Threads};
use crate::channel::SendError;
use crate::store::{ConversationId, Store, StoreError};

/// Looked for so often, should nobody have been forgotten: conversations expire without an event.
const SWEEP: Duration = Duration::from_secs(3600);

/// So soon when something is still under way there.
const SOON: Duration = Duration::from_secs(1);

/// The name under which threads that were made twice are remembered.
const SPARE: &str = "spare";

/// What is to be erased.
#[derive(Clone, Debug)]
pub(super) struct Erasure {
    /// Whose threads these are; `None`: nobody's.
    pub conversation: Option<ConversationId>,
    /// What is left of it.
    pub places: Vec<Place>,
    /// It is under way.
    pub busy: bool,
}

impl<S: Store, T: Threads> Board<S, T> {
    /// Has a thread erased, soon.
    pub(super) async fn spare(&self, place: Place) -> Result<(), StoreError> {
        let _sparing = self.shared.sparing.lock().await;
        let store = self.runtime.store();
        let mut places = read(store.memo(self.desk(), SPARE).await?);
        if !places.contains(&place) {
            places.push(place);
            store.keep_memo(self.desk(), SPARE, write(&places)).await?;
        }
        self.shared.has_spare();
        Ok(())
    }

    /// That thread is erased, or is not to be.
    async fn unspare(&self, place: &Place) -> Result<(), StoreError> {
        let _sparing = self.shared.sparing.lock().await;
        let store = self.runtime.store();
        let mut places = read(store.memo(self.desk(), SPARE).await?);
        places.retain(|other| {
            (self.shared.now(&other.room), &other.thread) != (place.room.clone(), &place.thread)
        });
        store.keep_memo(self.desk(), SPARE, write(&places)).await
    }

    /// Remembers a thread that the conversation had before, to be erased with it.
    pub(super) async fn keep_former(&self, id: ConversationId, place: &Place) -> Result<(), StoreError> {
        let (store, name) = (self.runtime.store(), former(id));
        let mut places = read(store.memo(self.desk(), &name).await?);
        if !places.contains(place) {
            places.push(place.clone());
        }
        store.keep_memo(self.desk(), &was(place), Some(id.0.to_string())).await?;
        store.keep_memo(self.desk(), &name, write(&places)).await
    }

    /// The conversation that had that thread before it got another.
    pub(super) async fn was_of(&self, place: &Place) -> Result<Option<ConversationId>, StoreError> {
        for room in self.shared.names(&place.room) {
            let place = Place { room, thread: place.thread.clone() };
            let id = self.runtime.store().memo(self.desk(), &was(&place)).await?;
            if let Some(id) = id.and_then(|id| id.parse().ok()) {
                return Ok(Some(ConversationId(id)));
            }
        }
        Ok(None)
    }
}

impl<S: Store, T: Threads> Showing<'_, S, T> {
    pub fn is_being_erased(&self, id: ConversationId) -> bool {
        self.erasures.iter().any(|erasure| erasure.conversation == Some(id))
    }

    /// Threads that were made twice before this process.
    pub async fn load_spare(&mut self) -> Result<(), StoreError> {
        let mut places = read(self.store.memo(self.desk(), SPARE).await?);
        places.iter_mut().for_each(|place| place.room = self.shared().now(&place.room));
        let is_new = |place: &Place| {
            !self.erasures.iter().any(|known| known.conversation.is_none() && known.places.contains(place))
        };
        let new: Vec<_> = places.into_iter().filter(is_new).collect();
        self.erasures.extend(new.into_iter().map(|place| Erasure {
            conversation: None,
            places: vec![place],
            busy: false,
        }));
        Ok(())
    }

    /// Looks for what is to be erased.
    pub async fn sweep(&mut self) -> Result<(), StoreError> {
        self.erasures.retain(|erasure| !erasure.places.is_empty());
        if self.shared().take_spare() {
            self.load_spare().await?;
        }
        let now = Instant::now();
        if self.sweep <= now {
            self.sweep = now + SWEEP;
            for stale in self.store.stale_threads(self.desk()).await? {
                if self.is_being_erased(stale.conversation) {
                    continue;
                }
                if self.is_busy(Some(stale.conversation)) {
                    self.sweep = now + SOON;
                    continue;
                }
                let mut places = read(self.store.memo(self.desk(), &former(stale.conversation)).await?);
                let room = stale.room;
                places.extend(stale.thread.map(|thread| Place { room, thread: Some(thread) }));
                self.erase(Erasure { conversation: Some(stale.conversation), places, busy: false }).await?;
            }
        }
        self.wake_at(self.sweep);
        Ok(())
    }

    async fn erase(&mut self, mut erasure: Erasure) -> Result<(), StoreError> {
        for place in &mut erasure.places {
            place.room = self.shared().now(&place.room);
        }
        if let Some(id) = erasure.conversation {
            let live = self.touch(id);
            (live.plan, live.first, live.marks) = (None, None, false);
        }
        if erasure.places.is_empty() {
            return self.over(erasure.conversation).await;
        }
        self.erasures.push(erasure);
        Ok(())
    }

    /// What of it is to be erased now. A thread that was reported before it was noted whose it is may have become somebody's.
    pub async fn begin_erasing(&mut self, index: usize) -> Result<Option<Place>, StoreError> {
        let Erasure { conversation, places, .. } = self.erasures[index].clone();
        let Some(place) = places.into_iter().next() else { return Ok(None) };
        if conversation.is_none() && self.board.thread_at(&place).await?.is_some() {
            self.erasures[index].places.clear();
            self.board.unspare(&place).await?;
            return Ok(None);
        }
        self.erasures[index].busy = true;
        Ok(Some(place))
    }

    /// What becomes of it after an attempt.
    pub async fn erased(
        &mut self,
        mut erasure: Erasure,
        result: &Result<Vec<String>, ThreadError>,
    ) -> Result<(), StoreError> {
        let is_it =
            |other: &Erasure| other.conversation == erasure.conversation && other.places == erasure.places;
        self.erasures.retain(|other| !is_it(other));
        erasure.busy = false;
        match result {
            Ok(_) | Err(ThreadError::ThreadGone | ThreadError::MessageGone) => {}
            Err(ThreadError::Send(SendError::Final(_))) => {
                let (desk, place) = (self.desk(), erasure.places.first());
                tracing::error!(desk, ?place, "a thread can't be erased: delete it by hand");
            }
            Err(_) => return self.erase(erasure).await,
        }
        let place = erasure.places.remove(0);
        if erasure.conversation.is_none() {
            return self.board.unspare(&place).await;
        }
        self.erase(erasure).await
    }

    /// Nothing of it stands any more. A customer who has come back meanwhile begins anew.
    async fn over(&mut self, conversation: Option<ConversationId>) -> Result<(), StoreError> {
        let Some(id) = conversation else { return Ok(()) };
        for place in read(self.store.memo(self.desk(), &former(id)).await?) {
            self.store.keep_memo(self.desk(), &was(&place), None).await?;
        }
        self.store.keep_memo(self.desk(), &former(id), None).await?;
        let _making = self.shared().making.lock().await;
        self.store.drop_thread(self.desk(), id).await?;
        self.board.settle_found().await?;
        self.touch(id);
        Ok(())
    }
}

fn former(id: ConversationId) -> String {
    format!("former/{}", id.0)
}

fn was(place: &Place) -> String {
    format!("was/{}/{}", place.room, place.thread.as_deref().unwrap_or_default())
}

fn read(memo: Option<String>) -> Vec<Place> {
    let pairs: Vec<(String, String)> =
        memo.and_then(|memo| serde_json::from_str(&memo).ok()).unwrap_or_default();
    pairs.into_iter().map(|(room, thread)| Place { room, thread: Some(thread) }).collect()
}

fn write(places: &[Place]) -> Option<String> {
    let pairs: Vec<_> = places.iter().map(|place| json!([place.room, place.thread])).collect();
    (!pairs.is_empty()).then(|| json!(pairs).to_string())
}
