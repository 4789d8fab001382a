//! The YAML as written: a tree whose every part knows its place, read into plain structs; every problem is collected.
//!
//! Two steps, so that all problems of a folder come at once: `tree` makes nodes from text and explains what is no
//! YAML; `read` and `written` make structs from nodes and explain keys and types that no bot folder has.
//! What it is not: it knows no references and no meanings (that is [`crate::catalog`]).
pub mod diagnostic;
pub mod keys;
pub(crate) mod read;
pub(crate) mod report;
mod syntax;
pub(crate) mod tree;
pub(crate) mod written;
pub mod yaml;

pub use report::nearest;
