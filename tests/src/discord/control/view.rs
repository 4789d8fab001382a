//! What the page shows, as JSON. Ids are texts: JavaScript's numbers are too short for them.
use serde_json::{Value, json};

use super::super::call::Call;
use super::super::shown::{Button, Select, Shown};
use super::super::state::channel::Channel;
use super::super::state::guild::Guild;
use super::super::state::people::{AGENTS, OWNER};
use super::super::state::permissions::VIEW_CHANNEL;
use super::super::state::user::User;
use super::super::state::{BOT, State};

/// Requests that the page lists.
const CALLS: usize = 40;

/// What there is.
pub fn of(state: &State, version: u64) -> Value {
    let people = state.users.values().filter(|user| !user.bot && user.id != OWNER);
    let (agents, customers): (Vec<&User>, Vec<&User>) = people.partition(|user| is_agent(state, user.id));
    let each =
        |people: Vec<&User>| people.into_iter().map(|user| person(state, user)).collect::<Vec<Value>>();
    let guild = state.guilds.values().next();
    json!({
        "version": version,
        "bot": {"pace": state.limits.on, "in": guild.is_some_and(|guild| guild.members.contains_key(&BOT))},
        "customers": each(customers),
        "agents": each(agents),
        "guild": guild.map(|guild| guild_json(state, guild)),
        "faults": state.faults.ordered().iter().map(|fault| format!("{fault:?}")).collect::<Vec<String>>(),
        "calls": calls(state),
    })
}

fn is_agent(state: &State, user: u64) -> bool {
    let of = |guild: &Guild| {
        let role = guild.role_named(AGENTS)?.id;
        Some(guild.members.get(&user)?.roles.contains(&role))
    };
    state.guilds.values().any(|guild| of(guild) == Some(true))
}

/// Somebody, with the direct chat, all that they see in the guild, and what they are asked in a form.
fn person(state: &State, user: &User) -> Value {
    let seen =
        state.channels.values().filter(|channel| state.permissions(user.id, channel) & VIEW_CHANNEL != 0);
    let direct = state.direct(user.id);
    let mut channels: Vec<Value> = seen.map(|channel| channel_json(state, user.id, channel)).collect();
    if direct.is_none() {
        channels.insert(0, json!({"id": "", "name": "direct", "messages": []}));
    }
    json!({"id": user.id.to_string(), "name": user.name, "locale": user.locale, "closed": user.closed, "channels": channels})
}

fn channel_json(state: &State, user: u64, channel: &Channel) -> Value {
    let all = state.shown(channel.id).into_iter();
    let messages = all.filter(|shown| shown.only_for.is_none_or(|only| only == user)).map(message);
    let form = state.open_modal(channel.id, user).and_then(|one| one.modal.clone());
    let name = if channel.recipient.is_some() { "direct" } else { &channel.name };
    json!({"id": channel.id.to_string(), "name": name, "thread": channel.thread.is_some(),
        "private": channel.is_private(), "archived": channel.is_archived(), "locked": channel.is_locked(),
        "typing": typing(state, channel.id), "form": form, "commands": state.offered(user, channel.id),
        "messages": messages.collect::<Vec<Value>>()})
}

/// The bot's last deed in the channel was to show that it types.
fn typing(state: &State, channel: u64) -> bool {
    let last = state.calls().iter().rev().find(|call| call.channel() == Some(channel));
    last.is_some_and(|call| call.route.ends_with("/typing"))
}

fn guild_json(state: &State, guild: &Guild) -> Value {
    let named = |name: &str| {
        let of = |channel: &&Channel| channel.guild == Some(guild.id) && channel.thread.is_none();
        let found = state.channels.values().filter(of).find(|channel| channel.name == name);
        found.map(|channel| channel.id.to_string())
    };
    json!({"id": guild.id.to_string(), "name": guild.name, "staff": named("staff"), "support": named("support")})
}

fn message(shown: Shown) -> Value {
    let button = |button: &Button| {
        json!({"label": button.label, "id": button.custom_id, "url": button.url, "row": button.row,
            "disabled": button.disabled, "style": button.style})
    };
    let select = |select: &Select| json!({"id": select.custom_id, "placeholder": select.placeholder, "options": select.options});
    json!({"id": shown.id.to_string(), "from": shown.from, "from_id": shown.from_id.to_string(), "bot": shown.by_bot,
        "text": shown.text, "kind": shown.kind, "embeds": shown.embeds,
        "buttons": shown.buttons.iter().map(button).collect::<Vec<Value>>(),
        "selects": shown.selects.iter().map(select).collect::<Vec<Value>>(),
        "reply_to": shown.reply_to.map(|id| id.to_string()), "edited": shown.edited, "files": shown.files,
        "reactions": shown.reactions, "hidden": shown.only_for.is_some(), "loading": shown.loading})
}

/// The last requests, the newest first.
fn calls(state: &State) -> Vec<Value> {
    let call = |call: &Call| {
        json!({"number": call.number, "what": format!("{} {}", call.method, call.path), "status": call.status,
            "body": call.body, "refusal": (call.status >= 400).then(|| call.answer["message"].clone()), "fault": call.fault})
    };
    state.calls().iter().rev().take(CALLS).map(call).collect()
}
