//! The stand-in for Telegram is as strict as Telegram: limits, refusals, confirmation, faults; and clients understand it.
mod api;
mod clients;
mod faults;
mod polling;
mod refusals;
mod topics;
mod webhook;
