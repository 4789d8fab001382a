//! What goes wrong in life with customers, agents and groups, one story each: the real program and the stand-in for Telegram. It is
//! held against what people see.
//!
//! What it is not: requests that fail by chance; those are in `telegram_faults`.
#![cfg(unix)]
use std::time::{Duration, Instant};

use bot_tests::Bot;
use bot_tests::serving::Serving;
use bot_tests::telegram::{Fault, GENERAL, Group, Media, Pressed, Rights, Shown, Telegram, What};
use bot_tests::telegram_faults::{Scene, folder};
use serde_json::json;
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_telegram-under-test"));
const OPEN: [&str; 3] = ["Claim", "Hand back", "Close"];
const TAKEN: [&str; 2] = ["Hand back", "Close"];

/// Waiting that long means that it never comes.
const HANGS: Duration = Duration::from_secs(60);

/// A Telegram with people, and the program.
struct World {
    telegram: Telegram,
    scenes: Vec<Scene>,
    folder: TempDir,
    serving: Option<Serving>,
}

impl World {
    /// So many customers, each with a team and its group. The program does not run yet.
    fn of(count: usize) -> World {
        let telegram = Telegram::start().without_pace();
        let folder = TempDir::new().expect("a folder");
        folder::write(folder.path(), count);
        let scenes = (0..count).map(|number| Scene::new(&telegram, number)).collect();
        World { telegram, scenes, folder, serving: None }
    }

    fn start_with(&mut self, staff: &str, unpaced: bool) {
        let (folder, store) =
            (self.folder.path().to_str().expect("a plain name"), self.folder.path().join("bot.db"));
        let mut command = Serving::on_telegram(BOT, folder, &store, &self.telegram);
        command.env("TELEGRAM_STAFF", staff);
        if !unpaced {
            command.env_remove("BOT_UNPACED");
        }
        self.serving = Some(Serving::start(command));
    }

    fn start(mut self) -> World {
        let staff: Vec<String> = self.scenes.iter().map(Scene::staff).collect();
        self.start_with(&staff.join(","), true);
        self
    }

    /// The first customer has been handed off and answered.
    fn handed_off() -> World {
        let world = World::of(1).start();
        world.hand_off(0);
        let it = &world.scenes[0];
        it.agent_writes("Here I am.");
        world.until("the answer", || it.is_delivered("Here I am."));
        world
    }

    fn hand_off(&self, number: usize) {
        let it = &self.scenes[number];
        let times = it.told("getting a colleague").len();
        it.customer.writes(&folder::call_for(number));
        self.until("the hand-off", || it.told("getting a colleague").len() > times && it.card_has(&OPEN));
    }

    fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + HANGS;
        while !is_so() {
            assert!(Instant::now() < end, "waited in vain for {what}\n{}", self.picture());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn picture(&self) -> String {
        let lines = self.scenes.iter().flat_map(|it| it.chat_lines().into_iter().chain(it.group_lines()));
        lines.map(|line| format!("  {line}\n")).collect()
    }

    /// What is shown to the one who has pressed.
    fn answer(&self, press: &str) -> Option<String> {
        let answer = |state: &bot_tests::telegram::State| state.press(press)?.answer.clone();
        let Pressed { text, .. } = self.telegram.wait("an answer to the press", answer);
        text
    }

    /// What stands in the group outside topics.
    fn general(&self, number: usize, text: &str) -> bool {
        in_general(&self.scenes[number].group, text)
    }
}

fn in_general(group: &Group, text: &str) -> bool {
    group.topic(GENERAL).iter().any(|shown| shown.text.contains(text))
}

fn is_marked(it: &Scene, text: &str, mark: &str) -> bool {
    it.thread().iter().any(|shown| shown.text == text && shown.reaction.as_deref() == Some(mark))
}

fn has_media(chat: &[Shown], by_bot: bool) -> usize {
    chat.iter().filter(|shown| shown.by_bot == by_bot && shown.media.is_some()).count()
}

#[test]
fn a_customer_who_blocks_the_bot_and_comes_back() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.customer.blocks();
    it.agent_writes("Still there?");
    world.until("the reason", || it.posted("NOT DELIVERED (the customer has blocked the bot)").is_some());
    world.until("the mark", || is_marked(it, "Still there?", "👎"));
    it.customer.unblocks();
    it.agent_writes("Welcome back.");
    world.until("the next answer", || it.is_delivered("Welcome back."));
    assert!(!it.is_told("Still there?"));
}

