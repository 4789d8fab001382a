//! What a platform tells of its staff rooms.
use jiff::Timestamp;

use super::Place;

/// Something that happened in a staff room.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// Where.
    pub place: Place,
    /// The platform's id of this arrival: a second one changes nothing.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// The agent, as customers may see their name; `None`: somebody whose words are not for customers (a bot, a forward).
    pub agent: Option<String>,
    /// What.
    pub what: Spoken,
}

/// What somebody did there.
#[derive(Clone, Debug, PartialEq)]
pub enum Spoken {
    /// Wrote a text.
    Text {
        /// The message's id.
        message: String,
        /// The text.
        text: String,
        /// The message in the thread that it replies to.
        replies_to: Option<String>,
    },
    /// Sent files.
    Files {
        /// The message's id.
        message: String,
        /// The platform's own names of them.
        files: Vec<String>,
        /// What is written under them.
        text: String,
        /// The platform's name of the album that they are a part of.
        album: Option<String>,
        /// The message in the thread that it replies to.
        replies_to: Option<String>,
    },
    /// Changed a message.
    Edit {
        /// The message's id.
        message: String,
        /// Its text now.
        text: String,
    },
    /// Deleted a message. Who did it need not be known.
    Delete {
        /// The message's id.
        message: String,
    },
    /// Pressed a button of a [`super::Post`].
    Press {
        /// The button's data.
        data: String,
    },
    /// The bot itself made a thread: settles whether it was made when no answer came.
    Opened {
        /// The thread's title.
        title: String,
    },
    /// The room has another id now.
    Moved {
        /// The new id.
        room: String,
    },
    /// What the bot may do in the room has changed.
    Rights {
        /// What is missing, in words with what to do; empty: nothing.
        missing: Vec<String>,
    },
}
