//! Requests × faults, played at the same time by one thread: each case goes on as soon as what it waits for is there.
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::folder;
use super::people::{People, Platform};
use super::script::{FORGET, STEPS, Step};
use super::transcript::{difference, is_same};
use crate::Bot;
use crate::serving::Serving;

/// A case that does not go on for so long never does: the program waits 15 s for an answer, a few times at most.
const HANGS: Duration = Duration::from_secs(75);

/// How often it is looked.
const LOOKS: Duration = Duration::from_millis(50);

/// Where something goes wrong: the n-th request of a method for one of the two chats.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// The method.
    pub method: String,
    /// For the group of agents; else for the customer.
    pub staff: bool,
    /// So many went well before.
    pub after: u32,
}

/// What goes wrong where.
#[derive(Clone, Debug)]
pub struct Case<W> {
    /// Where.
    pub point: Point,
    /// What.
    pub what: W,
}

/// Each fault at each request.
pub fn all<P: Platform>(points: &[Point]) -> Vec<Case<P::What>> {
    let each = |point: &Point| {
        P::faults().into_iter().map(|what| Case { point: point.clone(), what }).collect::<Vec<_>>()
    };
    points.iter().flat_map(each).collect()
}

/// Each request with one of the faults, in turn; each method begins with another one.
pub fn sample<P: Platform>(points: &[Point]) -> Vec<Case<P::What>> {
    let faults = P::faults();
    let mut seen: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    let mut cases = Vec::new();
    for point in points {
        let methods = seen.len();
        let count = seen.entry((&point.method, point.staff)).or_insert(methods);
        cases.push(Case { point: point.clone(), what: faults[*count % faults.len()].clone() });
        *count += 1;
    }
    cases
}

/// What people see when nothing goes wrong, and the requests of the bot.
pub struct Clean {
    /// What the customer and the agents see.
    pub seen: (Vec<String>, Vec<String>),
    /// The requests.
    pub points: Vec<Point>,
}

