//! Timers that are due go into their conversation's inbox, each once; and what is too old to keep is erased.
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep_until};

use super::inner::Inner;
use super::trouble::Trouble;
use crate::kill;
use crate::store::Store;

const HOUR: Duration = Duration::from_secs(3600);

/// Fires timers until the runtime stops. The clock is looked at once a second, whatever is due next: it may jump. Which
/// timers have fired is known by the store alone, so a clock that is set back fires none twice.
pub(super) async fn fire<S: Store>(inner: Arc<Inner<S>>) {
    let mut trouble = Trouble::new("firing timers");
    while !inner.stopping.is_cancelled() {
        let now = inner.clock.timestamp();
        let fired = trouble.check(inner.store.fire(now).await);
        if fired.is_some_and(|(count, _)| count > 0) {
            kill::point("timer.fired");
        }
        let next = fired.and_then(|(_, next)| next);
        let wake = trouble.until().unwrap_or_else(|| Instant::now() + pause(&inner, now, next));
        tokio::select! {
            () = sleep_until(wake) => {}
            () = inner.timers.notified() => {}
            () = inner.stopping.cancelled() => {}
        }
    }
}

fn pause<S>(inner: &Inner<S>, now: Timestamp, next: Option<Timestamp>) -> Duration {
    let until = |next: Timestamp| Duration::try_from(next.duration_since(now)).unwrap_or_default();
    next.map_or(inner.clock.poll(), until).clamp(Duration::from_millis(5), inner.clock.poll())
}

/// Erases, at the start and every hour, what is older than the folder's `keep`.
pub(super) async fn expire<S: Store>(inner: Arc<Inner<S>>) {
    let mut trouble = Trouble::new("erasing old conversations");
    while !inner.stopping.is_cancelled() {
        let now = inner.clock.timestamp();
        let keep = inner.engine.load().catalog().settings.keep;
        let before = keep.and_then(|keep| before(now, keep));
        let erased = trouble.check(inner.store.expire(before, now).await);
        if let Some(erased @ 1..) = erased {
            tracing::info!(erased, "conversations older than `keep` were erased");
        }
        let wake = trouble.until().unwrap_or_else(|| Instant::now() + HOUR);
        tokio::select! {
            () = sleep_until(wake) => {}
            () = inner.stopping.cancelled() => {}
        }
    }
}

fn before(now: Timestamp, keep: SignedDuration) -> Option<Timestamp> {
    now.checked_sub(keep).ok()
}
