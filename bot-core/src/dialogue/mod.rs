//! Thresholds, flows, slots and repair: the state machine that leads the conversation.
//!
//! A [`Tracker`] is a fold over [`Event`]s: `Tracker::default()` and `apply` for each. So the transcript, what is stored,
//! the agent's summary and what tests expect are projections of one list.
mod event;
mod tracker;

pub use event::*;
pub use tracker::*;
