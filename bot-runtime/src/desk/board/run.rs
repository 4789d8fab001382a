//! The loop that shows: reads what happened, has the most urgent thing done in each room, notes it, and waits.
//!
//! In each room one action is under way at a time, and of each conversation one. What it knows is found in the store again by
//! the next process: events after the cursors, tickets, fates, and for which ticket a thread was being made. Where the store
//! fails, it begins anew in the same way, once all that was under way is noted.
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bot_core::dialogue::Event;
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::deed::{Deed, carry_out};
use super::erase::Erasure;
use super::finish::Made;
use super::load::wakes;
use super::next::Wish;
use super::rooms::Lane;
use super::shared::Shared;
use super::view::View;
use super::{Board, Place, Post, ThreadError, Threads};
use crate::channel::SendError;
use crate::desk::{PAGE, PATIENCE};
use crate::kill;
use crate::runtime::trouble::Trouble;
use crate::store::{ConversationId, EventId, Store, StoreError, TicketFilter};

/// The name under which the desk remembers how far it has come.
const CURSOR: &str = "cursor";

/// The cursor is stored no more often than this.
const CURSOR_PACE: Duration = Duration::from_secs(1);

/// Looked for whether messages have arrived no more often than this; and so often when nobody says that the store has changed.
const FATES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(1));

/// Conversations that are looked at before something is begun.
const LOOKS: usize = 100;

/// What has begun is waited for so long when it is to stop.
const STOP: Duration = Duration::from_secs(10);

/// A conversation that is shown, or waits to be.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// Something has happened: look again.
    pub dirty: bool,
    /// Something is under way.
    pub busy: bool,
    /// What is to be done next.
    pub plan: Option<Box<Plan>>,
    /// Its room, and whether its ticket is open.
    pub room: Option<String>,
    pub open: bool,
    /// The first event that is not done with.
    pub first: Option<EventId>,
    /// The fate of messages is awaited.
    pub marks: bool,
    /// Until then it may still be told that a thread was made.
    pub settles: Option<Instant>,
    /// That is waited for.
    pub settling: bool,
    /// Not before.
    pub again: Option<Instant>,
    pub tries: u32,
    /// What is replied to is gone.
    pub plain: bool,
    /// The thread gets no other title before.
    pub retitle: Option<Instant>,
}

impl Live {
    /// What is planned is tried again before anything else is decided.
    pub fn is_in_doubt(&self) -> bool {
        self.plan.as_deref().is_some_and(|plan| plan.in_doubt)
    }
}

/// What is to be done in a conversation.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub wish: Wish,
    /// What it was decided from.
    pub view: View,
    /// The request that it is, once it is made.
    pub deed: Option<Deed>,
    /// It may have been done already.
    pub in_doubt: bool,
}

/// Something under way.
#[derive(Debug)]
pub(super) enum Job {
    Show {
        conversation: ConversationId,
        plan: Box<Plan>,
    },
    Answer {
        place: Place,
        post: Post,
    },
    Erase {
        erasure: Erasure,
    },
    Notice,
    /// Which threads are open in a room that has too many.
    Count,
    /// One of them is put away.
    Clear,
}

/// Shows until it is told to stop; where the store fails, it begins anew.
pub(super) async fn show<S: Store, T: Threads>(board: &Board<S, T>, stop: &CancellationToken) {
    let mut trouble = Trouble::new("showing agents what happens");
    while !stop.is_cancelled() {
        let shown = async { Showing::start(board, stop).await?.run(&mut trouble).await };
        if let Err(error) = shown.await {
            trouble.note(&error);
            let _ = stop.run_until_cancelled(trouble.pause()).await;
        }
    }
}

pub(super) struct Showing<'a, S: Store, T> {
    pub board: &'a Board<S, T>,
    stop: &'a CancellationToken,
    pub store: Arc<S>,
    pub live: BTreeMap<ConversationId, Live>,
    pub lanes: BTreeMap<String, Lane>,
    pub erasures: Vec<Erasure>,
    /// Teams that no room serves, as far as that was said in the log.
    pub unserved: BTreeSet<String>,
    /// When to look for what is to be erased.
    pub sweep: Instant,
    /// Up to here events were read.
    read: EventId,
    /// What had happened at the start.
    until: EventId,
    cursor: (Option<EventId>, Instant),
    fates: (u64, Instant),
    tasks: JoinSet<Made>,
    jobs: HashMap<Id, (String, Job)>,
    /// When there may be something to do again.
    wake: Instant,
}

