//! The runtime as channels and desks see it, with a platform that keeps a ledger.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod busy;
mod failing;
mod linking;
mod random;
mod sending;
mod shared;
mod sharing;
mod support;
mod talking;
