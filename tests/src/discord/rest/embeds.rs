//! Embeds: how much they may hold.
use serde_json::{Value, json};

use crate::discord::answer::Form;

/// Embeds of a message, fields of one, and characters of all together.
const MOST: usize = 10;
const FIELDS: usize = 25;
const ALL: usize = 6000;

/// The embeds of a message as the API shows them.
pub fn checked(value: &Value, form: &mut Form) -> Vec<Value> {
    let Some(embeds) = value.as_array() else { return Vec::new() };
    if embeds.len() > MOST {
        form.bad_length("embeds", 0, MOST);
    }
    let mut characters = 0;
    let checked = embeds.iter().enumerate().map(|(index, embed)| {
        characters += one(embed, &format!("embeds.{index}"), form);
        rich(embed)
    });
    let checked = checked.collect();
    if characters > ALL {
        let text = format!("Embed size exceeds maximum size of {ALL}");
        form.wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", &text);
    }
    checked
}

/// Checks one; returns its characters.
fn one(embed: &Value, path: &str, form: &mut Form) -> usize {
    let limits = [("/title", 256), ("/description", 4096), ("/footer/text", 2048), ("/author/name", 256)];
    let mut characters = 0;
    for (pointer, most) in limits {
        let text = embed.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        characters += text.chars().count();
        form.length(&format!("{path}{}", pointer.replace('/', ".")), text, 0, most);
    }
    let fields = embed["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    if fields.len() > FIELDS {
        form.bad_length(&format!("{path}.fields"), 0, FIELDS);
    }
    for (index, field) in fields.iter().enumerate() {
        for (name, most) in [("name", 256), ("value", 1024)] {
            let text = field[name].as_str().unwrap_or_default();
            characters += text.chars().count();
            form.length(&format!("{path}.fields.{index}.{name}"), text, 1, most);
        }
    }
    characters
}

/// With its type, and without what is null.
fn rich(embed: &Value) -> Value {
    let mut rich = json!({"type": "rich"});
    for (name, value) in embed.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        rich[name] = value.clone();
    }
    rich["type"] = json!("rich");
    rich
}
