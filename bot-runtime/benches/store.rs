//! What the store in a file costs: commits one by one and together, and looking for work among 100,000 conversations.
//!
//! `cargo bench -p bot-runtime --bench store`; it makes its files in a temporary folder. `CONVERSATIONS=10000` before it makes
//! the large file smaller. Without divan, whose features would have every build of this crate build its dependencies anew.
#![allow(clippy::unwrap_used, reason = "a benchmark ends where something is wrong")]
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::reply::{Markup, Reply};
use bot_runtime::channel::{Address, Body, Inbound, Outgoing};
use bot_runtime::store::{Commit, ConversationId, NewEntry, Settled, SqliteStore, Store, Work, WorkerId};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Of how many conversations one has something in its inbox.
const ACTIVE: usize = 20;
const TOGETHER: usize = 64;

fn main() {
    let conversations = std::env::var("CONVERSATIONS").ok().and_then(|number| number.parse().ok());
    small_file();
    large_file(conversations.unwrap_or(100_000));
}

fn run<F: Future>(work: F) -> F::Output {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
    RUNTIME.block_on(work)
}

/// Does something so often, and prints how long it took.
fn measure(name: &str, samples: u32, items: usize, mut work: impl FnMut()) {
    let mut times: Vec<Duration> = (0..samples)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let per_second = items as f64 * f64::from(samples) / times.iter().sum::<Duration>().as_secs_f64();
    let (median, late) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{name:40} median {median:>10.2?}  p99 {late:>10.2?}  {per_second:>8.0} a second");
}

fn arrival(peer: usize) -> Inbound {
    static KEYS: AtomicUsize = AtomicUsize::new(0);
    let key = KEYS.fetch_add(1, Ordering::Relaxed).to_string();
    let address = Address { channel: "terminal".to_owned(), peer: peer.to_string() };
    let input = Input::text("Where is my order 12345? It should have come on Monday.");
    let body = Body::Input { input, message: Some(key.clone().into()) };
    Inbound { address, key, at: Timestamp::UNIX_EPOCH, customer: None, body }
}

/// Some turns' worth of events: the tracker has 20 lines of transcript.
fn lived() -> Tracker {
    let said =
        || Event::CustomerSaid { text: "Where is my order 12345?".to_owned(), at: Timestamp::UNIX_EPOCH };
    let events: Vec<_> = (0..10).flat_map(|_| [said(), answer()]).collect();
    Tracker::replay(&events)
}

fn reply() -> Reply {
    Reply {
        text: Markup("Your order **12345** is on its way, it comes tomorrow.".to_owned()),
        buttons: vec![],
    }
}

fn answer() -> Event {
    Event::Said { reply: reply() }
}

async fn turn(store: &SqliteStore, id: ConversationId) -> bool {
    let loaded = store.load(id).await.unwrap().unwrap();
    let said = Event::CustomerSaid { text: "Where is my order 12345?".to_owned(), at: Timestamp::UNIX_EPOCH };
    let understood = Event::Understood { intent: "order_status".to_owned(), confidence: 0.9 };
    let what = Work::Deliver { what: Outgoing::Bot { reply: reply() } };
    let commit = Commit {
        conversation: id,
        revision: loaded.revision,
        at: Timestamp::UNIX_EPOCH,
        done: loaded.inbox.iter().map(|item| item.id).collect(),
        events: vec![said, understood, answer()],
        tracker: lived(),
        outbox: vec![NewEntry { route: "terminal".to_owned(), what, event: Some(2) }],
        timers_set: vec![(1, Timestamp::MAX)],
        timers_done: vec![],
        ticket: vec![],
        forget: false,
        link: None,
    };
    store.commit(commit).await.unwrap()
}

async fn all<F: Future<Output = T> + Send + 'static, T: Send + 'static>(
    works: impl Iterator<Item = F>,
) -> Vec<T> {
    let tasks: Vec<_> = works.map(tokio::spawn).collect();
    let mut done = Vec::new();
    for task in tasks {
        done.push(task.await.unwrap());
    }
    done
}

/// A file with so many conversations, each with a turn behind it, some of them with something in the inbox.
fn fill(store: &'static SqliteStore, conversations: usize) {
    run(async {
        for part in (0..conversations).collect::<Vec<_>>().chunks(1000) {
            let arrivals = part.iter().map(|peer| arrival(*peer)).collect();
            let received = store.receive(arrivals, Timestamp::UNIX_EPOCH).await.unwrap();
            all(received.into_iter().map(|received| turn(store, received.conversation))).await;
        }
        let active = (0..conversations / ACTIVE).map(|number| arrival(number * ACTIVE));
        store.receive(active.collect(), Timestamp::UNIX_EPOCH).await.unwrap();
    });
}

fn size(folder: &TempDir) -> u64 {
    std::fs::metadata(folder.path().join("store.db")).unwrap().len()
}

/// What the process holds, as Linux tells it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let held = status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    held.collect::<Vec<_>>().join(", ")
}

fn empty() -> (TempDir, &'static SqliteStore) {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("store.db")).unwrap();
    (folder, Box::leak(Box::new(store)))
}

async fn receive_and_turn(store: &SqliteStore, peer: usize) -> bool {
    let received = store.receive(vec![arrival(peer)], Timestamp::UNIX_EPOCH).await.unwrap();
    turn(store, received[0].conversation).await
}

fn small_file() {
    let (_folder, store) = empty();
    let together = 0..TOGETHER;
    measure("receive and turn, one by one", 200, 1, || {
        run(receive_and_turn(store, 1));
    });
    measure("receive and turn, 64 together", 40, TOGETHER, || {
        run(all(together.clone().map(|peer| receive_and_turn(store, peer))));
    });
    let arrivals = together.clone().map(arrival).collect();
    let received = run(store.receive(arrivals, Timestamp::UNIX_EPOCH)).unwrap();
    let id = received[0].conversation;
    measure("commit, one by one", 200, 1, || {
        run(turn(store, id));
    });
    measure("commit, 64 together", 40, TOGETHER, || {
        run(all(received.iter().map(|received| turn(store, received.conversation))));
    });
}

fn large_file(conversations: usize) {
    let (folder, store) = empty();
    fill(store, conversations);
    println!("{conversations} conversations, {} MB, {}", size(&folder) / 1_000_000, memory());
    measure("ready", 200, 1, || {
        run(store.ready(100)).unwrap();
    });
    let mut peer = 0;
    measure("load", 200, 1, || {
        peer = (peer + 7919) % conversations;
        let id = ConversationId(i64::try_from(peer).unwrap() + 1);
        run(store.load(id)).unwrap().unwrap();
    });
    measure("take and settle 8", 100, 8, || run(take_and_settle(store)));
    measure("fire, nothing due", 200, 1, || {
        run(store.fire(Timestamp::UNIX_EPOCH)).unwrap();
    });
    measure("open, ready, close", 20, 1, || {
        let store = SqliteStore::open(folder.path().join("store.db")).unwrap();
        run(store.ready(100)).unwrap();
        run(store.close()).unwrap();
    });
    println!("{}", memory());
}

async fn take_and_settle(store: &SqliteStore) {
    let worker = WorkerId("w".to_owned());
    let taken = store.take("terminal", &worker, &[], Timestamp::UNIX_EPOCH, 8).await.unwrap().0;
    let sent = |id: i64| Settled::Sent { messages: vec![id.to_string()], answer: None };
    let settled = taken.iter().map(|entry| (entry.id, sent(entry.id.0))).collect();
    store.settle(settled, Timestamp::UNIX_EPOCH).await.unwrap();
}
