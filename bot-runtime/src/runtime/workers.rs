//! Who shares the store and lives: a worker whose counter stands still is dead, and what it had taken is free again.
//!
//! Judged by this process's own monotonic clock, so that nobody's wall clock matters.
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::inner::{Inner, locked};
use super::trouble::Trouble;
use crate::store::{Store, WorkerId};

const BEAT: Duration = Duration::from_secs(1);

/// A counter that has not changed for so long …
const DEAD: Duration = Duration::from_secs(5);

/// … and was looked at so often meanwhile: a process that was stopped for a minute has seen nobody else die.
const LOOKS: u32 = 5;

/// Shows that this process lives, and finds out who does not, until the runtime has stopped.
pub(super) async fn beat<S: Store>(inner: Arc<Inner<S>>) {
    let mut trouble = Trouble::new("showing that this process lives");
    let mut watch = Watch::default();
    while !inner.stopped.is_cancelled() {
        if let Some(mut counters) = trouble.check(inner.store.beat(&inner.worker).await) {
            counters.remove(&inner.worker);
            *locked(&inner.dead) = watch.look(counters, Instant::now());
        }
        tokio::select! {
            () = sleep(BEAT) => {}
            () = inner.stopped.cancelled() => {}
        }
    }
}

/// What is known of the others.
#[derive(Default)]
struct Watch {
    others: BTreeMap<WorkerId, Seen>,
}

struct Seen {
    counter: u64,
    since: Instant,
    looks: u32,
}

impl Watch {
    /// Looks at the counters; returns who is dead.
    fn look(&mut self, counters: BTreeMap<WorkerId, u64>, now: Instant) -> Vec<WorkerId> {
        self.others.retain(|worker, _| counters.contains_key(worker));
        for (worker, counter) in counters {
            let seen = self.others.entry(worker).or_insert(Seen { counter, since: now, looks: 0 });
            if seen.counter == counter {
                seen.looks += 1;
            } else {
                *seen = Seen { counter, since: now, looks: 0 };
            }
        }
        let is_dead = |seen: &Seen| seen.looks > LOOKS && now.duration_since(seen.since) >= DEAD;
        let dead = self.others.iter().filter(|(_, seen)| is_dead(seen));
        dead.map(|(worker, _)| worker.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters(counter: u64) -> BTreeMap<WorkerId, u64> {
        BTreeMap::from([(WorkerId("other".into()), counter)])
    }

    #[test]
    fn whose_counter_stands_still_is_dead_until_it_moves() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        let mut deaths = |counter, second| watch.look(counters(counter), start + BEAT * second).len();
        for second in 0..5 {
            assert_eq!(deaths(7, second), 0, "second {second}");
        }
        assert_eq!(deaths(7, 5), 1);
        assert_eq!(deaths(8, 6), 0);
    }

    #[test]
    fn who_was_stopped_itself_has_seen_nobody_die() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        assert!(watch.look(counters(7), start).is_empty());
        assert!(watch.look(counters(7), start + Duration::from_secs(60)).is_empty());
    }
}
