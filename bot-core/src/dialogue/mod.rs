//! Thresholds, flows, slots and repair: the state machine that leads the conversation.
//!
//! A [`Tracker`] is a fold over [`Event`]s: `Tracker::default()` and `apply` for each. So the transcript, what is stored,
//! the agent's summary and what tests expect are projections of one list.
//!
//! [`turn`] is total: not understanding, a folder that has changed meanwhile, an action that never answers are all
//! states with a way out. What it is not: it sends nothing, waits for nothing and remembers nothing but the tracker.
mod answer;
mod aside;
mod changed;
mod choice;
mod closed;
mod comeback;
mod commands;
mod correct;
mod cues;
mod decide;
mod desk;
mod edit;
mod event;
mod flow;
mod handover;
mod link;
mod offers;
mod question;
mod reading;
mod say;
mod silence;
mod slash;
mod slots;
mod topics;
mod tracker;
mod turn;
mod watch;

pub use aside::put_aside;
pub(crate) use decide::beats;
pub use decide::{Decision, act_threshold, decide, offered};
pub use event::*;
pub use reading::{Brain, Reading};
pub use slash::{Command, Commands};
pub use tracker::*;
pub use turn::{exists, read_among, turn};
