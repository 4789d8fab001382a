//! Trouble with the store: said once with what to do, tried again ever more seldom, and said again when it is over.
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::store::StoreError;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(10);

/// Whether a loop gets on with the store.
pub(crate) struct Trouble {
    /// What can't be done meanwhile, for the log.
    what: &'static str,
    failures: u32,
    until: Option<Instant>,
}

impl Trouble {
    pub fn new(what: &'static str) -> Trouble {
        Trouble { what, failures: 0, until: None }
    }

    /// The result, if there is one; else the time until which to leave the store alone is set.
    pub fn check<T>(&mut self, result: Result<T, StoreError>) -> Option<T> {
        match result {
            Ok(value) => {
                self.over();
                Some(value)
            }
            Err(error) => {
                self.note(&error);
                None
            }
        }
    }

    pub fn note(&mut self, error: &StoreError) {
        if self.failures == 0 {
            tracing::error!(what = self.what, %error, help = help(error), "the store fails; it is tried again");
        }
        self.until = Some(Instant::now() + length(self.failures));
        self.failures = self.failures.saturating_add(1);
    }

    pub fn over(&mut self) {
        if self.failures > 0 {
            tracing::info!(what = self.what, failures = self.failures, "the store works again");
        }
        (self.failures, self.until) = (0, None);
    }

    /// Until it is to be tried again.
    pub async fn pause(&self) {
        if let Some(until) = self.until() {
            sleep_until(until).await;
        }
    }

    /// When to try again, if that is not now.
    pub fn until(&self) -> Option<Instant> {
        self.until.filter(|until| *until > Instant::now())
    }
}

fn length(failures: u32) -> Duration {
    FIRST.saturating_mul(1 << failures.min(10)).min(LONGEST)
}

fn help(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full => "free space on that disk; nothing is lost, and it goes on by itself",
        StoreError::Locked => "end the other program, or let it finish; it goes on by itself",
        StoreError::Damaged(_) => "stop, keep the file, and put a copy in its place",
        StoreError::Open(_) | StoreError::Other(_) => {
            "see the reason; it goes on by itself once that is gone"
        }
    }
}
