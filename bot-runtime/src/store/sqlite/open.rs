//! Opens a file: looks whether it can be a store, and says what to do if it can't.
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::super::StoreError;
use super::schema;

/// How a file of SQLite begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The pause before a file that is busy is opened again.
const AGAIN: Duration = Duration::from_millis(10);

/// Memory for pages that were read lately, in KiB, for each connection.
const CACHE: i32 = 4 * 1024;

/// Statements that stay prepared: all there are.
const STATEMENTS: usize = 128;

/// A connection that writes; makes the file if there is none.
pub(super) fn writer(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let open = || check(path).and_then(|()| open_writer(path, patience));
    patiently(patience, open).map_err(|error| explained(path, error))
}

/// Two programs that make a file at the same time are in each other's way where SQLite does not wait: it says at once that
/// the file is busy when both want to change its mode.
fn patiently<T>(
    patience: Duration,
    mut open: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let end = Instant::now() + patience;
    loop {
        match open() {
            Err(StoreError::Locked) if Instant::now() < end => std::thread::sleep(AGAIN),
            result => return result,
        }
    }
}

/// The version of a file; nothing is made or changed.
pub(super) fn version(path: &Path, patience: Duration) -> Result<Option<usize>, StoreError> {
    let look = || {
        check(path)?;
        if fs::metadata(path).is_ok_and(|about| about.len() > 0) {
            schema::version(&open_reader(path, patience)?)
        } else {
            Ok(None)
        }
    };
    look().map_err(|error| explained(path, error))
}

/// A connection that reads.
pub(super) fn reader(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    open_reader(path, patience).map_err(|error| explained(path, error))
}

fn open_writer(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let mut connection = connect(path, patience)?;
    // Before anything is changed, such as the mode of another program's file.
    schema::check(&connection, &schema::MIGRATIONS)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Open(
            "its disk can't share memory between programs: use a local disk".to_owned(),
        ));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", true)?;
    // Many timers at once or a burst make the log long; it need not stay so.
    connection.pragma_update(None, "journal_size_limit", 16 * 1024 * 1024)?;
    schema::migrate(&mut connection, &schema::MIGRATIONS)?;
    Ok(connection)
}

fn open_reader(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let connection = connect(path, patience)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connect(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    // Not the default flags: a file's name is no URI, whatever stands in it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", -CACHE)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// What SQLite would not say, or not clearly.
fn check(path: &Path) -> Result<(), StoreError> {
    check_folder(path)?;
    let about = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(cannot("it can't be looked at", &error)),
        Ok(about) => about,
    };
    if about.is_dir() {
        return Err(open_error("it is a folder: name a file in it"));
    }
    if about.permissions().readonly() {
        return Err(open_error("it may only be read: give this program the right to write to it"));
    }
    check_header(path)
}

fn check_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let shown = folder.display();
    match fs::metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(open_error(&format!("there is no folder {shown}: make it first")))
        }
        Err(error) => Err(cannot(&format!("the folder {shown} can't be looked at"), &error)),
        Ok(about) if !about.is_dir() => Err(open_error(&format!("{shown} is no folder"))),
        Ok(about) if about.permissions().readonly() => Err(open_error(&format!(
            "the folder {shown} may only be read: give this program the right to write to it"
        ))),
        Ok(_) => Ok(()),
    }
}

/// The first bytes say what it is, and how long it must be.
fn check_header(path: &Path) -> Result<(), StoreError> {
    let unread = |error| cannot("it can't be read", &error);
    let mut file = File::open(path).map_err(unread)?;
    if file.metadata().map_err(unread)?.len() == 0 {
        return Ok(());
    }
    let mut header = [0; 100];
    if file.read_exact(&mut header).is_err() || !header.starts_with(MAGIC) {
        return Err(open_error("it is no database: choose another file"));
    }
    // In this order: another program may be moving pages from the log to the file, and empties the log when all are there.
    let log_was_empty = log_is_empty(path);
    let length = file.metadata().map_err(unread)?.len();
    if length < whole(&header) && log_was_empty {
        return Err(StoreError::Damaged("the end of the file is missing".to_owned()));
    }
    Ok(())
}

/// How many bytes the file must have: the size of a page times their number.
fn whole(header: &[u8; 100]) -> u64 {
    let page = match u64::from(u16::from_be_bytes([header[16], header[17]])) {
        1 => 65_536,
        page => page,
    };
    page * u64::from(u32::from_be_bytes([header[28], header[29], header[30], header[31]]))
}

/// What the file lacks may be in the log: the process died while it moved pages from there into the file.
fn log_is_empty(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(PathBuf::from(log)).map_or(true, |about| about.len() == 0)
}

fn open_error(what: &str) -> StoreError {
    StoreError::Open(what.to_owned())
}

fn cannot(what: &str, error: &std::io::Error) -> StoreError {
    StoreError::Open(format!("{what}: {error}"))
}

/// The same error with the file's name, and what to do.
fn explained(path: &Path, error: StoreError) -> StoreError {
    let what = match error {
        StoreError::Open(what) => what,
        StoreError::Full => "its disk is full: make room".to_owned(),
        StoreError::Locked => "another program has it locked: end that program first".to_owned(),
        StoreError::Damaged(what) => {
            format!("it is damaged ({what}): put a copy in its place, or move it away to begin anew")
        }
        StoreError::Other(what) => what,
    };
    StoreError::Open(format!("the store {} can't be opened: {what}", path.display()))
}
