//! Which action comes next in each room, and the request that it is.
use std::collections::BTreeMap;

use tokio::time::Instant;

use super::deed::{Deed, card_post, plain};
use super::next::{Action, After, Wish};
use super::note::{beginning, opening};
use super::rooms::{Lane, Right};
use super::run::{Job, Plan, Showing};
use super::view::View;
use super::words::Class;
use super::{Place, Post, Threads, title};
use crate::desk::{Around, card};
use crate::store::{ConversationId, EventId, Store, StoreError, StoredTicket, TicketFilter};

/// What might be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Choice {
    Notice,
    Crowd,
    Answer,
    Erase(usize),
    Show(ConversationId),
}

type Ranked = (Class, EventId, Choice);

impl<S: Store, T: Threads> Showing<'_, S, T> {
    /// Begins in each room what is most urgent, as far as the room bears it.
    pub async fn begin(&mut self) -> Result<(), StoreError> {
        let best = self.best();
        for (room, (class, _, choice)) in best {
            let cost = self.cost(choice);
            if !self.is_free(&room, class, cost).await? {
                continue;
            }
            self.spend(&room, cost).await?;
            self.begin_in(room, choice).await?;
        }
        Ok(())
    }

    fn best(&mut self) -> BTreeMap<String, Ranked> {
        let mut all: Vec<(String, Ranked)> = Vec::new();
        let of_notices = self.lanes.iter().filter(|(_, lane)| lane.notice.is_some());
        all.extend(of_notices.map(|(room, _)| (room.clone(), (Class::Customer, EventId(0), Choice::Notice))));
        let crowded = self.lanes.iter().filter(|(_, lane)| lane.crowded);
        all.extend(crowded.map(|(room, _)| (room.clone(), (Class::Customer, EventId(0), Choice::Crowd))));
        let answers = self.shared().rooms_to_answer().into_iter();
        all.extend(answers.map(|room| (room, (Class::Alarm, EventId(0), Choice::Answer))));
        let now = Instant::now();
        for (index, erasure) in self.erasures.iter().enumerate().filter(|(_, erasure)| !erasure.busy) {
            if let Some(place) = erasure.places.first().filter(|_| !self.is_busy(erasure.conversation)) {
                all.push((place.room.clone(), (Class::Colleague, EventId(0), Choice::Erase(index))));
            }
        }
        let mut wakes = Vec::new();
        for (id, live) in
            self.live.iter().filter(|(_, live)| !live.busy && (!live.dirty || live.is_in_doubt()))
        {
            let Some(Plan { view, wish, .. }) = live.plan.as_deref() else { continue };
            if let Some(again) = live.again.filter(|again| *again > now) {
                wakes.push(again);
                continue;
            }
            all.push((room_of(view, wish).to_owned(), (wish.class, wish.since, Choice::Show(*id))));
        }
        wakes.into_iter().for_each(|at| self.wake_at(at));
        let mut best = BTreeMap::new();
        for (room, ranked) in all {
            if self.may(&room, ranked.2, now) {
                let known = best.entry(room).or_insert(ranked);
                *known = (*known).min(ranked);
            }
        }
        best
    }

    pub fn is_busy(&self, conversation: Option<ConversationId>) -> bool {
        let live = conversation.and_then(|id| self.live.get(&id));
        live.is_some_and(|live| live.busy)
    }

    fn lane(&mut self, room: &str) -> &mut Lane {
        let budget = self.board.threads.budget();
        self.lanes.entry(room.to_owned()).or_insert_with(|| Lane::new(budget))
    }

    /// Whether the platform lets it be done at present.
    fn may(&mut self, room: &str, choice: Choice, now: Instant) -> bool {
        let right = match choice {
            Choice::Show(id) => self.live[&id].plan.as_deref().map(|plan| Right::of(&plan.wish.action)),
            Choice::Answer => Some(Right::Write),
            Choice::Erase(_) => Some(Right::Manage),
            Choice::Notice | Choice::Crowd => None,
        };
        let lane = self.lane(room);
        let shut = right.and_then(|right| lane.shut(right, now));
        let until = lane.rests.filter(|rests| *rests > now).max(shut);
        let is_busy = lane.busy;
        if let Some(until) = until {
            self.wake_at(until);
        }
        !is_busy && until.is_none()
    }

    fn cost(&self, choice: Choice) -> u32 {
        match choice {
            Choice::Show(id) => self.live[&id].plan.as_deref().map_or(1, |plan| plan.wish.cost),
            _ => 1,
        }
    }

    async fn is_free(&mut self, room: &str, class: Class, cost: u32) -> Result<bool, StoreError> {
        self.resume(room).await?;
        let now = Instant::now();
        let at = self.lane(room).pace.free_at(cost, class.is_urgent(), now);
        if at > now {
            self.wake_at(at);
        }
        Ok(at <= now)
    }

    /// What was done there before this process counts.
    async fn resume(&mut self, room: &str) -> Result<(), StoreError> {
        if std::mem::replace(&mut self.lane(room).resumed, true) {
            return Ok(());
        }
        let kept = self.store.memo(self.desk(), &budget_memo(room)).await?;
        let times: Vec<i64> = kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default();
        let wall = self.board.runtime.clock().timestamp().as_millisecond();
        let ages: Vec<_> = times.into_iter().map(|at| wall - at).collect();
        self.lane(room).pace.resume(&ages, Instant::now());
        Ok(())
    }

    /// Counts it before it is done: a new process must not count less.
    async fn spend(&mut self, room: &str, cost: u32) -> Result<(), StoreError> {
        let now = Instant::now();
        let wall = self.board.runtime.clock().timestamp().as_millisecond();
        let pace = &mut self.lane(room).pace;
        pace.spend(cost, now);
        let times: Vec<_> = pace.ages(now).into_iter().map(|age| wall - age).collect();
        let kept = serde_json::to_string(&times).unwrap_or_default();
        self.store.keep_memo(self.desk(), &budget_memo(room), Some(kept)).await
    }

    async fn begin_in(&mut self, room: String, choice: Choice) -> Result<(), StoreError> {
        match choice {
            Choice::Notice => {
                let text = self.lane(&room).notice.take().unwrap_or_default();
                let place = Place { room: room.clone(), thread: None };
                self.spawn(room, Deed::Post { place, post: plain(text) }, Job::Notice);
            }
            Choice::Crowd => self.spawn(room.clone(), Deed::Count { room }, Job::Count),
            Choice::Answer => {
                let Some((place, post)) = self.shared().next_answer(&room) else { return Ok(()) };
                let deed = Deed::Post { place: place.clone(), post: post.clone() };
                self.spawn(room, deed, Job::Answer { place, post });
            }
            Choice::Erase(index) => {
                let Some(place) = self.begin_erasing(index).await? else { return Ok(()) };
                let erasure = self.erasures[index].clone();
                self.spawn(room, Deed::Erase { place }, Job::Erase { erasure });
            }
            Choice::Show(id) => self.show(room, id).await?,
        }
        Ok(())
    }

    async fn show(&mut self, room: String, conversation: ConversationId) -> Result<(), StoreError> {
        let live = self.live.entry(conversation).or_default();
        let Some(mut plan) = live.plan.take() else { return Ok(()) };
        if plan.deed.is_none() {
            self.announce(conversation, &mut plan).await?;
            plan.deed = self.deed(&plan.view, &plan.wish.action).await?;
        }
        match plan.deed.clone() {
            Some(deed) => self.spawn(room, deed, Job::Show { conversation, plan }),
            None => self.touch(conversation).busy = false,
        }
        Ok(())
    }

    /// Notes what another process could not know to have been begun.
    async fn announce(&mut self, id: ConversationId, plan: &mut Plan) -> Result<(), StoreError> {
        let Plan { wish, view, .. } = plan;
        if let Action::Open { ticket } = wish.action {
            self.live.entry(id).or_default().settles = None;
            let noted = opening(view, ticket);
            view.room.clone_from(&noted.room);
            view.state.clone_from(&noted.after.state);
            self.keep_opening(id, noted).await?;
        }
        if let Action::Card { ticket, .. } = wish.action
            && view.state.ticket.is_none()
        {
            let noted = beginning(view, ticket);
            view.state.clone_from(&noted.after.state);
            self.keep(id, noted).await?;
        }
        Ok(())
    }

    /// The request that an action is.
    async fn deed(&self, view: &View, action: &Action) -> Result<Option<Deed>, StoreError> {
        let place = || Place { room: view.room.clone(), thread: view.thread.clone() };
        Ok(match action {
            Action::Open { ticket } => view.ticket(*ticket).map(|about| {
                let room = view.wanted.clone().unwrap_or_default();
                Deed::Open { room, title: title(*ticket, &about.ticket) }
            }),
            Action::Rename { ticket } => view
                .ticket(*ticket)
                .map(|about| Deed::Rename { place: place(), title: title(*ticket, &about.ticket) }),
            Action::Card { ticket, .. } => {
                let key = Some(format!("card {ticket}"));
                self.card(view, *ticket)
                    .await?
                    .map(|post| Deed::Post { place: place(), post: Post { key, ..post } })
            }
            Action::Renew { ticket, message, .. } => self
                .card(view, *ticket)
                .await?
                .map(|post| Deed::Change { place: place(), message: message.clone(), post }),
            Action::Post { text, replies_to, after } => {
                let post =
                    Post { replies_to: replies_to.clone(), key: Some(key(view, after)), ..plain(text) };
                Some(Deed::Post { place: place(), post })
            }
            Action::Copy { files, replies_to, .. } => {
                Some(Deed::Copy { place: place(), files: files.clone(), replies_to: replies_to.clone() })
            }
            Action::Mark { mark, fate } => {
                Some(Deed::Mark { place: place(), message: mark.message.clone(), fate: *fate })
            }
            Action::Tell { ticket } => view.ticket(*ticket).map(|about| {
                let place = Place { room: view.room.clone(), thread: None };
                Deed::Post { place, post: plain(without_thread(*ticket, about)) }
            }),
            Action::Archive => Some(Deed::Archive { place: place() }),
            Action::Adopt { .. } | Action::Pass { .. } => None,
        })
    }

    async fn card(&self, view: &View, ticket: u64) -> Result<Option<Post>, StoreError> {
        let Some(about) = view.ticket(ticket) else { return Ok(None) };
        let open = self.store.tickets(TicketFilter::default()).await?;
        let earlier: Vec<_> = view.tickets.iter().filter(|other| other.number < ticket).cloned().collect();
        let around = Around { ahead: card::ahead(&open, about), earlier: &earlier };
        let (engine, now) = (self.board.runtime.engine(), self.board.runtime.clock().now());
        Ok(Some(card_post(&engine, about, around, &now, &*self.board.threads)))
    }
}

/// Each post brings the thread from one place in the conversation to another.
fn key(view: &View, after: &After) -> String {
    format!("{}-{}.{}", view.shown.0, after.shown.0, after.state.part)
}

fn room_of<'v>(view: &'v View, wish: &Wish) -> &'v str {
    match (&wish.action, &view.wanted) {
        (Action::Open { .. }, Some(wanted)) => wanted,
        _ => &view.room,
    }
}

fn without_thread(ticket: u64, about: &StoredTicket) -> String {
    let title = title(ticket, &about.ticket);
    format!("{title}: its thread was deleted twice and is not made again. It is to be seen at other desks.")
}

fn budget_memo(room: &str) -> String {
    format!("budget/{room}")
}
