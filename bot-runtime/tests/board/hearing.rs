//! What agents do in threads, and what they are told.
use bot_runtime::desk::board::{Heard, Place, Spoken};
use jiff::Timestamp;

use crate::world::{World, at};

async fn with_ticket() -> (World, Place) {
    let mut world = World::new();
    world.customer("Ann", "when are you open").await;
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let place = world.thread().0;
    (world, place)
}

/// What the board said last in a thread, and what it replied to.
fn told(world: &World, place: &Place) -> (String, Option<String>) {
    let shown = world.wall.thread(place).shown;
    let last = shown.into_iter().rev().find(|shown| !shown.text.starts_with("> ")).unwrap();
    (last.text, last.replies_to)
}

#[tokio::test(start_paused = true)]
async fn commands_are_answered_in_the_thread_and_reach_no_customer() {
    for (typed, want) in [
        ("/clsoe", "did you mean `/close`?"),
        ("/close thank you", "stands alone"),
        ("/help", "/claim"),
        ("/quit", "There is nothing to leave here"),
        ("/list", "#1, waiting since"),
        ("/read", "customer: when are you open"),
        ("/why", "my bill is wrong"),
        ("/why 1", "my bill is wrong"),
        ("/why 77", "another customer"),
        ("/claim 77", "another customer"),
    ] {
        let (mut world, place) = with_ticket().await;
        let message = world.agent(&place, "Kim", typed).await;
        world.rests().await;
        let shown = world.wall.thread(&place).shown;
        let answer = shown.iter().find(|shown| shown.replies_to.as_ref() == Some(&message));
        let answer = answer.unwrap_or_else(|| panic!("{typed}: {shown:?}"));
        let all: String =
            shown.iter().skip_while(|shown| *shown != answer).map(|shown| shown.text.clone()).collect();
        assert!(all.contains(want), "{typed}: {all}");
        assert_eq!(world.got("Ann"), [""; 0], "{typed}");
    }
}

