//! When and with what a person takes over, and who owns the conversation.
mod hours;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::catalog::Priority;
use crate::text::Language;

pub use hours::Opening;

/// Who answers the customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// The bot.
    #[default]
    Bot,
    /// Nobody yet: the customer waits for a person, the bot is quiet.
    Waiting,
    /// A person, the bot is quiet.
    Person,
    /// Nobody: a person has closed the conversation; the next message opens it again for the bot.
    Closed,
}

/// What an agent gets with a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number, once it is opened.
    #[serde(default)]
    pub number: Option<u64>,
    /// The number of the conversation's ticket before this one, if there was one.
    #[serde(default)]
    pub earlier: Option<u64>,
    /// How the customer is called, if that is known.
    #[serde(default)]
    pub customer: Option<String>,
    /// The channel they write on: `terminal`, `telegram`, `discord`.
    #[serde(default)]
    pub channel: Option<String>,
    /// The language the bot spoke with them.
    #[serde(default)]
    pub language: Option<Language>,
    /// The team.
    pub team: String,
    /// Why a person was called: an author's words, or the engine's.
    pub reason: String,
    /// How urgent.
    pub priority: Priority,
    /// The topic the conversation was at, if any: the intent's name.
    pub intent: Option<String>,
    /// The confidence of the last understood message.
    pub confidence: Option<f64>,
    /// What is known: slot and value in words, sensitive ones masked.
    pub slots: Vec<(String, String)>,
    /// The last turns, sensitive values masked.
    pub transcript: Vec<Line>,
    /// When it was opened.
    pub opened: Timestamp,
}

/// What a person of a team does in a conversation. The words are the same on every desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum AgentAct {
    /// Takes the conversation over.
    Claim,
    /// Answers the customer; whoever types first has claimed the conversation.
    Say {
        /// The answer, as typed.
        text: String,
    },
    /// Sends the customer files; it claims as an answer does.
    Send {
        /// The desk's own names of them.
        files: Vec<String>,
        /// What is written under them; empty: nothing.
        text: String,
        /// The platform's name of the album that they are a part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        album: Option<String>,
    },
    /// Changes an answer that was given.
    Edit {
        /// The customer's channel's id of the message.
        message: String,
        /// The answer as it was.
        before: String,
        /// The answer as it is now.
        text: String,
    },
    /// Takes an answer back.
    Delete {
        /// The customer's channel's ids of its messages.
        messages: Vec<String>,
        /// The answer as it was.
        before: String,
    },
    /// Writes something down that the customer never sees.
    Note {
        /// The note.
        text: String,
    },
    /// Gives the conversation back to the bot, which goes on where it stopped.
    Back,
    /// Ends the conversation; the next message opens it again for the bot.
    Close,
}

/// A line of a transcript.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Who.
    pub speaker: Speaker,
    /// What, as plain text.
    pub text: String,
}

/// Who said a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The customer.
    Customer,
    /// The bot.
    Bot,
    /// A person of a team.
    Agent,
}
