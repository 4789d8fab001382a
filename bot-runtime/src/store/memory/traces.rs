//! What events have become on platforms.
use std::collections::BTreeSet;
use std::ops::Bound;

use super::super::{ConversationId, EventId, Fate, Trace, Twin, rules};
use super::state::State;

impl State {
    /// Each message of an event is noted once.
    pub fn add_twin(&mut self, id: ConversationId, event: EventId, twin: Twin) {
        let twins = self.twins.entry((id, event)).or_default();
        if !twins.iter().any(|known| known.desk == twin.desk && known.message == twin.message) {
            twins.push(twin);
            self.changed = true;
        }
    }

    pub fn traces(&self, id: ConversationId, after: EventId, limit: usize) -> Vec<Trace> {
        let later = (Bound::Excluded((id, after)), Bound::Included((id, EventId(i64::MAX))));
        let mut events: BTreeSet<_> = self.twins.range(later).map(|((_, event), _)| *event).collect();
        let to_deliver = self.outbox.values().map(|sending| (sending.conversation, sending.event));
        let over = self.settled.values().map(|over| (over.conversation, Some(over.event)));
        let of_conversation = to_deliver.chain(over).filter(|(conversation, _)| *conversation == id);
        events.extend(of_conversation.filter_map(|(_, event)| event).filter(|event| *event > after));
        events.into_iter().take(limit).map(|event| self.trace(id, event)).collect()
    }

    fn trace(&self, id: ConversationId, event: EventId) -> Trace {
        let twins = self.twins.get(&(id, event)).cloned().unwrap_or_default();
        Trace { event, twins, fate: self.fate(event) }
    }

    fn fate(&self, event: EventId) -> Option<Fate> {
        let waits =
            self.outbox.values().filter(|sending| sending.event == Some(event)).map(|_| Fate::Waiting);
        let over = self.settled.values().filter(|over| over.event == event);
        let over = over.map(|over| if over.failed { Fate::Failed } else { Fate::Sent });
        waits.chain(over).reduce(rules::worse)
    }

    pub fn event_of(&self, id: ConversationId, desk: Option<&str>, message: &str) -> Option<EventId> {
        let all = (id, EventId(i64::MIN))..=(id, EventId(i64::MAX));
        let is_it = |twin: &Twin| twin.desk.as_deref() == desk && twin.message == message;
        let mut found = self.twins.range(all).filter(|(_, twins)| twins.iter().any(is_it));
        found.next().map(|((_, event), _)| *event)
    }
}
