//! Text as customers write it: normalised, cut into tokens, stemmed; every token keeps its place in the message as typed.
//!
//! What it is not: it knows no intents and no entities, and it never changes the message itself.
//!
//! ```
//! use bot_core::text::{Language, Utterance, squash};
//!
//! let utterance = Utterance::new("Where's my RÉFUND? 👍", &Language::new("en-GB"));
//! let words: Vec<&str> = utterance.tokens().iter().map(|token| token.word.as_str()).collect();
//! assert_eq!(words, ["wheres", "my", "refund", "👍"]);
//! assert_eq!(utterance.tokens()[2].span.of(utterance.text()), "RÉFUND");
//! assert_eq!(squash("E-Mail!"), squash("email"));
//! ```
mod cluster;
mod fold;
mod irregular;
mod korean;
mod language;
mod memo;
mod script;
mod segment;
mod span;
mod spelling;
mod stem;
mod stopwords;
mod utterance;

pub use fold::fold;
pub use language::{Language, detect, detect_surely};
pub use span::Span;
pub(crate) use stem::is_stemmed;
pub(crate) use stopwords::is_stopword;
pub use utterance::{Token, Utterance, squash};

/// How many characters of a message are read: tokens and values are found in the first 4,000, what follows is kept but
/// not looked at.
///
/// Telegram's longest message has 4,096 characters and Discord's 2,000, so only pasted logs are longer. 1,000
/// case-insensitive patterns over 4,000 characters took 206 ms; a hundred times that would be a way to stop the bot.
pub const READ_LIMIT: usize = 4_000;

/// The part of a message that is read: its first [`READ_LIMIT`] characters.
pub fn readable(text: &str) -> &str {
    // A text has no more characters than bytes.
    if text.len() <= READ_LIMIT {
        return text;
    }
    match text.char_indices().nth(READ_LIMIT) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
