//! What the stand-ins for platforms have in common: time that can be put forward, state that can be waited for.
//!
//! It knows no platform.
mod clock;
mod watched;

pub use clock::Clock;
pub use watched::Watched;
