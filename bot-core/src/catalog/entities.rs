//! The kinds of values: the built-in ones, and the folder's.
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use regex::{Regex, RegexBuilder};

use super::load::{origin, unique};
use super::{BuiltinEntity, Entity, EntityId, EntityKind, ListValue, Origin};
use crate::schema::read::{Words, unknown};
use crate::schema::report::Report;
use crate::schema::written::{self, Contents};

/// Bytes of a compiled regular expression. A pattern that support staff writes takes under 100 KB; `(\w{50}){50}` takes more
/// than this allows.
const PATTERN_SIZE: usize = 1 << 20;

pub(super) struct Entities {
    list: Vec<Entity>,
    ids: BTreeMap<String, EntityId>,
    used: RefCell<BTreeSet<EntityId>>,
}

impl Entities {
    pub fn compile(report: &Report, contents: &[Contents]) -> Entities {
        let mut list: Vec<Entity> = BuiltinEntity::ALL.into_iter().map(builtin).collect();
        let written = contents.iter().flat_map(|contents| &contents.entities);
        let unique = unique(report, "the entity", written, |entity| &entity.name);
        let mut own: Vec<&written::Entity> = unique.into_values().collect();
        own.sort_by_key(|entity| entity.name.place);
        list.extend(own.into_iter().filter_map(|entity| compile(report, entity)));
        let ids =
            list.iter().enumerate().map(|(index, entity)| (entity.name.clone(), EntityId(index as u32)));
        Entities { ids: ids.collect(), list, used: RefCell::default() }
    }

    /// The entity of that name, which is thereby used.
    pub fn named(&self, name: &str) -> Option<EntityId> {
        let id = *self.ids.get(name)?;
        self.used.borrow_mut().insert(id);
        Some(id)
    }

    /// The entity of a slot without a `type`: the one of its name, else `text`.
    pub fn of_slot(&self, slot: &str) -> EntityId {
        self.named(slot).unwrap_or(BuiltinEntity::Text.id())
    }

    /// The entity a `type` names; what is none is reported.
    pub fn of_type(&self, report: &Report, name: &Words) -> EntityId {
        self.named(&name.text).unwrap_or_else(|| {
            let known = self.list.iter().map(|entity| entity.name.as_str());
            let message = format!("there is no entity `{}`", name.text);
            unknown(
                report,
                "unknown-entity",
                name.place,
                message,
                &name.text,
                known,
                "write it under `entities:`",
            );
            BuiltinEntity::Text.id()
        })
    }

    pub fn is_used(&self, name: &str) -> bool {
        self.ids.get(name).is_none_or(|id| self.used.borrow().contains(id))
    }

    pub fn into_list(self) -> Vec<Entity> {
        self.list
    }
}

fn builtin(kind: BuiltinEntity) -> Entity {
    let origin = Origin { file: "built-in".into(), ..Origin::default() };
    Entity { name: kind.name().into(), kind: EntityKind::Builtin(kind), example: None, origin }
}

fn compile(report: &Report, written: &written::Entity) -> Option<Entity> {
    let name = &written.name;
    if BuiltinEntity::ALL.iter().any(|builtin| builtin.name() == name.text) {
        let message = format!("`{}` is an entity that every bot has", name.text);
        report.error(
            name.place,
            "duplicate-name",
            message,
            format!("take another name, such as `my_{}`", name.text),
        );
        return None;
    }
    let kind = match (&written.pattern, &written.values) {
        (Some(pattern), None) => self::pattern(report, pattern).map(EntityKind::Pattern),
        (None, Some(values)) => Some(EntityKind::List(list(report, values))),
        (Some(pattern), Some(_)) => {
            let message =
                format!("the entity `{}` has a `pattern` and `values`; one of them is enough", name.text);
            report.error(pattern.place, "wrong-type", message, "make two entities of it".to_owned());
            None
        }
        (None, None) => {
            let message = format!("the entity `{}` has neither `pattern` nor `values`", name.text);
            let help = "write `values: { small: [small, S] }` for a list of words, or a `pattern`".to_owned();
            report.error(name.place, "missing-key", message, help);
            None
        }
    };
    // A broken one stays known, so that it is not reported as unknown as well.
    let kind = kind.unwrap_or(EntityKind::List(Vec::new()));
    let example = written.example.as_ref().map(|example| example.text.clone());
    Some(Entity { name: name.text.clone(), kind, example, origin: origin(report, name.place) })
}

fn list(report: &Report, values: &[(Words, Vec<Words>)]) -> Vec<ListValue> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (value, words) in values {
        for word in words {
            match seen.insert(word.text.to_lowercase(), &value.text) {
                Some(other) if other != value.text => {
                    let message = format!("`{}` stands for both `{other}` and `{}`", word.text, value.text);
                    report.warning(
                        word.place,
                        "duplicate-name",
                        message,
                        "take it out of one of them".to_owned(),
                    );
                }
                _ => {}
            }
        }
    }
    let words = |value: &Words, words: &[Words]| {
        if words.is_empty() {
            vec![value.text.clone()]
        } else {
            words.iter().map(|word| word.text.clone()).collect()
        }
    };
    values
        .iter()
        .map(|(value, list)| ListValue { value: value.text.clone(), words: words(value, list) })
        .collect()
}

/// A regular expression, case-insensitive; what is none is reported.
pub(super) fn pattern(report: &Report, words: &Words) -> Option<Regex> {
    if words.text.contains('\u{8}') {
        let message = "in double quotes, `\\b` is no word boundary but a control character";
        let help = format!("use single quotes: `'{}'`", words.text.replace('\u{8}', "\\b"));
        report.error(words.place, "pattern", message, help);
        return None;
    }
    match RegexBuilder::new(&words.text).case_insensitive(true).size_limit(PATTERN_SIZE).build() {
        Ok(regex) => {
            if regex.is_match("") {
                let help = "a pattern must ask for at least one character: `+` in place of `*`, for example"
                    .to_owned();
                report.warning(
                    words.place,
                    "pattern",
                    "this pattern fits every message, even an empty one",
                    help,
                );
            }
            Some(regex)
        }
        Err(error) => {
            report_pattern(report, words, &error);
            None
        }
    }
}

fn report_pattern(report: &Report, words: &Words, error: &regex::Error) {
    match error {
        regex::Error::Syntax(shown) => {
            // The crate shows the pattern, indented by four, with carets below.
            let carets =
                shown.lines().find(|line| line.contains('^') && line.trim_matches([' ', '^']).is_empty());
            let reason = shown
                .lines()
                .rev()
                .find_map(|line| line.strip_prefix("error: "))
                .unwrap_or("it is no pattern");
            let place = carets.and_then(|carets| {
                let byte = |column: usize| words.text.char_indices().nth(column).map(|(at, _)| at);
                let start = carets.find('^')?.checked_sub(4)?;
                let end = byte(start + carets.matches('^').count()).unwrap_or(words.text.len());
                Some(words.part(byte(start)?..end))
            });
            let message = format!("this pattern can't be read: {reason}");
            let help = "a sign that stands for itself takes a `\\` before it: `\\(`, `\\.`, `\\?`".to_owned();
            report.error(place.unwrap_or(words.place), "pattern", message, help);
        }
        _ => {
            let help =
                "make the repetitions in it smaller, such as `{2,8}` in place of `{2,8000}`".to_owned();
            report.error(words.place, "pattern", "this pattern is too large", help);
        }
    }
}
