//! The kill harness: runs the real program against a stand-in platform and a stand-in back end, kills it again and again,
//! and holds what came of it against what should have.
//!
//! ```text
//! seed ─► plan ─► world: customers and agents (script) ─► platform ◄─► program, killed at named points or at random
//!                                                                        │  ▲
//!                                                                        ▼  │ restarted on the same file
//!                 differences ◄─ check ◄─ record: ledger, requests, store ◄─┘
//! ```
//!
//! The seed decides what is written, where the program dies and how the back end dawdles; the order in which the system's
//! threads run is the system's. What is found is found by [`check`], which is pure and has tests of its own.
//!
//! What it is not: it measures nothing but how many and how long.
pub mod back_end;
pub mod check;
pub mod echo;
pub mod plan;
pub mod program;
pub mod random;
pub mod record;
pub mod runs;
pub mod script;
pub mod stage;
pub mod store;
pub mod world;

pub use check::{Difference, differences};
pub use program::Program;
pub use record::Record;
pub use runs::{Summary, run};

/// The folder of the bot that is killed, from the root of the repository.
pub const FOLDER: &str = "tests/fixtures/kill";
