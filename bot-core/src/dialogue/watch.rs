//! Agents who are slow: tickets that nobody claims, customers whom their agent does not answer. Time counts while somebody
//! is there.
//!
//! What it is not: it is not about customers who are slow.
use jiff::{SignedDuration, Timestamp};

use super::event::{Alert, Event, Purpose};
use super::turn::Turn;
use crate::handoff::Owner;

/// What a `later` step says waits this long while the bot must be quiet.
const QUIET: SignedDuration = SignedDuration::from_hours(1);

impl Turn<'_> {
    /// Looks again when an agent should have done something. What was waited for before is not any more.
    pub fn watch(&mut self, purpose: Purpose) {
        self.unwatch(&purpose);
        if let Some(at) = self.due(&purpose) {
            self.set_timer(at, purpose);
        }
    }

    /// It is done, or need not be done any more.
    pub fn unwatch(&mut self, purpose: &Purpose) {
        let timers = self.tracker.timers.iter().filter(|(_, timer)| timer.purpose == *purpose);
        let timers: Vec<u64> = timers.map(|(number, _)| *number).collect();
        for timer in timers {
            self.emit(Event::TimerDone { timer });
        }
    }

    /// Nothing is waited for any more.
    pub fn unwatch_all(&mut self) {
        self.unwatch(&Purpose::Unclaimed);
        self.unwatch(&Purpose::Idle);
    }

    /// Whether the customer waits for their agent's answer.
    pub fn waits_for_answer(&self) -> bool {
        self.tracker.timers.values().any(|timer| timer.purpose == Purpose::Idle)
    }

    /// The customer wrote to their agent: the first message that is not answered counts.
    pub fn expect_answer(&mut self) {
        if self.tracker.owner == Owner::Person && !self.waits_for_answer() {
            self.watch(Purpose::Idle);
        }
    }

    fn due(&self, purpose: &Purpose) -> Option<Timestamp> {
        let settings = &self.brain.catalog.settings.handoff;
        let within = match purpose {
            Purpose::Unclaimed => settings.claim_within,
            _ => settings.answer_within,
        };
        match &settings.hours {
            Some(hours) => hours.after(self.now, within).map(|at| at.timestamp()),
            None => self.now.timestamp().checked_add(within).ok(),
        }
    }

    fn set_timer(&mut self, at: Timestamp, purpose: Purpose) {
        self.emit(Event::TimerSet { timer: self.tracker.last_number + 1, at, purpose });
    }

    /// A timer is due. `false`: it is none of an agent's, and the bot may speak.
    pub fn watched(&mut self, timer: u64) -> bool {
        let Some(due) = self.tracker.timers.get(&timer).cloned() else { return false };
        match (due.purpose, self.tracker.owner) {
            (Purpose::Unclaimed, Owner::Waiting) => self.unclaimed(timer),
            (Purpose::Idle, Owner::Person) => self.idle(timer),
            (purpose @ Purpose::Later { .. }, Owner::Waiting | Owner::Person) => {
                self.emit(Event::TimerDone { timer });
                if let Ok(at) = self.now.timestamp().checked_add(QUIET) {
                    self.set_timer(at, purpose);
                }
            }
            (Purpose::Later { .. }, Owner::Closed) => {
                self.reopen();
                return false;
            }
            // Whatever else it is for, the bot has nothing to say.
            (Purpose::Unclaimed | Purpose::Idle, _) | (_, Owner::Waiting | Owner::Person) => {
                self.emit(Event::TimerDone { timer });
            }
            _ => return false,
        }
        true
    }

    fn unclaimed(&mut self, timer: u64) {
        self.emit(Event::TimerDone { timer });
        let is_first = self.tracker.alerts == 0;
        self.emit(Event::Alerted { alert: Alert::Unclaimed });
        if is_first {
            self.say_own(
                "It takes longer than usual, sorry. You are not forgotten: a colleague will come.",
                &[],
            );
        }
        self.watch(Purpose::Unclaimed);
    }

    fn idle(&mut self, timer: u64) {
        self.emit(Event::TimerDone { timer });
        self.emit(Event::Alerted { alert: Alert::Idle });
        let agent = self.tracker.agent.clone().unwrap_or_default();
        self.emit(Event::Released { agent });
        self.emit(Event::OwnerChanged { owner: Owner::Waiting });
        self.say_own("I'm sorry you had to wait. I'm getting another colleague for you.", &[]);
        self.watch(Purpose::Unclaimed);
    }
}
