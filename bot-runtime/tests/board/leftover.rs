//! Each thread that the bot has made is a customer's, or is erased: whatever goes wrong while it is made, and whatever happens to
//! its ticket meanwhile.
use std::time::Duration;

use bot_runtime::desk::board::{Place, Spoken};
use bot_runtime::store::Store;
use proptest::prelude::*;
use tokio::time::sleep;

use crate::wall::{DESK, Fault, Wall};
use crate::world::{World, room};

#[derive(Clone, Debug)]
enum Step {
    /// A customer wants a person.
    Calls(usize),
    /// And does not any more.
    Stops(usize),
    /// And wants to be forgotten.
    Forgets(usize),
    /// The next thread is made, but nobody answers; or the answer never ends.
    Doubt,
    Silence,
    /// The platform reports a thread that was made, an old one again perhaps.
    Reports(usize),
    /// The process dies after so many more steps of all tasks. Another one begins, at once or later.
    Dies(u8),
    Begins,
    /// So many of the next calls to the store fail.
    Locked(usize),
    /// Time passes, in milliseconds.
    Pause(u64),
}

const PEERS: [&str; 2] = ["Ann", "Ben"];

/// Two teams with a room each: who calls again is wanted elsewhere.
const CALLS: [&str; 2] = ["my bill is wrong", "I have a problem"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..PEERS.len() * CALLS.len()).prop_map(Step::Calls),
        3 => (0..PEERS.len()).prop_map(Step::Stops),
        1 => (0..PEERS.len()).prop_map(Step::Forgets),
        2 => Just(Step::Doubt),
        1 => Just(Step::Silence),
        4 => (0..8_usize).prop_map(Step::Reports),
        2 => (0..30_u8).prop_map(Step::Dies),
        2 => Just(Step::Begins),
        2 => (1..12_usize).prop_map(Step::Locked),
        3 => (0..5_000_u64).prop_map(Step::Pause),
    ]
}

async fn reports(world: &mut World, (place, title): (Place, String)) {
    world.heard(&place, None, Spoken::Opened { title }).await;
}

async fn take(world: &mut World, step: &Step, sleeps: &mut bool, told: &mut Vec<Option<String>>) {
    match step {
        Step::Calls(which) => {
            world.customer(PEERS[which % PEERS.len()], CALLS[which / PEERS.len()]).await;
        }
        Step::Stops(peer) => {
            world.customer(PEERS[*peer], "stop").await;
        }
        Step::Forgets(peer) => {
            world.customer(PEERS[*peer], "forget me").await;
            world.customer(PEERS[*peer], "yes").await;
        }
        Step::Doubt => world.wall.faults("*", "open", [Fault::DoneInDoubt]),
        Step::Silence => world.wall.faults("*", "open", [Fault::DoneAndSilent]),
        Step::Reports(back) => {
            let made = world.wall.made();
            if let Some(one) = made.len().checked_sub(back + 1).and_then(|at| made.get(at)) {
                told.push(one.0.thread.clone());
                reports(world, one.clone()).await;
            }
        }
        Step::Dies(after) => {
            for _ in 0..*after {
                tokio::task::yield_now().await;
            }
            world.dies().await;
            *sleeps = true;
        }
        Step::Begins => {
            if std::mem::take(sleeps) {
                world.wakes();
            }
        }
        Step::Locked(calls) => world.locks(*calls),
        Step::Pause(millis) => sleep(Duration::from_millis(*millis)).await,
    }
}

async fn holds(steps: &[Step]) -> Result<(), TestCaseError> {
    let rooms = vec![room("bills", Some("billing")), room("rest", None)];
    let mut world = World::timeless(Wall::bearing(100), rooms);
    let (mut sleeps, mut told) = (false, Vec::new());
    for step in steps {
        take(&mut world, step, &mut sleeps, &mut told).await;
    }
    // Each is reported once, and hardly any again; what was in flight when the process died, to the next one.
    world.dies().await;
    world.locks(0);
    world.wall.mended();
    world.wakes();
    for made in world.wall.made() {
        if told.contains(&made.0.thread) {
            continue;
        }
        told.push(made.0.thread.clone());
        reports(&mut world, made).await;
    }
    world.rests().await;
    // Those that were made only now.
    for made in world.wall.made().into_iter().filter(|made| !told.contains(&made.0.thread)) {
        reports(&mut world, made).await;
    }
    world.rests().await;
    let mut known = Vec::new();
    for listed in world.store().list(100).await.unwrap() {
        if let Some(row) = world.store().thread(DESK, listed.id).await.unwrap() {
            known.push(row.thread.clone());
            let former = world.store().memo(DESK, &format!("former/{}", listed.id.0)).await.unwrap();
            let former: Vec<(String, String)> =
                former.map(|former| serde_json::from_str(&former).unwrap()).unwrap_or_default();
            known.extend(former.into_iter().map(|(_, thread)| Some(thread)));
        }
    }
    for (place, thread) in world.wall.threads() {
        prop_assert!(known.contains(&place.thread), "nobody's: {place:?} {}", thread.title);
    }
    // Of a customer who was forgotten nothing is known that could be shown.
    if steps.iter().any(|step| matches!(step, Step::Forgets(_))) {
        return Ok(());
    }
    for ticket in world.store().tickets(Default::default()).await.unwrap() {
        let row = world.store().thread(DESK, ticket.conversation).await.unwrap();
        let thread = row.and_then(|row| row.thread);
        let is_there = world.wall.threads().iter().any(|(place, shown)| {
            place.thread == thread
                && shown.shown.iter().any(|post| post.text.starts_with(&format!("#{},", ticket.number)))
        });
        prop_assert!(is_there, "#{} is not shown: {:?}", ticket.number, world.wall.threads());
    }
    Ok(())
}

fn run(steps: &[Step]) -> Result<(), TestCaseError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(holds(steps))
}

#[test]
fn none_is_left_behind() {
    use Step::{Begins, Calls, Dies, Doubt, Pause, Reports, Silence, Stops};
    for steps in [
        // Reported and taken back, before it is adopted; the next ticket has a thread of its own.
        vec![Doubt, Calls(0), Pause(500), Dies(0), Reports(0), Stops(0), Calls(0), Begins],
        vec![Doubt, Calls(0), Pause(500), Dies(0), Reports(0), Stops(0), Begins, Pause(5_000), Calls(0)],
        // The process dies before it has the answer.
        vec![Silence, Calls(0), Pause(500), Dies(0), Reports(0), Stops(0), Calls(0), Begins],
        vec![Silence, Calls(0), Pause(500), Dies(0), Stops(0), Reports(0), Calls(2), Begins],
        vec![Silence, Calls(0), Pause(500), Dies(0), Stops(0), Calls(0), Begins, Reports(0)],
        // The next thread is wanted in another room.
        vec![Doubt, Calls(0), Pause(500), Dies(0), Reports(0), Stops(0), Calls(2), Begins],
    ] {
        run(&steps).unwrap_or_else(|error| panic!("{steps:?}: {error}"));
    }
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24);
    ProptestConfig { cases, max_shrink_iters: 40, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]
    #[test]
    fn none_is_left_behind_whatever_happens(steps in prop::collection::vec(step(), 1..30)) {
        run(&steps)?;
    }
}
