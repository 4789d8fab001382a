//! Answers of other systems as texts of ours, if they are such.
use std::collections::BTreeSet;

use bot_core::template::Text;

/// What became of an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// A text of ours.
    Text(String),
    /// Why it can't be one.
    Refused(String),
}

/// A text as it may be said, where only those slots have values.
pub fn check(text: &str, slots: &BTreeSet<String>) -> Answer {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() {
        return Answer::Refused("it is empty".to_owned());
    }
    match Text::new(text.clone()).check() {
        Err(_) => Answer::Refused("its `{ }` can't be read".to_owned()),
        Ok(names) => match names.roots.iter().find(|name| !slots.contains(*name)) {
            Some(unknown) => Answer::Refused(format!("nothing fills `{unknown}`")),
            None => Answer::Text(text),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_that_can_be_said_are_answers() {
        let slots = BTreeSet::from(["city".to_owned()]);
        for (text, want) in [
            (" To {{ city }}.\r\nFine.", Answer::Text("To {{ city }}.\nFine.".into())),
            ("Hi {{ name }}", Answer::Refused("nothing fills `name`".into())),
            ("{% x", Answer::Refused("its `{ }` can't be read".into())),
            (" ", Answer::Refused("it is empty".into())),
        ] {
            assert_eq!(check(text, &slots), want, "{text}");
        }
    }
}
