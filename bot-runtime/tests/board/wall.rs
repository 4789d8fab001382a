//! A platform with threads, in memory: what stands there can be read, and it fails as it is told to.
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bot_runtime::channel::SendError;
use bot_runtime::desk::board::{Button, Place, Post, ThreadError, Threads};
use bot_runtime::store::Fate;
use tokio::time::Instant;

/// The desk's name.
pub const DESK: &str = "wall";

#[derive(Clone, Debug)]
pub enum Fault {
    /// It is not done.
    Fails(ThreadError),
    /// It is done, but no answer comes.
    DoneInDoubt,
    /// It is done, and then nothing more happens.
    DoneAndSilent,
}

pub fn doubt() -> ThreadError {
    ThreadError::Send(SendError::Doubt("no answer".into()))
}

pub fn wait(seconds: u64) -> ThreadError {
    ThreadError::Send(SendError::Wait { pause: Duration::from_secs(seconds), all: false })
}

pub fn last() -> ThreadError {
    ThreadError::Send(SendError::Final("never".into()))
}

/// What stands in a thread.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    pub id: String,
    pub text: String,
    pub buttons: Vec<Button>,
    pub replies_to: Option<String>,
    pub mark: Option<Fate>,
}

#[derive(Clone, Debug, Default)]
pub struct Thread {
    pub title: String,
    pub archived: bool,
    pub shown: Vec<Shown>,
}

#[derive(Default)]
struct State {
    /// By room and thread; the room itself is the thread without a name.
    threads: BTreeMap<(String, String), Thread>,
    moved: BTreeMap<String, String>,
    faults: BTreeMap<(String, String), VecDeque<Fault>>,
    /// Each action that counts: where and when.
    spent: Vec<(String, Instant)>,
    calls: Vec<String>,
    last: u32,
    /// What can't be posted twice.
    keyed: Vec<(Place, Post, String)>,
    /// The threads that were made, for reports.
    made: Vec<(Place, String)>,
}

#[derive(Clone)]
pub struct Wall {
    pub budget: (u32, Duration),
    /// Threads of closed tickets are put away; so many may be open.
    pub archives: Option<usize>,
    /// It can read what is no command.
    pub reads: bool,
    state: Arc<Mutex<State>>,
}

impl Default for Wall {
    fn default() -> Wall {
        let budget = (20, Duration::from_secs(60));
        Wall { budget, archives: None, reads: true, state: Arc::default() }
    }
}

fn named(place: &Place) -> (String, String) {
    (place.room.clone(), place.thread.clone().unwrap_or_default())
}

