//! What stands in threads after what happened.
use bot_runtime::store::{Fate, Store};

use crate::wall::Wall;
use crate::world::{World, at, room};

#[tokio::test(start_paused = true)]
async fn a_ticket_gets_a_thread_with_its_card() {
    let mut world = World::new();
    world.customer("Ben", "when are you open").await;
    world.customer("Ann", "when are you open").await;
    world.customer("Ann", "my bill is wrong").await;
    world.customer("Ann", "hello?").await;
    world.rests().await;
    let (_, thread) = world.thread();
    assert_eq!(thread.title, "#1 Ann");
    let card = &thread.shown[0];
    assert!(card.text.starts_with("#1, billing, waiting since"), "{}", card.text);
    assert!(card.text.contains("customer: when are you open"), "{}", card.text);
    let buttons: Vec<_> = card.buttons.iter().map(|button| (&*button.data, &*button.label)).collect();
    assert_eq!(buttons, [("claim:1", "Claim"), ("back:1", "Hand back"), ("close:1", "Close")]);
    assert_eq!(thread.shown.len(), 2);
    assert!(thread.shown[1].text.ends_with("customer: hello?"), "{}", thread.shown[1].text);
}

#[tokio::test(start_paused = true)]
async fn an_agent_answers_and_sees_that_it_has_arrived() {
    let mut world = World::new();
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let (place, _) = world.thread();
    world.agent(&place, "Kim", "Which bill?").await;
    world.customer("Ann", "the last one").await;
    world.rests().await;
    let (_, thread) = world.thread();
    assert_eq!(world.got("Ann"), ["Kim: Which bill?"]);
    assert_eq!(world.texts(), ["> Which bill?", "customer: the last one"]);
    assert_eq!(thread.shown[1].mark, Some(Fate::Sent));
    assert!(thread.shown[0].text.starts_with("#1, billing, Kim has it"), "{}", thread.shown[0].text);
    let buttons: Vec<_> = thread.shown[0].buttons.iter().map(|button| &*button.label).collect();
    assert_eq!(buttons, ["Hand back", "Close"]);
}

#[tokio::test(start_paused = true)]
async fn what_the_bot_and_the_customer_talk_about_alone_is_not_shown() {
    let mut world = World::new();
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let (place, _) = world.thread();
    world.agent(&place, "Kim", "Let me see.").await;
    world.agent(&place, "Kim", "/close").await;
    world.customer("Ann", "when are you open").await;
    world.rests().await;
    assert_eq!(world.texts(), ["> Let me see.", "> /close", "(closed)"]);
    let (_, thread) = world.thread();
    assert!(thread.shown[0].text.starts_with("#1, billing, closed"), "{}", thread.shown[0].text);
    assert!(thread.shown[0].buttons.is_empty());

    world.customer("Ann", "I have a problem").await;
    world.customer("Ann", "a big one").await;
    world.rests().await;
    let (_, thread) = world.thread();
    assert_eq!(thread.title, "#2 Ann", "the same thread");
    let texts: Vec<_> = thread.shown.iter().skip(4).map(|shown| shown.text.lines().next().unwrap()).collect();
    assert!(texts[0].starts_with("#2, support, waiting"), "{texts:?}");
    assert_eq!(texts.len(), 2);
    assert!(thread.shown[5].text.contains("customer: a big one"));
    assert!(thread.shown[4].text.contains("when are you open"), "the card has it");
}

#[tokio::test(start_paused = true)]
async fn news_are_coalesced_while_the_budget_is_used_up() {
    let mut world = World::with(Wall::bearing(3), vec![room("room", None)]);
    world.customer("Ann", "my bill is wrong").await;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    for number in 0..30 {
        world.customer("Ann", &format!("word {number}")).await;
    }
    world.rests().await;
    let texts = world.texts();
    let all: Vec<_> =
        texts.iter().flat_map(|text| text.lines()).filter(|line| line.starts_with("customer")).collect();
    let want: Vec<_> = (0..30).map(|number| format!("customer: word {number}")).collect();
    assert_eq!(all, want);
    assert!(texts.len() <= 4, "{texts:?}");
    assert!(world.wall.most() <= 3);
}

