//! What stands in a chat in the end, so that two runs can be compared.
use super::script::UNCHANGED;

/// Numbers count as equal: tickets, times and ids differ between runs.
pub fn without_numbers(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter.is_ascii_digit() {
            true if out.ends_with('0') => {}
            true => out.push('0'),
            false => out.push(letter),
        }
    }
    out
}

/// Whether `seen` is `expected` with at most so many messages standing there twice. What the bot has sent twice without knowing it
/// later changes in one place only.
pub fn is_same(seen: &[String], expected: &[String], repeated: usize) -> bool {
    if seen == expected {
        return true;
    }
    let masked = |lines: &[String]| lines.iter().map(|line| masked(line)).collect::<Vec<_>>();
    repeated > 0 && has_repetitions(&masked(seen), &masked(expected), repeated)
}

fn has_repetitions(seen: &[String], expected: &[String], repeated: usize) -> bool {
    let may_go = |at: usize| {
        let stays = UNCHANGED.contains(&seen[at].as_str());
        stays || seen.iter().filter(|line| **line == seen[at]).count() > 1
    };
    let without = |at: usize| {
        let mut rest = seen.to_vec();
        rest.remove(at);
        rest == expected || (repeated > 1 && has_repetitions(&rest, expected, repeated - 1))
    };
    seen == expected || (0..seen.len()).any(|at| may_go(at) && without(at))
}

/// Of two cards only the one that the bot knows of follows the ticket.
fn masked(line: &str) -> String {
    if is_card(line) { "a card".to_owned() } else { line.to_owned() }
}

fn is_card(line: &str) -> bool {
    line.contains("\n  reason ")
}

/// Two transcripts side by side, for people: what is missing begins with `-`, what is too much with `+`.
pub fn difference(seen: &[String], expected: &[String]) -> String {
    let missing =
        expected.iter().filter(|line| !seen.contains(line)).map(|line| format!("    - {line:.160}\n"));
    let more = seen.iter().filter(|line| {
        let count = |lines: &[String]| lines.iter().filter(|other| other == line).count();
        count(seen) > count(expected)
    });
    let more = more.map(|line| format!("    + {line:.160}\n"));
    let text: String = missing.chain(more).collect();
    if text.is_empty() { format!("    in another order: {seen:#?}\n") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_repetition_is_one() {
        let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let expected = lines("a b c");
        for (seen, repeated, same) in [
            ("a b c", 0, true),
            ("a b b c", 0, false),
            ("a b b c", 1, true),
            ("a b c b", 1, true),
            ("a b b b c", 1, false),
            ("a b", 1, false),
            ("a c b", 1, false),
            ("a b c d", 1, false),
        ] {
            assert_eq!(is_same(&lines(seen), &expected, repeated), same, "{seen}");
        }
    }

    #[test]
    fn numbers_count_as_equal() {
        assert_eq!(without_numbers("#12 at 10:04"), without_numbers("#7 at 9:15"));
    }
}
