//! What a platform with threads must be able to do.
use std::time::Duration;

use crate::channel::SendError;
use crate::store::Fate;

/// A place in a room: a thread of it, or the room itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The room: a group's or a channel's id.
    pub room: String,
    /// The thread; `None`: the room itself, which all agents see.
    pub thread: Option<String>,
}

/// What is posted. Nothing in it formats, mentions or links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Post {
    /// The text, at most [`Threads::longest`] long.
    pub text: String,
    /// What agents may press.
    pub buttons: Vec<Button>,
    /// The message in the same thread that it replies to.
    pub replies_to: Option<String>,
    /// Nobody is notified.
    pub silent: bool,
    /// What is posted with the same key, text and buttons in the same thread is the same post, tried again: a platform that can tell
    /// by it that it stands there already posts it once. At most 64 ASCII characters.
    pub key: Option<String>,
}

/// A button for agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What comes back as [`super::Spoken::Press`]; at most 60 ASCII characters.
    pub data: String,
    /// What stands on it.
    pub label: String,
}

/// What went wrong in a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThreadError {
    /// As with any message.
    Send(SendError),
    /// The thread is not there any more: somebody has deleted it.
    ThreadGone,
    /// The message is not there any more.
    MessageGone,
    /// The room has another id now.
    Moved(String),
    /// The room bears no more open threads: an old one is archived first.
    TooMany,
    /// The bot may not do this in the room until somebody mends it; in words for agents and operators, with what to do.
    Forbidden(String),
}

impl From<SendError> for ThreadError {
    fn from(error: SendError) -> ThreadError {
        ThreadError::Send(error)
    }
}

/// A platform on which agents have a thread for each customer. Every implementation passes [`super::contract::check`].
pub trait Threads: Send + Sync + 'static {
    /// Its name: `telegram`, `discord`.
    fn name(&self) -> &str;

    /// How many characters, by [`Threads::measure`], a post may have.
    fn longest(&self) -> usize;

    /// How long a text is, as the platform counts.
    fn measure(&self, text: &str) -> usize {
        text.chars().count()
    }

    /// How many posts, changes and new threads a room bears in which time.
    fn budget(&self) -> (u32, Duration);

    /// Makes a thread; returns its id.
    fn open(&self, room: &str, title: &str) -> impl Future<Output = Result<String, ThreadError>> + Send;

    /// Gives a thread another title. `SendError::Wait` is about the title alone, and leaves the room as it is.
    fn rename(&self, at: &Place, title: &str) -> impl Future<Output = Result<(), ThreadError>> + Send;

    /// Deletes a thread with all that stands in it.
    fn erase(&self, at: &Place) -> impl Future<Output = Result<(), ThreadError>> + Send;

    /// Whether threads are put away when their ticket is closed ([`Threads::archive`]).
    fn archives(&self) -> bool {
        false
    }

    /// Puts a thread away; what is posted there next brings it back. One that is put away already has succeeded.
    fn archive(&self, _at: &Place) -> impl Future<Output = Result<(), ThreadError>> + Send {
        std::future::ready(Ok(()))
    }

    /// The threads of a room that are not put away, the one that is longest without a post first: looked at when there are
    /// [too many](ThreadError::TooMany).
    fn unarchived(&self, _room: &str) -> impl Future<Output = Result<Vec<String>, ThreadError>> + Send {
        std::future::ready(Ok(Vec::new()))
    }

    /// Whether the platform lets the bot read what agents write. If not, they are told to answer by `/reply`.
    fn reads(&self) -> bool {
        true
    }

    /// Posts; returns the message's id. Where the platform puts it elsewhere than asked, that is [`ThreadError::ThreadGone`],
    /// and the misplaced message is taken back.
    fn post(&self, at: &Place, post: &Post) -> impl Future<Output = Result<String, ThreadError>> + Send;

    /// Changes what was posted.
    fn change(
        &self,
        at: &Place,
        message: &str,
        post: &Post,
    ) -> impl Future<Output = Result<(), ThreadError>> + Send;

    /// Shows files of a customer, by the names that their channel has for them; returns the messages' ids. Files of a channel
    /// that this platform can't reach are `SendError::Final`.
    fn copy(
        &self,
        at: &Place,
        files: &[String],
        replies_to: Option<&str>,
    ) -> impl Future<Output = Result<Vec<String>, ThreadError>> + Send;

    /// Shows on an agent's message what became of it for the customer.
    fn mark(
        &self,
        at: &Place,
        message: &str,
        fate: Fate,
    ) -> impl Future<Output = Result<(), ThreadError>> + Send;
}
