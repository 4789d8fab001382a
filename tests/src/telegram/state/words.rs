//! What the server finds in a text by itself: commands, mentions, hashtags, links.
use serde_json::{Value, json};

/// The entities that the server adds to a text, in UTF-16 units.
pub fn entities(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        if let Some((kind, length)) = kind(word.trim_end()) {
            found.push(json!({"type": kind, "offset": units(&text[..start]), "length": length}));
        }
        start += word.len();
    }
    found
}

/// The length of a text in UTF-16 units.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn kind(word: &str) -> Option<(&'static str, usize)> {
    let name = |start: usize, also: &str| {
        let rest = word.get(start..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && !also.contains(c));
        end.unwrap_or(rest.len())
    };
    let sized = |kind, length: usize, least: usize| (length >= least).then_some((kind, length + 1));
    match word.chars().next()? {
        '/' => sized("bot_command", name(1, "@"), 1),
        '@' => sized("mention", name(1, ""), 4),
        '#' => sized("hashtag", name(1, ""), 1),
        _ if word.starts_with("https://") || word.starts_with("http://") => {
            Some(("url", units(word.trim_end_matches(['.', ',', '!', '?', ')']))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_mentions_and_links_are_found() {
        let cases = [
            ("/start abc", "bot_command 0 6"),
            ("😀 /help@shop_bot", "bot_command 3 14"),
            ("ask @nobody1, please", "mention 4 8"),
            ("see https://example.org/a.", "url 4 21"),
            ("#late", "hashtag 0 5"),
            ("1/2 and a@b", ""),
        ];
        for (text, wanted) in cases {
            let found: Vec<String> = entities(text)
                .iter()
                .map(|e| format!("{} {} {}", e["type"].as_str().unwrap(), e["offset"], e["length"]))
                .collect();
            assert_eq!(found.join(", "), wanted, "{text}");
        }
    }
}
