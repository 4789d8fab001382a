//! Shows customers that something takes long, while an action is being called.
//!
//! What it is not: nothing waits for it. It has a task of its own, which ends with the call: whether a platform shows it,
//! fails or hangs changes nothing.
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::inner::{Inner, locked};
use crate::channel::{Address, Channel};
use crate::store::Store;

/// What is over sooner needs no sign.
const FIRST: Duration = Duration::from_secs(1);

/// Platforms show it for a while only: Telegram for five seconds, Discord for ten.
const EVERY: Duration = Duration::from_secs(4);

/// How a channel shows it to a customer.
pub(super) type Busy = Arc<dyn Fn(Address) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// That of a channel.
pub(super) fn shows<C: Channel>(channel: Arc<C>) -> Busy {
    Arc::new(move |address| {
        let channel = channel.clone();
        Box::pin(async move { channel.busy(&address).await })
    })
}

/// Shows it until what is returned is dropped; `None`: another process serves the channel.
pub(super) fn show<S: Store>(inner: &Inner<S>, address: &Address) -> Option<AbortOnDropHandle<()>> {
    let busy = locked(&inner.busy).get(&address.channel)?.clone();
    Some(AbortOnDropHandle::new(tokio::spawn(keep_showing(busy, address.clone()))))
}

async fn keep_showing(busy: Busy, address: Address) {
    let mut ticks = interval_at(Instant::now() + FIRST, EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // One that hangs makes place for the next.
        let _ = timeout(EVERY, busy(address.clone())).await;
    }
}
