//! What is erased: a conversation's contents, old conversations, old keys.
//!
//! SQLite overwrites what is deleted (`secure_delete`); what the log still holds goes when the writer empties it.
use bot_core::dialogue::Input;
use bot_core::handoff::Ticket;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::super::{ConversationId, REMEMBERED, StoreError, rules};
use super::codec::{from_json, nanoseconds, to_json};
use super::queue::Effects;
use super::{links, threads};

/// How many conversations are erased in one go.
pub(super) const PART: usize = 200;

/// Everything that the customer wrote there, and what came of it.
pub(super) fn conversation(connection: &Connection, id: ConversationId) -> Result<(), StoreError> {
    for erase in [
        "DELETE FROM twins WHERE conversation = ?1",
        "DELETE FROM events WHERE conversation = ?1",
        "DELETE FROM outbox WHERE conversation = ?1",
        "DELETE FROM timers WHERE conversation = ?1",
        "DELETE FROM states WHERE conversation = ?1",
    ] {
        connection.prepare_cached(erase)?.execute([id.0])?;
    }
    items(connection, id)?;
    let done = "DELETE FROM messages WHERE conversation = ?1 AND item NOT IN (
                    SELECT id FROM inbox WHERE inbox.conversation = ?1)";
    connection.prepare_cached(done)?.execute([id.0])?;
    threads::make_stale(connection, id)?;
    links::unlink(connection, id)?;
    tickets(connection, id)
}

fn items(connection: &Connection, id: ConversationId) -> Result<(), StoreError> {
    for (item, json) in texts(connection, "SELECT id, input FROM inbox WHERE conversation = ?1", id)? {
        let input: Input = from_json("item", item, &json)?;
        if !rules::goes_on_after_forgetting(&input) {
            connection.prepare_cached("DELETE FROM inbox WHERE id = ?1")?.execute([item])?;
        }
    }
    Ok(())
}

fn tickets(connection: &Connection, id: ConversationId) -> Result<(), StoreError> {
    for (number, json) in texts(connection, "SELECT number, ticket FROM tickets WHERE conversation = ?1", id)?
    {
        let ticket: Ticket = from_json("ticket", number, &json)?;
        let mut erase = connection.prepare_cached("UPDATE tickets SET ticket = ?2 WHERE number = ?1")?;
        erase.execute(params![number, to_json(&rules::erased(ticket))?])?;
    }
    Ok(())
}

fn texts(connection: &Connection, sql: &str, id: ConversationId) -> Result<Vec<(i64, String)>, StoreError> {
    let mut texts = connection.prepare_cached(sql)?;
    let texts = texts.query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(texts.collect::<Result<_, _>>()?)
}

/// Some conversations in which nothing happened since `before` and for which nothing waits; returns how many.
pub(super) fn old(connection: &Connection, before: i64, effects: &mut Effects) -> Result<usize, StoreError> {
    // All tables but threads refer to conversations, and what refers to one goes with it.
    let old = "DELETE FROM conversations WHERE id IN (
                   SELECT id FROM conversations WHERE active < ?1 AND head IS NULL
                   AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.conversation = conversations.id AND state < 3)
                   AND NOT EXISTS (SELECT 1 FROM timers WHERE timers.conversation = conversations.id)
                   AND NOT EXISTS (
                       SELECT 1 FROM tickets WHERE tickets.conversation = conversations.id AND closed IS NULL)
                   ORDER BY active LIMIT ?2) RETURNING id";
    let mut old = connection.prepare_cached(old)?;
    let old =
        old.query_map(params![before, super::codec::limit(PART)], |row| row.get(0).map(ConversationId))?;
    let old = old.collect::<Result<Vec<_>, _>>()?;
    for id in &old {
        threads::make_stale(connection, *id)?;
    }
    effects.erased |= !old.is_empty();
    Ok(old.len())
}

/// The keys of arrivals that can't come again, what could not be read, the texts of messages that nobody edits any more, and
/// what was sent long ago.
pub(super) fn keys(connection: &Connection, now: Timestamp, effects: &mut Effects) -> Result<(), StoreError> {
    let Ok(remembered) = now.checked_sub(REMEMBERED) else { return Ok(()) };
    for forget in [
        "DELETE FROM arrivals WHERE stored < ?1",
        "DELETE FROM unread WHERE stored < ?1",
        "DELETE FROM messages WHERE stored < ?1",
        "DELETE FROM outbox WHERE state > 2 AND settled < ?1",
    ] {
        let forgotten = connection.prepare_cached(forget)?.execute([nanoseconds(remembered)])?;
        effects.erased |= forgotten > 0;
    }
    // Nobody waits for keys.
    effects.silent = true;
    Ok(())
}
