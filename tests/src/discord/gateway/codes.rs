//! The codes with which the gateway closes, and what it says with each.

/// A close code: Discord's own, or one of the websocket's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(pub u16);

impl Code {
    pub const UNKNOWN_ERROR: Code = Code(4000);
    pub const UNKNOWN_OPCODE: Code = Code(4001);
    pub const DECODE_ERROR: Code = Code(4002);
    pub const NOT_AUTHENTICATED: Code = Code(4003);
    pub const AUTHENTICATION_FAILED: Code = Code(4004);
    pub const ALREADY_AUTHENTICATED: Code = Code(4005);
    pub const INVALID_SEQUENCE: Code = Code(4007);
    pub const RATE_LIMITED: Code = Code(4008);
    pub const SESSION_TIMED_OUT: Code = Code(4009);
    pub const INVALID_SHARD: Code = Code(4010);
    pub const SHARDING_REQUIRED: Code = Code(4011);
    pub const INVALID_VERSION: Code = Code(4012);
    pub const INVALID_INTENTS: Code = Code(4013);
    pub const DISALLOWED_INTENTS: Code = Code(4014);

    /// The text in the close frame.
    pub fn reason(self) -> &'static str {
        match self.0 {
            4000 => "Unknown error.",
            4001 => "Unknown opcode.",
            4002 => "Error while decoding payload.",
            4003 => "Not authenticated.",
            4004 => "Authentication failed.",
            4005 => "Already authenticated.",
            4007 => "Invalid seq.",
            4008 => "Rate limited.",
            4009 => "Session timed out.",
            4010 => "Invalid shard.",
            4011 => "Sharding required.",
            4012 => "Invalid API version.",
            4013 => "Invalid intent(s).",
            4014 => "Disallowed intent(s).",
            _ => "",
        }
    }

    /// Whether the session is gone when the gateway closes with it; with any other it can be resumed.
    pub(super) fn ends_session(self) -> bool {
        matches!(self.0, 4004 | 4007 | 4009..=4014)
    }
}
