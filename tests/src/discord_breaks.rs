//! How the connection to Discord breaks, in each way in which it can, or the program is gone for a while; and what people write
//! meanwhile.
//!
//! What comes of it is asserted for our program in `tests/discord_sockets.rs`, and counted by `discord-load --breaks`, also for a bot
//! that promises nothing.
use std::time::Duration;

use crate::discord::{Discord, SocketFault};

/// What happens to the connection.
#[derive(Clone, Copy, Debug)]
pub enum Break {
    /// To the socket.
    Socket(SocketFault),
    /// Discord can't be reached for a while.
    Down,
    /// The program is killed, and started again after so many seconds; Discord has forgotten its session, or not.
    Restart {
        /// By the stand-in's clock.
        seconds: u64,
        /// Whether it can't be resumed.
        forgotten: bool,
    },
}

/// What brings back what came meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The gateway, which tells the session what it has missed.
    Resume,
    /// Requests for what was written.
    Rest,
}

/// Each way, and what a bot can do about it.
pub const BREAKS: &[(Break, By)] = &[
    (Break::Socket(SocketFault::Drop), By::Resume),
    (Break::Socket(SocketFault::Reset), By::Resume),
    (Break::Socket(SocketFault::Reconnect), By::Resume),
    (Break::Socket(SocketFault::InvalidSession { resumable: true }), By::Resume),
    (Break::Socket(SocketFault::InvalidSession { resumable: false }), By::Rest),
    (Break::Socket(SocketFault::SilentHeartbeats), By::Resume),
    (Break::Socket(SocketFault::Zombie), By::Resume),
    (Break::Socket(SocketFault::Close(4000)), By::Resume),
    (Break::Socket(SocketFault::Close(4008)), By::Resume),
    (Break::Socket(SocketFault::Close(4007)), By::Rest),
    (Break::Socket(SocketFault::Close(4009)), By::Rest),
    (Break::Down, By::Resume),
    (Break::Restart { seconds: 5, forgotten: false }, By::Resume),
    (Break::Restart { seconds: 120, forgotten: false }, By::Resume),
    (Break::Restart { seconds: 120, forgotten: true }, By::Rest),
];

/// Those at both ends: people who write, and the program.
pub trait Ends {
    /// What people have said.
    type Said;
    /// Where they are.
    fn discord(&self) -> &Discord;
    /// People write.
    fn say(&mut self) -> Self::Said;
    /// The program is killed.
    fn dies(&mut self);
    /// It is started again.
    fn starts(&mut self);
    /// Waits until something is so; not for ever.
    fn waits(&self, what: &str, is_so: &dyn Fn(&Discord) -> bool);
}

impl Break {
    /// The connection breaks, and people write before it is there again.
    pub fn happens<E: Ends>(self, ends: &mut E) -> E::Said {
        let hub = ends.discord().gateway().clone();
        let open = hub.connections().len();
        let over = |discord: &Discord| {
            let connections = discord.gateway().connections();
            connections.len() > open || connections.last().is_some_and(|last| last.ended.is_some())
        };
        match self {
            Break::Socket(fault) => {
                ends.discord().socket(fault);
                let said = ends.say();
                ends.waits("the connection has ended", &over);
                said
            }
            Break::Down => {
                hub.goes_down();
                let said = ends.say();
                hub.comes_up();
                said
            }
            Break::Restart { seconds, forgotten } => {
                ends.dies();
                ends.waits("the connection has ended", &over);
                let said = ends.say();
                ends.discord().passes(Duration::from_secs(seconds));
                if forgotten {
                    hub.expire_sessions();
                }
                ends.starts();
                said
            }
        }
    }
}
