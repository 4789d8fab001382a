//! Texts that the bot sends: cleaned, checked and marked as the server does it.
//!
//! Offsets count UTF-16 units of what was sent, before it is cleaned. What a bad format is answered with is TDLib's wording.
use serde_json::{Map, Value, json};

use super::super::answer::Refusal;
use super::super::parameters::Parameters;

/// Units of UTF-16 in a text.
const TEXT: usize = 4096;
/// Units of UTF-16 in a caption.
const CAPTION: usize = 1024;
/// Kinds of entities that a bot can ask for; others mean nothing.
const KINDS: [&str; 19] = [
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
];

/// A text and its format.
pub struct Text {
    pub text: String,
    pub entities: Vec<Value>,
}

/// The parameter `text`.
pub fn text(parameters: &Parameters, too_long: &str) -> Result<Text, Refusal> {
    let text = parameters.text("text").ok_or_else(|| Refusal::bad("message text is empty"))?;
    let text = formatted(&text, parameters, "entities")?;
    if text.text.is_empty() {
        return Err(Refusal::bad("text must be non-empty"));
    }
    short(text, TEXT, too_long)
}

/// The parameter `caption`; empty, if it isn't there.
pub fn caption(parameters: &Parameters) -> Result<Text, Refusal> {
    let text = parameters.text("caption").unwrap_or_default();
    short(formatted(&text, parameters, "caption_entities")?, CAPTION, "message caption is too long")
}

fn short(text: Text, most: usize, too_long: &str) -> Result<Text, Refusal> {
    if text.text.encode_utf16().count() > most { Err(Refusal::bad(too_long)) } else { Ok(text) }
}

fn formatted(text: &str, parameters: &Parameters, name: &str) -> Result<Text, Refusal> {
    let mode = parameters.text("parse_mode").unwrap_or_default().to_lowercase();
    if !["", "none", "markdown", "markdownv2", "html"].contains(&mode.as_str()) {
        return Err(Refusal::bad("unsupported parse_mode"));
    }
    let wanted = parameters.list(name)?.unwrap_or_default();
    let cleaned = Cleaned::of(text);
    let mut entities = Vec::new();
    for entity in &wanted {
        entities.extend(cleaned.entity(entity)?);
    }
    found(&cleaned.text, &mut entities);
    entities.sort_by_key(|entity| (entity["offset"].as_u64(), std::cmp::Reverse(entity["length"].as_u64())));
    Ok(Text { text: cleaned.text, entities })
}

/// What the server finds by itself, where nothing is marked.
fn found(text: &str, entities: &mut Vec<Value>) {
    let span = |entity: &Value| {
        let offset = entity["offset"].as_u64().unwrap_or_default();
        (offset, offset + entity["length"].as_u64().unwrap_or_default())
    };
    let marked: Vec<(u64, u64)> = entities.iter().map(span).collect();
    let free = |entity: &Value| {
        let (from, to) = span(entity);
        marked.iter().all(|(start, end)| to <= *start || *end <= from)
    };
    entities.extend(super::super::state::found(text).into_iter().filter(free));
}

/// A text without what the server takes away, and where each of its units has gone.
struct Cleaned {
    text: String,
    /// For each unit of what was sent: where it is now. `None` inside of a character.
    places: Vec<Option<usize>>,
}

impl Cleaned {
    fn of(sent: &str) -> Cleaned {
        let (mut text, mut places, mut at) = (String::new(), Vec::new(), 0);
        for (index, c) in sent.char_indices() {
            places.push(Some(at));
            places.extend((1..c.len_utf16()).map(|_| None));
            if let Some(kept) = kept(c, text.is_empty(), sent[index..].trim().is_empty()) {
                text.push(kept);
                at += kept.len_utf16();
            }
        }
        places.push(Some(at));
        Cleaned { text, places }
    }

    /// The entity where it is now; none, if nothing is left of it.
    fn entity(&self, entity: &Value) -> Result<Option<Value>, Refusal> {
        let Some(fields) = entity.as_object() else {
            return Err(Refusal::bad("can't parse MessageEntity: expected an Object"));
        };
        let (offset, length) = (number(fields, "offset")?, number(fields, "length")?);
        let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
        if length == 0 || !KINDS.contains(&kind) {
            return Ok(None);
        }
        let (from, to) =
            (self.place(offset, offset, "begins")?, self.place(offset, offset + length, "ends")?);
        let mut moved = fields.clone();
        moved.insert("offset".to_owned(), json!(from));
        moved.insert("length".to_owned(), json!(to - from));
        Ok((to > from).then_some(Value::Object(moved)))
    }

    fn place(&self, begin: usize, at: usize, does: &str) -> Result<usize, Refusal> {
        let middle = format!("entity {does} in a middle of a UTF-16 symbol at byte offset {at}");
        let after = format!(
            "entity beginning at UTF-16 offset {begin} {does} after the end of the text at UTF-16 offset {at}"
        );
        let place = self.places.get(at).ok_or_else(|| Refusal::bad(&after))?;
        place.ok_or_else(|| Refusal::bad(&middle))
    }
}

fn number(fields: &Map<String, Value>, name: &str) -> Result<usize, Refusal> {
    let value = fields.get(name).unwrap_or(&Value::Null);
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    let wrong =
        || Refusal::bad(&format!("can't parse MessageEntity: Field \"{name}\" must be a valid Number"));
    usize::try_from(number.ok_or_else(wrong)?).map_err(|_| wrong())
}

/// What the server makes of a character: blanks around the text go, as do carriage returns and characters that turn the direction
/// of writing; other control characters become blanks.
fn kept(c: char, first: bool, last: bool) -> Option<char> {
    let gone = matches!(c, '\r' | '\u{2028}'..='\u{202e}' | '\u{333}' | '\u{33f}' | '\u{30a}');
    let blank = c.is_whitespace() || c.is_control();
    if gone || blank && (first || last) {
        return None;
    }
    Some(if c.is_control() && c != '\n' { ' ' } else { c })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned_and_entities_go_with_them() {
        // The sent text, an entity in it as offset and length, and what is left of both.
        let cases = [
            ("  hello  ", (2, 5), "hello", Some((0, 5))),
            ("  hello  ", (0, 2), "hello", None),
            ("a\u{202e}b\rc", (0, 5), "abc", Some((0, 3))),
            ("a\u{0}b", (2, 1), "a b", Some((2, 1))),
            ("😀 x", (3, 1), "😀 x", Some((3, 1))),
        ];
        for (sent, (offset, length), text, wanted) in cases {
            let cleaned = Cleaned::of(sent);
            let entity =
                cleaned.entity(&json!({"type": "bold", "offset": offset, "length": length})).unwrap();
            let place =
                |entity: Value| (entity["offset"].as_i64().unwrap(), entity["length"].as_i64().unwrap());
            assert_eq!((cleaned.text.as_str(), entity.map(place)), (text, wanted), "{sent:?}");
        }
    }

    #[test]
    fn entities_beyond_the_text_or_inside_a_character_are_refused() {
        for (offset, length, wanted) in
            [(0, 9, "after the end"), (1, 2, "in a middle"), (0, 1, "in a middle")]
        {
            let entity = json!({"type": "bold", "offset": offset, "length": length});
            let refusal = Cleaned::of("😀 x").entity(&entity).unwrap_err();
            assert!(refusal.description.contains(wanted), "{}", refusal.description);
        }
    }
}
