//! Finds values in a message: list values, patterns, numbers, money, dates, times, e-mail addresses …
//!
//! Numbers, dates, times and money follow the customer's language: English and German are read with their words, other
//! languages by digits and signs. What it is not: it does not know which question is open; whoever knows that asks for
//! an answer with [`Recognizer::find_answer`], which reads more leniently.
//!
//! ```
//! use bot_core::catalog::{BuiltinEntity, Entity, EntityKind, Origin};
//! use bot_core::entity::{Recognizer, Value};
//! use bot_core::text::{Language, Utterance};
//!
//! let kind = EntityKind::Builtin(BuiltinEntity::Date);
//! let date = Entity { name: "date".into(), kind, example: None, origin: Origin::default() };
//! let recognizer = Recognizer::from_entities(&[date]);
//!
//! let now = "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse()?;
//! let utterance = Utterance::new("it should come tomorrow", &Language::new("en"));
//! let found = recognizer.find(&utterance, &now);
//! assert_eq!(found[0].value, Value::Date("2026-11-24".parse()?));
//! assert_eq!(found[0].span.of(utterance.text()), "tomorrow");
//! # Ok::<(), jiff::Error>(())
//! ```
//!
//! Values are found in four ways:
//! - a list value by its words: folded, inflected, joined, split or mistyped (the module `list`);
//! - a pattern by its regular expression, on the message as typed;
//! - e-mail, phone and URL by regular expressions of our own (`contact`);
//! - everything else by small grammars over units of a `lexer` whose words have roles, from one table per language (`words`);
//!   they run only where a word hints at them (`hints`).
mod calendar;
mod clock;
mod contact;
mod date;
mod duration;
mod hints;
mod lexer;
mod list;
mod money;
mod name;
mod number;
mod recognizer;
mod value;
mod words;
mod yes_no;

#[cfg(test)]
mod tests;

pub use recognizer::Recognizer;
pub use value::Value;

use crate::catalog::EntityId;
use crate::text::Span;

/// A value and where it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityMatch {
    /// Which entity.
    pub entity: EntityId,
    /// Where, in the message as typed. It covers all that was read for the value: `ST-12345678`, though the value of the
    /// pattern's group is `12345678`.
    pub span: Span,
    /// What it means.
    pub value: Value,
}
