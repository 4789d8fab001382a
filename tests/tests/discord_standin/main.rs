//! The stand-in for Discord is as strict as Discord: limits, permissions, refusals, interactions, faults.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
mod api;
mod interactions;
mod limits;
mod messages;
mod page;
mod render;
mod threads;
