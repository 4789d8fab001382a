//! What comes in: arrivals, their edits, timers that are due.
use bot_core::dialogue::{Customer, Input, Tracker};
use jiff::Timestamp;

use super::super::{ConversationId, ITEMS, InboxId, Item, Loaded, Received, rules};
use super::state::{Arrival, Conversation, Message, State, Waiting};
use crate::channel::{self, Address, Body, Inbound};

impl State {
    pub fn receive(&mut self, arrival: Inbound, now: Timestamp) -> Received {
        let Inbound { address, key, at, customer, body } = arrival;
        let key = (address.channel.clone(), key);
        if let Some(before) = self.arrivals.get(&key) {
            return Received { conversation: before.conversation, is_new: false };
        }
        let conversation = self.conversation_at(address, now, rules::is_from_customer(&body));
        if rules::is_from_agent(&body) && self.arrived_elsewhere(conversation, &key.1) {
            return Received { conversation, is_new: false };
        }
        self.arrivals.insert(key, Arrival { conversation, stored: now });
        self.meet(conversation, customer, at, now);
        self.take_in(conversation, body, at, now);
        self.changed = true;
        Received { conversation, is_new: true }
    }

    /// The raw text is not kept: nothing reads it, and it would go with the process.
    pub fn keep_unread(&mut self, channel: &str, key: &str, now: Timestamp) -> bool {
        let key = (channel.to_owned(), key.to_owned());
        let is_new = !self.arrivals.contains_key(&key);
        if is_new {
            self.arrivals.insert(key, Arrival { conversation: rules::NOWHERE, stored: now });
            self.changed = true;
        }
        is_new
    }

    /// Whether an agent's deed has arrived while the customer was at another of their addresses.
    fn arrived_elsewhere(&self, id: ConversationId, key: &str) -> bool {
        let mut held = self.places.iter().filter(|(_, known)| **known == id);
        held.any(|(address, _)| self.arrivals.contains_key(&(address.channel.clone(), key.to_owned())))
    }

    fn conversation_at(&mut self, address: Address, now: Timestamp, is_customer: bool) -> ConversationId {
        if let Some(id) = self.places.get(&address).copied() {
            let known = self.known(id);
            if known.address == address {
                known.active = now;
            } else if is_customer {
                // A turn that would answer where the customer was before must not fit any more.
                (known.address, known.active, known.revision) = (address, now, known.revision + 1);
            }
            return id;
        }
        self.last.conversation += 1;
        let id = ConversationId(self.last.conversation);
        self.places.insert(address.clone(), id);
        let (tracker, customer, linked, messages) = (Tracker::default(), None, None, Vec::new());
        let conversation =
            Conversation { address, revision: 0, active: now, tracker, customer, linked, messages };
        self.conversations.insert(id, conversation);
        id
    }

    fn known(&mut self, id: ConversationId) -> &mut Conversation {
        self.conversations.get_mut(&id).expect("places and conversations go together")
    }

    fn meet(&mut self, id: ConversationId, arrived: Option<Customer>, at: Timestamp, now: Timestamp) {
        let known = self.known(id);
        if let Some(news) = rules::news(arrived, known.customer.as_ref(), &known.tracker.customer) {
            known.customer = Some(news.clone());
            self.append(id, Input::Customer(news), None, at, now);
        }
    }

    fn take_in(&mut self, id: ConversationId, body: Body, at: Timestamp, now: Timestamp) {
        match body {
            Body::Input { input, message } => self.add(id, input, message, at, now),
            Body::Edit { message, text } => self.edit(id, &message, text, at, now),
            Body::Delete { message } => self.delete(id, &message, at, now),
        }
    }

    pub fn append(
        &mut self,
        conversation: ConversationId,
        input: Input,
        message: Option<channel::Message>,
        at: Timestamp,
        stored: Timestamp,
    ) -> InboxId {
        self.last.inbox += 1;
        let id = InboxId(self.last.inbox);
        let item = Item { id, at, stored, input, attempts: 0 };
        self.inbox.insert(id, Waiting { conversation, item, message });
        self.changed = true;
        id
    }

