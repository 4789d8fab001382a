//! Names of other systems as names of ours: `greetings.bye` is `greetings_bye`. The other names are kept as they are.
use std::collections::BTreeSet;

use bot_core::catalog::is_reserved;

/// Keys of an intent, which would be read as such where only a list or a text stands under them.
const KEYS: [&str; 1] = ["bot"];

/// A label as the name of an intent: every other character than letters, digits and `_` becomes `_`, none at the ends.
///
/// Two labels may get the same name; [`Unique`] tells them apart.
pub fn intent(label: &str) -> String {
    let name = joined(label);
    if name.is_empty() {
        return "intent".to_owned();
    }
    if KEYS.contains(&name.as_str()) { format!("{name}_intent") } else { name }
}

/// The name of a slot or an entity: like [`intent`], not beginning with a digit and without a meaning of its own.
pub fn slot(label: &str) -> String {
    let name = joined(label);
    if name.is_empty() {
        "value".to_owned()
    } else if is_reserved(&name) {
        format!("{name}_value")
    } else if name.starts_with(|first: char| !first.is_alphabetic() && first != '_') {
        format!("_{name}")
    } else {
        name
    }
}

fn joined(label: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    if !label.is_empty() && label.chars().all(is_part) {
        return label.to_owned();
    }
    label.split(|c: char| !is_part(c)).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// A label in words, for people: `faq/ask_name` is "Faq ask name", `BookFlight` is "Book flight".
pub fn title(label: &str) -> String {
    let mut words = String::new();
    let mut previous = ' ';
    for character in label.chars() {
        let starts_word = character.is_uppercase() && previous.is_lowercase();
        let gap = !character.is_alphanumeric() || starts_word;
        if gap && !words.ends_with(' ') && !words.is_empty() {
            words.push(' ');
        }
        if character.is_alphanumeric() {
            if starts_word { words.extend(character.to_lowercase()) } else { words.push(character) }
        }
        previous = character;
    }
    let words = words.trim();
    let mut characters = words.chars();
    characters
        .next()
        .map_or_else(|| "Intent".to_owned(), |first| first.to_uppercase().chain(characters).collect())
}

/// Gives each name once: the second `a` is `a_2`. Case does not tell names apart where they are files.
#[derive(Debug, Default)]
pub struct Unique {
    taken: BTreeSet<String>,
    ignore_case: bool,
}

impl Unique {
    /// For names of files: `Refund` and `refund` are one file on some systems.
    pub fn files() -> Unique {
        Unique { taken: BTreeSet::new(), ignore_case: true }
    }

    /// That name, or the first free one made from it.
    pub fn take(&mut self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        let free = candidates.find(|candidate| self.taken.insert(self.key(candidate)));
        free.expect("one of endless many names is free")
    }

    fn key(&self, name: &str) -> String {
        if self.ignore_case { name.to_lowercase() } else { name.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_digits_and_underscores() {
        for (label, name, words) in [
            ("book_flight", "book_flight", "Book flight"),
            ("greetings.bye", "greetings_bye", "Greetings bye"),
            ("faq/ask_name", "faq_ask_name", "Faq ask name"),
            ("reverted_card_payment?", "reverted_card_payment", "Reverted card payment"),
            ("BookFlight", "BookFlight", "Book flight"),
            ("affirm+ask transport", "affirm_ask_transport", "Affirm ask transport"),
            ("12", "12", "12"),
            ("ATM_support", "ATM_support", "ATM support"),
            ("größe", "größe", "Größe"),
            ("???", "intent", "Intent"),
            ("bot", "bot_intent", "Bot"),
        ] {
            assert_eq!((intent(label).as_str(), title(label).as_str()), (name, words), "{label}");
        }
    }

    #[test]
    fn slots_can_be_used_in_expressions() {
        for (label, name) in [
            ("fromCity", "fromCity"),
            ("Web.Type", "Web_Type"),
            ("2nd", "_2nd"),
            ("customer", "customer_value"),
            ("-", "value"),
        ] {
            assert_eq!(slot(label), name);
        }
    }

    #[test]
    fn no_name_is_given_twice() {
        let mut unique = Unique::files();
        assert_eq!(["a", "A", "a", "a_2"].map(|name| unique.take(name)), ["a", "A_2", "a_3", "a_2_2"]);
    }
}
