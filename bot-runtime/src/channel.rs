//! What a platform must be able to do: deliver what is said to a customer.
//!
//! What it is not: a channel has no state and no rule of its own. Receiving is the platform's loop: it makes an [`Inbound`]
//! of each message and hands it to the runtime, which has stored it when it returns; then the platform is told.
use std::time::Duration;

use bot_core::dialogue::{Customer, Input};
use bot_core::reply::{Reply, Run};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::files::File;

/// Where a conversation is held: a channel, and who is at its other end.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// The channel's name: `terminal`, `telegram`, `discord`.
    pub channel: String,
    /// The platform's name of the other end, such as a chat's id.
    pub peer: String,
}

/// What came in from a platform, or from an agent at a desk.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// From where.
    pub address: Address,
    /// The platform's id of this arrival, unique within the channel: a second arrival changes nothing.
    pub key: String,
    /// When it was written.
    pub at: Timestamp,
    /// What is known of the customer; `None`: nothing new.
    pub customer: Option<Customer>,
    /// What it is.
    pub body: Body,
}

/// What an arrival is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "body", rename_all = "snake_case")]
pub enum Body {
    /// A message, a press, what an agent did: an input as it is.
    Input {
        /// The input.
        input: Input,
        /// The message that it is, if the platform can tell.
        message: Option<Message>,
    },
    /// A message that came before was changed.
    Edit {
        /// The platform's id of that message.
        message: String,
        /// Its text now.
        text: String,
    },
    /// A message that came before was taken back.
    Delete {
        /// The platform's id of that message.
        message: String,
    },
}

/// A message on a platform: where the customer is, or on an agent's desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The platform's id of it, by which it is edited, deleted and quoted.
    pub id: String,
    /// The desk that it was written at; `None`: the customer's channel.
    pub desk: Option<String>,
    /// The message that it replies to, as the *customer's* channel calls it.
    pub quotes: Option<String>,
}

impl<T: Into<String>> From<T> for Message {
    /// A message of the customer that replies to none.
    fn from(id: T) -> Message {
        Message { id: id.into(), desk: None, quotes: None }
    }
}

/// Something to deliver to a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// To whom.
    pub address: Address,
    /// What.
    pub what: Outgoing,
    /// Identifies this delivery for ever, at most 25 ASCII characters: for platforms that can tell a repetition.
    pub key: String,
    /// An earlier attempt may have arrived: a platform that can tell must make sure that it does not appear twice.
    pub again: bool,
    /// Which part of it, from 0, of what is too long for one message: those before it have been delivered.
    pub part: u32,
    /// The message that it replies to, as the channel calls it.
    pub quotes: Option<String>,
}

/// A delivery that has succeeded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// The platform's ids of the messages that were made.
    pub messages: Vec<String>,
    /// There are parts after this one: it is called again for the next.
    pub more: bool,
}

/// What a customer sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Outgoing {
    /// The bot's reply.
    Bot {
        /// The reply.
        reply: Reply,
    },
    /// An agent's answer.
    Agent {
        /// The agent's name.
        agent: String,
        /// The answer, literally: nothing in it formats, mentions or links.
        text: String,
    },
    /// Files that an agent sends.
    Files {
        /// The agent's name.
        agent: String,
        /// The desk's own names of them; bytes of another platform's are in [`crate::files::Files`].
        files: Vec<String>,
        /// What is written under them, literally; empty: nothing.
        text: String,
    },
    /// An answer that an agent has changed.
    Edit {
        /// The agent's name.
        agent: String,
        /// The channel's id of the message that is changed.
        message: String,
        /// The answer as it is now, literally.
        text: String,
    },
    /// An answer that an agent has taken back: the message is deleted. One that is not there any more counts as deleted; a
    /// channel that can't delete says so with [`SendError::Final`], and the agent is told.
    Delete {
        /// The agent's name.
        agent: String,
        /// The channel's id of the message that is deleted.
        message: String,
        /// The answer as it was, to name it if it can't be deleted.
        text: String,
    },
}

impl Outgoing {
    /// The agent it comes from; `None`: the bot.
    pub fn agent(&self) -> Option<&str> {
        match self {
            Outgoing::Bot { .. } => None,
            Outgoing::Agent { agent, .. }
            | Outgoing::Files { agent, .. }
            | Outgoing::Edit { agent, .. }
            | Outgoing::Delete { agent, .. } => Some(agent),
        }
    }

    /// What is said, in styled pieces: an agent's words literally, behind their name. Links that the channel can't show are written
    /// out.
    pub fn runs(&self, is_shown: impl Fn(&str) -> bool) -> Vec<Run> {
        let (agent, text) = match self {
            Outgoing::Bot { reply } => return written_out(reply.text.runs(), is_shown),
            Outgoing::Agent { agent, text }
            | Outgoing::Files { agent, text, .. }
            | Outgoing::Edit { agent, text, .. }
            | Outgoing::Delete { agent, text, .. } => (agent, text),
        };
        let name = Run { text: format!("{agent}:"), bold: true, ..Run::default() };
        vec![name, Run { text: format!(" {text}"), ..Run::default() }]
    }

