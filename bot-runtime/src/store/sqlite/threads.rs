//! Where desks show conversations.
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value as Json;

use super::super::{ConversationId, EventId, StoreError, Thread, Twin};
use super::codec::from_json;
use super::{links, traces};

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
    // By name: SQLite would rather go over all threads of the desk, which are in the wanted order.
    let find = "SELECT desk, conversation, room, thread, shown, state FROM threads INDEXED BY threads_place
                WHERE desk = ?1 AND room = ?2 AND thread = ?3 ORDER BY conversation DESC LIMIT 1";
    let mut find = connection.prepare_cached(find)?;
    let row = find.query_row(params![desk, room, thread], ThreadRow::of).optional()?;
    row.map(ThreadRow::read).transpose()
}

pub(super) fn stale(connection: &Connection, desk: &str) -> Result<Vec<Thread>, StoreError> {
    let stale = "SELECT desk, conversation, room, thread, shown, state FROM threads INDEXED BY threads_stale
                 WHERE desk = ?1 AND stale ORDER BY conversation";
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
    if links::linked(connection, thread.conversation)?.is_some()
        && find(connection, &thread.desk, thread.conversation)?.is_none()
    {
        // Its thread is the other conversation's by now.
        return Ok(());
    }
    let stale = is_stale(connection, thread)?;
    // Where a stale one was is not forgotten for one that is still to be made.
    let keep = "INSERT INTO threads (desk, conversation, room, thread, shown, stale, state)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT DO UPDATE SET
                    room = iif(stale AND excluded.thread IS NULL, room, excluded.room),
                    thread = iif(stale AND excluded.thread IS NULL, thread, excluded.thread),
                    shown = excluded.shown, stale = excluded.stale, state = excluded.state";
    connection.prepare_cached(keep)?.execute(params![
        thread.desk,
        thread.conversation.0,
        thread.room,
        thread.thread,
        thread.shown.0,
        stale,
        Some(state).filter(|_| !stale)
    ])?;
    for (event, twin) in twins {
        if is_there(connection, thread.conversation, event)? {
            let twin = Twin { desk: Some(thread.desk.clone()), ..twin };
            traces::add(connection, thread.conversation, event, &twin)?;
        }
    }
    Ok(())
}

/// It was before, or its conversation is gone.
fn is_stale(connection: &Connection, thread: &Thread) -> Result<bool, StoreError> {
    let stale = "SELECT NOT EXISTS (SELECT 1 FROM conversations WHERE id = ?2)
                 OR EXISTS (SELECT 1 FROM threads WHERE desk = ?1 AND conversation = ?2 AND stale)";
    let mut stale = connection.prepare_cached(stale)?;
    Ok(stale.query_row(params![thread.desk, thread.conversation.0], |row| row.get(0))?)
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

/// What is remembered of a conversation is erased.
pub(super) fn make_stale(connection: &Connection, id: ConversationId) -> Result<(), StoreError> {
    let stale = "UPDATE threads SET stale = 1, state = NULL WHERE conversation = ?1";
    connection.prepare_cached(stale)?.execute([id.0])?;
    Ok(())
}
