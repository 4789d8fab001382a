//! The stand-in's time: the machine's, plus what a test lets pass.
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A clock that can be put forward.
pub struct Clock {
    started: Instant,
    ahead: Duration,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::new()
    }
}

impl Clock {
    /// It starts now.
    pub fn new() -> Clock {
        Clock { started: Instant::now(), ahead: Duration::ZERO }
    }

    /// Since the start, with what has been skipped.
    pub fn now(&self) -> Duration {
        self.started.elapsed() + self.ahead
    }

    /// Unix time in milliseconds.
    pub fn millis(&self) -> i64 {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (unix + self.ahead).as_millis() as i64
    }

    /// Unix time in seconds.
    pub fn date(&self) -> i64 {
        self.millis() / 1000
    }

    /// So much time passes at once.
    pub fn skip(&mut self, time: Duration) {
        self.ahead += time;
    }
}
