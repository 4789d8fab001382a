//! Threads: opened, listed, and who is in them.
use serde_json::{Value, json};

use super::channels::auto_archive;
use super::{Route, route, unknown};
use crate::discord::answer::{Answer, Form, Refusal, Reply, done, ok};
use crate::discord::gateway as intents;
use crate::discord::request::Asked;
use crate::discord::state::channel::{Channel, PRIVATE_THREAD, PUBLIC_THREAD, TEXT, member_json};
use crate::discord::state::permissions::*;
use crate::discord::state::threads::NewThread;
use crate::discord::state::{BOT, State};

pub const ROUTES: &[Route] = &[
    route("POST", "/channels/{channel_id}/threads", (50, 300_000), open),
    route("POST", "/channels/{channel_id}/messages/{message_id}/threads", (50, 300_000), open_from),
    route("GET", "/guilds/{guild_id}/threads/active", (10, 10_000), active),
    route("GET", "/channels/{channel_id}/threads/archived/public", (10, 10_000), archived_public),
    route("GET", "/channels/{channel_id}/threads/archived/private", (10, 10_000), archived_private),
    route("GET", "/channels/{channel_id}/users/@me/threads/archived/private", (10, 10_000), archived_own),
    route("GET", "/channels/{channel_id}/thread-members", (10, 10_000), members),
    route("GET", "/channels/{channel_id}/thread-members/@me", (10, 10_000), member),
    route("PUT", "/channels/{channel_id}/thread-members/@me", (10, 10_000), add),
    route("DELETE", "/channels/{channel_id}/thread-members/@me", (10, 10_000), remove),
    route("GET", "/channels/{channel_id}/thread-members/{user_id}", (10, 10_000), member),
    route("PUT", "/channels/{channel_id}/thread-members/{user_id}", (10, 10_000), add),
    route("DELETE", "/channels/{channel_id}/thread-members/{user_id}", (10, 10_000), remove),
];

fn open(state: &mut State, asked: &Asked) -> Answer {
    let parent = opened_in(state, asked)?;
    let private =
        asked.field("type").as_u64().unwrap_or(u64::from(PRIVATE_THREAD)) == u64::from(PRIVATE_THREAD);
    state.reached_with(parent, if private { CREATE_PRIVATE_THREADS } else { CREATE_PUBLIC_THREADS })?;
    made(state, asked, NewThread { private, ..new(asked, parent) })
}

fn open_from(state: &mut State, asked: &Asked) -> Answer {
    let parent = opened_in(state, asked)?;
    let message = state.read_message(parent, asked.id("message_id")?)?;
    let (id, taken) = (message.id, message.thread.is_some());
    if message.is_system() {
        return Err(Refusal::code(50021));
    }
    if taken {
        return Err(Refusal::code(160_004));
    }
    state.reached_with(parent, CREATE_PUBLIC_THREADS | READ_MESSAGE_HISTORY)?;
    made(state, asked, NewThread { from: Some(id), ..new(asked, parent) })
}

/// The text channel in which a thread is to be.
fn opened_in(state: &State, asked: &Asked) -> Result<u64, Refusal> {
    let channel = state.reached(asked.id("channel_id")?)?;
    if channel.kind == TEXT { Ok(channel.id) } else { Err(Refusal::code(50024)) }
}

fn new(asked: &Asked, parent: u64) -> NewThread {
    NewThread {
        parent,
        owner: BOT,
        name: asked.text("name").trim().to_owned(),
        private: false,
        from: None,
        auto_archive: asked.field("auto_archive_duration").as_u64().unwrap_or(4320),
        invitable: asked.field("invitable").as_bool().unwrap_or(true),
    }
}

fn made(state: &mut State, asked: &Asked, new: NewThread) -> Answer {
    let mut form = Form::default();
    form.length("name", &new.name, 1, 100);
    auto_archive(asked.field("auto_archive_duration"), &mut form);
    let kind = asked.field("type");
    if !kind.is_null() && ![PUBLIC_THREAD, PRIVATE_THREAD].iter().any(|known| kind == &json!(known)) {
        form.wrong("type", "BASE_TYPE_CHOICES", "Value must be one of (10, 11, 12).");
    }
    form.check()?;
    state.one_more_thread(state.channels[&new.parent].guild)?;
    let id = state.open_thread(new);
    Ok(Reply { status: 201, body: state.channel_json(&state.channels[&id]) })
}

/// The threads that the bot sees, the newest first.
fn listed<'a>(state: &State, threads: impl Iterator<Item = &'a Channel>, has_more: Option<bool>) -> Value {
    let threads: Vec<&Channel> = threads.collect();
    let joined =
        threads.iter().filter_map(|thread| Some((thread, thread.thread.as_ref()?.members.get(&BOT)?)));
    let mut body = json!({
        "threads": threads.iter().map(|thread| state.channel_json(thread)).collect::<Vec<Value>>(),
        "members": joined.map(|(thread, since)| member_json(thread.id, BOT, *since)).collect::<Vec<Value>>(),
    });
    body["has_more"] = json!(has_more.unwrap_or(false));
    body
}

