//! Limits and times of the gateway.
use std::time::Duration;

/// Limits and times: Discord's own, or shorter ones for a test.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Told in HELLO; a client that is silent for one and a half of it is closed with 4009.
    pub heartbeat_interval: Duration,
    /// How long a session can be resumed after its connection broke off.
    pub session_life: Duration,
    /// Events that a session keeps for its resumption; whoever lacks more must identify anew.
    pub buffer: usize,
    /// The time between the IDENTIFYs of shards with the same `shard_id % max_concurrency`; an earlier one gets opcode 9.
    pub identify_gap: Duration,
    /// See `identify_gap`.
    pub max_concurrency: u64,
    /// IDENTIFYs a day. One more, and the token is taken away.
    pub identifies_a_day: u32,
    /// Frames that a client may send in 60 s; with one more it is closed with 4008.
    pub sends_a_minute: usize,
    /// Bytes that a client's frame may have; a longer one is closed with 4002.
    pub payload: usize,
    /// After opcode 7 a client has that long to go by itself, then the connection breaks off.
    pub reconnect_grace: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            heartbeat_interval: Duration::from_millis(41_250),
            session_life: Duration::from_secs(180),
            buffer: 2_500,
            identify_gap: Duration::from_secs(5),
            max_concurrency: 1,
            identifies_a_day: 1_000,
            sends_a_minute: 120,
            payload: 4_096,
            reconnect_grace: Duration::from_secs(10),
        }
    }
}
