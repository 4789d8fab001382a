//! What the bot says: texts chosen, filled and marked up, independent of any channel.
//!
//! What it is not: it does not decide what is said.
use serde::{Deserialize, Serialize};

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

/// A text with **bold**, *italic*, `code` and [links](https://…); `\` takes the meaning off the next character. Values
/// that were put into it are escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Markup(pub String);
