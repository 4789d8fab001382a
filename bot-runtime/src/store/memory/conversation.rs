//! What a turn changes in a conversation, its tickets, and how it is forgotten.
use bot_core::dialogue::Input;
use bot_core::handoff::{Owner, Ticket};
use jiff::Timestamp;

use super::super::{
    CALLS, Commit, ConversationId, EventId, NewEntry, OutboxId, REMEMBERED, StoredEvent, StoredTicket,
    TicketChange, Twin, pairs, rules,
};
use super::state::{Sending, State, Waiting};

impl State {
    pub fn commit(&mut self, mut commit: Commit) -> bool {
        let id = commit.conversation;
        if self.conversations.get(&id).is_none_or(|known| known.revision != commit.revision) {
            return false;
        }
        let twins = self.finish_items(&commit);
        if commit.forget {
            self.forget(id);
        }
        let events = self.note(&mut commit);
        for (place, twin) in twins {
            if let Some(event) = events[place] {
                self.add_twin(id, event, twin);
            }
        }
        self.set_timers(&commit);
        for entry in commit.outbox {
            let event = entry.event.and_then(|place| events.get(place).copied().flatten());
            self.send(id, entry, event);
        }
        commit.ticket.into_iter().for_each(|change| self.change_ticket(id, change, commit.at));
        if let Some(change) = commit.link {
            self.change_link(id, change, commit.at);
        }
        self.changed = true;
        true
    }

    /// The messages of the items, each with the place of its event in the commit.
    fn finish_items(&mut self, commit: &Commit) -> Vec<(usize, Twin)> {
        let mut done = Vec::new();
        for item in &commit.done {
            if self.inbox.get(item).is_some_and(|waiting| waiting.conversation == commit.conversation) {
                let waiting = self.inbox.remove(item);
                let finished = |Waiting { item, message, .. }| pairs::Done { input: item.input, message };
                done.extend(waiting.map(finished));
            }
        }
        let voices: Vec<_> = commit.events.iter().map(pairs::Voice::of_event).collect();
        pairs::twins(done, &voices.iter().map(Option::as_ref).collect::<Vec<_>>())
    }

    /// The ids of the events, by their places in the commit; what does not outlive it has none.
    fn note(&mut self, commit: &mut Commit) -> Vec<Option<EventId>> {
        let (conversation, at) = (commit.conversation, commit.at);
        let mut ids = Vec::new();
        for event in commit.events.drain(..) {
            if commit.forget && !rules::outlives_forgetting(&event) {
                ids.push(None);
                continue;
            }
            self.last.event += 1;
            let id = EventId(self.last.event);
            ids.push(Some(id));
            self.events.insert(id, StoredEvent { id, conversation, at, event });
        }
        let known = self.conversations.get_mut(&conversation).expect("its revision was compared");
        known.revision += 1;
        known.active = at;
        known.tracker = std::mem::take(&mut commit.tracker);
        ids
    }

    fn set_timers(&mut self, commit: &Commit) {
        for timer in &commit.timers_done {
            self.timers.remove(&(commit.conversation, *timer));
        }
        for (timer, at) in &commit.timers_set {
            self.timers.insert((commit.conversation, *timer), *at);
        }
    }

    fn send(&mut self, conversation: ConversationId, entry: NewEntry, event: Option<EventId>) {
        self.last.outbox += 1;
        let NewEntry { route, what, .. } = entry;
        let (part, attempts, in_doubt, due, worker) = (0, 0, false, None, None);
        // What is called is not delivered.
        let event = event.filter(|_| route != CALLS);
        let sending = Sending { conversation, route, what, event, part, attempts, in_doubt, due, worker };
        self.outbox.insert(OutboxId(self.last.outbox), sending);
    }

    fn change_ticket(&mut self, id: ConversationId, change: TicketChange, at: Timestamp) {
        if let TicketChange::Open(ticket) = change {
            return self.open_ticket(id, *ticket, at);
        }
        if let TicketChange::Rated { ticket, stars } = change {
            let rated = self.tickets.get_mut(&ticket).filter(|ticket| ticket.conversation == id);
            return rated.into_iter().for_each(|ticket| ticket.stars = Some(stars));
        }
        let of_conversation = self.tickets.values_mut().filter(|ticket| ticket.conversation == id);
        for ticket in of_conversation.filter(|ticket| ticket.closed.is_none()) {
            changed(ticket, &change, at);
        }
    }

