//! What every platform with threads must do: for the tests of those who write one.
use std::collections::BTreeSet;

use super::{Button, Place, Post, ThreadError, Threads};
use crate::channel::SendError;
use crate::store::Fate;

/// Texts that must be shown as they are, and must not be refused.
const TEXTS: [&str; 6] = [
    "Hello",
    "*stars* _and_ `ticks` <b> @everyone https://shop.example #12 /close",
    "two\n\n  lines",
    "\u{202e}turned\u{202c} \u{200f}",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "a\u{0}b\u{1b}[2J",
];

/// Does in a room of staff, which the bot may use, everything that a board does. `file` is one of a customer that the platform
/// can show. Leaves nothing behind but what it has posted in the room itself.
///
/// # Panics
/// The platform does something else than [`Threads`] says.
pub async fn check(threads: &impl Threads, room: &str, file: &str) {
    assert!(!threads.name().is_empty(), "a desk has a name, for the store");
    let (most, within) = threads.budget();
    assert!(most > 0 && !within.is_zero(), "{most} in {within:?}");
    let title = format!("#12 {}", "x".repeat(90));
    let first = opened(threads, room, &title).await;
    let second = opened(threads, room, &title).await;
    assert_ne!(first, second, "two threads may have the same title");
    posts(threads, &first).await;
    changes(threads, &first).await;
    files(threads, &first, file).await;
    renames(threads, &first, &title).await;
    gone(threads, &second).await;
    let general = Place { room: room.to_owned(), thread: None };
    threads.post(&general, &text("Hello, all")).await.expect("the room itself can be written to");
    elsewhere(threads).await;
    threads.erase(&first).await.expect("a thread can be erased with all that stands in it");
}

async fn opened(threads: &impl Threads, room: &str, title: &str) -> Place {
    let thread = threads.open(room, title).await.expect("a thread can be made");
    Place { room: room.to_owned(), thread: Some(thread) }
}

fn text(text: &str) -> Post {
    Post { text: text.to_owned(), ..Post::default() }
}

fn card(said: &str) -> Post {
    let button = |word: &str| Button { data: format!("{word}:18446744073709551615"), label: word.to_owned() };
    Post { buttons: ["claim", "back", "close"].map(button).to_vec(), ..text(said) }
}

async fn posts(threads: &impl Threads, place: &Place) {
    let mut ids = BTreeSet::new();
    let longest = fill(threads);
    for said in TEXTS.into_iter().chain([longest.as_str()]) {
        let id = threads.post(place, &text(said)).await;
        let id = id.unwrap_or_else(|error| panic!("{error:?} for {said:?}"));
        assert!(ids.insert(id), "each post has an id of its own");
    }
    let target = ids.first().cloned();
    let reply = Post { replies_to: target, silent: true, ..text("a reply") };
    threads.post(place, &reply).await.expect("a post may reply to another");
    let keyed = |key: &str, said: &str| Post { key: Some(key.to_owned()), ..text(said) };
    for other in [keyed("1-3.0", "the same"), keyed("3-4.0", "the same"), keyed("1-3.0", "another")] {
        let id = threads.post(place, &other).await.expect("a post with a key");
        assert!(ids.insert(id), "another key or text is another post: {other:?}");
    }
}

/// The longest text that is borne.
fn fill(threads: &impl Threads) -> String {
    let mut text = "x".repeat(threads.longest());
    while threads.measure(&text) > threads.longest() {
        text.pop();
    }
    text
}

async fn changes(threads: &impl Threads, place: &Place) {
    let id = threads.post(place, &card("#12, waiting")).await.expect("a card can be posted");
    for post in [card("#12, Kim has it"), card("#12, Kim has it"), text("#12, closed"), text("#12, closed")] {
        let changed = threads.change(place, &id, &post).await;
        assert_eq!(changed, Ok(()), "also when nothing changes: {post:?}");
    }
    for fate in [Fate::Sent, Fate::Failed, Fate::Failed] {
        assert_eq!(threads.mark(place, &id, fate).await, Ok(()), "{fate:?}");
    }
    let missing = "999999999";
    let changed = threads.change(place, missing, &text("x")).await;
    assert_eq!(changed, Err(ThreadError::MessageGone), "a message that is not there can't be changed");
    let reply = Post { replies_to: Some(missing.to_owned()), ..text("x") };
    let replied = threads.post(place, &reply).await;
    assert_eq!(replied, Err(ThreadError::MessageGone), "nor replied to");
    let marked = threads.mark(place, missing, Fate::Sent).await;
    assert!(is_over(&marked), "nor marked: {marked:?}");
}

/// It did not work and never will, and it is no reason to do anything else.
fn is_over(result: &Result<(), ThreadError>) -> bool {
    matches!(result, Err(ThreadError::MessageGone | ThreadError::Send(SendError::Final(_))))
}

async fn files(threads: &impl Threads, place: &Place, file: &str) {
    let copied = threads.copy(place, &[file.to_owned()], None).await.expect("a customer's file can be shown");
    assert_eq!(copied.len(), 1);
    let both = [file.to_owned(), file.to_owned()];
    let copied = threads.copy(place, &both, copied.first().map(String::as_str)).await;
    assert_eq!(copied.expect("several files, as a reply").len(), 2);
    let foreign = threads.copy(place, &["another-platform's file".to_owned()], None).await;
    assert!(matches!(foreign, Err(ThreadError::Send(SendError::Final(_)))), "{foreign:?}");
}

async fn renames(threads: &impl Threads, place: &Place, title: &str) {
    for title in ["#13 Ann", "#13 Ann", title] {
        assert_eq!(threads.rename(place, title).await, Ok(()), "also to what it is called: {title}");
    }
}

/// What is not there is not there for every request.
async fn gone(threads: &impl Threads, place: &Place) {
    assert_eq!(threads.erase(place).await, Ok(()));
    let again = threads.erase(place).await;
    assert!(matches!(again, Ok(()) | Err(ThreadError::ThreadGone)), "{again:?}");
    let posted = threads.post(place, &text("Hello?")).await;
    assert_eq!(posted, Err(ThreadError::ThreadGone), "a thread that was deleted is noticed");
    let renamed = threads.rename(place, "#14").await;
    assert_eq!(renamed, Err(ThreadError::ThreadGone));
}

async fn elsewhere(threads: &impl Threads) {
    let opened = threads.open("no-such-room", "#1").await;
    let is_told = matches!(opened, Err(ThreadError::Forbidden(_) | ThreadError::Send(SendError::Final(_))));
    assert!(is_told, "a room that is not there, or that the bot is not in: {opened:?}");
}
