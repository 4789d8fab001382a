//! Named points at which a process can be made to die, for the harness that kills it.
//!
//! Without the feature `kill-points` a point is nothing at all.

/// All points: before and after each thing that can't be taken back.
pub const POINTS: &[&str] = &[
    "receive.before",
    "receive.after",
    "commit.before",
    "commit.after",
    "store.commit.before",
    "store.commit.after",
    "send.before",
    "send.after",
    "send.part",
    "call.before",
    "call.after",
    "settle.after",
    "timer.fired",
    "handoff.opened",
    "handoff.claimed",
    "handoff.said",
    "handoff.back",
    "handoff.closed",
];

/// A point that has been reached: `commit.before`, `send.after` …
#[cfg(not(feature = "kill-points"))]
#[inline(always)]
pub fn point(_name: &str) {}

/// A point that has been reached. With `BOT_KILL_AT=NAME:N` the process dies when it gets to it for the Nth time.
#[cfg(feature = "kill-points")]
pub fn point(name: &str) {
    use std::sync::Mutex;
    static SEEN: Mutex<u32> = Mutex::new(0);
    debug_assert!(POINTS.contains(&name), "{name} is missing in the list of points");
    let Ok(wanted) = std::env::var("BOT_KILL_AT") else { return };
    let (wanted, nth) = wanted.rsplit_once(':').unwrap_or((wanted.as_str(), "1"));
    if wanted != name {
        return;
    }
    let mut seen = SEEN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    *seen += 1;
    if nth.parse() == Ok(*seen) {
        // No destructor runs, no buffer is flushed: as good as a kill from outside.
        std::process::abort();
    }
}