#[test]
fn an_account_that_is_gone() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.customer.deactivates();
    it.agent_writes("Still there?");
    world.until("the reason", || it.posted("NOT DELIVERED (the customer's account is gone)").is_some());
    world.until("the mark", || is_marked(it, "Still there?", "👎"));
}

#[test]
fn one_chat_that_must_wait_delays_no_other() {
    let world = World::of(3).start();
    let [first, rest @ ..] = &world.scenes[..] else { unreachable!() };
    world.telegram.order(Fault::on("sendMessage", What::TooManyRequests(6)).chat(first.customer.id()));
    first.customer.writes("choose a colour");
    world.until("the refusal", || world.telegram.faults().is_empty());
    for round in 1..=3 {
        for it in rest {
            it.customer.writes("choose a colour");
            world.until("the others' answers", || it.told("Which colour").len() >= round);
            it.customer.presses("Red");
            world.until("the others' answers", || it.told("Painted").len() >= round);
        }
    }
    assert!(!first.is_told("Which colour"), "it has waited no six seconds: the test shows nothing");
    world.until("the first one's answer", || first.is_told("Which colour"));
}

#[test]
fn one_group_that_must_wait_delays_no_other() {
    let world = World::of(2).start();
    let [first, second] = &world.scenes[..] else { unreachable!() };
    let group = first.group.id();
    world.telegram.order(Fault::on("createForumTopic", What::TooManyRequests(6)).chat(group));
    first.customer.writes(&folder::call_for(0));
    world.until("the refusal", || world.telegram.faults().is_empty());
    world.hand_off(1);
    second.agent_writes("Here I am.");
    world.until("the other's answer", || second.is_delivered("Here I am."));
    assert!(first.card().is_none(), "it has waited no six seconds: the test shows nothing");
    world.until("the first one's card", || first.card_has(&OPEN));
    assert_eq!(first.group.topics().len(), 1);
}

#[test]
fn a_topic_that_staff_delete_is_made_again_once() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    let delete = || it.agent.deletes_topic(it.topic().unwrap().id);
    delete();
    it.customer.writes("Hello?");
    world.until("a new topic", || it.posted("customer: Hello?").is_some());
    assert!(it.card().is_some(), "with its card\n{}", world.picture());
    assert_eq!(it.group.topics().len(), 1);
    it.agent_writes("Sorry for that.");
    world.until("the answer", || it.is_delivered("Sorry for that."));
    delete();
    it.customer.writes("Anyone?");
    world.until("the room to be told", || world.general(0, "its thread was deleted twice"));
    assert_eq!(it.group.topics().len(), 0);
}

#[test]
fn a_group_that_gets_another_id() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    let topic = it.topic().unwrap().id;
    let moved = world.telegram.group_at(it.group.migrates());
    it.customer.writes("Hello?");
    let is_there = |text: &str| moved.topic(topic).iter().any(|shown| shown.text.contains(text));
    world.until("the words in the new group", || is_there("customer: Hello?"));
    moved.agent(it.agent.id(), "Ida").writes(topic, "We have moved.");
    world.until("the answer", || it.is_told("We have moved."));
}

#[test]
fn a_bot_without_its_rights_says_so_and_goes_on_when_it_has_them() {
    let world = World::of(1).start();
    let it = &world.scenes[0];
    it.group.demotes_bot(Rights { manage_topics: false, ..Rights::ALL });
    it.customer.writes(&folder::call_for(0));
    world.until("what is missing", || world.general(0, "allow Manage Topics"));
    assert!(it.is_told("getting a colleague"));
    it.group.promotes_bot();
    world.until("the card", || it.card_has(&OPEN));
    assert_eq!(it.group.topics().len(), 1);
}

