//! Sentences as examples: without what nobody sees, and with the signs escaped that mean something in an example.

/// A sentence in one line: runs of spaces, line ends and control characters are one space; a byte order mark is nothing.
pub fn clean(text: &str) -> String {
    let visible = text.replace('\u{FEFF}', "");
    let parts = visible.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// Words between slots: like [`clean`], but a space at an end stays.
pub fn clean_part(words: &str) -> String {
    let ends = |edge: Option<char>| edge.is_some_and(|c| c.is_whitespace() || c.is_control());
    let inner = clean(words);
    if inner.is_empty() {
        return if words.is_empty() { String::new() } else { " ".to_owned() };
    }
    let before = if ends(words.chars().next()) { " " } else { "" };
    let behind = if ends(words.chars().next_back()) { " " } else { "" };
    format!("{before}{inner}{behind}")
}

/// Words that stand for themselves in an example. A `>` alone has no meaning there.
pub fn escape(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for character in words.chars() {
        if matches!(character, '[' | ']' | '(' | ')' | '|' | '{' | '}' | '<' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Whether the bot sees anything in it: a word, a number, an emoji.
pub fn has_words(text: &str) -> bool {
    !bot_core::text::squash(text).is_empty()
}

/// The first characters of a text, for a note.
pub fn short(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("“{}…”", cut.trim_end()) } else { format!("“{cut}”") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_one_line_of_what_is_seen() {
        assert_eq!(clean("\u{FEFF} a\t b\r\nc\u{7}d  "), "a b c d");
        assert_eq!(escape(r"a [b] (c|d) {e} <f> \ g"), r"a \[b\] \(c\|d\) \{e\} \<f> \\ g");
        assert_eq!(clean_part("  to \t the\n"), " to the ");
        assert!(has_words("👍") && !has_words("?!"));
    }
}
