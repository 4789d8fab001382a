//! `talk`: entries become turns, each with what is expected of it.
use bot_core::catalog::Priority;
use bot_core::handoff::AgentAct;

use super::decode::Entries;
use super::given;
use super::model::{Act, Bound, Check, Expected, HandoffCheck, Turn, What};
use super::read::{Reader, value};
use super::yaml::{Kind, Node, Values};
use crate::clock;

const ACTS: [&str; 12] = [
    "start",
    "greeting",
    "user",
    "press",
    "wait",
    "edit",
    "agent",
    "claim",
    "note",
    "back",
    "close",
    "undelivered",
];
/// The acts of agents that a `name` may stand beside.
const NAMED: [&str; 4] = ["agent", "note", "back", "close"];
const CHECKS: [&str; 9] =
    ["intent", "confidence", "slots", "handoff", "ended", "state", "owner", "language", "silent"];
const KEYS: [&str; 24] = [
    "user",
    "bot",
    "buttons",
    "press",
    "wait",
    "edit",
    "start",
    "greeting",
    "intent",
    "confidence",
    "slots",
    "handoff",
    "ended",
    "state",
    "owner",
    "language",
    "silent",
    "agent",
    "name",
    "claim",
    "note",
    "back",
    "close",
    "undelivered",
];

/// Reads the entries of a talk. One that begins with the bot begins with its greeting.
pub fn read(reader: &mut Reader, talk: &Node) -> Vec<Turn> {
    let Kind::List(items) = &talk.kind else {
        let message = format!("`talk` takes a list of entries, and this is {}", talk.described());
        reader.decoder.fail(talk, "wrong-type", message, Some("begin each with `- user: ` or `- bot: `"));
        return Vec::new();
    };
    let mut turns = Vec::new();
    for item in items {
        entry(reader, item, &mut turns);
    }
    if turns.is_empty() && reader.decoder.problems.is_empty() {
        reader.decoder.fail(
            talk,
            "no-test",
            "this talk is empty",
            Some("begin with `- user: ` and what they write"),
        );
    }
    turns
}

fn entry(reader: &mut Reader, node: &Node, turns: &mut Vec<Turn>) {
    let entries = reader.decoder.map(node, "talk", &KEYS);
    let line = node.place.line;
    let acts = acts(reader, &entries);
    let agent = name(reader, &entries, &acts);
    for (key, at, value) in acts {
        if let Some(act) = act(reader, key, value, &agent) {
            turns.push(Turn { act, line: at.place.line, expected: Vec::new(), checks: Vec::new() });
        }
    }
    if turns.is_empty() && !entries.is_empty() {
        turns.push(Turn { act: Act::Start, line, expected: Vec::new(), checks: Vec::new() });
    }
    let Some(turn) = turns.last_mut() else { return };
    turn.expected.extend(expected(reader, node, &entries));
    turn.checks.extend(checks(reader, &entries));
}

/// What is done in an entry: one thing at most.
fn acts<'n>(reader: &mut Reader, entries: &Entries<'n>) -> Entries<'n> {
    let mut acts: Entries = entries.iter().filter(|(key, ..)| ACTS.contains(key)).copied().collect();
    for (key, at, _) in acts.iter().skip(1) {
        let message = format!("`{key}` and `{}` are two entries of a talk", acts[0].0);
        reader.decoder.fail(at, "two-entries", message, Some("begin the second one with `- `"));
    }
    acts.truncate(1);
    acts
}

/// The agent's name beside what they do.
fn name(reader: &mut Reader, entries: &Entries, acts: &Entries) -> Option<String> {
    let node = value(entries, "name")?;
    if !acts.iter().any(|(key, ..)| NAMED.contains(key)) {
        let help = "write it under the `agent:` it belongs to, indented like it";
        reader.decoder.fail(node, "no-agent", "this name belongs to no agent", Some(help));
    }
    reader.decoder.text(node, "name")
}

fn act(reader: &mut Reader, key: &str, value: &Node, agent: &Option<String>) -> Option<Act> {
    let decoder = &mut reader.decoder;
    let by_agent = |act| Act::Agent(agent.clone(), act);
    match key {
        "agent" => decoder.text(value, key).map(|text| by_agent(AgentAct::Say { text })),
        "note" => decoder.text(value, key).map(|text| by_agent(AgentAct::Note { text })),
        "claim" => decoder.text(value, key).map(|name| Act::Agent(Some(name), AgentAct::Claim)),
        "back" => decoder.bool(value, key).map(|_| by_agent(AgentAct::Back)),
        "close" => decoder.bool(value, key).map(|_| by_agent(AgentAct::Close)),
        "undelivered" => decoder.text(value, key).map(Act::Undelivered),
        "user" => decoder.text(value, key).map(Act::User),
        "press" => decoder.text(value, key).map(Act::Press),
        "edit" => decoder.text(value, key).map(Act::Edit),
        "wait" => {
            decoder.parsed(value, key, "a time span such as 10m, 2h or 3d", clock::duration).map(Act::Wait)
        }
        _ => decoder.bool(value, key).map(|_| Act::Start),
    }
}

