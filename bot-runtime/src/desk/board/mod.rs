//! A desk on a platform with threads: topics of a group, threads of a channel; one for each customer.
//!
//! ```text
//! events ─► Board: what is to be done next, most urgent first, within the room's budget ─► Threads ─► platform
//! platform ─► Heard ─► Board::hear ─► Command::parse ─► Runtime::act ─► inbox
//! ```
//! What it is not: it knows no platform. A platform's crate implements [`Threads`] and tells what was [`Heard`].
//! - `next` decides (pure): what is known of a conversation, a `View`, to the most urgent action. `words` says which events
//!   are said, and how urgent they are; `note` what an action's outcome changes (pure, too).
//! - `run` is the loop around it: `look` reads and notes, `pick` chooses for each room, `finish` deals with failures, `erase`
//!   removes, `pace` and `rooms` know what a room bears.
//! - `hear` takes in what agents do.
//!
//! **Kept**: an action is noted after it has succeeded, so a process that dies repeats at most the one under way in each
//! room. A post of which it is not known whether it was made is tried again just so, with its key, before anything else is decided
//! there: a platform that knows keys shows it once. Answers to agents' commands alone are only in memory: they may be lost then, and the agent asks again.
//!
//! **One only**: a board runs in the process that serves its platform. Two that show the same rooms would show all twice.
//!
//! **Several desks**: boards of several platforms may share a store. A ticket is shown at those that its team names in `bot.yaml`,
//! or at all of them. Where they are changed, a conversation that is shown stays where it is until its ticket is closed.
pub mod contract;
mod deed;
mod erase;
mod finish;
mod found;
mod hear;
mod heard;
mod load;
mod look;
mod next;
mod note;
mod pace;
mod pick;
mod replies;
mod rooms;
mod run;
mod shared;
mod state;
mod threads;
mod view;
mod words;

pub use heard::{Heard, Spoken};
pub use threads::{Button, Place, Post, ThreadError, Threads};

use std::sync::Arc;

use bot_core::handoff::Ticket;
use tokio_util::sync::CancellationToken;

use self::shared::Shared;
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
    shared: Arc<Shared>,
}

impl<S: Store, T> Clone for Board<S, T> {
    fn clone(&self) -> Self {
        let (runtime, threads) = (self.runtime.clone(), self.threads.clone());
        Board { runtime, threads, rooms: self.rooms.clone(), shared: self.shared.clone() }
    }
}

impl<S: Store, T: Threads> Board<S, T> {
    /// One for these rooms.
    pub fn new(runtime: Runtime<S>, threads: T, rooms: Vec<Room>) -> Board<S, T> {
        Board { runtime, threads: Arc::new(threads), rooms: rooms.into(), shared: Arc::default() }
    }

    /// Whether that room is one of this board's, also under an id that it got later.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn is_room(&self, room: &str) -> Result<bool, StoreError> {
        self.read_moves().await?;
        let now = self.shared.now(room);
        Ok(self.rooms.iter().any(|known| known.id == room || self.shared.now(&known.id) == now))
    }

    /// Shows what happens until it is told to stop; what is under way then is finished. Where the store fails, that is said in the
    /// log, with what to do, and it goes on once it works again.
    pub async fn run(&self, stop: &CancellationToken) {
        run::show(self, stop).await;
    }

    /// The desk's name in the store.
    fn desk(&self) -> &str {
        self.threads.name()
    }

    async fn read_moves(&self) -> Result<(), StoreError> {
        let rooms = self.rooms.iter().map(|room| room.id.as_str());
        self.shared.read(&**self.runtime.store(), self.desk(), rooms).await
    }

    /// Whether the team has chosen other desks.
    fn is_elsewhere(&self, team: &str) -> bool {
        !self.runtime.engine().catalog().settings.handoff.is_at(team, self.desk())
    }

    /// The rooms in which a team's tickets are shown, by their first names.
    fn rooms_of(&self, team: &str) -> Vec<&str> {
        if self.is_elsewhere(team) {
            return Vec::new();
        }
        let of = |team: Option<&str>| -> Vec<&str> {
            let rooms = self.rooms.iter().filter(|room| room.team.as_deref() == team);
            rooms.map(|room| room.id.as_str()).collect()
        };
        let own = of(Some(team));
        if own.is_empty() { of(None) } else { own }
    }
}

/// The title of a customer's thread: the ticket's number and who it is, at most 100 characters, never its state. Characters
/// that control how text is shown are left out.
pub fn title(number: u64, ticket: &Ticket) -> String {
    let name = ticket.customer.as_deref().unwrap_or_default();
    let shown: String =
        name.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
    let shown: String = shown.chars().filter(|letter| !controls(*letter)).collect();
    let title = format!("#{number} {}", shown.split_whitespace().collect::<Vec<_>>().join(" "));
    let title: String = title.chars().take(TITLE).collect();
    title.trim_end().to_owned()
}

/// Characters that a title has at most.
const TITLE: usize = 100;

/// Control characters, bidirectional controls, and what takes no place.
fn controls(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The ticket that a title names.
fn number_of(title: &str) -> Option<u64> {
    title.strip_prefix('#')?.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::card;

    #[test]
    fn a_title_names_ticket_and_customer_and_nothing_else() {
        let long = "y".repeat(300);
        for (customer, want) in [
            (None, "#12".to_owned()),
            (Some("Ann"), "#12 Ann".to_owned()),
            (Some("  Ann \n\t Lee "), "#12 Ann Lee".to_owned()),
            (Some("A\u{202e}nn\0\u{200b}\u{feff}"), "#12 Ann".to_owned()),
            (Some("\u{202e}"), "#12".to_owned()),
            (Some("👩‍🚀"), "#12 👩🚀".to_owned()),
            (Some(&long), format!("#12 {}", "y".repeat(96))),
        ] {
            let ticket = Ticket { customer: customer.map(str::to_owned), ..card::tests::ticket().ticket };
            let title = title(12, &ticket);
            assert_eq!(title, want);
            assert_eq!(number_of(&title), Some(12));
        }
    }
}
