//! An example as a tree: what `how (much|expensive) is [the] shipping to {country}` accepts.
use super::EntityId;

/// A compiled example. Fragments are already put in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Its parts, one after the other.
    pub parts: Vec<Part>,
}

/// A part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain words, as the author wrote them.
    Words(String),
    /// `{slot}`: a value of that slot.
    Slot {
        /// The slot's name.
        name: String,
        /// What its values look like.
        entity: EntityId,
    },
    /// `[x]`: may be left out.
    Optional(Phrase),
    /// `(a|b)`: one of them.
    Choice(Vec<Phrase>),
}

/// A part of one sentence that a phrase accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain words.
    Words(String),
    /// A value of a slot.
    Slot {
        /// The slot's name.
        name: String,
        /// What its values look like.
        entity: EntityId,
    },
}
