//! What can be done on the page.
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::faults::{Fault, What};
use super::super::group::OWNER;
use super::super::media::Media;
use super::super::state::chat::{Rights, Role};
use super::super::state::{COLOUR, Said, State, thread};

/// A deed. `chat` of a private chat is the customer's id; `topic` 0 and 1 are General.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Deed {
    /// A customer more.
    Customer { name: String, language: String },
    /// An agent more.
    Agent { chat: i64, name: String },
    /// Somebody writes, perhaps in answer to a message.
    Write {
        chat: i64,
        from: i64,
        #[serde(default)]
        topic: i64,
        text: String,
        reply_to: Option<i64>,
    },
    /// Somebody sends a thing (`photo`, `voice`, …, or `album`).
    Send {
        chat: i64,
        from: i64,
        #[serde(default)]
        topic: i64,
        media: String,
        #[serde(default)]
        text: String,
    },
    /// Somebody edits an own message.
    Edit { chat: i64, from: i64, message: i64, text: String },
    /// Somebody deletes a message.
    Delete { chat: i64, message: i64 },
    /// Somebody presses a button.
    Press { chat: i64, from: i64, message: i64, data: String },
    /// A customer blocks the bot, or no longer.
    Block { chat: i64, blocked: bool },
    /// An agent writes as the group, or no longer.
    Anonymous { chat: i64, from: i64, anonymous: bool },
    /// An agent opens a topic.
    OpenTopic { chat: i64, from: i64, name: String },
    /// An agent closes a topic, or opens it again.
    CloseTopic { chat: i64, from: i64, topic: i64, closed: bool },
    /// An agent deletes a topic.
    DeleteTopic { chat: i64, topic: i64 },
    /// The bot may do all in the group, or is a plain member, or is thrown out: `all`, `none`, `out`.
    Rights { chat: i64, rights: String },
    /// Something goes wrong, as [`Fault`] says. `method` empty: any; `number`: seconds, a status, or how far ids jump.
    Fault {
        what: String,
        #[serde(default)]
        method: String,
        chat: Option<i64>,
        #[serde(default)]
        number: i64,
        #[serde(default = "once")]
        times: u32,
    },
    /// Nothing goes wrong any more.
    ClearFaults,
    /// The pace is enforced, or not.
    Pace { on: bool },
    /// So many seconds pass.
    Time { seconds: u64 },
}

fn once() -> u32 {
    1
}

type Done = Result<Value, String>;

/// Does it; returns the id of what is new, or why it can't be done.
pub fn done(state: &mut State, deed: Deed) -> Done {
    match deed {
        Deed::Customer { name, language } => Ok(json!(customer(state, &name, &language))),
        Deed::Agent { chat, name } => Ok(json!(agent(state, chat, &name))),
        Deed::Write { chat, from, topic, text, reply_to } => {
            let said = Said { reply_to, ..place(state, chat, from, topic)? };
            Ok(json!(state.writes(&text, said)))
        }
        Deed::Send { chat, from, topic, media, text } => send(state, (chat, from, topic), &media, &text),
        Deed::Edit { chat, from, message, text } => edit(state, chat, from, message, &text),
        Deed::Press { chat, from, message, data } => {
            state.message(chat, message).ok_or("the message has gone")?;
            Ok(json!(state.presses(chat, from, message, &data)))
        }
        Deed::OpenTopic { chat, from, name } => Ok(json!(state.new_topic(chat, from, &name, COLOUR))),
        Deed::DeleteTopic { chat, topic } => Ok(json!(state.delete_topic(chat, topic))),
        Deed::Fault { what, method, chat, number, times } => {
            order(state, (&what, number), method, chat, times)
        }
        other => {
            happens(state, other);
            Ok(json!(true))
        }
    }
}