impl Wall {
    pub fn bearing(most: u32) -> Wall {
        Wall { budget: (most, Duration::from_secs(60)), ..Wall::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The next calls of that method, in any room (`*`) or in one, go like this.
    pub fn faults(&self, room: &str, method: &str, faults: impl IntoIterator<Item = Fault>) {
        let key = (room.to_owned(), method.to_owned());
        self.state().faults.entry(key).or_default().extend(faults);
    }

    pub fn fails(&self, method: &str, errors: impl IntoIterator<Item = ThreadError>) {
        self.faults("*", method, errors.into_iter().map(Fault::Fails));
    }

    pub fn mended(&self) {
        self.state().faults.clear();
    }

    pub fn moves(&self, old: &str, new: &str) {
        let mut state = self.state();
        state.moved.insert(old.into(), new.into());
        let threads = std::mem::take(&mut state.threads);
        let renamed = |room: String| if room == old { new.to_owned() } else { room };
        state.threads =
            threads.into_iter().map(|((room, thread), shown)| ((renamed(room), thread), shown)).collect();
    }

    /// Somebody deletes a thread.
    pub fn deletes(&self, place: &Place) {
        self.state().threads.remove(&named(place)).expect("it is there");
    }

    pub fn deletes_message(&self, place: &Place, id: &str) {
        let mut state = self.state();
        state.threads.get_mut(&named(place)).unwrap().shown.retain(|shown| shown.id != id);
    }

    /// Somebody else writes.
    pub fn writes(&self, place: &Place, text: &str, replies_to: Option<&str>) -> String {
        let mut state = self.state();
        let text = format!("> {text}");
        let replies_to = replies_to.map(str::to_owned);
        state.put(place, Shown { text, replies_to, ..Shown::default() })
    }

    pub fn threads(&self) -> Vec<(Place, Thread)> {
        let state = self.state();
        let all = state.threads.iter().filter(|((_, thread), _)| !thread.is_empty());
        all.map(|((room, thread), shown)| (place(room, thread), shown.clone())).collect()
    }

    pub fn thread(&self, place: &Place) -> Thread {
        self.state().threads.get(&named(place)).cloned().unwrap_or_default()
    }

    /// The texts of a thread, without the card.
    pub fn texts(&self, place: &Place) -> Vec<String> {
        let shown = self.thread(place).shown.into_iter();
        shown.filter(|shown| !shown.text.starts_with('#')).map(|shown| shown.text).collect()
    }

    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    pub fn made(&self) -> Vec<(Place, String)> {
        self.state().made.clone()
    }

    /// The most that was done in a room in any stretch of the budget's length.
    pub fn most(&self) -> usize {
        let state = self.state();
        let within = |(room, at): &(String, Instant)| {
            let same = state.spent.iter().filter(|(other, _)| other == room);
            same.filter(|(_, then)| then <= at && at.duration_since(*then) < self.budget.1).count()
        };
        state.spent.iter().map(within).max().unwrap_or(0)
    }

    /// The same, for one that may be silent for ever.
    async fn called<R>(
        &self,
        method: &str,
        at: &Place,
        cost: usize,
        work: impl FnOnce(&mut State) -> Result<R, ThreadError>,
    ) -> Result<R, ThreadError> {
        tokio::task::yield_now().await;
        match self.call(method, at, cost, work) {
            Some(result) => result,
            None => std::future::pending().await,
        }
    }

    /// One call: what is to be counted, what goes wrong, and the work.
    fn call<R>(
        &self,
        method: &str,
        at: &Place,
        cost: usize,
        work: impl FnOnce(&mut State) -> Result<R, ThreadError>,
    ) -> Option<Result<R, ThreadError>> {
        let mut state = self.state();
        state.calls.push(format!("{method} {}/{}", at.room, at.thread.as_deref().unwrap_or("")));
        state.spent.extend((0..cost).map(|_| (at.room.clone(), Instant::now())));
        if let Some(new) = state.moved.get(&at.room) {
            return Some(Err(ThreadError::Moved(new.clone())));
        }
        let here = state.faults.get_mut(&(at.room.clone(), method.to_owned())).and_then(VecDeque::pop_front);
        let fault = here
            .or_else(|| state.faults.get_mut(&("*".into(), method.to_owned())).and_then(VecDeque::pop_front));
        match fault {
            None => {}
            Some(Fault::Fails(error)) => return Some(Err(error)),
            Some(Fault::DoneInDoubt) => {
                let _ = work(&mut state);
                return Some(Err(doubt()));
            }
            Some(Fault::DoneAndSilent) => {
                let _ = work(&mut state);
                return None;
            }
        }
        if at.thread.is_some() && !state.threads.contains_key(&named(at)) {
            return Some(Err(ThreadError::ThreadGone));
        }
        Some(work(&mut state))
    }
}

fn place(room: &str, thread: &str) -> Place {
    Place { room: room.to_owned(), thread: Some(thread.to_owned()) }
}

impl State {
    fn id(&mut self) -> String {
        self.last += 1;
        self.last.to_string()
    }

    fn put(&mut self, place: &Place, shown: Shown) -> String {
        let id = self.id();
        let thread = self.threads.entry(named(place)).or_default();
        thread.archived = false;
        thread.shown.push(Shown { id: id.clone(), ..shown });
        id
    }

    /// The open threads, the oldest first.
    fn open(&self, room: &str) -> Vec<String> {
        let here = self
            .threads
            .iter()
            .filter(|((of, name), thread)| of == room && !name.is_empty() && !thread.archived);
        let last = |thread: &Thread| thread.shown.last().and_then(|shown| shown.id.parse::<u32>().ok());
        let mut open: Vec<_> = here.map(|((_, name), thread)| (last(thread), name.clone())).collect();
        open.sort();
        open.into_iter().map(|(_, name)| name).collect()
    }

    fn has(&self, place: &Place, message: &str) -> Result<(), ThreadError> {
        let there = self
            .threads
            .get(&named(place))
            .is_some_and(|thread| thread.shown.iter().any(|shown| shown.id == message));
        if there { Ok(()) } else { Err(ThreadError::MessageGone) }
    }
}

impl Threads for Wall {
    fn name(&self) -> &str {
        DESK
    }

    fn longest(&self) -> usize {
        400
    }

    fn budget(&self) -> (u32, Duration) {
        self.budget
    }

    async fn open(&self, room: &str, title: &str) -> Result<String, ThreadError> {
        let at = Place { room: room.to_owned(), thread: None };
        self.called("open", &at, 1, |state| {
            if room == "no-such-room" {
                return Err(ThreadError::Forbidden("let the bot in".into()));
            }
            let id = format!("t{}", state.id());
            if self.archives.is_some_and(|most| state.open(room).len() >= most) {
                return Err(ThreadError::TooMany);
            }
            let thread = Thread { title: title.to_owned(), ..Thread::default() };
            state.threads.insert((room.to_owned(), id.clone()), thread);
            state.made.push((place(room, &id), title.to_owned()));
            Ok(id)
        })
        .await
    }

    async fn rename(&self, at: &Place, title: &str) -> Result<(), ThreadError> {
        self.called("rename", at, 1, |state| {
            state.threads.entry(named(at)).or_default().title = title.to_owned();
            Ok(())
        })
        .await
    }

    async fn erase(&self, at: &Place) -> Result<(), ThreadError> {
        self.called("erase", at, 1, |state| {
            state.threads.remove(&named(at));
            Ok(())
        })
        .await
    }

    fn archives(&self) -> bool {
        self.archives.is_some()
    }

    async fn archive(&self, at: &Place) -> Result<(), ThreadError> {
        self.called("archive", at, 1, |state| {
            state.threads.entry(named(at)).or_default().archived = true;
            Ok(())
        })
        .await
    }

    async fn unarchived(&self, room: &str) -> Result<Vec<String>, ThreadError> {
        let at = Place { room: room.to_owned(), thread: None };
        self.called("unarchived", &at, 1, |state| Ok(state.open(room))).await
    }

    fn reads(&self) -> bool {
        self.reads
    }

    async fn post(&self, at: &Place, post: &Post) -> Result<String, ThreadError> {
        assert!(self.measure(&post.text) <= self.longest(), "{} characters", self.measure(&post.text));
        self.called("post", at, 1, |state| {
            if let Some(target) = &post.replies_to {
                state.has(at, target)?;
            }
            let post = post.clone();
            let is_it = |known: &&(Place, Post, String)| (&known.0, &known.1) == (at, &post);
            if let Some(known) = state.keyed.iter().find(is_it) {
                return Ok(known.2.clone());
            }
            let Post { text, buttons, replies_to, key, .. } = post.clone();
            let id = state.put(at, Shown { text, buttons, replies_to, ..Shown::default() });
            state.keyed.extend(key.map(|_| (at.clone(), post, id.clone())));
            Ok(id)
        })
        .await
    }

    async fn change(&self, at: &Place, message: &str, post: &Post) -> Result<(), ThreadError> {
        self.called("change", at, 1, |state| {
            state.has(at, message)?;
            let thread = state.threads.entry(named(at)).or_default();
            for shown in thread.shown.iter_mut().filter(|shown| shown.id == message) {
                (shown.text, shown.buttons) = (post.text.clone(), post.buttons.clone());
            }
            Ok(())
        })
        .await
    }

    async fn copy(
        &self,
        at: &Place,
        files: &[String],
        replies_to: Option<&str>,
    ) -> Result<Vec<String>, ThreadError> {
        self.called("copy", at, files.len(), |state| {
            if files.iter().any(|file| !file.starts_with("file")) {
                return Err(last());
            }
            if let Some(target) = replies_to {
                state.has(at, target)?;
            }
            let replies_to = replies_to.map(str::to_owned);
            let shown = |file: &String| Shown {
                text: format!("<{file}>"),
                replies_to: replies_to.clone(),
                ..Shown::default()
            };
            Ok(files.iter().map(|file| state.put(at, shown(file))).collect())
        })
        .await
    }

    async fn mark(&self, at: &Place, message: &str, fate: Fate) -> Result<(), ThreadError> {
        self.called("mark", at, 1, |state| {
            state.has(at, message)?;
            let thread = state.threads.entry(named(at)).or_default();
            thread
                .shown
                .iter_mut()
                .filter(|shown| shown.id == message)
                .for_each(|shown| shown.mark = Some(fate));
            Ok(())
        })
        .await
    }
}
