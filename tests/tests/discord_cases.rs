//! What happens in life with customers, agents and servers, one story each: the real program and the stand-in for Discord. It is
//! held against what people see.
//!
//! What it is not: requests that fail by chance; those are in `discord_faults`.
#![cfg(unix)]
use std::time::{Duration, Instant};

use bot_tests::Bot;
use bot_tests::discord::permissions::{CREATE_PRIVATE_THREADS, CREATE_PUBLIC_THREADS, VIEW_CHANNEL};
use bot_tests::discord::{Discord, Fault, File, Place, Shown, SocketFault, What};
use bot_tests::discord_faults::{Scene, folder, plain};
use bot_tests::faults::People;
use bot_tests::serving::Serving;
use rusqlite::Connection;
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_discord-under-test"));
const OPEN: [&str; 3] = ["Claim", "Hand back", "Close"];
const TAKEN: [&str; 2] = ["Hand back", "Close"];
const FAILED: &str = "❌";
/// What somebody writes, and answers; all else are Discord's own words.
const WORDS: [u8; 2] = [0, 19];
const MESSAGES: &str = "/channels/{channel_id}/messages";
const THREADS: &str = "/channels/{channel_id}/threads";
const CALLBACK: &str = "/interactions/{interaction_id}/{interaction_token}/callback";

/// Waiting that long means that it never comes.
const HANGS: Duration = Duration::from_secs(60);

/// A Discord with people, and the program.
struct World {
    discord: Discord,
    scenes: Vec<Scene>,
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
    serving: Option<Serving>,
}

