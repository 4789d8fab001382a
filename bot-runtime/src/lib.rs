//! The body of the bot, shared by all channels: it stores, orders, sends, waits, calls and hands over.
//!
//! ```text
//! platform ─► Channel ─► receive ─► inbox ─┐                      ┌─► outbox ─► Sender ─► Channel ─► platform
//!                                          ├─► Engine::turn ──────┤
//! agent ───► Desk ────► receive ─► inbox ──┤   one transaction    ├─► outbox ─► Caller ─► shop's back end ─┐
//! clock ───► timers ─────────────► inbox ──┘                      └─► timers, tickets                      │
//!                 inbox ◄─── the call's outcome ◄──────────────────────────────────────────────────────────┘
//! ```
//!
//! A message is stored before it is confirmed; a turn's events, state and replies commit together; a sender delivers.
//! Kill the process anywhere: nothing is lost, and nothing is answered twice but the one send on the wire.
//!
//! What it is not: it has no platform's type, and no rule about conversations; those are in [`bot_core`].
pub mod actions;
pub mod channel;
pub mod clock;
pub mod desk;
pub mod files;
pub mod kill;
pub mod reload;
pub mod runtime;
pub mod split;
pub mod store;
