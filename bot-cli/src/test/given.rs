//! `given`: the world a test plays in.
use bot_core::dialogue::ActionOutcome;
use bot_core::text::Language;

use super::decode::Decoder;
use super::model::Given;
use super::read::Reader;
use super::yaml::{Node, Values};
use crate::clock;

/// Reads `given`.
pub fn read(reader: &mut Reader, node: &Node) -> Given {
    let mut given = Given::default();
    for (key, _, value) in
        reader.decoder.map(node, "given", &["language", "now", "actions", "customer", "facts", "queue"])
    {
        match key {
            "language" => given.customer.language = language(&mut reader.decoder, value),
            "now" => now(reader, value, &mut given),
            "actions" => actions(reader, value, &mut given),
            "customer" => customer(reader, value, &mut given),
            "queue" => given.queue = queue(reader, value),
            _ => given.facts = facts(reader, value),
        }
    }
    given
}

/// Reads a language's code.
pub fn language(decoder: &mut Decoder, node: &Node) -> Option<Language> {
    decoder.parsed(node, "language", "a code such as `de`", Language::parse)
}

fn now(reader: &mut Reader, node: &Node, given: &mut Given) {
    let wanted = "a time such as \"2026-11-23T10:00:00+01:00\"";
    if let Some(now) = reader.decoder.parsed(node, "now", wanted, |text| clock::parse(text).ok()) {
        given.now = now;
    }
}

fn actions(reader: &mut Reader, node: &Node, given: &mut Given) {
    for (name, key, value) in reader.decoder.free_map(node, "actions") {
        let known = reader.decoder.name(key, "action", &reader.names.actions).is_some();
        let outcome = match value.text() {
            Some("failed") => ActionOutcome::Failed("the test lets it fail".to_owned()),
            _ => ActionOutcome::Done(value.to_json()),
        };
        if known {
            given.actions.push((name.to_owned(), outcome));
        }
    }
}

fn customer(reader: &mut Reader, node: &Node, given: &mut Given) {
    let decoder = &mut reader.decoder;
    for (key, _, value) in decoder.map(node, "customer", &["name", "verified", "channel"]) {
        match key {
            "name" => given.customer.name = decoder.text(value, key),
            "verified" => given.customer.verified = decoder.bool(value, key).unwrap_or_default(),
            _ => given.customer.channel = decoder.text(value, key),
        }
    }
}

fn queue(reader: &mut Reader, node: &Node) -> u32 {
    let wanted = "how many people are before the customer";
    reader.decoder.parsed(node, "queue", wanted, |text| text.parse().ok()).unwrap_or_default()
}

fn facts(reader: &mut Reader, node: &Node) -> std::collections::BTreeMap<String, serde_json::Value> {
    let entries = reader.decoder.free_map(node, "facts");
    entries.into_iter().map(|(name, _, value)| (name.to_owned(), value.to_json())).collect()
}
