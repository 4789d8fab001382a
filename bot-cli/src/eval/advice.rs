//! What to do about what was found, in plain words. Pure: names and counts in, a sentence out.
use super::confusions::Confusion;
use super::report::Report;

/// What to do about a confusion.
pub fn for_confusion(report: &Report, confusion: &Confusion) -> String {
    let name = |intent| format!("`{}`", report.name(intent));
    match (confusion.right, confusion.taken) {
        (Some(right), None) => {
            format!("nothing in it is known: write examples of {} in these words", name(right))
        }
        (None, Some(taken)) => format!("write it under `not` of {}, or make an intent of it", name(taken)),
        (None, None) => String::new(),
        (Some(right), Some(taken)) => {
            let (right, taken) = (name(right), name(taken));
            if is_one_topic(report, confusion) {
                return format!(
                    "are {right} and {taken} one topic? Then join them, and let a `choose` ask which is meant"
                );
            }
            match confusion.words.first() {
                Some(word) => format!("write more examples of {right} with “{word}”"),
                None => format!("write an example of {right} in these words"),
            }
        }
    }
}

/// What helps against any confusion.
pub const FOR_CONFUSIONS: &str = "a sentence that never means an intent can stand under its `not`";

/// Whether the two are taken for each other so often that customers can hardly tell them apart either.
fn is_one_topic(report: &Report, confusion: &Confusion) -> bool {
    let many = |count: usize, intent| count >= 2 && count * 6 >= report.messages_of(intent);
    many(confusion.messages.len(), confusion.right) && many(confusion.reverse, confusion.taken)
}

/// What to do about intents that are not found.
pub const FOR_WEAK: &str =
    "for each way of saying it, write a second example in similar words; ten in all, at least";
