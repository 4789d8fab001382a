//! Where the time comes from: the system, or a test.
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned};

/// A clock. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system's, in the system's time zone.
    #[default]
    System,
    /// One that only moves when it is told to.
    Manual(Arc<Mutex<Zoned>>),
}

impl Clock {
    /// A clock that stands at that time.
    pub fn manual(at: Zoned) -> Clock {
        Clock::Manual(Arc::new(Mutex::new(at)))
    }

    /// The time now.
    pub fn now(&self) -> Zoned {
        match self {
            Clock::System => Zoned::now(),
            Clock::Manual(at) => at.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// The same as a point in time.
    pub fn timestamp(&self) -> Timestamp {
        self.now().timestamp()
    }

    /// How often to look at it, in real time: nobody tells when it has jumped.
    pub(crate) fn poll(&self) -> Duration {
        match self {
            Clock::System => Duration::from_secs(1),
            Clock::Manual(_) => Duration::from_millis(20),
        }
    }

    /// Moves a manual clock, forwards or backwards; the system's stays.
    pub fn advance(&self, by: SignedDuration) {
        if let Clock::Manual(at) = self {
            let mut at = at.lock().unwrap_or_else(PoisonError::into_inner);
            if let Ok(later) = at.checked_add(by) {
                *at = later;
            }
        }
    }
}
