//! Which desk shows a ticket: those that its team names, or every one that has a room.
use crate::wall::DESK;
use crate::world::World;

const BILL: &str = "my bill is wrong";
const PROBLEM: &str = "I have a problem";

#[tokio::test(start_paused = true)]
async fn a_ticket_is_shown_at_the_desks_that_its_team_names() {
    for (teams, shown) in [
        ("{ support: {}, billing: {} }", &["#1 Ann", "#2 Ben"][..]),
        ("{ support: {}, billing: { desk: wall } }", &["#1 Ann", "#2 Ben"]),
        ("{ support: {}, billing: { desk: [other, wall] } }", &["#1 Ann", "#2 Ben"]),
        ("{ support: {}, billing: { desk: other } }", &["#2 Ben"]),
        ("{ support: { desk: other }, billing: { desk: other } }", &[]),
    ] {
        let mut world = World::of_teams(teams);
        world.customer("Ann", BILL).await;
        world.customer("Ben", PROBLEM).await;
        world.rests().await;
        let threads: Vec<_> = world.wall.threads().into_iter().map(|(_, thread)| thread.title).collect();
        assert_eq!(threads, shown, "{teams} at {DESK}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_writes_where_the_open_ticket_is_not_shown_is_told() {
    let mut world = World::of_teams("{ support: {}, billing: { desk: other } }");
    world.customer("Ann", PROBLEM).await;
    world.rests().await;
    let place = world.thread().0;
    world.agent(&place, "Kim", "Solved!").await;
    world.agent(&place, "Kim", "/close").await;
    world.customer("Ann", BILL).await;
    world.agent(&place, "Kim", "What about it?").await;
    let told = world.presses(&place, "Kim", "close:1").await;
    world.rests().await;
    let want = "billing has this customer now, as #2 at the desk other. Nothing was sent.";
    assert_eq!(told.as_deref(), Some(want));
    assert_eq!(world.got("Ann"), ["Kim: Solved!"]);
    assert_eq!(world.texts().iter().filter(|text| *text == want).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_stays_until_its_ticket_is_closed() {
    let mut world = World::of_teams("{ support: {}, billing: {} }");
    world.customer("Ann", BILL).await;
    world.rests().await;
    let place = world.thread().0;
    world.reloads("{ support: {}, billing: { desk: other } }");
    world.agent(&place, "Kim", "Which bill?").await;
    world.customer("Ann", "the last one").await;
    world.rests().await;
    world.agent(&place, "Kim", "/close").await;
    world.rests().await;
    assert_eq!(world.got("Ann"), ["Kim: Which bill?"]);
    world.customer("Ann", BILL).await;
    world.rests().await;
    let want = ["> Which bill?", "customer: the last one", "> /close", "(closed)"];
    assert_eq!(world.texts(), want);
}
