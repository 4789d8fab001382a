//! Follows what happens in a store, and shows it to a desk: in order, each once.
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bot_core::dialogue::Event;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{Desk, News, PAGE, PATIENCE, news};
use crate::channel::SendError;
use crate::store::{ConversationId, EventId, Store, StoreError, StoredEvent, StoredTicket, TicketFilter};

/// After a failure that does not say how long to wait.
const PAUSE: Duration = Duration::from_secs(1);

/// Shows a desk the news of conversations that have a ticket, or had one.
pub struct Follower<S, D> {
    store: Arc<S>,
    desk: D,
    cursor: EventId,
}

/// Tickets that were looked up, each as it is now.
type Tickets = BTreeMap<ConversationId, Option<StoredTicket>>;

impl<S: Store, D: Desk> Follower<S, D> {
    /// One that shows what comes after that event. A desk that must miss nothing keeps the cursor; one that only shows what
    /// happens now begins with [`Store::newest`].
    pub fn new(store: Arc<S>, desk: D, cursor: EventId) -> Follower<S, D> {
        Follower { store, desk, cursor }
    }

    /// The last event that is done with.
    pub fn cursor(&self) -> EventId {
        self.cursor
    }

    /// The desk.
    pub fn desk(&self) -> &D {
        &self.desk
    }

    /// Shows what happens until it is told to stop.
    ///
    /// # Errors
    /// The store can't be read. It may be called again.
    pub async fn run(&mut self, stop: &CancellationToken) -> Result<(), StoreError> {
        let mut changes = self.store.changes();
        while !stop.is_cancelled() {
            changes.borrow_and_update();
            let pause = match self.catch_up().await? {
                Ok(()) => PATIENCE,
                Err(SendError::Wait { pause, .. }) => pause,
                Err(_) => PAUSE,
            };
            let _ = timeout(PATIENCE.max(pause), async {
                tokio::select! {
                    () = stop.cancelled() => {}
                    // Changed; or the store is closed, and nothing will come.
                    changed = changes.changed() => if changed.is_err() { sleep(pause).await },
                }
            })
            .await;
        }
        Ok(())
    }

    /// Shows all that has happened by now. The inner error is the desk's: what it could not show is shown first the next time.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn catch_up(&mut self) -> Result<Result<(), SendError>, StoreError> {
        loop {
            let events = self.store.events(None, self.cursor, PAGE).await?;
            let is_last = events.len() < PAGE;
            let mut tickets = Tickets::new();
            for event in &events {
                if let Err(error) = self.tell(event, &mut tickets).await? {
                    return Ok(Err(error));
                }
                self.cursor = event.id;
            }
            if is_last {
                return Ok(Ok(()));
            }
        }
    }

    async fn tell(
        &self,
        stored: &StoredEvent,
        tickets: &mut Tickets,
    ) -> Result<Result<(), SendError>, StoreError> {
        let Some(told) = news(&stored.event, []) else { return Ok(Ok(())) };
        if !tickets.contains_key(&stored.conversation) {
            tickets.insert(stored.conversation, self.latest(stored.conversation).await?);
        }
        let Some(Some(about)) = tickets.get(&stored.conversation) else { return Ok(Ok(())) };
        let told = match stored.event {
            Event::CustomerSaid { .. } => self.masked(stored).await?.unwrap_or(told),
            _ => told,
        };
        Ok(self.passed_over(stored, self.desk.show(about, &told).await))
    }

    /// What can never be shown must not hold up what can.
    fn passed_over(&self, stored: &StoredEvent, shown: Result<(), SendError>) -> Result<(), SendError> {
        let Err(SendError::Final(reason)) = shown else { return shown };
        let (desk, conversation, event) = (self.desk.name(), stored.conversation.0, stored.id.0);
        tracing::warn!(desk, conversation, event, reason, "not shown");
        Ok(())
    }

    async fn latest(&self, conversation: ConversationId) -> Result<Option<StoredTicket>, StoreError> {
        let filter = TicketFilter { conversation: Some(conversation), closed: true, limit: 0 };
        Ok(self.store.tickets(filter).await?.into_iter().max_by_key(|ticket| ticket.number))
    }

    /// What is to be masked stands behind the message, in the same turn.
    async fn masked(&self, stored: &StoredEvent) -> Result<Option<News>, StoreError> {
        let after = self.store.events(Some(stored.conversation), stored.id, PAGE).await?;
        Ok(news(&stored.event, after.iter().map(|later| &later.event)))
    }
}
