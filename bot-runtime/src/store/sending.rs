//! What goes out: entries of the outbox, and what becomes of them.
use bot_core::dialogue::Input;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{ConversationId, OutboxId};
use crate::channel::{Address, Outgoing};

/// An entry for the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// Who delivers it: a channel's name, or [`CALLS`].
    pub route: String,
    /// What.
    pub what: Work,
    /// The event that it follows from: its place among [`Commit::events`](super::Commit::events).
    pub event: Option<usize>,
}

/// The route of calls of actions.
pub const CALLS: &str = "call";

/// What an entry of the outbox is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum Work {
    /// To be delivered to the customer.
    Deliver {
        /// What.
        what: Outgoing,
    },
    /// To be called.
    Call {
        /// Identifies the call within the conversation.
        call: u64,
        /// The action.
        action: String,
        /// Its arguments.
        with: Json,
    },
}

/// An entry of the outbox that was taken for sending.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which.
    pub id: OutboxId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Where it is held.
    pub address: Address,
    /// Who delivers it.
    pub route: String,
    /// What.
    pub what: Work,
    /// How many attempts have failed.
    pub attempts: u32,
    /// An earlier attempt may have arrived: the process that made it died, or could not tell.
    pub in_doubt: bool,
    /// How many parts of it have been delivered.
    pub part: u32,
    /// The message that it replies to, as the customer's channel calls it: [`quotes`] of the agent's deed.
    ///
    /// [`quotes`]: crate::channel::Message::quotes
    pub quotes: Option<String>,
}

/// What became of an attempt to send.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// It is sent.
    Sent {
        /// The platform's ids of the messages.
        messages: Vec<String>,
        /// What comes back into the conversation's inbox: the outcome of a call.
        answer: Option<Input>,
    },
    /// A part of it is sent, and the next is to follow at once. Attempts count anew, and of the next part there is no doubt.
    Part {
        /// Which part. If it is not the one that is awaited, the entry stays as it is: another worker has gone on with it.
        part: u32,
        /// The platform's ids of the messages.
        messages: Vec<String>,
    },
    /// It is tried again.
    Again {
        /// Not before.
        at: Timestamp,
        /// Why.
        reason: String,
        /// Whether it may have arrived.
        in_doubt: bool,
    },
    /// It failed for good.
    Failed {
        /// Why.
        reason: String,
        /// What comes back into the conversation's inbox: that it could not be delivered, or the failure of a call.
        answer: Option<Input>,
    },
}