impl World {
    /// So many customers, each with a team and its channel. The program does not run yet.
    fn of(count: usize) -> World {
        let discord = Discord::start().without_pace();
        let folder = TempDir::new().expect("a folder");
        folder::write(folder.path(), count);
        let scenes: Vec<Scene> = (0..count).map(|number| Scene::new(&discord, number)).collect();
        let staff: Vec<String> = scenes.iter().map(Scene::staff).collect();
        let settings = vec![("DISCORD_STAFF", staff.join(","))];
        World { discord, scenes, folder, settings, serving: None }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> World {
        self.settings.push((name, value.to_string()));
        self
    }

    /// Starts the program, and waits until it listens.
    fn start(self) -> World {
        let folder = self.folder.path().to_str().expect("a plain name").to_owned();
        self.start_in(&folder)
    }

    fn start_in(mut self, intents: &str) -> World {
        let store = self.folder.path().join("bot.db");
        let mut command = Serving::on_discord(BOT, intents, &store, &self.discord);
        command.envs(self.settings.iter().map(|(name, value)| (*name, value.as_str())));
        self.serving = Some(Serving::start(command));
        self.until("a session", || self.discord.gateway().identifies_left() < 1000);
        self
    }

    /// The first customer has been handed off and answered.
    fn handed_off() -> World {
        let world = World::of(1).start();
        world.answered();
        world
    }

    fn answered(&self) {
        self.hand_off(0);
        let it = &self.scenes[0];
        it.says("Here I am.");
        self.until("the answer", || it.is_delivered("Here I am."));
    }

    fn hand_off(&self, number: usize) {
        let it = &self.scenes[number];
        let times = it.times_told("getting a colleague");
        it.customer.writes(&folder::call_for(number));
        self.until("the hand-off", || it.times_told("getting a colleague") > times && it.card_has(&OPEN));
    }

    fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + HANGS;
        while !is_so() {
            assert!(Instant::now() < end, "waited in vain for {what}\n{}", self.picture());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn picture(&self) -> String {
        let lines = self.scenes.iter().flat_map(|it| it.chat_lines().into_iter().chain(it.staff_lines()));
        let calls = self.discord.calls();
        let refused = calls.iter().filter(|call| call.status >= 400 || call.status == 0);
        let refused =
            refused.map(|call| format!("{} {} → {} {}", call.method, call.path, call.status, call.answer));
        lines.chain(refused).map(|line| format!("  {line}\n")).collect()
    }

    /// Another program writes to the store: until what is returned goes, nothing can be stored.
    fn holds_the_store(&self) -> Connection {
        let store = Connection::open(self.folder.path().join("bot.db")).expect("the store's file");
        store.busy_timeout(HANGS).expect("a time");
        store.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes for as long");
        store
    }

    /// Discord takes that within three seconds only.
    fn is_acknowledged(&self, press: u64) -> bool {
        self.discord.read(|state| state.interaction(press).is_some_and(|one| one.acknowledged.is_some()))
    }

    /// What stands in the channel of agents outside threads.
    fn in_channel(&self, number: usize, text: &str) -> bool {
        let it = &self.scenes[number];
        it.guild.thread(it.channel).iter().any(|shown| plain(&shown.text).contains(text))
    }

    /// What only the agent sees in the thread, in answer to a press or a command.
    fn hinted(&self, text: &str) -> bool {
        let it = &self.scenes[0];
        it.thread()
            .iter()
            .any(|shown| shown.only_for == Some(it.agent.id()) && plain(&shown.text).contains(text))
    }
}

/// What the bot has said in a place, in letters.
fn said(place: &Place) -> Vec<Shown> {
    let is_said = |shown: &Shown| shown.by_bot && shown.only_for.is_none() && WORDS.contains(&shown.kind);
    place.chat().into_iter().filter(is_said).collect()
}

fn has(place: &Place, text: &str) -> bool {
    said(place).iter().any(|shown| plain(&shown.text).contains(text))
}

// Customers.

#[test]
fn the_first_conversation() {
    let world = World::of(1).start_in("intents");
    let it = &world.scenes[0];
    for (says, told) in [
        ("hi", "What can I do for you?"),
        ("wheres my parcle", "Which order is it?"),
        ("ST-12345678", "Order 12345678"),
        ("actually 87654321", "Order 87654321"),
        ("is shipping free?", "€"),
        ("I want to talk to someone", "colleague"),
    ] {
        it.customer.writes(says);
        world.until(told, || it.is_told(told));
    }
}

#[test]
fn on_a_server_only_when_named() {
    let world = World::of(2).start();
    let [ann, ben] = &world.scenes[..] else { unreachable!() };
    let channel = ann.guild.new_channel("friends");
    let (ann, ben) = (ann.customer.in_channel(channel), ben.customer.in_channel(channel));
    let bot = world.discord.application_id();
    ann.writes("choose a colour");
    let named = ann.writes(&format!("<@{bot}> choose a colour"));
    world.until("an answer", || has(&ann, "Which colour"));
    let question = said(&ann)[0].clone();
    assert_eq!(question.reply_to, Some(named));
    assert!(question.pinged.is_empty(), "{question:?}");
    // What another one presses is not Ann's answer.
    ben.presses("Blue");
    ben.replies(question.id, "echo tock");
    world.until("an answer for Ben", || has(&ben, "How shall I say tock?"));
    ann.presses("Red");
    world.until("Ann's answer", || has(&ann, "Painted Red."));
    assert!(!has(&ann, "Painted Blue."));
    assert_eq!(said(&ann).iter().filter(|shown| shown.text.contains("Which colour")).count(), 1);
}

#[test]
fn each_customer_has_a_private_thread_in_a_channel_for_support() {
    let world = World::of(2);
    let support = world.scenes[0].guild.support_channel();
    let world = world.with("DISCORD_SUPPORT", support).start();
    let guild = &world.scenes[0].guild;
    let people = [0, 1].map(|number| &world.scenes[number].customer);
    for one in people {
        one.in_channel(support).writes("choose a colour");
    }
    let thread_of = |id: u64| {
        let mut threads = guild.threads();
        threads.retain(|thread| thread.parent == support && thread.members.contains(&id));
        assert!(threads.len() < 2, "{threads:#?}");
        threads.pop()
    };
    world.until("two threads", || people.iter().all(|one| thread_of(one.id()).is_some()));
    let threads = people.map(|one| thread_of(one.id()).unwrap());
    assert_ne!(threads[0].id, threads[1].id);
    assert!(threads.iter().all(|thread| thread.private), "{threads:#?}");
    let places = [0, 1].map(|number| people[number].in_channel(threads[number].id));
    for (place, colour) in places.iter().zip(["Red", "Blue"]) {
        world.until("the question", || has(place, "Which colour"));
        place.presses(colour);
        world.until("the answer", || has(place, &format!("Painted {colour}.")));
    }
    // Nobody sees the other's.
    assert_eq!(people[0].in_channel(threads[1].id).chat(), []);
    // The channel itself stays as it was.
    assert_eq!(said(&people[0].in_channel(support)), []);
    // A moderator deletes a thread: there is another one for what comes next.
    guild.deletes_channel(threads[0].id);
    people[0].in_channel(support).writes("echo tick");
    world.until("another thread", || {
        thread_of(people[0].id()).is_some_and(|thread| thread.id != threads[0].id)
    });
    let place = people[0].in_channel(thread_of(people[0].id()).unwrap().id);
    world.until("the answer in it", || has(&place, "How shall I say tick?"));
}

#[test]
fn a_thread_that_may_have_been_made_is_not_made_twice() {
    for what in [What::DropAfterEffect, What::StatusAfterEffect(500), What::TimeOutAfterEffect] {
        let world = World::of(1);
        let (support, guild) = (world.scenes[0].guild.support_channel(), world.scenes[0].guild.clone());
        let world = world.with("DISCORD_SUPPORT", support).start();
        world.discord.order(Fault::on("POST", THREADS, what.clone()).channel(support));
        let customer = &world.scenes[0].customer;
        customer.in_channel(support).writes("choose a colour");
        let threads =
            || guild.threads().into_iter().filter(|thread| thread.parent == support).collect::<Vec<_>>();
        world.until("a thread", || !threads().is_empty());
        let place = customer.in_channel(threads()[0].id);
        world.until("the question in it", || has(&place, "Which colour"));
        assert_eq!(threads().len(), 1, "{what:?}");
        assert_eq!(said(&place).len(), 1, "{what:?}");
    }
}

#[test]
fn more_than_five_answers_are_a_list() {
    let world = World::of(1).start();
    let it = &world.scenes[0];
    it.customer.writes("choose a size");
    world.until("the list", || it.told("Which size").iter().any(|shown| !shown.selects.is_empty()));
    let question = it.told("Which size")[0].clone();
    assert_eq!((question.labels().len(), question.buttons.len()), (6, 0), "{question:?}");
    it.customer.picks("Gigantic");
    world.until("the answer", || it.is_told("Size Gigantic it is."));
    it.customer.picks("Tiny");
    world.until("a kind word", || it.is_told("That one has expired."));
    assert!(!it.is_told("Size Tiny it is."));
}

#[test]
fn old_and_forged_buttons_of_a_customer() {
    let world = World::of(1).start();
    let it = &world.scenes[0];
    it.customer.writes("choose a colour");
    world.until("the question", || it.is_told("Which colour"));
    let question = it.told("Which colour")[0].clone();
    // Discord has waited too long for the acknowledgement: it counts all the same.
    world.discord.order(Fault::on("POST", CALLBACK, What::Code(404, 10062)));
    it.customer.presses("Red");
    world.until("the answer", || it.is_told("Painted Red."));
    let press = it.customer.presses_at(question.id, "Blue");
    world.until("a kind word", || it.is_told("That one has expired."));
    world.until("its acknowledgement", || world.is_acknowledged(press));
    let forged =
        ["b:999", "b:", "nonsense", "claim:1", "list:0"].map(|id| it.customer.presses_id(question.id, id));
    for press in forged {
        world.until("an acknowledgement of what is forged", || world.is_acknowledged(press));
    }
    it.customer.writes("echo tick");
    world.until("the next answer", || it.is_told("How shall I say tick?"));
    assert!(!it.is_told("Painted Blue."), "{}", world.picture());
}

#[test]
fn commands_in_two_languages() {
    let world = World::of(1).start();
    let it = &world.scenes[0];
    let max = world.discord.customer(77, "Max", "de");
    let descriptions = || {
        world.discord.read(|state| {
            let all = state.commands(None).to_vec();
            all.into_iter().find(|command| command["name"] == "human").unwrap_or_default()
        })
    };
    world.until("the menu", || !descriptions().is_null());
    let human = descriptions();
    assert_ne!(human["description_localizations"]["de"], human["description"], "{human}");
    for name in ["start", "help", "human", "forget"] {
        assert!(it.customer.offered().contains(&name.to_owned()), "{:?}", it.customer.offered());
    }
    it.customer.commands("help", &[]);
    world.until("help", || it.told("I can help with these").iter().any(|shown| !shown.labels().is_empty()));
    max.commands("human", &[]);
    world.until("German", || has(max.dm(), "Ich hole jemanden"));
}

#[test]
fn a_customer_who_takes_no_messages_and_comes_back() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.customer.closes_dms();
    it.says("Still there?");
    let reason = "NOT DELIVERED (the customer takes no direct messages from the bot)";
    world.until("the reason", || it.is_posted(reason));
    world.until("the mark", || it.is_marked("Still there?", FAILED));
    it.customer.opens_dms();
    it.says("Welcome back.");
    world.until("the next answer", || it.is_delivered("Welcome back."));
    assert!(!it.is_told("Still there?"));
}

#[test]
fn a_customer_who_leaves_the_server() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.customer.leaves_server();
    it.says("Still there?");
    world.until("the reason", || {
        it.is_posted("NOT DELIVERED (the customer is on no server with the bot any more)")
    });
    world.until("the mark", || it.is_marked("Still there?", FAILED));
    it.customer.joins_server();
    it.says("Welcome back.");
    world.until("the next answer", || it.is_delivered("Welcome back."));
}

