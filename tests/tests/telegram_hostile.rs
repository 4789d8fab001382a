//! Hostile texts through the real program and the stand-in for Telegram: wherever they end up, they are letters.
//!
//! Nothing is formatted but what an author formatted, nothing is refused by the server, buttons stay valid, nothing is lost, and
//! the program lives.
use std::collections::BTreeMap;

use bot_tests::hostile::{Hostile, texts};
use bot_tests::serving::Serving;
use bot_tests::specs::telegram::Watch;
use bot_tests::telegram::{BOT as BOT_ID, Call, Customer, Shown, State, Telegram};
use bot_tests::{Bot, fixture};
use serde_json::Value;
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_telegram-under-test"));

/// Texts that the bot does not take for the answer to its question: commands, and what it understands by itself.
const UNDERSTOOD: &[&str] = &[];

/// A text, and the customer who is called so and writes it.
struct Author {
    hostile: Hostile,
    customer: Customer,
    name: String,
}

struct World {
    telegram: Telegram,
    bot: Serving,
    watch: Option<Watch>,
    authors: Vec<Author>,
    _folder: TempDir,
}

impl World {
    fn new() -> World {
        let telegram = Telegram::start().without_pace();
        let watch = Watch::begin(&telegram);
        let folder = TempDir::new().expect("a folder");
        let store = folder.path().join("bot.db");
        let bot = Serving::start(Serving::on_telegram(BOT, &fixture("hostile"), &store, &telegram));
        let author = |(id, hostile): (i64, Hostile)| {
            // Telegram's names have 64 characters at most, and no blanks around them.
            let name: String = hostile.text.trim().chars().take(64).collect();
            let name = name.trim().to_owned();
            Author { customer: telegram.customer(id, &name, "en"), name, hostile }
        };
        let authors = (1_000..).zip(texts()).map(author).collect();
        World { telegram, bot, watch, authors, _folder: folder }
    }

    /// Everybody does something; then waits until the bot has answered each of them.
    fn all(&self, deed: impl Fn(&Author) -> Option<i64>, answered: impl Fn(&Author, &[Shown]) -> bool) {
        let mut waiting: Vec<(&Author, i64)> =
            self.authors.iter().filter_map(|author| Some((author, deed(author)?))).collect();
        while let Some((author, after)) = waiting.pop() {
            let what = format!("an answer to {:?} of {}", author.hostile.text, author.customer.id());
            self.telegram.wait(&what, |state| answered(author, &said(state, author, after)).then_some(()));
        }
    }

    /// The program lives, and nothing that went over the wire was wrong.
    fn ends_well(self) {
        let (code, log) = self.bot.terminate();
        assert_eq!(code, 0, "{log}");
        let refused: Vec<String> = self.telegram.calls().iter().filter_map(refused).collect();
        assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
        self.telegram.calls().iter().for_each(formats_by_entities_only);
        if let Some(watch) = self.watch {
            watch.finds_nothing();
        }
    }
}

/// What the bot has said to somebody after a message.
fn said(state: &State, author: &Author, after: i64) -> Vec<Shown> {
    let mut shown = state.shown(author.customer.id());
    shown.retain(|shown| shown.from_id == BOT_ID && shown.id > after);
    shown
}

fn refused(call: &Call) -> Option<String> {
    let why = call.refusal()?;
    Some(format!("{} {:.500} → {why}", call.method, call.parameters.to_string()))
}

/// No mark-up language is ever asked for, and of entities only what authors can write.
fn formats_by_entities_only(call: &Call) {
    assert_eq!(call.parameter("parse_mode"), &Value::Null, "{call:?}");
    for name in ["entities", "caption_entities"] {
        for entity in call.parameter(name).as_array().into_iter().flatten() {
            let kind = entity["type"].as_str().unwrap_or_default();
            assert!(["bold", "italic", "code", "text_link"].contains(&kind), "{kind} in {call:?}");
            if kind == "text_link" {
                let url = entity["url"].as_str().unwrap_or_default();
                assert!(url.starts_with("https://shop.example/?q="), "{url}");
            }
        }
    }
}