fn active(state: &mut State, asked: &Asked) -> Answer {
    let guild = state.reached_guild(asked.id("guild_id")?)?.id;
    let all = state.channels.values().rev().filter(|channel| channel.guild == Some(guild));
    let active =
        all.filter(|channel| channel.thread.is_some() && !channel.is_archived() && state.sees(channel));
    ok(listed(state, active, None))
}

fn archived_public(state: &mut State, asked: &Asked) -> Answer {
    archived(state, asked, READ_MESSAGE_HISTORY, |thread| thread.kind == PUBLIC_THREAD)
}

fn archived_private(state: &mut State, asked: &Asked) -> Answer {
    archived(state, asked, READ_MESSAGE_HISTORY | MANAGE_THREADS, Channel::is_private)
}

fn archived_own(state: &mut State, asked: &Asked) -> Answer {
    archived(state, asked, READ_MESSAGE_HISTORY, |thread| thread.is_private() && thread.has_member(BOT))
}

/// Those of a channel, what was archived last first. `before` is a time, or, of own ones, an id.
fn archived(state: &State, asked: &Asked, needed: u64, fits: impl Fn(&Channel) -> bool) -> Answer {
    let parent = state.reached_with(asked.id("channel_id")?, needed)?.id;
    let most = super::messages::limit(asked, 50, 100)?;
    let before = asked.query.get("before").and_then(Value::as_str);
    let millis =
        before.and_then(|text| text.parse::<jiff::Timestamp>().ok()).map(|time| time.as_millisecond());
    let id = before.and_then(|text| text.parse::<u64>().ok());
    let all =
        state.channels.values().filter(|channel| channel.parent == Some(parent) && channel.is_archived());
    let changed = |thread: &Channel| thread.thread.as_ref().map_or(0, |thread| thread.archive_changed);
    let mut all: Vec<&Channel> = all.filter(|thread| fits(thread)).collect();
    all.retain(|thread| {
        millis.is_none_or(|before| changed(thread) < before) && id.is_none_or(|id| thread.id < id)
    });
    all.sort_by_key(|thread| std::cmp::Reverse((changed(thread), thread.id)));
    let more = all.len() > most;
    ok(listed(state, all.into_iter().take(most), Some(more)))
}

fn thread<'a>(state: &'a State, asked: &Asked) -> Result<&'a Channel, Refusal> {
    let channel = state.reached(asked.id("channel_id")?)?;
    if channel.thread.is_some() { Ok(channel) } else { Err(Refusal::code(50024)) }
}

/// A member by the path; without an id the bot.
fn named(asked: &Asked) -> Result<u64, Refusal> {
    if asked.text_of_path("user_id").is_empty() { Ok(BOT) } else { asked.id("user_id") }
}

/// Needs the privileged intent.
fn members(state: &mut State, asked: &Asked) -> Answer {
    let channel = thread(state, asked)?;
    if !state.may_use(intents::GUILD_MEMBERS) {
        return Err(Refusal::code(50001));
    }
    let members = channel.thread.iter().flat_map(|thread| &thread.members);
    ok(members.map(|(user, since)| member_json(channel.id, *user, *since)).collect())
}

fn member(state: &mut State, asked: &Asked) -> Answer {
    let (channel, user) = (thread(state, asked)?, named(asked)?);
    let since = channel.thread.as_ref().and_then(|thread| thread.members.get(&user));
    ok(member_json(channel.id, user, *since.ok_or_else(|| unknown(10007))?))
}

fn add(state: &mut State, asked: &Asked) -> Answer {
    let (channel, user) = (thread(state, asked)?, named(asked)?);
    let (id, guild) = (channel.id, channel.guild);
    if channel.is_archived() {
        return Err(Refusal::code(50083));
    }
    if !state.users.contains_key(&user) {
        return Err(unknown(10013));
    }
    if guild.is_none_or(|guild| !state.guilds[&guild].members.contains_key(&user)) {
        return Err(unknown(10007));
    }
    if user != BOT {
        state.reached_with(id, SEND_MESSAGES_IN_THREADS)?;
        let parent = state.channels[&id].parent.unwrap_or_default();
        if !state.may(user, parent, VIEW_CHANNEL) {
            return Err(Refusal::code(50001));
        }
        state.add_to_thread(id, BOT, user);
    } else {
        state.join_thread(id, user);
    }
    done()
}

fn remove(state: &mut State, asked: &Asked) -> Answer {
    let (channel, user) = (thread(state, asked)?, named(asked)?);
    let id = channel.id;
    if channel.is_archived() {
        return Err(Refusal::code(50083));
    }
    let owns = channel.is_private() && channel.thread.as_ref().is_some_and(|thread| thread.owner == BOT);
    if user != BOT && !owns {
        state.reached_with(id, MANAGE_THREADS)?;
    }
    if !state.channels[&id].has_member(user) {
        return Err(unknown(10007));
    }
    state.leave_thread(id, user);
    done()
}