#[test]
fn one_chat_that_must_wait_delays_no_other() {
    let world = World::of(3).start();
    let [first, rest @ ..] = &world.scenes[..] else { unreachable!() };
    let wait = What::TooManyRequests { seconds: 6.0, global: false };
    world.discord.order(Fault::on("POST", MESSAGES, wait).channel(first.customer.channel_id()));
    first.customer.writes("choose a colour");
    world.until("the refusal", || world.discord.faults().is_empty());
    for round in 1..=3 {
        for it in rest {
            it.customer.writes("choose a colour");
            world.until("the others' answers", || it.times_told("Which colour") >= round);
            it.customer.presses("Red");
            world.until("the others' answers", || it.times_told("Painted") >= round);
        }
    }
    assert!(!first.is_told("Which colour"), "it has waited no six seconds: the test shows nothing");
    world.until("the first one's answer", || first.is_told("Which colour"));
}

#[test]
fn a_limit_for_all_is_kept_and_passes() {
    let world = World::of(3).start();
    let wait = What::TooManyRequests { seconds: 3.0, global: true };
    world.discord.order(Fault::on("POST", MESSAGES, wait));
    for it in &world.scenes {
        it.customer.writes("choose a colour");
    }
    world.until("the refusal", || world.discord.faults().is_empty());
    world.until("all answers", || world.scenes.iter().all(|it| it.is_told("Which colour")));
    assert!(world.scenes.iter().all(|it| it.times_told("Which colour") == 1));
    let refused = world.discord.calls().iter().filter(|call| call.status == 429).count();
    assert!(refused <= 6, "asked {refused} times while nothing was to be asked\n{}", world.picture());
}

