//! The rooms: what each bears, and whether it can be used at present.
use std::time::Duration;

use tokio::time::Instant;

use super::next::Action;
use super::pace::Pace;

/// The first pause after the platform has refused something; each later one is twice as long.
const FIRST: Duration = Duration::from_secs(60);

/// The longest.
const LONGEST: Duration = Duration::from_secs(600);

/// What the bot must be allowed to do in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// Make, rename and delete threads.
    Manage,
    /// Write.
    Write,
}

impl Right {
    pub fn of(action: &Action) -> Right {
        match action {
            Action::Open { .. } | Action::Rename { .. } | Action::Archive => Right::Manage,
            _ => Right::Write,
        }
    }
}

/// A right that may be missing.
#[derive(Debug, Default)]
struct Gate {
    shut: Option<Instant>,
    refusals: u32,
}

/// What a room bears, and what is under way there.
#[derive(Debug)]
pub(super) struct Lane {
    pub pace: Pace,
    /// What was done before this process is taken over.
    pub resumed: bool,
    /// Something is under way: in each room one action at a time.
    pub busy: bool,
    /// Nothing is done before: the platform wants the room to be left alone, or can't be reached.
    pub rests: Option<Instant>,
    /// It has too many threads.
    pub crowded: bool,
    /// What agents are to be told of the room itself.
    pub notice: Option<String>,
    told: bool,
    manage: Gate,
    write: Gate,
}

impl Lane {
    pub fn new(budget: (u32, Duration)) -> Lane {
        let (manage, write) = (Gate::default(), Gate::default());
        Lane {
            pace: Pace::new(budget),
            resumed: false,
            busy: false,
            rests: None,
            crowded: false,
            notice: None,
            told: false,
            manage,
            write,
        }
    }

    fn gate(&mut self, right: Right) -> &mut Gate {
        match right {
            Right::Manage => &mut self.manage,
            Right::Write => &mut self.write,
        }
    }

    /// Until when it is no use to try.
    pub fn shut(&mut self, right: Right, now: Instant) -> Option<Instant> {
        self.gate(right).shut.filter(|until| *until > now)
    }

    /// Whether new tickets may come here: nothing was refused lately.
    pub fn is_open(&self, now: Instant) -> bool {
        let shut = |gate: &Gate| gate.shut.is_some_and(|until| until > now);
        !shut(&self.manage) && !shut(&self.write)
    }

    /// Nothing may be written here at present.
    pub fn is_mute(&self, now: Instant) -> bool {
        self.write.shut.is_some_and(|until| until > now)
    }

    /// The platform refuses. `reason` is told to agents once.
    pub fn refused(&mut self, right: Right, reason: &str, now: Instant) {
        let gate = self.gate(right);
        let pause = FIRST.saturating_mul(1 << gate.refusals.min(4)).min(LONGEST);
        gate.refusals += 1;
        gate.shut = Some(now + pause);
        if !self.told {
            self.told = true;
            self.notice = Some(format!("This room can't be used as it should: {reason}"));
        }
    }

    /// It has done something.
    pub fn worked(&mut self, right: Right) {
        *self.gate(right) = Gate::default();
        self.told &= self.manage.shut.is_some() || self.write.shut.is_some();
    }

    /// Somebody has put it right.
    pub fn mended(&mut self) {
        (self.manage, self.write) = (Gate::default(), Gate::default());
        (self.told, self.notice) = (false, None);
    }

    pub fn rest(&mut self, until: Instant) {
        self.rests = self.rests.max(Some(until));
    }
}
