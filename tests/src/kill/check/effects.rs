//! What the back end was asked for, against the calls that were made.
use std::collections::BTreeSet;

use bot_core::dialogue::Event;
use serde_json::Value as Json;

use super::super::record::{Kept, Record, Request};
use super::{Findings, Rule};

/// The action that must not be repeated.
const ONCE: &str = "pay";

/// Whatever is asked for has one key, and what must not be repeated is asked for once.
pub(super) fn requests(record: &Record, found: &mut Findings) {
    let called: BTreeSet<(&str, &str)> =
        record.conversations.iter().flat_map(calls).map(|(_, call)| call).collect();
    let mut asked: BTreeSet<(&str, &str)> = BTreeSet::new();
    for Request { action, tag, .. } in &record.requests {
        if !asked.insert((action, tag)) {
            continue;
        }
        let same =
            || record.requests.iter().filter(|request| request.action == *action && request.tag == *tag);
        let keys: BTreeSet<_> = same().map(|request| &request.key).collect();
        if keys.len() > 1 {
            found.note(Rule::Effects, tag, format!("{action} was asked for with several keys: {keys:?}"));
        }
        let times = same().count();
        if action == ONCE && times > 1 {
            found.note(Rule::Effects, tag, format!("{action} was carried out {times} times"));
        }
        if !called.contains(&(action.as_str(), tag.as_str())) {
            found.note(
                Rule::Effects,
                tag,
                format!("{action} was asked for without a call in any conversation"),
            );
        }
    }
}

/// Each call has one outcome, also one that comes too late, and an answer is one that the back end gave.
pub(super) fn outcomes(record: &Record, kept: &Kept, found: &mut Findings) {
    for (call, (action, tag)) in calls(kept) {
        let outcomes: Vec<&Event> =
            kept.events.iter().map(|stored| &stored.event).filter(|event| is_outcome(event, call)).collect();
        if outcomes.len() != 1 {
            let what = format!("the call {action} for {tag} has {} outcomes", outcomes.len());
            found.note(Rule::Effects, &kept.peer, what);
        }
        let is_answered = matches!(outcomes.first(), Some(Event::ActionAnswered { .. }));
        let is_asked = record.requests.iter().any(|request| request.action == action && request.tag == tag);
        if is_answered && !is_asked {
            let what = format!("the call {action} for {tag} has an answer, but the back end was not asked");
            found.note(Rule::Effects, &kept.peer, what);
        }
    }
}

fn is_outcome(event: &Event, wanted: u64) -> bool {
    match event {
        Event::ActionAnswered { call, .. }
        | Event::ActionFailed { call, .. }
        | Event::ActionLate { call, .. } => *call == wanted,
        _ => false,
    }
}

/// The calls of a conversation: number, action, tag.
fn calls(kept: &Kept) -> impl Iterator<Item = (u64, (&str, &str))> {
    kept.events.iter().filter_map(|stored| match &stored.event {
        Event::ActionCalled { call, action, with, .. } => {
            let tag = with.get("tag").and_then(Json::as_str).unwrap_or_default();
            Some((*call, (action.as_str(), tag)))
        }
        _ => None,
    })
}