// Agents.

#[test]
fn an_agent_by_commands_alone() {
    let world = World::of(1);
    world.discord.lets_read_contents(false);
    let world = world.start();
    world.hand_off(0);
    let it = &world.scenes[0];
    let offered = || it.agent.in_channel(it.at().unwrap()).offered();
    world.until("the commands", || offered().contains(&"reply".to_owned()));
    it.commands("claim", &[]);
    world.until("the claim", || it.card_has(&TAKEN));
    it.commands("reply", &[("text", "You are *welcome*, @everyone.")]);
    world.until("the answer", || it.is_told("Ida: You are *welcome*, @\u{2060}everyone."));
    it.commands("note", &[("text", "a hard case")]);
    it.commands("why", &[]);
    world.until("the reason", || {
        it.thread().iter().any(|shown| plain(&shown.text).contains("connect me with desk"))
    });
    it.commands("back", &[]);
    world.until("the bot again", || it.is_told("back with me"));
    world.hand_off(0);
    it.commands("close", &[]);
    world.until("the end", || it.is_told("This conversation is closed.") && it.card_has(&[]));
    assert!(!it.is_told("a hard case"));
    assert!(it.thread().iter().all(|shown| shown.pinged.is_empty()));
}

/// Discord offers them on the whole server.
#[test]
fn agents_commands_elsewhere_are_answered_and_do_nothing() {
    let world = World::of(1);
    let support = world.scenes[0].guild.support_channel();
    let world = world.with("DISCORD_SUPPORT", support).start();
    world.hand_off(0);
    let it = &world.scenes[0];
    for place in [it.customer.in_channel(support), it.agent.in_channel(support)] {
        world.until("the commands", || place.offered().contains(&"close".to_owned()));
        place.commands("close", &[]);
        world.until("to be told", || has_hint(&place, "This command is for agents"));
    }
    it.says("Here I am.");
    world.until("the answer", || it.is_delivered("Here I am."));
    let threads = it.guild.threads();
    assert!(threads.iter().all(|thread| thread.parent != support), "{}", world.picture());
}

/// Discord takes no acknowledgement after three seconds.
#[test]
fn whoever_presses_is_answered_at_once_also_while_nothing_can_be_stored() {
    const NOTES: usize = 130;
    let world = World::of(1);
    let role = world.scenes[0].guild.role("Agents");
    let world = world.with("DISCORD_AGENTS", role).start();
    world.answered();
    let it = &world.scenes[0];
    let stranger = world.discord.customer(4711, "Sam", "en").in_channel(it.at().unwrap());
    it.customer.writes("choose a colour");
    world.until("the words", || it.is_posted("choose a colour"));
    let held = world.holds_the_store();
    // The intake is busy with this for as long.
    it.customer.writes("Are you there?");
    let mut presses: Vec<u64> = (0..NOTES)
        .map(|number| it.agent.commands(it.at().unwrap(), "note", &[("text", &format!("note {number}"))]))
        .collect();
    presses.extend([
        it.agent.commands(it.at().unwrap(), "reply", &[("text", "Right away.")]),
        it.agent.presses(it.at().unwrap(), "Close"),
        it.customer.commands("help", &[]),
        stranger.commands("claim", &[]),
    ]);
    for press in presses {
        world.until("an acknowledgement", || world.is_acknowledged(press));
    }
    assert!(has_hint(&stranger, "Only who has a role of an agent"), "{}", world.picture());
    assert!(!it.is_told("Right away."), "the store was not held: the test shows nothing");
    drop(held);
    world.until("the answer", || it.is_told("Right away.") && it.is_marked("/reply Right away.", "✅"));
    world.until("the end", || it.card_has(&[]));
    let shown = it.thread().iter().filter(|shown| shown.text.starts_with("/note note ")).count();
    assert_eq!(shown, NOTES, "{}", world.picture());
}

