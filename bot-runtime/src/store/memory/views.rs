//! What desks and tests look at.
use std::cmp::Reverse;

use super::super::{ConversationId, EventId, Listed, StoredEvent, StoredTicket, TicketFilter};
use super::state::State;

impl State {
    pub fn unsettled(&self, id: ConversationId) -> usize {
        let items = self.inbox.values().filter(|waiting| waiting.conversation == id).count();
        items + self.outbox.values().filter(|sending| sending.conversation == id).count()
    }

    pub fn events(&self, of: Option<ConversationId>, after: EventId, limit: usize) -> Vec<StoredEvent> {
        let later = self.events.range((std::ops::Bound::Excluded(after), std::ops::Bound::Unbounded));
        let wanted =
            later.map(|(_, event)| event).filter(|event| of.is_none_or(|of| of == event.conversation));
        wanted.take(limit).cloned().collect()
    }

    pub fn list(&self, limit: usize) -> Vec<Listed> {
        let own = self.conversations.iter().filter(|(_, known)| known.linked.is_none());
        let listed = own.map(|(id, known)| Listed {
            id: *id,
            address: known.address.clone(),
            owner: known.tracker.owner,
            active: known.active,
        });
        let mut listed: Vec<_> = listed.collect();
        listed.sort_by_key(|listed| Reverse((listed.active, listed.id)));
        listed.truncate(limit);
        listed
    }

    pub fn tickets(&self, filter: &TicketFilter) -> Vec<StoredTicket> {
        let of = |ticket: &&StoredTicket| filter.conversation.is_none_or(|of| of == ticket.conversation);
        let open = |ticket: &&StoredTicket| filter.closed || ticket.closed.is_none();
        let mut tickets: Vec<_> = self.tickets.values().filter(of).filter(open).cloned().collect();
        tickets.sort_by_key(|ticket| (Reverse(ticket.ticket.priority), ticket.number));
        if filter.limit > 0 {
            tickets.truncate(filter.limit);
        }
        tickets
    }
}
