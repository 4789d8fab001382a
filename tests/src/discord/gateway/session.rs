//! A session: its numbered events, and those that it may know of.
use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};

use super::events::Event;
use super::intents::{self, MESSAGE_CONTENT};
use super::record::Side;

/// Servers of a shard are told from their ids.
const SHARD_SHIFT: u64 = 22;

pub(super) struct Session {
    pub id: String,
    pub intents: u64,
    /// Which one, of how many.
    pub shard: (u64, u64),
    /// The bot's id.
    pub bot: String,
    /// Of the last event.
    pub sequence: u64,
    /// The last events, for a resumption.
    buffer: VecDeque<Numbered>,
    /// The connection that it is on.
    pub connection: Option<u64>,
    /// Since when it is on none.
    pub left_at: Option<Duration>,
    /// While READY is being written, what happens meanwhile.
    pub waiting: Option<Vec<Event>>,
}

/// An event as it goes over the wire.
#[derive(Clone)]
pub(super) struct Numbered {
    pub sequence: u64,
    pub side: Side,
    pub text: String,
}

impl Session {
    pub fn new(id: String, intents: u64, shard: (u64, u64), bot: String, connection: u64) -> Session {
        Session {
            id,
            intents,
            shard,
            bot,
            sequence: 0,
            buffer: VecDeque::new(),
            connection: Some(connection),
            left_at: None,
            waiting: Some(Vec::new()),
        }
    }

    /// Whether it is told of an event.
    pub fn knows_of(&self, event: &Event) -> bool {
        (event.needs == 0 || self.intents & event.needs != 0) && self.is_of_shard(event)
    }

    /// Servers are spread over the shards; whatever is of none is the first one's.
    fn is_of_shard(&self, event: &Event) -> bool {
        let of_guild =
            event.data.get("guild_id").or_else(|| event.data.get("id").filter(|_| event.is_of_guild()));
        let guild = of_guild.and_then(Value::as_str).and_then(|id| id.parse().ok());
        self.has_guild(guild.filter(|_| !event.is_direct))
    }

    /// Whether a server's events, or those of no server, are told to its shard.
    pub fn has_guild(&self, guild: Option<u64>) -> bool {
        let (shard, count) = self.shard;
        guild.map_or(0, |id| (id >> SHARD_SHIFT) % count.max(1)) == shard
    }

    /// Numbers an event, as this session may see it, and keeps it for a resumption.
    pub fn number(&mut self, event: &Event, buffer: usize) -> Numbered {
        self.sequence += 1;
        let data = if event.is_direct || self.intents & MESSAGE_CONTENT != 0 {
            event.data.clone()
        } else {
            intents::blanked(&event.name, &event.data, &self.bot)
        };
        let text = json!({"t": event.name, "s": self.sequence, "op": 0, "d": data}).to_string();
        let numbered = Numbered { sequence: self.sequence, side: event.side, text };
        self.buffer.push_back(numbered.clone());
        while self.buffer.len() > buffer {
            self.buffer.pop_front();
        }
        numbered
    }

    /// What came after that number; none if some of it isn't kept any more.
    pub fn since(&self, sequence: u64) -> Option<Vec<Numbered>> {
        let missed: Vec<_> = self.buffer.iter().filter(|event| event.sequence > sequence).cloned().collect();
        let wanted = self.sequence.checked_sub(sequence)?;
        (missed.len() as u64 == wanted).then_some(missed)
    }
}
