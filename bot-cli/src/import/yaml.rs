//! Texts as a person would write them in YAML: plain where that is safe, else in quotes, several lines as a block.
//!
//! What it is not: it knows no keys.

/// Where a text stands: within `[ ]` commas and brackets have a meaning, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// A line of its own.
    Block,
    /// `[ ]` or `{ }`.
    Brackets,
}

/// A text in one line.
pub fn scalar(text: &str, within: Within) -> String {
    if is_plain(text, within) {
        text.to_owned()
    } else if !is_shown(text) || (text.contains(['"', '\\']) && text.contains('\'')) {
        escaped(text)
    } else if text.contains(['"', '\\']) {
        format!("'{text}'")
    } else {
        format!("\"{text}\"")
    }
}

/// A text that may have several lines, which then stand in a block with that indentation.
pub fn text(text: &str, indent: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let fits = |line: &&str| is_shown(line) && line.trim_end() == *line;
    let starts_well = text.starts_with(|first: char| !first.is_whitespace());
    if lines.len() < 2 || !starts_well || text.ends_with('\n') || !lines.iter().all(fits) {
        return scalar(text, Within::Block);
    }
    let pad = " ".repeat(indent);
    let indented =
        lines.iter().map(|line| if line.is_empty() { String::new() } else { format!("{pad}{line}") });
    format!("|-\n{}", indented.collect::<Vec<_>>().join("\n"))
}

fn is_plain(text: &str, within: Within) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    let inner = within == Within::Brackets && text.contains([',', '[', ']', '{', '}', '?', ':']);
    text.trim() == text
        && !first.is_whitespace()
        && !"-?:,[]{}#&*!|>'\"%@`=~.".contains(first)
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !inner
        && is_shown(text)
        && !is_trap(text)
}

/// What some reader of YAML takes for something other than a text.
fn is_trap(text: &str) -> bool {
    const WORDS: [&str; 10] = ["yes", "no", "true", "false", "on", "off", "y", "n", "null", "nan"];
    let lower = text.to_ascii_lowercase();
    let number = text.starts_with(|c: char| c.is_ascii_digit() || c == '+')
        && text.chars().all(|c| c.is_ascii_hexdigit() || "+-_.:xobTZ".contains(c));
    WORDS.contains(&lower.as_str()) || number
}

/// Whether each character may stand in YAML as it is, in one line.
fn is_shown(text: &str) -> bool {
    text.chars().all(|c| {
        !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
    })
}

fn escaped(text: &str) -> String {
    let mut escaped = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            c if is_shown(c.encode_utf8(&mut [0; 4])) => escaped.push(c),
            c => escaped.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
    escaped.push('"');
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_plain_where_that_is_safe() {
        for (text, written) in [
            ("where is my parcel?", "where is my parcel?"),
            ("it's 50 € (or so)", "it's 50 € (or so)"),
            ("no", "\"no\""),
            ("12", "\"12\""),
            ("1e3", "\"1e3\""),
            ("null", "\"null\""),
            ("2026-12-25", "\"2026-12-25\""),
            ("3 parcels", "3 parcels"),
            ("note: it's late", "\"note: it's late\""),
            ("order #12", "\"order #12\""),
            ("[x]", "\"[x]\""),
            (r"a \(b", r"a \(b"),
            (r"- a \(b", r"'- a \(b'"),
            (r#"- "it's""#, r#""- \"it's\"""#),
            ("'open'", "\"'open'\""),
            ("a\u{FFFF}", "\"a\\uFFFF\""),
            ("a: b\nc", "\"a: b\\nc\""),
        ] {
            assert_eq!(scalar(text, Within::Block), written);
        }
        assert_eq!(scalar("New York, NY", Within::Brackets), "\"New York, NY\"");
    }

    #[test]
    fn several_lines_are_a_block() {
        assert_eq!(text("one: 1\n\ntwo", 4), "|-\n    one: 1\n\n    two");
        assert_eq!(text(" one\ntwo", 4), "\" one\\ntwo\"");
        assert_eq!(text("one", 4), "one");
    }
}
