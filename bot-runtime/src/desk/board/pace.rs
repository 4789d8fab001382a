//! How many actions a room bears: at most so many in any stretch of time of a given length.
//!
//! What is urgent may use it up; what is not leaves a part, so that a new ticket need not wait behind ticks and titles.
use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::kill;

/// The share of the budget that is kept for what is urgent: one in so many.
const RESERVE: u32 = 5;

/// The actions of a room in the last stretch.
#[derive(Debug)]
pub(super) struct Pace {
    most: u32,
    within: Duration,
    done: VecDeque<Instant>,
}

impl Pace {
    /// One that begins with nothing done.
    pub fn new((most, within): (u32, Duration)) -> Pace {
        Pace { most: most.max(1), within, done: VecDeque::new() }
    }

    /// The largest cost of one action.
    pub fn largest(most: u32) -> usize {
        usize::try_from((most / 2).max(1)).unwrap_or(1)
    }

    /// Takes over what was done before this process: ages in milliseconds. An age that can't be is taken for none: who does
    /// not know waits.
    pub fn resume(&mut self, ages: &[i64], now: Instant) {
        for age in ages {
            let age = Duration::from_millis(u64::try_from(*age).unwrap_or(0));
            if age < self.within {
                self.done.push_back(now.checked_sub(age).unwrap_or(now));
            }
        }
        self.done.make_contiguous().sort_unstable();
    }

    /// When that many actions may be done; now, if it is not later.
    pub fn free_at(&mut self, cost: u32, urgent: bool, now: Instant) -> Instant {
        self.forget(now);
        if kill::is_unpaced() {
            return now;
        }
        let most = if urgent { self.most } else { self.most - self.most / RESERVE };
        let room = most.saturating_sub(cost.min(most)) as usize;
        match self.done.len().checked_sub(room + 1) {
            None => now,
            Some(last) => self.done[last] + self.within,
        }
    }

    /// Notes that many actions.
    pub fn spend(&mut self, cost: u32, now: Instant) {
        self.done.extend((0..cost).map(|_| now));
    }

    /// The ages of what counts, in milliseconds.
    pub fn ages(&mut self, now: Instant) -> Vec<i64> {
        self.forget(now);
        let age = |at: &Instant| i64::try_from(now.duration_since(*at).as_millis()).unwrap_or(i64::MAX);
        self.done.iter().map(age).collect()
    }

    fn forget(&mut self, now: Instant) {
        while self.done.front().is_some_and(|at| *at + self.within <= now) {
            self.done.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn what_is_urgent_may_use_it_up() {
        let now = Instant::now();
        let mut pace = Pace::new((10, MINUTE));
        pace.spend(8, now);
        assert_eq!(pace.free_at(1, false, now), now + MINUTE, "two are kept");
        assert_eq!(pace.free_at(2, true, now), now);
        assert_eq!(pace.free_at(3, true, now), now + MINUTE);
    }

    #[test]
    fn what_was_done_before_the_start_counts() {
        let now = Instant::now() + MINUTE * 10;
        let mut pace = Pace::new((3, MINUTE));
        // One is too old, one comes from a clock that was set back.
        pace.resume(&[61_000, 50_000, -5], now);
        assert_eq!(pace.free_at(1, true, now), now);
        assert_eq!(pace.free_at(2, true, now), now + Duration::from_secs(10));
        assert_eq!(pace.ages(now), [50_000, 0]);
    }

    proptest! {
        /// Whoever waits as told never does more than is borne in any stretch.
        #[test]
        fn never_more_than_is_borne(steps in prop::collection::vec((0..30_000_u64, 1..4_u32, any::<bool>()), 1..60)) {
            let mut now = Instant::now();
            let mut pace = Pace::new((7, MINUTE));
            let mut all = Vec::new();
            for (pause, cost, urgent) in steps {
                now += Duration::from_millis(pause);
                now = now.max(pace.free_at(cost, urgent, now));
                pace.spend(cost, now);
                all.extend((0..cost).map(|_| now));
                let within = all.iter().filter(|at| now.duration_since(**at) < MINUTE).count();
                prop_assert!(within <= 7, "{within}");
            }
        }
    }
}
