//! Entities from what Rasa's training data says of them: marked words, lookup tables, synonyms, regular expressions.
//!
//! In Rasa these teach a recogniser; here they are the values. So every marked word becomes a word of its entity.
use std::collections::{BTreeMap, BTreeSet};

use bot_core::catalog::BuiltinEntity;
use regex::Regex;

use super::annotation::Annotated;
use super::nlu::{Named, Nlu};
use crate::import::draft::{Entity, Kind};
use crate::import::names;
use crate::import::notes::{Notes, Topic};
use crate::import::pattern;
use crate::import::values::{Refused, Values};

/// The entities, and which slot a marked word fills.
#[derive(Debug)]
pub struct Entities {
    /// Names of entities as ours, by Rasa's.
    names: BTreeMap<String, String>,
}

/// Makes the entities of the training data. `known` are those that the domain names.
pub fn build(nlu: &Nlu, known: &BTreeSet<String>, notes: &mut Notes) -> (Entities, Vec<Entity>) {
    let lookups: BTreeSet<&str> = nlu.lookups.iter().map(|lookup| lookup.name.as_str()).collect();
    let marked = nlu.annotated().map(|(value, _)| value.entity.as_str());
    let all: BTreeSet<&str> = marked.chain(lookups.iter().copied()).collect();
    let name = |entity: &&str| (entity.to_string(), name(entity, lookups.contains(entity)));
    let entities = Entities { names: all.iter().map(name).collect() };
    let synonyms = Synonyms::new(&nlu.synonyms);
    let mut lists = lists(nlu, &entities, &synonyms, notes);
    synonyms.spread(&nlu.synonyms, &mut lists, notes);
    let patterns = patterns(nlu, known, &lookups, notes);
    let mut built = Vec::new();
    for entity in
        all.iter().copied().chain(patterns.keys().map(String::as_str).filter(|name| !all.contains(name)))
    {
        let name = entities.name(entity);
        if is_builtin(&name) {
            continue;
        }
        let kind = match (patterns.get(entity), lists.remove(entity)) {
            (Some(pattern), _) => Kind::Pattern(pattern.clone()),
            (None, Some(values)) => {
                if !lookups.contains(entity) && values.is_open() {
                    note_closed(entity, &name, &values, nlu, notes);
                }
                Kind::Values(values.into_list())
            }
            (None, None) => continue,
        };
        add_copies(&mut built, entity, &name, kind, nlu, notes);
    }
    (entities, built)
}

impl Entities {
    fn name(&self, entity: &str) -> String {
        self.names.get(entity).cloned().unwrap_or_else(|| names::slot(entity))
    }

    /// The slot for a marked word: the entity's name, with its role behind it.
    pub fn slot(&self, value: &Annotated) -> String {
        slot(&self.name(&value.entity), value.role.as_deref())
    }
}

fn slot(name: &str, role: Option<&str>) -> String {
    role.map_or_else(|| name.to_owned(), |role| names::slot(&format!("{name}_{role}")))
}

fn is_builtin(name: &str) -> bool {
    BuiltinEntity::ALL.iter().any(|builtin| builtin.name() == name)
}

/// An entity's name here. One of the built-in ones' names is left to those, unless there is a list of words for it.
fn name(entity: &str, has_words: bool) -> String {
    let name = names::slot(entity);
    if has_words && is_builtin(&name) { format!("my_{name}") } else { name }
}

/// The value that words stand for, wherever they are a value.
struct Synonyms<'a>(BTreeMap<String, &'a str>);

impl<'a> Synonyms<'a> {
    fn new(synonyms: &'a [Named]) -> Synonyms<'a> {
        let words =
            |named: &'a Named| named.lines.iter().map(|(_, word)| (word.to_lowercase(), named.name.as_str()));
        Synonyms(synonyms.iter().flat_map(words).collect())
    }

    fn value<'v>(&self, words: &'v str) -> &'v str
    where
        'a: 'v,
    {
        self.0.get(&words.to_lowercase()).copied().unwrap_or(words)
    }

    /// Adds the words of each synonym to the entities that have its value.
    fn spread(&self, synonyms: &[Named], lists: &mut BTreeMap<String, Values>, notes: &mut Notes) {
        for Named { name, lines, at } in synonyms {
            let mut found = false;
            for values in lists.values_mut().filter(|values| values.has(name)) {
                found = true;
                for (place, word) in lines {
                    if let Err(refused) = values.add(name, word) {
                        refused.note(place, word, notes);
                    }
                }
            }
            if !found {
                notes.add(Topic::Synonym, at, format!("`{name}`"));
            }
        }
    }
}

