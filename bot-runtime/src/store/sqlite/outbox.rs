//! What goes out: taken by workers, settled by them.
use std::collections::BTreeMap;

use bot_core::dialogue::Input;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{ConversationId, Entry, EventId, OutboxId, Settled, StoreError, WorkerId};
use super::codec::{AT_ONCE, from_json, limit, nanoseconds, time, unsigned};
use super::{inbox, traces};
use crate::channel::Address;

/// What became of an entry for good.
pub(super) const SENT: i64 = 3;
pub(super) const FAILED: i64 = 4;

/// What the dead have taken is free, and may have arrived.
pub(super) fn bury(connection: &Connection, dead: &[WorkerId]) -> Result<(), StoreError> {
    for WorkerId(worker) in dead {
        let free = "UPDATE outbox SET state = 1, worker = NULL, due = ?2, in_doubt = 1 WHERE state = 2 AND worker = ?1";
        connection.prepare_cached(free)?.execute(params![worker, AT_ONCE])?;
        connection.prepare_cached("DELETE FROM workers WHERE worker = ?1")?.execute([worker])?;
    }
    Ok(())
}

pub(super) fn take(
    connection: &Connection,
    route: &str,
    WorkerId(worker): &WorkerId,
    now: i64,
    most: usize,
) -> Result<(Vec<Entry>, Option<Timestamp>), StoreError> {
    let entries = due(connection, route, now, most)?;
    let mut mark = connection.prepare_cached("UPDATE outbox SET state = 2, worker = ?2 WHERE id = ?1")?;
    for entry in &entries {
        mark.execute(params![entry.id.0, worker])?;
    }
    let mut next = connection.prepare_cached("SELECT min(due) FROM outbox WHERE route = ?1 AND state = 1")?;
    let next: Option<i64> = next.query_row([route], |row| row.get(0))?;
    Ok((entries, next.map(|next| time(next.max(now)))))
}

fn due(connection: &Connection, route: &str, now: i64, most: usize) -> Result<Vec<Entry>, StoreError> {
    // Inside, only numbers are sorted, out of an index: when a channel is down, very many are free.
    let due = "SELECT outbox.id, outbox.conversation, coalesce(addresses.channel, conversations.channel),
                   coalesce(addresses.peer, conversations.peer), attempts, in_doubt, work, part, (
                   SELECT quotes FROM twins
                   WHERE twins.conversation = outbox.conversation AND twins.event = outbox.event
                   AND desk IS NOT NULL AND quotes IS NOT NULL ORDER BY number LIMIT 1)
               FROM outbox JOIN conversations ON conversations.id = outbox.conversation
               LEFT JOIN addresses ON addresses.conversation = outbox.conversation AND addresses.channel = route
               WHERE outbox.id IN (
                   SELECT id FROM outbox WHERE route = ?1 AND state = 1 AND due <= ?2 ORDER BY id LIMIT ?3)
               ORDER BY outbox.id";
    let mut due = connection.prepare_cached(due)?;
    let mut rows = due.query(params![route, now, limit(most)])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(entry(row, route)?);
    }
    Ok(entries)
}

fn entry(row: &Row<'_>, route: &str) -> Result<Entry, StoreError> {
    let id = row.get(0)?;
    let work: String = row.get(6)?;
    Ok(Entry {
        id: OutboxId(id),
        conversation: ConversationId(row.get(1)?),
        address: Address { channel: row.get(2)?, peer: row.get(3)? },
        route: route.to_owned(),
        what: from_json("entry", id, &work)?,
        attempts: row.get(4)?,
        in_doubt: row.get(5)?,
        part: row.get(7)?,
        quotes: row.get(8)?,
    })
}

pub(super) fn settle(
    connection: &Connection,
    settled: Vec<(OutboxId, Settled)>,
    now: i64,
) -> Result<(), StoreError> {
    for (id, settled) in settled {
        match settled {
            Settled::Part { part, messages } => next_part(connection, id, part, messages)?,
            Settled::Sent { messages, answer } => {
                end(connection, id, End { state: SENT, messages, reason: None, answer }, now)?;
            }
            Settled::Failed { reason, answer } => {
                let (messages, reason) = (Vec::new(), Some(reason));
                end(connection, id, End { state: FAILED, messages, reason, answer }, now)?;
            }
            Settled::Again { at, reason, in_doubt } => again(connection, id, at, &reason, in_doubt)?,
        }
    }
    Ok(())
}

