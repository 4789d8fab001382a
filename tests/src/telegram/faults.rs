//! Faults to order: what goes wrong, at which request or update, how often.
use serde_json::Value;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// 429 with that `retry_after`, in seconds; nothing is done.
    TooManyRequests(u64),
    /// That status, 500 or above, and nothing is done. 500 is JSON, the others are a web server's page.
    Status(u16),
    /// The same, and it has been done.
    StatusAfterEffect(u16),
    /// Any refusal of the server: its code and its whole text; nothing is done.
    Refuse(u16, String),
    /// The connection is dropped; nothing is done.
    DropBefore,
    /// It has been done, and the connection is dropped in place of the answer.
    DropAfterEffect,
    /// It has been done, and no answer comes.
    TimeOutAfterEffect,
    /// `getUpdates` is told that there is another poller.
    Conflict409,
    /// The update comes once more after it has been confirmed.
    DuplicateUpdate,
    /// The update comes after the next one; after half a second in any case.
    ReorderUpdates,
    /// Update ids jump back by that much. At once: `after`, `times`, `method` and `chat` mean nothing to it.
    JumpIds(i64),
    /// An update of a kind that nobody knows: its fields, without the id, for example `{"quantum_message": {…}}`. At once.
    UnknownUpdate(Value),
}

impl What {
    /// It is about updates, and not about requests.
    fn of_updates(&self) -> bool {
        matches!(self, What::DuplicateUpdate | What::ReorderUpdates)
    }
}

/// A fault to order, with [`super::Telegram::order`].
#[derive(Clone, Debug)]
pub struct Fault {
    /// The method that it is for, as the documentation spells it. `None`: any but `getUpdates`, since how often that one is asked is
    /// chance.
    pub method: Option<String>,
    /// The chat that it is for (`chat_id`, or the update's chat). `None`: any.
    pub chat: Option<i64>,
    /// So many that it would meet go well before.
    pub after: u32,
    /// So many it meets.
    pub times: u32,
    /// What goes wrong.
    pub what: What,
}

impl Fault {
    /// That, once, at the next request or update.
    pub fn new(what: What) -> Fault {
        let method = (what == What::Conflict409).then(|| "getUpdates".to_owned());
        Fault { method, chat: None, after: 0, times: 1, what }
    }

    /// That, once, at the next request of that method.
    pub fn on(method: &str, what: What) -> Fault {
        Fault { method: Some(method.to_owned()), ..Fault::new(what) }
    }

    /// Only in that chat.
    pub fn chat(self, chat: i64) -> Fault {
        Fault { chat: Some(chat), ..self }
    }

    /// After so many that go well.
    pub fn after(self, after: u32) -> Fault {
        Fault { after, ..self }
    }

    /// So many times.
    pub fn times(self, times: u32) -> Fault {
        Fault { times, ..self }
    }

    fn meets(&self, method: Option<&str>, chat: Option<i64>) -> bool {
        let named = match (&self.method, method) {
            (Some(named), Some(method)) => named.eq_ignore_ascii_case(method),
            (None, Some(method)) => method != "getUpdates",
            (_, None) => true,
        };
        self.what.of_updates() == method.is_none()
            && named
            && self.chat.is_none_or(|wanted| chat == Some(wanted))
    }
}

/// Faults that are ordered and have not happened as often as they should.
#[derive(Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub fn order(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// None any more.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Those that are still to come.
    pub fn ordered(&self) -> &[Fault] {
        &self.0
    }

    /// What goes wrong with a request.
    pub fn at_call(&mut self, method: &str, chat: Option<i64>) -> Option<What> {
        self.next(Some(method), chat)
    }

    /// What goes wrong with an update.
    pub fn at_update(&mut self, chat: Option<i64>) -> Option<What> {
        self.next(None, chat)
    }

    /// The first that is due; each that it would meet counts towards `after`.
    fn next(&mut self, method: Option<&str>, chat: Option<i64>) -> Option<What> {
        let mut due = None;
        for fault in self.0.iter_mut().filter(|fault| fault.meets(method, chat)) {
            if fault.after > 0 {
                fault.after -= 1;
            } else if due.is_none() && fault.times > 0 {
                fault.times -= 1;
                due = Some(fault.what.clone());
            }
        }
        self.0.retain(|fault| fault.times > 0);
        due
    }
}
