//! Where desks show conversations.
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value as Json;

use super::super::{ConversationId, EventId, StoreError, Thread, Twin};
use super::codec::from_json;
use super::traces;

/// Later than every event: the conversation is gone.
pub(super) const GONE: i64 = i64::MAX;

pub(super) fn find(
    connection: &Connection,
    desk: &str,
    id: ConversationId,
) -> Result<Option<Thread>, StoreError> {
    let find = "SELECT desk, conversation, room, thread, shown, state FROM threads
                WHERE desk = ?1 AND conversation = ?2";
    let mut find = connection.prepare_cached(find)?;
    let row = find.query_row(params![desk, id.0], ThreadRow::of).optional()?;
    row.map(ThreadRow::read).transpose()
}

/// Of several the one whose conversation is newest.
pub(super) fn find_at(
    connection: &Connection,
    desk: &str,
    room: &str,
    thread: &str,
) -> Result<Option<Thread>, StoreError> {
    let find = "SELECT desk, conversation, room, thread, shown, state FROM threads
                WHERE desk = ?1 AND room = ?2 AND thread = ?3 ORDER BY conversation DESC LIMIT 1";
    let mut find = connection.prepare_cached(find)?;
    let row = find.query_row(params![desk, room, thread], ThreadRow::of).optional()?;
    row.map(ThreadRow::read).transpose()
}

pub(super) fn stale(connection: &Connection, desk: &str) -> Result<Vec<Thread>, StoreError> {
    let stale = "SELECT desk, conversation, room, thread, shown, state FROM threads
                 WHERE desk = ?1 AND stale IS NOT NULL ORDER BY conversation";
    let mut stale = connection.prepare_cached(stale)?;
    let rows = stale.query_map([desk], ThreadRow::of)?.collect::<Result<Vec<_>, _>>()?;
    rows.into_iter().map(ThreadRow::read).collect()
}

/// A thread as it stands in the file.
struct ThreadRow {
    thread: Thread,
    state: Option<String>,
}

impl ThreadRow {
    fn of(row: &Row<'_>) -> rusqlite::Result<ThreadRow> {
        let thread = Thread {
            desk: row.get(0)?,
            conversation: ConversationId(row.get(1)?),
            room: row.get(2)?,
            thread: row.get(3)?,
            shown: EventId(row.get(4)?),
            state: Json::Null,
        };
        Ok(ThreadRow { thread, state: row.get(5)? })
    }

    fn read(self) -> Result<Thread, StoreError> {
        let ThreadRow { thread, state } = self;
        let Some(json) = state else { return Ok(thread) };
        Ok(Thread { state: from_json("the thread of conversation", thread.conversation.0, &json)?, ..thread })
    }
}

pub(super) fn keep(
    connection: &Connection,
    thread: &Thread,
    state: &str,
    twins: Vec<(EventId, Twin)>,
) -> Result<(), StoreError> {
    let stale = stale_since(connection, thread)?;
    let keep = "INSERT INTO threads (desk, conversation, room, thread, shown, state, stale)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT DO UPDATE SET room = excluded.room, thread = excluded.thread,
                    shown = excluded.shown, state = excluded.state, stale = excluded.stale";
    connection.prepare_cached(keep)?.execute(params![
        thread.desk,
        thread.conversation.0,
        thread.room,
        thread.thread,
        thread.shown.0,
        Some(state).filter(|_| stale.is_none()),
        stale
    ])?;
    for (event, twin) in twins {
        if is_there(connection, thread.conversation, event)? {
            let twin = Twin { desk: Some(thread.desk.clone()), ..twin };
            traces::add(connection, thread.conversation, event, &twin)?;
        }
    }
    Ok(())
}

/// The event up to which everything is forgotten, if nothing later is shown.
fn stale_since(connection: &Connection, thread: &Thread) -> Result<Option<i64>, StoreError> {
    let id = thread.conversation.0;
    let mut known = connection.prepare_cached("SELECT 1 FROM conversations WHERE id = ?1")?;
    if !known.exists([id])? {
        return Ok(Some(GONE));
    }
    let stale = "SELECT stale FROM threads WHERE desk = ?1 AND conversation = ?2 AND stale >= ?3";
    let mut stale = connection.prepare_cached(stale)?;
    Ok(stale.query_row(params![thread.desk, id, thread.shown.0], |row| row.get(0)).optional()?)
}

fn is_there(connection: &Connection, id: ConversationId, event: EventId) -> Result<bool, StoreError> {
    let mut event_of =
        connection.prepare_cached("SELECT 1 FROM events WHERE id = ?1 AND conversation = ?2")?;
    Ok(event_of.exists([event.0, id.0])?)
}

pub(super) fn forget(connection: &Connection, desk: &str, id: ConversationId) -> Result<(), StoreError> {
    let forget = "DELETE FROM threads WHERE desk = ?1 AND conversation = ?2";
    connection.prepare_cached(forget)?.execute(params![desk, id.0])?;
    Ok(())
}

/// What is remembered of a conversation up to this event is erased.
pub(super) fn make_stale(connection: &Connection, id: ConversationId, until: i64) -> Result<(), StoreError> {
    let stale = "UPDATE threads SET state = NULL, stale = ?2 WHERE conversation = ?1";
    connection.prepare_cached(stale)?.execute([id.0, until])?;
    Ok(())
}