fn again(
    connection: &Connection,
    OutboxId(id): OutboxId,
    at: Timestamp,
    reason: &str,
    in_doubt: bool,
) -> Result<(), StoreError> {
    let again = "UPDATE outbox SET state = min(state, 1), worker = NULL, attempts = attempts + 1,
                 due = ?2, reason = ?3, in_doubt = in_doubt OR ?4 WHERE id = ?1 AND state < 3";
    connection.prepare_cached(again)?.execute(params![id, nanoseconds(at), reason, in_doubt])?;
    Ok(())
}

fn next_part(
    connection: &Connection,
    OutboxId(id): OutboxId,
    part: u32,
    messages: Vec<String>,
) -> Result<(), StoreError> {
    let next = "UPDATE outbox SET state = min(state, 1), worker = NULL, part = part + 1, attempts = 0,
                due = ?3, reason = NULL, in_doubt = 0 WHERE id = ?1 AND part = ?2 AND state < 3";
    connection.prepare_cached(next)?.execute(params![id, part, AT_ONCE])?;
    let of = "SELECT conversation, event FROM outbox WHERE id = ?1 AND state < 3 AND event IS NOT NULL";
    let of =
        connection.prepare_cached(of)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((conversation, event)) = of else { return Ok(()) };
    traces::delivered(connection, ConversationId(conversation), EventId(event), messages)
}

struct End {
    state: i64,
    messages: Vec<String>,
    reason: Option<String>,
    answer: Option<Input>,
}

/// It is over: what was to be sent is not needed any more, and the next one is the first.
fn end(connection: &Connection, OutboxId(id): OutboxId, end: End, now: i64) -> Result<(), StoreError> {
    let over =
        "UPDATE outbox SET state = ?2, message = ?3, reason = ?4, settled = ?5, worker = NULL, work = NULL
                WHERE id = ?1 AND state < 3 RETURNING conversation, route, event";
    let over = connection
        .prepare_cached(over)?
        .query_row(params![id, end.state, end.messages.last(), end.reason, now], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, Option<i64>>(2)?))
        })
        .optional()?;
    let Some((conversation, route, event)) = over else { return Ok(()) };
    if let Some(event) = event {
        traces::delivered(connection, ConversationId(conversation), EventId(event), end.messages)?;
    }
    let next = "UPDATE outbox SET state = 1 WHERE state = 0 AND id = (
                    SELECT min(id) FROM outbox WHERE conversation = ?1 AND route = ?2 AND state < 3)";
    connection.prepare_cached(next)?.execute(params![conversation, route])?;
    if let Some(answer) = &end.answer {
        inbox::append(connection, ConversationId(conversation), answer, now, now)?;
    }
    Ok(())
}

pub(super) fn beat(
    connection: &Connection,
    WorkerId(worker): &WorkerId,
) -> Result<BTreeMap<WorkerId, u64>, StoreError> {
    let beat = "INSERT INTO workers (worker, counter) VALUES (?1, 1)
                ON CONFLICT DO UPDATE SET counter = counter + 1";
    connection.prepare_cached(beat)?.execute([worker])?;
    let mut all = connection.prepare_cached("SELECT worker, counter FROM workers")?;
    let all = all.query_map([], |row| Ok((WorkerId(row.get(0)?), unsigned(row.get(1)?))))?;
    Ok(all.collect::<Result<_, _>>()?)
}

pub(super) fn leave(connection: &Connection, WorkerId(worker): &WorkerId) -> Result<(), StoreError> {
    let free = "UPDATE outbox SET state = 1, worker = NULL WHERE state = 2 AND worker = ?1";
    connection.prepare_cached(free)?.execute([worker])?;
    connection.prepare_cached("DELETE FROM workers WHERE worker = ?1")?.execute([worker])?;
    Ok(())
}