#[tokio::test(start_paused = true)]
async fn a_long_message_is_shown_in_parts() {
    let mut world = World::new();
    world.customer("Ann", "my bill is wrong").await;
    let words: Vec<_> = (0..200).map(|number| format!("word{number}")).collect();
    world.customer("Ann", &words.join(" ")).await;
    world.customer("Ann", "and that").await;
    world.rests().await;
    let texts = world.texts();
    assert!(texts.len() > 3, "{texts:?}");
    let shown: Vec<String> = texts.join(" ").split_whitespace().map(str::to_owned).collect();
    let shown: Vec<_> = shown.iter().filter(|word| word.starts_with("word")).cloned().collect();
    assert_eq!(shown, words);
    assert_eq!(texts.last().unwrap(), "customer: and that");
}

#[tokio::test(start_paused = true)]
async fn files_before_and_after_the_hand_off_are_shown() {
    let mut world = World::asleep(Wall::default(), vec![room("room", None)]);
    world.sends("Ann", &["file1", "file2"], "").await;
    world.customer("Ann", "my bill is wrong").await;
    world.customer("Ann", "look").await;
    world.sends("Ann", &["file3"], "").await;
    world.sends("Ann", &["file4"], "the back").await;
    world.sends("Ann", &["elsewhere"], "").await;
    world.customer("Ann", "seen?").await;
    world.wakes();
    world.rests().await;
    let texts: Vec<_> = world.texts().iter().map(|text| text.lines().last().unwrap().to_owned()).collect();
    let want = [
        "<file1>",
        "<file2>",
        "customer: look",
        "<file3>",
        "customer: [picture] the back",
        "<file4>",
        "customer: seen?",
    ];
    assert_eq!(texts, want);
    let thread = world.thread().1;
    let last = &thread.shown.last().unwrap().text;
    assert_eq!(last, "(the customer sent 1 file that can't be shown here: never)\ncustomer: seen?");
}

#[tokio::test(start_paused = true)]
async fn quotes_edits_and_what_is_taken_back_reply_to_their_twin() {
    let mut world = World::new();
    world.customer("Ann", "my bill is wrong").await;
    world.customer("Ann", "one").await;
    world.rests().await;
    let (place, thread) = world.thread();
    let one = thread.shown[1].id.clone();
    let answer = world.replies(&place, "Kim", "Which one?", Some(&one)).await;
    world.rests().await;
    assert_eq!(world.got("Ann"), ["Kim: Which one? ^Ann/one"]);
    let twin = last_sent(&world).await;
    world.quotes("Ann", "this", &twin).await;
    world.edits("Ann", "one", "two").await;
    world.edits("Ann", "one", "three").await;
    world.takes_back("Ann", "one").await;
    world.rests().await;
    let shown: Vec<_> =
        world.thread().1.shown.into_iter().skip(3).map(|shown| (shown.text, shown.replies_to)).collect();
    let want = [
        ("customer: this", &answer),
        ("customer changed “one” to: two", &one),
        ("customer changed “two” to: three", &one),
        ("customer took back: three", &one),
    ];
    let want: Vec<_> = want.iter().map(|(text, to)| ((*text).to_owned(), Some((*to).clone()))).collect();
    assert_eq!(shown, want);
}

/// The customer's side of the last thing that was sent.
async fn last_sent(world: &World) -> String {
    let traces =
        world.store().traces(bot_runtime::store::ConversationId(1), Default::default(), 100).await.unwrap();
    let twins = traces.into_iter().rev().flat_map(|trace| trace.twins);
    twins.into_iter().find(|twin| twin.desk.is_none() && twin.message.starts_with('c')).unwrap().message
}