#[test]
fn a_group_that_the_bot_was_thrown_out_of() {
    let mut world = World::of(2);
    let [gone, left] = [0, 1].map(|number| world.scenes[number].group.clone());
    let staff = format!("team0={},team0={}", gone.id(), left.id());
    world.start_with(&staff, true);
    let menus =
        |state: &bot_tests::telegram::State| (state.calls_of("setMyCommands").count() > 3).then_some(());
    world.telegram.wait("the start", menus);
    gone.kicks_bot();
    for it in &world.scenes {
        it.customer.writes(&folder::call_for(0));
    }
    world.until("both tickets in the other group", || left.topics().len() == 2);
    assert_eq!(gone.topics().len(), 0);
}

#[test]
fn a_ticket_in_a_group_that_throws_the_bot_out() {
    let mut world = World::of(2);
    let groups = [0, 1].map(|number| world.scenes[number].group.clone());
    let staff = format!("team0={},team0={}", groups[0].id(), groups[1].id());
    world.start_with(&staff, true);
    let it = &world.scenes[0];
    it.customer.writes(&folder::call_for(0));
    let has_topic = |group: &&Group| group.topics().len() == 1;
    world.until("a topic", || groups.iter().any(|group| has_topic(&group)));
    let gone = groups.iter().position(|group| has_topic(&group)).unwrap();
    let (left, agent) = (&groups[1 - gone], &world.scenes[1 - gone].agent);
    groups[gone].kicks_bot();
    it.customer.writes("Hello?");
    let topic = || left.topics().first().map(|topic| topic.id);
    let is_there = |text: &str| {
        topic().is_some_and(|topic| left.topic(topic).iter().any(|shown| shown.text.contains(text)))
    };
    world.until("the words in the other group", || is_there("customer: Hello?"));
    assert!(is_there("reason    wants a person"), "without its card\n{}", world.picture());
    agent.writes(topic().unwrap(), "Here I am.");
    world.until("the answer", || it.is_told("Here I am."));
}

#[test]
fn without_its_rights_the_bot_still_writes_where_it_may() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.group.demotes_bot(Rights::NONE);
    it.customer.writes("Hello?");
    world.until("the words", || it.posted("customer: Hello?").is_some());
    it.group.promotes_bot();
    it.agent_writes("Still here.");
    world.until("the answer", || it.is_delivered("Still here."));
}

#[test]
fn an_agents_file_that_is_gone_before_the_customer_has_it() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    world.telegram.order(Fault::on("copyMessage", What::TooManyRequests(2)).chat(it.customer.id()));
    let file = it.agent.sends(it.topic().unwrap().id, Media::Document, "The form");
    world.until("the refusal", || world.telegram.faults().is_empty());
    it.agent.deletes(file);
    world.until("the agent to be told", || it.posted("NOT DELIVERED").is_some());
    it.agent_writes("Once more, later.");
    world.until("the answer", || it.is_delivered("Once more, later."));
}

#[test]
fn a_group_without_topics() {
    let world = World::of(1).start();
    let it = &world.scenes[0];
    it.group.has_topics(false);
    it.customer.writes(&folder::call_for(0));
    world.until("the room to be told", || world.general(0, "This room can't be used as it should"));
    assert!(it.is_told("getting a colleague"));
    it.customer.writes("stop");
    world.until("the bot again", || it.is_told("I'm with you again."));
}

#[test]
fn a_picture_that_is_gone_before_agents_have_it() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    world.telegram.order(Fault::on("copyMessage", What::TooManyRequests(2)).chat(it.group.id()));
    let picture = it.customer.sends(Media::Photo, "See here");
    world.until("the refusal", || world.telegram.faults().is_empty());
    it.customer.deletes(picture);
    world.until("agents to be told", || it.posted("1 file that can't be shown here: ").is_some());
    it.agent_writes("I can't see it.");
    world.until("the answer", || it.is_delivered("I can't see it."));
}

