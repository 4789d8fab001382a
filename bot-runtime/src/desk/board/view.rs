//! What is known of a conversation when the next action is decided.
use std::collections::BTreeMap;

use bot_core::dialogue::Event;

use super::state::State;
use crate::store::{EventId, Fate, StoredEvent, StoredTicket, Trace};

/// What is known of a conversation. Rooms are by the names they have now.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    /// Where it is shown, and its thread there.
    pub room: String,
    pub thread: Option<String>,
    /// Where its next ticket is to be shown; `None`: no room takes it.
    pub wanted: Option<String>,
    /// Nothing can be written where its thread is, and where it is wanted something can.
    pub stranded: bool,
    pub shown: EventId,
    pub state: State,
    /// Its tickets, the latest last.
    pub tickets: Vec<StoredTicket>,
    /// What happened after `shown`. While no ticket is shown, from the last hand-off on.
    pub events: Vec<StoredEvent>,
    /// There are more events after these.
    pub is_full: bool,
    /// What these events, and those whose fate is awaited, have become.
    pub traces: BTreeMap<EventId, Trace>,
    /// The messages at the desk that these events reply to; empty: it is gone.
    pub replies: BTreeMap<EventId, String>,
    /// Files that were sent before the last hand-off.
    pub files: Vec<String>,
    /// The platform does not take another title for its thread at present.
    pub untitled: bool,
    /// It may be that a thread was made: wait until that is known.
    pub settling: bool,
    /// The thread that the platform says was made.
    pub found: Option<String>,
}

impl View {
    pub fn ticket(&self, number: u64) -> Option<&StoredTicket> {
        self.tickets.iter().find(|ticket| ticket.number == number)
    }

    /// The agent's message in a thread of that desk that an event is. It is what was noted when it was said, before the
    /// board has come to it.
    pub fn own(&self, event: EventId, desk: &str) -> Option<&str> {
        let twins = &self.traces.get(&event)?.twins;
        twins.iter().find(|twin| twin.desk.as_deref() == Some(desk)).map(|twin| twin.message.as_str())
    }

    pub fn fate(&self, event: EventId) -> Option<Fate> {
        self.traces.get(&event)?.fate
    }
}

/// Turns of a conversation whose files are shown with the card.
pub(super) const TURNS: usize = crate::desk::card::TURNS;

/// The files of the last turns.
#[derive(Debug, Default)]
pub(super) struct Recent {
    turns: std::collections::VecDeque<Vec<String>>,
}

impl Recent {
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::CustomerSaid { .. } | Event::Said { .. } => {
                self.turns.push_back(Vec::new());
                if self.turns.len() > TURNS {
                    self.turns.pop_front();
                }
            }
            Event::Attached { files } => {
                if let Some(turn) = self.turns.back_mut() {
                    turn.extend(files.iter().cloned());
                }
            }
            _ => {}
        }
    }

    pub fn files(&self) -> Vec<String> {
        self.turns.iter().flatten().cloned().collect()
    }
}
