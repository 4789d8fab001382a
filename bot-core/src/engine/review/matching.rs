//! A text that a regular expression matches, as simple as it can be: `\bT-?\d{3}` to `T123`.
//!
//! What it is not: complete. What stands around a place (`\b`, `^`) is passed over, so the text has to be tried.
use regex_syntax::hir::{Class, Hir, HirKind};

/// Longer texts are no use to show.
const MOST_LETTERS: usize = 100;

/// A text that the expression probably matches.
pub(super) fn text(expression: &str) -> Option<String> {
    let hir = regex_syntax::parse(expression).ok()?;
    let mut text = String::new();
    write(&hir, &mut text).then_some(text).filter(|text| !text.is_empty())
}

fn write(hir: &Hir, text: &mut String) -> bool {
    if text.len() > MOST_LETTERS {
        return false;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(literal) => {
                text.push_str(literal);
                true
            }
            Err(_) => false,
        },
        HirKind::Class(class) => match letter(class, text.len()) {
            Some(letter) => {
                text.push(letter);
                true
            }
            None => false,
        },
        HirKind::Repetition(repeated) => (0..repeated.min).all(|_| write(&repeated.sub, text)),
        HirKind::Capture(group) => write(&group.sub, text),
        HirKind::Concat(parts) => parts.iter().all(|part| write(part, text)),
        HirKind::Alternation(choices) => choices.first().is_some_and(|choice| write(choice, text)),
    }
}

/// A letter of a class: a digit if it may be, counting on, else the most usual.
fn letter(class: &Class, at: usize) -> Option<char> {
    let digit = char::from_digit((at % 9 + 1) as u32, 10)?;
    let usual = [digit, '1', 'A', 'a', ' ', '-'];
    let Class::Unicode(class) = class else {
        return usual.into_iter().find(|letter| letter.is_ascii_digit());
    };
    let has = |letter: &char| class.iter().any(|range| range.start() <= *letter && *letter <= range.end());
    usual.into_iter().find(has).or_else(|| class.iter().next().map(|range| range.start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simple_text_is_made_of_an_expression() {
        for (expression, expected) in [
            (r"\bT\d{3}\b", Some("T234")),
            (r"\b(?:ST-?)?(\d{8})\b", Some("12345678")),
            (r"(?i)[a-z]{2}[0-9]+|x", Some("AA3")),
            (r"ref(und|erence) \w+", Some("refund 8")),
            (r"\d{500}", None),
            (r"\b", None),
        ] {
            assert_eq!(text(expression).as_deref(), expected, "{expression}");
        }
    }
}
