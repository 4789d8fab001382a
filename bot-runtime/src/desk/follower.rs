//! Follows what happens in a store, and shows it to a desk: in order, each once.
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use bot_core::dialogue::Event;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{Desk, News, PAGE, PATIENCE, news};
use crate::channel::SendError;
use crate::store::{ConversationId, EventId, Store, StoreError, StoredEvent, StoredTicket, TicketFilter};

/// After a failure that does not say how long to wait.
const PAUSE: Duration = Duration::from_secs(1);

/// Waits until there may be something to show: a change, or the end of a pause that the desk needs.
async fn next(changes: &mut watch::Receiver<u64>, shown: Result<(), SendError>) {
    match shown {
        Ok(()) => {
            // An error: nobody will say any more that the store has changed.
            if let Ok(Err(_)) = timeout(PATIENCE, changes.changed()).await {
                sleep(PATIENCE).await;
            }
        }
        Err(SendError::Wait { pause, .. }) => sleep(pause).await,
        Err(_) => sleep(PAUSE).await,
    }
}

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
            let shown = self.catch_up().await?;
            tokio::select! {
                () = stop.cancelled() => {}
                () = next(&mut changes, shown) => {}
            }
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
        let about = match tickets.entry(stored.conversation) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(self.latest(stored.conversation).await?),
        };
        let Some(about) = about else { return Ok(Ok(())) };
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

#[cfg(test)]
mod tests {
    use bot_core::dialogue::Input;
    use bot_core::handoff::Owner;
    use bot_core::text::Span;
    use jiff::Timestamp;

    use super::*;
    use crate::channel::{Address, Body, Inbound};
    use crate::desk::{Recorder, card, contract};
    use crate::store::{Commit, MemoryStore, TicketChange};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    /// A store with a conversation of that customer.
    async fn conversation(store: &MemoryStore, peer: &str) -> ConversationId {
        let arrival = Inbound {
            address: Address { channel: "terminal".to_owned(), peer: peer.to_owned() },
            key: peer.to_owned(),
            at: NOW,
            customer: None,
            body: Body::Input { input: Input::Start, message: None },
        };
        store.receive(vec![arrival], NOW).await.unwrap()[0].conversation
    }

    async fn happens(store: &MemoryStore, conversation: ConversationId, events: Vec<Event>) {
        let loaded = store.load(conversation).await.unwrap().unwrap();
        let opens = events.iter().any(|event| matches!(event, Event::TicketOpened { .. }));
        let ticket = opens.then(|| TicketChange::Open(Box::new(card::tests::ticket().ticket)));
        let commit = Commit {
            conversation,
            revision: loaded.revision,
            at: NOW,
            done: loaded.inbox.iter().map(|item| item.id).collect(),
            events,
            tracker: loaded.tracker,
            outbox: vec![],
            timers_set: vec![],
            timers_done: vec![],
            ticket: ticket.into_iter().collect(),
            forget: false,
            link: None,
        };
        assert!(store.commit(commit).await.unwrap());
    }

    fn customer(text: &str) -> Event {
        Event::CustomerSaid { text: text.to_owned(), at: NOW }
    }

    fn shown(desk: &Recorder) -> Vec<String> {
        desk.shown().iter().map(|(number, news)| format!("#{number} {news}")).collect()
    }

    #[tokio::test]
    async fn news_of_tickets_come_in_order_and_once() {
        let (store, desk) = (Arc::new(MemoryStore::new()), Recorder::default());
        let (with, without) = (conversation(&store, "Ann").await, conversation(&store, "Ben").await);
        let mut follower = Follower::new(store.clone(), desk.clone(), EventId::default());
        happens(&store, without, vec![customer("nobody looks")]).await;
        happens(&store, with, vec![Event::TicketOpened { ticket: 1, ahead: 0 }]).await;
        let mask = Event::Masked { spans: vec![Span { start: 4, end: 8 }] };
        happens(&store, with, vec![customer("PIN 1234"), Event::Missed, mask]).await;
        assert_eq!(follower.catch_up().await.unwrap(), Ok(()));
        happens(&store, with, vec![Event::OwnerChanged { owner: Owner::Bot }]).await;
        assert_eq!(follower.catch_up().await.unwrap(), Ok(()));
        let all = ["#1 (waits for a person)", "#1 customer: PIN ****", "#1 (back to the bot)"];
        assert_eq!(shown(&desk), all);

        let later = Recorder::default();
        let mut again = Follower::new(store.clone(), later.clone(), follower.cursor());
        assert_eq!(again.catch_up().await.unwrap(), Ok(()));
        assert_eq!(shown(&later), [""; 0]);
    }

    #[tokio::test]
    async fn what_could_not_be_shown_is_shown_first_the_next_time() {
        let (store, desk) = (Arc::new(MemoryStore::new()), Recorder::default());
        let with = conversation(&store, "Ann").await;
        happens(
            &store,
            with,
            vec![Event::TicketOpened { ticket: 1, ahead: 0 }, customer("a"), customer("b")],
        )
        .await;
        let busy = SendError::Retry("busy".to_owned());
        desk.fail([busy.clone(), SendError::Final("no such topic".to_owned())]);
        let mut follower = Follower::new(store, desk.clone(), EventId::default());
        assert_eq!(follower.catch_up().await.unwrap(), Err(busy));
        assert_eq!(shown(&desk), [""; 0]);
        assert_eq!(follower.catch_up().await.unwrap(), Ok(()), "what can never be shown is passed over");
        assert_eq!(shown(&desk), ["#1 customer: a", "#1 customer: b"]);
    }

    #[tokio::test]
    async fn who_follows_is_woken() {
        let (store, desk) = (Arc::new(MemoryStore::new()), Recorder::default());
        let with = conversation(&store, "Ann").await;
        let stop = CancellationToken::new();
        let mut follower = Follower::new(store.clone(), desk.clone(), EventId::default());
        let (stopped, told) = (stop.clone(), desk.clone());
        let following = tokio::spawn(async move { follower.run(&stopped).await });
        happens(&store, with, vec![Event::TicketOpened { ticket: 1, ahead: 0 }]).await;
        while told.shown().is_empty() {
            tokio::task::yield_now().await;
        }
        stop.cancel();
        following.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn the_recorder_is_a_desk() {
        contract::check(&Recorder::default()).await;
    }
}