#[test]
fn a_card_that_staff_delete_is_there_again() {
    let world = World::of(1).start();
    world.hand_off(0);
    let it = &world.scenes[0];
    it.agent.deletes(it.card().unwrap().id);
    it.agent_writes("/claim");
    world.until("a new card", || it.card_has(&TAKEN));
    it.agent_presses("Close");
    world.until("the end", || it.is_told("How was it") && it.card_has(&[]));
}

#[test]
fn who_has_left_the_group_presses_in_vain() {
    let world = World::of(1).start();
    world.hand_off(0);
    let it = &world.scenes[0];
    it.agent.leaves();
    let press = it.agent.presses(it.card().unwrap().id, "Close");
    assert_eq!(world.answer(&press).as_deref(), Some("You are not in this group any more."));
    it.agent.joins();
    let press = it.agent.presses(it.card().unwrap().id, "Claim");
    assert_eq!(world.answer(&press).as_deref(), Some("#1 is yours."));
    assert!(!it.is_told("How was it"));
}

#[test]
fn what_agents_forward_is_not_sent() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.agent.forwards(it.topic().unwrap().id, "Bob", "a secret");
    world.until("the hint", || it.posted("Forwards and messages of bots are not sent").is_some());
    it.agent_writes("Just a moment.");
    world.until("the answer", || it.is_delivered("Just a moment."));
    assert!(!it.is_told("a secret"));
}

#[test]
fn an_administrator_who_stays_anonymous() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    it.agent.anonymous();
    it.agent_writes("I am the team.");
    world.until("the answer", || it.is_told("I am the team."));
    assert!(!it.told("I am the team.")[0].text.contains("Ida"), "{}", world.picture());
}

#[test]
fn a_button_of_an_old_ticket() {
    let world = World::handed_off();
    let it = &world.scenes[0];
    let card = it.card().unwrap().id;
    it.agent_writes("/back");
    world.until("the bot again", || it.is_told("back with me") && it.card_has(&[]));
    world.hand_off(0);
    let press = it.agent.presses_data(card, "close:1");
    assert_eq!(world.answer(&press).as_deref(), Some("This card is out of date: it is #2 now."));
    assert!(it.card_has(&OPEN), "{}", world.picture());
}

#[test]
fn old_buttons_of_a_customer() {
    let world = World::of(1).start();
    let it = &world.scenes[0];
    it.customer.writes("choose a colour");
    world.until("the question", || it.is_told("Which colour"));
    let question = it.told("Which colour")[0].clone();
    // Telegram has waited too long for the answer to the press: it counts all the same.
    let old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    world.telegram.order(Fault::on("answerCallbackQuery", What::Refuse(400, old.to_owned())));
    it.customer.presses("Red");
    world.until("the answer", || it.is_told("Painted Red."));
    let press = it.customer.presses_data(question.id, question.buttons[1].data.as_deref().unwrap());
    world.until("a kind word", || it.is_told("That one has expired."));
    world.answer(&press);
    for forged in ["b:999", "b:", "nonsense", "claim:1"] {
        let press = it.customer.presses_data(question.id, forged);
        world.answer(&press);
    }
    assert!(!it.is_told("Painted Blue."), "{}", world.picture());
}

#[test]
fn albums_arrive_whole_on_both_sides() {
    let mut world = World::of(1);
    let staff = world.scenes[0].staff();
    world.start_with(&staff, false);
    world.hand_off(0);
    let it = &world.scenes[0];
    it.customer.sends_album(3, "Three pictures");
    world.until("the customer's pictures", || has_media(&it.thread(), true) == 3);
    let thread = it.thread();
    let albums: Vec<_> =
        thread.iter().filter(|shown| shown.media.is_some()).map(|shown| &shown.album).collect();
    assert!(albums[0].is_some() && albums.iter().all(|album| *album == albums[0]), "{}", world.picture());
    it.agent.sends_album(it.topic().unwrap().id, 3, "Three forms");
    world.until("the agent's pictures", || has_media(&it.customer.chat(), true) == 3);
    assert_eq!(it.told("Three forms").len(), 1, "{}", world.picture());
}

