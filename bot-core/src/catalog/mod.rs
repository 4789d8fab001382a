//! The bot folder, checked and compiled: an immutable model whose references are indexes, so that no look-up by name can
//! fail after loading.
//!
//! What it is not: the YAML as written (that is [`crate::schema`]).
//!
//! ```
//! use bot_core::catalog::{Source, load};
//!
//! let shop = "intents:\n  shipping:\n    examples: [how much is shipping]\n    say: It is free.\n";
//! let (catalog, warnings) = load(vec![Source::new("shop.yaml", shop)]).unwrap();
//! assert_eq!(catalog.intents[0].name, "shipping");
//! assert_eq!(warnings[0].code, "few-examples");
//! ```
mod actions;
mod check;
mod entities;
mod example;
mod flow;
mod intents;
mod load;
mod model;
pub mod phrase;
mod settings;
mod translations;
mod unused;
mod values;

pub use crate::schema::diagnostic;
pub use check::is_reserved;
pub use diagnostic::{Diagnostic, Diagnostics, OtherPlace, Severity, Source, summary};
pub use load::load;
pub use model::*;
