//! The desk: where agents see tickets, and take conversations over.
//!
//! ```text
//! agent types ─► Command::parse ─► Runtime::act ─► inbox ─► the core decides ─► events ─► Follower ─► Desk::show ─► agents
//! ```
//! What is the same on every desk stands here: the words ([`Command`]), what agents are told ([`News`]), a ticket with its
//! context ([`card()`]), and why the bot said what it said ([`why()`]). A desk of its own only shows, as [`Desk`].
//!
//! What it is not: it has no rule about who may do what when; what an agent does goes into the conversation's inbox as
//! [`bot_core::dialogue::Input::Agent`], and the core decides.
pub mod board;
pub mod card;
mod command;
pub mod contract;
mod follower;
mod news;
mod recorder;
mod why;

use std::time::Duration;

use tokio::time::timeout;

pub use card::{Around, card};
pub use command::{Command, CommandError, WORDS, Which, Word};
pub use follower::Follower;
pub use news::{News, news, transcript};
pub use recorder::Recorder;
pub use why::why;

use crate::channel::SendError;
use crate::store::{ConversationId, EventId, Store, StoreError, StoredEvent, StoredTicket};

/// A place that shows agents what happens: a terminal, topics of a group, threads of a channel.
///
/// Every implementation passes [`contract::check`].
pub trait Desk: Send + Sync + 'static {
    /// Its name, for logs.
    fn name(&self) -> &str;

    /// Shows what happened in the conversation of a ticket, the latest it has. `about` is as the store has it now, which may
    /// be later than the news.
    ///
    /// # Errors
    /// [`SendError::Final`]: this news is passed over. Others: it is shown again, and nothing after it before.
    fn show(&self, about: &StoredTicket, news: &News) -> impl Future<Output = Result<(), SendError>> + Send;
}

/// Events that are read at once.
const PAGE: usize = 256;

/// Asked again after this time, should nobody say that the store has changed.
const PATIENCE: Duration = Duration::from_secs(1);

/// All events of a conversation after one, oldest first.
///
/// # Errors
/// The store can't be read.
pub async fn events<S: Store>(
    store: &S,
    conversation: ConversationId,
    after: EventId,
) -> Result<Vec<StoredEvent>, StoreError> {
    let mut all: Vec<StoredEvent> = Vec::new();
    loop {
        let last = all.last().map_or(after, |last| last.id);
        let page = store.events(Some(conversation), last, PAGE).await?;
        let is_last = page.len() < PAGE;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}

/// Waits until all that was put into a conversation's inbox has been decided, by this process or another. Unlike
/// [`crate::runtime::Runtime::settled`] it does not wait for what is to be sent: the customer's channel may not be running.
///
/// # Errors
/// The store can't be asked.
pub async fn decided<S: Store>(store: &S, conversation: ConversationId) -> Result<(), StoreError> {
    let mut changes = store.changes();
    loop {
        changes.borrow_and_update();
        if store.load(conversation).await?.is_none_or(|loaded| loaded.inbox.is_empty()) {
            return Ok(());
        }
        // Changed, or too long without news, or the store is closed: ask it.
        let _ = timeout(PATIENCE, changes.changed()).await;
    }
}