/// Plays once, and nothing goes wrong.
///
/// # Panics
/// Something does.
pub fn clean<P: Platform>(bot: Bot) -> Clean {
    let mut stage: Stage<P> = Stage::new(bot, 1);
    stage.play(None);
    let wrong = stage.wrong(&[]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let player = &stage.players[0];
    let seen = player.seen.clone().expect("it was played");
    let points = points(&stage.platform, &player.scene);
    stage.ends();
    Clean { seen, points }
}

fn points<P: Platform>(platform: &P, scene: &P::Scene) -> Vec<Point> {
    let mut counts: BTreeMap<(String, bool), u32> = BTreeMap::new();
    let mut points = Vec::new();
    for request in platform.requests(scene) {
        let Some(staff) = request.staff else { continue };
        let after = counts.entry((request.method.clone(), staff)).or_default();
        points.push(Point { method: request.method, staff, after: *after });
        *after += 1;
    }
    points
}

/// Plays all cases at the same time; returns what is wrong, in words.
pub fn play<P: Platform>(bot: Bot, clean: &Clean, cases: &[Case<P::What>]) -> Vec<String> {
    let mut stage: Stage<P> = Stage::new(bot, cases.len());
    for (case, player) in cases.iter().zip(&stage.players) {
        stage.platform.order(&player.scene, &case.point, case.what.clone());
    }
    stage.platform.order_elsewhere();
    stage.play(Some(&clean.seen));
    let wrong = stage.wrong(cases);
    stage.ends();
    wrong
}

struct Player<S> {
    scene: S,
    step: usize,
    since: Instant,
    /// What stood there before it was forgotten.
    seen: Option<(Vec<String>, Vec<String>)>,
    wrong: Option<String>,
}

impl<S: People> Player<S> {
    fn is_over(&self) -> bool {
        self.step > STEPS.len() + FORGET.len() || self.wrong.is_some()
    }

    /// Does what can be done by now. The first step is to see the one before it done, which is none.
    fn go_on(&mut self) {
        let steps: Vec<&Step> = STEPS.iter().chain(FORGET).collect();
        let before = self.step.checked_sub(1).and_then(|before| steps.get(before));
        if before.is_some_and(|before| !(before.is_done)(&self.scene)) {
            if self.since.elapsed() > HANGS {
                let name = before.map_or("", |step| step.name);
                self.wrong = Some(format!("“{name}” never comes to its end\n{}", self.picture()));
            }
            return;
        }
        if let Some(next) = steps.get(self.step) {
            (next.does)(&self.scene);
        }
        self.step += 1;
        self.since = Instant::now();
    }

    /// Whether all is said, and not yet forgotten.
    fn is_at_the_end(&self) -> bool {
        self.seen.is_none() && self.step == STEPS.len() && (STEPS[STEPS.len() - 1].is_done)(&self.scene)
    }

    fn picture(&self) -> String {
        let (chat, group) = self.scene.seen();
        format!("  chat:\n    {}\n  group:\n    {}", chat.join("\n    "), group.join("\n    "))
    }
}

struct Stage<P: Platform> {
    platform: P,
    serving: Serving,
    players: Vec<Player<P::Scene>>,
    expected: Option<(Vec<String>, Vec<String>)>,
    _folder: TempDir,
}

impl<P: Platform> Stage<P> {
    fn new(bot: Bot, cases: usize) -> Stage<P> {
        let platform = P::begin();
        let folder = TempDir::new().expect("a folder");
        folder::write(folder.path(), cases);
        let scenes: Vec<P::Scene> = (0..cases).map(|number| platform.scene(number)).collect();
        let serving = Serving::start(platform.command(bot, folder.path(), &scenes));
        let now = Instant::now();
        while !platform.is_connected() {
            assert!(now.elapsed() < HANGS, "the program never connects");
            std::thread::sleep(LOOKS);
        }
        let player = |scene| Player { scene, step: 0, since: now, seen: None, wrong: None };
        let players = scenes.into_iter().map(player).collect();
        Stage { platform, serving, players, expected: None, _folder: folder }
    }

    /// Until everybody is at the end, or hangs. `expected`: nobody is forgotten before that stands there.
    fn play(&mut self, expected: Option<&(Vec<String>, Vec<String>)>) {
        self.expected = expected.cloned();
        while self.players.iter().any(|player| !player.is_over()) {
            for player in self.players.iter_mut().filter(|player| !player.is_over()) {
                if player.is_at_the_end() && !settles(player, expected) {
                    continue;
                }
                self.platform.agent_obeys(&player.scene);
                player.go_on();
            }
            std::thread::sleep(LOOKS);
        }
    }

    fn wrong(&self, cases: &[Case<P::What>]) -> Vec<String> {
        let mut wrong = Vec::new();
        for (index, player) in self.players.iter().enumerate() {
            let case = cases.get(index);
            wrong.extend(self.wrong_with(player, case).map(|what| match case {
                Some(Case { point, what: fault }) => {
                    let whose = if point.staff { "staff" } else { "customer" };
                    format!("{fault:?} at {} #{} ({whose}): {what}", point.method, point.after)
                }
                None => what,
            }));
        }
        wrong.extend(refused(self.platform.refused()));
        wrong
    }

    fn wrong_with(&self, player: &Player<P::Scene>, case: Option<&Case<P::What>>) -> Option<String> {
        if player.wrong.is_some() {
            return player.wrong.clone();
        }
        let (expected, seen) = (self.expected.as_ref()?, player.seen.as_ref()?);
        let repeated = usize::from(case.is_some_and(|case| P::may_repeat(&case.point, &case.what)));
        let in_chat = usize::from(case.is_some_and(|case| !case.point.staff)) * repeated;
        let in_group = repeated - in_chat;
        let mut text = String::new();
        for (name, seen, expected, repeated) in
            [("chat", &seen.0, &expected.0, in_chat), ("group", &seen.1, &expected.1, in_group)]
        {
            if !is_same(seen, expected, repeated) {
                text += &format!("the {name} is another:\n{}", difference(seen, expected));
            }
        }
        (!text.is_empty()).then_some(text)
    }

    /// The program lives until it is told to stop.
    fn ends(self) {
        let (code, log) = self.serving.terminate();
        assert_eq!(code, 0, "{log}");
        assert!(!log.contains("panicked"), "{log}");
    }
}

/// What was expected stands there, give or take what stands there twice; or it will never. Then it is kept.
fn settles<S: People>(player: &mut Player<S>, expected: Option<&(Vec<String>, Vec<String>)>) -> bool {
    let seen = player.scene.seen();
    let is_there =
        expected.is_none_or(|expected| is_same(&seen.0, &expected.0, 1) && is_same(&seen.1, &expected.1, 1));
    let is_settled = is_there || player.since.elapsed() > Duration::from_secs(20);
    if is_settled {
        player.seen = Some(seen);
    }
    is_settled
}

/// What the server itself refuses more than twice: nobody would ever see that it stops.
fn refused(refusals: Vec<(String, String)>) -> Vec<String> {
    let mut counts: BTreeMap<(String, String), u32> = BTreeMap::new();
    for refusal in refusals {
        *counts.entry(refusal).or_default() += 1;
    }
    let often = counts.into_iter().filter(|(_, count)| *count > 2);
    often.map(|((what, why), count)| format!("{what:.300} refused {count} times: {why}")).collect()
}
