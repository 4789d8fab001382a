//! What is asked of the platform, and the words and buttons it is asked to show.
use std::time::Duration;

use bot_core::engine::Engine;
use bot_core::handoff::Owner;
use jiff::Zoned;
use tokio::time::timeout;

use super::{Button, Place, Post, ThreadError, Threads};
use crate::channel::SendError;
use crate::desk::{Around, card};
use crate::store::{Fate, StoredTicket};

/// No answer in that time is no answer.
const HANGS: Duration = Duration::from_secs(60);

/// One request to the platform.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    Open { room: String, title: String },
    Rename { place: Place, title: String },
    Erase { place: Place },
    Archive { place: Place },
    Count { room: String },
    Post { place: Place, post: Post },
    Change { place: Place, message: String, post: Post },
    Copy { place: Place, files: Vec<String>, replies_to: Option<String> },
    Mark { place: Place, message: String, fate: Fate },
}

/// Has it done; returns the messages or the thread that it made.
pub(super) async fn carry_out(threads: &impl Threads, deed: Deed) -> Result<Vec<String>, ThreadError> {
    let nothing = |()| Vec::new();
    let work = async {
        match deed {
            Deed::Open { room, title } => threads.open(&room, &title).await.map(|thread| vec![thread]),
            Deed::Rename { place, title } => threads.rename(&place, &title).await.map(nothing),
            Deed::Erase { place } => threads.erase(&place).await.map(nothing),
            Deed::Archive { place } => threads.archive(&place).await.map(nothing),
            Deed::Count { room } => threads.unarchived(&room).await,
            Deed::Post { place, post } => threads.post(&place, &post).await.map(|message| vec![message]),
            Deed::Change { place, message, post } => {
                threads.change(&place, &message, &post).await.map(nothing)
            }
            Deed::Copy { place, files, replies_to } => {
                threads.copy(&place, &files, replies_to.as_deref()).await
            }
            Deed::Mark { place, message, fate } => threads.mark(&place, &message, fate).await.map(nothing),
        }
    };
    let late = || Err(ThreadError::Send(SendError::Doubt("no answer from the platform in 60 s".to_owned())));
    timeout(HANGS, work).await.unwrap_or_else(|_| late())
}

/// A post of plain text.
pub(super) fn plain(text: impl Into<String>) -> Post {
    Post { text: text.into(), ..Post::default() }
}

/// A ticket's card, at most so long: what was said is cut short first. `/read` shows all of it.
pub(super) fn card_post(
    engine: &Engine,
    about: &StoredTicket,
    around: Around,
    now: &Zoned,
    threads: &impl Threads,
) -> Post {
    let (longest, catalog) = (threads.longest(), engine.catalog());
    let mut about = about.clone();
    let hint = if threads.reads() { "" } else { UNREAD };
    let longest = longest.saturating_sub(threads.measure(hint));
    let mut text = card(catalog, &about, around, now);
    let mut each = CUT;
    while threads.measure(&text) > longest && each > 0 {
        about.ticket.transcript.iter_mut().for_each(|line| cut(&mut line.text, each));
        text = card(catalog, &about, around, now);
        each /= 2;
    }
    while threads.measure(&text) > longest {
        text.pop();
    }
    text += hint;
    Post { text, buttons: buttons(&about), ..Post::default() }
}

/// Stands under the card where only commands can be read.
const UNREAD: &str = "\nThe bot can't read what is written here. To answer the customer: /reply TEXT";

/// Characters of each turn on a card that is too long: at first so many, then fewer and fewer.
const CUT: usize = 400;

fn cut(text: &mut String, most: usize) {
    if let Some((at, _)) = text.char_indices().nth(most) {
        text.truncate(at);
        text.push('…');
    }
}

/// What agents may press.
fn buttons(about: &StoredTicket) -> Vec<Button> {
    let words: &[(&str, &str)] = match about.owner {
        Owner::Waiting => &[("claim", "Claim"), ("back", "Hand back"), ("close", "Close")],
        Owner::Person => &[("back", "Hand back"), ("close", "Close")],
        Owner::Bot | Owner::Closed => &[],
    };
    let button = |(word, label): &(&str, &str)| Button {
        data: format!("{word}:{}", about.number),
        label: (*label).to_owned(),
    };
    words.iter().map(button).collect()
}
