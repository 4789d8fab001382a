//! The brain of a rule-based customer-service bot.
//!
//! A support team keeps intents, questions and replies in YAML. This crate compiles that YAML into an immutable
//! [`catalog::Catalog`], finds out what a customer's message means, and leads the conversation:
//!
//! ```text
//! YAML texts -> Catalog            (loading: the only thing that can fail)
//! (Tracker, Input, time) -> Events (a turn: total, pure, the same everywhere)
//! ```
//!
//! What it is not: it does no I/O, reads no clock, draws no random numbers and knows no chat platform. What the world
//! must do (send a reply, call an action, set a timer, open a ticket) is an [`dialogue::Event`]; the outcome comes back
//! as the next [`dialogue::Input`].
//!
//! Start at [`engine::Engine`].
#![deny(missing_docs)]

pub mod catalog;
pub mod dialogue;
pub mod engine;
pub mod entity;
pub mod explain;
pub mod handoff;
pub mod locale;
pub mod matcher;
pub mod reply;
pub mod schema;
pub mod template;
pub mod text;
