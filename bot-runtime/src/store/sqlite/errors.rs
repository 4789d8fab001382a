//! What SQLite reports, in the words of a store.
use rusqlite::ErrorCode;

use super::super::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(&error),
            _ if is_of_the_file(&error) => damaged(&error),
            _ => StoreError::Other(error.to_string()),
        }
    }
}

fn damaged(error: &rusqlite::Error) -> StoreError {
    StoreError::Damaged(error.to_string())
}

/// Reading that ends before the page does, and values that are of another type than the program has written.
fn is_of_the_file(error: &rusqlite::Error) -> bool {
    let short = error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ);
    short
        || matches!(
            error,
            rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..)
        )
}
