//! The gateway's state, and what changes it. Nothing here waits: what is to be sent is given to the sockets' tasks.
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc::UnboundedSender;

use super::clock::Clock;
use super::codes::Code;
use super::connection::{Connection, Out};
use super::events::Event;
use super::faults::SocketFault;
use super::limits::Day;
use super::record::{Ended, Frame, Opened, Side};
use super::session::Session;
use super::settings::Settings;

pub(super) struct State {
    pub settings: Settings,
    pub clock: Clock,
    pub sessions: BTreeMap<String, Session>,
    pub connections: BTreeMap<u64, Connection>,
    pub opened: Vec<Opened>,
    pub frames: Vec<Frame>,
    pub day: Day,
    /// When the shards of one remainder identified last.
    pub identified_at: BTreeMap<u64, Duration>,
    pub identifies: usize,
    pub resumes: usize,
    pub is_token_reset: bool,
    pub is_down: bool,
    pub holds_back: bool,
    pub held: Vec<Event>,
    /// The first of two that are to be swapped.
    pub swapped: Option<Event>,
    /// Faults that wait for somebody who is ready.
    orders: Vec<SocketFault>,
    /// Faults that wait for so many more events.
    later: Vec<(usize, SocketFault)>,
    /// Faults of the next events.
    pub next_events: VecDeque<SocketFault>,
    /// How often it was changed.
    pub version: u64,
    sessions_made: u64,
}

impl State {
    pub fn new() -> State {
        State {
            settings: Settings::default(),
            clock: Clock::new(),
            sessions: BTreeMap::new(),
            connections: BTreeMap::new(),
            opened: Vec::new(),
            frames: Vec::new(),
            day: Day::default(),
            identified_at: BTreeMap::new(),
            identifies: 0,
            resumes: 0,
            is_token_reset: false,
            is_down: false,
            holds_back: false,
            held: Vec::new(),
            swapped: None,
            orders: Vec::new(),
            later: Vec::new(),
            next_events: VecDeque::new(),
            version: 0,
            sessions_made: 0,
        }
    }

    /// A connection is there: it is numbered, and greeted with HELLO.
    pub fn connect(&mut self, out: UnboundedSender<Out>, path: &str, query: &str, resume_url: String) -> u64 {
        let number = self.opened.len() as u64 + 1;
        let (path, query) = (path.to_owned(), query.to_owned());
        self.opened.push(Opened { number, path, query, ended: None });
        let interval = self.settings.heartbeat_interval;
        self.connections.insert(number, Connection::new(out, resume_url, self.clock.real(), interval));
        let interval = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
        let hello =
            json!({"t": null, "s": null, "op": 10, "d": {"heartbeat_interval": interval, "_trace": []}});
        self.send(number, Side::Gateway, hello.to_string());
        number
    }

    /// A connection is gone. Its session ends if the client said so, and waits otherwise.
    pub fn disconnect(&mut self, number: u64, ended: Ended) {
        let index = usize::try_from(number - 1).expect("so many connections fit into memory");
        self.opened[index].ended.get_or_insert(ended);
        let Some(connection) = self.connections.remove(&number) else { return };
        if let Some(id) = connection.session {
            self.leave(&id, matches!(ended, Ended::ByBot(Some(1000 | 1001))));
        }
    }

    /// A session is on no connection any more, and perhaps at its end.
    pub fn leave(&mut self, id: &str, is_over: bool) {
        let now = self.clock.now();
        if is_over {
            self.sessions.remove(id);
        } else if let Some(session) = self.sessions.get_mut(id) {
            session.connection = None;
            session.left_at = Some(now);
        }
    }

    pub fn send(&mut self, connection: u64, side: Side, text: String) {
        let Some(connection) = self.connections.get(&connection).filter(|connection| !connection.is_zombie)
        else {
            return;
        };
        connection.tell(Out::Text(side, text));
    }

    /// Closes a connection; what the client sends until it notices means nothing any more.
    pub fn close(&mut self, number: u64, code: Code) {
        let Some(connection) = self.connections.remove(&number) else { return };
        if let Some(id) = &connection.session {
            self.leave(id, code.ends_session());
        }
        connection.tell(Out::Close(code));
    }

    /// Breaks a connection off.
    pub fn cut(&mut self, number: u64, how: Out) {
        let Some(connection) = self.connections.remove(&number) else { return };
        if let Some(id) = &connection.session {
            self.leave(id, false);
        }
        connection.tell(how);
    }

    /// Those who have a session.
    fn with_session(&self) -> Vec<u64> {
        let ready = |id: &String| self.sessions.get(id).is_some_and(|session| session.waiting.is_none());
        let with =
            self.connections.iter().filter(|(_, connection)| connection.session.as_ref().is_some_and(ready));
        with.map(|(number, _)| *number).collect()
    }

    pub fn ready(&self) -> usize {
        self.with_session().len()
    }

    pub fn sequence(&self) -> u64 {
        let newest = self.sessions.values().max_by_key(|session| &session.id);
        newest.map_or(0, |session| session.sequence)
    }

    pub fn order(&mut self, fault: SocketFault) {
        if fault.is_of_event() {
            self.next_events.push_back(fault);
            return;
        }
        self.orders.push(fault);
        self.meet_faults();
    }

    pub fn order_after(&mut self, events: usize, fault: SocketFault) {
        if events == 0 {
            return self.order(fault);
        }
        self.later.push((events, fault));
    }