/// Without blanks, which go where a long text is parted, and around it; and without control characters, which may go.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

/// What requests say in a style, by style; `""`: all of it.
fn styled(calls: &[Call]) -> BTreeMap<String, String> {
    let mut styles: BTreeMap<String, String> = BTreeMap::new();
    for call in calls {
        let text = call.parameter("text").as_str().unwrap_or_default();
        styles.entry(String::new()).or_default().push_str(text);
        let units: Vec<u16> = text.encode_utf16().collect();
        for entity in call.parameter("entities").as_array().into_iter().flatten() {
            let number =
                |name: &str| usize::try_from(entity[name].as_u64().expect("a number")).expect("a small one");
            let span = &units[number("offset")..number("offset") + number("length")];
            let span = String::from_utf16(span).expect("no character is cut in two");
            styles.entry(entity["type"].as_str().unwrap_or_default().to_owned()).or_default().push_str(&span);
        }
    }
    styles
}

/// The requests by which the bot said something to somebody.
fn told(calls: &[Call], author: &Author) -> Vec<Call> {
    let to = |call: &&Call| call.method == "sendMessage" && call.chat() == Some(author.customer.id());
    calls.iter().filter(to).cloned().collect()
}

fn keeps(shown: &Shown) -> Option<(i64, String)> {
    let button = shown.buttons.iter().find(|button| button.label.starts_with("Keep"))?;
    Some((shown.id, button.data.clone()?))
}

#[test]
fn what_customers_write_and_are_called_comes_back_as_letters() {
    let world = World::new();
    world.all(|author| Some(author.customer.writes("/start")), |_, said| !said.is_empty());
    let calls = world.telegram.calls();
    for author in &world.authors {
        let greeted = styled(&told(&calls, author)[..1]);
        let name = greeted.get("bold").cloned().unwrap_or_default();
        assert_eq!(letters(&name), letters(&author.name), "{:?}: {greeted:?}", author.hostile);
    }
    world.all(
        |author| Some(author.customer.writes("let me tell you something")),
        |_, said| said.iter().any(|shown| shown.text.contains("What is it?")),
    );
    let before = world.telegram.calls().len();
    let is_echo = |said: &[Shown]| said.iter().any(|shown| keeps(shown).is_some());
    let is_other = |said: &[Shown]| said.first().is_some_and(|shown| !shown.text.starts_with("Bold"));
    world.all(
        |author| Some(author.customer.writes(&author.hostile.text)),
        |_, said| is_echo(said) || is_other(said),
    );
    let calls = world.telegram.calls().split_off(before);
    let mut understood = Vec::new();
    for author in &world.authors {
        let styles = styled(&told(&calls, author));
        let value = &author.hostile.text;
        if !styles[""].starts_with("Bold") {
            understood.push((value.as_str(), styles[""].clone()));
            continue;
        }
        if letters(value).is_empty() {
            // Nothing is left to be bold.
            continue;
        }
        let whole = format!("Bold {value}, code {value}, {value}.");
        assert_eq!(letters(&styles[""]), letters(&whole), "{:?}", author.hostile);
        for style in ["bold", "code", "text_link"] {
            let own = styles.get(style).map_or("", String::as_str);
            assert_eq!(letters(own), letters(value), "{style}: {:?}", author.hostile);
        }
    }
    let texts: Vec<&str> = understood.iter().map(|(text, _)| *text).collect();
    assert_eq!(texts, UNDERSTOOD, "{understood:#?}");
    // The button with the value on it still does what it says.
    world.all(
        |author| {
            let (message, data) = author.customer.answers().iter().rev().find_map(keeps)?;
            author.customer.presses_data(message, &data);
            Some(message)
        },
        |_, said| said.iter().any(|shown| shown.text.starts_with("It is ")),
    );
    world.ends_well();
}
