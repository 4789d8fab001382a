//! Hostile texts through the real program and the stand-in for Telegram: wherever they end up, they are letters.
//!
//! Nothing is formatted but what an author formatted, nothing is refused by the server, buttons stay valid, nothing is lost, and
//! the program lives.
use std::cell::RefCell;
use std::collections::BTreeMap;

use bot_tests::hostile::{Hostile, texts};
use bot_tests::serving::Serving;
use bot_tests::specs::telegram::Watch;
use bot_tests::telegram::{Agent, Call, Customer, Group, Media, Shown, State, Telegram};
use bot_tests::{Bot, fixture};
use serde_json::Value;
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_telegram-under-test"));

/// A text, and the customer who is called so and writes it.
struct Author {
    hostile: Hostile,
    customer: Customer,
    name: String,
}

struct World {
    telegram: Telegram,
    group: Group,
    bot: Serving,
    watch: Option<Watch>,
    authors: Vec<Author>,
    _folder: TempDir,
}

const GROUP: i64 = -1_001_000_000_001;

impl World {
    /// `prefix` stands before each name, with the account's number. One text in `step` is used.
    fn new(prefix: &str, step: usize) -> World {
        let telegram = Telegram::start().without_pace();
        let group = telegram.group(GROUP, "Staff");
        let watch = Watch::begin(&telegram);
        let folder = TempDir::new().expect("a folder");
        let store = folder.path().join("bot.db");
        let mut command = Serving::on_telegram(BOT, &fixture("hostile"), &store, &telegram);
        command.env("TELEGRAM_STAFF", GROUP.to_string());
        let bot = Serving::start(command);
        let author = |(id, hostile): (i64, Hostile)| {
            // Telegram's names have 64 characters at most, and no blanks around them.
            let before = if prefix.is_empty() { String::new() } else { format!("{prefix}{id} ") };
            let name: String = format!("{before}{}", hostile.text.trim()).chars().take(64).collect();
            let name = name.trim().to_owned();
            Author { customer: telegram.customer(id, &name, "en"), name, hostile }
        };
        let authors = (1_000..).zip(texts()).step_by(step).map(author).collect();
        World { telegram, group, bot, watch, authors, _folder: folder }
    }

    /// Everybody does something, if they can; then waits until the bot has done its part for each of them. It is shown the
    /// state, who it is, and what the deed has returned.
    fn all<T>(&self, deed: impl Fn(&Author) -> Option<T>, answered: impl Fn(&State, &Author, &T) -> bool) {
        let acting = self.authors.iter().filter_map(|author| Some((author, deed(author)?)));
        let acting: Vec<(&Author, T)> = acting.collect();
        for (author, done) in acting {
            let what = format!("an answer to {:.80?} of {}", author.hostile.text, author.customer.id());
            self.telegram.wait(&what, |state| answered(state, author, &done).then_some(()));
        }
        self.telegram.wait("the ledger to have it all", |state| self.is_noted(state).then_some(()));
    }