/// Which message shows a command is found again, though nobody has said it.
#[test]
fn a_command_whose_acknowledgement_is_in_doubt() {
    for what in [What::Status(500), What::StatusAfterEffect(500), What::DropBefore, What::DropAfterEffect] {
        let world = World::handed_off();
        let it = &world.scenes[0];
        world.discord.order(Fault::on("POST", CALLBACK, what.clone()));
        it.commands("reply", &[("text", "On my way.")]);
        world.until("the answer", || it.is_told("On my way."));
        world.until("its mark", || it.is_marked("/reply On my way.", "✅"));
        assert_eq!(it.times_told("On my way."), 1, "{what:?}");
    }
}

#[test]
fn what_is_asked_of_rights_delays_nobody() {
    let world = World::of(1).start();
    let it = &world.scenes[0];
    let hangs = Fault::on("GET", "/guilds/{guild_id}/roles", What::TimeOutAfterEffect);
    world.discord.order(hangs);
    it.guild.gives_permission_in(it.channel, VIEW_CHANNEL);
    world.until("the question", || world.discord.faults().is_empty());
    let since = Instant::now();
    it.customer.writes("choose a colour");
    world.until("the answer", || it.is_told("Which colour"));
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
}

/// Whether somebody is an agent must be asked of what was missed; that it can't be is not their fault.
#[test]
fn agents_words_of_meanwhile_count_though_discord_does_not_say_at_first_who_they_are() {
    let mut world = World::of(1);
    let role = world.scenes[0].guild.role("Agents");
    world.settings.push(("DISCORD_AGENTS", role.to_string()));
    let mut world = world.start();
    world.answered();
    world.serving = None;
    world.discord.gateway().forget_sessions();
    let it = &world.scenes[0];
    let asked = format!("/guilds/{}/members/{}", it.guild.id(), it.agent.id());
    world.discord.order(Fault::on("GET", &asked, What::Status(503)).times(3));
    it.says("Still here.");
    let world = world.start();
    let it = &world.scenes[0];
    world.until("the answer", || it.is_delivered("Still here."));
    world.until("each fault", || world.discord.faults().is_empty());
    assert!(!it.is_posted("Only who has a role of an agent"), "{}", world.picture());
}

#[test]
fn what_is_deleted_on_one_side_is_gone_or_told_on_the_other() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    let at = it.at().unwrap();
    let answer = it.says("A mistake.");
    world.until("the answer", || it.is_delivered("A mistake."));
    it.agent.deletes(at, answer);
    world.until("its end", || !it.is_told("A mistake."));
    let words = it.customer.writes("My number is 12345.");
    world.until("the words", || it.is_posted("My number is"));
    it.customer.deletes(words);
    world.until("the agent to be told", || it.is_posted("customer took back: My number is 12345."));
}

#[test]
fn only_who_has_the_role_is_an_agent() {
    let world = World::of(1);
    let role = world.scenes[0].guild.role("Agents");
    let world = world.with("DISCORD_AGENTS", role).start();
    world.hand_off(0);
    let (it, guild) = (&world.scenes[0], &world.scenes[0].guild);
    let at = it.at().unwrap();
    let stranger = world.discord.customer(4711, "Sam", "en");
    let stranger = stranger.in_channel(at);
    stranger.writes("I am no agent.");
    world.until("the stranger to be told", || it.is_posted("Only who has a role of an agent"));
    stranger.presses("Claim");
    world.until("the same of a press", || has_hint(&stranger, "Only who has a role of an agent"));
    assert!(it.card_has(&OPEN), "{}", world.picture());
    it.agent_presses("Claim");
    world.until("the claim", || it.card_has(&TAKEN));
    it.says("Here I am.");
    world.until("the answer", || it.is_delivered("Here I am."));
    // The role is taken away while the agent has the conversation.
    guild.takes_role(it.agent.id(), "Agents");
    it.says("Still me?");
    it.agent.presses(at, "Close");
    world.until("the agent to be told", || world.hinted("Only who has a role of an agent"));
    guild.gives_role(it.agent.id(), "Agents");
    it.says("Me again.");
    world.until("the next answer", || it.is_delivered("Me again."));
    assert!(!it.is_told("Still me?") && !it.is_told("I am no agent.") && !it.is_told("How was it"));
}