impl<'a, S: Store, T: Threads> Showing<'a, S, T> {
    pub async fn start(board: &'a Board<S, T>, stop: &'a CancellationToken) -> Result<Self, StoreError> {
        let store = board.runtime.store().clone();
        let desk = board.desk();
        board.read_moves().await?;
        let until = store.newest().await?;
        let kept = store.memo(desk, CURSOR).await?.and_then(|cursor| cursor.parse().ok()).map(EventId);
        let now = Instant::now();
        let mut showing = Showing {
            board,
            stop,
            store,
            live: BTreeMap::new(),
            lanes: BTreeMap::new(),
            erasures: Vec::new(),
            unserved: BTreeSet::new(),
            sweep: now,
            read: kept.unwrap_or(until),
            until,
            cursor: (kept, now),
            fates: (0, now),
            tasks: JoinSet::new(),
            jobs: HashMap::new(),
            wake: now,
        };
        showing.load_spare().await?;
        let _making = board.shared.making.lock().await;
        for id in board.settle_found().await? {
            showing.touch(id);
        }
        for ticket in showing.store.tickets(TicketFilter::default()).await? {
            showing.live.entry(ticket.conversation).or_default().dirty = true;
        }
        Ok(showing)
    }

    pub fn desk(&self) -> &'a str {
        self.board.desk()
    }

    pub fn shared(&self) -> &'a Shared {
        &self.board.shared
    }

    /// Comes back here then, at the latest.
    pub fn wake_at(&mut self, at: Instant) {
        self.wake = self.wake.min(at);
    }

    /// Shows until it is told to stop, or the store fails; then nothing is under way any more.
    pub async fn run(mut self, trouble: &mut Trouble) -> Result<(), StoreError> {
        let shown = self.show_all(trouble).await;
        while let Ok(Some(ended)) = timeout(STOP, self.tasks.join_next_with_id()).await {
            self.ended(ended).await;
        }
        shown?;
        self.keep_cursor(true).await
    }

    async fn show_all(&mut self, trouble: &mut Trouble) -> Result<(), StoreError> {
        let mut changes = self.store.changes();
        loop {
            let version = *changes.borrow_and_update();
            self.wake = Instant::now() + PATIENCE * 60;
            self.take_in(version).await?;
            self.begin().await?;
            self.keep_cursor(false).await?;
            trouble.over();
            let wake = self.wake.min(Instant::now() + PATIENCE);
            tokio::select! {
                () = self.stop.cancelled() => return Ok(()),
                Some(ended) = self.tasks.join_next_with_id() => self.ended(ended).await,
                changed = changes.changed() => {
                    // Nobody will say any more that the store has changed.
                    if changed.is_err() { sleep(PATIENCE).await }
                }
                () = self.board.shared.poke.notified() => {}
                () = sleep_until(wake) => {}
            }
        }
    }

    async fn take_in(&mut self, version: u64) -> Result<(), StoreError> {
        self.mend();
        self.follow().await?;
        self.ask_for_fates(version);
        self.settle();
        self.sweep().await?;
        self.look().await
    }

    /// What agents or the platform have put right is tried at once.
    fn mend(&mut self) {
        for room in self.shared().take_mended() {
            if let Some(lane) = self.lanes.get_mut(&room) {
                lane.mended();
            }
            self.live.values_mut().for_each(|live| (live.dirty, live.again) = (true, None));
        }
    }

    /// Reads what happened.
    async fn follow(&mut self) -> Result<(), StoreError> {
        loop {
            let events = self.store.events(None, self.read, PAGE).await?;
            let is_last = events.len() < PAGE;
            for stored in events {
                self.read = stored.id;
                if matches!(stored.event, Event::Forgotten) {
                    self.sweep = Instant::now();
                }
                // What happened before the start may have been left undone.
                if wakes(&stored.event) || stored.id <= self.until {
                    self.live.entry(stored.conversation).or_default();
                }
                if let Some(live) = self.live.get_mut(&stored.conversation) {
                    live.dirty = true;
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// That a message has arrived is no event.
    fn ask_for_fates(&mut self, version: u64) {
        let (seen, at) = self.fates;
        let due = at + if version == seen { FATES.1 } else { FATES.0 };
        let now = Instant::now();
        if !self.live.values().any(|live| live.marks) {
            return;
        }
        if due > now {
            self.wake_at(due);
            return;
        }
        self.live.values_mut().filter(|live| live.marks).for_each(|live| live.dirty = true);
        self.fates = (version, now);
        self.wake_at(now + FATES.1);
    }

    /// What is not told of by now is not told of any more.
    fn settle(&mut self) {
        for id in self.shared().take_reports() {
            self.touch(id);
        }
        let now = Instant::now();
        let mut wakes = Vec::new();
        for live in self.live.values_mut() {
            live.dirty |= live.retitle.take_if(|until| *until <= now).is_some();
            wakes.extend(live.retitle);
        }
        for live in self.live.values_mut().filter(|live| live.settling) {
            match live.settles.filter(|settles| *settles > now) {
                Some(settles) => wakes.push(settles),
                None => live.dirty = true,
            }
        }
        wakes.into_iter().for_each(|at| self.wake_at(at));
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        let is_due = |live: &Live| live.dirty && !live.busy && !live.is_in_doubt();
        let dirty = self.live.iter().filter(|(_, live)| is_due(live)).map(|(id, _)| *id);
        let dirty: Vec<_> = dirty.take(LOOKS + 1).collect();
        for conversation in dirty.iter().take(LOOKS) {
            self.look_at(*conversation).await?;
        }
        if dirty.len() > LOOKS {
            self.wake_at(Instant::now());
        }
        Ok(())
    }

    /// What a new process need not look at again. Never goes back.
    async fn keep_cursor(&mut self, at_once: bool) -> Result<(), StoreError> {
        let undone = self.live.values().filter_map(|live| match live.dirty {
            true => live.first.or(Some(self.cursor.0.map_or(EventId(0), |cursor| EventId(cursor.0 + 1)))),
            false => live.first,
        });
        let cursor =
            undone.map(|first| EventId(first.0 - 1)).min().map_or(self.read, |first| first.min(self.read));
        if self.cursor.0.is_some_and(|kept| kept >= cursor) {
            return Ok(());
        }
        let due = self.cursor.1 + CURSOR_PACE;
        if !at_once && self.cursor.0.is_some() && due > Instant::now() {
            self.wake_at(due);
            return Ok(());
        }
        self.store.keep_memo(self.desk(), CURSOR, Some(cursor.0.to_string())).await?;
        self.cursor = (Some(cursor), Instant::now());
        Ok(())
    }

    /// Has it done.
    pub fn spawn(&mut self, room: String, deed: Deed, job: Job) {
        let threads = self.board.threads.clone();
        let handle = self.tasks.spawn(async move {
            kill::point("board.before");
            let result = carry_out(&*threads, deed).await;
            kill::point("board.after");
            result
        });
        if let Some(lane) = self.lanes.get_mut(&room) {
            lane.busy = true;
        }
        if let Job::Show { conversation, .. } = &job
            && let Some(live) = self.live.get_mut(conversation)
        {
            live.busy = true;
        }
        self.jobs.insert(handle.id(), (room, job));
    }

    /// What has been done and is not noted would be done again: it is noted as soon as the store can.
    async fn ended(&mut self, ended: Result<(Id, Made), tokio::task::JoinError>) {
        let (id, result) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                let doubt = SendError::Doubt("the platform's code panicked".to_owned());
                (error.id(), Err(ThreadError::Send(doubt)))
            }
        };
        let Some((room, job)) = self.jobs.remove(&id) else { return };
        if let Some(lane) = self.lanes.get_mut(&room) {
            lane.busy = false;
        }
        let stop = self.stop;
        let noted = async {
            let mut trouble = Trouble::new("noting what was shown to agents");
            while trouble.check(self.finish(&room, &job, &result).await).is_none() {
                trouble.pause().await;
            }
        };
        let too_late = async {
            stop.cancelled().await;
            sleep(STOP).await;
        };
        tokio::select! {
            biased;
            () = noted => {}
            () = too_late => {}
        }
    }
}
