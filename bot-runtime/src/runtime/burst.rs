//! What of an inbox is answered together: the pieces in which a customer writes one message.
//!
//! "hi", "my order", "is late" are one message; "Where is my order?" needs nobody to wait for more. So a fragment waits for
//! the rest, and what is complete is answered at once. Decided from stored times alone: a restart changes nothing.
use std::time::Duration;

use bot_core::dialogue::{Input, Tracker};
use bot_core::handoff::Owner;
use jiff::{SignedDuration, Timestamp};

use crate::store::Item;

/// Pieces that are joined at most.
const PIECES: usize = 10;

/// Characters that are joined at most: a platform's longest message.
const CHARACTERS: usize = 4_000;

/// Windows that the first piece waits at most, however often another one comes.
const WINDOWS: u32 = 3;

/// From so many words on a text is a sentence, not a piece of one: "where is my order".
const WORDS: usize = 4;

/// What to do with an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// There is nothing in it.
    Nothing,
    /// Answer the first so many items.
    Take(usize),
    /// The customer seems to be still writing.
    WaitUntil(Timestamp),
}

/// What of a conversation matters to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// The bot waits for a reply: whatever comes is one.
    pub awaited: bool,
    /// The bot answers; else each message goes to a person as it is.
    pub answers: bool,
}

impl State {
    pub fn of(tracker: &Tracker) -> State {
        let question = tracker.topics.last().is_some_and(|topic| topic.question.is_some());
        State {
            awaited: question || tracker.offer.is_some(),
            answers: matches!(tracker.owner, Owner::Bot | Owner::Closed),
        }
    }
}

/// What to do now.
pub(super) fn choose(items: &[Item], now: Timestamp, window: Duration, state: State) -> Choice {
    let news = items.iter().take_while(|item| matches!(item.input, Input::Customer(_))).count();
    let rest = &items[news..];
    let alone = items.first().is_some_and(|item| item.attempts > 0);
    if items.is_empty() {
        Choice::Nothing
    } else if alone || rest.is_empty() {
        // What has failed is tried by itself, so that nothing innocent is put aside with it.
        Choice::Take(1)
    } else if window.is_zero() || !state.answers {
        Choice::Take(news + 1)
    } else {
        choose_pieces(rest, news, now, window, state)
    }
}

fn choose_pieces(rest: &[Item], news: usize, now: Timestamp, window: Duration, state: State) -> Choice {
    let pieces = pieces(rest);
    let Some(last) = pieces.checked_sub(1).map(|last| &rest[last]) else { return Choice::Take(news + 1) };
    let is_full = pieces < rest.len() || pieces == PIECES;
    let waits_until = later(last.stored, window).min(later(rest[0].stored, window * WINDOWS));
    // A clock that was set back must not make anybody wait.
    let is_over = now >= waits_until || now < last.stored;
    if is_full || is_over || state.awaited || is_complete(text_of(last)) {
        Choice::Take(news + pieces)
    } else {
        Choice::WaitUntil(waits_until)
    }
}

/// How many of the first items are texts that can be joined.
fn pieces(items: &[Item]) -> usize {
    let mut length = 0;
    let fits = |(index, item): &(usize, &Item)| {
        let text = text_of(item);
        length += text.chars().count() + 1;
        let is_text = matches!(item.input, Input::Text { .. }) && !text.starts_with('/');
        is_text && item.attempts == 0 && *index < PIECES && (*index == 0 || length <= CHARACTERS)
    };
    items.iter().enumerate().take_while(fits).count()
}

fn text_of(item: &Item) -> &str {
    match &item.input {
        Input::Text { text } => text,
        _ => "",
    }
}

/// Whether nothing seems to be missing behind it.
fn is_complete(text: &str) -> bool {
    let text = text.trim_end();
    let ends = text.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।', ';', ')']);
    ends || words(text) >= WORDS
}

/// Where words are not parted by spaces, two characters count as one.
fn words(text: &str) -> usize {
    let unspaced = text.chars().filter(|character| ('\u{2e80}'..='\u{d7a3}').contains(character)).count();
    text.split_whitespace().count().max(unspaced / 2)
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| at.checked_add(by).ok()).unwrap_or(at)
}

/// The inputs of a turn: what was chosen, with its pieces joined.
pub(super) fn inputs(items: &[Item]) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    for item in items {
        match (inputs.last_mut(), &item.input) {
            (Some(Input::Text { text: before }), Input::Text { text }) => {
                before.push('\n');
                before.push_str(text);
            }
            (_, input) => inputs.push(input.clone()),
        }
    }
    inputs
}