fn has_hint(place: &Place, text: &str) -> bool {
    place.chat().iter().any(|shown| shown.only_for.is_some() && plain(&shown.text).contains(text))
}

#[test]
fn a_thread_that_staff_delete_is_made_again_once() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.agent.deletes_thread(it.at().unwrap());
    it.customer.writes("Hello?");
    world.until("a new thread", || it.is_posted("customer: Hello?"));
    assert!(it.card().is_some(), "with its card\n{}", world.picture());
    assert_eq!(it.threads().len(), 1);
    it.says("Sorry for that.");
    world.until("the answer", || it.is_delivered("Sorry for that."));
    it.agent.deletes_thread(it.at().unwrap());
    it.customer.writes("Anyone?");
    world.until("the channel to be told", || world.in_channel(0, "its thread was deleted twice"));
    assert_eq!(it.threads().len(), 0);
}

#[test]
fn a_channel_that_is_deleted_while_another_one_is_there() {
    let world = World::of(2);
    let channels = [0, 1].map(|number| world.scenes[number].channel);
    let world = World { settings: Vec::new(), ..world };
    let staff = format!("team0={},team0={}", channels[0], channels[1]);
    let world = world.with("DISCORD_STAFF", staff).start();
    let it = &world.scenes[0];
    it.customer.writes(&folder::call_for(0));
    world.until("a thread", || world.scenes.iter().any(|scene| scene.card().is_some()));
    let gone = world.scenes.iter().position(|scene| scene.card().is_some()).unwrap();
    let left = &world.scenes[1 - gone];
    it.guild.deletes_channel(channels[gone]);
    it.customer.writes("Hello?");
    world.until("the words in the other channel", || left.is_posted("customer: Hello?"));
    assert!(left.card().is_some(), "without its card\n{}", world.picture());
    left.says("Here I am.");
    world.until("the answer", || it.is_told("Here I am."));
}

#[test]
fn a_bot_without_its_rights_says_so_and_goes_on_when_it_has_them() {
    let world = World::of(1).start();
    let it = &world.scenes[0];
    for right in [CREATE_PUBLIC_THREADS, CREATE_PRIVATE_THREADS] {
        it.guild.takes_permission_in(it.channel, right);
    }
    it.customer.writes(&folder::call_for(0));
    world.until("what is missing", || world.in_channel(0, "Create Public Threads"));
    assert!(it.is_told("getting a colleague"));
    it.guild.gives_permission_in(it.channel, CREATE_PUBLIC_THREADS);
    world.until("the card", || it.card_has(&OPEN));
    assert_eq!(it.threads().len(), 1);
}

#[test]
fn a_bot_that_sees_its_channel_no_more_goes_on_when_it_does() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.guild.takes_permission_in(it.channel, VIEW_CHANNEL);
    it.customer.writes("Hello?");
    let is_refused = || world.discord.calls().iter().any(|call| call.code() == Some(50001));
    world.until("the refusal", is_refused);
    it.guild.gives_permission_in(it.channel, VIEW_CHANNEL);
    world.until("the words", || it.is_posted("customer: Hello?"));
    it.says("Still here.");
    world.until("the answer", || it.is_delivered("Still here."));
}

#[test]
fn too_many_threads_put_the_oldest_away() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.says("/close");
    world.until("the end", || it.card_has(&[]) && it.is_told("How was it"));
    let old = it.at().unwrap();
    it.agent.archives_thread(old, false);
    world.discord.most_threads(1);
    let ben = world.discord.customer(4711, "Ben", "en");
    ben.writes(&folder::call_for(0));
    world.until("Ben's thread", || it.threads().len() == 2);
    let threads = it.threads();
    assert!(threads.iter().any(|thread| thread.id == old && thread.archived), "{threads:#?}");
    // All that are there are open: it is told, and goes on when there is room.
    let eve = world.discord.customer(4712, "Eve", "en");
    eve.writes(&folder::call_for(0));
    world.until("Eve's first word", || has(eve.dm(), "colleague"));
    world.discord.most_threads(5);
    world.until("Eve's thread", || it.threads().len() == 3);
}

#[test]
fn one_channel_that_must_wait_delays_no_other() {
    let world = World::of(2).start();
    let [first, second] = &world.scenes[..] else { unreachable!() };
    let wait = What::TooManyRequests { seconds: 6.0, global: false };
    world.discord.order(Fault::on("POST", THREADS, wait).channel(first.channel));
    first.customer.writes(&folder::call_for(0));
    world.until("the refusal", || world.discord.faults().is_empty());
    world.hand_off(1);
    second.says("Here I am.");
    world.until("the other's answer", || second.is_delivered("Here I am."));
    assert!(first.card().is_none(), "it has waited no six seconds: the test shows nothing");
    world.until("the first one's card", || first.card_has(&OPEN));
    assert_eq!(first.threads().len(), 1);
}

