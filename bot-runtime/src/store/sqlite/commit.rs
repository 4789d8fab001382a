//! What a turn changes.
use bot_core::dialogue::Event;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::super::pairs::{self, Voice};
use super::super::{
    CALLS, Commit, ConversationId, EventId, InboxId, LinkChange, NewEntry, StoreError, TicketChange, Twin,
    rules,
};
use super::codec::{AT_ONCE, nanoseconds, owner_word, signed, to_json};
use super::queue::Effects;
use super::{erase, inbox, links, tickets, traces};

/// A commit as it will stand in the file. It is written down before it waits for the thread that all share.
pub(super) struct Written {
    conversation: ConversationId,
    revision: u64,
    at: i64,
    done: Vec<InboxId>,
    events: Vec<WrittenEvent>,
    owner: &'static str,
    tracker: String,
    outbox: Vec<WrittenEntry>,
    timers_set: Vec<(u64, Timestamp)>,
    timers_done: Vec<u64>,
    ticket: Vec<TicketChange>,
    forget: bool,
    link: Option<LinkChange>,
}

struct WrittenEvent {
    /// `None`: it does not outlive the commit.
    json: Option<String>,
    voice: Option<Voice>,
}

struct WrittenEntry {
    route: String,
    work: String,
    /// The place of the event that is delivered.
    event: Option<usize>,
}

impl WrittenEvent {
    fn of(event: &Event, forget: bool) -> Result<WrittenEvent, StoreError> {
        let outlives = !forget || rules::outlives_forgetting(event);
        let json = outlives.then(|| to_json(event)).transpose()?;
        Ok(WrittenEvent { json, voice: Voice::of_event(event) })
    }
}

impl WrittenEntry {
    /// What is called is not delivered.
    fn of(NewEntry { route, what, event }: NewEntry) -> Result<WrittenEntry, StoreError> {
        let event = event.filter(|_| route != CALLS);
        Ok(WrittenEntry { route, work: to_json(&what)?, event })
    }
}

impl Written {
    pub fn of(commit: Commit) -> Result<Written, StoreError> {
        let Commit { conversation, revision, at, done, events, tracker, outbox, .. } = commit;
        let events = events.iter().map(|event| WrittenEvent::of(event, commit.forget));
        Ok(Written {
            conversation,
            revision,
            at: nanoseconds(at),
            done,
            events: events.collect::<Result<_, _>>()?,
            owner: owner_word(tracker.owner),
            tracker: to_json(&tracker)?,
            outbox: outbox.into_iter().map(WrittenEntry::of).collect::<Result<_, _>>()?,
            timers_set: commit.timers_set,
            timers_done: commit.timers_done,
            ticket: commit.ticket,
            forget: commit.forget,
            link: commit.link,
        })
    }

    /// Stores it, if it still fits.
    pub fn store(self, connection: &Connection, effects: &mut Effects) -> Result<bool, StoreError> {
        if !self.fits(connection)? {
            return Ok(false);
        }
        let twins = self.finish_items(connection)?;
        if self.forget {
            erase::conversation(connection, self.conversation)?;
            effects.erased = true;
        }
        self.store_state(connection)?;
        let events = self.store_events(connection)?;
        for (place, twin) in twins {
            if let Some(event) = events[place] {
                traces::add(connection, self.conversation, event, &twin)?;
            }
        }
        self.store_timers(connection)?;
        self.store_outbox(connection, &events)?;
        for change in &self.ticket {
            tickets::change(connection, self.conversation, change, self.at)?;
        }
        // The last: the conversation may be a part of another then.
        if let Some(change) = &self.link {
            links::change(connection, self.conversation, change, self.at)?;
        }
        Ok(true)
    }

    fn fits(&self, connection: &Connection) -> Result<bool, StoreError> {
        let revision = "SELECT revision FROM conversations WHERE id = ?1";
        let mut revision = connection.prepare_cached(revision)?;
        let revision = revision.query_row([self.conversation.0], |row| row.get::<_, i64>(0)).optional()?;
        Ok(revision == Some(signed(self.revision)))
    }

    /// The messages of the items, each with the place of its event in the commit.
    fn finish_items(&self, connection: &Connection) -> Result<Vec<(usize, Twin)>, StoreError> {
        let mut done = Vec::new();
        for item in &self.done {
            done.extend(inbox::finish(connection, self.conversation, *item)?);
        }
        Ok(pairs::twins(done, &self.events.iter().map(|event| event.voice.as_ref()).collect::<Vec<_>>()))
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

    /// The ids of the events, by their places in the commit; what does not outlive it has none.
    fn store_events(&self, connection: &Connection) -> Result<Vec<Option<EventId>>, StoreError> {
        let event = "INSERT INTO events (conversation, at, event) VALUES (?1, ?2, ?3)";
        let mut event = connection.prepare_cached(event)?;
        let mut store = |json| event.insert(params![self.conversation.0, self.at, json]).map(EventId);
        let ids = self.events.iter().map(|event| event.json.as_ref().map(&mut store).transpose());
        Ok(ids.collect::<Result<_, _>>()?)
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
    fn store_outbox(&self, connection: &Connection, events: &[Option<EventId>]) -> Result<(), StoreError> {
        let entry = "INSERT INTO outbox (conversation, route, work, due, event, state)
                     SELECT ?1, ?2, ?3, ?4, ?5, NOT EXISTS (
                         SELECT 1 FROM outbox WHERE conversation = ?1 AND route = ?2 AND state < 3)";
        let mut entry = connection.prepare_cached(entry)?;
        for WrittenEntry { route, work, event } in &self.outbox {
            let event = event.and_then(|place| events.get(place).copied().flatten()).map(|event| event.0);
            entry.execute(params![self.conversation.0, route, work, AT_ONCE, event])?;
        }
        Ok(())
    }
}
