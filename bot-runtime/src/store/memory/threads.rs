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
        if self.linked(id).is_some() && !self.threads.contains_key(&(desk.clone(), id)) {
            // Its thread is the other conversation's by now.
            return;
        }
        let kept = self.kept(thread);
        self.threads.insert((desk, id), kept);
        self.changed = true;
    }

    fn kept(&self, thread: Thread) -> Kept {
        let before =
            self.threads.get(&(thread.desk.clone(), thread.conversation)).filter(|before| before.stale);
        if before.is_none() && self.conversations.contains_key(&thread.conversation) {
            return Kept { thread, stale: false };
        }
        let place = |of: &Thread| (of.room.clone(), of.thread.clone());
        let before = before.map(|before| place(&before.thread)).filter(|_| thread.thread.is_none());
        let (room, name) = before.unwrap_or_else(|| place(&thread));
        Kept { thread: Thread { room, thread: name, state: Json::Null, ..thread }, stale: true }
    }

    pub fn drop_thread(&mut self, desk: &str, id: ConversationId) {
        self.changed |= self.threads.remove(&(desk.to_owned(), id)).is_some();
    }

    /// What is remembered of a conversation is erased.
    pub fn make_stale(&mut self, id: ConversationId) {
        for kept in self.threads.values_mut().filter(|kept| kept.thread.conversation == id) {
            kept.thread.state = Json::Null;
            kept.stale = true;
        }
    }

    pub fn stale_threads(&self, desk: &str) -> Vec<Thread> {
        let of_desk = self.threads.values().filter(|kept| kept.thread.desk == desk);
        of_desk.filter(|kept| kept.stale).map(|kept| kept.thread.clone()).collect()
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
