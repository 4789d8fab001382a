//! `bot.yaml`: the bot's name, languages, thresholds, hours and facts.
use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use serde_json::Value as Json;

use crate::template::Text;
use crate::text::Language;

/// `bot.yaml`, with its defaults.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the bot calls itself.
    pub name: String,
    /// The languages; the first is the one the files are written in. Never empty.
    pub languages: Vec<Language>,
    /// What is said when a conversation opens.
    pub greeting: Option<Text>,
    /// The thresholds.
    pub understanding: Thresholds,
    /// Hours and teams.
    pub handoff: HandoffSettings,
    /// When to remind a silent customer.
    pub silence: Silence,
    /// How long conversations are kept; `None`: for ever.
    pub keep: Option<SignedDuration>,
    /// Values for texts and expressions.
    pub facts: BTreeMap<String, Json>,
}

/// When to act, to ask, to give up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// At or above this confidence: act. 0 to 1; default 0.60.
    pub act: f64,
    /// From here up: "Do you mean …?". 0 to 1; default 0.30.
    pub ask: f64,
    /// A runner-up this close to the best: ask which. 0 to 1; default 0.10.
    pub tie: f64,
    /// Not understood this many times in a row: offer a person, then hand off. At least 1; default 2.
    pub misses: u32,
}

/// Who takes over, and when they are there.
#[derive(Clone, Debug)]
pub struct HandoffSettings {
    /// Opening hours; `None`: always open.
    pub hours: Option<Hours>,
    /// The teams by name, the default first. Never empty: without any in `bot.yaml` there is `support`.
    pub teams: Vec<String>,
    /// The desks that show a team's tickets, for teams that name some: `discord`, `telegram`, `terminal`. What desks there are
    /// is not known here.
    pub desks: BTreeMap<String, Vec<String>>,
    /// Whether to ask for a rating after a person closed the conversation.
    pub rating: bool,
    /// A ticket that nobody has claimed after this long, in opening hours, is announced again; default 10 minutes.
    pub claim_within: SignedDuration,
    /// A customer whom the agent has not answered after this long, in opening hours, gets another one; default 15 minutes.
    pub answer_within: SignedDuration,
}

impl HandoffSettings {
    /// Whether that desk shows a team's tickets, if it has a room for them: a team that names no desk is shown at all of them.
    pub fn is_at(&self, team: &str, desk: &str) -> bool {
        self.desks.get(team).is_none_or(|desks| desks.iter().any(|known| known == desk))
    }
}

/// Opening hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// The IANA name of the time zone, known to exist.
    pub timezone: String,
    /// From and until, Monday first; `None`: closed that day.
    pub week: [Option<(Time, Time)>; 7],
    /// Days on which nobody is there.
    pub closed: Vec<Date>,
}

/// What happens when the customer says nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// One reminder after this long.
    pub remind: Option<SignedDuration>,
    /// Parked after this long.
    pub park: Option<SignedDuration>,
    /// No reminders from and until.
    pub quiet: Option<(Time, Time)>,
}
