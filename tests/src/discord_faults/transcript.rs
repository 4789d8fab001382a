//! What stands in a channel in the end, so that two runs can be compared.
use crate::discord::Shown;
use crate::discord::render::render;
use crate::faults::transcript::without_numbers;

/// What somebody writes, and answers; all other kinds are Discord's own words.
const WORDS: [u8; 2] = [0, 19];

/// What is read of a text, without its marks.
pub fn plain(text: &str) -> String {
    render(text).text
}

/// Messages in words: who, what it carries, its text as the app shows it, its buttons, what it answers, how it is marked. What only
/// one person sees is left out.
pub fn lines(chat: &[Shown]) -> Vec<String> {
    let seen = |shown: &&Shown| shown.only_for.is_none() && WORDS.contains(&shown.kind);
    chat.iter().filter(seen).map(|shown| line(shown, chat)).collect()
}

fn line(shown: &Shown, chat: &[Shown]) -> String {
    let mut line = format!("{}: ", shown.from);
    for file in &shown.files {
        line += &format!("[{file}] ");
    }
    line += &without_numbers(&plain(&shown.text));
    if !shown.labels().is_empty() {
        line += &format!(" {:?}", shown.labels());
    }
    if let Some(answered) = shown.reply_to {
        let text = chat.iter().find(|other| other.id == answered);
        let text = text.map_or("what is gone".to_owned(), |other| plain(&other.text));
        line += &format!(" (to: {:.30})", without_numbers(&text));
    }
    line += &shown.reactions.concat();
    line
}