#[test]
fn an_agents_file_that_is_gone_before_the_customer_has_it() {
    let world = World::handed_off();
    let (it, at) = (&world.scenes[0], world.scenes[0].at().unwrap());
    let wait = What::TooManyRequests { seconds: 2.0, global: false };
    world.discord.order(Fault::on("POST", MESSAGES, wait).channel(it.customer.channel_id()));
    let file = it.agent.sends(at, &[File::new("form.pdf", b"a form")], "The form");
    world.until("the refusal", || world.discord.faults().is_empty());
    it.agent.deletes(at, file);
    it.says("Once more, later.");
    world.until("the answer", || it.is_delivered("Once more, later."));
    assert!(!it.is_told("The form"), "{}", world.picture());
}

#[test]
fn a_picture_that_is_gone_before_agents_have_it() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    let wait = What::TooManyRequests { seconds: 2.0, global: false };
    world.discord.order(Fault::on("POST", MESSAGES, wait).around(it.channel).after(1));
    let picture = it.customer.sends(&[File::new("leak.png", b"a picture")], "See here");
    world.until("the refusal", || world.discord.faults().is_empty());
    it.customer.deletes(picture);
    world.until("agents to be told", || {
        it.is_posted("1 file that can't be shown here: the file is not there any more")
    });
    it.says("I can't see it.");
    world.until("the answer", || it.is_delivered("I can't see it."));
}

#[test]
fn several_files_arrive_on_both_sides() {
    let world = World::handed_off();
    let (it, at) = (&world.scenes[0], world.scenes[0].at().unwrap());
    let files = ["a.png", "b.png", "c.txt"].map(|name| File::new(name, name.as_bytes()));
    it.customer.sends(&files, "Three files");
    let names = |chat: &[Shown]| {
        let of_bot = chat.iter().filter(|shown| shown.by_bot);
        of_bot.flat_map(|shown| shown.files.clone()).collect::<Vec<_>>()
    };
    world.until("the customer's files", || names(&it.thread()) == ["a.png", "b.png", "c.txt"]);
    it.agent.sends(at, &files, "Back to you");
    world.until("the agent's files", || names(&it.customer.chat()) == ["a.png", "b.png", "c.txt"]);
    assert_eq!(it.times_told("Back to you"), 1, "{}", world.picture());
}

#[test]
fn a_card_that_staff_delete_is_there_again() {
    let world = World::of(1).start();
    world.hand_off(0);
    let it = &world.scenes[0];
    it.agent.deletes(it.at().unwrap(), it.card().unwrap().id);
    it.says("/claim");
    world.until("a new card", || it.card_has(&TAKEN));
    it.agent_presses("Close");
    world.until("the end", || it.is_told("How was it") && it.card_has(&[]));
}

#[test]
fn what_an_agent_replies_to_and_deletes_meanwhile() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.answers("Here I am.", "Who are you?");
    world.until("the words", || it.is_posted("Who are you?"));
    // The customer's message is gone when the answer to it is sent.
    let wait = What::TooManyRequests { seconds: 2.0, global: false };
    world.discord.order(Fault::on("POST", MESSAGES, wait).channel(it.customer.channel_id()));
    it.agent_answers("Who are you?", "I am Ida.");
    world.until("the refusal", || world.discord.faults().is_empty());
    let question = it.customer.chat().into_iter().find(|shown| shown.text == "Who are you?").unwrap();
    it.customer.deletes(question.id);
    world.until("the answer", || it.is_delivered("I am Ida."));
}

#[test]
fn a_message_that_is_gone_when_the_customer_quotes_it() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    let told = it.told("Here I am.")[0].id;
    // The agent's message goes while the customer's copy can't be deleted.
    let own = it.posted("Here I am.").unwrap().id;
    let gone = What::Code(403, 50013);
    world.discord.order(Fault::on("DELETE", "/channels/{channel_id}/messages/{message_id}", gone));
    it.agent.deletes(it.at().unwrap(), own);
    it.customer.replies(told, "What did you say?");
    world.until("the words", || it.is_posted("What did you say?"));
}

#[test]
fn a_button_of_an_old_ticket() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    let (at, card) = (it.at().unwrap(), it.card().unwrap().id);
    it.says("/back");
    world.until("the bot again", || it.is_told("back with me") && it.card_has(&[]));
    world.hand_off(0);
    it.agent.in_channel(at).presses_id(card, "close:1");
    world.until("a kind word", || world.hinted("This card is out of date: it is #2 now."));
    assert!(it.card_has(&OPEN), "{}", world.picture());
}

