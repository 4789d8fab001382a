//! What goes wrong on the platform, and a process that dies.
use std::time::Duration;

use bot_runtime::channel::SendError;
use bot_runtime::desk::board::{Place, Spoken, ThreadError};
use bot_runtime::store::Store;
use tokio::time::sleep;

use crate::wall::{DESK, Fault, Wall, doubt, last, wait};
use crate::world::{World, at, room};

fn forbidden() -> ThreadError {
    ThreadError::Forbidden("make the bot an administrator who may manage topics".into())
}

fn retry() -> ThreadError {
    ThreadError::Send(SendError::Retry("no connection".into()))
}

async fn with_ticket() -> (World, Place) {
    let mut world = World::new();
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let place = world.thread().0;
    (world, place)
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_tried_again_in_order() {
    for errors in [vec![retry()], vec![wait(40)], vec![doubt()], vec![retry(), doubt(), wait(3), retry()]] {
        let (mut world, _) = with_ticket().await;
        world.wall.fails("post", errors.clone());
        world.customer("Ann", "one").await;
        world.customer("Ann", "two").await;
        world.rests().await;
        let said = world.texts().join("\n");
        let said: Vec<_> = said.lines().filter(|line| line.starts_with("customer")).collect();
        assert_eq!(said, ["customer: one", "customer: two"], "{errors:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_store_fails_nothing_is_lost_or_repeated() {
    for calls in 1..12 {
        let (mut world, _) = with_ticket().await;
        let before = world.wall.calls().len();
        world.customer("Ann", "one").await;
        world.locks(calls);
        world.rests().await;
        world.customer("Ann", "two").await;
        world.rests().await;
        assert_eq!(world.texts(), ["customer: one", "customer: two"], "{calls}");
        assert_eq!(world.wall.calls().len(), before + 2, "{calls}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_room_that_waits_stops_no_other() {
    let rooms = vec![room("bills", Some("billing")), room("rest", None)];
    let mut world = World::with(Wall::default(), rooms);
    world.wall.faults("bills", "open", [Fault::Fails(wait(600))]);
    world.customer("Ann", "my bill is wrong").await;
    world.customer("Ben", "I have a problem").await;
    sleep(Duration::from_secs(30)).await;
    let (place, thread) = world.thread();
    assert_eq!((&*place.room, &*thread.title), ("rest", "#2 Ben"));
    sleep(Duration::from_secs(600)).await;
    assert_eq!(world.wall.threads().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_can_never_be_shown_is_passed_over() {
    let (mut world, _) = with_ticket().await;
    world.wall.fails("post", [last()]);
    world.customer("Ann", "poison").await;
    world.rests().await;
    world.customer("Ann", "fine").await;
    world.rests().await;
    assert_eq!(world.texts().last().unwrap(), "customer: fine");
}

#[tokio::test(start_paused = true)]
async fn a_thread_that_was_deleted_is_made_again_once() {
    let (mut world, place) = with_ticket().await;
    world.wall.deletes(&place);
    world.customer("Ann", "one").await;
    world.rests().await;
    let (again, thread) = world.thread();
    assert_ne!(again, place);
    assert_eq!(thread.title, "#1 Ann");
    assert!(thread.shown[0].text.starts_with("#1, billing"));
    assert_eq!(world.texts(), ["customer: one"]);

    world.wall.deletes(&again);
    world.customer("Ann", "two").await;
    world.customer("Ann", "three").await;
    world.rests().await;
    assert_eq!(world.wall.threads().len(), 0);
    let general = world.wall.thread(&at("room", None)).shown;
    assert_eq!(general.len(), 1, "{general:?}");
    assert!(general[0].text.starts_with("#1 Ann: its thread was deleted twice"));

    world.customer("Ann", "stop").await;
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    assert_eq!(world.thread().1.title, "#2 Ann", "the next ticket has a thread again");
}

#[tokio::test(start_paused = true)]
async fn a_thread_that_is_tidied_away_stays_away() {
    let (mut world, place) = with_ticket().await;
    world.dies().await;
    world.agent(&place, "Kim", "/close").await;
    world.wall.deletes(&place);
    world.wakes();
    world.rests().await;
    assert_eq!(world.wall.threads().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn messages_that_were_deleted_hold_nothing_up() {
    let (mut world, place) = with_ticket().await;
    world.customer("Ann", "one").await;
    world.rests().await;
    let thread = world.thread().1;
    world.wall.deletes_message(&place, &thread.shown[0].id);
    world.wall.deletes_message(&place, &thread.shown[1].id);
    world.edits("Ann", "one", "two").await;
    world.agent(&place, "Kim", "/claim").await;
    world.rests().await;
    let shown = world.thread().1.shown;
    let told = shown.iter().find(|shown| shown.text.contains("customer changed “one” to: two")).unwrap();
    assert_eq!(told.replies_to, None);
    let card = shown.iter().find(|shown| shown.text.starts_with("#1")).unwrap();
    assert!(card.text.starts_with("#1, billing, Kim has it"), "{}", card.text);
}

#[tokio::test(start_paused = true)]
async fn a_room_that_moves_is_followed() {
    let (mut world, place) = with_ticket().await;
    world.wall.moves("room", "supergroup");
    world.customer("Ann", "one").await;
    world.rests().await;
    let place = Place { room: "supergroup".into(), ..place };
    assert_eq!(world.wall.texts(&place), ["customer: one"]);
    assert!(world.board.is_room("supergroup").await.unwrap());
    world.dies().await;
    world.wakes();
    assert!(world.board.is_room("supergroup").await.unwrap());
    world.agent(&place, "Kim", "Hello").await;
    world.customer("Ben", "my bill is wrong").await;
    world.rests().await;
    assert_eq!(world.got("Ann"), ["Kim: Hello"]);
    assert!(world.wall.threads().iter().all(|(place, _)| place.room == "supergroup"));
    assert_eq!(world.wall.threads().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_platform_may_tell_that_a_room_has_moved() {
    let (mut world, place) = with_ticket().await;
    world.wall.moves("room", "supergroup");
    world.heard(&at("room", None), None, Spoken::Moved { room: "supergroup".into() }).await;
    let place = Place { room: "supergroup".into(), ..place };
    world.agent(&place, "Kim", "Hello").await;
    world.rests().await;
    assert_eq!(world.got("Ann"), ["Kim: Hello"]);
}

#[tokio::test(start_paused = true)]
async fn a_room_where_the_bot_may_not_is_left_for_another_and_told_once() {
    let rooms = vec![room("a", None), room("b", None)];
    let mut world = World::with(Wall::default(), rooms);
    world.wall.faults("a", "open", (0..100).map(|_| Fault::Fails(forbidden())));
    for peer in ["Ann", "Ben", "Cleo"] {
        world.customer(peer, "my bill is wrong").await;
    }
    world.rests().await;
    let rooms: Vec<_> = world.wall.threads().into_iter().map(|(place, _)| place.room).collect();
    assert_eq!(rooms, ["b", "b", "b"]);
    let told = world.wall.thread(&at("a", None)).shown;
    assert_eq!(told.len(), 1);
    assert!(told[0].text.contains("make the bot an administrator"), "{}", told[0].text);
}

#[tokio::test(start_paused = true)]
async fn a_ticket_whose_room_can_no_longer_be_written_to_goes_on_in_another() {
    let rooms = vec![room("a", None), room("b", None)];
    let mut world = World::with(Wall::default(), rooms);
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    for act in ["post", "change", "copy", "mark"] {
        world.wall.faults("a", act, (0..100).map(|_| Fault::Fails(forbidden())));
    }
    world.customer("Ann", "hello?").await;
    world.rests().await;
    let threads = world.wall.threads();
    let rooms: Vec<_> = threads.iter().map(|(place, _)| place.room.as_str()).collect();
    assert_eq!(rooms, ["a", "b"]);
    let shown: Vec<_> = threads[1].1.shown.iter().map(|shown| shown.text.as_str()).collect();
    assert!(shown[0].starts_with("#1, billing"), "{shown:?}");
    assert_eq!(shown[1], "customer: hello?");
    world.agent(&threads[1].0, "Ida", "I am here.").await;
    world.rests().await;
    assert!(world.got("Ann").iter().any(|text| text.contains("I am here.")), "{:?}", world.got("Ann"));
}

#[tokio::test(start_paused = true)]
async fn a_ticket_waits_for_rights_and_comes_at_once_when_they_are_there() {
    let mut world = World::new();
    world.wall.fails("open", (0..100).map(|_| forbidden()));
    world.customer("Ann", "my bill is wrong").await;
    sleep(Duration::from_secs(3600)).await;
    let tries = world.wall.calls().iter().filter(|call| call.starts_with("open")).count();
    assert!((6..=12).contains(&tries), "{tries} in an hour");
    assert_eq!(world.wall.thread(&at("room", None)).shown.len(), 1, "told once");
    world.wall.mended();
    world.heard(&at("room", None), None, Spoken::Rights { missing: vec![] }).await;
    sleep(Duration::from_secs(2)).await;
    assert_eq!(world.thread().1.title, "#1 Ann");
}

#[tokio::test(start_paused = true)]
async fn a_thread_that_may_have_been_made_is_adopted_when_the_platform_tells() {
    let mut world = World::new();
    world.wall.faults("*", "open", [Fault::DoneInDoubt]);
    world.customer("Ann", "my bill is wrong").await;
    sleep(Duration::from_secs(1)).await;
    let Some((place, title)) = world.wall.made().first().cloned() else { panic!("{:?}", world.wall.calls()) };
    world.heard(&place, None, Spoken::Opened { title }).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.thread().0, place);
    assert!(world.thread().1.shown[0].text.starts_with("#1, billing"));
}

#[tokio::test(start_paused = true)]
async fn one_of_which_nobody_tells_is_made_again_and_a_late_twin_erased() {
    let mut world = World::new();
    world.wall.faults("*", "open", [Fault::DoneInDoubt]);
    world.customer("Ann", "my bill is wrong").await;
    world.rests().await;
    let made = world.wall.made();
    assert_eq!(made.len(), 2, "{:?}", world.wall.calls());
    for (place, title) in made.clone() {
        world.heard(&place, None, Spoken::Opened { title }).await;
    }
    world.rests().await;
    let (place, thread) = world.thread();
    assert_eq!(place, made[1].0);
    assert!(thread.shown[0].text.starts_with("#1, billing"));
}

#[tokio::test(start_paused = true)]
async fn one_that_was_being_made_when_the_process_died_is_found() {
    let mut world = World::new();
    world.wall.faults("*", "open", [Fault::DoneAndSilent]);
    let id = world.customer("Ann", "my bill is wrong").await;
    // Dies between the platform's answer and the note of it.
    while world.wall.made().is_empty() {
        tokio::task::yield_now().await;
    }
    world.dies().await;
    let row = world.store().thread(DESK, id).await.unwrap().unwrap();
    assert_eq!((row.thread, row.state["opening"].as_u64()), (None, Some(1)));
    world.wakes();
    let Some((place, title)) = world.wall.made().first().cloned() else {
        panic!("{:?} {:?}", world.wall.calls(), world.wall.threads())
    };
    world.heard(&place, None, Spoken::Opened { title }).await;
    world.rests().await;
    assert_eq!(world.thread().0, place);
}

#[tokio::test(start_paused = true)]
async fn the_budget_counts_over_a_restart() {
    let mut world = World::timeless(Wall::bearing(5), vec![room("room", None)]);
    for peer in ["Ann", "Ben", "Cleo", "Dan"] {
        world.customer(peer, "my bill is wrong").await;
        sleep(Duration::from_millis(100)).await;
        world.dies().await;
        world.wakes();
    }
    world.rests().await;
    assert_eq!(world.wall.threads().len(), 4);
    assert!(world.wall.most() <= 5, "{}", world.wall.most());
}

#[tokio::test(start_paused = true)]
async fn a_card_that_may_stand_is_brought_to_its_end() {
    // The first ticket's card stands, the process dies before it knows, and the customer needs nobody any more.
    for before in [&[][..], &["my bill is wrong", "stop"]] {
        let mut world = World::new();
        for text in before {
            world.customer("Ann", text).await;
            world.rests().await;
        }
        world.wall.faults("*", "post", [Fault::DoneAndSilent]);
        world.customer("Ann", "my bill is wrong again").await;
        sleep(Duration::from_millis(500)).await;
        let number = if before.is_empty() { 1 } else { 2 };
        let card = format!("#{number}, billing");
        let stands = |world: &World| {
            let (_, thread) = world.thread();
            thread.shown.into_iter().filter(|post| post.text.starts_with(&card)).collect::<Vec<_>>()
        };
        assert_eq!(stands(&world).len(), 1, "{before:?}");
        world.dies().await;
        world.customer("Ann", "stop").await;
        world.wakes();
        world.rests().await;
        let last = stands(&world).pop().expect("a card");
        assert!(
            last.text.starts_with(&format!("{card}, closed")) && last.buttons.is_empty(),
            "{}",
            last.text
        );
        let texts = world.texts();
        assert!(texts.last().is_some_and(|text| text.ends_with("(back to the bot)")), "{texts:?}");
    }
}
