//! Whatever happens, whatever fails and wherever a process dies: what customers say stands in their threads, in order, and no
//! more is done than a room bears.
use std::collections::BTreeMap;
use std::time::Duration;

use bot_runtime::channel::SendError;
use bot_runtime::desk::board::{Spoken, ThreadError};
use proptest::prelude::*;
use tokio::time::sleep;

use crate::wall::{Fault, Wall, doubt, wait};
use crate::world::{World, room};

#[derive(Clone, Debug)]
enum Step {
    /// A customer writes something new.
    Word(usize),
    /// An agent writes something new to a customer.
    Answer(usize),
    /// An agent asks for help.
    Help(usize),
    /// The next calls of a method go wrong.
    Fault(&'static str, Wrong),
    /// The process dies after so many more steps of all tasks, and another one begins.
    Dies(u8),
    /// So many of the next calls to the store fail.
    Locked(usize),
    /// Time passes, in milliseconds.
    Pause(u64),
    /// The platform reports the threads that were made.
    Report,
}

#[derive(Clone, Copy, Debug)]
enum Wrong {
    Retry,
    Wait,
    Doubt,
    Done,
    Gone,
}

const METHODS: [&str; 5] = ["open", "post", "change", "mark", "rename"];

const PEERS: [&str; 3] = ["Ann", "Ben", "Cleo"];

fn wrong() -> impl Strategy<Value = Wrong> {
    prop_oneof![
        Just(Wrong::Retry),
        Just(Wrong::Wait),
        Just(Wrong::Doubt),
        Just(Wrong::Done),
        Just(Wrong::Gone)
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..PEERS.len()).prop_map(Step::Word),
        2 => (0..PEERS.len()).prop_map(Step::Answer),
        1 => (0..PEERS.len()).prop_map(Step::Help),
        2 => (prop::sample::select(&METHODS[..]), wrong()).prop_map(|(method, wrong)| Step::Fault(method, wrong)),
        2 => (0..40_u8).prop_map(Step::Dies),
        2 => (1..12_usize).prop_map(Step::Locked),
        3 => (0..20_000_u64).prop_map(Step::Pause),
        1 => Just(Step::Report),
    ]
}

impl Wrong {
    fn fault(self) -> Fault {
        match self {
            Wrong::Retry => Fault::Fails(ThreadError::Send(SendError::Retry("busy".into()))),
            Wrong::Wait => Fault::Fails(wait(7)),
            Wrong::Doubt => Fault::Fails(doubt()),
            Wrong::Done => Fault::DoneInDoubt,
            Wrong::Gone => Fault::Fails(ThreadError::MessageGone),
        }
    }
}

/// What was said, and how often something may have been repeated.
#[derive(Default)]
struct Said {
    words: BTreeMap<usize, Vec<String>>,
    answers: BTreeMap<usize, Vec<String>>,
    repeats: usize,
}

async fn take(world: &mut World, said: &mut Said, number: usize, step: &Step) {
    match step {
        Step::Word(peer) => {
            let word = format!("word {number}");
            world.customer(PEERS[*peer], &word).await;
            said.words.entry(*peer).or_default().push(word);
        }
        Step::Answer(peer) | Step::Help(peer) => {
            let title = format!("#{} {}", peer + 1, PEERS[*peer]);
            let mut places = world.wall.threads().into_iter().filter(|(_, thread)| thread.title == title);
            // The last that was made is the customer's; a twin is nobody's.
            let Some((place, _)) = places.next_back() else { return };
            let text =
                if matches!(step, Step::Help(_)) { "/help".to_owned() } else { format!("answer {number}") };
            let before = world.got(PEERS[*peer]).len();
            world.agent(&place, "Kim", &text).await;
            sleep(Duration::from_millis(1)).await;
            if world.got(PEERS[*peer]).len() > before {
                said.answers.entry(*peer).or_default().push(format!("Kim: {text}"));
            }
        }
        Step::Fault(method, wrong) => {
            // Words that can't be shown and no message to blame are passed over: that is another rule.
            if matches!(wrong, Wrong::Gone) && matches!(*method, "post" | "open") {
                return;
            }
            world.wall.faults("*", method, [wrong.fault()]);
        }
        Step::Dies(after) => {
            for _ in 0..*after {
                tokio::task::yield_now().await;
            }
            world.dies().await;
            said.repeats += 1;
            world.wakes();
        }
        Step::Locked(calls) => world.locks(*calls),
        Step::Pause(millis) => sleep(Duration::from_millis(*millis)).await,
        Step::Report => {
            for (place, title) in world.wall.made() {
                world.heard(&place, None, Spoken::Opened { title }).await;
            }
        }
    }
}

async fn holds(most: u32, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut world = World::timeless(Wall::bearing(most), vec![room("room", None)]);
    let mut said = Said::default();
    for peer in PEERS {
        world.customer(peer, "my bill is wrong").await;
    }
    for (number, step) in steps.iter().enumerate() {
        take(&mut world, &mut said, number, step).await;
    }
    world.locks(0);
    world.rests().await;
    let reports = world.wall.made();
    for (place, title) in reports {
        world.heard(&place, None, Spoken::Opened { title }).await;
    }
    world.rests().await;
    prop_assert!(
        world.wall.most() <= most as usize,
        "{} of {most}: {:?}",
        world.wall.most(),
        world.wall.calls()
    );
    let threads = world.wall.threads();
    prop_assert_eq!(threads.len(), PEERS.len(), "{:?}", world.wall.calls());
    let mut repeats = 0;
    for (peer, name) in PEERS.iter().enumerate() {
        let title = format!("#{} {name}", peer + 1);
        let found = threads.iter().find(|(_, thread)| thread.title == title);
        let Some((place, thread)) = found else { panic!("no {title}: {threads:?}") };
        let all = world.wall.texts(place).join("\n");
        let shown: Vec<_> = all.lines().filter_map(|line| line.strip_prefix("customer: ")).collect();
        let words = said.words.remove(&peer).unwrap_or_default();
        repeats += in_order(&shown, &words).map_err(TestCaseError::fail)?;
        let cards = thread.shown.iter().filter(|shown| shown.text.starts_with('#')).count();
        prop_assert!(cards >= 1, "{thread:?}");
        prop_assert_eq!(world.got(name), said.answers.remove(&peer).unwrap_or_default());
    }
    prop_assert!(repeats <= said.repeats, "{repeats} repeated, {} allowed", said.repeats);
    Ok(())
}

/// Each word is there, in order; a post that was repeated repeats its words in order. Returns how many posts were.
fn in_order(shown: &[&str], words: &[String]) -> Result<usize, String> {
    let (mut next, mut repeats) = (0, 0);
    for word in shown {
        if words.get(next).is_some_and(|want| want == word) {
            next += 1;
        } else if let Some(at) = words[..next].iter().position(|known| known == word) {
            next = at + 1;
            repeats += 1;
        } else {
            return Err(format!("{word} out of order: {shown:?}, said {words:?}"));
        }
    }
    if next == words.len() { Ok(repeats) } else { Err(format!("missing: {shown:?}, said {words:?}")) }
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24);
    ProptestConfig { cases, max_shrink_iters: 200, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]
    #[test]
    fn nothing_is_lost_whatever_happens(most in 4..20_u32, steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(holds(most, steps))?;
    }
}
