//! Where desks show conversations, and what they and channels remember.
use serde_json::Value as Json;

use super::super::{ConversationId, EventId, Thread, Twin};
use super::state::{Kept, State};

impl State {
    pub fn thread(&self, desk: &str, id: ConversationId) -> Option<Thread> {
        self.threads.get(&(desk.to_owned(), id)).map(|kept| kept.thread.clone())
    }

    pub fn thread_at(&self, desk: &str, room: &str, thread: &str) -> Option<Thread> {
        let is_there = |known: &&Thread| {
            known.desk == desk && known.room == room && known.thread.as_deref() == Some(thread)
        };
        // Of several the one whose conversation is newest.
        self.threads.values().rev().map(|kept| &kept.thread).find(is_there).cloned()
    }

    pub fn keep_thread(&mut self, thread: Thread, twins: Vec<(EventId, Twin)>) {
        let (desk, id) = (thread.desk.clone(), thread.conversation);
        for (event, twin) in twins {
            if self.events.get(&event).is_some_and(|stored| stored.conversation == id) {
                self.add_twin(id, event, Twin { desk: Some(desk.clone()), ..twin });
            }
        }
        let stale = self.stale_since(&thread);
        let state = if stale.is_some() { Json::Null } else { thread.state };
        self.threads.insert((desk, id), Kept { thread: Thread { state, ..thread }, stale });
        self.changed = true;
    }

    fn stale_since(&self, thread: &Thread) -> Option<EventId> {
        if !self.conversations.contains_key(&thread.conversation) {
            return Some(EventId(i64::MAX));
        }
        let kept = self.threads.get(&(thread.desk.clone(), thread.conversation))?;
        kept.stale.filter(|forgotten| thread.shown <= *forgotten)
    }

    pub fn drop_thread(&mut self, desk: &str, id: ConversationId) {
        self.changed |= self.threads.remove(&(desk.to_owned(), id)).is_some();
    }

    /// What is remembered of a conversation up to this event is erased.
    pub fn make_stale(&mut self, id: ConversationId, until: EventId) {
        for kept in self.threads.values_mut().filter(|kept| kept.thread.conversation == id) {
            kept.thread.state = Json::Null;
            kept.stale = Some(until);
        }
    }

    pub fn stale_threads(&self, desk: &str) -> Vec<Thread> {
        let of_desk = self.threads.values().filter(|kept| kept.thread.desk == desk);
        of_desk.filter(|kept| kept.stale.is_some()).map(|kept| kept.thread.clone()).collect()
    }

    pub fn keep_memo(&mut self, owner: &str, name: &str, value: Option<String>) {
        let key = (owner.to_owned(), name.to_owned());
        let before = match value.clone() {
            Some(value) => self.memos.insert(key, value),
            None => self.memos.remove(&key),
        };
        self.changed |= before != value;
    }
}
