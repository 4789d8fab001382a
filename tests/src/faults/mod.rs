//! What goes wrong with a request, at each request of a conversation and a hand-off: the real program, a platform's stand-in, and
//! what people see in the end.
//!
//! ```text
//! clean run ─► what should be seen, and the requests ─► requests × faults = cases ─► played at the same time ─► differences
//! ```
//! One program serves all cases: each has a customer, a place of agents and a team of its own, so a fault that is ordered for a
//! chat meets one case only, and the fifteen seconds without an answer are waited for once.
//!
//! What it is not: the kill harness. Here the program lives, and only requests go wrong.
pub mod folder;
pub mod matrix;
pub mod people;
pub mod script;
pub mod transcript;

pub use matrix::{Case, Clean, Point, all, clean, play, sample};
pub use people::{People, Platform, Request};
