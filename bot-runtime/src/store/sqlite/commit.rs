//! What a turn changes.
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::super::{Commit, ConversationId, InboxId, StoreError, TicketChange, rules};
use super::codec::{AT_ONCE, nanoseconds, owner_word, signed, to_json};
use super::queue::Effects;
use super::{erase, tickets};

/// A commit as it will stand in the file. It is written down before it waits for the thread that all share.
pub(super) struct Written {
    conversation: ConversationId,
    revision: u64,
    at: i64,
    done: Vec<InboxId>,
    events: Vec<String>,
    owner: &'static str,
    tracker: String,
    outbox: Vec<(String, String)>,
    timers_set: Vec<(u64, Timestamp)>,
    timers_done: Vec<u64>,
    ticket: Vec<TicketChange>,
    forget: bool,
}

impl Written {
    pub fn of(commit: Commit) -> Result<Written, StoreError> {
        let Commit { conversation, revision, at, done, events, tracker, outbox, .. } = commit;
        let kept = events.iter().filter(|event| !commit.forget || rules::outlives_forgetting(event));
        let entries = outbox.into_iter().map(|entry| Ok((entry.route, to_json(&entry.what)?)));
        Ok(Written {
            conversation,
            revision,
            at: nanoseconds(at),
            done,
            events: kept.map(to_json).collect::<Result<_, _>>()?,
            owner: owner_word(tracker.owner),
            tracker: to_json(&tracker)?,
            outbox: entries.collect::<Result<_, StoreError>>()?,
            timers_set: commit.timers_set,
            timers_done: commit.timers_done,
            ticket: commit.ticket,
            forget: commit.forget,
        })
    }

    /// Stores it, if it still fits.
    pub fn store(self, connection: &Connection, effects: &mut Effects) -> Result<bool, StoreError> {
        if !self.fits(connection)? {
            return Ok(false);
        }
        self.finish_items(connection)?;
        if self.forget {
            erase::conversation(connection, self.conversation)?;
            effects.erased = true;
        }
        self.store_state(connection)?;
        self.store_events(connection)?;
        self.store_timers(connection)?;
        self.store_outbox(connection)?;
        for change in &self.ticket {
            tickets::change(connection, self.conversation, change, self.at)?;
        }
        Ok(true)
    }

    fn fits(&self, connection: &Connection) -> Result<bool, StoreError> {
        let revision = "SELECT revision FROM conversations WHERE id = ?1";
        let mut revision = connection.prepare_cached(revision)?;
        let revision = revision.query_row([self.conversation.0], |row| row.get::<_, i64>(0)).optional()?;
        Ok(revision == Some(signed(self.revision)))
    }

    fn finish_items(&self, connection: &Connection) -> Result<(), StoreError> {
        let mut done = connection.prepare_cached("DELETE FROM inbox WHERE id = ?1 AND conversation = ?2")?;
        for item in &self.done {
            done.execute(params![item.0, self.conversation.0])?;
        }
        Ok(())
    }

    fn store_state(&self, connection: &Connection) -> Result<(), StoreError> {
        let place = "UPDATE conversations SET revision = revision + 1, owner = ?2, active = ?3,
                     head = (SELECT min(inbox.id) FROM inbox WHERE inbox.conversation = ?1) WHERE id = ?1";
        connection.prepare_cached(place)?.execute(params![self.conversation.0, self.owner, self.at])?;
        let state = "INSERT INTO states (conversation, tracker) VALUES (?1, ?2)
                     ON CONFLICT DO UPDATE SET tracker = excluded.tracker";
        connection.prepare_cached(state)?.execute(params![self.conversation.0, self.tracker])?;
        Ok(())
    }

    fn store_events(&self, connection: &Connection) -> Result<(), StoreError> {
        let event = "INSERT INTO events (conversation, at, event) VALUES (?1, ?2, ?3)";
        let mut event = connection.prepare_cached(event)?;
        for json in &self.events {
            event.execute(params![self.conversation.0, self.at, json])?;
        }
        Ok(())
    }

    fn store_timers(&self, connection: &Connection) -> Result<(), StoreError> {
        let mut done =
            connection.prepare_cached("DELETE FROM timers WHERE conversation = ?1 AND timer = ?2")?;
        for timer in &self.timers_done {
            done.execute(params![self.conversation.0, signed(*timer)])?;
        }
        let set = "INSERT INTO timers (conversation, timer, at) VALUES (?1, ?2, ?3)
                   ON CONFLICT DO UPDATE SET at = excluded.at";
        let mut set = connection.prepare_cached(set)?;
        for (timer, at) in &self.timers_set {
            set.execute(params![self.conversation.0, signed(*timer), nanoseconds(*at)])?;
        }
        Ok(())
    }

    /// An entry is the first if none before it, of this conversation and route, is unsettled.
    fn store_outbox(&self, connection: &Connection) -> Result<(), StoreError> {
        let entry = "INSERT INTO outbox (conversation, route, work, due, state)
                     SELECT ?1, ?2, ?3, ?4, NOT EXISTS (
                         SELECT 1 FROM outbox WHERE conversation = ?1 AND route = ?2 AND state < 3)";
        let mut entry = connection.prepare_cached(entry)?;
        for (route, work) in &self.outbox {
            entry.execute(params![self.conversation.0, route, work, AT_ONCE])?;
        }
        Ok(())
    }
}
