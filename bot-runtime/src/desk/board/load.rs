//! Reads from the store what is known of a conversation.
use bot_core::dialogue::Event;
use bot_core::handoff::Owner;

use super::next::{takes, tells};
use super::state::State;
use super::view::{Recent, View};
use crate::desk::{PAGE, events};
use crate::store::{ConversationId, EventId, Fate, Store, StoreError, StoredEvent, TicketFilter, Trace};

/// What the store knows of it; what the process knows is added by the caller. `None`: it has had no ticket.
pub(super) async fn view<S: Store>(
    store: &S,
    desk: &str,
    conversation: ConversationId,
) -> Result<Option<View>, StoreError> {
    let filter = TicketFilter { conversation: Some(conversation), closed: true, limit: 0 };
    let mut tickets = store.tickets(filter).await?;
    if tickets.is_empty() {
        return Ok(None);
    }
    tickets.sort_by_key(|ticket| ticket.number);
    let mut view = View { tickets, ..View::default() };
    if let Some(row) = store.thread(desk, conversation).await? {
        (view.room, view.thread, view.state) = (row.room, row.thread, State::read(&row.state));
        view.shown = row.shown;
    }
    match view.state.ticket {
        Some(_) => page(store, conversation, &mut view).await?,
        None => since_hand_off(store, conversation, &mut view).await?,
    }
    traces(store, conversation, &mut view).await?;
    replies(store, desk, conversation, &mut view).await?;
    Ok(Some(view))
}

/// What comes after the cursor. A page must not end between a message and what is to be hidden of it.
async fn page<S: Store>(store: &S, id: ConversationId, view: &mut View) -> Result<(), StoreError> {
    view.events = store.events(Some(id), view.shown, PAGE).await?;
    view.is_full = view.events.len() == PAGE;
    let last = view.events.iter().rposition(|stored| matches!(stored.event, Event::CustomerSaid { .. }));
    if let Some(last) = last.filter(|last| view.is_full && *last > 0) {
        view.events.truncate(last);
    }
    Ok(())
}

/// What comes after the last hand-off, or the first that agents have seen, and the files that were sent before; without a
/// hand-off, what did not arrive.
async fn since_hand_off<S: Store>(store: &S, id: ConversationId, view: &mut View) -> Result<(), StoreError> {
    let mut recent = Recent::default();
    // Of one that comes to this desk for the first time, what was done at others is no news.
    let is_known = view.shown > EventId::default();
    let begun = view.state.begun;
    for stored in events(store, id, view.shown).await? {
        let is_hand_off = matches!(stored.event, Event::HandedOff(_));
        let is_seen = |events: &[StoredEvent]| {
            is_known && is_taken(events) || begun.is_some_and(|ticket| tells(events, ticket))
        };
        if is_hand_off && !is_seen(&view.events) {
            view.files = recent.files();
            view.events.clear();
        }
        recent.take(&stored.event);
        if !view.events.is_empty() || is_kept(&stored.event) {
            view.events.push(stored);
        }
    }
    if !matches!(view.events.first(), Some(StoredEvent { event: Event::HandedOff(_), .. })) {
        view.events.retain(|stored| is_kept(&stored.event));
    }
    Ok(())
}

/// One that an agent has had is shown, though it is over.
fn is_taken(events: &[StoredEvent]) -> bool {
    let is_hand_off = |stored: &StoredEvent| matches!(stored.event, Event::HandedOff(_));
    events.first().is_some_and(is_hand_off) && events.iter().any(|stored| takes(&stored.event))
}

fn is_kept(event: &Event) -> bool {
    matches!(event, Event::HandedOff(_) | Event::Undelivered { .. })
}

async fn traces<S: Store>(store: &S, id: ConversationId, view: &mut View) -> Result<(), StoreError> {
    let marked = view.state.marks.iter().map(|mark| mark.event).min();
    let first = view.events.first().map(|stored| stored.id);
    let Some(first) = marked.into_iter().chain(first).min() else { return Ok(()) };
    let mut after = EventId(first.0 - 1);
    loop {
        let page = store.traces(id, after, PAGE).await?;
        let is_last = page.len() < PAGE;
        after = page.last().map_or(after, |trace| trace.event);
        view.traces.extend(page.into_iter().map(|trace| (trace.event, trace)));
        if is_last {
            return Ok(());
        }
    }
}

