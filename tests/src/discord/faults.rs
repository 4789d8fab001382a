//! Faults to order: what goes wrong, at which request, how often. What goes wrong with sockets is the gateway's.

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// 429; nothing is done.
    TooManyRequests {
        /// `retry_after`.
        seconds: f64,
        /// It is for all routes, and for so long all are refused.
        global: bool,
    },
    /// That status, 500 or above, and nothing is done. 500 is JSON, the others are a web server's page.
    Status(u16),
    /// The same, and it has been done.
    StatusAfterEffect(u16),
    /// The connection is dropped; nothing is done.
    DropBefore,
    /// It has been done, and the connection is dropped in place of the answer.
    DropAfterEffect,
    /// It has been done, and no answer comes.
    TimeOutAfterEffect,
    /// A refusal: its status, and its code with the text that belongs to it; nothing is done.
    Code(u16, u64),
}

/// A fault to order, with [`super::Discord::order`].
#[derive(Clone, Debug)]
pub struct Fault {
    /// `GET`, `POST`, …; `None`: any.
    pub method: Option<String>,
    /// The route as the documentation spells it (`/channels/{channel_id}/messages`), or a path; `None`: any but those of the
    /// gateway.
    pub route: Option<String>,
    /// The channel that it is for; `None`: any.
    pub channel: Option<u64>,
    /// It is for the threads of that channel, too.
    pub threads_too: bool,
    /// So many that it would meet go well before.
    pub after: u32,
    /// So many it meets.
    pub times: u32,
    /// What goes wrong.
    pub what: What,
}

impl Fault {
    /// That, once, at the next request.
    pub fn new(what: What) -> Fault {
        Fault { method: None, route: None, channel: None, threads_too: false, after: 0, times: 1, what }
    }

    /// That, once, at the next request of that route.
    pub fn on(method: &str, route: &str, what: What) -> Fault {
        Fault { method: Some(method.to_owned()), route: Some(route.to_owned()), ..Fault::new(what) }
    }

    /// Only in that channel.
    pub fn channel(self, channel: u64) -> Fault {
        Fault { channel: Some(channel), ..self }
    }

    /// Only in that channel and its threads, also those that aren't there yet.
    pub fn around(self, channel: u64) -> Fault {
        Fault { channel: Some(channel), threads_too: true, ..self }
    }

    /// After so many that go well.
    pub fn after(self, after: u32) -> Fault {
        Fault { after, ..self }
    }

    /// So many times.
    pub fn times(self, times: u32) -> Fault {
        Fault { times, ..self }
    }

    fn meets(&self, asked: &Asked<'_>) -> bool {
        let route = match self.route.as_deref() {
            Some(route) => route == asked.route || route == asked.path,
            None => !asked.route.starts_with("/gateway"),
        };
        route
            && self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(asked.method))
            && self.channel.is_none_or(|channel| {
                asked.channel == Some(channel) || (self.threads_too && asked.parent == Some(channel))
            })
    }
}

/// What a fault may be for.
pub(super) struct Asked<'a> {
    pub method: &'a str,
    pub route: &'a str,
    pub path: &'a str,
    pub channel: Option<u64>,
    /// The channel whose thread that is.
    pub parent: Option<u64>,
}

/// Faults that are ordered and have not happened as often as they should.
#[derive(Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    /// One more.
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

    /// The first that is due; each that it would meet counts towards `after`.
    pub fn at(&mut self, asked: &Asked<'_>) -> Option<What> {
        let mut due = None;
        for fault in self.0.iter_mut().filter(|fault| fault.meets(asked)) {
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
