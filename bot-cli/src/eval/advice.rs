//! What to do about what was found, in plain words. Pure: names and counts in, a sentence out.
use super::confusions::{Confusion, FEW, Weak};
use super::report::Report;

/// What to do about a confusion.
pub fn for_confusion(report: &Report, confusion: &Confusion) -> String {
    let name = |intent| format!("`{}`", report.name(intent));
    match (confusion.right, confusion.taken) {
        (Some(right), None) => {
            format!("nothing in it is known: give {} examples in these words", name(right))
        }
        (None, Some(taken)) => format!("write it under `not` of {}, or make an intent of it", name(taken)),
        (None, None) => String::new(),
        (Some(right), Some(taken)) => {
            let (right, taken) = (name(right), name(taken));
            if confusion.reverse > 1 && confusion.messages.len() > 1 {
                return format!(
                    "each is taken for the other: if they get the same answer, join them, and let a `choose` ask which; \
                     if not, give both examples that only they could have"
                );
            }
            match confusion.words.as_slice() {
                [] => format!("give {right} an example in these words"),
                [first, ..] => format!(
                    "give {right} more examples with “{first}”; if such a sentence never means {taken}, write it under its `not`"
                ),
            }
        }
    }
}

/// What to do about an intent that is not found.
pub fn for_weak(report: &Report, weak: &Weak) -> String {
    let lost_to = report.confusions.iter().find(|it| it.right == Some(weak.intent)).and_then(|it| it.taken);
    match (weak.examples, lost_to) {
        (examples, _) if examples < FEW => format!("write at least {}, all in different words", 2 * FEW),
        (_, Some(other)) => {
            format!("most often taken for `{}`: add examples that differ from that one's", report.name(other))
        }
        (_, None) => "add examples in other words".to_owned(),
    }
}