    pub fn clear_faults(&mut self) {
        self.orders.clear();
        self.later.clear();
        self.next_events.clear();
    }

    /// One more event has been told.
    pub fn count_down(&mut self) {
        self.later.iter_mut().for_each(|(events, _)| *events -= 1);
        let (due, later) = std::mem::take(&mut self.later).into_iter().partition(|(events, _)| *events == 0);
        self.later = later;
        let due: Vec<(usize, SocketFault)> = due;
        due.into_iter().for_each(|(_, fault)| self.order(fault));
    }

    /// What was ordered happens to those who are ready, if there are any.
    pub fn meet_faults(&mut self) {
        while !self.orders.is_empty() {
            let ready = self.with_session();
            if ready.is_empty() {
                return;
            }
            let fault = self.orders.remove(0);
            ready.into_iter().for_each(|connection| self.meet(connection, fault));
        }
    }

    fn meet(&mut self, number: u64, fault: SocketFault) {
        match fault {
            SocketFault::Drop => self.cut(number, Out::Cut),
            SocketFault::Reset => self.cut(number, Out::Reset),
            SocketFault::Close(code) => self.close(number, Code(code)),
            SocketFault::InvalidSession { resumable } => self.invalid_session(number, resumable),
            SocketFault::Reconnect => self.asks_to_reconnect(number),
            SocketFault::NotJson => {
                self.send(number, Side::Fault, "{\"t\":\"MESSAGE_CREATE\",\"s\":".to_owned())
            }
            SocketFault::Unparseable => self.tell_connection(number, &Event::unparseable()),
            SocketFault::Unknown => self.tell_connection(number, &Event::unknown()),
            SocketFault::SilentHeartbeats | SocketFault::Zombie => {
                let Some(connection) = self.connections.get_mut(&number) else { return };
                connection.is_silent = true;
                connection.is_zombie |= fault == SocketFault::Zombie;
            }
            SocketFault::Double | SocketFault::DoubleSame | SocketFault::Reorder => {}
        }
    }

    fn asks_to_reconnect(&mut self, number: u64) {
        self.send(number, Side::Gateway, json!({"t": null, "s": null, "op": 7, "d": null}).to_string());
        let until = self.clock.now() + self.settings.reconnect_grace;
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.until = Some(until);
        }
    }

    fn tell_connection(&mut self, number: u64, event: &Event) {
        let session = self.connections.get(&number).and_then(|connection| connection.session.clone());
        if let Some(id) = session {
            // Its shard may not be the first, and still it is the one that was meant.
            self.tell_own(&id, event);
        }
    }

    pub fn asks_for_heartbeats(&mut self) {
        let all: Vec<u64> = self.connections.keys().copied().collect();
        for number in all {
            self.send(number, Side::Gateway, json!({"t": null, "s": null, "op": 1, "d": null}).to_string());
        }
    }

    pub fn heartbeat(&mut self, number: u64) {
        let now = self.clock.real();
        let Some(connection) = self.connections.get_mut(&number) else { return };
        connection.heartbeat_at = now;
        if !connection.is_silent {
            self.send(number, Side::Gateway, json!({"t": null, "s": null, "op": 11, "d": null}).to_string());
        }
    }

    pub fn goes_down(&mut self) {
        self.is_down = true;
        let all: Vec<u64> = self.connections.keys().copied().collect();
        all.into_iter().for_each(|number| self.cut(number, Out::Cut));
    }

    pub fn passes(&mut self, time: Duration) {
        self.clock.skip(time);
        self.check();
    }

    /// Closes whoever is overdue, and forgets sessions that are too old.
    pub fn check(&mut self) {
        let (now, real) = (self.clock.now(), self.clock.real());
        for number in self.those(|connection| connection.is_overdue(real)) {
            self.close(number, Code::SESSION_TIMED_OUT);
        }
        for number in self.those(|connection| connection.until.is_some_and(|until| now >= until)) {
            self.cut(number, Out::Cut);
        }
        self.expire();
    }

    fn those(&self, which: impl Fn(&Connection) -> bool) -> Vec<u64> {
        self.connections
            .iter()
            .filter(|(_, connection)| which(connection))
            .map(|(number, _)| *number)
            .collect()
    }

    /// Forgets the sessions that were left too long ago.
    pub fn expire(&mut self) {
        let (now, life) = (self.clock.now(), self.settings.session_life);
        self.sessions.retain(|_, session| session.left_at.is_none_or(|left| now < left + life));
    }

    pub fn expire_sessions(&mut self) {
        self.sessions.retain(|_, session| session.left_at.is_none());
    }

    pub fn forget_sessions(&mut self) {
        self.sessions.clear();
        self.connections.values_mut().for_each(|connection| connection.session = None);
    }

    /// Too many IDENTIFYs: every session ends, and the token is worth nothing any more.
    pub fn take_token(&mut self) {
        self.is_token_reset = true;
        for number in self.with_session() {
            self.close(number, Code::AUTHENTICATION_FAILED);
        }
        self.sessions.clear();
    }

    /// Of 32 characters; later ones sort after earlier ones.
    pub fn new_session_id(&mut self) -> String {
        self.sessions_made += 1;
        // Any number that isn't its neighbour's successor.
        let mixed = self.sessions_made.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(std::process::id());
        format!("{:016x}{mixed:016x}", self.sessions_made)
    }
}
