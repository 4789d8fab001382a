//! What stands before agents, against what happened: where each customer has a topic of a staff group.
use std::collections::{BTreeMap, BTreeSet};

use bot_core::dialogue::Event;
use bot_core::handoff::Owner;
use bot_runtime::store::StoredTicket;

use super::super::record::{Kept, Post, Record, Topic};
use super::{Findings, Rule};

/// Each customer whom agents were called to has one topic, and no topic is nobody's.
pub(super) fn topics(record: &Record, found: &mut Findings) {
    for topic in record.topics.iter().filter(|topic| topic.peer.is_none()) {
        found.note(Rule::Topics, &topic.title, "a topic that belongs to no conversation");
    }
    for kept in &record.conversations {
        let titles: Vec<&str> = of(record, &kept.peer).map(|topic| topic.title.as_str()).collect();
        let is_needed = kept.tickets.iter().any(concerns_agents);
        if titles.len() > 1 || is_needed && titles.is_empty() {
            found.note(Rule::Topics, &kept.peer, format!("{} topics: {titles:?}", titles.len()));
        }
    }
}

/// Each ticket has its card, and what the customer wrote while a person was to answer stands behind it, in order.
pub(super) fn shown(record: &Record, kept: &Kept, found: &mut Findings) {
    for topic in of(record, &kept.peer) {
        let has_card = |ticket: u64| topic.posts.iter().any(|post| post.card == Some(ticket));
        for ticket in kept.tickets.iter().filter(|ticket| !has_card(ticket.number)) {
            if concerns_agents(ticket) {
                found.note(Rule::Shown, &kept.peer, format!("the ticket {} has no card", ticket.number));
            }
        }
        let text: Vec<&str> =
            topic.posts.iter().filter(|post| post.card.is_none()).map(|post| post.text.as_str()).collect();
        let (text, mut at) = (text.join("\n"), 0);
        for word in for_agents(kept, has_card) {
            match text[at..].find(word.as_str()) {
                Some(place) => at += place + word.len(),
                None => {
                    let what = format!("{word:?} does not stand in the topic, or not where it should");
                    return found.note(Rule::Shown, &kept.peer, what);
                }
            }
        }
    }
}

/// One that is over before any agent has had it concerns nobody.
fn concerns_agents(ticket: &StoredTicket) -> bool {
    ticket.agent.is_some() || ticket.closed.is_none()
}

/// Nothing stands twice in the topics, but what was on the wire when the process died or the platform gave no answer: one
/// action a kill, and before anything later in its topic.
pub(super) fn repeats(record: &Record, found: &mut Findings) {
    let mut excused = BTreeSet::new();
    for topic in &record.topics {
        let peer = topic.peer.as_deref().unwrap_or(&topic.title);
        let words = record.conversations.iter().filter(|kept| kept.peer == peer).flat_map(unique);
        let words: BTreeSet<String> = words.collect();
        let mut last: BTreeMap<What, usize> = BTreeMap::new();
        for (index, post) in topic.posts.iter().enumerate() {
            let mut earlier: BTreeSet<usize> = BTreeSet::new();
            for what in contents(post, &words) {
                earlier.extend(last.insert(what, index));
            }
            for before in earlier {
                let excuse = excuse(record, topic, before, index, &mut excused);
                excuse.into_iter().for_each(|why| {
                    found.note(Rule::TopicRepeats, peer, format!("{:?} stands again {why}", post.text));
                });
            }
        }
    }
}

/// `None`: it is excused. Else why not.
fn excuse(
    record: &Record,
    topic: &Topic,
    before: usize,
    index: usize,
    excused: &mut BTreeSet<u32>,
) -> Option<&'static str> {
    let first = &topic.posts[before];
    if before + 1 != index {
        return Some("after later ones");
    }
    if first.unanswered {
        return None;
    }
    if !record.killed.contains(&first.process) {
        return Some("though its process was not killed and the platform answered");
    }
    (!excused.insert(first.process)).then_some("as a second action of the same kill")
}

/// What must not stand twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What<'a> {
    Card(u64),
    Word(&'a str),
}

fn contents<'a>(post: &Post, words: &'a BTreeSet<String>) -> Vec<What<'a>> {
    match post.card {
        Some(ticket) => vec![What::Card(ticket)],
        None => words.iter().filter(|word| has(&post.text, word)).map(|word| What::Word(word)).collect(),
    }
}

/// As words of their own: `t1` does not stand in `t12`.
fn has(text: &str, word: &str) -> bool {
    let ends = |place: usize| {
        let after = text[place + word.len()..].chars().next();
        !after.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(word).any(|(place, _)| ends(place))
}

fn of<'a>(record: &'a Record, peer: &str) -> impl Iterator<Item = &'a Topic> {
    record.topics.iter().filter(move |topic| topic.peer.as_deref() == Some(peer))
}

/// What the customer wrote and sent while a person was to answer, of such tickets.
fn for_agents(kept: &Kept, wanted: impl Fn(u64) -> bool) -> Vec<String> {
    let (mut open, mut waits, mut words) = (None, false, Vec::new());
    for stored in &kept.events {
        match &stored.event {
            Event::HandedOff(_) => waits = true,
            Event::OwnerChanged { owner: Owner::Bot | Owner::Closed } => (open, waits) = (None, false),
            // A number that is told when its ticket is over already opens nothing.
            Event::TicketOpened { ticket, .. } if waits => open = Some(*ticket),
            Event::CustomerSaid { text, .. } if open.is_some_and(&wanted) => words.push(text.clone()),
            Event::Attached { files } if open.is_some_and(&wanted) => {
                words.extend(files.iter().map(|file| format!("file {}", copied(file))));
            }
            Event::Edited { text, .. } if open.is_some_and(&wanted) => words.push(text.clone()),
            _ => {}
        }
    }
    words
}

/// By which a file is copied. Telegram's have behind it by which they are fetched.
fn copied(file: &str) -> &str {
    let fetched = file.rsplit_once('/').filter(|(_, last)| !last.bytes().all(|byte| byte.is_ascii_digit()));
    fetched.map_or(file, |(copied, _)| copied)
}

/// Of them, those that should stand in one post only: written once, and not quoted when they were changed.
fn unique(kept: &Kept) -> Vec<String> {
    let words = for_agents(kept, |_| true);
    let is_changed = |word: &String| {
        kept.events
            .iter()
            .any(|stored| matches!(&stored.event, Event::Edited { before, .. } if before == word))
    };
    let once = |word: &&String| words.iter().filter(|other| other == word).count() == 1 && !is_changed(word);
    words.iter().filter(once).cloned().collect()
}
