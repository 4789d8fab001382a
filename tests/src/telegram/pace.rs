//! How fast a bot may send.
//!
//! Telegram says: about 30 messages a second in all, one a second in a chat with short bursts above that, 20 a minute in a group.
//! It doesn't say how long a burst may be; here any five seconds of a private chat hold five messages. In a group sends, edits and changes of topics count together, in a window of a minute. What is refused counts for nothing.
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// In all, in a second.
const ALL: usize = 30;
/// In a group, in a minute.
const GROUP: usize = 20;
/// At once in a private chat, before one a second holds.
const BURST: usize = 5;

/// What was sent when.
pub struct Pace {
    pub on: bool,
    all: VecDeque<Duration>,
    chats: BTreeMap<i64, VecDeque<Duration>>,
}

impl Pace {
    pub fn new() -> Pace {
        Pace { on: true, all: VecDeque::new(), chats: BTreeMap::new() }
    }

    /// So many actions in a chat now, or how many seconds the bot has to wait, at least 1.
    pub fn spend(&mut self, chat: i64, count: usize, now: Duration) -> Result<(), u64> {
        if !self.on {
            return Ok(());
        }
        let (most, window) = if chat < 0 { (GROUP, MINUTE) } else { (BURST, SECOND * BURST as u32) };
        let spent = self.chats.entry(chat).or_default();
        let all = wait(&mut self.all, ALL, SECOND, count, now);
        let wait = all.max(wait(spent, most, window, count, now));
        if wait > Duration::ZERO {
            return Err(wait.as_secs_f64().ceil().max(1.0) as u64);
        }
        self.all.extend((0..count).map(|_| now));
        spent.extend((0..count).map(|_| now));
        Ok(())
    }
}

/// How long until so many more fit into the window.
fn wait(
    spent: &mut VecDeque<Duration>,
    most: usize,
    window: Duration,
    count: usize,
    now: Duration,
) -> Duration {
    while spent.front().is_some_and(|at| *at + window <= now) {
        spent.pop_front();
    }
    // More than fits at all, an album, is let through when nothing else is there.
    let over = (spent.len() + count.min(most)).saturating_sub(most);
    let free = over.checked_sub(1).and_then(|last| spent.get(last)).map(|at| *at + window);
    free.map_or(Duration::ZERO, |at| at.saturating_sub(now))
}
