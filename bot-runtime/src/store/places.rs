//! Where things stand on platforms: an event's messages, a desk's threads.
use serde_json::Value as Json;

use super::{ConversationId, EventId};

/// A message on a platform that an event is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Twin {
    /// The desk on which it stands; `None`: the customer's channel.
    pub desk: Option<String>,
    /// The platform's id of it.
    pub message: String,
    /// The message that it replies to, as the customer's channel calls it.
    pub quotes: Option<String>,
}

/// What became of something that was to be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is not settled.
    Waiting,
    /// The customer has it.
    Sent,
    /// The customer will never have it.
    Failed,
}

/// What an event has become on platforms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The event.
    pub event: EventId,
    /// The messages that it is, in the order in which they were noted.
    pub twins: Vec<Twin>,
    /// What became of it, if it was to be delivered.
    pub fate: Option<Fate>,
}

/// Where a desk shows a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// The desk.
    pub desk: String,
    /// The conversation.
    pub conversation: ConversationId,
    /// The desk's room, such as a group's id.
    pub room: String,
    /// The thread in the room; `None`: it is still to be made, or was begun to be made.
    pub thread: Option<String>,
    /// The last event that is done with there.
    pub shown: EventId,
    /// What else the desk must remember of it.
    pub state: Json,
}
