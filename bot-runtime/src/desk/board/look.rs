//! Looking at a conversation: what is known of it, what is to be done next, and noting what was done.
use std::time::Duration;

use tokio::time::Instant;

use super::Threads;
use super::load;
use super::next::{Action, How, Wish, next};
use super::note::{Noted, done};
use super::pace::Pace;
use super::rooms::Lane;
use super::run::{Live, Plan, Showing};
use super::view::View;
use crate::store::{ConversationId, EventId, Store, StoreError, Thread, Twin};

/// How long a platform may take to tell of a thread that the bot has made.
pub(super) const SETTLES: Duration = Duration::from_secs(3);

impl<S: Store, T: Threads> Showing<'_, S, T> {
    /// Decides what is to be done next; what is only to be noted is noted.
    pub async fn look_at(&mut self, id: ConversationId) -> Result<(), StoreError> {
        loop {
            let view = load::view(&*self.store, self.desk(), id).await?;
            let Some(view) = view.filter(|_| !self.is_being_erased(id)) else {
                self.live.remove(&id);
                return Ok(());
            };
            let view = self.complete(id, view).await?;
            let wish = self.wish(&view);
            match wish {
                Some(Wish { action: action @ (Action::Pass { .. } | Action::Adopt { .. }), .. }) => {
                    self.note(id, &action, done(&view, &action, Vec::new())).await?;
                }
                wish => return self.remember(id, view, wish).await,
            }
        }
    }

    fn wish(&self, view: &View) -> Option<Wish> {
        let threads = &self.board.threads;
        let measure = |text: &str| threads.measure(text);
        let files = Pace::largest(threads.budget().0);
        next(
            view,
            &How {
                desk: self.desk(),
                longest: threads.longest(),
                measure: &measure,
                files,
                archives: threads.archives(),
            },
        )
    }

    /// Adds what the store does not know.
    async fn complete(&mut self, id: ConversationId, mut view: View) -> Result<View, StoreError> {
        let now = Instant::now();
        view.room = self.shared().now(&view.room);
        view.wanted = self.wanted(id, &view, now);
        let is_mute = self.is_mute(&view.room, now);
        let live = self.live.entry(id).or_default();
        live.open = view.tickets.last().is_some_and(|ticket| ticket.closed.is_none());
        live.room.clone_from(&view.wanted);
        let may_move = live.open && view.thread.is_some();
        view.stranded = may_move && is_mute && view.wanted.as_ref() != Some(&view.room);
        if live.plain
            && let Some(first) = view.events.iter().find(|event| view.replies.contains_key(&event.id))
        {
            view.replies.insert(first.id, String::new());
        }
        let retitle = live.retitle;
        if let Some(until) = retitle.filter(|until| *until > now) {
            view.untitled = true;
            self.wake_at(until);
        }
        let live = self.live.entry(id).or_default();
        if let Some(opening) = view.state.opening {
            let settles = *live.settles.get_or_insert(now + SETTLES);
            view.settling = settles > now;
            self.wake_at(settles);
            view.found = self.board.found(opening, view.wanted.as_deref()).await?;
        }
        Ok(view)
    }

    fn is_mute(&self, room: &str, now: Instant) -> bool {
        self.lanes.get(room).is_some_and(|lane| lane.is_mute(now))
    }

    /// Where its next ticket goes: where it has its thread, if that room serves the team and can be written to; else where there
    /// are the fewest.
    fn wanted(&mut self, id: ConversationId, view: &View, now: Instant) -> Option<String> {
        let team = &view.tickets.last()?.ticket.team;
        let rooms: Vec<_> = self.board.rooms_of(team).iter().map(|room| self.shared().now(room)).collect();
        if rooms.is_empty() && !self.board.is_elsewhere(team) && self.unserved.insert(team.clone()) {
            let desk = self.desk();
            tracing::warn!(
                desk,
                team,
                "no staff room serves this team, so its tickets are not shown here: set a room for it, or one for all teams"
            );
        }
        let serves = |room: &String| rooms.contains(room);
        for room in &rooms {
            self.lanes.entry(room.clone()).or_insert_with(|| Lane::new(self.board.threads.budget()));
        }
        let is_open = |room: &String| self.lanes.get(room).is_some_and(|lane| lane.is_open(now));
        let is_left = self.is_mute(&view.room, now) && rooms.iter().any(is_open);
        if view.thread.is_some() && serves(&view.room) && !is_left {
            return Some(view.room.clone());
        }
        let begun = view.state.opening.is_some() || view.state.ticket.is_some();
        let reserved = self.live.get(&id).and_then(|live| live.room.clone());
        let before = Some(view.room.clone()).filter(|_| begun).or(reserved);
        if let Some(before) = before.filter(|room| serves(room) && is_open(room)) {
            return Some(before);
        }
        let open = |room: &String| {
            self.live.values().filter(|live| live.open && live.room.as_ref() == Some(room)).count()
        };
        let fewest = |rooms: &mut dyn Iterator<Item = &String>| rooms.min_by_key(|room| open(room)).cloned();
        fewest(&mut rooms.iter().filter(|room| is_open(room))).or_else(|| fewest(&mut rooms.iter()))
    }

    async fn remember(
        &mut self,
        id: ConversationId,
        view: View,
        wish: Option<Wish>,
    ) -> Result<(), StoreError> {
        let live = self.live.entry(id).or_default();
        (live.dirty, live.settling) = (false, view.settling);
        live.marks = !view.state.marks.is_empty();
        let waits = wish.is_some() || (live.open && view.state.ticket.is_none());
        let event = view.events.first().map(|event| event.id).filter(|_| waits);
        live.first = event.into_iter().chain(view.state.marks.iter().map(|mark| mark.event)).min();
        if wish.is_some() && live.first.is_none() {
            live.first = Some(EventId(view.shown.0 + 1));
        }
        let is_over = wish.is_none() && !live.marks && !live.open && view.state.ticket.is_none();
        live.plan = wish.map(|wish| Box::new(Plan { wish, view: view.clone(), deed: None, in_doubt: false }));
        if is_over && !view.settling {
            self.retire(id, view).await?;
        }
        Ok(())
    }

    /// Nothing is to be done there until the next hand-off. A thread that was made for what is over is not needed.
    async fn retire(&mut self, id: ConversationId, view: View) -> Result<(), StoreError> {
        if view.state.opening.is_some() {
            self.keep_opening(id, super::note::unopened(&view)).await?;
        }
        self.live.remove(&id);
        Ok(())
    }

    /// Notes what has become of an action.
    pub async fn note(
        &mut self,
        id: ConversationId,
        action: &Action,
        mut noted: Noted,
    ) -> Result<(), StoreError> {
        // What is done in it brings it back.
        noted.after.state.archived &= matches!(action, Action::Archive | Action::Pass { .. });
        let shared = self.shared();
        let _making = shared.making.lock().await;
        if let Some(former) = &noted.former {
            self.board.keep_former(id, former).await?;
        }
        self.keep(id, noted).await?;
        if matches!(action, Action::Open { .. } | Action::Adopt { .. }) {
            self.board.settle_found().await?;
        }
        let live = self.live.entry(id).or_default();
        (live.dirty, live.plain, live.tries, live.again) = (true, false, 0, None);
        if !matches!(action, Action::Pass { .. }) {
            live.settles = None;
        }
        Ok(())
    }

    /// Notes for which ticket a thread is being made, or that none is.
    pub async fn keep_opening(&mut self, id: ConversationId, noted: Noted) -> Result<(), StoreError> {
        let _making = self.shared().making.lock().await;
        self.keep(id, noted).await?;
        self.board.settle_found().await.map(|_| ())
    }

    /// Keeps what is noted.
    pub async fn keep(&mut self, id: ConversationId, noted: Noted) -> Result<(), StoreError> {
        let Noted { room, thread, after, messages, .. } = noted;
        let twins = after.events.iter().flat_map(|event| {
            let twin = |message: &String| Twin {
                desk: Some(self.desk().to_owned()),
                message: message.clone(),
                quotes: None,
            };
            messages.iter().map(move |message| (*event, twin(message)))
        });
        let twins: Vec<_> = twins.collect();
        let (desk, state) = (self.desk().to_owned(), after.state.write());
        let thread = Thread { desk, conversation: id, room, thread, shown: after.shown, state };
        self.store.keep_thread(thread, twins).await
    }

    /// What was decided is out of date.
    pub fn touch(&mut self, id: ConversationId) -> &mut Live {
        let live = self.live.entry(id).or_default();
        live.dirty = true;
        live
    }
}
