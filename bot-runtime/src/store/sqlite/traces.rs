//! What events have become on platforms.
use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::super::{ConversationId, EventId, Fate, StoreError, Trace, Twin, rules};
use super::codec::limit;
use super::outbox::{FAILED, SENT};

/// Notes a message of an event, once.
pub(super) fn add(
    connection: &Connection,
    id: ConversationId,
    event: EventId,
    twin: &Twin,
) -> Result<(), StoreError> {
    let add = "INSERT INTO twins (conversation, event, number, desk, message, quotes)
               SELECT ?1, ?2, (SELECT count(*) FROM twins WHERE conversation = ?1 AND event = ?2), ?3, ?4, ?5
               WHERE NOT EXISTS (
                   SELECT 1 FROM twins WHERE conversation = ?1 AND message = ?4 AND event = ?2 AND desk IS ?3)";
    let twin = params![id.0, event.0, twin.desk, twin.message, twin.quotes];
    connection.prepare_cached(add)?.execute(twin)?;
    Ok(())
}

/// The messages at the customer's that an event has become.
pub(super) fn delivered(
    connection: &Connection,
    id: ConversationId,
    event: EventId,
    messages: Vec<String>,
) -> Result<(), StoreError> {
    let mut twins = messages.into_iter().map(|message| Twin { desk: None, message, quotes: None });
    twins.try_for_each(|twin| add(connection, id, event, &twin))
}

pub(super) fn traces(
    connection: &Connection,
    id: ConversationId,
    after: EventId,
    most: usize,
) -> Result<Vec<Trace>, StoreError> {
    let events = events(connection, id, after, most)?;
    let (Some(first), Some(last)) = (events.first().copied(), events.last().copied()) else {
        return Ok(Vec::new());
    };
    let (mut twins, fates) = (twins(connection, id, first, last)?, fates(connection, id, first, last)?);
    let trace = |event| {
        let (twins, fate) = (twins.remove(&event).unwrap_or_default(), fates.get(&event).copied());
        Trace { event: EventId(event), twins, fate }
    };
    Ok(events.into_iter().map(trace).collect())
}

/// Those that have become anything.
fn events(
    connection: &Connection,
    id: ConversationId,
    after: EventId,
    most: usize,
) -> Result<Vec<i64>, StoreError> {
    let events = "SELECT event FROM twins WHERE conversation = ?1 AND event > ?2
                  UNION SELECT event FROM outbox WHERE conversation = ?1 AND event > ?2
                  ORDER BY event LIMIT ?3";
    let mut events = connection.prepare_cached(events)?;
    let events = events.query_map(params![id.0, after.0, limit(most)], |row| row.get(0))?;
    Ok(events.collect::<Result<_, _>>()?)
}

fn twins(
    connection: &Connection,
    id: ConversationId,
    first: i64,
    last: i64,
) -> Result<BTreeMap<i64, Vec<Twin>>, StoreError> {
    let of = "SELECT event, desk, message, quotes FROM twins
              WHERE conversation = ?1 AND event BETWEEN ?2 AND ?3 ORDER BY event, number";
    let mut of = connection.prepare_cached(of)?;
    let mut rows = of.query(params![id.0, first, last])?;
    let mut twins: BTreeMap<_, Vec<_>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let twin = Twin { desk: row.get(1)?, message: row.get(2)?, quotes: row.get(3)? };
        twins.entry(row.get(0)?).or_default().push(twin);
    }
    Ok(twins)
}

fn fates(
    connection: &Connection,
    id: ConversationId,
    first: i64,
    last: i64,
) -> Result<BTreeMap<i64, Fate>, StoreError> {
    let of = "SELECT event, state FROM outbox WHERE conversation = ?1 AND event BETWEEN ?2 AND ?3";
    let mut of = connection.prepare_cached(of)?;
    let mut rows = of.query(params![id.0, first, last])?;
    let mut fates = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let fate = match row.get(1)? {
            SENT => Fate::Sent,
            FAILED => Fate::Failed,
            _ => Fate::Waiting,
        };
        fates.entry(row.get(0)?).and_modify(|known| *known = rules::worse(*known, fate)).or_insert(fate);
    }
    Ok(fates)
}

pub(super) fn event_of(
    connection: &Connection,
    id: ConversationId,
    desk: Option<&str>,
    message: &str,
) -> Result<Option<EventId>, StoreError> {
    // By name: SQLite would rather go over all of the conversation, to have the least one first.
    let event = "SELECT min(event) FROM twins INDEXED BY twins_message
                 WHERE conversation = ?1 AND message = ?2 AND desk IS ?3";
    let mut event = connection.prepare_cached(event)?;
    Ok(event.query_row(params![id.0, message, desk], |row| row.get::<_, Option<i64>>(0))?.map(EventId))
}
