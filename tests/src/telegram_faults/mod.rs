//! What goes wrong with a request, at each request of a conversation and a hand-off: the real program, the stand-in for Telegram,
//! and what people see in the end.
//!
//! ```text
//! clean run ─► what should be seen, and the requests ─► requests × faults = cases ─► played at the same time ─► differences
//! ```
//! One program serves all cases: each has a customer, a group of agents and a team of its own, so a fault that is ordered for a
//! chat meets one case only, and the fifteen seconds without an answer are waited for once.
//!
//! What it is not: the kill harness. Here the program lives, and only requests go wrong.
pub mod folder;
pub mod matrix;
pub mod scene;
pub mod script;
pub mod transcript;

pub use matrix::{Case, Point, all, play, sample};
pub use scene::Scene;
