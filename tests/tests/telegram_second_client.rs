//! The stand-in, met by clients that have nothing to do with ours: small bots on aiogram and python-telegram-bot, from PyPI.
//!
//! What two libraries that were written for the real Telegram understand, and understand alike, is believable.
//! Without Python or PyPI this is skipped, loudly; in CI that is a failure.
#![cfg(unix)]
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bot_tests::python::{self, Client};
use bot_tests::specs::telegram::Watch;
use bot_tests::telegram::{Media, Shown, Telegram};

const GROUP: i64 = -1_001_000_000_001;

#[test]
fn aiogram_understands_the_stand_in() {
    chats("aiogram_bot.py");
}

#[test]
fn python_telegram_bot_understands_the_stand_in() {
    chats("ptb_bot.py");
}

/// The same conversation with the same bot, whatever it is written with.
fn chats(script: &str) {
    let Some(python) = python() else { return };
    // A customer who chats that fast is beyond the pace; neither bot waits when it is told to.
    let telegram = Telegram::start().without_pace();
    let watch = Watch::begin(&telegram);
    let group = telegram.group(GROUP, "Support");
    let variables = [
        ("TELEGRAM_API_URL", telegram.url()),
        ("TELEGRAM_TOKEN", telegram.token().to_owned()),
        ("STAFF_GROUP", GROUP.to_string()),
    ];
    let _bot = Client::start(&python, script, &variables);
    // A name whose units are not its characters.
    let ann = telegram.customer(42, "Ann 🦊", "en");

    ann.writes("/start");
    let hello = ann.waits_for("Hello Ann 🦊!");
    assert_eq!(entities(&hello), ["bold 6 6"]);
    assert_eq!(hello.labels(), ["Yes", "No"]);

    let press = ann.presses("No");
    ann.waits_for("essage is not modified");
    let chosen = find(&ann.chat(), "You chose no.");
    assert_eq!((chosen.id, chosen.edited, chosen.labels()), (hello.id, true, vec![]));
    let said = telegram.read(|state| state.press(&press).and_then(|press| press.answer.clone()));
    assert_eq!(said.and_then(|said| said.text).as_deref(), Some("Noted"));

    let message = ann.writes("hello 🦊");
    assert_eq!(ann.waits_for("You said: hello 🦊").reply_to, Some(message));
    ann.edits(message, "good bye");
    ann.waits_for("You meant: good bye");

    let photo = ann.sends(Media::Photo, "look");
    ann.waits_for("Copied.");
    let topic = group.waits_for_topic("Customer Ann 🦊");
    let copy = find(&group.topic(topic.id), "look");
    assert_eq!((copy.copied_from, copy.media.as_deref()), (Some((ann.id(), photo)), Some("photo")));

    let agent = group.agent(77, "Bea");
    let answer = agent.writes(topic.id, "A nice picture");
    assert_eq!(ann.waits_for("A nice picture").copied_from, Some((GROUP, answer)));

    ann.writes("/refusals");
    let refused = ann.waits_for("not found").text.to_lowercase();
    let reasons =
        ["message is too long", "message thread not found", "chat not found", "message to delete not found"];
    for (line, reason) in refused.lines().zip(reasons) {
        assert!(line.contains(reason), "{line} instead of {reason}");
    }
    assert_eq!(refused.lines().count(), reasons.len(), "{refused}");
    if let Some(watch) = watch {
        watch.finds_only(&["sendMessage.text: 4097 characters where 1-4096 are expected"]);
    }
}

fn entities(shown: &Shown) -> Vec<String> {
    let short = |entity: &serde_json::Value| {
        format!("{} {} {}", entity["type"].as_str().unwrap_or("?"), entity["offset"], entity["length"])
    };
    shown.entities.iter().map(short).collect()
}

fn find(chat: &[Shown], text: &str) -> Shown {
    let found = chat.iter().find(|shown| shown.text.contains(text));
    found.unwrap_or_else(|| panic!("{text:?} is not in the chat: {chat:#?}")).clone()
}

/// A Python that has both libraries. Both tests wait for the one that installs it.
fn python() -> Option<PathBuf> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("telegram-clients");
    PYTHON.get_or_init(|| python::with("requirements.txt", &folder)).clone()
}
