//! What desks and tests look at.
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::super::{ConversationId, EventId, Listed, StoreError, StoredEvent};
use super::codec::{from_json, limit, owner, time};
use super::inbox;
use crate::channel::Address;

pub(super) fn unsettled(connection: &Connection, id: ConversationId) -> Result<usize, StoreError> {
    let count = "SELECT (SELECT count(*) FROM inbox WHERE conversation = ?1)
                      + (SELECT count(*) FROM outbox WHERE conversation = ?1 AND state < 3)";
    let count: i64 = connection.prepare_cached(count)?.query_row([id.0], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

pub(super) fn events(
    connection: &Connection,
    of: Option<ConversationId>,
    after: EventId,
    most: usize,
) -> Result<Vec<StoredEvent>, StoreError> {
    let mut events = connection.prepare_cached(events_of(of))?;
    let of = of.map_or(0, |conversation| conversation.0);
    let mut rows = events.query(params![after.0, limit(most), of])?;
    let mut listed = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        let json: String = row.get(3)?;
        let (conversation, at): (_, Timestamp) = (ConversationId(row.get(1)?), time(row.get(2)?));
        listed.push(StoredEvent { id: EventId(id), conversation, at, event: from_json("event", id, &json)? });
    }
    Ok(listed)
}

pub(super) fn events_of(of: Option<ConversationId>) -> &'static str {
    match of {
        Some(_) => {
            "SELECT id, conversation, at, event FROM events
             WHERE conversation = ?3 AND id > ?1 ORDER BY id LIMIT ?2"
        }
        None => {
            "SELECT id, conversation, at, event FROM events WHERE id > ?1 AND ?3 = 0 ORDER BY id LIMIT ?2"
        }
    }
}

/// The number that was given last, also when the event is erased: what comes later has a larger one.
pub(super) fn newest(connection: &Connection) -> Result<EventId, StoreError> {
    let newest = "SELECT seq FROM sqlite_sequence WHERE name = 'events'";
    let newest = connection.prepare_cached(newest)?.query_row([], |row| row.get(0)).optional()?;
    Ok(EventId(newest.unwrap_or(0)))
}

pub(super) fn find(connection: &Connection, address: &Address) -> Result<Option<ConversationId>, StoreError> {
    let mut find =
        connection.prepare_cached("SELECT id FROM conversations WHERE channel = ?1 AND peer = ?2")?;
    let place = params![address.channel, address.peer];
    match find.query_row(place, |row| row.get(0).map(ConversationId)).optional()? {
        None => inbox::at_another(connection, address),
        found => Ok(found),
    }
}

pub(super) fn list(connection: &Connection, most: usize) -> Result<Vec<Listed>, StoreError> {
    let list = "SELECT id, channel, peer, owner, active FROM conversations WHERE linked IS NULL ORDER BY active DESC, id DESC LIMIT ?1";
    let mut list = connection.prepare_cached(list)?;
    let mut rows = list.query([limit(most)])?;
    let mut listed = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, address) =
            (ConversationId(row.get(0)?), Address { channel: row.get(1)?, peer: row.get(2)? });
        let owner = owner(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)?;
        listed.push(Listed { id, address, owner, active: time(row.get(4)?) });
    }
    Ok(listed)
}
