//! Files from one platform to another: whoever shows a file that is not its own asks here for its bytes.
//!
//! A file's name says whose it is, since only the channel that gave it can read it. What it is not: nothing is kept, neither on
//! disk nor in the store; a file is fetched each time that it is shown elsewhere.
use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::timeout;

use crate::channel::{Channel, SendError};

/// How long a file may take: with the time to hand it on it must be less than the minute after which a sender gives up.
const HANGS: Duration = Duration::from_secs(20);

/// A file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What it is called, with its extension.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The channels of a process, as far as they hand out files. Clones know the same.
#[derive(Clone, Default)]
pub struct Files(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    channels: Vec<Weak<dyn Source>>,
    /// Channels that are about to be served.
    awaited: BTreeSet<String>,
}

/// A channel, whatever its type.
trait Source: Send + Sync {
    fn owns(&self, file: &str) -> bool;
    fn fetch<'a>(
        &'a self,
        file: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<File, SendError>> + Send + 'a>>;
}

impl<C: Channel> Source for C {
    fn owns(&self, file: &str) -> bool {
        Channel::owns(self, file)
    }

    fn fetch<'a>(
        &'a self,
        file: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<File, SendError>> + Send + 'a>> {
        Box::pin(Channel::fetch(self, file))
    }
}

impl Files {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A channel of that name is about to be served: until then its files wait.
    pub(crate) fn awaits(&self, channel: &str) {
        self.known().awaited.insert(channel.to_owned());
    }

    /// A channel is served.
    pub(crate) fn add<C: Channel>(&self, channel: &Arc<C>) {
        let source: Arc<dyn Source> = channel.clone();
        let mut known = self.known();
        known.awaited.remove(channel.name());
        known.channels.push(Arc::downgrade(&source));
    }

    /// Fetches a file of another channel, so that it can be shown.
    ///
    /// # Errors
    /// It can't be had: [`SendError::Retry`] while it may be had later, [`SendError::Final`] with a reason for agents. Never
    /// [`SendError::Doubt`], since nothing was delivered.
    pub async fn fetch(&self, file: &str) -> Result<File, SendError> {
        let Some(source) = self.source(file) else { return Err(self.nobody_s()) };
        match timeout(HANGS, source.fetch(file)).await {
            Ok(Err(SendError::Doubt(reason))) => Err(SendError::Retry(reason)),
            Ok(fetched) => fetched,
            Err(_) => Err(SendError::Retry("the file did not come in time".to_owned())),
        }
    }

    fn source(&self, file: &str) -> Option<Arc<dyn Source>> {
        self.known().channels.iter().filter_map(Weak::upgrade).find(|source| source.owns(file))
    }

    fn nobody_s(&self) -> SendError {
        let known = self.known();
        match known.awaited.first() {
            Some(channel) => SendError::Retry(format!("{channel} is not connected yet")),
            // The process is about to end: the next one has it.
            None if known.channels.iter().any(|channel| channel.strong_count() == 0) => {
                SendError::Retry("a channel has stopped".to_owned())
            }
            None => SendError::Final("the file is of a channel that can't hand it out here".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{Delivered, Delivery};

    /// Owns what begins with its name.
    struct Shelf(&'static str, Result<File, SendError>);

    impl Channel for Shelf {
        fn name(&self) -> &str {
            self.0
        }

        async fn deliver(&self, _: &Delivery) -> Result<Delivered, SendError> {
            Ok(Delivered::default())
        }

        fn owns(&self, file: &str) -> bool {
            file.starts_with(self.0)
        }

        async fn fetch(&self, _: &str) -> Result<File, SendError> {
            self.1.clone()
        }
    }

    fn bill() -> File {
        File { name: "bill.pdf".to_owned(), bytes: b"a bill".to_vec() }
    }

    #[tokio::test]
    async fn a_file_is_had_from_whose_it_is() {
        let files = Files::default();
        let broken = SendError::Doubt("the connection broke".to_owned());
        let (raven, pigeon) = (Arc::new(Shelf("raven", Ok(bill()))), Arc::new(Shelf("pigeon", Err(broken))));
        files.awaits("pigeon");
        files.add(&raven);
        assert_eq!(files.fetch("raven/1").await, Ok(bill()));
        let early = files.fetch("pigeon/1").await;
        assert_eq!(early, Err(SendError::Retry("pigeon is not connected yet".to_owned())));
        files.add(&pigeon);
        let failed = files.fetch("pigeon/1").await;
        assert_eq!(failed, Err(SendError::Retry("the connection broke".to_owned())), "nothing was delivered");
        assert!(matches!(files.fetch("dove/1").await, Err(SendError::Final(_))));
        drop(raven);
        assert!(
            matches!(files.fetch("raven/1").await, Err(SendError::Retry(_))),
            "nothing is given up at the end"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn who_hangs_is_asked_again() {
        struct Hangs;
        impl Channel for Hangs {
            fn name(&self) -> &str {
                "hangs"
            }

            async fn deliver(&self, _: &Delivery) -> Result<Delivered, SendError> {
                Ok(Delivered::default())
            }

            fn owns(&self, _: &str) -> bool {
                true
            }

            async fn fetch(&self, _: &str) -> Result<File, SendError> {
                std::future::pending().await
            }
        }
        let (files, hangs) = (Files::default(), Arc::new(Hangs));
        files.add(&hangs);
        assert!(matches!(files.fetch("1").await, Err(SendError::Retry(_))));
    }
}
