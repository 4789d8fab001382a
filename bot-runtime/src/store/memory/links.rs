//! Two conversations of one customer become one.
use bot_core::dialogue::{Input, LinkOutcome};
use bot_core::handoff::Owner;
use jiff::Timestamp;

use super::super::{CALLS, ConversationId, EventId, LinkChange, rules};
use super::state::State;
use crate::channel::Address;

impl State {
    /// Where a conversation is held on that channel, or where its customer is.
    pub fn address_of(&self, id: ConversationId, channel: &str) -> Address {
        let here = self.conversations[&id].address.clone();
        let held = self.places.iter().filter(|(_, known)| **known == id).map(|(address, _)| address);
        held.into_iter().find(|address| address.channel == channel).cloned().unwrap_or(here)
    }

    pub fn change_link(&mut self, id: ConversationId, change: LinkChange, at: Timestamp) {
        self.links.retain(|_, (_, until)| *until > at);
        match change {
            LinkChange::Offer { hash, until } => {
                self.links.retain(|_, (of, _)| *of != id);
                self.links.insert(hash, (id, until));
            }
            LinkChange::Try { hash } => {
                let (told, outcome) = self.try_code(id, &hash, at);
                self.append(told, Input::LinkAnswered { outcome }, None, at, at);
            }
        }
    }

    fn try_code(&mut self, id: ConversationId, hash: &str, at: Timestamp) -> (ConversationId, LinkOutcome) {
        let Some((other, _)) = self.links.remove(hash) else { return (id, LinkOutcome::Unknown) };
        if other == id || self.channels(id).any(|channel| self.channels(other).any(|known| known == channel))
        {
            return (id, LinkOutcome::Here);
        }
        if self.is_taken(id) || self.is_taken(other) {
            return (id, LinkOutcome::Busy);
        }
        let (survivor, absorbed) = rules::survivor(id, other);
        self.merge(survivor, absorbed, self.conversations[&id].address.clone(), at);
        (survivor, LinkOutcome::Done)
    }

    fn channels(&self, id: ConversationId) -> impl Iterator<Item = &str> {
        let held = self.places.iter().filter(move |(_, known)| **known == id);
        held.map(|(address, _)| address.channel.as_str())
    }

    /// A person has it or is to have it, or an action is under way, whose answer is for it alone.
    fn is_taken(&self, id: ConversationId) -> bool {
        let owner = self.conversations[&id].tracker.owner;
        matches!(owner, Owner::Waiting | Owner::Person)
            || self.tickets.values().any(|ticket| ticket.conversation == id && ticket.closed.is_none())
            || self.outbox.values().any(|sending| sending.conversation == id && sending.route == CALLS)
    }

    /// `here`: where the customer writes.
    fn merge(&mut self, survivor: ConversationId, absorbed: ConversationId, here: Address, at: Timestamp) {
        let moves = |id: &mut ConversationId| {
            if *id == absorbed {
                *id = survivor;
            }
        };
        self.places.values_mut().for_each(moves);
        self.events.values_mut().for_each(|stored| moves(&mut stored.conversation));
        self.tickets.values_mut().for_each(|ticket| moves(&mut ticket.conversation));
        self.inbox.values_mut().for_each(|waiting| moves(&mut waiting.conversation));
        self.outbox.values_mut().for_each(|sending| moves(&mut sending.conversation));
        self.settled.values_mut().for_each(|over| moves(&mut over.conversation));
        self.conversations.values_mut().filter_map(|known| known.linked.as_mut()).for_each(moves);
        let twins = std::mem::take(&mut self.twins).into_iter();
        self.twins = twins
            .map(|((of, event), twins)| ((if of == absorbed { survivor } else { of }, event), twins))
            .collect();
        self.move_threads(survivor, absorbed);
        self.timers.retain(|(of, _), _| *of != absorbed);
        self.links.retain(|_, (of, _)| *of != absorbed);
        let mut messages = Vec::new();
        if let Some(known) = self.conversations.get_mut(&absorbed) {
            messages = std::mem::take(&mut known.messages);
            (known.linked, known.customer, known.tracker) = (Some(survivor), None, Default::default());
            known.address = Address { channel: String::new(), peer: absorbed.0.to_string() };
            known.revision += 1;
        }
        if let Some(known) = self.conversations.get_mut(&survivor) {
            known.messages.append(&mut messages);
            known.messages.sort_by_key(|message| message.item);
            (known.address, known.active, known.revision) = (here, at, known.revision + 1);
        }
        let address = self.conversations[&survivor].address.clone();
        let own = self.tickets.values_mut().filter(|ticket| ticket.conversation == survivor);
        own.for_each(|ticket| ticket.address = address.clone());
    }

    /// Where a desk shows both, the absorbed one's thread stays behind, until the customer is forgotten.
    fn move_threads(&mut self, survivor: ConversationId, absorbed: ConversationId) {
        let is_its = |stored: &&super::super::StoredEvent| stored.conversation == survivor;
        let last = self.events.values().filter(is_its).map(|stored| stored.id).max().unwrap_or(EventId(0));
        let own = self.threads.iter().filter(|((_, of), kept)| *of == absorbed && !kept.stale);
        let desks: Vec<_> = own.map(|((desk, _), _)| desk.clone()).collect();
        for desk in desks
            .into_iter()
            .filter(|desk| !self.threads.contains_key(&(desk.clone(), survivor)))
            .collect::<Vec<_>>()
        {
            if let Some(mut kept) = self.threads.remove(&(desk.clone(), absorbed)) {
                (kept.thread.conversation, kept.thread.shown) = (survivor, last);
                self.threads.insert((desk, survivor), kept);
            }
        }
    }

    pub fn linked(&self, id: ConversationId) -> Option<ConversationId> {
        self.conversations.get(&id)?.linked
    }

    /// The customer is forgotten: that they are the same one at other addresses, too.
    pub fn unlink(&mut self, id: ConversationId) {
        let parts = self.conversations.iter().filter(|(_, known)| known.linked == Some(id));
        let parts: Vec<_> = parts.map(|(part, _)| *part).collect();
        for part in parts {
            self.conversations.remove(&part);
            self.make_stale(part);
        }
        let here = self.conversations[&id].address.clone();
        self.places.retain(|address, held| *held != id || *address == here);
        self.links.retain(|_, (of, _)| *of != id);
    }
}
