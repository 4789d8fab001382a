//! What of an inbox is answered together: the pieces in which a customer writes one message, and the parts of an album.
//!
//! An album arrives part by part, and its caption with one of them: the parts wait for each other, whoever sends them and
//! whoever answers. Platforms don't tell how many there are.
//!
//! "hi", "my order", "is late" are one message; "Where is my order?" needs nobody to wait for more. So a fragment waits for
//! the rest, and what is complete is answered at once. Decided from stored times alone: a restart changes nothing.
use std::time::Duration;

use bot_core::dialogue::{Input, Tracker};
use bot_core::handoff::{AgentAct, Owner};
use jiff::{SignedDuration, Timestamp};

use crate::store::Item;

/// Pieces that are joined at most.
const PIECES: usize = 10;

/// Characters that are joined at most: a platform's longest message.
const CHARACTERS: usize = 4_000;

/// Windows that the first piece waits at most, however often another one comes.
const WINDOWS: u32 = 3;

/// How long an album waits for its next part. Platforms hand the parts over together, some 10 ms apart; with two fetches of
/// updates in between it is a few hundred. Nobody who sends pictures minds a second.
const ALBUM: Duration = Duration::from_secs(1);

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
    } else if let parts @ 1.. = parts(rest) {
        choose_parts(rest, parts, news, now)
    } else if window.is_zero() || !state.answers {
        Choice::Take(news + 1)
    } else {
        choose_pieces(rest, news, now, window, state)
    }
}

/// The parts of an album that the inbox begins with: they are taken once the next one should be there, or something else is.
fn choose_parts(rest: &[Item], parts: usize, news: usize, now: Timestamp) -> Choice {
    let last = rest[parts - 1].stored;
    let waits_until = later(last, ALBUM);
    let is_full = parts < rest.len() || parts == PIECES;
    // A clock that was set back must not make anybody wait.
    if is_full || now >= waits_until || now < last {
        Choice::Take(news + parts)
    } else {
        Choice::WaitUntil(waits_until)
    }
}

/// How many of the first items are parts of one album.
fn parts(items: &[Item]) -> usize {
    let Some(first) = items.first().and_then(|item| album(&item.input)) else { return 0 };
    let is_part = |item: &&Item| item.attempts == 0 && album(&item.input) == Some(first);
    items.iter().take(PIECES).take_while(is_part).count()
}

/// The album that an input is a part of, and whose it is: an agent's or, `None`, the customer's.
fn album(input: &Input) -> Option<(Option<&str>, &str)> {
    match input {
        Input::Attachment { album, .. } => Some((None, album.as_deref()?)),
        Input::Agent { agent, act: AgentAct::Send { album, .. } } => {
            Some((Some(agent.as_str()), album.as_deref()?))
        }
        _ => None,
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

pub(super) fn later(at: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| at.checked_add(by).ok()).unwrap_or(at)
}

/// The inputs of a turn: what was chosen, with its pieces and parts joined.
pub(super) fn inputs(items: &[Item]) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    for item in items {
        if !inputs.last_mut().is_some_and(|before| join(before, &item.input)) {
            inputs.push(item.input.clone());
        }
    }
    inputs
}

/// Whether both are one, which the first is then. An album is what its first part is: a picture, a document.
fn join(before: &mut Input, input: &Input) -> bool {
    let is_one_album = album(input).is_some_and(|own| album(before) == Some(own));
    match (before, input) {
        (Input::Text { text: before }, Input::Text { text }) => {
            before.push('\n');
            before.push_str(text);
        }
        (Input::Attachment { files: all, caption: before, .. }, Input::Attachment { files, caption, .. })
            if is_one_album =>
        {
            all.extend(files.iter().cloned());
            let caption = caption.as_deref().unwrap_or_default();
            let joined = lines(before.as_deref().unwrap_or_default(), caption);
            *before = Some(joined).filter(|joined| !joined.is_empty());
        }
        (
            Input::Agent { act: AgentAct::Send { files: all, text: before, .. }, .. },
            Input::Agent { act: AgentAct::Send { files, text, .. }, .. },
        ) if is_one_album => {
            all.extend(files.iter().cloned());
            *before = lines(before, text);
        }
        _ => return false,
    }
    true
}

