//! The words of JSON Schema that are understood here: with any other, what it demands would be passed over without a word.
use serde_json::Value;

/// Those that demand something.
const DEMANDS: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "not",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
    "uniqueItems",
];
/// Those that don't; bytes are not looked into.
const WORDS: &[&str] =
    &["contentEncoding", "default", "deprecated", "description", "example", "title", "x-discord-union"];

/// # Panics
/// A schema of these says something else.
pub(super) fn all_known<'a>(schemas: impl Iterator<Item = &'a Value>) {
    schemas.for_each(known);
}

/// The schemas within operations: those of parameters and bodies.
pub(super) fn within(paths: &Value) -> Vec<&Value> {
    let inner: Box<dyn Iterator<Item = &Value>> = match paths {
        Value::Object(fields) => Box::new(fields.values()),
        Value::Array(elements) => Box::new(elements.iter()),
        _ => return Vec::new(),
    };
    paths.get("schema").into_iter().chain(inner.flat_map(within)).collect()
}

fn known(schema: &Value) {
    let Some(schema) = schema.as_object() else { return };
    for (word, value) in schema {
        let is_known = DEMANDS.contains(&word.as_str()) || WORDS.contains(&word.as_str());
        assert!(is_known, "the description says {word:?}, which is not understood here: {value:.200}");
        match (word.as_str(), value) {
            ("properties", Value::Object(fields)) => fields.values().for_each(known),
            ("allOf" | "anyOf" | "oneOf" | "items", Value::Array(schemas)) => schemas.iter().for_each(known),
            ("additionalProperties" | "items" | "not", schema) => known(schema),
            _ => {}
        }
    }
}