fn expected(reader: &mut Reader, node: &Node, entries: &Entries) -> Option<Expected> {
    let buttons = value(entries, "buttons");
    let Some(bot) = value(entries, "bot") else {
        if let Some(buttons) = buttons {
            let help = "write them under the `bot:` they belong to, indented like it";
            reader.decoder.fail(buttons, "no-bot", "these buttons belong to no `bot:`", Some(help));
        }
        return None;
    };
    let text = reader.decoder.text(bot, "bot")?;
    let buttons = buttons.map(|list| {
        let labels = reader.decoder.list(list, "buttons");
        labels.iter().filter_map(|label| reader.decoder.text(label, "buttons")).collect()
    });
    let line =
        entries.iter().find(|(key, ..)| *key == "bot").map_or(node.place.line, |(_, key, _)| key.place.line);
    Some(Expected { line, text, buttons })
}

fn checks(reader: &mut Reader, entries: &Entries) -> Vec<Check> {
    let checks = entries.iter().filter(|(key, ..)| CHECKS.contains(key));
    checks
        .filter_map(|(key, at, value)| Some(Check { line: at.place.line, what: what(reader, key, value)? }))
        .collect()
}

fn what(reader: &mut Reader, key: &str, value: &Node) -> Option<What> {
    let decoder = &mut reader.decoder;
    Some(match key {
        "intent" if value.to_json().is_null() || value.text() == Some("none") => What::Intent(None),
        "intent" => What::Intent(Some(decoder.name(value, key, &reader.names.intents)?)),
        "confidence" => {
            What::Confidence(decoder.parsed(value, key, "a number up to 1, or \">= 0.6\"", Bound::parse)?)
        }
        "slots" => What::Slots(slots(reader, value)),
        "handoff" => What::Handoff(handoff(reader, value)?),
        "ended" => What::Ended(decoder.bool(value, key)?),
        "state" => What::State(decoder.text_or_none(value, key)?),
        "silent" => What::Silent(decoder.bool(value, key)?),
        "owner" => What::Owner(decoder.parsed(value, key, "bot, waiting, person or closed", owner)?),
        _ => What::Language(given::language(decoder, value)?),
    })
}

fn slots(reader: &mut Reader, node: &Node) -> Vec<(String, serde_json::Value)> {
    let entries = reader.decoder.free_map(node, "slots");
    entries.into_iter().map(|(name, _, value)| (name.to_owned(), value.to_json())).collect()
}

fn owner(text: &str) -> Option<String> {
    ["bot", "waiting", "person", "closed"].contains(&text).then(|| text.to_owned())
}

/// `true`, `false`, a team, or some of team, priority and reason.
fn handoff(reader: &mut Reader, node: &Node) -> Option<HandoffCheck> {
    let any = |team| HandoffCheck::Ticket { team, priority: None, reason: None };
    match (&node.kind, node.to_json().as_bool()) {
        (_, Some(true)) => Some(any(None)),
        (_, Some(false)) => Some(HandoffCheck::None),
        (Kind::Map(_), _) => Some(ticket(reader, node)),
        _ => reader.decoder.name(node, "team", &reader.names.teams).map(|team| any(Some(team))),
    }
}

fn ticket(reader: &mut Reader, node: &Node) -> HandoffCheck {
    let entries = reader.decoder.map(node, "handoff", &["team", "priority", "reason"]);
    let team =
        value(&entries, "team").and_then(|node| reader.decoder.name(node, "team", &reader.names.teams));
    let priority = value(&entries, "priority")
        .and_then(|node| reader.decoder.parsed(node, "priority", "low, normal or high", priority));
    let reason = value(&entries, "reason").and_then(|node| reader.decoder.text(node, "reason"));
    HandoffCheck::Ticket { team, priority, reason }
}

fn priority(text: &str) -> Option<Priority> {
    Some(match text {
        "low" => Priority::Low,
        "normal" => Priority::Normal,
        "high" => Priority::High,
        _ => return None,
    })
}