/// Both, as far as there is something in them.
fn lines(before: &str, text: &str) -> String {
    let both = [before, text].into_iter().filter(|text| !text.trim().is_empty());
    both.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use bot_core::dialogue::{AttachmentKind, Customer};

    use super::*;
    use crate::store::InboxId;

    const AT_ONCE: State = State { awaited: true, answers: true };
    const FREE: State = State { awaited: false, answers: true };
    const PERSON: State = State { awaited: false, answers: false };

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
    }

    /// `"0 hi"`: a text stored at 0 ms; `<press>`, `<customer>`, `<album a>` and `<album a: caption>`, the same of an agent
    /// as `<Kim: a>`, and a leading `!` (has failed before).
    fn items(written: &[&str]) -> Vec<Item> {
        let item = |(index, written): (usize, &&str)| {
            let (time, text) = written.split_once(' ').unwrap();
            let failed = text.strip_prefix('!');
            let input = match failed.unwrap_or(text) {
                "<press>" => Input::Press { id: "b1".into() },
                "<customer>" => Input::Customer(Customer::default()),
                text => part(text).unwrap_or_else(|| Input::text(text)),
            };
            let stored = at(time.parse().unwrap());
            let attempts = u32::from(failed.is_some());
            Item { id: InboxId(index as i64), at: stored, stored, input, attempts }
        };
        written.iter().enumerate().map(item).collect()
    }

    fn part(text: &str) -> Option<Input> {
        let inner = text.strip_prefix('<')?.strip_suffix('>')?;
        let (files, caption) =
            (vec![text.to_owned()], |text: &str| text.split_once(": ").map(|(_, text)| text.to_owned()));
        Some(match inner.strip_prefix("album ") {
            Some(album) => Input::Attachment {
                kind: AttachmentKind::Picture,
                caption: caption(album),
                files,
                album: album.split(':').next().map(str::to_owned),
            },
            None => {
                let (agent, album) = inner.split_once(": ")?;
                let (text, name) =
                    (caption(album).unwrap_or_default(), album.split(':').next().map(str::to_owned));
                let act = AgentAct::Send { files, text, album: name };
                Input::Agent { agent: agent.to_owned(), act }
            }
        })
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
            ("a part of an album waits", &["0 <album a>"], 0, FREE, WaitUntil(at(1000))),
            ("also with the news before it", &["0 <customer>", "5 <album a>"], 5, FREE, WaitUntil(at(1005))),
            ("an awaited one", &["0 <album a: it is this one>"], 0, AT_ONCE, WaitUntil(at(1000))),
            ("one for a person", &["0 <album a>"], 0, PERSON, WaitUntil(at(1000))),
            ("an agent's", &["0 <Kim: a>"], 0, PERSON, WaitUntil(at(1000))),
            ("until the second is over", &["0 <album a>"], 1000, FREE, Take(1)),
            ("which begins anew", &["0 <album a>", "900 <album a>"], 1000, FREE, WaitUntil(at(1900))),
            ("then all of it", &["0 <album a>", "900 <album a>"], 1900, FREE, Take(2)),
            ("and the news", &["0 <customer>", "0 <album a>", "9 <album a>"], 1900, FREE, Take(3)),
            ("another album", &["0 <album a>", "9 <album b>"], 9, FREE, Take(1)),
            ("another agent's", &["0 <Kim: a>", "9 <Lou: a>"], 9, FREE, Take(1)),
            ("something else behind it", &["0 <album a>", "1 <album a>", "9 hello"], 9, PERSON, Take(2)),
            ("a part behind a piece", &["0 hi", "9 <album a>"], 9, FREE, Take(1)),
            ("a full album", &["0 <album a>"; 11], 0, FREE, Take(10)),
            ("a part that failed is tried alone", &["0 !<album a>", "0 <album a>"], 0, FREE, Take(1)),
            ("the clock was set back under an album", &["5000 <album a>"], 0, FREE, Take(1)),
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
    fn an_album_waits_also_without_a_window() {
        let waits = Choice::WaitUntil(at(1000));
        assert_eq!(choose(&items(&["0 <album a>"]), at(0), Duration::ZERO, FREE), waits);
    }

    #[test]
    fn an_album_is_one_input_with_all_files_and_captions() {
        let parts = [
            "0 <customer>",
            "0 <album a>",
            "1 <album a: Broken>",
            "2 <album a: on both sides>",
            "3 <album b>",
        ];
        let joined = inputs(&items(&parts));
        assert_eq!(joined.len(), 3);
        let files =
            ["<album a>", "<album a: Broken>", "<album a: on both sides>"].map(str::to_owned).to_vec();
        let (kind, album) = (AttachmentKind::Picture, Some("a".to_owned()));
        assert_eq!(
            joined[1],
            Input::Attachment { kind, caption: Some("Broken\non both sides".to_owned()), files, album }
        );

        let joined = inputs(&items(&["0 <Kim: a>", "1 <Kim: a: Look>", "1 <Lou: a>"]));
        assert_eq!(joined.len(), 2);
        let files = ["<Kim: a>", "<Kim: a: Look>"].map(str::to_owned).to_vec();
        let act = AgentAct::Send { files, text: "Look".to_owned(), album: Some("a".to_owned()) };
        assert_eq!(joined[0], Input::Agent { agent: "Kim".to_owned(), act });
    }

    #[test]
    fn files_that_are_no_album_stay_by_themselves() {
        let single = items(&["0 <album a>", "0 <album a>"]).into_iter().map(|mut item| {
            if let Input::Attachment { album, .. } = &mut item.input {
                *album = None;
            }
            item
        });
        let single: Vec<_> = single.collect();
        assert_eq!(choose(&single, at(0), Duration::from_secs(1), FREE), Choice::Take(1));
        assert_eq!(inputs(&single).len(), 2);
    }

    #[test]
    fn pieces_are_joined_as_lines() {
        let inputs = inputs(&items(&["0 <customer>", "0 hi", "0 my order", "0 is late"]));
        assert_eq!(inputs.len(), 2);
        assert_eq!(inputs[1], Input::text("hi\nmy order\nis late"));
    }
}
