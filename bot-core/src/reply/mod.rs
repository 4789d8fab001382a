//! What the bot says: texts chosen, filled and marked up, independent of any channel.
//!
//! What it is not: it does not decide what is said, and it does not know how a channel shows bold words.
mod markup;

use serde::{Deserialize, Serialize};

pub use markup::{Markup, Run};

/// Something the bot says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The text.
    pub text: Markup,
    /// What the customer may press.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
}

/// A button under a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Identifies the press within the conversation; at most 16 ASCII characters.
    pub id: String,
    /// What stands on it, plain text. A typed label is a press.
    pub label: String,
}

/// The variant to use after `last`: never the same twice in a row, and each comes round.
///
/// Chosen by turn and not at random, so that the same conversation reads the same everywhere.
pub(crate) fn next_variant(last: Option<usize>, count: usize) -> usize {
    last.map_or(0, |last| (last + 1) % count.max(1))
}
