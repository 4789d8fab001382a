//! The terminal as a channel: what is said to the customer is shown at once.
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bot_runtime::channel::{Channel, Delivered, Delivery, Outgoing, SendError};
use tokio::sync::Notify;

/// How something said is shown: on a terminal, on a pipe, or kept for the turn's JSON.
pub type Show = Box<dyn Fn(&Outgoing) -> io::Result<()> + Send + Sync>;

/// The customer's end of the conversation. Clones are the same one.
#[derive(Clone)]
pub struct Screen {
    inner: Arc<Inner>,
}

struct Inner {
    channel: String,
    show: Show,
    state: Mutex<State>,
    broken: Notify,
}

#[derive(Default)]
struct State {
    shown: u64,
    /// What stands on the screen already since the start, taken from the store.
    known: Vec<Outgoing>,
    failure: Option<io::Error>,
}

impl Screen {
    /// The other end of conversations on that channel.
    pub fn new(channel: &str, show: Show) -> Screen {
        let inner =
            Inner { channel: channel.to_owned(), show, state: Mutex::default(), broken: Notify::new() };
        Screen { inner: Arc::new(inner) }
    }

    /// How much has been shown so far.
    pub fn shown(&self) -> u64 {
        self.state().shown
    }

    /// Shows again what was said last; what a process that died was about to show is not shown a second time.
    ///
    /// # Errors
    /// It can't be written.
    pub fn recall(&self, said: Vec<Outgoing>) -> io::Result<()> {
        said.iter().try_for_each(|what| (self.inner.show)(what))?;
        self.state().known = said;
        Ok(())
    }

    /// Why nothing can be shown any more, once that is so.
    pub fn failure(&self) -> Option<io::Error> {
        self.state().failure.take()
    }

    /// Waits until nothing can be shown any more.
    pub async fn broken(&self) {
        self.inner.broken.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_known(&self, delivery: &Delivery) -> bool {
        delivery.again && self.state().known.contains(&delivery.what)
    }

    fn show(&self, what: &Outgoing) -> Result<(), SendError> {
        match (self.inner.show)(what) {
            Ok(()) => {
                self.state().shown += 1;
                Ok(())
            }
            Err(error) => {
                let reason = error.to_string();
                self.state().failure = Some(error);
                self.inner.broken.notify_one();
                // It stays in the store for the next start: this terminal is gone.
                Err(SendError::Retry(reason))
            }
        }
    }
}

impl Channel for Screen {
    fn name(&self) -> &str {
        &self.inner.channel
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Delivered, SendError> {
        if !self.is_known(delivery) {
            self.show(&delivery.what)?;
        }
        Ok(Delivered::default())
    }
}
