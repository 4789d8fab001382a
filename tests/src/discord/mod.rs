//! A stateful Discord of one bot, for tests: its gateway so far.
pub mod gateway;
