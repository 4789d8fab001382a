//! What the stand-ins for platforms have in common: time that can be put forward, state that can be waited for, the shell of the
//! pages to play by hand.
//!
//! It knows no platform.
mod clock;
pub mod page;
mod watched;

pub use clock::Clock;
pub use watched::Watched;
