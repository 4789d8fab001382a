//! What the bot sent to Telegram, noted as it arrived.
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Instant;

use serde_json::Value;

use super::Life;
use crate::kill::record::{Kept, Line, said};
use crate::standin::{Delivered, Ledger};
use crate::telegram::{Call, Telegram};

/// A message of the bot.
#[derive(Clone, Debug)]
pub(super) struct Arrived {
    pub at: Instant,
    chat: i64,
    thread: Option<i64>,
    /// The agent whose words they are.
    agent: Option<String>,
    pub text: String,
    /// Labels, and what is sent when they are pressed.
    pub buttons: Vec<(String, String)>,
    /// The bot got no answer.
    pub unanswered: bool,
}

/// All that arrived so far.
#[derive(Clone, Default)]
pub(super) struct Arrivals {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    arrived: Vec<Arrived>,
    /// When a program asked who it is: the first thing that it does.
    greeted: Vec<Instant>,
    /// Requests other than polls, and updates.
    requests: u64,
    updates: u64,
}

impl Arrivals {
    /// What arrives there from now on.
    pub fn of(telegram: &Telegram) -> Arrivals {
        let arrivals = Arrivals::default();
        let noting = Arc::downgrade(&arrivals.shared);
        telegram.on_exchange(move |call| {
            noting.upgrade().iter().for_each(|shared| shared.note(call));
        });
        let counting = Arc::downgrade(&arrivals.shared);
        telegram.on_update(move |_| {
            counting.upgrade().iter().for_each(|shared| shared.lock().updates += 1);
        });
        arrivals
    }

    /// How much has happened, if so many updates are not confirmed yet.
    pub fn events(&self, pending: usize) -> u64 {
        let seen = self.shared.lock();
        seen.requests + seen.updates.saturating_sub(pending as u64)
    }

    /// Waits until something comes, or until then.
    pub fn wait(&self, end: Instant) {
        let left = end.saturating_duration_since(Instant::now());
        drop(self.shared.changed.wait_timeout(self.shared.lock(), left));
    }

    /// What arrived at a customer.
    pub fn at(&self, peer: &str) -> Vec<Arrived> {
        let Ok(chat) = peer.parse::<i64>() else { return Vec::new() };
        self.filtered(|arrived| arrived.chat == chat)
    }

    /// What arrived in a topic.
    pub fn in_topic(&self, group: i64, topic: i64) -> Vec<Arrived> {
        self.filtered(|arrived| arrived.chat == group && arrived.thread == Some(topic))
    }

    fn filtered(&self, wanted: impl Fn(&Arrived) -> bool) -> Vec<Arrived> {
        self.shared.lock().arrived.iter().filter(|arrived| wanted(arrived)).cloned().collect()
    }

    /// Whether something has arrived since then that had arrived just before in the same place.
    pub fn has_repeated(&self, since: Instant) -> bool {
        let seen = self.shared.lock();
        let place = |arrived: &Arrived| (arrived.chat, arrived.thread);
        seen.arrived.iter().enumerate().rev().take_while(|(_, arrived)| arrived.at >= since).any(
            |(index, arrived)| {
                let mut before = seen.arrived[..index].iter().rev();
                before
                    .find(|before| place(before) == place(arrived))
                    .is_some_and(|before| before.text == arrived.text && before.at < since)
            },
        )
    }

    /// The process that sent what arrived then. What a dead one had sent may arrive when the next one has been started, but before
    /// that one says anything.
    pub fn process(&self, at: Instant, lives: &[Life]) -> u32 {
        let seen = self.shared.lock();
        let has_begun =
            |life: &&Life| seen.greeted.iter().any(|greeted| *greeted >= life.from && *greeted <= at);
        lives.iter().rfind(has_begun).map_or(0, |life| life.id)
    }

    /// Writes what arrived at a customer into the ledger, with keys: the same one for what is a repetition by what was said.
    pub fn align(&self, peer: &str, kept: Option<&Kept>, lives: &[Life], ledger: &mut Ledger) {
        let events = kept.into_iter().flat_map(|kept| &kept.events);
        let said: Vec<Line> = events.filter_map(|stored| said(&stored.event)).collect();
        let arrived: Vec<(u32, Arrived)> =
            self.at(peer).into_iter().map(|arrived| (self.process(arrived.at, lives), arrived)).collect();
        let mut next = 0;
        for run in arrived.chunk_by(|(_, one), (_, other)| one.line() == other.line()) {
            let line = run[0].1.line();
            let meant = said[next.min(said.len())..].iter().take_while(|said| **said == line).count();
            let again = repetitions(run, meant);
            for ((process, arrived), again) in run.iter().zip(again) {
                let is_said = said.get(next) == Some(&line);
                next += usize::from(is_said && !again);
                // What nobody has said has a key of its own.
                let key =
                    if is_said || again { next.to_string() } else { format!("?{}", ledger.lines.len()) };
                if arrived.unanswered {
                    ledger.unanswered.insert(ledger.lines.len());
                }
                let delivered = arrived.delivered(peer, format!("{peer}:{key}"));
                ledger.lines.push(Delivered { again, process: *process, ..delivered });
            }
        }
    }
}

