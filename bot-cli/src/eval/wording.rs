//! Sentences and numbers as people read them, shared by the text and the page.
use bot_core::engine::Decision;

use super::report::{Report, What};
use crate::paint::harmless;
use crate::problems::counted;

/// How the numbers came about.
pub fn explained(report: &Report) -> Vec<String> {
    match report.what() {
        What::File { .. } => Vec::new(),
        What::Folds { folds, .. } => vec![
            format!("Each is met by a bot that has never seen it: {folds} parts, held back in turn. Since good examples all differ,"),
            "the numbers are lower than with customers' messages (--test FILE). They are good for finding what to look at.".to_owned(),
        ],
    }
}

/// What the bot would do, in a word.
pub fn does(decision: Decision) -> &'static str {
    match decision {
        Decision::Act => "acts",
        Decision::Ask => "asks",
        Decision::NotUnderstood => "–",
    }
}

/// What one must know to read the numbers.
pub fn notes(report: &Report) -> Vec<String> {
    let taking_part = report.taking_part();
    let mut notes = Vec::new();
    if !taking_part.left_out.is_empty() {
        let names = taking_part.left_out.join(", ");
        notes.push(format!(
            "{} took no part: {names}; --builtins lets them",
            counted(taking_part.left_out.len(), "built-in intent")
        ));
    }
    if !taking_part.never.is_empty() {
        let (count, names) = (counted(taking_part.never.len(), "intent"), taking_part.never.join(", "));
        let cost = match report
            .predictions()
            .iter()
            .filter_map(|it| it.label)
            .filter(|id| !taking_part.has(*id))
            .count()
        {
            0 => String::new(),
            messages => format!("; {} of such an intent counted as wrong", counted(messages, "message")),
        };
        notes.push(format!(
            "{count} took no part, since `when` doesn't hold for a customer who has just come: {names}{cost}"
        ));
    }
    match report.what() {
        What::File { skipped: 0, .. } => {}
        What::File { skipped, .. } => {
            notes.push(format!("{} left out: they could not be read", counted(*skipped, "line")))
        }
        What::Folds { alone, unfilled, .. } => {
            if !alone.is_empty() {
                notes.push(format!(
                    "{} with a single example can't be measured: {}",
                    counted(alone.len(), "intent"),
                    alone.join(", ")
                ));
            }
            if *unfilled > 0 {
                notes.push(format!(
                    "{} left out: the entity of a slot has a pattern and no `example:` of its values",
                    counted(*unfilled, "example")
                ));
            }
        }
    }
    notes
}

/// "85.3 %".
pub fn percent(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

/// "-1.2 by typing errors".
pub fn lost(by: f64) -> String {
    format!("{:+.1} by typing errors", by * 100.0)
}

/// "15,000".
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// A message on one line, and not a whole letter.
pub fn short(text: &str) -> String {
    const MOST: usize = 100;
    let text = harmless(text).replace(['\n', '\t'], " ");
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (count, want) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(count), want);
        }
        assert_eq!((percent(Some(0.8534)).as_str(), percent(None).as_str()), ("85.3 %", "–"));
        assert_eq!(short(&"x".repeat(200)).chars().count(), 101);
    }
}