fn lists(
    nlu: &Nlu,
    entities: &Entities,
    synonyms: &Synonyms<'_>,
    notes: &mut Notes,
) -> BTreeMap<String, Values> {
    let mut lists: BTreeMap<String, Values> = BTreeMap::new();
    for lookup in &nlu.lookups {
        let values = lists.entry(lookup.name.clone()).or_default();
        for (place, word) in &lookup.lines {
            if let Err(refused) = values.add(synonyms.value(word), word) {
                refused.note(place, word, notes);
            }
        }
    }
    for (marked, place) in nlu.annotated().filter(|(marked, _)| !is_builtin(&entities.name(&marked.entity))) {
        let words = marked.words.trim();
        let value = marked.value.as_deref().unwrap_or_else(|| synonyms.value(words));
        match lists.entry(marked.entity.clone()).or_default().add(value, words) {
            // A word that is marked in one sentence with its value and in another without.
            Err(Refused::Another(_)) if marked.value.is_none() => {}
            Err(refused) => refused.note(place, words, notes),
            Ok(()) => {}
        }
    }
    lists
}

/// The regular expressions that can be the pattern of an entity, by its name.
fn patterns(
    nlu: &Nlu,
    known: &BTreeSet<String>,
    lookups: &BTreeSet<&str>,
    notes: &mut Notes,
) -> BTreeMap<String, String> {
    let mut marked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (value, _) in nlu.annotated() {
        marked.entry(&value.entity).or_default().push(value.words.trim());
    }
    let mut patterns: BTreeMap<String, String> = BTreeMap::new();
    for Named { name, lines, at } in &nlu.regexes {
        let written: Vec<&str> = lines.iter().map(|(_, pattern)| pattern.as_str()).collect();
        let words = marked.get(name.as_str());
        let fault = if is_builtin(&names::slot(name)) {
            Err(format!("`{name}` is built in here: it is found without an expression"))
        } else if lookups.contains(name.as_str()) {
            Err(format!("`{name}` has words, too, and those were taken: {}", written.join(" ")))
        } else if words.is_none() && !known.contains(name) {
            Err(format!("`{name}` is no entity: {}", written.join(" ")))
        } else {
            pattern::compile(&written).map_err(|why| format!("`{name}`: {why}: {}", written.join(" ")))
        };
        match fault {
            Ok((pattern, regex))
                if words.is_none_or(|words| words.iter().any(|words| fits(&regex, words))) =>
            {
                patterns.insert(name.clone(), pattern);
            }
            Ok((pattern, _)) => {
                notes.add(
                    Topic::Pattern,
                    at,
                    format!("`{name}` fits none of the marked words, which were taken: {pattern}"),
                );
            }
            Err(why) => notes.add(Topic::Pattern, at, why),
        }
    }
    patterns
}

fn fits(regex: &Regex, words: &str) -> bool {
    regex.find(words).is_some_and(|found| found.len() == words.len())
}

fn note_closed(entity: &str, name: &str, values: &Values, nlu: &Nlu, notes: &mut Notes) {
    let first = nlu.annotated().find(|(value, _)| value.entity == entity);
    if let Some((_, at)) = first {
        notes.add(Topic::Closed, at, format!("`{name}`: {}", values.some_words()));
    }
}

/// An entity, and a copy of it for each role: a slot without a question takes the entity of its name.
fn add_copies(built: &mut Vec<Entity>, entity: &str, name: &str, kind: Kind, nlu: &Nlu, notes: &mut Notes) {
    let mut roles: BTreeMap<&str, &crate::import::draft::Place> = BTreeMap::new();
    let mut plain = false;
    for (value, at) in nlu.annotated().filter(|(value, _)| value.entity == entity) {
        match &value.role {
            Some(role) => {
                roles.entry(role).or_insert(at);
            }
            None => plain = true,
        }
    }
    for (role, at) in &roles {
        let copy = slot(name, Some(role));
        notes.add(Topic::Copied, at, format!("`{copy}` of `{name}`"));
        built.push(Entity { name: copy, kind: kind.clone() });
    }
    if plain || roles.is_empty() || nlu.lookups.iter().any(|lookup| lookup.name == entity) {
        built.push(Entity { name: name.to_owned(), kind });
    }
}
