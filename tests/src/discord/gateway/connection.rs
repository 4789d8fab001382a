//! A connection as the state knows it: what was sent on it, and how to reach the task that has the socket.
use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use super::codes::Code;
use super::record::Side;

/// What the socket's task is told to do.
#[derive(Debug)]
pub(super) enum Out {
    Text(Side, String),
    Close(Code),
    /// Break off without a close frame.
    Cut,
    /// Break off with a TCP reset.
    Reset,
}

pub(super) struct Connection {
    pub out: UnboundedSender<Out>,
    /// `ws://…/gateway/resume`, as it can be reached from where the client is.
    pub resume_url: String,
    pub session: Option<String>,
    /// When the client sent something, within the last minute.
    pub sends: VecDeque<Duration>,
    /// When it sent its last heartbeat, or opened the connection, by the real clock.
    pub heartbeat_at: Duration,
    /// As it was told in HELLO.
    pub interval: Duration,
    /// Heartbeats are not acknowledged.
    pub is_silent: bool,
    /// Nothing is sent any more.
    pub is_zombie: bool,
    /// When it is dropped, after opcode 7.
    pub until: Option<Duration>,
}

impl Connection {
    pub fn new(
        out: UnboundedSender<Out>,
        resume_url: String,
        now: Duration,
        interval: Duration,
    ) -> Connection {
        Connection {
            out,
            resume_url,
            session: None,
            sends: VecDeque::new(),
            heartbeat_at: now,
            interval,
            is_silent: false,
            is_zombie: false,
            until: None,
        }
    }

    /// Whether its heartbeat is overdue.
    pub fn is_overdue(&self, now: Duration) -> bool {
        now > self.heartbeat_at + self.interval * 3 / 2
    }

    pub fn tell(&self, out: Out) {
        // A task that has ended has nobody to tell.
        let _ = self.out.send(out);
    }
}
