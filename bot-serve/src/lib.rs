//! Runs a bot folder on channels until it is told to stop: what the programs for customers have in common.
//!
//! What it is not: it knows no platform. Channels come in as a list of [`Kind`]s, which `main` makes.
mod kind;

pub use kind::{Configured, Kind, Need, Running, Settings, Start};