#[tokio::test(start_paused = true)]
async fn what_is_said_at_another_desk_is_shown() {
    let mut world = World::new();
    let id = world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    use bot_core::handoff::AgentAct;
    let note = AgentAct::Note { text: "is angry".into() };
    world.runtime.act(id, "Lu", note, "1").await.unwrap();
    world.runtime.act(id, "Lu", AgentAct::Say { text: "Hello!".into() }, "2").await.unwrap();
    world.runtime.act(id, "Lu", AgentAct::Back, "3").await.unwrap();
    world.rests().await;
    let all = world.texts().join("\n");
    for line in ["note by Lu: is angry", "Lu: Hello!", "(back to the bot)"] {
        assert!(all.contains(line), "{all}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_arrive_is_told_loudly() {
    let mut world = World::new();
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let (place, _) = world.thread();
    world.undeliverable([bot_runtime::channel::SendError::Final("blocked the bot".into())]);
    let answer = world.agent(&place, "Kim", "Which bill?").await;
    world.rests().await;
    let thread = world.thread().1;
    assert_eq!(thread.shown[1].mark, Some(Fate::Failed));
    assert_eq!(thread.shown[2].text, "NOT DELIVERED (blocked the bot): Which bill?");
    assert_eq!(thread.shown[2].replies_to, Some(answer));
}

#[tokio::test(start_paused = true)]
async fn also_when_the_conversation_is_over() {
    let mut world = World::new();
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let (place, _) = world.thread();
    world.undeliverable([
        bot_runtime::channel::SendError::Retry("busy".into()),
        bot_runtime::channel::SendError::Final("blocked the bot".into()),
    ]);
    let answer = world.agent(&place, "Kim", "Bye!").await;
    world.agent(&place, "Kim", "/close").await;
    // The sender's clock is the system's: the second attempt is a second later.
    let told = || world.texts().iter().any(|text| text == "NOT DELIVERED (blocked the bot): Bye!");
    for _ in 0..2_000 {
        if told() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    world.rests().await;
    let thread = world.thread().1;
    assert!(told(), "{thread:?}");
    let own = thread.shown.iter().find(|shown| shown.id == answer).unwrap();
    assert_eq!(own.mark, Some(Fate::Failed));
}

#[tokio::test(start_paused = true)]
async fn rooms_share_the_tickets_of_their_teams() {
    let rooms = vec![room("bills", Some("billing")), room("a", None), room("b", None)];
    let mut world = World::with(Wall::default(), rooms);
    for (peer, text) in [
        ("Ann", "my bill is wrong"),
        ("Ben", "I have a problem"),
        ("Cleo", "I have a problem"),
        ("Dan", "I have a problem"),
        ("Eve", "I have a problem"),
    ] {
        world.customer(peer, text).await;
    }
    world.rests().await;
    let mut titles: Vec<_> =
        world.wall.threads().into_iter().map(|(place, thread)| (place.room, thread.title)).collect();
    titles.sort();
    let want = [("a", "#2 Ben"), ("a", "#4 Dan"), ("b", "#3 Cleo"), ("b", "#5 Eve"), ("bills", "#1 Ann")];
    assert_eq!(titles, want.map(|(room, title)| (room.to_owned(), title.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_customer_keeps_the_thread_while_its_room_serves_the_team() {
    let rooms = vec![room("bills", Some("billing")), room("a", None), room("b", None)];
    let mut world = World::with(Wall::default(), rooms);
    for (peer, text) in [("Ann", "I have a problem"), ("Ben", "I have a problem")] {
        world.customer(peer, text).await;
    }
    world.rests().await;
    let of = |world: &World, title: &str| {
        let found = world.wall.threads().into_iter().find(|(_, thread)| thread.title == title);
        found.unwrap_or_else(|| panic!("no {title}: {:?}", world.wall.threads())).0
    };
    let (ann, ben) = (of(&world, "#1 Ann"), of(&world, "#2 Ben"));
    for place in [&ann, &ben] {
        world.agent(place, "Kim", "/close").await;
    }
    world.customer("Ben", "I have a problem").await;
    world.rests().await;
    assert_eq!(of(&world, "#3 Ben"), ben, "though both rooms are empty");
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    assert_eq!(of(&world, "#4 Ann").room, "bills");
}

#[tokio::test(start_paused = true)]
async fn who_wants_to_be_forgotten_is_forgotten_here_too() {
    let rooms = vec![room("bills", Some("billing")), room("a", None)];
    let mut world = World::with(Wall::default(), rooms);
    world.customer("Ann", "I have a problem").await;
    world.rests().await;
    let (place, _) = world.thread();
    world.agent(&place, "Kim", "/close").await;
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    assert_eq!(world.wall.threads().len(), 2, "she was in two rooms");
    world.customer("Ann", "forget me").await;
    world.customer("Ann", "yes").await;
    world.rests().await;
    assert_eq!(world.wall.threads().len(), 0);
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let (place, thread) = world.thread();
    assert_eq!((&*place.room, &*thread.title), ("bills", "#3 Ann"), "she may come back");
}

#[tokio::test(start_paused = true)]
async fn a_board_that_comes_late_shows_what_is_open() {
    let mut world = World::asleep(Wall::default(), vec![room("room", None)]);
    for (peer, text) in
        [("Ann", "my bill is wrong"), ("Ann", "stop"), ("Ben", "my bill is wrong"), ("Ben", "hello?")]
    {
        world.customer(peer, text).await;
    }
    world.wakes();
    world.rests().await;
    let (_, thread) = world.thread();
    assert_eq!(thread.title, "#2 Ben");
    assert!(thread.shown[1].text.ends_with("customer: hello?"));
}

#[tokio::test(start_paused = true)]
async fn new_tickets_and_words_come_before_what_can_wait() {
    let mut world = World::with(Wall::bearing(10), vec![room("room", None)]);
    for number in 0..4 {
        world.customer(&format!("C{number}"), "my bill is wrong").await;
    }
    world.rests().await;
    let places: Vec<_> = world.wall.threads().into_iter().map(|(place, _)| place).collect();
    world.dies().await;
    let before = world.wall.calls().len();
    for place in &places {
        world.agent(place, "Kim", "Hello").await;
    }
    for number in 0..4 {
        world.customer(&format!("C{number}"), "and?").await;
    }
    world.customer("New", "my bill is wrong").await;
    world.wakes();
    world.rests().await;
    let calls: Vec<_> = world.wall.calls().split_off(before);
    let kinds: Vec<_> = calls.iter().map(|call| call.split(' ').next().unwrap()).collect();
    let want = "post post post post open post mark mark mark mark change change change change";
    assert_eq!(kinds.join(" "), want);
    assert!(world.wall.most() <= 10);
    assert_eq!(world.wall.thread(&at("room", None)).shown.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_wall_is_a_platform_with_threads() {
    let wall = Wall::bearing(1_000);
    bot_runtime::desk::board::contract::check(&wall, "room", "file1").await;
    assert_eq!(wall.threads().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_an_agent_took_and_closed_before_it_was_shown_is_shown() {
    let mut world = World::new();
    let id = world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let (place, _) = world.thread();
    world.agent(&place, "Kim", "/close").await;
    world.rests().await;
    world.dies().await;
    world.customer("Ann", "I have a problem").await;
    world.customer("Ann", "a big one").await;
    world.agent(&place, "Kim", "/claim").await;
    world.agent(&place, "Kim", "Solved.").await;
    world.agent(&place, "Kim", "/close").await;
    world.customer("Ann", "when are you open").await;
    // Nobody has this one.
    world.customer("Ann", "I have a problem").await;
    world.customer("Ann", "stop").await;
    let last = world.customer("Ann", "my bill is wrong").await;
    world.customer("Ann", "hello?").await;
    assert_eq!(id, last);
    world.wakes();
    world.rests().await;
    let shown = world.thread().1.shown;
    let cards: Vec<_> = shown.iter().filter(|shown| shown.text.starts_with('#')).collect();
    let heads: Vec<_> = cards.iter().map(|card| card.text.lines().next().unwrap_or_default()).collect();
    assert_eq!(heads.len(), 3, "{heads:?}");
    assert!(heads[1].starts_with("#2, support, closed") && cards[1].buttons.is_empty(), "{heads:?}");
    assert!(heads[2].starts_with("#4, billing, waiting"), "{heads:?}");
    let all = world.texts().join("\n");
    let words: Vec<_> = all.lines().filter(|line| line.starts_with("customer: ")).collect();
    assert_eq!(words, ["customer: a big one", "customer: hello?"]);
}

#[tokio::test(start_paused = true)]
async fn who_writes_where_the_customer_was_before_is_told_that_nothing_was_sent() {
    let rooms = vec![room("bills", Some("billing")), room("rest", None)];
    let mut world = World::with(Wall::default(), rooms);
    world.customer("Ann", "I have a problem").await;
    world.rests().await;
    let (former, _) = world.thread();
    world.agent(&former, "Kim", "/close").await;
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let message = world.agent(&former, "Kim", "Hello?").await;
    world.rests().await;
    assert_eq!(world.got("Ann"), [""; 0]);
    let shown = world.wall.thread(&former).shown;
    let told: Vec<_> = shown.iter().filter(|shown| shown.replies_to.as_ref() == Some(&message)).collect();
    assert_eq!(told.len(), 1, "{shown:?}");
    assert!(
        told[0].text.contains("“#2 Ann”") && told[0].text.contains("Nothing was sent"),
        "{}",
        told[0].text
    );
}
