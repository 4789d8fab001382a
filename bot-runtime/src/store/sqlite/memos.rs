//! Small things that desks and channels remember.
use rusqlite::{Connection, OptionalExtension, params};

use super::super::StoreError;

pub(super) fn find(connection: &Connection, owner: &str, name: &str) -> Result<Option<String>, StoreError> {
    let mut find = connection.prepare_cached("SELECT value FROM memos WHERE owner = ?1 AND name = ?2")?;
    Ok(find.query_row([owner, name], |row| row.get(0)).optional()?)
}

/// The same again changes nothing, and wakes nobody.
pub(super) fn keep(
    connection: &Connection,
    owner: &str,
    name: &str,
    value: Option<String>,
) -> Result<(), StoreError> {
    let keep = "INSERT INTO memos (owner, name, value) VALUES (?1, ?2, ?3)
                ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value";
    match value {
        Some(value) => connection.prepare_cached(keep)?.execute(params![owner, name, value])?,
        None => {
            let forget = "DELETE FROM memos WHERE owner = ?1 AND name = ?2";
            connection.prepare_cached(forget)?.execute([owner, name])?
        }
    };
    Ok(())
}
