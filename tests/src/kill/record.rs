//! What is known at the end of a run: all that the checks look at.
use std::collections::BTreeSet;

use bot_core::dialogue::{Event, Tracker};
use bot_runtime::store::{ConversationId, StoredEvent, StoredTicket};

use crate::standin::Ledger;

/// Who says what to a customer; nobody is the bot.
pub type Line<'a> = (Option<&'a str>, String);

/// What a customer sees of an event: a file as `[file]` with the words under it, a changed answer as it is now, one that was taken
/// back as `[deletion]`.
pub fn said(event: &Event) -> Option<Line<'_>> {
    match event {
        Event::Said { reply } => Some((None, reply.text.plain())),
        Event::AgentSaid { agent, text, .. } | Event::AgentEdited { agent, text, .. } => {
            Some((Some(agent), text.clone()))
        }
        Event::AgentDeleted { agent, before, .. } => Some((Some(agent), format!("[deletion] {before}"))),
        Event::AgentSent { agent, text, .. } => {
            Some((Some(agent), format!("[file] {text}").trim_end().to_owned()))
        }
        _ => None,
    }
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// What the platform has written down.
    pub ledger: Ledger,
    /// The processes that were killed.
    pub killed: BTreeSet<u32>,
    /// What the back end was asked for, in order.
    pub requests: Vec<Request>,
    /// What customers and agents should have seen, whatever the order.
    pub expected: Vec<Expected>,
    /// What the store has, at rest.
    pub conversations: Vec<Kept>,
    /// Whether each customer has a topic in which agents see and answer them.
    pub has_topics: bool,
    /// What stands there.
    pub topics: Vec<Topic>,
    /// Agents and customers came in by different programs, so that nothing is known of their order.
    pub agents_apart: bool,
    /// The platform itself tells a repetition: customers see none, whatever dies.
    pub tells_repetitions: bool,
}

/// A topic of a staff group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topic {
    /// Whose it is; `None`: no conversation knows it.
    pub peer: Option<String>,
    /// What it is called.
    pub title: String,
    /// What the bot posted there, in the order of arrival.
    pub posts: Vec<Post>,
}

/// What the bot posted in a topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Post {
    /// The text as it was posted first.
    pub text: String,
    /// The ticket of which it is the card.
    pub card: Option<u64>,
    /// The process that posted it.
    pub process: u32,
    /// The platform gave no answer.
    pub unanswered: bool,
}

/// A request to the back end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The action: `book`, `pay`, `look`.
    pub action: String,
    /// What for; no two calls have the same.
    pub tag: String,
    /// Its idempotency key.
    pub key: Option<String>,
}

/// A line that a customer should have seen exactly once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Who.
    pub peer: String,
    /// The text: one of these, and only one.
    pub one_of: Vec<String>,
}

/// A conversation as it is stored.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Which.
    pub id: ConversationId,
    /// The customer.
    pub peer: String,
    /// Where it stands.
    pub tracker: Tracker,
    /// All that happened.
    pub events: Vec<StoredEvent>,
    /// Its tickets, the first first.
    pub tickets: Vec<StoredTicket>,
    /// Its topic before agents.
    pub thread: Option<String>,
    /// What waits in inbox and outbox.
    pub unsettled: usize,
}
