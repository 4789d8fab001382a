//! What the description says in prose about texts: the only one, the only ones, how long.
use serde_json::Value;

/// What is wrong with a text by what is said of it; of other values nothing is said.
pub(super) fn complaint(value: &Value, said: &str) -> Option<String> {
    let text = value.as_str()?;
    if let Some(only) = constant(said) {
        return (text != only).then(|| format!("\"{text}\" where \"{only}\" is expected"));
    }
    let among = choices(said);
    if !among.is_empty() && !among.contains(&text) {
        return Some(format!("\"{text}\", which is none of {}", among.join(", ")));
    }
    too_long(text, said)
}

/// The only text that there may be: `Type of the message origin, always "user"`, `Scope type, must be chat`.
pub(super) fn constant(said: &str) -> Option<&str> {
    if let Some((_, rest)) = said.split_once("always \"") {
        return rest.split('"').next();
    }
    let (_, only) = said.split_once("must be ")?;
    only.chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        .then_some(only)
}

/// The only texts that there may be: `can be either "private", "group", "supergroup" or "channel"`.
fn choices(said: &str) -> Vec<&str> {
    let begin = ["an be \"", "an be either \"", "one of \""].iter().find_map(|begin| said.find(begin));
    // Every other piece is between quotation marks.
    begin.map_or_else(Vec::new, |begin| said[begin..].split('"').skip(1).step_by(2).collect())
}

/// `1-4096 characters after entities parsing` (which count in UTF-16), `1-64 bytes`.
fn too_long(text: &str, said: &str) -> Option<String> {
    let words: Vec<&str> = said.split_whitespace().collect();
    words.windows(2).find_map(|pair| {
        let (low, high) = pair[0].split_once('-')?;
        let (low, high) = (low.parse::<usize>().ok()?, high.parse::<usize>().ok()?);
        let (unit, length) = match pair[1].trim_end_matches(|c: char| !c.is_alphabetic()) {
            "characters" => ("characters", text.encode_utf16().count()),
            "bytes" => ("bytes", text.len()),
            _ => return None,
        };
        (!(low..=high).contains(&length)).then(|| format!("{length} {unit} where {low}-{high} are expected"))
    })
}
