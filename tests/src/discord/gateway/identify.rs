//! IDENTIFY and RESUME: who gets a session, and what comes first on it.
use serde_json::{Value, json};

use super::codes::Code;
use super::events::Event;
use super::intents::{self, GUILDS};
use super::received::{Identify, Resume};
use super::record::Side;
use super::session::Session;
use super::state::State;

/// What the home says about the bot, asked before the gateway is locked.
pub(super) struct Known {
    pub token: String,
    pub bot: Value,
    pub application: Value,
    /// Whether the portal lets the bot have the intents that it asks for.
    pub may_use: bool,
}

/// What came of an IDENTIFY.
pub(super) enum Identified {
    /// There is a session, which waits for its READY.
    Session(String),
    /// It was answered otherwise.
    Done,
}

impl State {
    pub fn identify(&mut self, connection: u64, asked: &Identify, known: &Known) -> Identified {
        if let Err(code) = self.authenticates(connection, &asked.token, known) {
            return self.refused(connection, code);
        }
        if !self.count_identify() {
            self.take_token();
            return self.refused(connection, Code::AUTHENTICATION_FAILED);
        }
        let shard = asked.shard.unwrap_or((0, 1));
        if shard.0 >= shard.1 {
            return self.refused(connection, Code::INVALID_SHARD);
        }
        if !intents::are_known(asked.intents) {
            return self.refused(connection, Code::INVALID_INTENTS);
        }
        if !known.may_use {
            return self.refused(connection, Code::DISALLOWED_INTENTS);
        }
        if !self.may_identify(shard.0) {
            self.invalid_session(connection, false);
            return Identified::Done;
        }
        Identified::Session(self.new_session(connection, asked, shard, known))
    }

    fn new_session(&mut self, connection: u64, asked: &Identify, shard: (u64, u64), known: &Known) -> String {
        let id = self.new_session_id();
        let bot = known.bot["id"].as_str().unwrap_or_default().to_owned();
        let session = Session::new(id.clone(), asked.intents, shard, bot, connection);
        self.sessions.insert(id.clone(), session);
        if let Some(connection) = self.connections.get_mut(&connection) {
            connection.session = Some(id.clone());
        }
        id
    }

    /// READY, the servers, and what happened since the session began.
    pub fn ready_with(
        &mut self,
        connection: u64,
        id: &str,
        asked: &Identify,
        known: &Known,
        guilds: &[Value],
    ) {
        let Some(url) = self.connections.get(&connection).map(|connection| connection.resume_url.clone())
        else {
            return;
        };
        let Some(session) = self.sessions.get_mut(id) else { return };
        let waiting = session.waiting.take().unwrap_or_default();
        let has = |guild: &&Value| session.has_guild(guild["id"].as_str().and_then(|id| id.parse().ok()));
        let guilds: Vec<&Value> = guilds.iter().filter(has).collect();
        let sees_guilds = session.intents & GUILDS != 0;
        let first = Event::new("READY", ready(id, &url, asked, known, &guilds));
        self.tell_own(id, &first);
        if sees_guilds {
            guilds.iter().for_each(|guild| self.tell_own(id, &Event::new("GUILD_CREATE", (*guild).clone())));
        }
        for event in waiting {
            self.tell_session(id, &event);
        }
        self.meet_faults();
    }

    pub fn resume(&mut self, connection: u64, asked: &Resume, known: &Known) {
        if let Err(code) = self.authenticates(connection, &asked.token, known) {
            self.refused(connection, code);
            return;
        }
        self.expire();
        let Some(session) = self.sessions.get(&asked.session_id) else {
            return self.invalid_session(connection, false);
        };
        if asked.seq > session.sequence {
            self.sessions.remove(&asked.session_id);
            self.refused(connection, Code::INVALID_SEQUENCE);
            return;
        }
        let Some(missed) = session.since(asked.seq) else {
            self.sessions.remove(&asked.session_id);
            return self.invalid_session(connection, false);
        };
        self.move_session(&asked.session_id, connection);
        for event in missed {
            self.send(connection, event.side, event.text);
        }
        self.tell_own(&asked.session_id, &Event::new("RESUMED", json!({"_trace": [TRACE]})));
        self.resumes += 1;
        self.meet_faults();
    }

    /// The session goes on on that connection, and no longer on the one before, which may not have noticed its end.
    fn move_session(&mut self, id: &str, connection: u64) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        session.left_at = None;
        let before = session.connection.replace(connection);
        if let Some(connection) = self.connections.get_mut(&connection) {
            connection.session = Some(id.to_owned());
        }
        if let Some(before) = before.and_then(|before| self.connections.get_mut(&before)) {
            before.session = None;
            before.tell(super::connection::Out::Cut);
        }
    }

    /// An event for one session only, whatever its intents.
    pub fn tell_own(&mut self, id: &str, event: &Event) {
        let buffer = self.settings.buffer;
        let Some(session) = self.sessions.get_mut(id) else { return };
        let numbered = session.number(event, buffer);
        if let Some(connection) = session.connection {
            self.send(connection, numbered.side, numbered.text);
        }
    }

    fn authenticates(&self, connection: u64, token: &str, known: &Known) -> Result<(), Code> {
        if self.connections.get(&connection).is_some_and(|connection| connection.session.is_some()) {
            return Err(Code::ALREADY_AUTHENTICATED);
        }
        // Discord takes both: as the HTTP API wants it, and bare.
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        if token != known.token || self.is_token_reset { Err(Code::AUTHENTICATION_FAILED) } else { Ok(()) }
    }

    fn refused(&mut self, connection: u64, code: Code) -> Identified {
        self.close(connection, code);
        Identified::Done
    }

    /// Opcode 9. The connection stays, and has no session any more.
    pub fn invalid_session(&mut self, connection: u64, resumable: bool) {
        let session = self.connections.get_mut(&connection).and_then(|connection| connection.session.take());
        if let Some(id) = session {
            self.leave(&id, !resumable);
        }
        self.send(
            connection,
            Side::Gateway,
            json!({"t": null, "s": null, "op": 9, "d": resumable}).to_string(),
        );
    }
}

/// Discord names the machines here that an event went through.
const TRACE: &str = "[\"gateway-stand-in\",{\"micros\":0}]";

fn ready(id: &str, url: &str, asked: &Identify, known: &Known, guilds: &[&Value]) -> Value {
    let guilds: Vec<Value> =
        guilds.iter().map(|guild| json!({"id": guild["id"], "unavailable": true})).collect();
    let flags = known.application["flags"].as_u64().unwrap_or_default();
    let mut ready = json!({
        "v": 10,
        "user": known.bot,
        "session_id": id,
        "resume_gateway_url": url,
        "guilds": guilds,
        "application": {"id": known.application["id"], "flags": flags, "flags_new": flags.to_string()},
        "_trace": [TRACE],
    });
    if let Some((shard, count)) = asked.shard {
        ready["shard"] = json!([shard, count]);
    }
    ready
}
