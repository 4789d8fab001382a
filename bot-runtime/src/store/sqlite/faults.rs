//! Files that are full, locked, cut off, foreign, older or newer: a clear error, and nothing confirmed that isn't stored.
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::handoff::Ticket;
use bot_core::reply::{Markup, Reply};
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::super::*;
use super::{SqliteStore, schema};
use crate::channel::{Address, Body, Inbound, Outgoing};

/// Short, so that tests of locks are.
const SHORT: Duration = Duration::from_millis(50);

/// Stands in everything that a customer wrote.
const CANARY: &str = "canary-4711-0815";

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(TempDir::new().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("store.db")
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open_patiently(&self.file(), SHORT).unwrap()
    }

    fn raw(&self) -> Connection {
        Connection::open(self.file()).unwrap()
    }

    /// Everything of the store that is on the disk.
    fn bytes(&self) -> Vec<u8> {
        let files = fs::read_dir(self.0.path()).unwrap();
        files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
    }

    fn holds(&self, text: &str) -> bool {
        self.bytes().windows(text.len()).any(|window| window == text.as_bytes())
    }
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn arrival(key: &str, text: &str) -> Inbound {
    let address = Address { channel: "terminal".to_owned(), peer: "ana".to_owned() };
    let body = Body::Input { input: Input::text(text), message: Some(key.into()) };
    Inbound { address, key: key.to_owned(), at: now(), customer: None, body }
}

async fn write(store: &SqliteStore, key: &str, text: &str) -> Result<ConversationId, StoreError> {
    Ok(store.receive(vec![arrival(key, text)], now()).await?[0].conversation)
}

async fn done(store: &SqliteStore, id: ConversationId) -> Commit {
    let loaded = store.load(id).await.unwrap().unwrap();
    Commit {
        conversation: id,
        revision: loaded.revision,
        at: now(),
        done: loaded.inbox.iter().map(|item| item.id).collect(),
        events: vec![],
        tracker: loaded.tracker,
        outbox: vec![],
        timers_set: vec![],
        timers_done: vec![],
        ticket: vec![],
        forget: false,
        link: None,
    }
}

async fn waiting(store: &SqliteStore, id: ConversationId) -> usize {
    store.unsettled(id).await.unwrap()
}

/// A file with a hundred messages, closed.
async fn some(folder: &Folder) {
    let store = folder.open();
    for number in 0..100 {
        write(&store, &number.to_string(), &"many words ".repeat(50)).await.unwrap();
    }
    store.close().await.unwrap();
}

