//! All entities of a bot, ready to be looked for.
use jiff::Zoned;
use regex::Regex;

use super::date::Reader;
use super::lexer::{Kind, View};
use super::list::ListFinder;
use super::{EntityMatch, Value, clock, contact, duration, money, name, number, yes_no};
use crate::catalog::{BuiltinEntity, Catalog, Entity, EntityId, EntityKind};
use crate::text::{Language, Span, Utterance, readable};

/// Finds the values of a bot's entities in messages.
#[derive(Clone, Debug)]
pub struct Recognizer {
    finders: Vec<Finder>,
}

#[derive(Clone, Debug)]
enum Finder {
    Builtin(BuiltinEntity),
    Pattern(Regex),
    List(ListFinder),
}

/// What a finder is given.
struct Message<'a> {
    utterance: &'a Utterance,
    view: View<'a>,
    now: &'a Zoned,
}

impl Recognizer {
    /// The recognizer of a catalog.
    pub fn new(catalog: &Catalog) -> Recognizer {
        Recognizer::for_languages(&catalog.entities, &catalog.settings.languages)
    }

    /// A recognizer of these entities, whose [`EntityId`]s are their indexes; it knows the inflections of English and
    /// German.
    pub fn from_entities(entities: &[Entity]) -> Recognizer {
        Recognizer::for_languages(entities, &[Language::new("en"), Language::new("de")])
    }

    fn for_languages(entities: &[Entity], languages: &[Language]) -> Recognizer {
        let finder = |entity: &Entity| match &entity.kind {
            EntityKind::Builtin(builtin) => Finder::Builtin(*builtin),
            EntityKind::Pattern(regex) => Finder::Pattern(regex.clone()),
            EntityKind::List(values) => Finder::List(ListFinder::new(values, languages)),
        };
        Recognizer { finders: entities.iter().map(finder).collect() }
    }

    /// The values of all entities but `text` in a message, by their start, then the longest first, then by entity. One
    /// place may have several readings of different entities; those of one entity never overlap.
    pub fn find(&self, utterance: &Utterance, now: &Zoned) -> Vec<EntityMatch> {
        let message = Message::new(utterance, now);
        let found = self
            .finders
            .iter()
            .enumerate()
            .flat_map(|(index, finder)| matches(index, finder.find(&message, false)));
        let mut found: Vec<EntityMatch> = found.collect();
        found.sort_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end), found.entity));
        found
    }

    /// The values of one entity in a message, in order; none for `text`.
    pub fn find_one(&self, entity: EntityId, utterance: &Utterance, now: &Zoned) -> Vec<EntityMatch> {
        let Some(finder) = self.finder(entity) else { return Vec::new() };
        matches(entity.0 as usize, finder.find(&Message::new(utterance, now), false)).collect()
    }

    /// The values of one entity in a message that answers a question for it, read leniently: a bare "5" is a time or a day
    /// of the month, "Ann Smith" a name, "right" a yes, 8 digits a phone number. For `text` it is the whole message. An
    /// answer that says yes and no has no value.
    pub fn find_answer(&self, entity: EntityId, utterance: &Utterance, now: &Zoned) -> Vec<EntityMatch> {
        let Some(finder) = self.finder(entity) else { return Vec::new() };
        let message = Message::new(utterance, now);
        let sure = || finder.find(&message, false);
        let found = finder.find_answer(&message);
        matches(entity.0 as usize, found.unwrap_or_else(sure)).collect()
    }

    fn finder(&self, entity: EntityId) -> Option<&Finder> {
        self.finders.get(entity.0 as usize)
    }
}

fn matches(index: usize, found: Vec<(Span, Value)>) -> impl Iterator<Item = EntityMatch> {
    // A catalog has far fewer than 2^32 entities.
    let entity = EntityId(index as u32);
    found.into_iter().map(move |(span, value)| EntityMatch { entity, span, value })
}

impl<'a> Message<'a> {
    fn new(utterance: &'a Utterance, now: &'a Zoned) -> Message<'a> {
        Message { utterance, view: View::new(utterance.text(), utterance.language()), now }
    }
}

impl Finder {
    fn find(&self, message: &Message, answer: bool) -> Vec<(Span, Value)> {
        match self {
            Finder::Builtin(builtin) => find_builtin(*builtin, message, answer),
            Finder::Pattern(regex) => pattern(regex, message.utterance.text()),
            Finder::List(list) => {
                let found = list.find(message.utterance).into_iter();
                found.map(|(span, value)| (span, choice(list, value))).collect()
            }
        }
    }

    /// The lenient reading, if there is one.
    fn find_answer(&self, message: &Message) -> Option<Vec<(Span, Value)>> {
        let Finder::Builtin(builtin) = self else { return None };
        let found = find_builtin(*builtin, message, true);
        match builtin {
            BuiltinEntity::YesNo => {
                let contradicts = found.windows(2).any(|pair| pair[0].1 != pair[1].1);
                Some(if contradicts { Vec::new() } else { found })
            }
            _ if !found.is_empty() => Some(found),
            _ => bare(*builtin, message).map(|found| vec![found]),
        }
    }
}

fn choice(list: &ListFinder, value: usize) -> Value {
    let value = list.value(value);
    Value::Choice { key: value.value.clone(), label: value.words.first().unwrap_or(&value.value).clone() }
}

