//! Hostile texts through the real program and the stand-in for Discord: wherever they end up, they are letters.
//!
//! Nothing is formatted but what an author formatted, nobody is pinged and nothing looks as if, nothing is refused by the server,
//! buttons stay valid, nothing is lost, and the program lives.
#![cfg(unix)]
use std::time::{Duration, Instant};

use bot_tests::discord::render::{Kind, render};
use bot_tests::discord::{Agent, Call, Customer, Discord, File, Guild, Shown};
use bot_tests::discord_faults::plain;
use bot_tests::hostile::{Hostile, texts};
use bot_tests::serving::Serving;
use bot_tests::{Bot, fixture};
use serde_json::{Value, json};
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_discord-under-test"));

/// What somebody writes, and answers; all else are Discord's own words.
const WORDS: [u8; 2] = [0, 19];

/// Characters of a name that is shown.
const NAME: usize = 32;

/// Characters of what somebody without a subscription writes, and with one.
const LONGEST: usize = 4000;

/// Waiting that long means that it never comes.
const HANGS: Duration = Duration::from_secs(120);

/// A text, and the customer who is called so and writes it.
struct Author {
    hostile: Hostile,
    customer: Customer,
    name: String,
}

struct World {
    discord: Discord,
    guild: Guild,
    bot: Serving,
    authors: Vec<Author>,
    _folder: TempDir,
}

impl World {
    /// `prefix` stands before each name, with the account's number. One text in `step` is used.
    fn new(prefix: &str, step: usize) -> World {
        let discord = Discord::start().without_pace();
        let guild = discord.guild(500);
        let folder = TempDir::new().expect("a folder");
        let store = folder.path().join("bot.db");
        let mut command = Serving::on_discord(BOT, &fixture("hostile"), &store, &discord);
        command.env("DISCORD_STAFF", guild.staff_channel().to_string());
        let author = |(id, hostile): (u64, Hostile)| {
            let before = if prefix.is_empty() { String::new() } else { format!("{prefix}{id} ") };
            let name: String = format!("{before}{}", hostile.text.trim()).chars().take(NAME).collect();
            let name = name.trim().to_owned();
            let text = hostile.text.chars().take(LONGEST).collect();
            let hostile = Hostile { text, ..hostile };
            Author { customer: discord.customer(id, &name, "en"), name, hostile }
        };
        // Nobody can send what is nothing.
        let texts = texts().into_iter().filter(|hostile| !hostile.text.trim().is_empty());
        let authors = (1_000..).zip(texts).step_by(step).map(author).collect();
        let bot = Serving::start(command);
        let world = World { discord, guild, bot, authors, _folder: folder };
        world.until("a session", || world.discord.gateway().identifies_left() < 1000);
        world
    }

    /// Everybody does something, if they can; then waits until the bot has done its part for each of them: that is told who it is,
    /// and what the deed has returned.
    fn all<T>(&self, deed: impl Fn(&Author) -> Option<T>, answered: impl Fn(&Author, &T) -> bool) {
        let acting: Vec<_> = self.authors.iter().filter_map(|author| Some((author, deed(author)?))).collect();
        for (author, done) in acting {
            let what = format!("an answer to {:.80?} of {}", author.hostile.text, author.customer.id());
            self.until(&what, || answered(author, &done));
        }
    }

    fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + HANGS;
        while !is_so() {
            if Instant::now() > end {
                let refused: Vec<String> = self.discord.calls().iter().filter_map(refused).take(5).collect();
                panic!("waited in vain for {what}\nrefused: {refused:#?}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The program lives, and nothing that went over the wire was wrong.
    fn ends_well(self) {
        let (code, log) = self.bot.terminate();
        assert_eq!(code, 0, "{log}");
        assert!(!log.contains("panicked"), "{log}");
        let calls = self.discord.calls();
        let refused: Vec<String> = calls.iter().filter_map(refused).collect();
        assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
        calls.iter().for_each(calls_nobody);
    }

    /// All that the bot has said in a place is letters, but for these styles.
    fn is_clean(&self, shown: &[Shown], allowed: &[Style]) {
        // A thread's name stands in what Discord itself says of it, and has no marks.
        for shown in shown.iter().filter(|shown| shown.by_bot && WORDS.contains(&shown.kind)) {
            assert!(shown.pinged.is_empty() && shown.embeds.is_empty(), "{shown:?}");
            for span in render(&shown.text).spans {
                assert!(allowed.iter().any(|style| style.is(&span.kind)), "{span:?} in {:?}", shown.text);
            }
        }
    }
}

/// What an author can ask for.
#[derive(Clone, Copy, Debug)]
enum Style {
    Bold,
    Code,
    Link,
}

impl Style {
    fn is(self, kind: &Kind) -> bool {
        match (self, kind) {
            (Style::Bold, Kind::Bold) | (Style::Code, Kind::Code) => true,
            (Style::Link, Kind::Link(to)) => to.starts_with("https://shop.example/?q="),
            _ => false,
        }
    }
}

fn refused(call: &Call) -> Option<String> {
    // A hundred commands of agents at once are not all acknowledged within three seconds; they are obeyed all the same.
    let is_late = call.code() == Some(10062);
    let is_refused = call.status == 0 || (call.status >= 400 && !is_late);
    is_refused
        .then(|| format!("{} {} {:.600} → {}", call.method, call.path, call.body.to_string(), call.answer))
}

/// Whatever says something says, too, that nobody is to be pinged.
fn calls_nobody(call: &Call) {
    for said in [&call.body, &call.body["data"]] {
        if said["content"].is_string() {
            assert_eq!(said["allowed_mentions"], json!({ "parse": [] }), "{call:?}");
            assert_eq!(said["embeds"], Value::Null, "{call:?}");
        }
    }
}

/// What the bot has said to somebody after a message, for all to see.
fn said(author: &Author, after: u64) -> Vec<Shown> {
    let mut shown = author.customer.chat();
    shown.retain(|shown| shown.by_bot && shown.id > after && shown.only_for.is_none());
    shown
}

fn is_said(text: &'static str) -> impl Fn(&Author, &u64) -> bool {
    move |author, after| said(author, *after).iter().any(|shown| plain(&shown.text).contains(text))
}

/// Without blanks, which go where a long text is parted, and around it; without control characters, which may go; and without
/// word joiners, by which a name behind an `@` calls nobody.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{2060}').collect()
}

/// What is read in messages.
fn read(shown: &[Shown]) -> String {
    letters(&shown.iter().map(|shown| plain(&shown.text)).collect::<String>())
}

/// What is read in a style.
fn styled(shown: &[Shown], style: Style) -> String {
    let spans = shown.iter().flat_map(|shown| render(&shown.text).spans);
    letters(&spans.filter(|span| style.is(&span.kind)).map(|span| span.text).collect::<String>())
}

fn keeps(shown: &Shown) -> Option<(u64, String)> {
    let button = shown.buttons.iter().find(|button| button.label.starts_with("Keep"))?;
    Some((shown.id, button.custom_id.clone()?))
}

#[test]
fn what_customers_write_and_are_called_comes_back_as_letters() {
    let world = World::new("", 1);
    world.all(
        |author| Some(author.customer.writes("/start")),
        |author, after| !said(author, *after).is_empty(),
    );
    for author in &world.authors {
        let greeted = said(author, 0);
        assert_eq!(styled(&greeted, Style::Bold), letters(&author.name), "{:?}: {greeted:?}", author.hostile);
        if !letters(&author.name).is_empty() {
            assert_eq!(read(&greeted), format!("Hi{}.", letters(&author.name)), "{:?}", author.hostile);
        }
    }
    world.all(|author| Some(author.customer.writes("let me tell you something")), is_said("What is it?"));
    let is_over = |said: &[Shown]| {
        let is_other = said.first().is_some_and(|shown| !plain(&shown.text).starts_with("Bold"));
        is_other || said.iter().any(|shown| keeps(shown).is_some())
    };
    let before = std::cell::RefCell::new(std::collections::BTreeMap::new());
    world.all(
        |author| {
            let written = author.customer.writes(&author.hostile.text);
            before.borrow_mut().insert(author.customer.id(), written);
            Some(written)
        },
        |author, after| is_over(&said(author, *after)),
    );
    let mut understood = Vec::new();
    for author in &world.authors {
        let said = said(author, before.borrow()[&author.customer.id()]);
        if read(&said).starts_with("Bold") {
            world.is_clean(&said, &[Style::Bold, Style::Code, Style::Link]);
            is_literal(&said, &author.hostile);
        } else {
            understood.push((author.hostile.text.as_str(), read(&said)));
        }
    }
    // Commands, and what the bot takes for a wish of its own ("text" is like "what next"): no more than that.
    assert!(understood.len() * 10 < world.authors.len(), "{understood:#?}");
    // The button with the value on it still does what it says.
    world.all(
        |author| {
            let (message, data) = author.customer.answers().iter().rev().find_map(keeps)?;
            author.customer.presses_id(message, &data);
            Some(message)
        },
        is_said("It is "),
    );
    world.ends_well();
}

/// What the bot has said with a value in bold, in code and in a link.
fn is_literal(said: &[Shown], hostile: &Hostile) {
    let value = letters(&hostile.text);
    if value.is_empty() {
        // Nothing is left to be bold.
        return;
    }
    // An address that makes no link is written out behind the words.
    let (read, linked) = (read(said), styled(said, Style::Link));
    let whole = format!("Bold{value},code{value},{value}");
    let is_whole = if linked == value { read == format!("{whole}.") } else { read.starts_with(&whole) };
    assert!(is_whole, "{read:?} {linked:?} {hostile:?}: {said:?}");
    assert_eq!(styled(said, Style::Bold), value, "bold: {hostile:?}: {said:?}");
    // Code can't have the sign in it that ends it.
    let code = styled(said, Style::Code);
    assert!(code == value || (value.contains('`') && code.is_empty()), "{code:?}: {hostile:?}: {said:?}");
}

#[test]
fn what_goes_between_customers_and_agents_stays_letters() {
    // Each thread is looked through again and again: a quarter of them takes a sixteenth of the time.
    let world = World::new("C", 4);
    let agent = world.guild.agent(77, "Bea");
    world.all(|author| Some(author.customer.writes("let me tell you something")), is_said("What is it?"));
    world.all(
        |author| Some(author.customer.writes(&author.hostile.text)),
        |author, after| !said(author, *after).is_empty(),
    );
    // A card with the name, what is known, and the last turns.
    let has_card = |thread: u64| world.guild.thread(thread).iter().any(|shown| !shown.buttons.is_empty());
    world.all(
        |author| Some(author.customer.writes("/human")),
        |author, _| thread(&world, author).is_some_and(has_card),
    );
    let threads: Vec<u64> =
        world.authors.iter().map(|author| thread(&world, author).expect("it has a thread")).collect();
    let at = |author: &Author| {
        let place = world.authors.iter().position(|one| one.customer.id() == author.customer.id());
        threads[place.expect("it is one of them")]
    };
    answers(&world, &agent, &at);
    let is_over = |shown: &Shown| shown.by_bot && plain(&shown.text).ends_with("over to you");
    world.all(
        |author| {
            author.customer.writes(&author.hostile.text);
            let caption: String = author.hostile.text.chars().take(512).collect();
            author.customer.sends(&[File::new("a.png", b"a picture")], &caption);
            author.customer.writes("over to you");
            Some(at(author))
        },
        |_, thread| world.guild.thread(*thread).iter().any(is_over),
    );
    for author in &world.authors {
        let mut shown = world.guild.thread(at(author));
        world.is_clean(&shown, &[]);
        shown.retain(|shown| shown.by_bot && shown.only_for.is_none());
        let text = read(&shown);
        assert!(text.contains(&letters(&author.hostile.text)), "{:?} is not in {text}", author.hostile);
    }
    world.is_clean(&world.guild.thread(world.guild.staff_channel()), &[]);
    world.ends_well();
}

/// An agent writes it, gives it with a command, changes a message into it, and writes it below a picture.
fn answers(world: &World, agent: &Agent, at: &dyn Fn(&Author) -> u64) {
    let short = |author: &Author| author.hostile.text.chars().take(400).collect::<String>();
    let is_command = |author: &Author| author.hostile.text.trim_start().starts_with('/');
    let before = std::cell::RefCell::new(std::collections::BTreeMap::new());
    world.all(
        |author| {
            agent.writes(at(author), "/claim");
            agent.writes(at(author), &author.hostile.text);
            agent.commands(at(author), "reply", &[("text", &format!("yes {}", author.hostile.text))]);
            let written = agent.writes(at(author), "that was it");
            before.borrow_mut().insert(author.customer.id(), written);
            Some(0)
        },
        is_said("that was it"),
    );
    world.all(
        |author| {
            agent.edits(
                at(author),
                before.borrow()[&author.customer.id()],
                &format!("now {}", short(author)),
            );
            agent.sends(at(author), &[File::new("a.png", b"a picture")], &format!("see {}", short(author)));
            Some(())
        },
        |author, ()| {
            let said = said(author, 0);
            let has =
                |word: &str| said.iter().any(|shown| plain(&shown.text).starts_with(&format!("Bea: {word}")));
            has("now") && has("see")
        },
    );
    for author in &world.authors {
        let said = said(author, 0);
        // What the bot has said itself before has formats of its authors.
        let first = said.iter().position(|shown| plain(&shown.text).starts_with("Bea:"));
        world.is_clean(&said[first.expect("she has answered")..], &[Style::Bold]);
        let text = read(&said);
        let own = letters(&author.hostile.text);
        assert!(text.contains(&format!("Bea:yes{own}")), "{:?} is not in {text}", author.hostile);
        assert!(
            is_command(author) || text.contains(&format!("Bea:{own}")),
            "{:?} is not in {text}",
            author.hostile
        );
        for word in ["now", "see"] {
            let is_it = |shown: &&Shown| plain(&shown.text).starts_with(&format!("Bea: {word}"));
            let shown: Vec<Shown> = said.iter().find(is_it).into_iter().cloned().collect();
            assert_eq!(read(&shown), format!("Bea:{word}{}", letters(&short(author))), "{word}");
        }
    }
}

/// The thread of a customer whose name begins with a C and the account's number.
fn thread(world: &World, author: &Author) -> Option<u64> {
    let name = format!(" C{}", author.customer.id());
    let is_own = |title: &str| {
        title.split_once(&name).is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with(' '))
    };
    world.guild.threads().into_iter().find(|thread| is_own(&thread.name)).map(|thread| thread.id)
}
