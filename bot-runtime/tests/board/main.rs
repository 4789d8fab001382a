//! The board, on a wall of threads in memory: what stands there after what happened, in which order, and within the budget.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod archive;
mod desks;
mod faults;
mod hearing;
mod leftover;
mod random;
#[path = "../runtime/shared.rs"]
mod shared;
mod stories;
mod wall;
mod world;
