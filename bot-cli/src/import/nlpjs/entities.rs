//! The key `entities`: lists of words, regular expressions, and rules by position.
use std::collections::BTreeMap;

use bot_core::catalog::BuiltinEntity;
use serde_json::Value as Json;

use super::slots::Slots;
use crate::import::draft::{Entity, Kind, Place};
use crate::import::names;
use crate::import::notes::{Notes, Topic};
use crate::import::pattern;
use crate::import::values::Values;

/// What nlp.js finds by itself, and what finds it here.
const BUILTIN: [(&str, BuiltinEntity); 16] = [
    ("number", BuiltinEntity::Number),
    ("date", BuiltinEntity::Date),
    ("datetime", BuiltinEntity::Date),
    ("daterange", BuiltinEntity::Date),
    ("time", BuiltinEntity::Time),
    ("timerange", BuiltinEntity::Time),
    ("duration", BuiltinEntity::Duration),
    ("email", BuiltinEntity::Email),
    ("phonenumber", BuiltinEntity::Phone),
    ("phone", BuiltinEntity::Phone),
    ("url", BuiltinEntity::Url),
    ("currency", BuiltinEntity::Money),
    ("money", BuiltinEntity::Money),
    ("boolean", BuiltinEntity::YesNo),
    ("person", BuiltinEntity::PersonName),
    ("text", BuiltinEntity::Text),
];

/// The built-in entity that stands for one of nlp.js's.
pub fn builtin(name: &str) -> Option<BuiltinEntity> {
    let lower = name.to_lowercase();
    BUILTIN.iter().find(|(theirs, _)| *theirs == lower).map(|(_, ours)| *ours)
}

/// The entities of a corpus, by nlp.js's name.
#[derive(Debug, Default)]
pub struct Entities(BTreeMap<String, Kind>);

impl Entities {
    /// Whether the corpus has one of that name, with words or a pattern.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Adds what stands under `entities`.
    pub fn add(&mut self, entities: Option<&Json>, language: &str, at: &Place, notes: &mut Notes) {
        for (name, entity) in entities.and_then(Json::as_object).into_iter().flatten() {
            let at = at.below(&format!(".{name}"));
            if let Some(kind) = kind(name, entity, language, &at, notes) {
                self.0.insert(name.clone(), kind);
            }
        }
    }

    /// As ours, with a copy for each numbered slot that nothing asks for.
    pub fn list(&self, used: &Slots<'_>, notes: &mut Notes) -> Vec<Entity> {
        let mut list = Vec::new();
        for (name, kind) in &self.0 {
            let ours = own_name(name);
            for (copy, at) in used.copies(name) {
                notes.add(Topic::Copied, at, format!("`{copy}` of `{ours}`"));
                list.push(Entity { name: copy.to_owned(), kind: kind.clone() });
            }
            list.push(Entity { name: ours, kind: kind.clone() });
        }
        list
    }
}

/// The name here of an entity that the corpus describes. Those of the built-in ones are taken.
pub fn own_name(name: &str) -> String {
    let slot = names::slot(name);
    let taken = BuiltinEntity::ALL.iter().any(|builtin| builtin.name() == slot);
    if taken { format!("my_{slot}") } else { slot }
}

fn kind(name: &str, entity: &Json, language: &str, at: &Place, notes: &mut Notes) -> Option<Kind> {
    if entity.get("trim").is_some() {
        notes.add(Topic::AnyWords, at, format!("`{name}`: nlp.js finds it by the words around it (`trim`); here an example with its slot does"));
    }
    let regexes = regexes(entity);
    if let Some(options) = entity.get("options") {
        if !regexes.is_empty() {
            notes.add(
                Topic::Pattern,
                at,
                format!("`{name}` has words, too, and those were taken: {}", regexes.join(" ")),
            );
        }
        return list(options, language, at, notes);
    }
    if regexes.is_empty() {
        if entity.get("trim").is_none() {
            notes.add(Topic::Unreadable, at, format!("`{name}` has no `options`, `regex` or `trim`"));
        }
        return None;
    }
    if let Some(builtin) = builtin(name) {
        let text =
            format!("`{name}` is built in here, as `{}`: it is found without an expression", builtin.name());
        notes.add(Topic::Pattern, at, text);
        return None;
    }
    let plain: Vec<String> = regexes.iter().map(|regex| without_slashes(regex)).collect();
    match pattern::compile(&plain.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok((pattern, _)) => Some(Kind::Pattern(pattern)),
        Err(why) => {
            notes.add(Topic::Pattern, at, format!("`{name}`: {why}: {}", regexes.join(" ")));
            None
        }
    }
}

/// `"/…/gi"`, `{ "regex": "…" }` or `{ "regex": ["…"] }`.
fn regexes(entity: &Json) -> Vec<&str> {
    match entity.get("regex").unwrap_or(entity) {
        Json::String(one) if !one.trim().is_empty() => vec![one],
        Json::Array(several) => several.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

/// `/…/gis` as the `regex` crate writes it. Case does not count here, and all places are looked at, anyway.
fn without_slashes(regex: &str) -> String {
    let inner = regex.trim().strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
    let Some((inner, flags)) = inner else { return regex.to_owned() };
    let flags: String = flags.chars().filter(|flag| matches!(flag, 's' | 'm')).collect();
    let inner = inner.replace(r"\/", "/");
    if flags.is_empty() { inner } else { format!("(?{flags}){inner}") }
}

/// `{ "s": ["small", "S"] }`; the words may stand under their language.
fn list(options: &Json, language: &str, at: &Place, notes: &mut Notes) -> Option<Kind> {
    let mut values = Values::default();
    for (value, words) in options.as_object().into_iter().flatten() {
        let at = at.below(&format!(".options.{value}"));
        let words = words.get(language).or_else(|| words.get("texts")).unwrap_or(words);
        let words: Vec<&str> =
            words.as_array().map_or_else(Vec::new, |words| words.iter().filter_map(Json::as_str).collect());
        if words.is_empty() {
            notes.add(Topic::Value, &at, format!("`{value}` has no words in `{language}`"));
        }
        for word in words {
            if let Err(refused) = values.add(value, word) {
                refused.note(&at, word, notes);
            }
        }
    }
    values.is_open().then(|| Kind::Values(values.into_list()))
}
