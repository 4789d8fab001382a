//! Events on their way to the sessions: kept back, doubled, swapped, numbered.
use std::borrow::Cow;

use serde_json::{Value, json};

use super::Emitted;
use super::faults::SocketFault;
use super::record::Side;
use super::state::State;

/// An event before it is numbered.
#[derive(Clone)]
pub(super) struct Event {
    pub name: Cow<'static, str>,
    pub data: Value,
    pub needs: u64,
    pub is_direct: bool,
    pub side: Side,
}

impl Event {
    pub fn new(name: &'static str, data: Value) -> Event {
        Event { name: Cow::Borrowed(name), data, needs: 0, is_direct: true, side: Side::Gateway }
    }

    fn of(emitted: &Emitted) -> Event {
        let Emitted { name, data, needs, is_direct } = emitted.clone();
        Event { name: Cow::Borrowed(name), data, needs, is_direct, side: Side::Gateway }
    }

    /// Whether its `id` is a server's.
    pub fn is_of_guild(&self) -> bool {
        matches!(&*self.name, "GUILD_CREATE" | "GUILD_UPDATE" | "GUILD_DELETE")
    }

    /// Known by name, and unlike all that is described.
    pub fn unparseable() -> Event {
        let data = json!({"id": [], "channel_id": {}, "content": 7});
        Event { side: Side::Fault, ..Event::new("MESSAGE_CREATE", data) }
    }

    /// Of a kind that Discord might have tomorrow.
    pub fn unknown() -> Event {
        Event { side: Side::Fault, ..Event::new("STAND_IN_NOVELTY", json!({"id": "1"})) }
    }
}

impl State {
    pub fn emit(&mut self, emitted: &Emitted) {
        let event = Event::of(emitted);
        if self.holds_back {
            self.held.push(event);
            return;
        }
        self.tell(event);
    }

    pub fn release(&mut self) {
        self.holds_back = false;
        for event in std::mem::take(&mut self.held) {
            self.tell(event);
        }
        if let Some(first) = self.swapped.take() {
            self.tell_all(&first);
        }
    }

    /// Tells of an event, with the faults that were ordered for it.
    fn tell(&mut self, event: Event) {
        if let Some(first) = self.swapped.take() {
            self.tell_all(&event);
            self.tell_all(&first);
            return;
        }
        match self.next_event_fault(&event) {
            Some(SocketFault::Reorder) => self.swapped = Some(event),
            Some(SocketFault::Double) => {
                self.tell_all(&event);
                self.tell_all(&event);
            }
            Some(SocketFault::DoubleSame) => self.tell_twice(&event),
            _ => self.tell_all(&event),
        }
    }

    /// The fault of the next event, if somebody is told of this one.
    fn next_event_fault(&mut self, event: &Event) -> Option<SocketFault> {
        let is_told = self.sessions.values().any(|session| session.knows_of(event));
        if is_told { self.next_events.pop_front() } else { None }
    }

    /// Numbers it in each session that may know of it, and sends it where one is connected.
    pub fn tell_all(&mut self, event: &Event) {
        let ids: Vec<String> = self.sessions.keys().cloned().collect();
        let told = ids.iter().filter(|id| self.tell_session(id, event)).count();
        if told > 0 {
            self.count_down();
        }
    }

    fn tell_twice(&mut self, event: &Event) {
        self.tell_all(event);
        let again: Vec<_> = self.sessions.values().filter(|session| session.knows_of(event)).collect();
        let again = again.iter().filter_map(|session| {
            let last = session.since(session.sequence.saturating_sub(1))?.pop()?;
            session.connection.map(|connection| (connection, last))
        });
        for (connection, last) in again.collect::<Vec<_>>() {
            self.send(connection, last.side, last.text);
        }
    }

    /// Whether it may know of it. What happens before READY is sent comes after it.
    pub fn tell_session(&mut self, id: &str, event: &Event) -> bool {
        let buffer = self.settings.buffer;
        let Some(session) = self.sessions.get_mut(id).filter(|session| session.knows_of(event)) else {
            return false;
        };
        if let Some(waiting) = &mut session.waiting {
            waiting.push(event.clone());
            return true;
        }
        let numbered = session.number(event, buffer);
        if let Some(connection) = session.connection {
            self.send(connection, numbered.side, numbered.text);
        }
        true
    }
}
