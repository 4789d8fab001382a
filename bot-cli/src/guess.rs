//! "Did you mean …?" for names that were mistyped.

/// The known name that was probably meant: at most a third of it is different.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (typed.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(typed, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// The sentence for it, if there is a guess.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(typed, known).map(|name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let known = ["user", "bot", "press", "wait", "intent"];
        for (typed, want) in [
            ("usr", Some("user")),
            ("pres", Some("press")),
            ("intnet", Some("intent")),
            ("bto", Some("bot")),
            ("customer", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, known), want, "{typed}");
        }
    }
}
