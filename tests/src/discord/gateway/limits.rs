//! How often a client may do something: IDENTIFYs a day and in five seconds, frames in a minute.
use std::time::Duration;

use serde_json::{Value, json};

use super::state::State;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

/// A day's IDENTIFYs.
#[derive(Default)]
pub(super) struct Day {
    /// When the day began: with its first IDENTIFY.
    began: Option<Duration>,
    used: u32,
}

impl State {
    pub fn identifies_left(&self) -> u32 {
        self.settings.identifies_a_day.saturating_sub(self.used_today())
    }

    fn used_today(&self) -> u32 {
        if self.day_is_over() { 0 } else { self.day.used }
    }

    fn day_is_over(&self) -> bool {
        self.day.began.is_none_or(|began| self.clock.now() >= began + DAY)
    }

    pub fn session_start_limit(&self) -> Value {
        let began = self.day.began.filter(|_| !self.day_is_over());
        let reset_after =
            began.map_or(Duration::ZERO, |began| (began + DAY).saturating_sub(self.clock.now()));
        json!({
            "total": self.settings.identifies_a_day,
            "remaining": self.identifies_left(),
            "reset_after": u64::try_from(reset_after.as_millis()).unwrap_or(u64::MAX),
            "max_concurrency": self.settings.max_concurrency,
        })
    }

    /// Counts an IDENTIFY; false if there was none left.
    pub fn count_identify(&mut self) -> bool {
        if self.day_is_over() {
            self.day = Day { began: Some(self.clock.now()), used: 0 };
        }
        let is_left = self.identifies_left() > 0;
        self.day.used += 1;
        self.identifies += 1;
        is_left
    }

    /// Whether a shard may identify by now; if so, that is noted.
    pub fn may_identify(&mut self, shard: u64) -> bool {
        let (now, key) = (self.clock.now(), shard % self.settings.max_concurrency.max(1));
        let last = self.identified_at.get(&key);
        let may = last.is_none_or(|at| now >= *at + self.settings.identify_gap);
        if may {
            self.identified_at.insert(key, now);
        }
        may
    }

    /// Counts a frame of a client; false if it is one too many.
    pub fn count_send(&mut self, connection: u64) -> bool {
        let (now, most) = (self.clock.now(), self.settings.sends_a_minute);
        let Some(connection) = self.connections.get_mut(&connection) else { return true };
        connection.sends.push_back(now);
        while connection.sends.front().is_some_and(|at| *at + MINUTE <= now) {
            connection.sends.pop_front();
        }
        connection.sends.len() <= most
    }
}
