//! The gateway's time: the machine's, and what a test puts it forward by.
use std::time::{Duration, Instant};

pub(super) struct Clock {
    began: Instant,
    skipped: Duration,
}

impl Clock {
    pub fn new() -> Clock {
        Clock { began: Instant::now(), skipped: Duration::ZERO }
    }

    /// Since the gateway was started.
    pub fn now(&self) -> Duration {
        self.began.elapsed() + self.skipped
    }

    /// The same by the machine's clock alone: a client that is connected knows of no other.
    pub fn real(&self) -> Duration {
        self.began.elapsed()
    }

    pub fn skip(&mut self, time: Duration) {
        self.skipped += time;
    }
}
