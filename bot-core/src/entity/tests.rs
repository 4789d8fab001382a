//! What is found in messages: tables of cases, and what holds for any message.
//!
//! A row is `language | entity | message | found`. `date?` reads the message as the answer to a question for a date. What
//! is found is `place=value`, several with ` ; ` between them, nothing for none; a value is written as expressions see it,
//! money with its currency. A line `now …` sets the time for the rows below it.
use std::sync::LazyLock;

use jiff::Zoned;
use proptest::prelude::*;

use super::{EntityMatch, Recognizer, Value};
use crate::catalog::{BuiltinEntity, Entity, EntityId, EntityKind, ListValue, Origin};
use crate::text::{Language, Utterance};

/// A Monday.
const NOW: &str = "2026-11-23T10:00:00+01:00[Europe/Berlin]";

fn entities() -> Vec<Entity> {
    let entity =
        |name: &str, kind| Entity { name: name.into(), kind, example: None, origin: Origin::default() };
    let pattern = |pattern: &str| {
        let built = regex::RegexBuilder::new(pattern).case_insensitive(true).build();
        EntityKind::Pattern(built.unwrap())
    };
    let list = |values: &[(&str, &[&str])]| {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let value = |&(value, list): &(&str, &[&str])| ListValue { value: value.into(), words: words(list) };
        EntityKind::List(values.iter().map(value).collect())
    };
    let builtin = |builtin: BuiltinEntity| entity(builtin.name(), EntityKind::Builtin(builtin));
    let mut entities: Vec<Entity> = BuiltinEntity::ALL.into_iter().map(builtin).collect();
    entities.push(entity("order_number", pattern(r"\b(?:ST-?)?(\d{8})\b")));
    entities.push(entity("zip", pattern(r"\b\d{5}\b")));
    entities.push(entity(
        "size",
        list(&[("s", &["small", "S"]), ("m", &["medium", "M"]), ("l", &["large", "L"])]),
    ));
    entities.push(entity(
        "product",
        list(&[
            ("laptop", &["laptop", "notebook"]),
            ("charger", &["charging cable", "charger", "Ladekabel"]),
            ("shirt", &["T-shirt", "tee"]),
            ("shoe", &["shoe", "Schuh"]),
            ("form", &["form"]),
            ("bank", &["bank transfer", "Überweisung"]),
            ("visa", &["credit card", "Kreditkarte"]),
            ("debit", &["debit card"]),
            ("hat", &["hat"]),
            ("pro", &["Laptop Pro 16"]),
            ("trouser", &["trousers"]),
            ("trunk", &["trunks"]),
            ("truck", &["trucks"]),
        ]),
    ));
    entities
}

fn shown(value: &Value) -> String {
    match value {
        Value::Money { amount, currency } => format!("{amount} {}", currency.as_deref().unwrap_or("?")),
        value => match value.to_json() {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        },
    }
}

fn written(found: &[EntityMatch], text: &str) -> String {
    let one = |found: &EntityMatch| format!("{}={}", found.span.of(text), shown(&found.value));
    found.iter().map(one).collect::<Vec<_>>().join(" ; ")
}

/// Runs a table and reports all rows that fail.
fn check(table: &str) {
    let (entities, mut now) = (entities(), NOW.parse::<Zoned>().unwrap());
    let recognizer = Recognizer::from_entities(&entities);
    let (mut failures, mut rows) = (Vec::new(), 0);
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(at) = line.strip_prefix("now ") {
            now = at.parse().unwrap();
            continue;
        }
        let [language, entity, text, expected] = line.split('|').map(str::trim).collect::<Vec<_>>()[..]
        else {
            panic!("not a row: {line}");
        };
        let name = entity.trim_end_matches('?');
        let id = entities.iter().position(|entity| entity.name == name).unwrap_or_else(|| panic!("{line}"));
        let (id, utterance) = (EntityId(id as u32), Utterance::new(text, &Language::new(language)));
        let found = match entity.ends_with('?') {
            true => recognizer.find_answer(id, &utterance, &now),
            false => recognizer.find_one(id, &utterance, &now),
        };
        let found = written(&found, text);
        if found != expected {
            failures.push(format!("{line}\n      found: {found}"));
        }
        rows += 1;
    }
    assert!(failures.is_empty(), "{} of {rows} rows fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn lists_and_patterns() {
    check(include_str!("tests/lists.txt"));
}

#[test]
fn numbers_and_money() {
    check(include_str!("tests/numbers.txt"));
}

