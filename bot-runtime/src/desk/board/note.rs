//! What is noted once an action has been tried. Pure: what was known, the action and its outcome go in; what is to be stored
//! comes out.
use super::next::{Action, After, ends, tidy};
use super::state::{Card, face};
use super::view::View;
use super::{Place, ThreadError};
use crate::channel::SendError;
use crate::store::EventId;

/// What is to be stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Noted {
    pub room: String,
    pub thread: Option<String>,
    pub after: After,
    /// The messages in the thread that [`After::events`] are.
    pub messages: Vec<String>,
    /// The thread that was the conversation's before.
    pub former: Option<Place>,
}

fn unchanged(view: &View) -> Noted {
    let after = After { shown: view.shown, state: view.state.clone(), events: Vec::new() };
    noted(view, after, Vec::new())
}

fn noted(view: &View, after: After, messages: Vec<String>) -> Noted {
    Noted { room: view.room.clone(), thread: view.thread.clone(), after, messages, former: None }
}

/// Before a thread is made: that it may have been.
pub(super) fn opening(view: &View, ticket: u64) -> Noted {
    let mut noted = unchanged(view);
    noted.after.state.opening = Some(ticket);
    if view.thread.is_none() {
        noted.room = view.wanted.clone().unwrap_or_default();
    }
    noted
}

/// Before a ticket's first card is posted: that it may have been.
pub(super) fn beginning(view: &View, ticket: u64) -> Noted {
    let mut noted = unchanged(view);
    noted.after.state.begun = Some(ticket);
    noted
}

/// It was certainly not made.
pub(super) fn unopened(view: &View) -> Noted {
    let mut noted = unchanged(view);
    noted.after.state.opening = None;
    noted
}

/// It was done, and made these messages, or this thread.
pub(super) fn done(view: &View, action: &Action, made: Vec<String>) -> Noted {
    let mut noted = unchanged(view);
    let state = &mut noted.after.state;
    match action {
        Action::Open { ticket } => return opened(view, *ticket, made.into_iter().next()),
        Action::Adopt { ticket, thread } => return opened(view, *ticket, Some(thread.clone())),
        Action::Card { ticket, after } => return card(view, *ticket, after.clone(), made),
        Action::Post { after, .. } | Action::Copy { after, .. } | Action::Pass { after } => {
            return self::noted(view, after.clone(), made);
        }
        Action::Renew { ticket, face, .. } => {
            for card in state.cards.iter_mut().filter(|card| card.ticket == *ticket) {
                card.face.clone_from(face);
            }
            tidy(state);
        }
        Action::Mark { mark, .. } => state.marks.retain(|other| other != mark),
        Action::Rename { ticket } => state.named = *ticket,
        Action::Tell { .. } => state.told = true,
        Action::Archive => state.archived = true,
    }
    noted
}

fn opened(view: &View, ticket: u64, thread: Option<String>) -> Noted {
    let mut noted = unchanged(view);
    noted.former = view.thread.clone().map(|thread| Place { room: view.room.clone(), thread: Some(thread) });
    noted.room = view.wanted.clone().unwrap_or_default();
    noted.thread = thread;
    let state = &mut noted.after.state;
    state.lose_thread();
    state.opening = None;
    state.named = ticket;
    state.begun = Some(ticket);
    noted
}

fn card(view: &View, ticket: u64, after: After, made: Vec<String>) -> Noted {
    let mut noted = noted(view, after, Vec::new());
    let state = &mut noted.after.state;
    state.begun = None;
    state.cards.retain(|card| card.ticket != ticket);
    let face = view.ticket(ticket).map(face).unwrap_or_default();
    // One that can't be posted counts as posted, too: its empty name is never changed.
    let message = made.into_iter().next().unwrap_or_default();
    state.cards.push(Card { ticket, message, face });
    tidy(state);
    noted
}

/// It was not done. `None`: it is to be tried again.
pub(super) fn failed(view: &View, action: &Action, error: &ThreadError) -> Option<Noted> {
    match (error, action) {
        (ThreadError::ThreadGone, Action::Open { .. } | Action::Tell { .. }) => None,
        (ThreadError::ThreadGone, Action::Card { ticket, after }) => {
            Some(gone(view, Some((*ticket, after.shown))))
        }
        (ThreadError::ThreadGone, _) => {
            Some(gone(view, view.state.ticket.map(|ticket| (ticket, view.shown))))
        }
        (ThreadError::Send(SendError::Final(_)), Action::Open { .. }) => None,
        (ThreadError::Send(SendError::Final(reason)), Action::Copy { after, .. }) => {
            Some(lost(view, after, reason))
        }
        (ThreadError::MessageGone, Action::Copy { after, .. }) => {
            Some(lost(view, after, "the message with it is gone"))
        }
        (ThreadError::MessageGone, Action::Renew { ticket, .. }) => {
            let mut noted = unchanged(view);
            noted.after.state.cards.retain(|card| card.ticket != *ticket);
            Some(noted)
        }
        (ThreadError::Send(SendError::Final(_)) | ThreadError::MessageGone, _) => {
            Some(done(view, action, Vec::new()))
        }
        _ => None,
    }
}

/// Files that can't be shown: agents are told that there are some, and why. Of those before the hand-off the card tells.
fn lost(view: &View, after: &After, reason: &str) -> Noted {
    if !view.state.files.is_empty() {
        return noted(view, After { events: Vec::new(), ..after.clone() }, Vec::new());
    }
    let mut noted = unchanged(view);
    noted.after.state.lost = after.events.last().copied();
    noted.after.state.reason = reason.to_owned();
    noted.after.state.part = 0;
    noted
}

/// Somebody has deleted the thread. It is made again, once for each ticket; for one that is over not at all. `shown`: the
/// ticket that was being shown, and from where on.
fn gone(view: &View, shown: Option<(u64, EventId)>) -> Noted {
    let mut noted = unchanged(view);
    noted.thread = None;
    let state = &mut noted.after.state;
    let named = state.named;
    state.lose_thread();
    let Some((ticket, from)) = shown else { return noted };
    let is_open = view.ticket(ticket).is_some_and(|about| about.closed.is_none());
    if !is_open {
        state.ticket = None;
        noted.after.shown = past(view);
    } else if state.remade == ticket {
        (state.without, state.told, state.ticket) = (ticket, false, Some(ticket));
        noted.after.shown = from;
    } else if named == ticket {
        state.remade = ticket;
    }
    noted
}

/// The end of the ticket's conversation.
fn past(view: &View) -> EventId {
    let end = view.events.iter().find(|stored| ends(&stored.event));
    end.map_or(view.shown, |stored| stored.id)
}