/// All matches of a pattern: the span is the whole match without spaces around it, the value its first group.
fn pattern(regex: &Regex, text: &str) -> Vec<(Span, Value)> {
    let found = regex.captures_iter(readable(text)).filter_map(|captures| {
        let whole = captures.get(0)?;
        let value = captures.get(1).unwrap_or(whole).as_str().trim();
        let span = trimmed(whole.start(), whole.as_str());
        (!value.is_empty()).then(|| (span, Value::Text(value.to_owned())))
    });
    found.collect()
}

fn trimmed(start: usize, text: &str) -> Span {
    let start = start + text.len() - text.trim_start().len();
    Span { start, end: start + text.trim().len() }
}

fn find_builtin(builtin: BuiltinEntity, message: &Message, answer: bool) -> Vec<(Span, Value)> {
    if message.view.hints.may_hold(builtin) { read_builtin(builtin, message, answer) } else { Vec::new() }
}

fn read_builtin(builtin: BuiltinEntity, message: &Message, answer: bool) -> Vec<(Span, Value)> {
    let (view, text) = (&message.view, message.utterance.text());
    match builtin {
        BuiltinEntity::Text => Vec::new(),
        BuiltinEntity::Number => values(view.scan(|at| number::number(view, at)), Value::Number),
        BuiltinEntity::Money => values(view.scan(|at| money::money(view, at)), |(amount, currency)| {
            Value::Money { amount, currency: currency.map(str::to_owned) }
        }),
        BuiltinEntity::Date => {
            let reader = Reader::new(view, message.now.date(), answer);
            values(view.scan(|at| reader.read(at)), Value::Date)
        }
        BuiltinEntity::Time => {
            let bare = answer && view.is_familiar();
            values(view.scan(|at| clock::time(view, at, bare)), Value::Time)
        }
        BuiltinEntity::Duration => values(view.scan(|at| duration::duration(view, at)), Value::Duration),
        BuiltinEntity::Email => values(contact::emails(text), Value::Text),
        BuiltinEntity::Phone => values(contact::phones(text, answer), Value::Text),
        BuiltinEntity::Url => values(contact::urls(text), Value::Text),
        BuiltinEntity::YesNo => values(view.scan(|at| yes_no::yes_no(view, at, answer)), Value::YesNo),
        BuiltinEntity::PersonName => names(view),
    }
}

fn values<T>(found: Vec<(Span, T)>, value: impl Fn(T) -> Value) -> Vec<(Span, Value)> {
    found.into_iter().map(|(span, found)| (span, value(found))).collect()
}

fn names(view: &View) -> Vec<(Span, Value)> {
    let found = view.scan(|at| name::cued(view, at).map(|(start, end)| (view.span(start, end), end)));
    found.into_iter().map(|(_, span)| (span, Value::Text(span.of(view.text).to_owned()))).collect()
}

/// What a message means as an answer though no sentence would mean it.
fn bare(builtin: BuiltinEntity, message: &Message) -> Option<(Span, Value)> {
    let view = &message.view;
    match builtin {
        BuiltinEntity::Text => whole(message.utterance.text()),
        BuiltinEntity::Number => bare_number(view),
        BuiltinEntity::Money => {
            let (span, value) = view.scan(|at| number::number(view, at)).into_iter().next()?;
            Some((span, Value::Money { amount: value, currency: None }))
        }
        BuiltinEntity::Date => {
            let (date, end) = Reader::new(view, message.now.date(), true).bare_day()?;
            Some((view.span(0, end), Value::Date(date)))
        }
        BuiltinEntity::PersonName => {
            let (start, end) = name::bare(view)?;
            let span = view.span(start, end);
            Some((span, Value::Text(span.of(view.text).to_owned())))
        }
        _ => None,
    }
}

fn whole(text: &str) -> Option<(Span, Value)> {
    let span = trimmed(0, text);
    (!span.is_empty()).then(|| (span, Value::Text(span.of(text).to_owned())))
}

/// "a", "eine", "5pcs" and "2x": what counts only where a number was asked for.
fn bare_number(view: &View) -> Option<(Span, Value)> {
    let first = view.units.iter().position(|unit| unit.kind != Kind::Sign)?;
    let (number, end) = number::quantity(view, first)?;
    Some((view.span(first, end), Value::Number(number)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::entity::words;

    proptest! {
        /// Whoever adds a grammar adds its hint.
        #[test]
        fn there_is_no_value_where_nothing_hints_at_one(
            picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..5),
            german: bool,
            answer: bool,
        ) {
            let language = Language::new(if german { "de" } else { "en" });
            let mut words = words::all();
            words.extend(["3", "15", "2026", ":", ".", "-", "/", "viertelstunde", "fuenf", "m", "h", "name"]);
            let text = picks.iter().map(|pick| *pick.get(&words)).collect::<Vec<_>>().join(" ");
            let now = "2026-11-23T10:00:00Z[UTC]".parse().unwrap();
            let utterance = Utterance::new(&text, &language);
            let message = Message::new(&utterance, &now);
            for builtin in BuiltinEntity::ALL {
                let found = find_builtin(builtin, &message, answer);
                prop_assert_eq!(found, read_builtin(builtin, &message, answer), "{:?} in {}", builtin, text);
            }
        }
    }
}
