//! What follows from an action's outcome: what is noted, and whether and when it is tried again.
use std::time::Duration;

use tokio::time::Instant;

use super::deed::Deed;
use super::look::SETTLES;
use super::next::Action;
use super::note::{done, failed, unopened};
use super::rooms::Right;
use super::run::{Job, Plan, Showing};
use super::{Place, Post, ThreadError, Threads};
use crate::channel::SendError;
use crate::store::{ConversationId, Store, StoreError, TicketFilter};

/// After a failure that does not say how long to wait, the room is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two attempts at the same.
const LONGEST: Duration = Duration::from_secs(60);

/// What an action has made.
pub(super) type Made = Result<Vec<String>, ThreadError>;

impl<S: Store, T: Threads> Showing<'_, S, T> {
    /// Where the store fails, the same may be finished again.
    pub async fn finish(&mut self, room: &str, job: &Job, result: &Made) -> Result<(), StoreError> {
        let right = right_of(job);
        match (result, self.lanes.get_mut(room)) {
            (Ok(_), Some(lane)) => lane.worked(right),
            (Ok(_), None) => {}
            (Err(error), _) => self.trouble(room, job, error).await?,
        }
        match job {
            Job::Show { conversation, plan } => self.shown(*conversation, plan, result).await,
            Job::Answer { place, post } => {
                self.answered(place, post, result);
                Ok(())
            }
            Job::Erase { erasure } => self.erased(erasure.clone(), result).await,
            Job::Count => self.counted(room, result).await,
            Job::Notice | Job::Clear => Ok(()),
        }
    }

    /// What it means for the room.
    async fn trouble(&mut self, room: &str, job: &Job, error: &ThreadError) -> Result<(), StoreError> {
        let (desk, kind) = (self.desk(), kind(error));
        tracing::warn!(desk, room, what = name(job), kind, "not done in the staff room");
        let now = Instant::now();
        let right = right_of(job);
        match error {
            ThreadError::Send(SendError::Wait { all: false, .. }) if renames(job) => {}
            ThreadError::TooMany => {
                self.rest(room, now + PAUSE);
                self.lanes.get_mut(room).into_iter().for_each(|lane| lane.crowded = true);
            }
            ThreadError::Send(SendError::Wait { pause, all: true }) => {
                self.lanes.values_mut().for_each(|lane| lane.rest(now + *pause));
            }
            ThreadError::Send(SendError::Wait { pause, .. }) => self.rest(room, now + *pause),
            ThreadError::Send(SendError::Retry(_) | SendError::Doubt(_)) => self.rest(room, now + PAUSE),
            ThreadError::Moved(new) => self.moved(room, new).await?,
            ThreadError::Forbidden(reason) => self.refused(room, right, reason, job),
            ThreadError::Send(SendError::Final(reason)) if opens(job) => {
                self.refused(room, right, reason, job)
            }
            ThreadError::ThreadGone if opens(job) => self.refused(room, right, "it has no threads", job),
            ThreadError::Send(SendError::Final(_)) | ThreadError::ThreadGone | ThreadError::MessageGone => {}
        }
        Ok(())
    }

    fn rest(&mut self, room: &str, until: Instant) {
        if let Some(lane) = self.lanes.get_mut(room) {
            lane.rest(until);
        }
    }

    fn refused(&mut self, room: &str, right: Right, reason: &str, job: &Job) {
        let (desk, now) = (self.desk(), Instant::now());
        tracing::error!(desk, room, reason, "the staff room can't be used as it should");
        if let Some(lane) = self.lanes.get_mut(room) {
            lane.refused(right, reason, now);
            if matches!(job, Job::Notice) {
                lane.notice = None;
            }
        }
        // What has no thread yet may go elsewhere; where nothing can be written, all may.
        let waits = |plan: &Plan| right == Right::Write || matches!(plan.wish.action, Action::Open { .. });
        for live in self.live.values_mut().filter(|live| live.plan.as_deref().is_some_and(waits)) {
            (live.dirty, live.plan) = (true, None);
        }
    }

    async fn moved(&mut self, room: &str, new: &str) -> Result<(), StoreError> {
        let (desk, store) = (self.desk(), self.store.clone());
        tracing::info!(desk, room, new, "the staff room has another id");
        self.shared().moves(&*store, desk, room, new).await?;
        if let Some(lane) = self.lanes.remove(room) {
            self.lanes.entry(new.to_owned()).or_insert(lane);
        }
        self.live.values_mut().for_each(|live| live.dirty = true);
        Ok(())
    }

    /// Puts the oldest thread away whose ticket is closed, so that there is room for another. Others are nobody's to put away.
    async fn counted(&mut self, room: &str, open: &Made) -> Result<(), StoreError> {
        let Ok(open) = open else { return Ok(()) };
        self.lanes.get_mut(room).into_iter().for_each(|lane| lane.crowded = false);
        for thread in open {
            let place = Place { room: room.to_owned(), thread: Some(thread.clone()) };
            if self.is_over(&place).await? {
                self.spawn(room.to_owned(), Deed::Archive { place }, Job::Clear);
                return Ok(());
            }
        }
        let reason = "it has too many open threads, and none whose ticket is closed: archive or delete some";
        self.refused(room, Right::Manage, reason, &Job::Count);
        Ok(())
    }

    /// Whether a thread shows a customer who has no open ticket.
    async fn is_over(&self, place: &Place) -> Result<bool, StoreError> {
        let Some(row) = self.board.thread_at(place).await? else { return Ok(false) };
        let filter = TicketFilter { conversation: Some(row.conversation), ..TicketFilter::default() };
        Ok(self.store.tickets(filter).await?.is_empty())
    }

    async fn shown(&mut self, id: ConversationId, plan: &Plan, result: &Made) -> Result<(), StoreError> {
        let (view, action) = (&plan.view, &plan.wish.action);
        self.live.entry(id).or_default().busy = false;
        let error = match result {
            Ok(made) => return self.note(id, action, done(view, action, made.clone())).await,
            Err(error) => error,
        };
        let replies = matches!(
            action,
            Action::Post { replies_to: Some(_), .. } | Action::Copy { replies_to: Some(_), .. }
        );
        if *error == ThreadError::MessageGone && replies {
            self.touch(id).plain = true;
            return Ok(());
        }
        if let Some(noted) = failed(view, action, error) {
            return self.note(id, action, noted).await;
        }
        self.try_again(id, plan, error).await
    }

    async fn try_again(
        &mut self,
        id: ConversationId,
        plan: &Plan,
        error: &ThreadError,
    ) -> Result<(), StoreError> {
        let (view, action) = (&plan.view, &plan.wish.action);
        let now = Instant::now();
        let is_doubt = matches!(error, ThreadError::Send(SendError::Doubt(_)));
        let opens = matches!(action, Action::Open { .. });
        if opens && !is_doubt {
            self.keep_opening(id, unopened(view)).await?;
        }
        let live = self.touch(id);
        let may_come = matches!(plan.deed, Some(Deed::Post { .. } | Deed::Copy { .. }));
        if (is_doubt || plan.in_doubt) && may_come && matches!(error, ThreadError::Send(_)) {
            // With what has been said since, it would be another post.
            live.plan = Some(Box::new(Plan { in_doubt: true, ..plan.clone() }));
        }
        if let (Action::Rename { .. }, ThreadError::Send(SendError::Wait { pause, all: false })) =
            (action, error)
        {
            live.retitle = Some(now + *pause);
        } else if opens && is_doubt {
            live.settles = Some(now + SETTLES);
        } else if matches!(error, ThreadError::Send(SendError::Retry(_) | SendError::Doubt(_))) {
            live.again = Some(now + PAUSE.saturating_mul(1 << live.tries.min(6)).min(LONGEST));
            live.tries += 1;
        }
        Ok(())
    }

    /// An answer to an agent is given again if it certainly was not.
    fn answered(&mut self, place: &Place, post: &Post, result: &Made) {
        let (place, post) = (place.clone(), post.clone());
        match result {
            Err(ThreadError::Send(SendError::Wait { .. } | SendError::Retry(_))) => {
                self.shared().put_back((place, post));
            }
            Err(ThreadError::Moved(room)) => {
                self.shared().put_back((Place { room: room.clone(), ..place }, post));
            }
            Err(ThreadError::MessageGone) if post.replies_to.is_some() => {
                self.shared().put_back((place, Post { replies_to: None, ..post }));
            }
            _ => {}
        }
    }
}

