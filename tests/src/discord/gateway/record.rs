//! What tests can look at afterwards: frames and connections.
use std::time::Duration;

use serde_json::Value;

/// Who sent a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The bot.
    Bot,
    /// The gateway.
    Gateway,
    /// The gateway, because it was ordered to send what Discord wouldn't.
    Fault,
}

/// A frame that was sent or received.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The number of its connection, from 1.
    pub connection: u64,
    pub side: Side,
    /// As it was before it was compressed. The token is not in it.
    pub text: String,
    /// Since the gateway was started, by its clock.
    pub at: Duration,
}

impl Frame {
    /// Its JSON, or null where it is none.
    pub fn payload(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

/// A connection that there was.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its number, from 1.
    pub number: u64,
    /// Where it was opened: `/gateway`, or `/gateway/resume`.
    pub path: String,
    /// With what: `v=10&encoding=json`.
    pub query: String,
    /// How it ended.
    pub ended: Option<Ended>,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The bot closed it, with that code if it said one.
    ByBot(Option<u16>),
    /// The gateway closed it, with that code.
    ByGateway(u16),
    /// It broke off: the bot's process died or cut it.
    Lost,
    /// It broke off because that was ordered.
    Cut,
}
