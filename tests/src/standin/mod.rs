//! A stand-in for a platform: a channel of the program, and at its other end a platform in the test, with a ledger.
//!
//! [`channel::KIND`] is built into `bot-under-test`; `bot-under-test serve` with `STANDIN_ADDR=host:port` in its environment talks
//! to [`Platform`]. The platform is as strict as the real ones: a message is sent again, in order, at every new connection until
//! the bot has confirmed it; each delivery that arrives is written down, also one that arrives twice. Neither side is Telegram
//! or Discord: what those do stands in stand-ins of their own.
//!
//! What customers write and what agents do comes through the same door. Several programs may be connected at the same time:
//! each gets everything, or with `STANDIN_PART` only its part.
//!
//! One JSON object a line. The bot connects, and its first line says what for:
//!
//! ```text
//! bot ─► {"receive":"all"}                            platform ─► {"key":"m1","peer":"ann","body":{…}} …
//!        {"key":"m1"}            it is stored
//!
//! bot ─► {"deliver":{"key":…,"peer":…,"text":…}}      platform ─► "accepted", "busy" or "blocked"; or it hangs up
//! ```
pub mod channel;
mod platform;

use bot_core::dialogue::Input;
use bot_runtime::channel::Body;
use serde::{Deserialize, Serialize};

pub use platform::{Fault, Ledger, Platform};

/// The first line of a connection.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Request {
    Receive(Part),
    Deliver(Delivered),
}

/// What a connected program is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Everything.
    #[default]
    All,
    /// What customers write.
    Customers,
    /// What agents do.
    Agents,
}

impl Part {
    /// Its word in `STANDIN_PART`.
    pub fn word(self) -> &'static str {
        match self {
            Part::All => "all",
            Part::Customers => "customers",
            Part::Agents => "agents",
        }
    }

    fn has(self, written: &Written) -> bool {
        match self {
            Part::All => true,
            Part::Customers => !written.is_agents(),
            Part::Agents => written.is_agents(),
        }
    }
}

/// What a customer wrote, or an agent did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// The platform's id of the message: `m1`, `m2` …
    pub key: String,
    /// In whose conversation.
    pub peer: String,
    /// How the platform calls them; `None`: as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What.
    pub body: Body,
}

impl Written {
    /// Whether an agent did it.
    pub fn is_agents(&self) -> bool {
        matches!(self.body, Body::Input { input: Input::Agent { .. }, .. })
    }
}

/// The bot has stored a message.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    key: String,
}

/// What the bot delivered: a line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// The bot's key of the delivery; two lines with the same key are one delivery that arrived twice.
    pub key: String,
    /// To whom.
    pub peer: String,
    /// The agent who answers; `None`: the bot.
    pub agent: Option<String>,
    /// What, as plain text.
    pub text: String,
    /// The labels of the buttons.
    pub buttons: Vec<String>,
    /// What to send when one of them is pressed.
    pub presses: Vec<String>,
    /// Whether the bot knew that it may have arrived before.
    pub again: bool,
    /// The process that delivered.
    pub process: u32,
}

/// What the platform says to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Accepted,
    Busy,
    Blocked,
}
