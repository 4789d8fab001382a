//! A conversation, a hand-off, and back: the same for every case.
use super::folder::call_for;
use super::people::People;

/// Something that people do, and when they go on.
pub struct Step {
    /// For people who read what failed.
    pub name: &'static str,
    /// What is done.
    pub does: fn(&dyn People),
    /// Whether all that comes of it is there.
    pub is_done: fn(&dyn People) -> bool,
}

const fn step(name: &'static str, does: fn(&dyn People), is_done: fn(&dyn People) -> bool) -> Step {
    Step { name, does, is_done }
}

const OPEN: [&str; 3] = ["Claim", "Hand back", "Close"];
const TAKEN: [&str; 2] = ["Hand back", "Close"];

/// Up to where everything that was said stands there.
pub const STEPS: &[Step] = &[
    step("start", |it| it.writes("/start"), |it| it.is_told("Hello, I'm Max.")),
    step("a question", |it| it.writes("choose a colour"), |it| it.is_told("Which colour")),
    step("a press", |it| it.presses("Red"), |it| it.is_told("Painted")),
    step("a long reply", |it| it.writes("tell me a story"), |it| it.is_told("The end.")),
    step("a word", |it| it.writes("repeat a word"), |it| it.is_told("Which word?")),
    step("words", |it| it.writes("tick"), |it| it.is_told("How shall I say tick?")),
    step("a correction", |it| it.edits("tick", "tack"), |it| it.is_told("How shall I say tack?")),
    step("a press after it", |it| it.presses("Loud"), |it| it.is_told("Heard tack.")),
    step(
        "a person",
        |it| it.writes(&call_for(it.number())),
        |it| it.is_told("getting a colleague") && it.card_has(&OPEN),
    ),
    step("claimed", |it| it.agent_presses("Claim"), |it| it.card_has(&TAKEN)),
    step("an answer", |it| it.agent_writes("Here I am."), |it| it.is_delivered("Here I am.")),
    step("a picture", |it| it.sends_picture("See here"), |it| it.has_picture()),
    step("more words", |it| it.writes("And it leaks"), |it| it.is_posted("And it leaks")),
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
        |it| it.agent_edits("I see it.", "I see it now."),
        |it| it.is_told("I see it now."),
    ),
    step("a quote", |it| it.answers("Here I am.", "Who are you?"), |it| it.is_posted("Who are you?")),
    // When this is marked, what came before it is noted: nobody answers faster than that.
    step("a moment", |it| it.agent_writes("One moment."), |it| it.is_delivered("One moment.")),
    step(
        "a quote back",
        |it| it.agent_answers("Who are you?", "I am Ida."),
        |it| it.is_delivered("I am Ida."),
    ),
    step(
        "a change seen by agents",
        |it| it.edits("And it leaks", "And it drips"),
        |it| it.is_posted("And it drips"),
    ),
    step("a file of the agent's", |it| it.agent_sends_file("The form"), |it| it.is_delivered("The form")),
    step(
        "back to the bot",
        |it| it.agent_writes("/back"),
        |it| it.is_told("back with me") && it.is_posted("(back to the bot)") && it.card_has(&[]),
    ),
    step("the bot again", |it| it.writes("echo tock"), |it| it.is_told("How shall I say tock?")),
    step(
        "a person again",
        |it| it.writes(&call_for(it.number())),
        |it| it.times_told("getting a colleague") > 1 && it.card_has(&OPEN),
    ),
    step("answered unclaimed", |it| it.agent_writes("Once more."), |it| it.is_delivered("Once more.")),
    step("taken", |_| {}, |it| it.card_has(&TAKEN)),
    step(
        "closed",
        |it| it.agent_presses("Close"),
        |it| it.is_told("How was it") && it.is_posted("(closed)") && it.card_has(&[]),
    ),
    step("rated", |it| it.presses("5"), |it| it.is_told("Thank you for your rating")),
];

/// What the bot can't change where it does not know that it stands there twice.
pub const UNCHANGED: &[&str] = &["Shop: Ida: I see it."];

/// The end: nothing of the customer is left with the agents.
pub const FORGET: &[Step] = &[
    step("forget me", |it| it.writes("/forget"), |it| it.is_told("Shall I erase everything")),
    step("yes", |it| it.writes("yes"), |it| !it.has_thread()),
];
