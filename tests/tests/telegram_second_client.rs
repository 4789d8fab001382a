//! The stand-in, met by clients that have nothing to do with ours: small bots on aiogram and python-telegram-bot, from PyPI.
//!
//! What two libraries that were written for the real Telegram understand, and understand alike, is believable.
//! Without Python or PyPI this is skipped, loudly; in CI that is a failure.
#![cfg(unix)]
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use bot_tests::root;
use bot_tests::specs::skipped;
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
    let _bot = Client::start(&python, script, &telegram);
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

/// A bot as a process; dropped, it is killed.
struct Client(Child);

impl Client {
    fn start(python: &Path, script: &str, telegram: &Telegram) -> Client {
        let mut command = Command::new(python);
        command.arg("-B").arg(clients().join(script)).stdin(Stdio::null()).stdout(Stdio::null());
        command.env("TELEGRAM_API_URL", telegram.url()).env("TELEGRAM_TOKEN", telegram.token());
        // Its log goes where the test's does.
        Client(command.env("STAFF_GROUP", GROUP.to_string()).spawn().expect("the client starts"))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn clients() -> PathBuf {
    root().join("tests/clients")
}

/// A Python that has both libraries.
fn python() -> Option<PathBuf> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match PYTHON.get_or_init(installed) {
        Ok(python) => Some(python.clone()),
        Err(why) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("{why}"),
        Err(why) => {
            skipped(why);
            None
        }
    }
}

/// Both libraries in a folder of cargo's for tests, kept from run to run while the versions stay.
fn installed() -> Result<PathBuf, String> {
    let wanted = fs::read_to_string(clients().join("requirements.txt")).map_err(|e| e.to_string())?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("telegram-clients");
    let (python, mark) = (folder.join("bin/python"), folder.join("installed.txt"));
    if fs::read_to_string(&mark).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    let _ = fs::remove_dir_all(&folder);
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    run(Command::new(&python).args(pip).arg(clients().join("requirements.txt")))?;
    fs::write(mark, wanted).map_err(|e| e.to_string())?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{command:?}: {e}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    output.status.success().then_some(()).ok_or_else(|| format!("{command:?}: {errors}"))
}
