//! What of a conversation's events is said in its thread, and how urgent that is. Pure.
use bot_core::dialogue::Event;

use super::next::ends;
use super::state::Mark;
use super::view::View;
use crate::desk::{News, news};
use crate::store::EventId;

/// How urgent something is; what is most urgent comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// A new ticket, and what customers say.
    Customer,
    /// What did not arrive, what nobody takes care of, and answers to agents.
    Alarm,
    /// What happens at other desks.
    Colleague,
    /// That something has arrived.
    Delivered,
    /// Cards.
    Card,
    /// Titles.
    Title,
    /// Putting away what is over.
    Archive,
}

impl Class {
    /// Whether it may use up the whole budget.
    pub fn is_urgent(self) -> bool {
        self <= Class::Alarm
    }
}

/// What is said of one event.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub event: EventId,
    pub what: What,
    /// The message in the thread that it replies to.
    pub replies_to: Option<String>,
    /// The ticket's conversation is over with it.
    pub ends: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// Nothing.
    Nothing,
    /// It stands in the thread, for an agent has written it there.
    Own(Option<Mark>),
    /// Said if there is something else to say after it, and not for its own sake.
    Aside(String),
    /// Said.
    Line(Class, String),
    /// Shown. The event of the message that they came with.
    Files(EventId, Vec<String>),
}

/// The items of the ticket that is shown, up to its end.
pub(super) fn items(view: &View, desk: &str) -> Vec<Item> {
    let mut items = Vec::new();
    for index in 0..view.events.len() {
        let item = item(view, index, desk);
        let ends = item.ends;
        items.push(item);
        if ends {
            break;
        }
    }
    items
}

fn item(view: &View, index: usize, desk: &str) -> Item {
    let stored = &view.events[index];
    let (what, ends) = match &stored.event {
        over if ends(over) => (said(view, index), true),
        Event::Attached { files } => (attached(view, index, files), false),
        Event::CustomerSaid { text, .. } if is_bare(text) && files_follow(view, index) => {
            (What::Nothing, false)
        }
        Event::AgentSaid { .. } | Event::AgentSent { .. } => {
            (own(view, index, desk, true).unwrap_or_else(|| said(view, index)), false)
        }
        Event::Noted { .. } | Event::AgentEdited { .. } | Event::AgentDeleted { .. } => {
            (own(view, index, desk, false).unwrap_or_else(|| said(view, index)), false)
        }
        _ => (said(view, index), false),
    };
    let replies_to = match what {
        What::Files(message, _) => view.replies.get(&message),
        _ => view.replies.get(&stored.id),
    };
    Item {
        event: stored.id,
        what,
        replies_to: replies_to.filter(|message| !message.is_empty()).cloned(),
        ends,
    }
}

/// What is in the thread because it was written there. Pieces of the first event come from the board itself.
fn own(view: &View, index: usize, desk: &str, awaits: bool) -> Option<What> {
    let event = view.events[index].id;
    if index == 0 && view.state.part > 0 {
        return None;
    }
    let message = view.own(event, desk)?.to_owned();
    Some(What::Own(awaits.then_some(Mark { event, message })))
}

fn said(view: &View, index: usize) -> What {
    let after = view.events[index + 1..].iter().map(|later| &later.event);
    let Some(told) = news(&view.events[index].event, after) else { return What::Nothing };
    let line = told.to_string();
    match told {
        News::Opened { .. } | News::Forgotten => What::Nothing,
        News::Bot { .. } | News::Claimed { .. } | News::Released { .. } => What::Aside(line),
        News::Customer { .. } | News::Edited { .. } | News::Deleted { .. } => {
            What::Line(Class::Customer, line)
        }
        News::Undelivered { .. } | News::Alerted { .. } | News::ActionLate { .. } => {
            What::Line(Class::Alarm, line)
        }
        _ => What::Line(Class::Colleague, line),
    }
}

fn attached(view: &View, index: usize, files: &[String]) -> What {
    let message = message_before(view, index);
    if files.is_empty() {
        return What::Nothing;
    }
    if view.state.lost == Some(view.events[index].id) {
        let (count, reason) = (files.len(), Some(&view.state.reason).filter(|reason| !reason.is_empty()));
        let why = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        let line = format!("(the customer sent {count} {} that can't be shown here{why})", plural(count));
        return What::Line(Class::Customer, line);
    }
    What::Files(message, files.to_vec())
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "file" } else { "files" }
}

/// The customer's message that files belong to; the files themselves, if it was shown before.
fn message_before(view: &View, index: usize) -> EventId {
    let is_message = |event: &Event| matches!(event, Event::CustomerSaid { .. });
    let before = view.events[..index].iter().rfind(|stored| is_message(&stored.event));
    before.map_or(view.events[index].id, |stored| stored.id)
}

/// `[picture]`: a message that is nothing but its files.
fn is_bare(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|kind| {
        !kind.is_empty() && kind.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
    })
}

fn files_follow(view: &View, index: usize) -> bool {
    let own = view.events[index + 1..]
        .iter()
        .take_while(|stored| !matches!(stored.event, Event::CustomerSaid { .. }));
    own.into_iter().any(|stored| matches!(&stored.event, Event::Attached { files } if !files.is_empty()))
}
