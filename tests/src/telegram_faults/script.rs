//! A conversation, a hand-off, and back: the same for every case.
use super::folder::call_for;
use super::scene::Scene;
use crate::telegram::Media;

/// Something that people do, and when they go on.
pub struct Step {
    /// For people who read what failed.
    pub name: &'static str,
    /// What is done.
    pub does: fn(&Scene),
    /// Whether all that comes of it is there.
    pub is_done: fn(&Scene) -> bool,
}

const fn step(name: &'static str, does: fn(&Scene), is_done: fn(&Scene) -> bool) -> Step {
    Step { name, does, is_done }
}

const OPEN: [&str; 3] = ["Claim", "Hand back", "Close"];
const TAKEN: [&str; 2] = ["Hand back", "Close"];

/// Up to where everything that was said stands there.
pub const STEPS: &[Step] = &[
    step(
        "start",
        |it| {
            it.customer.writes("/start");
        },
        |it| it.is_told("Hello, I'm Max."),
    ),
    step(
        "a question",
        |it| {
            it.customer.writes("choose a colour");
        },
        |it| it.is_told("Which colour"),
    ),
    step(
        "a press",
        |it| {
            it.customer.presses("Red");
        },
        |it| it.is_told("Painted"),
    ),
    step(
        "a long reply",
        |it| {
            it.customer.writes("tell me a story");
        },
        |it| it.is_told("The end."),
    ),
    step(
        "a word",
        |it| {
            it.customer.writes("repeat a word");
        },
        |it| it.is_told("Which word?"),
    ),
    step(
        "words",
        |it| {
            it.customer.writes("tick");
        },
        |it| it.is_told("How shall I say tick?"),
    ),
    step(
        "a correction",
        |it| {
            it.customer.edits(own(it, "tick"), "tack");
        },
        |it| it.is_told("How shall I say tack?"),
    ),
    step(
        "a press after it",
        |it| {
            it.customer.presses("Loud");
        },
        |it| it.is_told("Heard tack."),
    ),
    step(
        "a person",
        |it| {
            it.customer.writes(&call_for(it.number));
        },
        |it| it.is_told("getting a colleague") && it.card_has(&OPEN),
    ),
    step("claimed", |it| it.agent_presses("Claim"), |it| it.card_has(&TAKEN)),
    step(
        "an answer",
        |it| {
            it.agent_writes("Here I am.");
        },
        |it| it.is_delivered("Here I am."),
    ),
    step(
        "a picture",
        |it| {
            it.customer.sends(Media::Photo, "See here");
        },
        |it| it.thread().iter().any(|shown| shown.copied_from.is_some()),
    ),
    step(
        "more words",
        |it| {
            it.customer.writes("And it leaks");
        },
        |it| it.posted("And it leaks").is_some(),
    ),
    step(
        "a note, an answer",
        |it| {
            it.agent_writes("// a hard case");
            it.agent_writes("I see it.");
        },
        |it| it.is_delivered("I see it."),
    ),
    step(
        "an answer changed",
        |it| it.agent.edits(posted(it, "I see it."), "I see it now."),
        |it| it.is_told("I see it now."),
    ),
    step(
        "a quote",
        |it| {
            it.customer.replies(newest(it, "Here I am."), "Who are you?");
        },
        |it| it.posted("Who are you?").is_some(),
    ),
    // When this is marked, what came before it is noted: nobody answers faster than that.
    step(
        "a moment",
        |it| {
            it.agent_writes("One moment.");
        },
        |it| it.is_delivered("One moment."),
    ),
    step(
        "a quote back",
        |it| {
            it.agent.replies(posted(it, "Who are you?"), "I am Ida.");
        },
        |it| it.is_delivered("I am Ida."),
    ),
    step(
        "a change seen by agents",
        |it| it.customer.edits(own(it, "And it leaks"), "And it drips"),
        |it| it.posted("And it drips").is_some(),
    ),
    step(
        "a file of the agent's",
        |it| {
            it.agent.sends(it.topic().expect("a topic").id, Media::Document, "The form");
        },
        |it| it.is_delivered("The form"),
    ),
    step(
        "back to the bot",
        |it| {
            it.agent_writes("/back");
        },
        |it| it.is_told("back with me") && it.posted("(back to the bot)").is_some() && it.card_has(&[]),
    ),
    step(
        "the bot again",
        |it| {
            it.customer.writes("echo tock");
        },
        |it| it.is_told("How shall I say tock?"),
    ),
    step(
        "a person again",
        |it| {
            it.customer.writes(&call_for(it.number));
        },
        |it| it.told("getting a colleague").len() > 1 && it.card_has(&OPEN),
    ),
    step(
        "answered unclaimed",
        |it| {
            it.agent_writes("Once more.");
        },
        |it| it.is_delivered("Once more."),
    ),
    step("taken", |_| {}, |it| it.card_has(&TAKEN)),
    step(
        "closed",
        |it| it.agent_presses("Close"),
        |it| it.is_told("How was it") && it.posted("(closed)").is_some() && it.card_has(&[]),
    ),
    step(
        "rated",
        |it| {
            it.customer.presses("5");
        },
        |it| it.is_told("Thank you for your rating"),
    ),
];

/// What the bot can't change where it does not know that it stands there twice.
pub const UNCHANGED: &[&str] = &["Shop: Ida: I see it."];

/// The end: nothing of the customer is left with the agents.
pub const FORGET: &[Step] = &[
    step(
        "forget me",
        |it| {
            it.customer.writes("/forget");
        },
        |it| it.is_told("Shall I erase everything"),
    ),
    step(
        "yes",
        |it| {
            it.customer.writes("yes");
        },
        |it| it.topic().is_none(),
    ),
];

fn own(it: &Scene, text: &str) -> i64 {
    let chat = it.customer.chat();
    chat.iter().rfind(|shown| !shown.by_bot && shown.text.starts_with(text)).expect("it was written").id
}

fn newest(it: &Scene, text: &str) -> i64 {
    it.told(text).last().expect("it was told").id
}

fn posted(it: &Scene, text: &str) -> i64 {
    it.posted(text).expect("it was posted").id
}
