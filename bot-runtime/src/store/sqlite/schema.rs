//! What tables there are, and how older files get them.
use rusqlite::{Connection, TransactionBehavior};

use super::super::StoreError;

/// Stands in each file of ours, so that no other program's file is ever changed: "BotS".
pub(super) const APPLICATION: i32 = 0x426f_7453;

/// Each brings a file from the version before; the first makes one. What has once been released is never changed.
pub(super) const MIGRATIONS: [&str; 3] =
    [include_str!("migrations/1.sql"), include_str!("migrations/2.sql"), include_str!("migrations/3.sql")];

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    Empty,
    Ours { version: usize },
    Foreign,
}

/// Brings the file to the newest version, in one transaction. `scripts` are [`MIGRATIONS`], or what a test puts in their place.
pub(super) fn migrate(connection: &mut Connection, scripts: &[&str]) -> Result<(), StoreError> {
    if check(connection, scripts)? == scripts.len() {
        return Ok(());
    }
    // Two processes may start at the same time: what counts is what is there once nobody else can write.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let there = check(&transaction, scripts)?;
    for (version, script) in (1..).zip(scripts).skip(there) {
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", version)?;
    }
    Ok(transaction.commit()?)
}

/// The file's version, if it is one that can be used; `None`: it is empty.
pub(super) fn version(connection: &Connection) -> Result<Option<usize>, StoreError> {
    Ok(Some(check(connection, &MIGRATIONS)?).filter(|version| *version > 0))
}

/// The file's version, if it is one that can be used.
pub(super) fn check(connection: &Connection, scripts: &[&str]) -> Result<usize, StoreError> {
    match look(connection)? {
        File::Empty => Ok(0),
        File::Foreign => {
            Err(StoreError::Open("it is a database of another program: choose another file".to_owned()))
        }
        File::Ours { version } if version > scripts.len() => Err(StoreError::Open(format!(
            "it was written by a newer version of this program (its format is {version}, this program knows formats up to {}): \
             use the newer program",
            scripts.len()
        ))),
        File::Ours { version } => Ok(version),
    }
}

/// In one transaction: another process may be making the file between two looks.
fn look(connection: &Connection) -> Result<File, StoreError> {
    connection.execute_batch("SAVEPOINT look")?;
    let file = what_is(connection);
    connection.execute_batch("RELEASE look")?;
    file
}

fn what_is(connection: &Connection) -> Result<File, StoreError> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(match (application, usize::try_from(version)) {
        (APPLICATION, Ok(version)) => File::Ours { version },
        (0, Ok(0)) if tables == 0 => File::Empty,
        _ => File::Foreign,
    })
}