    fn open_ticket(&mut self, conversation: ConversationId, mut ticket: Ticket, at: Timestamp) {
        self.last.ticket += 1;
        let number = self.last.ticket;
        ticket.number = Some(number);
        let ahead = self.tickets.values().filter(|other| {
            other.owner == Owner::Waiting
                && other.ticket.team == ticket.team
                && other.ticket.priority >= ticket.priority
        });
        let ahead = u32::try_from(ahead.count()).unwrap_or(u32::MAX);
        let address = self.conversations[&conversation].address.clone();
        let (owner, agent, announced, closed, stars) = (Owner::Waiting, None, at, None, None);
        let stored =
            StoredTicket { number, conversation, address, ticket, owner, agent, announced, closed, stars };
        self.tickets.insert(number, stored);
        self.append(conversation, Input::TicketOpened { ticket: number, ahead }, None, at, at);
    }

    fn forget(&mut self, id: ConversationId) {
        self.erase_events(id);
        self.outbox.retain(|_, sending| sending.conversation != id);
        self.timers.retain(|(conversation, _), _| *conversation != id);
        self.inbox.retain(|_, waiting| {
            waiting.conversation != id || rules::goes_on_after_forgetting(&waiting.item.input)
        });
        for stored in self.tickets.values_mut().filter(|stored| stored.conversation == id) {
            stored.ticket = rules::erased(stored.ticket.clone());
        }
        let known = self.conversations.get_mut(&id).expect("its revision was compared");
        known.customer = None;
        let inbox = &self.inbox;
        known.messages.retain(|message| inbox.contains_key(&message.item));
        self.make_stale(id);
        self.unlink(id);
    }

    pub fn expire(&mut self, before: Option<Timestamp>, now: Timestamp) -> usize {
        let old = before.map_or_else(Vec::new, |before| self.untouched_since(before));
        for id in &old {
            self.erase(*id);
        }
        self.changed |= !old.is_empty();
        if let Ok(remembered) = now.checked_sub(REMEMBERED) {
            self.arrivals.retain(|_, arrival| arrival.stored >= remembered);
            self.settled.retain(|_, over| over.at >= remembered);
            for known in self.conversations.values_mut() {
                known.messages.retain(|message| message.stored >= remembered);
            }
        }
        old.len()
    }

    fn untouched_since(&self, before: Timestamp) -> Vec<ConversationId> {
        let old = self.conversations.iter().filter(|(_, known)| known.active < before);
        old.map(|(id, _)| *id).filter(|id| self.nothing_waits_for(*id)).collect()
    }

    fn nothing_waits_for(&self, id: ConversationId) -> bool {
        self.unsettled(id) == 0
            && !self.timers.keys().any(|(conversation, _)| *conversation == id)
            && !self.tickets.values().any(|ticket| ticket.conversation == id && ticket.closed.is_none())
    }

    fn erase(&mut self, id: ConversationId) {
        if self.conversations.remove(&id).is_none() {
            return;
        }
        self.places.retain(|_, held| *held != id);
        self.links.retain(|_, (of, _)| *of != id);
        self.erase_events(id);
        self.tickets.retain(|_, ticket| ticket.conversation != id);
        self.make_stale(id);
    }

    /// And what they have become.
    fn erase_events(&mut self, id: ConversationId) {
        self.events.retain(|_, event| event.conversation != id);
        self.twins.retain(|(conversation, _), _| *conversation != id);
        self.settled.retain(|_, over| over.conversation != id);
    }
}

fn changed(ticket: &mut StoredTicket, change: &TicketChange, at: Timestamp) {
    match change {
        TicketChange::Claimed { agent } => {
            ticket.owner = Owner::Person;
            ticket.agent = Some(agent.clone());
        }
        TicketChange::Waiting => ticket.owner = Owner::Waiting,
        TicketChange::Alerted => ticket.announced = at,
        TicketChange::Closed => {
            ticket.owner = Owner::Closed;
            ticket.closed = Some(at);
        }
        TicketChange::Open(_) | TicketChange::Rated { .. } => {}
    }
}