    /// What is said, without styles; a file as `[file]`, a deletion as `[deletion]`.
    pub fn plain(&self) -> String {
        match self {
            Outgoing::Bot { reply } => reply.text.plain(),
            Outgoing::Agent { text, .. } | Outgoing::Edit { text, .. } => text.clone(),
            Outgoing::Files { text, .. } => format!("[file] {text}").trim_end().to_owned(),
            Outgoing::Delete { text, .. } => format!("[deletion] {text}").trim_end().to_owned(),
        }
    }
}

fn written_out(mut runs: Vec<Run>, is_shown: impl Fn(&str) -> bool) -> Vec<Run> {
    for run in &mut runs {
        if let Some(address) = run.link.take_if(|address| !is_shown(address)) {
            let address = address.trim_start_matches("mailto:").trim_start_matches("tel:");
            if address != run.text {
                run.text += &format!(" ({address})");
            }
        }
    }
    runs
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// It was not delivered, and may be tried again: no connection, a server that is busy.
    Retry(String),
    /// It was not delivered: the platform wants this peer (`all`: everybody) to be left alone for a while.
    Wait {
        /// How long.
        pause: Duration,
        /// Whether for all peers of the channel.
        all: bool,
    },
    /// It can't be known whether it was delivered: a time-out, a reset after writing.
    Doubt(String),
    /// It can't be delivered, and never will: blocked, gone, too large. The reason is for agents.
    Final(String),
}

/// How fast a platform may be written to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Deliveries a second, all peers together.
    pub per_second: f64,
    /// At least this long between two deliveries to one peer.
    pub per_peer: Duration,
    /// How many deliveries may be on their way at the same time.
    pub at_once: usize,
}

impl Default for Pace {
    /// As fast as it goes, eight at once.
    fn default() -> Pace {
        Pace { per_second: f64::INFINITY, per_peer: Duration::ZERO, at_once: 8 }
    }
}

/// A platform's side that delivers.
pub trait Channel: Send + Sync + 'static {
    /// Its name, the same as in [`Address::channel`].
    fn name(&self) -> &str;

    /// Delivers one part.
    ///
    /// # Errors
    /// What became of it, for all that is no success.
    fn deliver(&self, delivery: &Delivery) -> impl Future<Output = Result<Delivered, SendError>> + Send;

    /// Shows the customer that something is under way that takes long; called every few seconds while it lasts. Nothing
    /// depends on whether it works.
    fn busy(&self, _address: &Address) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Whether a file's name is one that this channel gives, told by its form.
    fn owns(&self, _file: &str) -> bool {
        false
    }

    /// Fetches a file of its own, so that another platform can show it. What is too large to be kept in memory is refused.
    ///
    /// # Errors
    /// Why it can't be had; reasons of [`SendError::Final`] are for agents.
    fn fetch(&self, _file: &str) -> impl Future<Output = Result<File, SendError>> + Send {
        std::future::ready(Err(SendError::Final("files of this channel can't be shown elsewhere".to_owned())))
    }

    /// How fast it may be written to.
    fn pace(&self) -> Pace {
        Pace::default()
    }

    /// How long to wait for the rest of what a customer writes in pieces; zero: answer each message by itself.
    fn burst_window(&self) -> Duration {
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use bot_core::reply::Markup;

    use super::*;

    fn shown(what: &Outgoing) -> String {
        let show = |run: Run| match (run.bold, run.link) {
            (true, _) => format!("<b>{}</b>", run.text),
            (_, Some(link)) => format!("<{}>{}</>", link, run.text),
            _ => run.text,
        };
        what.runs(|address| address.starts_with("https:")).into_iter().map(show).collect()
    }

    #[test]
    fn an_agent_s_words_are_literal_behind_their_name() {
        let (agent, text) = ("E*v*e".to_owned(), "**no** [x](https://y)".to_owned());
        let said = Outgoing::Agent { agent, text };
        assert_eq!(shown(&said), "<b>E*v*e:</b> **no** [x](https://y)");
    }

    #[test]
    fn links_that_can_t_be_shown_are_written_out() {
        for (text, want) in [
            ("see [here](https://a.b)", "see <https://a.b>here</>"),
            ("[write](mailto:a@b.c) or [call](tel:+123)", "write (a@b.c) or call (+123)"),
            ("[a@b.c](mailto:a@b.c)", "a@b.c"),
        ] {
            let reply = Reply { text: Markup(text.to_owned()), buttons: Vec::new() };
            assert_eq!(shown(&Outgoing::Bot { reply }), want);
        }
    }
}
