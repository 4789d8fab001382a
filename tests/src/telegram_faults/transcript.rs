//! What stands in a chat in the end, so that two runs can be compared.
use crate::faults::transcript::without_numbers;
use crate::telegram::Shown;

/// Messages in words: who, what it carries, its text, its buttons, what it answers, how it is marked. Numbers count as equal:
/// tickets, times and ids differ between runs.
pub fn lines(chat: &[Shown]) -> Vec<String> {
    let seen = |shown: &&Shown| shown.service.is_none();
    chat.iter().filter(seen).map(|shown| line(shown, chat)).collect()
}

fn line(shown: &Shown, chat: &[Shown]) -> String {
    let mut line = format!("{}: ", shown.from);
    if let Some(media) = &shown.media {
        line += &format!("[{media}] ");
    }
    line += &without_numbers(&shown.text);
    if !shown.buttons.is_empty() {
        line += &format!(" {:?}", shown.labels());
    }
    if let Some(answered) = shown.reply_to {
        let text = chat.iter().find(|other| other.id == answered).map_or("what is gone", |other| &other.text);
        line += &format!(" (to: {:.30})", without_numbers(text));
    }
    line += shown.reaction.as_deref().unwrap_or_default();
    line
}
