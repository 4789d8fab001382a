//! Two conversations of one customer become one.
use bot_core::dialogue::{Input, LinkOutcome};
use rusqlite::{Connection, OptionalExtension, params};

use super::super::{ConversationId, LinkChange, StoreError, rules};
use super::codec::nanoseconds;
use super::inbox;

pub(super) fn change(
    connection: &Connection,
    id: ConversationId,
    change: &LinkChange,
    now: i64,
) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM links WHERE until <= ?1")?.execute([now])?;
    match change {
        LinkChange::Offer { hash, until } => {
            connection.prepare_cached("DELETE FROM links WHERE conversation = ?1")?.execute([id.0])?;
            let offer = "INSERT OR REPLACE INTO links (hash, conversation, until) VALUES (?1, ?2, ?3)";
            connection.prepare_cached(offer)?.execute(params![hash, id.0, nanoseconds(*until)])?;
        }
        LinkChange::Try { hash } => {
            let (at, outcome) = try_code(connection, id, hash, now)?;
            inbox::append(connection, at, &Input::LinkAnswered { outcome }, now, now)?;
        }
    }
    Ok(())
}

/// What comes of it, and where that is to be told.
fn try_code(
    connection: &Connection,
    id: ConversationId,
    hash: &str,
    now: i64,
) -> Result<(ConversationId, LinkOutcome), StoreError> {
    let mut used = connection.prepare_cached("DELETE FROM links WHERE hash = ?1 RETURNING conversation")?;
    let other = used.query_row([hash], |row| row.get(0).map(ConversationId)).optional()?;
    let Some(other) = other else { return Ok((id, LinkOutcome::Unknown)) };
    if other == id || share_a_channel(connection, id, other)? {
        return Ok((id, LinkOutcome::Here));
    }
    if is_busy(connection, id)? || is_busy(connection, other)? {
        return Ok((id, LinkOutcome::Busy));
    }
    let (survivor, absorbed) = rules::survivor(id, other);
    merge(connection, survivor, absorbed, id, now)?;
    Ok((survivor, LinkOutcome::Done))
}

/// Where a conversation is held.
fn channels(connection: &Connection, id: ConversationId) -> Result<Vec<String>, StoreError> {
    let channels = "SELECT channel FROM conversations WHERE id = ?1
                    UNION SELECT channel FROM addresses WHERE conversation = ?1";
    let mut channels = connection.prepare_cached(channels)?;
    let channels = channels.query_map([id.0], |row| row.get(0))?;
    Ok(channels.collect::<Result<_, _>>()?)
}

fn share_a_channel(
    connection: &Connection,
    one: ConversationId,
    other: ConversationId,
) -> Result<bool, StoreError> {
    let (ones, others) = (channels(connection, one)?, channels(connection, other)?);
    Ok(ones.iter().any(|channel| others.contains(channel)))
}

/// A person has it or is to have it, or an action is under way, whose answer is for it alone.
fn is_busy(connection: &Connection, id: ConversationId) -> Result<bool, StoreError> {
    let busy = "SELECT EXISTS (SELECT 1 FROM conversations WHERE id = ?1 AND owner IN ('waiting', 'person'))
                OR EXISTS (SELECT 1 FROM tickets WHERE conversation = ?1 AND closed IS NULL)
                OR EXISTS (SELECT 1 FROM outbox WHERE conversation = ?1 AND route = 'call' AND state < 3)";
    let mut busy = connection.prepare_cached(busy)?;
    Ok(busy.query_row([id.0], |row| row.get(0))?)
}

/// `here`: the one of them at which the customer writes.
fn merge(
    connection: &Connection,
    survivor: ConversationId,
    absorbed: ConversationId,
    here: ConversationId,
    now: i64,
) -> Result<(), StoreError> {
    let place = "SELECT channel, peer FROM conversations WHERE id = ?1";
    let mut place = connection.prepare_cached(place)?;
    let (channel, peer): (String, String) =
        place.query_row([here.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for id in [survivor, absorbed] {
        let keep = "INSERT OR IGNORE INTO addresses (channel, peer, conversation)
                    SELECT channel, peer, id FROM conversations WHERE id = ?1";
        connection.prepare_cached(keep)?.execute([id.0])?;
    }
    for moves in [
        "UPDATE addresses SET conversation = ?1 WHERE conversation = ?2",
        "UPDATE events SET conversation = ?1 WHERE conversation = ?2",
        "UPDATE twins SET conversation = ?1 WHERE conversation = ?2",
        "UPDATE tickets SET conversation = ?1 WHERE conversation = ?2",
        "UPDATE messages SET conversation = ?1 WHERE conversation = ?2",
        "UPDATE inbox SET conversation = ?1 WHERE conversation = ?2",
        "UPDATE outbox SET conversation = ?1 WHERE conversation = ?2",
        "UPDATE conversations SET linked = ?1 WHERE linked = ?2",
        // Where a desk shows both, the absorbed one's thread stays behind, until the customer is forgotten.
        "UPDATE threads SET conversation = ?1, shown = (SELECT max(id) FROM events WHERE conversation = ?1)
         WHERE conversation = ?2 AND NOT stale AND NOT EXISTS (
             SELECT 1 FROM threads AS known WHERE known.desk = threads.desk AND known.conversation = ?1)",
    ] {
        connection.prepare_cached(moves)?.execute([survivor.0, absorbed.0])?;
    }
    for ends in [
        "DELETE FROM timers WHERE conversation = ?1",
        "DELETE FROM states WHERE conversation = ?1",
        "DELETE FROM links WHERE conversation = ?1",
    ] {
        connection.prepare_cached(ends)?.execute([absorbed.0])?;
    }
    let end = "UPDATE conversations SET linked = ?2, channel = '', peer = id, head = NULL, owner = 'closed',
               revision = revision + 1 WHERE id = ?1";
    connection.prepare_cached(end)?.execute([absorbed.0, survivor.0])?;
    let goes_on = "UPDATE conversations SET channel = ?2, peer = ?3, active = ?4, revision = revision + 1,
                   head = (SELECT min(inbox.id) FROM inbox WHERE inbox.conversation = ?1) WHERE id = ?1";
    connection.prepare_cached(goes_on)?.execute(params![survivor.0, channel, peer, now])?;
    Ok(())
}

pub(super) fn linked(
    connection: &Connection,
    id: ConversationId,
) -> Result<Option<ConversationId>, StoreError> {
    let linked = "SELECT linked FROM conversations WHERE id = ?1 AND linked IS NOT NULL";
    let mut linked = connection.prepare_cached(linked)?;
    Ok(linked.query_row([id.0], |row| row.get(0).map(ConversationId)).optional()?)
}

/// The customer is forgotten: that they are the same one at other addresses, too.
pub(super) fn unlink(connection: &Connection, id: ConversationId) -> Result<(), StoreError> {
    for unlink in [
        "UPDATE threads SET stale = 1, state = NULL WHERE conversation IN (
             SELECT id FROM conversations WHERE linked = ?1)",
        "DELETE FROM conversations WHERE linked = ?1",
        "DELETE FROM addresses WHERE conversation = ?1",
        "DELETE FROM links WHERE conversation = ?1",
    ] {
        connection.prepare_cached(unlink)?.execute([id.0])?;
    }
    Ok(())
}
