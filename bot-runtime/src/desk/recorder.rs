//! A desk that notes what it is shown: for tests, also of those who embed the runtime.
use std::sync::{Arc, Mutex, PoisonError};

use super::{Desk, News};
use crate::channel::SendError;
use crate::store::StoredTicket;

/// Notes what it is shown. Clones are the same desk.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    inner: Arc<Mutex<Recorded>>,
}

#[derive(Debug, Default)]
struct Recorded {
    shown: Vec<(u64, News)>,
    failures: Vec<SendError>,
}

impl Recorder {
    /// The next times something is shown, this happens instead, in order.
    pub fn fail(&self, failures: impl IntoIterator<Item = SendError>) {
        self.with(|recorded| recorded.failures = failures.into_iter().collect());
    }

    /// What was shown: the ticket's number, and the news.
    pub fn shown(&self) -> Vec<(u64, News)> {
        self.with(|recorded| recorded.shown.clone())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Recorded) -> T) -> T {
        work(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Desk for Recorder {
    fn name(&self) -> &str {
        "recorder"
    }

    async fn show(&self, about: &StoredTicket, news: &News) -> Result<(), SendError> {
        self.with(|recorded| {
            if !recorded.failures.is_empty() {
                return Err(recorded.failures.remove(0));
            }
            recorded.shown.push((about.number, news.clone()));
            Ok(())
        })
    }
}
