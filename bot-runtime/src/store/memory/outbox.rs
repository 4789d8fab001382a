//! What goes out: taken by workers, settled by them.
use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use super::super::{Entry, OutboxId, Settled, WorkerId};
use super::state::State;

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
            address: self.conversations[&sending.conversation].address.clone(),
            route: sending.route.clone(),
            what: sending.what.clone(),
            attempts: sending.attempts,
            in_doubt: sending.in_doubt,
            part: 0,
            quotes: None,
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
            Settled::Part { .. } => {}
            Settled::Sent { answer, .. } | Settled::Failed { answer, .. } => {
                let conversation = sending.conversation;
                self.outbox.remove(&id);
                if let Some(answer) = answer {
                    self.append(conversation, answer, now, now);
                }
            }
        }
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
