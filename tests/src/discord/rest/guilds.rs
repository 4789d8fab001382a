//! Guilds, their members and roles.
use serde_json::Value;

use super::{Route, route, unknown};
use crate::discord::answer::{Answer, Refusal, ok};
use crate::discord::gateway as intents;
use crate::discord::request::Asked;
use crate::discord::state::guild::{Guild, Role};
use crate::discord::state::{BOT, State};

pub const ROUTES: &[Route] = &[
    route("GET", "/guilds/{guild_id}", (5, 5000), get),
    route("GET", "/guilds/{guild_id}/channels", (10, 10_000), channels),
    route("GET", "/guilds/{guild_id}/roles", (10, 10_000), roles),
    route("GET", "/guilds/{guild_id}/roles/{role_id}", (10, 10_000), role),
    route("GET", "/guilds/{guild_id}/members", (10, 10_000), members),
    route("GET", "/guilds/{guild_id}/members/{user_id}", (5, 1000), member),
    route("GET", "/users/@me/guilds/{guild_id}/member", (5, 1000), own_member),
    route("DELETE", "/users/@me/guilds/{guild_id}", (5, 5000), leave),
];

fn reached<'a>(state: &'a State, asked: &Asked) -> Result<&'a Guild, Refusal> {
    state.reached_guild(asked.id("guild_id")?)
}

fn get(state: &mut State, asked: &Asked) -> Answer {
    ok(reached(state, asked)?.json())
}

fn channels(state: &mut State, asked: &Asked) -> Answer {
    let guild = reached(state, asked)?.id;
    let here =
        state.channels.values().filter(|channel| channel.guild == Some(guild) && channel.thread.is_none());
    ok(here.filter(|channel| state.sees(channel)).map(|channel| state.channel_json(channel)).collect())
}

fn roles(state: &mut State, asked: &Asked) -> Answer {
    ok(reached(state, asked)?.roles.values().map(Role::json).collect())
}

fn role(state: &mut State, asked: &Asked) -> Answer {
    let role = reached(state, asked)?.roles.get(&asked.id("role_id")?);
    ok(role.ok_or_else(|| unknown(10011))?.json())
}

/// All of them: needs the privileged intent.
fn members(state: &mut State, asked: &Asked) -> Answer {
    let guild = reached(state, asked)?;
    if !state.may_use(intents::GUILD_MEMBERS) {
        return Err(Refusal::code(50001));
    }
    let after = asked.id_of_query("after")?.unwrap_or_default();
    let limit = super::messages::limit(asked, 1, 1000)?;
    let members = guild.members.keys().filter(|id| **id > after).take(limit);
    ok(members.map(|user| state.member_json(guild.id, *user)).collect())
}

fn member(state: &mut State, asked: &Asked) -> Answer {
    let (guild, user) = (reached(state, asked)?.id, asked.id("user_id")?);
    match state.member_json(guild, user) {
        Value::Null if state.users.contains_key(&user) => Err(unknown(10007)),
        Value::Null => Err(unknown(10013)),
        member => ok(member),
    }
}

fn own_member(state: &mut State, asked: &Asked) -> Answer {
    let guild = reached(state, asked)?.id;
    ok(state.member_json(guild, BOT))
}

fn leave(state: &mut State, asked: &Asked) -> Answer {
    let guild = reached(state, asked)?.id;
    state.bot_leaves(guild);
    crate::discord::answer::done()
}
