//! What goes out: taken by workers, settled by them.
use std::collections::{BTreeMap, HashSet};

use bot_core::dialogue::Input;
use jiff::Timestamp;

use super::super::{ConversationId, Entry, EventId, OutboxId, Settled, Twin, WorkerId};
use super::state::{Over, Sending, State};

impl State {
    pub fn take(
        &mut self,
        route: &str,
        worker: &WorkerId,
        now: Timestamp,
        limit: usize,
    ) -> (Vec<Entry>, Option<Timestamp>) {
        let (mut taken, mut next) = (Vec::new(), None);
        for id in self.heads(route) {
            let sending = self.outbox.get_mut(&id).expect("a head is an entry");
            let due = sending.due.unwrap_or(now).max(now);
            if due > now || taken.len() == limit {
                next = Some(next.map_or(due, |next: Timestamp| next.min(due)));
                continue;
            }
            sending.worker = Some(worker.clone());
            self.changed = true;
            taken.push(self.entry(id));
        }
        (taken, next)
    }

    /// Of each conversation the first entry of that route, if nobody has it.
    fn heads(&self, route: &str) -> Vec<OutboxId> {
        let mut seen = HashSet::new();
        let of_route = self.outbox.iter().filter(|(_, sending)| sending.route == route);
        let heads = of_route.filter(|(_, sending)| seen.insert(sending.conversation));
        heads.filter(|(_, head)| head.worker.is_none()).map(|(id, _)| *id).collect()
    }

    fn entry(&self, id: OutboxId) -> Entry {
        let sending = &self.outbox[&id];
        Entry {
            id,
            conversation: sending.conversation,
            address: self.address_of(sending.conversation, &sending.route),
            route: sending.route.clone(),
            what: sending.what.clone(),
            attempts: sending.attempts,
            in_doubt: sending.in_doubt,
            part: sending.part,
            quotes: self.quotes(sending),
        }
    }

    /// What the dead have taken is free, and may have arrived.
    pub fn bury(&mut self, dead: &[WorkerId]) {
        for sending in self.outbox.values_mut() {
            if sending.worker.as_ref().is_some_and(|worker| dead.contains(worker)) {
                sending.worker = None;
                sending.due = None;
                sending.in_doubt = true;
                self.changed = true;
            }
        }
        self.workers.retain(|worker, _| !dead.contains(worker));
    }

    pub fn settle(&mut self, id: OutboxId, settled: Settled, now: Timestamp) {
        let Some(sending) = self.outbox.get_mut(&id) else { return };
        self.changed = true;
        match settled {
            Settled::Again { at, in_doubt, .. } => {
                sending.worker = None;
                sending.due = Some(at);
                sending.attempts += 1;
                sending.in_doubt |= in_doubt;
            }
            Settled::Part { part, messages } => {
                if part == sending.part {
                    sending.part += 1;
                    (sending.attempts, sending.in_doubt, sending.due, sending.worker) =
                        (0, false, None, None);
                }
                let (conversation, event) = (sending.conversation, sending.event);
                self.delivered(conversation, event, messages);
            }
            Settled::Sent { messages, answer } => self.end(id, messages, answer, false, now),
            Settled::Failed { answer, .. } => self.end(id, Vec::new(), answer, true, now),
        }
    }

    fn end(
        &mut self,
        id: OutboxId,
        messages: Vec<String>,
        answer: Option<Input>,
        failed: bool,
        at: Timestamp,
    ) {
        let Some(Sending { conversation, event, .. }) = self.outbox.remove(&id) else { return };
        if let Some(event) = event {
            self.settled.insert(id, Over { conversation, event, failed, at });
        }
        self.delivered(conversation, event, messages);
        if let Some(answer) = answer {
            self.append(conversation, answer, None, at, at);
        }
    }

    /// The messages at the customer's that an event has become.
    fn delivered(&mut self, id: ConversationId, event: Option<EventId>, messages: Vec<String>) {
        let Some(event) = event else { return };
        for message in messages {
            self.add_twin(id, event, Twin { desk: None, message, quotes: None });
        }
    }

    fn quotes(&self, sending: &Sending) -> Option<String> {
        let twins = self.twins.get(&(sending.conversation, sending.event?))?;
        let agents = twins.iter().filter(|twin| twin.desk.is_some());
        agents.filter_map(|twin| twin.quotes.clone()).next()
    }

    pub fn beat(&mut self, worker: &WorkerId) -> BTreeMap<WorkerId, u64> {
        *self.workers.entry(worker.clone()).or_default() += 1;
        self.workers.clone()
    }

    pub fn leave(&mut self, worker: &WorkerId) {
        self.workers.remove(worker);
        for sending in self.outbox.values_mut().filter(|sending| sending.worker.as_ref() == Some(worker)) {
            sending.worker = None;
            self.changed = true;
        }
    }
}
