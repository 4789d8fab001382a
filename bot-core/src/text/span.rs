//! Places in a message.
use serde::{Deserialize, Serialize};

/// A place in the message as typed: byte offsets, `start` included, `end` excluded, both on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The length in bytes; 0 for a span that ends before it starts.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether the other lies within it.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether they share a byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// What stands there; empty if the span does not fit the text, as when it belongs to another message.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Span {
        Span { start: range.start, end: range.end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_compare_by_the_bytes_they_cover() {
        let span = |start, end| Span { start, end };
        assert!(span(0, 4).overlaps(span(3, 5)) && !span(0, 4).overlaps(span(4, 5)));
        assert!(!span(2, 2).overlaps(span(0, 4)), "an empty span shares nothing");
        assert!(span(0, 4).contains(span(1, 4)) && !span(1, 4).contains(span(0, 4)));
        assert_eq!((span(3, 1).len(), span(1, 3).len()), (0, 2));
    }

    #[test]
    fn a_span_of_another_message_covers_nothing() {
        for (start, end) in [(0, 99), (1, 2), (3, 1), (50, 60)] {
            assert_eq!(Span { start, end }.of("é!"), "", "{start}..{end}");
        }
        assert_eq!(Span { start: 0, end: 2 }.of("é!"), "é");
    }
}