#[test]
fn in_a_group_only_when_addressed() {
    let world = World::of(1).start();
    let (it, friends) = (&world.scenes[0], world.telegram.group(-777, "Friends"));
    it.customer.writes_in(&friends, "choose a colour");
    let addressed = it.customer.writes_in(&friends, "@shop_test_bot choose a colour");
    let said = || friends.chat().into_iter().filter(|shown| shown.by_bot).collect::<Vec<_>>();
    world.until("an answer in the group", || !said().is_empty());
    it.customer.writes("/start");
    world.until("an answer", || it.is_told("Hello"));
    let said = said();
    assert_eq!(said.len(), 1, "{said:#?}");
    assert_eq!(said[0].reply_to, Some(addressed), "{said:#?}");
    assert!(said[0].text.contains("Which colour"), "{said:#?}");
}

#[test]
fn menus_in_each_language_and_for_agents() {
    let world = World::of(1).start();
    let group = world.scenes[0].group.id();
    let default = json!({"type": "default"});
    for (scope, language, has) in [
        (&default, "", "\"forget\""),
        (&default, "de", "\"forget\""),
        (&json!({"type": "chat", "chat_id": group}), "", "\"claim\""),
    ] {
        world.telegram.wait(&format!("the menu {scope} {language:?} with {has}"), |state| {
            state.commands(scope, language).filter(|menu| menu.to_string().contains(has)).map(|_| ())
        });
    }
}

#[test]
fn each_team_has_its_group() {
    let world = World::of(2).start();
    world.hand_off(1);
    assert_eq!(world.scenes[0].group.topics().len(), 0);
    world.hand_off(0);
    assert_eq!(world.scenes.iter().map(|it| it.group.topics().len()).collect::<Vec<_>>(), [1, 1]);
}

/// Nothing that fails at the start keeps the bot from coming up.
#[test]
fn a_start_that_fails_at_first() {
    for what in [
        What::TooManyRequests(1),
        What::Status(502),
        What::StatusAfterEffect(500),
        What::DropBefore,
        What::DropAfterEffect,
    ] {
        println!("{what:?}");
        let world = World::of(1);
        for method in ["getMe", "deleteWebhook", "setMyCommands", "getUpdates"] {
            world.telegram.order(Fault::on(method, what.clone()));
        }
        let world = world.start();
        world.hand_off(0);
        world.until("each fault", || world.telegram.faults().is_empty());
    }
}

#[test]
fn all_topics_are_found_however_many() {
    let world = World::of(1);
    let long = format!("Topic 40, {}", "which goes on and on ".repeat(10));
    let topic = |nth| {
        let title = if nth == 40 { long.trim_end().to_owned() } else { format!("Topic {nth}") };
        format!("  topic{nth}: {{ title: '{title}', examples: [about {nth}], say: This is {nth}. }}\n")
    };
    let yaml = format!("intents:\n{}", (1..=40).map(topic).collect::<String>());
    std::fs::write(world.folder.path().join("topics.yaml"), yaml).expect("the folder can be written");
    let world = world.start();
    let it = &world.scenes[0];
    let is_listed = |state: &bot_tests::telegram::State| {
        let listed =
            |call: &&bot_tests::telegram::Call| call.parameter("commands").to_string().contains("topics");
        state.calls_of("setMyCommands").find(listed).map(drop)
    };
    world.telegram.wait("the menu", is_listed);
    it.customer.writes("/topics");
    let mut seen = Vec::new();
    for page in 0..3 {
        world.until("the page", || it.told("I can help with these").len() == page + 1);
        let shown = it.told("I can help with these").pop().expect("a page");
        assert!(shown.labels().len() <= 21, "{:?}", shown.labels());
        seen.extend(shown.labels().into_iter().map(str::to_owned).filter(|label| label != "More"));
        if page < 2 {
            it.customer.presses("More");
        }
    }
    for nth in 1..40 {
        assert!(seen.contains(&format!("Topic {nth}")), "{seen:?}");
    }
    let long = seen.iter().find(|label| label.starts_with("Topic 40, which")).expect("the long title");
    assert!(long.ends_with('…') && long.chars().count() <= 64, "{long}");
    it.customer.presses(long);
    world.until("its answer", || it.is_told("This is 40."));
}