#[test]
fn dates() {
    check(include_str!("tests/dates.txt"));
}

#[test]
fn times_and_durations() {
    check(include_str!("tests/times.txt"));
}

#[test]
fn contacts_names_and_answers() {
    check(include_str!("tests/contacts.txt"));
}

#[test]
fn all_readings_of_a_message_are_reported_in_order() {
    let recognizer = Recognizer::from_entities(&entities());
    let text = "24.11. um 14 Uhr, ST-12345678, 49,90 €";
    let found = recognizer.find(&Utterance::new(text, &Language::new("de")), &NOW.parse().unwrap());
    let names: Vec<(String, &str)> = found
        .iter()
        .map(|found| (entities()[found.entity.0 as usize].name.clone(), found.span.of(text)))
        .collect();
    let expected = [
        ("date", "24.11."),
        ("time", "14 Uhr"),
        ("number", "14"),
        ("order_number", "ST-12345678"),
        ("money", "49,90 €"),
        ("number", "49,90"),
    ];
    assert_eq!(names, expected.map(|(name, place)| (name.to_owned(), place)));
}

#[test]
fn only_the_readable_part_of_a_long_message_is_searched() {
    let recognizer = Recognizer::from_entities(&entities());
    let text = format!("{}tomorrow small 12345678 a@b.de 5 €", "x ".repeat(2_000));
    assert_eq!(recognizer.find(&Utterance::new(&text, &Language::new("en")), &NOW.parse().unwrap()), []);
}

/// Pieces that the grammars know, so that random messages reach deep into them.
const PIECES: [&str; 64] = [
    "next",
    "last",
    "tuesday",
    "nächsten",
    "dienstag",
    "in",
    "vor",
    "ago",
    "tagen",
    "days",
    "99999999999999",
    "5",
    "24",
    "11",
    "2026",
    ".",
    ",",
    "-",
    "/",
    ":",
    "€",
    "$",
    "halb",
    "viertel",
    "quarter",
    "to",
    "past",
    "am",
    "pm",
    "um",
    "at",
    "uhr",
    "end of the",
    "ende",
    "month",
    "monat",
    "may",
    "märz",
    "31",
    "30",
    "february",
    "29",
    "hundred",
    "million",
    "und",
    "and",
    "a",
    "half",
    "eine",
    "neunundneunzigtausend",
    "th",
    "the",
    "on",
    "0",
    "+49",
    "(",
    ")",
    "@",
    "web.de",
    "my name is",
    "ich bin",
    "👍",
    "nein",
    "m",
];

fn messages() -> impl Strategy<Value = String> {
    let pieces = proptest::collection::vec((proptest::sample::select(&PIECES[..]), "[ ]?"), 0..14);
    let joined = pieces
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, space)| [piece.to_owned(), space]).collect());
    prop_oneof![joined, "\\PC{0,60}", "[0-9./:,€ -]{0,40}", "[\\u{0}-\\u{10FFFF}]{0,30}"]
}

static RECOGNIZER: LazyLock<Recognizer> = LazyLock::new(|| Recognizer::from_entities(&entities()));

/// How many entities the recognizer has.
const ENTITIES: u32 = BuiltinEntity::ALL.len() as u32 + 4;

fn times() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(NOW.to_owned()),
        Just("9999-12-30T10:00:00+00:00[UTC]".to_owned()),
        Just("-009999-01-03T10:00:00+00:00[UTC]".to_owned()),
        Just("2028-02-29T23:59:59+00:00[UTC]".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_message_is_read_without_panic_and_spans_fit(text in messages(), now in times()) {
        let recognizer = &*RECOGNIZER;
        let now: Zoned = now.parse().unwrap();
        for language in ["en", "de", "fr"] {
            let utterance = Utterance::new(&text, &Language::new(language));
            let found = recognizer.find(&utterance, &now);
            prop_assert_eq!(&found, &recognizer.find(&utterance, &now));
            for id in 0..ENTITIES {
                let one = recognizer.find_one(EntityId(id), &utterance, &now);
                let among: Vec<EntityMatch> = found.iter().filter(|found| found.entity.0 == id).cloned().collect();
                prop_assert_eq!(&one, &among);
                prop_assert!(one.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
                for found in one.iter().chain(&recognizer.find_answer(EntityId(id), &utterance, &now)) {
                    prop_assert!(!found.span.of(&text).is_empty(), "{found:?}");
                    prop_assert!(!found.value.shown(utterance.language()).is_empty());
                }
            }
        }
    }
}
