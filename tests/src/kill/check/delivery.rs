//! What arrived, against what was said.
use std::collections::{BTreeMap, BTreeSet};

use super::super::record::{Kept, Line, Record, said};
use super::{Findings, Rule};
use crate::standin::Delivered;

/// Nothing arrives twice, but what was on the wire when a process died or the platform gave no answer; and then before
/// anything later, and the bot knows.
pub(super) fn repeats(record: &Record, found: &mut Findings) {
    let mut last: BTreeMap<&str, (usize, &Delivered)> = BTreeMap::new();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut excused: BTreeSet<(u32, &str)> = BTreeSet::new();
    for (index, line) in record.ledger.lines.iter().enumerate() {
        let before = last.insert(&line.peer, (index, line));
        match before.filter(|(_, before)| before.key == line.key) {
            Some(before) => repeat(record, before, line, &mut excused, found),
            None => {
                if let Some(peer) = seen.insert(&line.key, &line.peer) {
                    let what = format!(
                        "{} ({:?}) arrives again, after later ones or for another ({peer})",
                        line.key, line.text
                    );
                    found.note(Rule::Repeats, &line.peer, what);
                }
            }
        }
    }
}

fn repeat<'a>(
    record: &Record,
    (index, before): (usize, &'a Delivered),
    line: &Delivered,
    excused: &mut BTreeSet<(u32, &'a str)>,
    found: &mut Findings,
) {
    let mut note = |what: &str| {
        found.note(Rule::Repeats, &line.peer, format!("{} ({:?}) arrives again {what}", line.key, line.text));
    };
    if (&line.text, &line.agent) != (&before.text, &before.agent) {
        note("with another text");
    }
    if !line.again {
        note("as if for the first time");
    }
    if record.tells_repetitions {
        note("though the platform tells repetitions");
    }
    let is_unanswered = record.ledger.unanswered.contains(&index);
    if !is_unanswered && !record.killed.contains(&before.process) {
        note("though its process was not killed and the platform answered");
    }
    if !is_unanswered && !excused.insert((before.process, &before.peer)) {
        note("as a second one of the same kill");
    }
}

/// What was said arrives, in order, each once (repeats aside).
pub(super) fn order(record: &Record, kept: &Kept, found: &mut Findings) {
    let said: Vec<Line> = kept.events.iter().filter_map(|stored| said(&stored.event)).collect();
    let arrived: Vec<Line> = arrived(record, &kept.peer);
    let same = said.iter().zip(&arrived).take_while(|(said, arrived)| said == arrived).count();
    if same < said.len().max(arrived.len()) {
        let what =
            format!("line {}: {:?} was said, {:?} arrived", same + 1, said.get(same), arrived.get(same));
        found.note(Rule::Order, &kept.peer, what);
    }
}

fn arrived<'a>(record: &'a Record, peer: &str) -> Vec<Line<'a>> {
    let mut lines: Vec<&Delivered> = record.ledger.lines.iter().filter(|line| line.peer == peer).collect();
    lines.dedup_by_key(|line| &line.key);
    lines.into_iter().map(|line| (line.agent.as_deref(), line.text.clone())).collect()
}

/// What customers should see, they see once.
pub(super) fn answers(record: &Record, found: &mut Findings) {
    let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let peers: BTreeSet<&str> = record.ledger.lines.iter().map(|line| line.peer.as_str()).collect();
    for peer in peers {
        for (_, text) in arrived(record, peer) {
            *counts.entry((peer, text)).or_default() += 1;
        }
    }
    for expected in &record.expected {
        let count = |text: &String| counts.get(&(expected.peer.as_str(), text.clone())).copied().unwrap_or(0);
        let times: usize = expected.one_of.iter().map(count).sum();
        if times != 1 {
            let what = format!("{:?} arrives {times} times", expected.one_of.join(" or "));
            found.note(Rule::Answers, &expected.peer, what);
        }
    }
}