/// Which of the same lines in a row are repetitions, if so many were meant: rather those behind one that the platform did not
/// answer, or whose process is gone.
fn repetitions(run: &[(u32, Arrived)], meant: usize) -> Vec<bool> {
    let mut more = run.len().saturating_sub(meant);
    let is_excused = |index: usize| {
        let (before, now) = (&run[index - 1], &run[index]);
        before.1.unanswered || before.0 != now.0
    };
    let mut again: Vec<bool> = (0..run.len())
        .map(|index| {
            let is_again = index > 0 && more > 0 && is_excused(index);
            more -= usize::from(is_again);
            is_again
        })
        .collect();
    // Those that nothing excuses are the last.
    again.iter_mut().skip(1).rev().filter(|again| !**again).take(more).for_each(|again| *again = true);
    again
}

impl Arrived {
    fn line(&self) -> Line<'_> {
        (self.agent.as_deref(), self.text.clone())
    }

    pub fn delivered(&self, peer: &str, key: String) -> Delivered {
        let (buttons, presses) = self.buttons.iter().cloned().unzip();
        let (peer, agent, text) = (peer.to_owned(), self.agent.clone(), self.text.clone());
        Delivered { key, peer, agent, text, buttons, presses, again: false, process: 0 }
    }

    /// What a request has made for people to see, if it has. What is changed before agents makes nothing.
    fn of(call: &Call) -> Option<Arrived> {
        call.result()?;
        let chat = call.chat()?;
        let (agent, text) = match call.method.as_str() {
            "sendMessage" => signed(call, "text", "entities")?,
            "editMessageText" if chat > 0 => signed(call, "text", "entities")?,
            "copyMessage" | "copyMessages" if chat > 0 => {
                let (agent, caption) = signed(call, "caption", "caption_entities").unwrap_or_default();
                (agent, format!("[file] {caption}").trim_end().to_owned())
            }
            "copyMessage" | "copyMessages" => (None, files(call)),
            _ => return None,
        };
        Some(Arrived {
            at: Instant::now(),
            chat,
            thread: call.parameter("message_thread_id").as_i64(),
            agent,
            text,
            buttons: buttons(call),
            unanswered: call.fault.is_some(),
        })
    }
}

fn buttons(call: &Call) -> Vec<(String, String)> {
    let rows = call.parameter("reply_markup")["inline_keyboard"].as_array().cloned().unwrap_or_default();
    let buttons = rows.iter().filter_map(Value::as_array).flatten().map(|button| {
        let of = |name: &str| button[name].as_str().unwrap_or_default().to_owned();
        (of("text"), of("callback_data"))
    });
    buttons.collect()
}

/// The names of the files that are copied, one a line.
fn files(call: &Call) -> String {
    let one = std::slice::from_ref(call.parameter("message_id"));
    let messages = call.parameter("message_ids").as_array().map_or(one, Vec::as_slice);
    let names = messages.iter().map(|message| format!("file {}/{message}", call.parameter("from_chat_id")));
    names.collect::<Vec<_>>().join("\n")
}

/// An agent's words come behind the agent's name, which alone is bold: `Ida: …`.
fn signed(call: &Call, text: &str, entities: &str) -> Option<(Option<String>, String)> {
    let text = call.parameter(text).as_str()?;
    let first = &call.parameter(entities)[0];
    let bold = first["type"] == "bold" && first["offset"] == 0;
    let name = text.split_once(": ").filter(|(name, _)| bold && first["length"] == name.len() + 1);
    Some(match name {
        Some((name, rest)) => (Some(name.to_owned()), rest.to_owned()),
        None => (None, text.to_owned()),
    })
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no thread that holds it panics")
    }

    fn note(&self, call: &Call) {
        let mut seen = self.lock();
        if call.method != "getUpdates" {
            seen.requests += 1;
        }
        seen.arrived.extend(Arrived::of(call));
        if call.method == "getMe" {
            seen.greeted.push(Instant::now());
        }
        drop(seen);
        self.changed.notify_all();
    }
}
