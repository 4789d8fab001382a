//! Channels: looked at, changed, deleted; typing.
use serde_json::{Value, json};

use super::{Route, route};
use crate::discord::answer::{Answer, Form, Refusal, done, ok};
use crate::discord::request::Asked;
use crate::discord::state::permissions::{MANAGE_CHANNELS, MANAGE_THREADS};
use crate::discord::state::{BOT, State};

pub const ROUTES: &[Route] = &[
    route("GET", "/channels/{channel_id}", (10, 10_000), get),
    route("PATCH", "/channels/{channel_id}", (5, 15_000), change),
    route("DELETE", "/channels/{channel_id}", (5, 5000), delete),
    route("POST", "/channels/{channel_id}/typing", (5, 5000), typing),
];

fn get(state: &mut State, asked: &Asked) -> Answer {
    let channel = state.reached(asked.id("channel_id")?)?;
    ok(state.channel_json(channel))
}

fn typing(state: &mut State, asked: &Asked) -> Answer {
    let id = state.writable(asked.id("channel_id")?, 0)?.id;
    state.typing.push(id);
    done()
}

fn delete(state: &mut State, asked: &Asked) -> Answer {
    let channel = state.reached(asked.id("channel_id")?)?;
    let (id, json) = (channel.id, state.channel_json(channel));
    if channel.recipient.is_some() {
        return ok(json);
    }
    let needed = if channel.thread.is_some() { MANAGE_THREADS } else { MANAGE_CHANNELS };
    state.reached_with(id, needed)?;
    state.delete_channel(id);
    ok(json)
}

fn change(state: &mut State, asked: &Asked) -> Answer {
    let channel = state.reached(asked.id("channel_id")?)?;
    let (id, is_thread) = (channel.id, channel.thread.is_some());
    if channel.recipient.is_some() {
        return Err(Refusal::code(50024));
    }
    check(asked, is_thread)?;
    if is_thread {
        may_change_thread(state, asked, id)?;
    } else {
        state.reached_with(id, MANAGE_CHANNELS)?;
    }
    let now = state.clock.now();
    let named = ["name", "topic"].iter().any(|name| !asked.field(name).is_null());
    if named {
        state.limits.rename(id, now)?;
    }
    if is_thread {
        let flag = |name: &str| asked.field(name).as_bool();
        state.settle(id, (flag("archived"), flag("locked")), asked.field("auto_archive_duration").as_u64());
    }
    if let Some(name) = asked.field("name").as_str() {
        state.rename(id, BOT, name);
    }
    if let (false, Some(topic)) = (is_thread, asked.field("topic").as_str()) {
        state.new_topic(id, topic);
    }
    ok(state.channel_json(&state.channels[&id]))
}

fn check(asked: &Asked, is_thread: bool) -> Result<(), Refusal> {
    let mut form = Form::default();
    if let Some(name) = asked.field("name").as_str() {
        form.length("name", name, 1, 100);
    }
    form.length("topic", asked.text("topic"), 0, 1024);
    if is_thread {
        auto_archive(asked.field("auto_archive_duration"), &mut form);
    }
    form.check()
}

/// Minutes until a thread is archived.
pub fn auto_archive(value: &Value, form: &mut Form) {
    if !value.is_null() && ![60, 1440, 4320, 10_080].iter().any(|minutes| value == &json!(minutes)) {
        let text = "Value must be one of (60, 1440, 4320, 10080).";
        form.wrong("auto_archive_duration", "BASE_TYPE_CHOICES", text);
    }
}

/// The one who opened a thread, or who may manage threads; what is archived has to be opened with the same request.
fn may_change_thread(state: &State, asked: &Asked, id: u64) -> Result<(), Refusal> {
    let channel = state.reached(id)?;
    let manages = state.may(BOT, id, MANAGE_THREADS);
    let owns = channel.thread.as_ref().is_some_and(|thread| thread.owner == BOT);
    let locks = !asked.field("locked").is_null() || channel.is_locked();
    if !manages && (!owns || locks) {
        return Err(Refusal::code(50013));
    }
    let opens = asked.field("archived") == &json!(false);
    if channel.is_archived() && !opens {
        let only_archives =
            asked.body.as_object().is_some_and(|all| all.keys().all(|name| name == "archived"));
        return if only_archives { Ok(()) } else { Err(Refusal::code(50083)) };
    }
    if channel.is_archived() && opens { state.one_more_thread(channel.guild) } else { Ok(()) }
}
