//! Threads of which the platform says that they were made, while it was not known whether they were. Each is adopted by the
//! conversation that waits for it, or erased: none is left behind, wherever a process dies.
use super::state::State;
use super::{Board, Place, Threads};
use crate::store::{ConversationId, Store, StoreError};

/// The name under which they are remembered.
const FOUND: &str = "found";

/// One of them: whose, for which ticket, and where.
type Found = (i64, u64, String, String);

impl<S: Store, T: Threads> Board<S, T> {
    /// The thread that was made for a ticket in that room.
    pub(super) async fn found(&self, ticket: u64, room: Option<&str>) -> Result<Option<String>, StoreError> {
        let is_it = |found: &Found| found.1 == ticket && Some(self.shared.now(&found.2).as_str()) == room;
        Ok(self.all_found().await?.into_iter().find(is_it).map(|found| found.3))
    }

    /// Remembers one, until it is settled whose it is.
    pub(super) async fn keep_found(
        &self,
        id: ConversationId,
        ticket: u64,
        place: &Place,
    ) -> Result<(), StoreError> {
        let mut all = self.all_found().await?;
        all.push((id.0, ticket, place.room.clone(), place.thread.clone().unwrap_or_default()));
        all.dedup();
        self.write_found(&all).await
    }

    /// What no conversation waits for any more, and none has as its thread, is to be erased. Returns who still waits. To be called
    /// after each change of what is waited for, with [`super::shared::Shared::making`] held.
    pub(super) async fn settle_found(&self) -> Result<Vec<ConversationId>, StoreError> {
        let all = self.all_found().await?;
        let mut rest = Vec::new();
        for found in &all {
            let row = self.runtime.store().thread(self.desk(), ConversationId(found.0)).await?;
            if row.is_some_and(|row| State::read(&row.state).opening == Some(found.1)) {
                rest.push(found.clone());
                continue;
            }
            let place = Place { room: self.shared.now(&found.2), thread: Some(found.3.clone()) };
            if self.thread_at(&place).await?.is_none() {
                self.spare(place).await?;
            }
        }
        if rest.len() < all.len() {
            self.write_found(&rest).await?;
        }
        Ok(rest.into_iter().map(|found| ConversationId(found.0)).collect())
    }

    async fn all_found(&self) -> Result<Vec<Found>, StoreError> {
        let found = self.runtime.store().memo(self.desk(), FOUND).await?;
        Ok(found.and_then(|found| serde_json::from_str(&found).ok()).unwrap_or_default())
    }

    async fn write_found(&self, all: &[Found]) -> Result<(), StoreError> {
        let memo = (!all.is_empty()).then(|| serde_json::json!(all).to_string());
        self.runtime.store().keep_memo(self.desk(), FOUND, memo).await
    }
}
