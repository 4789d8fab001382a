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

/// Points of what platforms have in common beyond messages: their own receiving, and a desk with threads.
pub const PLATFORM_POINTS: &[&str] = &["updates.received", "updates.stored", "board.before", "board.after"];

/// Whether a test wants everything as fast as it goes: no platform's pace, no budget of a room, no waiting for the rest of
/// what a customer writes in pieces. With the feature `kill-points` and `BOT_UNPACED` set; else never.
pub fn is_unpaced() -> bool {
    cfg!(feature = "kill-points") && std::env::var_os("BOT_UNPACED").is_some()
}

/// A point that has been reached: `commit.before`, `send.after` …
#[cfg(not(feature = "kill-points"))]
#[inline(always)]
pub fn point(_name: &str) {}

/// A point that has been reached. With `BOT_KILL_AT=NAME:N` the process dies when it gets to it for the Nth time.
#[cfg(feature = "kill-points")]
pub fn point(name: &str) {
    use std::sync::Mutex;
    static SEEN: Mutex<u32> = Mutex::new(0);
    let is_known = POINTS.contains(&name) || PLATFORM_POINTS.contains(&name);
    debug_assert!(is_known, "{name} is missing in the lists of points");
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