/// Deeds of which nothing is to be told.
fn happens(state: &mut State, deed: Deed) {
    match deed {
        Deed::Delete { chat, message } => state.deletes(chat, message),
        Deed::Block { chat, blocked } if state.user(chat).is_some() => {
            state.private(chat);
            state.bot_becomes(chat, chat, if blocked { Role::Kicked } else { Role::Member });
        }
        Deed::Anonymous { chat, from, anonymous } => state.anonymous(chat, from, anonymous),
        Deed::CloseTopic { chat, from, topic, closed } => state.close_topic(chat, from, topic, closed),
        Deed::Rights { chat, rights } => state.bot_becomes(chat, OWNER, role(&rights)),
        Deed::ClearFaults => state.faults.clear(),
        Deed::Pace { on } => state.pace.on = on,
        Deed::Time { seconds } => state.clock.skip(Duration::from_secs(seconds)),
        _ => {}
    }
}

fn customer(state: &mut State, name: &str, language: &str) -> i64 {
    let id = 1_000 + state.number();
    state.person(id, name, Some(language).filter(|language| !language.is_empty()));
    state.private(id);
    id
}

fn agent(state: &mut State, chat: i64, name: &str) -> i64 {
    let id = 500_000 + state.number();
    state.person(id, name, Some("en"));
    state.member(chat, id, Role::Member);
    id
}

fn place(state: &mut State, chat: i64, from: i64, topic: i64) -> Result<Said, String> {
    state.user(from).ok_or("there is no such person")?;
    if chat == from {
        state.private(from);
    }
    let within = state.chat(chat).ok_or("there is no such chat")?;
    let thread = thread(topic.max(1));
    if thread.is_some_and(|topic| !within.topics.contains_key(&topic)) {
        return Err("the topic has gone".to_owned());
    }
    Ok(Said { chat, from, thread, ..Said::default() })
}

fn send(state: &mut State, (chat, from, topic): (i64, i64, i64), media: &str, text: &str) -> Done {
    let said = place(state, chat, from, topic)?;
    if media == "album" {
        let thread = said.thread;
        return Ok(json!(state.sends_album(3, text, || Said { chat, from, thread, ..Said::default() })));
    }
    let media = Media::of_field(media).ok_or("there is no such thing to send")?;
    Ok(json!(state.sends(media, if media.has_caption() { text } else { "" }, said)))
}

fn edit(state: &mut State, chat: i64, from: i64, message: i64, text: &str) -> Done {
    let own = state.message(chat, message).is_some_and(|message| message.from == from);
    if !own {
        return Err("only an own message can be edited".to_owned());
    }
    state.edits(chat, from, message, text);
    Ok(json!(true))
}

fn role(rights: &str) -> Role {
    match rights {
        "all" => Role::Administrator(Rights::ALL),
        "out" => Role::Kicked,
        _ => Role::Member,
    }
}

fn order(state: &mut State, what: (&str, i64), method: String, chat: Option<i64>, times: u32) -> Done {
    let fault = Fault { chat, ..Fault::new(self::what(what)?).times(times) };
    let method = Some(method).filter(|method| !method.is_empty()).or(fault.method.clone());
    state.order(Fault { method, ..fault });
    Ok(json!(true))
}

fn what((what, number): (&str, i64)) -> Result<What, String> {
    let whole = number.unsigned_abs();
    Ok(match what {
        "too_many_requests" => What::TooManyRequests(whole.max(1)),
        "status" => What::Status(u16::try_from(whole).unwrap_or(502).clamp(500, 599)),
        "drop_before" => What::DropBefore,
        "drop_after_effect" => What::DropAfterEffect,
        "time_out_after_effect" => What::TimeOutAfterEffect,
        "conflict" => What::Conflict409,
        "duplicate_update" => What::DuplicateUpdate,
        "reorder_updates" => What::ReorderUpdates,
        "jump_ids" => What::JumpIds(number.max(1)),
        "unknown_update" => What::UnknownUpdate(json!({"quantum_message": {"spin": 0.5}})),
        other => return Err(format!("there is no fault {other:?}")),
    })
}
