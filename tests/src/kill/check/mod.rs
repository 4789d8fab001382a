//! Holds what came of a run against the promises: pure, from a [`Record`] to the differences.
//!
//! What it is not: it knows nothing of how the run went, only of what is left of it. Each rule is by itself, so that a rule
//! that sees less than it should is made up for by another.
mod delivery;
mod effects;
mod retrace;
mod tickets;
mod topics;

#[cfg(test)]
mod tests;

use std::fmt;

use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_core::handoff::Owner;
use bot_runtime::channel::Body;

use super::record::{Kept, Record};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The rule that is broken.
    pub rule: Rule,
    /// In whose conversation.
    pub peer: String,
    /// What.
    pub what: String,
}

/// What must hold, in the order in which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "`promise` says it")]
pub enum Rule {
    Rest,
    Heard,
    Order,
    Repeats,
    Answers,
    Replay,
    Retrace,
    Owner,
    Tickets,
    Effects,
    Topics,
    Shown,
    TopicRepeats,
}

impl Rule {
    /// What is promised.
    pub fn promise(self) -> &'static str {
        match self {
            Rule::Rest => "everything comes to rest",
            Rule::Heard => "each message changes its conversation once, in order",
            Rule::Order => "what was said arrives, in order",
            Rule::Repeats => "nothing arrives twice but what was on the wire when the program died",
            Rule::Answers => "each message is answered once",
            Rule::Replay => "the stored state is what its events come to",
            Rule::Retrace => "the stored events are what the bot makes of the messages in memory",
            Rule::Owner => "bot and agent don't both speak",
            Rule::Tickets => "each hand-off is one ticket, in the state its events say",
            Rule::Effects => "each call is carried out once",
            Rule::Topics => "each customer whom agents are called to has one topic",
            Rule::Shown => "agents see each ticket and all that its customer writes, in order",
            Rule::TopicRepeats => {
                "nothing stands twice before agents but what was on the wire when the program died"
            }
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {} ({})", self.peer, self.what, self.rule.promise())
    }
}

/// All that is not as it should be.
pub fn differences(engine: &Engine, record: &Record) -> Vec<Difference> {
    let mut found = Findings::default();
    rest(record, &mut found);
    delivery::repeats(record, &mut found);
    delivery::answers(record, &mut found);
    tickets::numbers(record, &mut found);
    effects::requests(record, &mut found);
    if record.has_topics {
        topics::topics(record, &mut found);
        topics::repeats(record, &mut found);
    }
    for kept in &record.conversations {
        heard(record, kept, &mut found);
        delivery::order(record, kept, &mut found);
        replay(kept, &mut found);
        retrace::retrace(engine, record, kept, &mut found);
        owner(kept, &mut found);
        tickets::states(kept, &mut found);
        effects::outcomes(record, kept, &mut found);
        if record.has_topics {
            topics::shown(record, kept, &mut found);
        }
    }
    found.0
}

#[derive(Default)]
struct Findings(Vec<Difference>);

impl Findings {
    fn note(&mut self, rule: Rule, peer: &str, what: impl Into<String>) {
        self.0.push(Difference { rule, peer: peer.to_owned(), what: what.into() });
    }
}

fn rest(record: &Record, found: &mut Findings) {
    for message in &record.ledger.unconfirmed {
        found.note(Rule::Rest, &message.peer, format!("{} was never confirmed", message.key));
    }
    for kept in record.conversations.iter().filter(|kept| kept.unsettled > 0) {
        found.note(Rule::Rest, &kept.peer, format!("{} items wait in inbox and outbox", kept.unsettled));
    }
    for message in &record.ledger.written {
        if !record.conversations.iter().any(|kept| kept.peer == message.peer) {
            found.note(Rule::Rest, &message.peer, format!("{} has no conversation", message.key));
        }
    }
}

/// Texts alone: presses and agents' acts are seen by retracing.
fn heard(record: &Record, kept: &Kept, found: &mut Findings) {
    let own: Vec<_> = record.ledger.written.iter().filter(|message| message.peer == kept.peer).collect();
    let texts = own.iter().filter_map(|message| match &message.body {
        Body::Input { input: Input::Text { text }, message } => Some((text.as_str(), message.as_ref())),
        _ => None,
    });
    // What was changed before it was heard is heard as it is now.
    let is_changed =
        |id: &str| own.iter().any(|other| matches!(&other.body, Body::Edit { message, .. } if message == id));
    let written: Vec<&str> = texts
        .filter(|(_, message)| message.is_none_or(|message| !is_changed(&message.id)))
        .map(|(text, _)| text)
        .collect();
    // A press is heard by its label, so not everything that was heard was written.
    let mut heard = kept.events.iter().filter_map(|stored| match &stored.event {
        Event::CustomerSaid { text, .. } => Some(text.as_str()),
        _ => None,
    });
    for text in &written {
        if !heard.any(|heard| heard == *text) {
            return found.note(
                Rule::Heard,
                &kept.peer,
                format!("{text:?} was not heard where it was written"),
            );
        }
    }
    let times = |text: &str| {
        kept.events
            .iter()
            .filter(|stored| matches!(&stored.event, Event::CustomerSaid { text: said, .. } if said == text))
            .count()
    };
    for text in &written {
        let (heard, meant) = (times(text), written.iter().filter(|other| *other == text).count());
        if heard > meant {
            found.note(
                Rule::Heard,
                &kept.peer,
                format!("{text:?} was heard {heard} times, and written {meant} times"),
            );
        }
    }
}

fn replay(kept: &Kept, found: &mut Findings) {
    let replayed = Tracker::replay(kept.events.iter().map(|stored| &stored.event));
    if replayed != kept.tracker {
        let what = format!("the state is\n{:#?}\nits events come to\n{replayed:#?}", kept.tracker);
        found.note(Rule::Replay, &kept.peer, what);
    }
}

fn owner(kept: &Kept, found: &mut Findings) {
    let mut owner = Owner::Bot;
    for stored in &kept.events {
        match &stored.event {
            Event::OwnerChanged { owner: now } => owner = *now,
            Event::Said { reply } if owner == Owner::Person => {
                let what =
                    format!("the bot says {:?} while an agent has the conversation", reply.text.plain());
                found.note(Rule::Owner, &kept.peer, what);
            }
            Event::AgentSaid { text, .. } if owner != Owner::Person => {
                found.note(
                    Rule::Owner,
                    &kept.peer,
                    format!("an agent says {text:?} without having the conversation"),
                );
            }
            _ => {}
        }
    }
}