#[cfg(test)]
mod tests {
    use bot_core::dialogue::Customer;

    use super::*;
    use crate::store::InboxId;

    const AT_ONCE: State = State { awaited: true, answers: true };
    const FREE: State = State { awaited: false, answers: true };
    const PERSON: State = State { awaited: false, answers: false };

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
    }

    /// `"0 hi"`: a text stored at 0 ms; `<press>`, `<customer>` and a leading `!` (has failed before).
    fn items(written: &[&str]) -> Vec<Item> {
        let item = |(index, written): (usize, &&str)| {
            let (time, text) = written.split_once(' ').unwrap();
            let failed = text.strip_prefix('!');
            let input = match failed.unwrap_or(text) {
                "<press>" => Input::Press { id: "b1".into() },
                "<customer>" => Input::Customer(Customer::default()),
                text => Input::text(text),
            };
            let stored = at(time.parse().unwrap());
            let attempts = u32::from(failed.is_some());
            Item { id: InboxId(index as i64), at: stored, stored, input, attempts }
        };
        written.iter().enumerate().map(item).collect()
    }

    #[test]
    fn fragments_wait_and_what_is_complete_does_not() {
        use Choice::{Nothing, Take, WaitUntil};
        let long = "0 ".to_owned() + &"x".repeat(3_000);
        let many: Vec<String> = (0..12).map(|index| format!("{index} piece")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let cases: &[(&str, &[&str], i64, State, Choice)] = &[
            ("nothing", &[], 0, FREE, Nothing),
            ("a greeting waits", &["0 hi"], 0, FREE, WaitUntil(at(1000))),
            ("until the window is over", &["0 hi"], 1000, FREE, Take(1)),
            ("the rest starts the window anew", &["0 hi", "600 my order"], 1000, FREE, WaitUntil(at(1600))),
            ("until the last piece is complete", &["0 hi", "600 it is late!"], 600, FREE, Take(2)),
            ("three windows at most", &["0 a", "900 b", "1800 c", "2700 d"], 2700, FREE, WaitUntil(at(3000))),
            ("and then all of it", &["0 a", "900 b", "1800 c", "2700 d"], 3000, FREE, Take(4)),
            ("a sentence", &["0 where is my order"], 0, FREE, Take(1)),
            ("a sentence without spaces", &["0 我的订单在哪里呢"], 0, FREE, Take(1)),
            ("a mark at the end", &["0 order?"], 0, FREE, Take(1)),
            ("an awaited answer", &["0 42"], 0, AT_ONCE, Take(1)),
            ("a press", &["0 <press>"], 0, FREE, Take(1)),
            ("a press behind a piece", &["0 hi", "10 <press>"], 10, FREE, Take(1)),
            ("a command is nobody's piece", &["0 hi", "10 /start"], 10, FREE, Take(1)),
            ("a command", &["0 /start", "10 hi"], 10, FREE, Take(1)),
            ("news of the customer come along", &["0 <customer>", "0 hello!"], 0, FREE, Take(2)),
            ("and wait with the piece", &["0 <customer>", "0 hi"], 0, FREE, WaitUntil(at(1000))),
            ("news alone", &["0 <customer>"], 0, FREE, Take(1)),
            ("a flood is taken in tens", &many, 20, FREE, Take(10)),
            ("and not beyond a platform's longest message", &[&long, &long], 20, FREE, Take(1)),
            ("what failed is tried alone", &["0 !hi", "0 order!"], 0, FREE, Take(1)),
            ("and nothing before it with it", &["0 hi", "0 !order!", "0 x"], 0, FREE, Take(1)),
            ("a person gets each message", &["0 hi", "0 there"], 0, PERSON, Take(1)),
            ("the clock was set back", &["5000 hi"], 0, FREE, Take(1)),
        ];
        for (name, written, now, state, expected) in cases {
            let choice = choose(&items(written), at(*now), Duration::from_secs(1), *state);
            assert_eq!(choice, *expected, "{name}");
        }
    }

    #[test]
    fn without_a_window_each_message_is_answered_by_itself() {
        assert_eq!(choose(&items(&["0 hi", "0 there"]), at(0), Duration::ZERO, FREE), Choice::Take(1));
    }

    #[test]
    fn pieces_are_joined_as_lines() {
        let inputs = inputs(&items(&["0 <customer>", "0 hi", "0 my order", "0 is late"]));
        assert_eq!(inputs.len(), 2);
        assert_eq!(inputs[1], Input::text("hi\nmy order\nis late"));
    }
}
