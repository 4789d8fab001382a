//! What the cases are written with.
use bot_core::catalog::Priority;
use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::handoff::Ticket;
use bot_core::reply::{Markup, Reply};
use bot_runtime::channel::{Address, Body, Inbound, Outgoing};
use bot_runtime::store::{
    Commit, ConversationId, Entry, EventId, Item, Loaded, NewEntry, Settled, SqliteStore, Store, StoreError,
    StoredTicket, Thread, TicketFilter, Work, WorkerId,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

/// A file for stores of SQLite; it goes when it is dropped.
pub struct StoreFile(TempDir);

impl StoreFile {
    pub fn new() -> StoreFile {
        StoreFile(TempDir::new().unwrap())
    }

    pub fn open(&self) -> SqliteStore {
        SqliteStore::open(self.0.path().join("store.db")).unwrap()
    }
}

/// So many seconds after a certain Monday.
pub fn at(seconds: i64) -> Timestamp {
    "2026-11-23T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

pub fn address(peer: &str) -> Address {
    Address { channel: "terminal".to_owned(), peer: peer.to_owned() }
}

pub fn arrival(peer: &str, key: &str, body: Body) -> Inbound {
    Inbound { address: address(peer), key: key.to_owned(), at: at(0), customer: None, body }
}

/// A text whose message has the arrival's key.
pub fn text(peer: &str, key: &str, text: &str) -> Inbound {
    let body = Body::Input { input: Input::text(text), message: Some(key.into()) };
    arrival(peer, key, body)
}

/// Stores a text; returns its conversation.
pub async fn write(store: &impl Store, peer: &str, key: &str, words: &str) -> ConversationId {
    let received = store.receive(vec![text(peer, key, words)], at(0)).await.unwrap();
    received[0].conversation
}

pub async fn load(store: &impl Store, id: ConversationId) -> Loaded {
    store.load(id).await.unwrap().expect("the conversation is there")
}

pub async fn waiting(store: &impl Store, id: ConversationId) -> Vec<Input> {
    load(store, id).await.inbox.into_iter().map(|item| item.input).collect()
}

/// A commit of all that was loaded, with nothing else in it.
pub fn done(loaded: &Loaded) -> Commit {
    Commit {
        conversation: loaded.id,
        revision: loaded.revision,
        at: at(1),
        done: loaded.inbox.iter().map(|item: &Item| item.id).collect(),
        events: Vec::new(),
        tracker: loaded.tracker.clone(),
        outbox: Vec::new(),
        timers_set: Vec::new(),
        timers_done: Vec::new(),
        ticket: Vec::new(),
        forget: false,
        link: None,
    }
}

/// Commits what is made of [`done`], which must fit.
pub async fn turn(store: &impl Store, id: ConversationId, change: impl FnOnce(&mut Commit)) {
    let mut commit = done(&load(store, id).await);
    change(&mut commit);
    assert!(store.commit(commit).await.unwrap(), "the commit fits");
}

pub fn said(words: &str) -> Event {
    Event::Said { reply: reply(words) }
}

pub fn reply(words: &str) -> Reply {
    Reply { text: Markup(words.to_owned()), buttons: Vec::new() }
}

pub fn customer_said(words: &str) -> Event {
    Event::CustomerSaid { text: words.to_owned(), at: at(0) }
}

pub fn to_send(words: &str) -> NewEntry {
    let what = Work::Deliver { what: Outgoing::Bot { reply: reply(words) } };
    NewEntry { route: "terminal".to_owned(), what, event: None }
}

pub fn words(entry: &Entry) -> String {
    match &entry.what {
        Work::Deliver { what: Outgoing::Bot { reply } } => reply.text.plain(),
        other => format!("{other:?}"),
    }
}

pub fn worker(name: &str) -> WorkerId {
    WorkerId(name.to_owned())
}

/// Takes all that is due on the route of [`to_send`].
pub async fn take(store: &impl Store, name: &str, now: Timestamp) -> Vec<Entry> {
    store.take("terminal", &worker(name), &[], now, 100).await.unwrap().0
}

pub const SENT: Settled = Settled::Sent { messages: Vec::new(), answer: None };

pub fn ticket(team: &str, priority: Priority) -> Ticket {
    Ticket {
        number: None,
        earlier: None,
        customer: Some("Ana".to_owned()),
        channel: None,
        language: None,
        team: team.to_owned(),
        reason: "asked for a person".to_owned(),
        priority,
        intent: Some("refund".to_owned()),
        confidence: Some(0.5),
        slots: vec![("order".to_owned(), "12345".to_owned())],
        transcript: Vec::new(),
        opened: at(0),
    }
}

pub async fn all_tickets(store: &impl Store) -> Vec<StoredTicket> {
    store.tickets(TicketFilter { closed: true, ..TicketFilter::default() }).await.unwrap()
}

pub async fn all_events(store: &impl Store) -> Vec<Event> {
    let events = store.events(None, EventId(0), 1000).await.unwrap();
    events.into_iter().map(|stored| stored.event).collect()
}

pub fn tracker_with(name: &str, value: &str) -> Tracker {
    Tracker::replay(&[Event::ValueSet { name: name.to_owned(), value: value.into() }])
}

/// Where the desk `staff` shows a conversation up to an event.
pub fn thread(id: ConversationId, shown: EventId) -> Thread {
    Thread {
        desk: "staff".to_owned(),
        conversation: id,
        room: "-100".to_owned(),
        thread: Some("7".to_owned()),
        shown,
        state: serde_json::json!({ "card": "Ana, about order 12345" }),
    }
}

/// Everything that can be seen of a store without changing it.
pub async fn seen(store: &impl Store) -> Result<String, StoreError> {
    let listed = store.list(100).await?;
    let mut seen = format!("{listed:?} {:?}", store.ready(100).await?);
    for conversation in &listed {
        let (loaded, unsettled) =
            (store.load(conversation.id).await?, store.unsettled(conversation.id).await?);
        let traces = store.traces(conversation.id, EventId(0), 1000).await?;
        let thread = store.thread("staff", conversation.id).await?;
        seen += &format!("\n{loaded:?} {unsettled:?} {traces:?} {thread:?}");
    }
    let (events, tickets) = (store.events(None, EventId(0), 1000).await?, all_tickets(store).await);
    let stale = store.stale_threads("staff").await?;
    Ok(format!("{seen}\n{events:?}\n{tickets:?} {:?} {stale:?}", store.newest().await?))
}
