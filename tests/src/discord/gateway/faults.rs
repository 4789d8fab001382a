//! What can go wrong with a socket, when it is ordered.

/// A fault. Those of a connection meet all that have a session; those of an event meet the next one that is emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketFault {
    /// The connection ends without a close frame.
    Drop,
    /// The connection is reset (TCP RST).
    Reset,
    /// Opcode 7; whoever doesn't go is dropped after a while.
    Reconnect,
    /// Opcode 9. The session is gone, unless it is resumable.
    InvalidSession { resumable: bool },
    /// Heartbeats are not acknowledged any more on this connection; events go on.
    SilentHeartbeats,
    /// Nothing arrives any more on this connection, neither acknowledgements nor events: the session keeps them.
    Zombie,
    /// The gateway closes with that code.
    Close(u16),
    /// The next event comes a second time, under a number of its own.
    Double,
    /// The next event comes a second time, under the same number.
    DoubleSame,
    /// The next two events come in the wrong order.
    Reorder,
    /// An event of a known name whose data are not as described.
    Unparseable,
    /// An event of a name that nobody knows.
    Unknown,
    /// A frame that is no JSON.
    NotJson,
}

impl SocketFault {
    /// Whether it waits for the next event.
    pub(super) fn is_of_event(self) -> bool {
        matches!(self, SocketFault::Double | SocketFault::DoubleSame | SocketFault::Reorder)
    }
}