fn refused(path: &Path) -> String {
    match SqliteStore::open_patiently(path, SHORT) {
        Ok(_) => panic!("it is opened"),
        Err(StoreError::Open(text)) => text,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_full_disk_stores_nothing_and_is_got_over() {
    let folder = Folder::new();
    let store = folder.open();
    let id = write(&store, "first", "hello").await.unwrap();
    let limit = |pages: i64| {
        store.writer.call(move |connection, _| {
            let there: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            let most = format!("PRAGMA max_page_count = {}", there + pages);
            Ok(connection.query_row(&most, [], |row| row.get::<_, i64>(0))?)
        })
    };
    limit(20).await.unwrap();
    let mut stored = 1;
    let error = loop {
        match write(&store, &format!("{stored}"), &"many words ".repeat(400)).await {
            Ok(_) => stored += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error, StoreError::Full);
    assert_eq!(error.to_string(), "the disk that holds the store is full: nothing was stored");
    assert_eq!(waiting(&store, id).await, stored, "what was confirmed is there, and nothing else");
    let long = "many ".repeat(90_000);
    let many = tokio::join!(write(&store, "a", &long), write(&store, "b", &long));
    assert!(many.0.is_err() && many.1.is_err());

    limit(1000).await.unwrap();
    write(&store, "after", "it works again").await.unwrap();
    assert_eq!(waiting(&store, id).await, stored + 1);
    assert!(
        store.receive(vec![arrival("first", "hello")], now()).await.is_ok_and(|received| !received[0].is_new)
    );
}

#[tokio::test]
async fn work_that_fails_undoes_only_itself() {
    let folder = Folder::new();
    let store = folder.open();
    let id = write(&store, "1", "hello").await.unwrap();
    // All three are in the queue before the first is done.
    let slow = store.writer.call(|_, _| {
        std::thread::sleep(SHORT);
        Ok(())
    });
    let good = write(&store, "2", "good");
    let bad = store.writer.call(|connection, _| {
        connection.execute("DELETE FROM inbox", [])?;
        connection.execute("INSERT INTO no_such_table VALUES (1)", [])?;
        Ok(())
    });
    let later = write(&store, "3", "later");
    let (slow, good, bad, later) = tokio::join!(slow, good, bad, later);
    assert!(slow.is_ok() && good.is_ok() && later.is_ok());
    assert!(matches!(bad, Err(StoreError::Other(_))));
    assert_eq!(waiting(&store, id).await, 3);
}

#[tokio::test]
async fn a_lock_is_waited_for_and_then_told() {
    let folder = Folder::new();
    let store = folder.open();
    let id = write(&store, "1", "hello").await.unwrap();
    let other = folder.raw();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(write(&store, "2", "locked").await, Err(StoreError::Locked));
    assert_eq!(waiting(&store, id).await, 1, "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    write(&store, "2", "free").await.unwrap();
    assert_eq!(waiting(&store, id).await, 2);
    store.close().await.unwrap();

    other
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE t (a); COMMIT")
        .unwrap();
    let text = refused(&folder.file());
    assert!(text.contains("another program has it locked: end that program first"), "{text}");
}

#[tokio::test]
async fn a_file_that_is_cut_off_is_refused() {
    let folder = Folder::new();
    some(&folder).await;
    let whole = fs::read(folder.file()).unwrap();
    for (length, expected) in [
        (whole.len() - 1, "damaged (the end of the file is missing): put a copy in its place"),
        (whole.len() / 2, "damaged (the end of the file is missing)"),
        (4096, "damaged (the end of the file is missing)"),
        (50, "no database"),
    ] {
        fs::write(folder.file(), &whole[..length]).unwrap();
        let text = refused(&folder.file());
        assert!(text.contains(expected) && text.contains("store.db"), "{length}: {text}");
        assert_eq!(fs::read(folder.file()).unwrap(), whole[..length], "it is left as it was");
    }
    fs::write(folder.file(), &whole).unwrap();
    assert_eq!(waiting(&folder.open(), ConversationId(1)).await, 100);
}

#[tokio::test]
async fn what_is_damaged_inside_is_told_when_it_is_read() {
    let folder = Folder::new();
    some(&folder).await;
    let mut bytes = fs::read(folder.file()).unwrap();
    let end = bytes.len();
    bytes[4096..end].fill(0xee);
    fs::write(folder.file(), &bytes).unwrap();
    match SqliteStore::open_patiently(&folder.file(), SHORT) {
        Err(error) => assert!(error.to_string().contains("damaged"), "{error}"),
        Ok(store) => {
            let error = write(&store, "new", "hello").await.unwrap_err();
            assert!(matches!(error, StoreError::Damaged(_)), "{error}");
        }
    }
}

#[test]
fn what_can_not_be_a_store_is_refused_and_left_alone() {
    let folder = Folder::new();
    let path = |name: &str| folder.0.path().join(name);
    fs::write(path("text"), "Dear diary, ".repeat(50)).unwrap();
    fs::write(path("short"), "x").unwrap();
    fs::create_dir(path("folder")).unwrap();
    let database = |name: &str, sql: &str| Connection::open(path(name)).unwrap().execute_batch(sql).unwrap();
    database("foreign", "CREATE TABLE notes (note)");
    database("marked", "PRAGMA application_id = 77; CREATE TABLE notes (note)");
    database("newer", &format!("PRAGMA application_id = {}; PRAGMA user_version = 99", schema::APPLICATION));
    for name in ["read-only", "read-only-folder/file"] {
        fs::create_dir_all(path(name).parent().unwrap()).unwrap();
        fs::write(path(name), "").unwrap();
    }
    for name in ["read-only", "read-only-folder"] {
        let mut rights = fs::metadata(path(name)).unwrap().permissions();
        rights.set_readonly(true);
        fs::set_permissions(path(name), rights).unwrap();
    }
    for (name, expected) in [
        ("text", "it is no database: choose another file"),
        ("short", "it is no database: choose another file"),
        ("folder", "it is a folder: name a file in it"),
        ("none/store.db", "make it first"),
        ("text/store.db", "is no folder"),
        ("foreign", "it is a database of another program: choose another file"),
        ("marked", "it is a database of another program: choose another file"),
        ("newer", "its format is 99, this program knows formats up to 3): use the newer program"),
        ("read-only", "it may only be read: give this program the right to write to it"),
        ("read-only-folder/new", "read-only-folder may only be read: give this program the right"),
    ] {
        let before = fs::read(path(name)).ok();
        let text = refused(&path(name));
        assert!(text.contains(expected) && text.contains(name), "{name}: {text}");
        assert_eq!(fs::read(path(name)).ok(), before, "{name}");
    }
    let mut rights = fs::metadata(path("read-only-folder")).unwrap().permissions();
    #[allow(clippy::permissions_set_readonly_false, reason = "the folder is removed")]
    rights.set_readonly(false);
    fs::set_permissions(path("read-only-folder"), rights).unwrap();
}

#[tokio::test]
async fn an_empty_file_becomes_a_store() {
    let folder = Folder::new();
    fs::write(folder.file(), "").unwrap();
    write(&folder.open(), "1", "hello").await.unwrap();
}

#[test]
fn processes_that_start_together_make_one_store() {
    // Now and then only are they in each other's way where SQLite does not wait.
    for _ in 0..20 {
        let folder = Folder::new();
        let start = std::sync::Barrier::new(6);
        let opened = std::thread::scope(|scope| {
            let open = || {
                start.wait();
                SqliteStore::open(folder.file()).map(|_| ())
            };
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(opened, vec![Ok(()); 6]);
    }
}

#[tokio::test]
async fn what_a_killed_process_has_confirmed_is_there() {
    let folder = Folder::new();
    let store = folder.open();
    let id = write(&store, "1", "hello").await.unwrap();
    write(&store, "2", "are you there?").await.unwrap();
    // What a killed process leaves: the file, and the log beside it, perhaps with its end not written.
    for (cut, expected) in [(0, 2), (1, 1)] {
        let left = Folder::new();
        fs::copy(folder.file(), left.file()).unwrap();
        let log = fs::read(folder.0.path().join("store.db-wal")).unwrap();
        fs::write(left.0.path().join("store.db-wal"), &log[..log.len() - cut]).unwrap();
        assert_eq!(waiting(&left.open(), id).await, expected);
    }
}

#[tokio::test]
async fn a_file_of_the_first_version_is_read() {
    let folder = Folder::new();
    first_version(&folder.raw());
    let store = folder.open();
    let loaded = store.load(ConversationId(7)).await.unwrap().unwrap();
    assert_eq!((loaded.revision, loaded.address.peer.as_str()), (3, "ana"));
    assert_eq!(
        loaded.tracker,
        Tracker::replay(&[Event::ValueSet { name: "a".to_owned(), value: "b".into() }])
    );
    assert_eq!(loaded.inbox[0].input, Input::text("hello"));
    assert_eq!(store.ready(9).await.unwrap(), [ConversationId(7)]);
    assert!(!store.receive(vec![arrival("1", "hello")], now()).await.unwrap()[0].is_new);
    let events = store.events(None, EventId(0), 9).await.unwrap();
    assert_eq!(events[0].event, Event::Noted { agent: "Kim".to_owned(), text: "a note".to_owned() });
    assert_eq!(store.tickets(TicketFilter::default()).await.unwrap()[0].ticket.reason, "asked for a person");
    let entries = store.take("terminal", &WorkerId("w".to_owned()), &[], now(), 9).await.unwrap().0;
    assert_eq!(entries[0].what, Work::Deliver { what: Outgoing::Bot { reply: reply("Hello!") } });
    assert_eq!((entries[0].part, entries[0].quotes.as_deref()), (0, None));
    assert_eq!(store.fire(now()).await.unwrap(), (1, None));
    assert_eq!(SqliteStore::version_of(folder.file()).unwrap(), Some(3));

    // What it did not know of yet is found from here on.
    let sent = Settled::Sent { messages: vec!["17".to_owned()], answer: None };
    store.settle(vec![(entries[0].id, sent)], now()).await.unwrap();
    assert_eq!(
        store.traces(ConversationId(7), EventId(0), 9).await.unwrap(),
        [],
        "nobody knows of which event"
    );
    let mut commit = done(&store, ConversationId(7)).await;
    commit.events = vec![Event::CustomerSaid { text: "hello".to_owned(), at: now() }];
    assert!(store.commit(commit).await.unwrap());
    let event = store.event_of(ConversationId(7), None, "1").await.unwrap();
    assert_eq!(event, Some(store.newest().await.unwrap()), "its message was stored by the first version");
}

/// Makes what the first version of this program would have left. It stays as it is when there are later ones.
fn first_version(connection: &Connection) {
    connection.execute_batch(schema::MIGRATIONS[0]).unwrap();
    connection
        .execute_batch(
            r#"
            PRAGMA application_id = 1114600531; PRAGMA user_version = 1;
            INSERT INTO conversations VALUES (7, 'terminal', 'ana', 3, 'waiting', 0, 5);
            INSERT INTO states VALUES (7, NULL, '{"values":{"a":"b"}}');
            INSERT INTO arrivals VALUES ('terminal', '1', 7, 0);
            INSERT INTO inbox VALUES (5, 7, 0, 0, 0, '{"input":"text","text":"hello"}');
            INSERT INTO messages VALUES (5, 7, 0, '1', 'hello');
            INSERT INTO events VALUES (9, 7, 0, '{"event":"noted","agent":"Kim","text":"a note"}');
            INSERT INTO outbox (id, conversation, route, state, due, work) VALUES (4, 7, 'terminal', 1, 0,
                '{"work":"deliver","what":{"from":"bot","reply":{"text":"Hello!"}}}');
            INSERT INTO timers VALUES (7, 1, 0);
            INSERT INTO tickets (number, conversation, team, priority, owner, announced, ticket) VALUES (1, 7, 'sales',
                1, 'waiting', 0, '{"team":"sales","reason":"asked for a person","priority":"normal","intent":null,
                "confidence":null,"slots":[],"transcript":[],"opened":"1970-01-01T00:00:00Z"}');
            "#,
        )
        .unwrap();
}

#[test]
fn an_older_file_is_brought_to_the_present_one_or_left_as_it_was() {
    let folder = Folder::new();
    first_version(&folder.raw());
    let first = schema::MIGRATIONS[0];
    let version = || folder.raw().query_row("PRAGMA user_version", [], |row| row.get::<_, i32>(0)).unwrap();
    let notes = || folder.raw().query_row("SELECT count(*) FROM notes", [], |row| row.get::<_, i64>(0)).ok();

    let broken = [first, "CREATE TABLE notes (note)", "INSERT INTO no_such_table VALUES (1)"];
    assert!(schema::migrate(&mut folder.raw(), &broken).is_err());
    assert_eq!((version(), notes()), (1, None), "all of it, or nothing");
    let newer =
        [first, "CREATE TABLE notes (note)", "INSERT INTO notes VALUES (1)", "CREATE TABLE more (note)"];
    schema::migrate(&mut folder.raw(), &newer).unwrap();
    schema::migrate(&mut folder.raw(), &newer).unwrap();
    assert_eq!((version(), notes()), (4, Some(1)), "and once");
    assert!(refused(&folder.file()).contains("newer version"));
}

fn reply(text: &str) -> Reply {
    Reply { text: Markup(text.to_owned()), buttons: vec![] }
}

/// A conversation in which the canary stands everywhere.
async fn sing(store: &SqliteStore) -> ConversationId {
    // Long enough for pages of its own, too.
    let song = format!("{CANARY} {}", "la ".repeat(3000));
    let known = bot_core::dialogue::Customer { name: Some(CANARY.to_owned()), ..Default::default() };
    let named = Inbound { customer: Some(known), ..arrival("song", &song) };
    let id = store.receive(vec![named], now()).await.unwrap()[0].conversation;
    for turn in 0..20 {
        let mut commit = done(store, id).await;
        let said = Event::CustomerSaid { text: song.clone(), at: now() };
        commit.tracker = Tracker::replay(std::slice::from_ref(&said));
        commit.events = vec![said, Event::Said { reply: reply(CANARY) }];
        let what = Work::Deliver { what: Outgoing::Bot { reply: reply(&song) } };
        commit.outbox = vec![NewEntry { route: "terminal".to_owned(), what, event: Some(1) }];
        commit.timers_set = vec![(turn, now())];
        assert!(store.commit(commit).await.unwrap());
        show(store, id, &song).await;
        write(store, &format!("song {turn}"), CANARY).await.unwrap();
    }
    let mut commit = done(store, id).await;
    commit.ticket = vec![TicketChange::Open(Box::new(ticket())), TicketChange::Closed];
    assert!(store.commit(commit).await.unwrap());
    id
}

/// A desk shows it. Messages are named after the canary, too, as they would be by a platform that knows who wrote them.
async fn show(store: &SqliteStore, id: ConversationId, song: &str) {
    let shown = store.newest().await.unwrap();
    let (desk, room, thread) = ("staff".to_owned(), "room".to_owned(), Some("topic".to_owned()));
    let state = serde_json::json!({ "card": song });
    let kept = Thread { desk, conversation: id, room, thread, shown, state };
    let twin = Twin { desk: None, message: CANARY.to_owned(), quotes: Some(CANARY.to_owned()) };
    store.keep_thread(kept, vec![(shown, twin)]).await.unwrap();
}

fn ticket() -> Ticket {
    let line =
        bot_core::handoff::Line { speaker: bot_core::handoff::Speaker::Customer, text: CANARY.to_owned() };
    Ticket {
        number: None,
        earlier: None,
        customer: Some(CANARY.to_owned()),
        channel: None,
        language: None,
        team: "sales".to_owned(),
        reason: CANARY.to_owned(),
        priority: bot_core::catalog::Priority::Normal,
        intent: None,
        confidence: None,
        slots: vec![("order".to_owned(), CANARY.to_owned())],
        transcript: vec![line],
        opened: now(),
    }
}

async fn forget(store: &SqliteStore, id: ConversationId) {
    let mut commit = done(store, id).await;
    let said = Event::CustomerSaid { text: CANARY.to_owned(), at: now() };
    commit.events = vec![said, Event::Forgotten, Event::Said { reply: reply("It is erased.") }];
    commit.tracker = Tracker::default();
    commit.forget = true;
    assert!(store.commit(commit).await.unwrap());
}

#[tokio::test]
async fn nothing_forgotten_is_left_in_any_byte() {
    let folder = Folder::new();
    let store = folder.open();
    let id = sing(&store).await;
    assert!(folder.holds(CANARY));
    forget(&store, id).await;
    assert!(!folder.holds(CANARY));
    assert!(folder.holds("It is erased."));
    assert_eq!(store.stale_threads("staff").await.unwrap()[0].thread.as_deref(), Some("topic"));
    store.close().await.unwrap();
    assert!(!folder.holds(CANARY));
}

#[tokio::test]
async fn nothing_unread_is_left_in_any_byte() {
    let folder = Folder::new();
    let store = folder.open();
    assert!(store.keep_unread("telegram", "u1", CANARY, now()).await.unwrap());
    assert!(folder.holds(CANARY), "nothing that a platform sent is lost");
    let later = now().checked_add(REMEMBERED).unwrap();
    store.expire(None, later).await.unwrap();
    assert!(folder.holds(CANARY));
    store.expire(None, later.checked_add(Duration::from_secs(1)).unwrap()).await.unwrap();
    assert!(!folder.holds(CANARY));
}

#[tokio::test]
async fn nothing_expired_is_left_in_any_byte() {
    let folder = Folder::new();
    let store = folder.open();
    let id = sing(&store).await;
    let mut commit = done(&store, id).await;
    commit.timers_done = (0..20).collect();
    assert!(store.commit(commit).await.unwrap());
    let worker = WorkerId("w".to_owned());
    while let Some(entry) = store.take("terminal", &worker, &[], now(), 1).await.unwrap().0.pop() {
        store
            .settle(vec![(entry.id, Settled::Sent { messages: Vec::new(), answer: None })], now())
            .await
            .unwrap();
    }
    let later = Timestamp::from_second(1).unwrap();
    assert_eq!(store.expire(Some(later), later).await.unwrap(), 1);
    assert!(!folder.holds(CANARY));
    assert_eq!(store.stale_threads("staff").await.unwrap()[0].thread.as_deref(), Some("topic"));
}

#[tokio::test]
async fn a_reader_of_old_pages_only_delays_erasing() {
    let folder = Folder::new();
    let store = folder.open();
    let id = sing(&store).await;
    let other = folder.raw();
    other.execute_batch("BEGIN; SELECT count(*) FROM events").unwrap();
    forget(&store, id).await;
    assert!(folder.holds(CANARY), "somebody still reads it");
    other.execute_batch("COMMIT").unwrap();
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while folder.holds(CANARY) {
        assert!(std::time::Instant::now() < deadline, "it is tried again");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
