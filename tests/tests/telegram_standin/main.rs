//! The stand-in for Telegram is as strict as Telegram: limits, refusals, confirmation, faults; and clients understand it.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
mod api;
mod clients;
mod faults;
mod page;
mod polling;
mod refusals;
mod topics;
mod webhook;