/// The messages at the desk that the events reply to.
async fn replies<S: Store>(
    store: &S,
    desk: &str,
    id: ConversationId,
    view: &mut View,
) -> Result<(), StoreError> {
    let mut history = None;
    for index in 0..view.events.len() {
        let stored = &view.events[index];
        let target = match &stored.event {
            Event::CustomerSaid { .. } => quoted(store, id, view.traces.get(&stored.id)).await?,
            Event::Edited { .. } | Event::Deleted { .. } | Event::Undelivered { .. } => {
                if history.is_none() {
                    history = Some(events(store, id, EventId::default()).await?);
                }
                meant(history.as_deref().unwrap_or_default(), stored, store, id).await?
            }
            _ => None,
        };
        let Some(target) = target else { continue };
        if let Some(message) = at_desk(store, desk, id, target).await? {
            view.replies.insert(stored.id, message);
        }
    }
    Ok(())
}

/// The event that a customer's message quotes.
async fn quoted<S: Store>(
    store: &S,
    id: ConversationId,
    trace: Option<&Trace>,
) -> Result<Option<EventId>, StoreError> {
    let twins = trace.map_or(&[][..], |trace| &trace.twins);
    let quotes = twins.iter().filter(|twin| twin.desk.is_none()).find_map(|twin| twin.quotes.as_deref());
    match quotes {
        Some(message) => store.event_of(id, None, message).await,
        None => Ok(None),
    }
}

/// The event whose message was changed, taken back or not delivered: by its text, the last one before.
async fn meant<S: Store>(
    history: &[StoredEvent],
    about: &StoredEvent,
    store: &S,
    id: ConversationId,
) -> Result<Option<EventId>, StoreError> {
    let before = history.iter().take_while(|stored| stored.id < about.id);
    match &about.event {
        Event::Edited { before: text, .. } | Event::Deleted { before: text } => Ok(origin(before, text)),
        Event::Undelivered { text, .. } => {
            let said = before.filter(|stored| is_said(&stored.event, text)).map(|stored| stored.id);
            let said: Vec<_> = said.collect();
            for event in said.into_iter().rev() {
                if trace(store, id, event).await?.is_some_and(|trace| trace.fate == Some(Fate::Failed)) {
                    return Ok(Some(event));
                }
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

fn is_said(event: &Event, said: &str) -> bool {
    match event {
        Event::AgentSaid { text, .. } | Event::AgentEdited { text, .. } => text == said,
        Event::AgentSent { text, .. } => format!("[file] {text}").trim_end() == said,
        _ => false,
    }
}

/// The message that has that text now, after all edits before.
fn origin<'a>(before: impl Iterator<Item = &'a StoredEvent>, text: &str) -> Option<EventId> {
    let mut messages: Vec<(EventId, &str)> = Vec::new();
    for stored in before {
        match &stored.event {
            Event::CustomerSaid { text, .. } => messages.push((stored.id, text)),
            Event::Edited { before, text } => {
                let edited = messages.iter_mut().rev().find(|known| is_text(known.1, before));
                edited.into_iter().for_each(|known| known.1 = text);
            }
            _ => {}
        }
    }
    messages.into_iter().rev().find(|known| is_text(known.1, text)).map(|(event, _)| event)
}

/// Of a message with files, `[picture] caption`, the customer changes the caption.
fn is_text(said: &str, text: &str) -> bool {
    said == text
        || (said.starts_with('[') && said.split_once("] ").is_some_and(|(_, caption)| caption == text))
}

/// An event's message at the desk.
pub(super) async fn at_desk<S: Store>(
    store: &S,
    desk: &str,
    id: ConversationId,
    event: EventId,
) -> Result<Option<String>, StoreError> {
    let twins = trace(store, id, event).await?.map(|trace| trace.twins).unwrap_or_default();
    Ok(twins.into_iter().find(|twin| twin.desk.as_deref() == Some(desk)).map(|twin| twin.message))
}

/// What an event has become.
pub(super) async fn trace<S: Store>(
    store: &S,
    id: ConversationId,
    event: EventId,
) -> Result<Option<Trace>, StoreError> {
    let traces = store.traces(id, EventId(event.0 - 1), 1).await?;
    Ok(traces.into_iter().find(|trace| trace.event == event))
}

/// Whether a conversation may be shown again from this event on.
pub(super) fn wakes(event: &Event) -> bool {
    match event {
        Event::HandedOff(_) | Event::TicketOpened { .. } | Event::Undelivered { .. } => true,
        Event::OwnerChanged { owner } => matches!(owner, Owner::Waiting | Owner::Person),
        _ => false,
    }
}
