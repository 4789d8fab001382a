//! Threads are put away when their ticket is closed, where a platform does that, and when there are too many.
use std::time::Duration;

use bot_runtime::desk::board::{Place, ThreadError};

use crate::wall::{Wall, last, wait};
use crate::world::{World, room};

fn world(most: usize) -> World {
    let mut wall = Wall::bearing(50);
    wall.archives = Some(most);
    World::with(wall, vec![room("room", None)])
}

/// A customer with a ticket, in a thread of their own.
async fn ticket(world: &mut World, name: &str) -> Place {
    world.customer(name, "my bill is wrong").await;
    world.rests().await;
    let threads = world.wall.threads();
    let own = threads.into_iter().find(|(_, thread)| thread.title.ends_with(name));
    own.unwrap_or_else(|| panic!("{name} has no thread")).0
}

async fn closed(world: &mut World, place: &Place) {
    world.agent(place, "Kim", "Solved.").await;
    world.agent(place, "Kim", "/close").await;
    world.rests().await;
}

/// Who has a thread, and whether it is put away.
fn threads(world: &World) -> Vec<String> {
    let shown = world
        .wall
        .threads()
        .into_iter()
        .map(|(_, thread)| thread.title + if thread.archived { " -" } else { "" });
    let mut shown: Vec<_> = shown.collect();
    shown.sort();
    shown
}

#[tokio::test(start_paused = true)]
async fn a_thread_is_put_away_when_its_ticket_is_closed_and_comes_back_with_the_next() {
    let mut world = world(10);
    let place = ticket(&mut world, "Ann").await;
    assert_eq!(threads(&world), ["#1 Ann"]);
    closed(&mut world, &place).await;
    assert_eq!(threads(&world), ["#1 Ann -"]);
    let first = &world.wall.thread(&place).shown[0];
    assert!(first.text.contains("closed") && first.buttons.is_empty(), "the card's last word is said before");
    world.customer("Ann", "when are you open").await;
    world.rests().await;
    assert_eq!(threads(&world), ["#1 Ann -"], "what is between the bot and the customer wakes nobody");
    ticket(&mut world, "Ann").await;
    assert_eq!(threads(&world), ["#2 Ann"]);
    closed(&mut world, &place).await;
    assert_eq!(threads(&world), ["#2 Ann -"]);
    let puts_away = world.wall.calls().iter().filter(|call| call.starts_with("archive")).count();
    assert_eq!(puts_away, 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_put_away_where_a_platform_does_not_do_that() {
    let mut world = World::new();
    let place = ticket(&mut world, "Ann").await;
    closed(&mut world, &place).await;
    assert!(!world.wall.calls().iter().any(|call| call.starts_with("archive")));
}

#[tokio::test(start_paused = true)]
async fn what_cant_be_put_away_is_left() {
    for error in [last(), ThreadError::ThreadGone] {
        let mut world = world(10);
        let place = ticket(&mut world, "Ann").await;
        world.wall.fails("archive", [error]);
        closed(&mut world, &place).await;
        assert_eq!(world.wall.calls().iter().filter(|call| call.starts_with("archive")).count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_threads_make_room_by_the_oldest_closed_one() {
    let mut world = world(3);
    let ann = ticket(&mut world, "Ann").await;
    let ben = ticket(&mut world, "Ben").await;
    for place in [&ann, &ben] {
        closed(&mut world, place).await;
        // Whoever writes there brings the thread back.
        world.agent(place, "Kim", "// a late note").await;
        world.rests().await;
    }
    ticket(&mut world, "Cem").await;
    assert_eq!(threads(&world), ["#1 Ann", "#2 Ben", "#3 Cem"]);
    ticket(&mut world, "Dan").await;
    assert_eq!(threads(&world), ["#1 Ann -", "#2 Ben", "#3 Cem", "#4 Dan"]);
}

#[tokio::test(start_paused = true)]
async fn a_room_full_of_open_tickets_is_told_and_goes_on_when_there_is_room() {
    let mut world = world(1);
    let ann = ticket(&mut world, "Ann").await;
    world.customer("Ben", "my bill is wrong").await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(threads(&world), ["#1 Ann"]);
    let told = world.wall.texts(&Place { room: "room".to_owned(), thread: None });
    assert!(told.iter().any(|text| text.contains("too many open threads")), "{told:?}");
    closed(&mut world, &ann).await;
    world.rests_for(Duration::from_secs(700)).await;
    assert_eq!(threads(&world), ["#1 Ann -", "#2 Ben"]);
}

/// Discord gives a thread two titles in ten minutes, and wants to be left alone for the rest of them.
#[tokio::test(start_paused = true)]
async fn a_title_that_must_wait_holds_nothing_up() {
    let mut world = world(10);
    let place = ticket(&mut world, "Ann").await;
    closed(&mut world, &place).await;
    world.wall.fails("rename", [wait(600)]);
    world.customer("Ann", "my bill is wrong").await;
    world.customer("Ann", "hello?").await;
    world.customer("Ben", "my bill is wrong").await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(threads(&world), ["#1 Ann", "#3 Ben"]);
    assert!(world.wall.texts(&place).iter().any(|text| text.ends_with("customer: hello?")));
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(threads(&world), ["#2 Ann", "#3 Ben"]);
}

#[tokio::test(start_paused = true)]
async fn where_only_commands_can_be_read_answers_are_commands() {
    let mut wall = Wall::default();
    wall.reads = false;
    let mut world = World::with(wall, vec![room("room", None)]);
    let place = ticket(&mut world, "Ann").await;
    let card = world.wall.thread(&place).shown[0].text.clone();
    assert!(card.ends_with("To answer the customer: /reply TEXT"), "{card}");
    world.agent(&place, "Kim", "").await;
    world.agent(&place, "Kim", "/reply Which bill?").await;
    world.rests().await;
    assert_eq!(world.got("Ann"), ["Kim: Which bill?"]);
    assert!(world.texts().iter().any(|text| text.starts_with("The bot can't read")), "{:?}", world.texts());
}
