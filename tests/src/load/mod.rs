//! What the programs that measure a channel have in common: how soon a program answers what customers write at a stand-in, and what
//! memory that takes.
mod measure;
mod options;

pub use measure::{Measure, ONE, Stand, Waiting, started};
pub use options::Options;