#[test]
fn a_thread_that_was_put_away_or_locked() {
    let world = World::handed_off();
    let (it, at) = (&world.scenes[0], world.scenes[0].at().unwrap());
    it.agent.archives_thread(at, true);
    it.customer.writes("Still there?");
    world.until("the words", || it.is_posted("customer: Still there?"));
    it.agent.locks_thread(at, true);
    it.customer.writes("And now?");
    world.until("the words in a locked thread", || it.is_posted("customer: And now?"));
    it.agent.locks_thread(at, false);
    it.says("Yes.");
    world.until("the answer", || it.is_delivered("Yes."));
    it.says("/close");
    world.until("it is put away", || it.threads().iter().any(|thread| thread.id == at && thread.archived));
}

#[test]
fn each_team_has_its_channel() {
    let world = World::of(2).start();
    world.hand_off(1);
    assert_eq!(world.scenes[0].threads().len(), 0);
    world.hand_off(0);
    assert_eq!(world.scenes.iter().map(|it| it.threads().len()).collect::<Vec<_>>(), [1, 1]);
}

/// What can't be mended by trying again ends the program, with what to do.
#[test]
fn a_bot_that_may_not_connect_any_more_ends() {
    for (code, remedy) in [(4004, "Reset Token"), (4014, "Privileged Gateway Intents")] {
        let mut world = World::of(1).start();
        world.discord.socket(SocketFault::Close(code));
        let mut serving = world.serving.take().unwrap();
        serving.wait_for_log(remedy);
        assert!(!serving.wait().success());
    }
}

/// Nothing that fails at the start keeps the bot from coming up.
#[test]
fn a_start_that_fails_at_first() {
    for what in [
        What::TooManyRequests { seconds: 1.0, global: false },
        What::TooManyRequests { seconds: 1.0, global: true },
        What::Status(502),
        What::StatusAfterEffect(500),
        What::DropBefore,
        What::DropAfterEffect,
    ] {
        println!("{what:?}");
        let world = World::of(1);
        for (method, route) in [
            ("GET", "/users/@me"),
            ("GET", "/applications/@me"),
            ("GET", "/gateway/bot"),
            ("GET", "/channels/{channel_id}"),
            ("PUT", "/applications/{application_id}/commands"),
            ("PUT", "/applications/{application_id}/guilds/{guild_id}/commands"),
        ] {
            world.discord.order(Fault::on(method, route, what.clone()));
        }
        let world = world.start();
        world.hand_off(0);
        world.until("each fault", || world.discord.faults().is_empty());
    }
}

/// So many topics more than the folder has: the last has a title that no button shows whole.
fn with_topics(world: &World, count: usize) {
    let long = format!("Topic 40, {}", "which goes on and on ".repeat(10));
    let topic = |nth| {
        let title = if nth == 40 { long.trim_end().to_owned() } else { format!("Topic {nth}") };
        format!("  topic{nth}: {{ title: '{title}', examples: [about {nth}], say: This is {nth}. }}\n")
    };
    let yaml = format!("intents:\n{}", (1..=count).map(topic).collect::<String>());
    std::fs::write(world.folder.path().join("topics.yaml"), yaml).expect("the folder can be written");
}

#[test]
fn all_topics_are_found_however_many() {
    let world = World::of(1);
    with_topics(&world, 40);
    let world = world.start();
    let it = &world.scenes[0];
    let (first, more) = ("I can help with these. Choose one", "I can help with these, too.");
    let is_offered = |name: &str| it.customer.offered().contains(&name.to_owned());
    world.until("the menu", || is_offered("topics"));
    it.customer.commands("topics", &[]);
    world.until("the first page", || it.is_told(first));
    let mut seen = Vec::new();
    for page in 0..3 {
        world.until("the page", || it.times_told(more) == page);
        let shown = it.told("I can help with these").pop().expect("a page");
        let [list] = &shown.selects[..] else { panic!("one list: {shown:?}") };
        assert!(list.options.len() <= 25, "{shown:?}");
        seen.extend(list.options.iter().map(|(label, _)| label.clone()).filter(|label| label != "More"));
        if page < 2 {
            it.customer.picks("More");
        }
    }
    for nth in 1..40 {
        assert!(seen.contains(&format!("Topic {nth}")), "{seen:?}");
    }
    let long = seen.iter().find(|label| label.starts_with("Topic 40, which")).expect("the long title");
    assert!(long.ends_with('…') && long.chars().count() <= 100, "{long}");
    it.customer.picks(long);
    world.until("its answer", || it.is_told("This is 40."));
    let max = world.discord.customer(77, "Max", "de");
    for name in ["hilfe", "mensch", "vergessen", "themen"] {
        assert!(max.offered().contains(&name.to_owned()), "{:?}", max.offered());
    }
    max.commands("themen", &[]);
    world.until("German", || has(max.dm(), "Dabei kann ich helfen"));
}