    /// A message stands in the chat before its request stands in the ledger.
    fn is_noted(&self, state: &State) -> bool {
        let is_told = |call: &&Call| call.status == 200 && call.chat().is_some_and(|chat| chat > 0);
        let is_new = |shown: &&Shown| shown.copied_from.is_none();
        let shown = |author: &Author| said(state, author, 0).iter().filter(is_new).count();
        state.calls_of("sendMessage").filter(is_told).count() >= self.authors.iter().map(shown).sum()
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
    shown.retain(|shown| shown.by_bot && shown.id > after);
    shown
}

fn is_said(text: &'static str) -> impl Fn(&State, &Author, &i64) -> bool {
    move |state, author, after| said(state, author, *after).iter().any(|shown| shown.text.contains(text))
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

/// Without blanks, which go where a long text is parted, and around it; without control characters, which may go; and without
/// word joiners, by which a name behind an `@` calls nobody.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{2060}').collect()
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
    let world = World::new("", 1);
    world.all(
        |author| Some(author.customer.writes("/start")),
        |state, author, after| !said(state, author, *after).is_empty(),
    );
    let calls = world.telegram.calls();
    for author in &world.authors {
        let greeted = styled(&told(&calls, author)[..1]);
        let name = greeted.get("bold").cloned().unwrap_or_default();
        assert_eq!(letters(&name), letters(&author.name), "{:?}: {greeted:?}", author.hostile);
    }
    world.all(|author| Some(author.customer.writes("let me tell you something")), is_said("What is it?"));
    let before = world.telegram.calls().len();
    let is_echo = |said: &[Shown]| said.iter().any(|shown| keeps(shown).is_some());
    let is_other = |said: &[Shown]| said.first().is_some_and(|shown| !shown.text.starts_with("Bold"));
    world.all(
        |author| Some(author.customer.writes(&author.hostile.text)),
        |state, author, after| {
            let said = said(state, author, *after);
            is_echo(&said) || is_other(&said)
        },
    );
    let calls = world.telegram.calls().split_off(before);
    let mut understood = Vec::new();
    for author in &world.authors {
        let styles = styled(&told(&calls, author));
        if styles[""].starts_with("Bold") {
            is_literal(&styles, &author.hostile);
        } else {
            understood.push((author.hostile.text.as_str(), styles[""].clone()));
        }
    }
    // Commands, and what the bot takes for a wish of its own ("text" is like "what next"): no more than that.
    assert!(understood.len() * 10 < world.authors.len(), "{understood:#?}");
    // The button with the value on it still does what it says.
    world.all(
        |author| {
            let (message, data) = author.customer.answers().iter().rev().find_map(keeps)?;
            author.customer.presses_data(message, &data);
            Some(message)
        },
        is_said("It is "),
    );
    world.ends_well();
}

/// What the bot has said with a value in bold, in code and in a link.
fn is_literal(styles: &BTreeMap<String, String>, hostile: &Hostile) {
    let value = &hostile.text;
    if letters(value).is_empty() {
        // Nothing is left to be bold.
        return;
    }
    let whole = format!("Bold {value}, code {value}, {value}.");
    assert_eq!(letters(&styles[""]), letters(&whole), "{hostile:?}");
    for style in ["bold", "code", "text_link"] {
        let own = styles.get(style).map_or("", String::as_str);
        assert_eq!(letters(own), letters(value), "{style}: {hostile:?}");
    }
}

#[test]
fn what_goes_between_customers_and_agents_stays_letters() {
    // Each topic is looked through again and again: a quarter of them takes a sixteenth of the time.
    let world = World::new("C", 4);
    let agent = world.group.agent(77, "Bea");
    world.all(|author| Some(author.customer.writes("let me tell you something")), is_said("What is it?"));
    world.all(
        |author| Some(author.customer.writes(&author.hostile.text)),
        |state, author, after| !said(state, author, *after).is_empty(),
    );
    // A card with the name, what is known, and the last turns.
    world.all(
        |author| Some(author.customer.writes("/human")),
        |state, author, _| {
            let topic = topic(state, author);
            topic.is_some_and(|topic| {
                state.shown_in(GROUP, topic).iter().any(|shown| !shown.buttons.is_empty())
            })
        },
    );
    let topic = |author: &Author| world.telegram.read(|state| topic(state, author)).expect("it has a topic");
    let before = world.telegram.calls().len();
    let last = RefCell::new(BTreeMap::new());
    world.all(
        |author| {
            agent.writes(topic(author), "/claim");
            agent.writes(topic(author), &author.hostile.text);
            let written = agent.writes(topic(author), "that was it");
            last.borrow_mut().insert(author.customer.id(), written);
            Some(0)
        },
        is_said("that was it"),
    );
    let calls = world.telegram.calls().split_off(before);
    for author in world.authors.iter().filter(|author| !author.hostile.text.trim_start().starts_with('/')) {
        let styles = styled(&told(&calls, author));
        let (text, bold) = (letters(&styles[""]), letters(&styles["bold"]));
        assert!(text.contains(&letters(&author.hostile.text)), "{:?} is not in {text}", author.hostile);
        assert_eq!(bold.replace("Bea:", ""), "", "{:?}", author.hostile);
    }
    changes_and_captions(&world, &agent, &last.into_inner());
    let before = world.telegram.calls().len();
    world.all(
        |author| {
            author.customer.writes(&author.hostile.text);
            let caption: String = author.hostile.text.chars().take(512).collect();
            author.customer.sends(Media::Photo, &caption);
            author.customer.writes("over to you");
            Some(topic(author))
        },
        |state, _, topic| {
            let shown = state.shown_in(GROUP, *topic);
            shown.iter().any(|shown| shown.by_bot && shown.text.ends_with("over to you"))
        },
    );
    let calls = world.telegram.calls().split_off(before);
    for author in &world.authors {
        let id = topic(author);
        let posts = calls.iter().filter(|call| call.parameter("message_thread_id") == &Value::from(id));
        let text: String = posts.filter_map(|call| call.parameter("text").as_str()).collect();
        let text = letters(&text);
        assert!(text.contains(&letters(&author.hostile.text)), "{:?} is not in {text}", author.hostile);
    }
    let formatted = |call: &&Call| call.chat() == Some(GROUP) && !call.parameter("entities").is_null();
    assert_eq!(world.telegram.calls().iter().find(formatted).map(|call| &call.parameters), None);
    let calls_somebody = |shown: &Shown| shown.entities.iter().any(|entity| entity["type"] == "mention");
    for author in &world.authors {
        let id = topic(author);
        let mut posts = world.telegram.read(|state| state.shown_in(GROUP, id));
        posts.retain(|shown| shown.by_bot && calls_somebody(shown));
        assert_eq!(posts, [], "{:?}", author.hostile);
    }
    world.ends_well();
}

/// An agent changes a message into it, and writes it below a picture.
fn changes_and_captions(world: &World, agent: &Agent, last: &BTreeMap<i64, i64>) {
    let short = |author: &Author| author.hostile.text.chars().take(400).collect::<String>();
    world.all(
        |author| {
            let topic = world.telegram.read(|state| topic(state, author))?;
            agent.edits(last[&author.customer.id()], &format!("now {}", short(author)));
            agent.sends(topic, Media::Photo, &format!("see {}", short(author)));
            Some(())
        },
        |state, author, ()| {
            let said = said(state, author, 0);
            let has = |word: &str| said.iter().any(|shown| shown.text.starts_with(&format!("Bea: {word}")));
            has("now") && has("see")
        },
    );
    for author in &world.authors {
        let said = author.customer.answers();
        for word in ["now", "see"] {
            let start = format!("Bea: {word}");
            let shown = said.iter().find(|shown| shown.text.starts_with(&start)).expect("it stands there");
            // The server takes directions of writing away.
            let want: String =
                letters(&short(author)).replace(|c| ('\u{202a}'..='\u{202e}').contains(&c), "");
            assert_eq!(letters(&shown.text[start.len()..]), want, "{word}");
        }
    }
}

/// The topic of a customer whose name begins with a C and the account's number.
fn topic(state: &State, author: &Author) -> Option<i64> {
    let name = format!(" C{}", author.customer.id());
    let is_own = |title: &str| {
        title.split_once(&name).is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with(' '))
    };
    state.topics(GROUP).into_iter().find(|topic| is_own(&topic.name)).map(|topic| topic.id)
}
