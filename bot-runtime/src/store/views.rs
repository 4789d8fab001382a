//! What desks look at: events, tickets, conversations.
use bot_core::dialogue::Event;
use bot_core::handoff::{Owner, Ticket};
use jiff::Timestamp;

use super::{ConversationId, EventId};
use crate::channel::Address;

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent {
    /// Which.
    pub id: EventId,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// A ticket as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredTicket {
    /// Its number, from 1.
    pub number: u64,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Where that is held.
    pub address: Address,
    /// What an agent gets.
    pub ticket: Ticket,
    /// Where it stands: waiting, person or closed.
    pub owner: Owner,
    /// Who has it, or had it last.
    pub agent: Option<String>,
    /// When agents were told of it, for the last time.
    pub announced: Timestamp,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// 1 to 5.
    pub stars: Option<u8>,
}

/// Which tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Only of this conversation.
    pub conversation: Option<ConversationId>,
    /// Closed ones, too.
    pub closed: bool,
    /// At most so many, the most urgent first, then those that wait longest; zero: all.
    pub limit: usize,
}

/// A conversation as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Which.
    pub id: ConversationId,
    /// Where it is held.
    pub address: Address,
    /// Who answers.
    pub owner: Owner,
    /// When something happened in it, for the last time.
    pub active: Timestamp,
}