#[tokio::test(start_paused = true)]
async fn notes_reach_no_customer_and_are_not_echoed() {
    let (mut world, place) = with_ticket().await;
    world.agent(&place, "Kim", "// is angry").await;
    world.agent(&place, "Kim", "/note is still angry").await;
    world.rests().await;
    assert_eq!(world.texts(), ["> // is angry", "> /note is still angry"]);
    assert_eq!(world.got("Ann"), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_deleted_is_taken_back_from_the_customer() {
    let (mut world, place) = with_ticket().await;
    let answer = world.agent(&place, "Kim", "Tuesday").await;
    let note = world.agent(&place, "Kim", "// is angry").await;
    world.rests().await;
    world
        .heard(&place, Some("Kim"), Spoken::Edit { message: answer.clone(), text: "Wednesday".into() })
        .await;
    // Platforms don't tell who deletes; nor is what is no answer anybody's business.
    for message in [&note, &answer, &answer, &"999".to_owned()] {
        world.heard(&place, None, Spoken::Delete { message: message.clone() }).await;
    }
    world.rests().await;
    assert_eq!(world.got("Ann"), ["Kim: Tuesday", "Kim: Wednesday", "Kim: [deletion] Wednesday"]);
    assert_eq!(world.texts(), ["> Tuesday", "> // is angry"], "nothing is echoed");
    world.heard(&place, Some("Kim"), Spoken::Edit { message: answer, text: "Friday".into() }).await;
    world.rests().await;
    assert_eq!(world.got("Ann").len(), 3, "what is gone can't be changed");
}

#[tokio::test(start_paused = true)]
async fn what_cant_be_taken_back_is_told() {
    use bot_runtime::channel::SendError;
    let (mut world, place) = with_ticket().await;
    let answer = world.agent(&place, "Kim", "Tuesday").await;
    world.rests().await;
    world.undeliverable([SendError::Final("too old".into())]);
    world.heard(&place, None, Spoken::Delete { message: answer }).await;
    world.rests().await;
    assert_eq!(told(&world, &place).0, "NOT DELIVERED (too old): [deletion] Tuesday");

    world.undeliverable([SendError::Wait { pause: std::time::Duration::from_secs(3600), all: false }]);
    let late = world.agent(&place, "Kim", "Friday").await;
    world.heard(&place, None, Spoken::Delete { message: late }).await;
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    assert!(told(&world, &place).0.contains("it will still arrive"), "{:?}", told(&world, &place));
}

#[tokio::test(start_paused = true)]
async fn an_answer_can_be_changed_once_the_customer_has_it() {
    let (mut world, place) = with_ticket().await;
    let answer = world.agent(&place, "Kim", "Tuesday").await;
    world.rests().await;
    for (text, got) in [
        ("Tuesday", &["Kim: Tuesday"][..]),
        ("Wednesday", &["Kim: Tuesday", "Kim: Wednesday"]),
        ("Wednesday", &["Kim: Tuesday", "Kim: Wednesday"]),
        ("Thursday", &["Kim: Tuesday", "Kim: Wednesday", "Kim: Thursday"]),
    ] {
        world.heard(&place, Some("Kim"), Spoken::Edit { message: answer.clone(), text: text.into() }).await;
        world.rests().await;
        assert_eq!(world.got("Ann"), got);
    }
    assert_eq!(world.texts(), ["> Tuesday"], "nothing is echoed");
    world.heard(&place, Some("Kim"), Spoken::Edit { message: answer, text: "// hm".into() }).await;
    world.rests().await;
    assert!(told(&world, &place).0.contains("can't be made a note"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_has_not_arrived_can_not_be_changed() {
    let (mut world, place) = with_ticket().await;
    world.undeliverable([bot_runtime::channel::SendError::Wait {
        pause: std::time::Duration::from_secs(3600),
        all: false,
    }]);
    let answer = world.agent(&place, "Kim", "Tuesday").await;
    world.heard(&place, Some("Kim"), Spoken::Edit { message: answer.clone(), text: "Monday".into() }).await;
    world.rests_for(std::time::Duration::from_secs(5)).await;
    let (text, replies_to) = told(&world, &place);
    assert!(text.contains("Nothing was changed"), "{text}");
    assert_eq!(replies_to, Some(answer));
}

#[tokio::test(start_paused = true)]
async fn edits_of_notes_and_commands_change_nothing() {
    let (mut world, place) = with_ticket().await;
    let note = world.agent(&place, "Kim", "// is angry").await;
    let command = world.agent(&place, "Kim", "/claim").await;
    world.rests().await;
    let before = world.texts();
    for message in [note, command] {
        world.heard(&place, Some("Kim"), Spoken::Edit { message, text: "Hello".into() }).await;
    }
    world.rests().await;
    assert_eq!(world.texts(), before);
    assert_eq!(world.got("Ann"), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn the_cards_buttons() {
    let (mut world, place) = with_ticket().await;
    assert_eq!(world.presses(&place, "Kim", "claim:1").await.unwrap(), "#1 is yours.");
    assert_eq!(world.presses(&place, "Kim", "claim:1").await.unwrap(), "You have it.");
    assert_eq!(
        world.presses(&place, "Lu", "claim:1").await.unwrap(),
        "Kim has it. To take it over, write /claim."
    );
    for forged in ["claim:77", "claim", "drop:1", "", "claim:x"] {
        let told = world.presses(&place, "Lu", forged).await.unwrap();
        assert!(told.contains("out of date"), "{forged}: {told}");
    }
    assert_eq!(world.presses(&place, "Kim", "close:1").await.unwrap(), "#1 is closed.");
    assert_eq!(world.presses(&place, "Kim", "back:1").await.unwrap(), "#1 is closed already.");
    let elsewhere = at("room", Some("staff's own"));
    assert_eq!(
        world.presses(&elsewhere, "Kim", "close:1").await.unwrap(),
        "This is no customer's thread any more."
    );
    world.customer("Ann", "my bill is wrong").await;
    assert_eq!(
        world.presses(&place, "Kim", "claim:1").await.unwrap(),
        "This card is out of date: it is #2 now."
    );
}

#[tokio::test(start_paused = true)]
async fn files_go_to_the_customer() {
    let (mut world, place) = with_ticket().await;
    let message = world.wall.writes(&place, "picture", None);
    let what = Spoken::Files {
        message: message.clone(),
        files: vec!["room/9".into()],
        text: "here it is".into(),
        album: None,
        replies_to: None,
    };
    world.heard(&place, Some("Kim"), what).await;
    world.rests().await;
    assert_eq!(world.got("Ann"), ["Kim: [file] here it is"]);
    let shown = world.thread().1.shown;
    let own = shown.iter().find(|shown| shown.id == message).unwrap();
    assert_eq!(own.mark, Some(bot_runtime::store::Fate::Sent));
}

#[tokio::test(start_paused = true)]
async fn forwards_are_not_sent_and_that_is_said_once() {
    let (mut world, place) = with_ticket().await;
    for _ in 0..3 {
        let message = world.wall.writes(&place, "forwarded", None);
        world.heard(&place, None, Spoken::Text { message, text: "forwarded".into(), replies_to: None }).await;
    }
    world.rests().await;
    let hints = world.texts().into_iter().filter(|text| text.starts_with("Forwards")).count();
    assert_eq!(hints, 1);
    assert_eq!(world.got("Ann"), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn the_room_itself_and_other_threads_are_the_agents_own() {
    let (mut world, _) = with_ticket().await;
    let general = at("room", None);
    for text in ["lunch?", "/list", "// secret", "/close", "/weather", "/list all"] {
        world.agent(&general, "Kim", text).await;
    }
    let own = at("room", Some("staff's own"));
    for text in ["lunch?", "/list", "/close"] {
        world.agent(&own, "Kim", text).await;
    }
    world.agent(&at("elsewhere", None), "Kim", "/list").await;
    world.rests().await;
    let answers = world.wall.texts(&general).into_iter().filter(|text| !text.starts_with('>')).count();
    let lists =
        world.wall.thread(&general).shown.into_iter().filter(|shown| shown.text.starts_with("#1, ")).count();
    assert_eq!((answers, lists), (1, 2), "{:?}", world.wall.thread(&general));
    assert_eq!(world.wall.texts(&own).len(), 3, "nothing is answered");
    assert_eq!(world.wall.thread(&at("elsewhere", None)).shown.len(), 1);
    assert_eq!(world.got("Ann"), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_comes_twice_counts_once() {
    let (mut world, place) = with_ticket().await;
    for text in ["Hello", "/help"] {
        let message = world.wall.writes(&place, text, None);
        let what = Spoken::Text { message, text: text.into(), replies_to: None };
        let key = world.key();
        let heard =
            Heard { place: place.clone(), key, at: Timestamp::now(), agent: Some("Kim".into()), what };
        for _ in 0..3 {
            assert_eq!(world.board.hear(heard.clone()).await.unwrap(), None);
        }
    }
    world.rests().await;
    assert_eq!(world.got("Ann"), ["Kim: Hello"]);
    let answers: Vec<_> =
        world.texts().into_iter().filter(|text| text.starts_with("What you write")).collect();
    assert_eq!(answers.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn in_the_thread_of_an_erased_conversation_it_is_said_that_it_is_gone() {
    let (mut world, place) = with_ticket().await;
    world.agent(&place, "Kim", "/close").await;
    world.rests().await;
    let store = world.store().clone();
    world.dies().await;
    use bot_runtime::store::Store;
    store.expire(Some(Timestamp::MAX), Timestamp::now()).await.unwrap();
    let message = world.wall.writes(&place, "Hello?", None);
    let what = Spoken::Text { message, text: "Hello?".into(), replies_to: None };
    let (key, agent) = (world.key(), Some("Kim".to_owned()));
    let heard = Heard { place: place.clone(), key, at: Timestamp::now(), agent, what };
    assert_eq!(world.board.hear(heard).await.unwrap(), None, "and it does not fail for ever");
    world.wakes();
    world.rests().await;
    assert_eq!(world.wall.threads().len(), 0, "what is expired is erased at the next start");
}
