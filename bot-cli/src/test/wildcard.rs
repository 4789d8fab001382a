//! Compares an expected text with one that was said: `*` stands for anything, blanks and quotation marks are all equal.

/// Whether the whole of `text` is what `pattern` expects.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (folded(pattern), folded(text));
    let (mut p, mut t) = (0, 0);
    // Where to go on if it turns out that the last `*` stands for one character more.
    let mut star = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == Some(&text[t]) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            (p, t) = (at + 1, taken + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Runs of blanks as one space, none at the ends; quotation marks straight.
fn folded(text: &str) -> Vec<char> {
    let mut folded: Vec<char> = Vec::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().map(straight));
    }
    folded
}

fn straight(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '′' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn expected_and_said() {
        for (pattern, text, want) in [
            ("Done.", "Done.", true),
            ("Done.", "done.", false),
            ("Done*", "Done. It is back.", true),
            ("Done*", "Done", true),
            ("*back*", "It is back\nin 3 days", true),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("a*b*c", "a b b c", true),
            ("a*b*c", "a c b", false),
            ("*ab", "aab", true),
            ("Refund * (* €)?", "Refund 1 (49.90 €)?", true),
            ("two  words\n", "two words", true),
            ("\"that's it\"", "“that’s it”", true),
            ("two * stars", "two ** stars", true),
        ] {
            assert_eq!(matches(pattern, text), want, "{pattern:?} {text:?}");
        }
    }
}