    fn add(
        &mut self,
        id: ConversationId,
        input: Input,
        message: Option<channel::Message>,
        at: Timestamp,
        now: Timestamp,
    ) {
        let text = rules::text_of(&input).map(str::to_owned);
        let is_message = rules::is_message(&input);
        let named = rules::name_of(message.as_ref()).filter(|_| text.is_some()).map(str::to_owned);
        let item = self.append(id, input, message, at, now);
        if is_message {
            let message = named;
            let text = text.filter(|_| message.is_some()).unwrap_or_default();
            self.known(id).messages.push(Message { item, message, text, stored: now });
        }
    }

    /// The message that an edit means: its place among the conversation's messages.
    fn place_of(&mut self, id: ConversationId, message: &str) -> Option<usize> {
        self.known(id).messages.iter().rposition(|known| known.message.as_deref() == Some(message))
    }

    fn edit(&mut self, id: ConversationId, message: &str, text: String, at: Timestamp, now: Timestamp) {
        let Some(place) = self.place_of(id, message) else { return };
        let known = self.known(id);
        let last = place + 1 == known.messages.len();
        if known.messages[place].text == text {
            return;
        }
        let item = known.messages[place].item;
        let before = std::mem::replace(&mut known.messages[place].text, text.clone());
        if let Some(waiting) = self.inbox.get_mut(&item) {
            waiting.item.input = rules::reworded(waiting.item.input.clone(), text);
            // A turn with the old text must not fit any more.
            self.known(id).revision += 1;
        } else {
            self.append(id, Input::Edited { before, text, last }, None, at, now);
        }
    }

    fn delete(&mut self, id: ConversationId, message: &str, at: Timestamp, now: Timestamp) {
        let Some(place) = self.place_of(id, message) else { return };
        let known = self.known(id);
        let item = known.messages[place].item;
        let before = std::mem::take(&mut known.messages[place].text);
        known.messages[place].message = None;
        if let Some(waiting) = self.inbox.get_mut(&item) {
            waiting.item.input = Input::Deleted { before };
            let known = self.known(id);
            known.messages.remove(place);
            known.revision += 1;
        } else {
            self.append(id, Input::Deleted { before }, None, at, now);
        }
    }

    pub fn ready(&self, limit: usize) -> Vec<ConversationId> {
        let mut ready = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for waiting in self.inbox.values() {
            if ready.len() == limit {
                break;
            }
            if seen.insert(waiting.conversation) {
                ready.push(waiting.conversation);
            }
        }
        ready
    }

    pub fn load(&self, id: ConversationId) -> Option<Loaded> {
        let known = self.conversations.get(&id).filter(|known| known.linked.is_none())?;
        let waiting = self.inbox.values().filter(|waiting| waiting.conversation == id);
        let inbox = waiting.take(ITEMS).map(|waiting| waiting.item.clone()).collect();
        let (address, tracker) = (known.address.clone(), known.tracker.clone());
        Some(Loaded { id, address, revision: known.revision, tracker, inbox })
    }

    pub fn failed(&mut self, item: InboxId) -> u32 {
        let Some(waiting) = self.inbox.get_mut(&item) else { return 0 };
        waiting.item.attempts += 1;
        self.changed = true;
        waiting.item.attempts
    }

    pub fn fire(&mut self, now: Timestamp) -> (usize, Option<Timestamp>) {
        let mut due: Vec<_> =
            self.timers.iter().filter(|(_, at)| **at <= now).map(|(timer, at)| (*at, *timer)).collect();
        due.sort_unstable();
        for (at, (conversation, timer)) in &due {
            self.timers.remove(&(*conversation, *timer));
            self.append(*conversation, Input::TimerDue { timer: *timer }, None, *at, now);
        }
        (due.len(), self.timers.values().min().copied())
    }
}