fn opens(job: &Job) -> bool {
    matches!(job, Job::Show { plan, .. } if matches!(plan.wish.action, Action::Open { .. }))
}

fn renames(job: &Job) -> bool {
    matches!(job, Job::Show { plan, .. } if matches!(plan.wish.action, Action::Rename { .. }))
}

fn right_of(job: &Job) -> Right {
    match job {
        Job::Show { plan, .. } => Right::of(&plan.wish.action),
        Job::Erase { .. } | Job::Count | Job::Clear => Right::Manage,
        Job::Answer { .. } | Job::Notice => Right::Write,
    }
}

/// For the log.
fn name(job: &Job) -> &'static str {
    match job {
        Job::Answer { .. } => "answer",
        Job::Erase { .. } => "erase",
        Job::Notice => "notice",
        Job::Count => "count",
        Job::Clear => "clear",
        Job::Show { plan, .. } => match &plan.wish.action {
            Action::Open { .. } => "open",
            Action::Card { .. } => "card",
            Action::Renew { .. } => "renew",
            Action::Post { .. } => "post",
            Action::Copy { .. } => "copy",
            Action::Mark { .. } => "mark",
            Action::Rename { .. } => "rename",
            Action::Tell { .. } => "tell",
            Action::Archive => "archive",
            Action::Adopt { .. } | Action::Pass { .. } => "pass",
        },
    }
}

/// For the log: the reason itself may quote what was written.
fn kind(error: &ThreadError) -> &'static str {
    match error {
        ThreadError::Send(SendError::Retry(_)) => "retry",
        ThreadError::Send(SendError::Wait { .. }) => "wait",
        ThreadError::Send(SendError::Doubt(_)) => "doubt",
        ThreadError::Send(SendError::Final(_)) => "final",
        ThreadError::ThreadGone => "thread gone",
        ThreadError::MessageGone => "message gone",
        ThreadError::Moved(_) => "moved",
        ThreadError::TooMany => "too many",
        ThreadError::Forbidden(_) => "forbidden",
    }
}
