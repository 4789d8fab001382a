//! The bot folder, checked and compiled: an immutable model whose references are indexes, so that no look-up by name can
//! fail after loading.
//!
//! What it is not: the YAML as written (that is [`crate::schema`]).
pub mod diagnostic;
mod model;
pub mod phrase;

pub use diagnostic::{Diagnostic, Diagnostics, Severity, Source};
pub use model::*;
