//! What a board remembers of a conversation beyond its place and cursor: the state of [`crate::store::Thread`].
//!
//! What it is not: it holds nothing of what anybody wrote, only names and numbers of messages.
use bot_core::handoff::Owner;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::store::{EventId, StoredTicket};

/// Where a conversation stands at a board.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// The ticket that is shown; `None`: what comes after the cursor is not, until the next hand-off.
    pub ticket: Option<u64>,
    /// The ticket in the thread's title.
    pub named: u64,
    /// The ticket for which a thread is being made. Stored before: whoever finds it does not know whether one was made.
    pub opening: Option<u64>,
    /// The ticket whose first card is being posted: whoever finds it does not know whether it stands there. So it is shown to
    /// its end, though nobody has taken it.
    pub begun: Option<u64>,
    /// The tickets' cards, the current one last; those before it still show what is out of date.
    pub cards: Vec<Card>,
    /// The thread is new: the card goes before all else.
    pub bare: bool,
    /// Files sent before the hand-off that are still to be shown.
    pub files: Vec<String>,
    /// How many pieces of the event after the cursor stand in the thread: parts of a long text, or files.
    pub part: usize,
    /// The event whose files can't be shown.
    pub lost: Option<EventId>,
    /// Why they can't, in the platform's words.
    pub reason: String,
    /// Agents' messages in the thread whose fate is still to be shown.
    pub marks: Vec<Mark>,
    /// The thread is put away.
    pub archived: bool,
    /// The ticket whose thread was deleted and made again.
    pub remade: u64,
    /// The ticket that gets no thread any more.
    pub without: u64,
    /// Agents were told of that.
    pub told: bool,
}

/// A ticket's card in a thread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Card {
    pub ticket: u64,
    pub message: String,
    /// What it shows of the ticket's state, see [`face`].
    pub face: String,
}

/// An agent's message in the thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    pub event: EventId,
    pub message: String,
}

impl State {
    /// What was stored; of something unreadable, nothing.
    pub fn read(stored: &Json) -> State {
        State::deserialize(stored).unwrap_or_default()
    }

    pub fn write(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The thread is not there any more, nor anything that stood in it.
    pub fn lose_thread(&mut self) {
        self.named = 0;
        self.cards.clear();
        self.marks.clear();
        self.part = 0;
        self.archived = false;
        self.bare = true;
    }

    pub fn card_of(&self, ticket: u64) -> Option<&Card> {
        self.cards.iter().find(|card| card.ticket == ticket)
    }
}

/// What a card shows that changes: who has the ticket. The agent's name is left out of what is stored.
pub(super) fn face(about: &StoredTicket) -> String {
    match (about.owner, &about.agent) {
        (Owner::Person, Some(agent)) => format!("person {:x}", letters(agent)),
        (Owner::Waiting, _) => "waiting".to_owned(),
        (Owner::Closed, _) => "closed".to_owned(),
        _ => "other".to_owned(),
    }
}

/// FNV-1a: the same in every process and version.
fn letters(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The face of a card that will not change any more.
pub(super) const FINAL: &str = "closed";
