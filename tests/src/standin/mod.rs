//! A stand-in for a platform: a channel of the program, and at its other end a platform in the test, with a ledger.
//!
//! [`channel::KIND`] is built into `bot-under-test`; `bot-under-test serve` with `STANDIN_ADDR=host:port` in its environment talks
//! to [`Platform`]. The platform is as strict as the real ones: a message is sent again, in order, at every new connection until
//! the bot has confirmed it; each delivery that arrives is written down, also one that arrives twice. Neither side is Telegram
//! or Discord: what those do stands in stand-ins of their own.
//!
//! One JSON object a line. The bot connects, and its first line says what for:
//!
//! ```text
//! bot ─► "receive"                                    platform ─► {"key":"m1","peer":"ann","text":"hi"} …
//!        {"key":"m1"}            it is stored
//!
//! bot ─► {"deliver": {"key":…,"peer":…,"text":…}}     platform ─► "accepted", "busy" or "blocked"; or it hangs up
//! ```
pub mod channel;
mod platform;

use serde::{Deserialize, Serialize};

pub use platform::{Fault, Platform};

/// The first line of a connection.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Request {
    Receive,
    Deliver(Delivered),
}

/// What a customer wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The platform's id of the message: `m1`, `m2` …
    pub key: String,
    /// Who wrote it.
    pub peer: String,
    /// What.
    pub text: String,
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
    /// Whether the bot knew that it may have arrived before.
    pub again: bool,
}

/// What the platform says to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Accepted,
    Busy,
    Blocked,
}
