//! How the bot stands in a channel: what it may do there, and who else is there. Pure.
use std::collections::BTreeMap;

use bot_runtime::desk::board::Room;
use bot_serve::Finding;
use serde_json::{Value as Json, json};

use super::text;
use crate::api::Failure;
use crate::desk::rights;
use crate::{desk, private};

/// What a channel is for.
pub struct Use {
    /// What it is called.
    what: &'static str,
    /// The variable that names it.
    variable: &'static str,
    /// What the bot must be allowed there.
    rights: &'static [(u64, &'static str)],
    /// It is for agents alone.
    is_staff: bool,
}

/// Where agents work.
pub const STAFF: Use =
    Use { what: "staff channel", variable: "DISCORD_STAFF", rights: &desk::RIGHTS, is_staff: true };

/// Where customers ask for help.
pub const SUPPORT: Use =
    Use { what: "support channel", variable: "DISCORD_SUPPORT", rights: &private::RIGHTS, is_staff: false };

/// A server, and what the bot is there.
pub struct Server {
    /// With its roles.
    pub guild: Json,
    /// The bot as a member.
    pub member: Json,
}

const VIEW: u64 = 1 << 10;

/// What people must be allowed in a channel for support, and agents in theirs.
const PEOPLE: [(u64, &str); 4] = [
    (VIEW, "View Channel"),
    (1 << 11, "Send Messages"),
    (1 << 38, "Send Messages in Threads"),
    (1 << 16, "Read Message History"),
];

/// Kinds of channels as Discord calls them.
const KINDS: [(u64, &str); 10] = [
    (1, "a direct message"),
    (2, "a voice channel"),
    (4, "a category"),
    (5, "an announcement channel"),
    (10, "a thread"),
    (11, "a thread"),
    (12, "a thread"),
    (13, "a stage channel"),
    (15, "a forum"),
    (16, "a media channel"),
];

const EDIT: &str = "in Discord point at the channel → Edit Channel (the gear) → Permissions → ";
const COPY: &str = "in Discord switch on User Settings → Advanced → Developer Mode; then right-click the channel → Copy Channel ID";

/// A channel can't be for both.
pub fn both(rooms: &[Room], support: &[String]) -> Vec<Finding> {
    let twice = rooms.iter().filter(|room| support.contains(&room.id));
    let told = twice.map(|room| {
        Finding::wrong(
            format!("the channel {} is in DISCORD_STAFF and in DISCORD_SUPPORT", room.id),
            "agents and customers need channels of their own: make another one, or take it out of one of the two",
        )
    });
    told.collect()
}

/// A channel that the bot does not see.
pub fn absent(id: &str, of: &Use, failure: &Failure, guilds: &Json) -> Finding {
    let guild = guilds.as_array().into_iter().flatten().find(|guild| guild["id"] == id);
    let Use { what, variable, .. } = of;
    if let Some(guild) = guild {
        let name = text(guild, "name");
        return Finding::wrong(
            format!("{variable}: {id} is the server “{name}” itself, and no channel"),
            COPY,
        );
    }
    if failure.is(&[10003]) {
        return Finding::wrong(format!("{variable}: Discord knows no channel {id}"), COPY);
    }
    let names = names(of.rights.iter());
    Finding::wrong(
        format!("{what} {id}: the bot does not see it ({})", failure.what),
        format!(
            "{EDIT}Add members or roles → the bot → allow {names}. If the bot is not on that server, open the address above"
        ),
    )
}

/// A channel of a kind that won't do.
pub fn kind(id: &str, of: &Use, channel: &Json) -> Option<Finding> {
    let number = channel["type"].as_u64();
    if number == Some(0) {
        return None;
    }
    let known = KINDS.iter().find(|(kind, _)| number == Some(*kind));
    let kind = known.map_or("no text channel", |(_, name)| name);
    let Use { what, variable, .. } = of;
    Some(Finding::wrong(
        format!("{what} “{}” ({id}): it is {kind}", text(channel, "name")),
        format!(
            "in Discord press + beside a category → Create Channel → Text, and write the new channel's id into {variable}"
        ),
    ))
}

/// What is to be said of a channel that the bot sees.
pub fn findings(of: &Use, channel: &Json, server: &Server, bot: &Json, has_roles: bool) -> Vec<Finding> {
    let called = called(of, channel, &server.guild);
    let has = rights(&server.guild["roles"], &server.member, channel);
    let lacking: Vec<_> = of.rights.iter().filter(|(right, _)| has & right == 0).collect();
    let own = if lacking.is_empty() {
        Finding::fine(format!("{called}: the bot has all rights that it needs"))
    } else {
        let names = names(lacking);
        let role = pressed_on(channel, &server.guild, bot);
        Finding::wrong(
            format!("{called}: the bot lacks {names}"),
            format!("{EDIT}Advanced permissions → “{role}” → allow {names} → Save Changes"),
        )
    };
    let others =
        if of.is_staff { open(&called, channel, server, has_roles) } else { shut(&called, channel, server) };
    std::iter::once(own).chain(unsure(&called, server, bot)).chain(others).collect()
}

fn called(of: &Use, channel: &Json, guild: &Json) -> String {
    let (name, id) = (text(channel, "name"), text(channel, "id"));
    format!("{} #{name} on “{}” ({id})", of.what, text(guild, "name"))
}

fn names<'a>(rights: impl IntoIterator<Item = &'a (u64, &'static str)>) -> String {
    rights.into_iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}

fn roles(guild: &Json) -> impl Iterator<Item = &Json> {
    guild["roles"].as_array().into_iter().flatten()
}

/// What stands in the channel's list for the bot: itself, else the role that came with the invitation.
fn pressed_on<'a>(channel: &Json, guild: &'a Json, bot: &'a Json) -> &'a str {
    let mut over = channel["permission_overwrites"].as_array().into_iter().flatten();
    let is_itself = over.any(|over| over["type"] == 1 && over["id"] == bot["id"]);
    let own = roles(guild).filter(|_| !is_itself).find(|role| role["tags"]["bot_id"] == bot["id"]);
    own.map_or(text(bot, "username"), |role| text(role, "name"))
}

/// What somebody may do in a channel who has no role, or only that one.
fn may(role: Option<&str>, channel: &Json, server: &Server) -> u64 {
    let member = json!({ "roles": role.into_iter().collect::<Vec<_>>() });
    rights(&server.guild["roles"], &member, channel)
}

/// Where moderators need two factors, a bot has as many as its owner.
fn unsure(called: &str, server: &Server, bot: &Json) -> Option<Finding> {
    let is_lame = server.guild["mfa_level"] == 1 && bot["mfa_enabled"] == false;
    is_lame.then(|| {
        Finding::wrong(
            format!("{called}: the server requires 2FA for moderation, and the owner of the bot has none, so that Manage Threads does not count"),
            "who owns the application switches it on: User Settings → My Account → Enable Authenticator App",
        )
    })
}

/// Agents' channels that others see.
fn open(called: &str, channel: &Json, server: &Server, has_roles: bool) -> Option<Finding> {
    let press = format!("{EDIT}Private Channel → switch on, and add the agents' role and the bot");
    let is_seen = may(None, channel, server) & VIEW != 0;
    is_seen.then(|| match has_roles {
        true => Finding::hint(format!("{called}: everybody on the server reads what customers write"), press),
        false => Finding::wrong(
            format!("{called}: everybody on the server sees it, and can answer customers in your name"),
            format!("{press}; or write the ids of the agents' roles into DISCORD_AGENTS"),
        ),
    })
}

/// A channel for customers that customers can't use.
fn shut(called: &str, channel: &Json, server: &Server) -> Option<Finding> {
    let may = may(None, channel, server);
    let lacking: Vec<_> = PEOPLE.iter().filter(|(right, _)| may & right == 0).collect();
    (!lacking.is_empty()).then(|| {
        let names = names(lacking);
        Finding::hint(
            format!("{called}: not everybody can use it, for @everyone lacks {names}"),
            format!(
                "if that is not meant: {EDIT}Advanced permissions → @everyone → allow {names} → Save Changes"
            ),
        )
    })
}

/// Who the agents are. `channels` are those of staff that the bot sees.
pub fn agents(wanted: &[String], channels: &[Json], servers: &BTreeMap<String, Server>) -> Vec<Finding> {
    if wanted.is_empty() {
        return vec![Finding::fine("agents are all who can write there: DISCORD_AGENTS names no role")];
    }
    wanted.iter().map(|id| agent(id, channels, servers)).collect()
}

fn agent(id: &str, channels: &[Json], servers: &BTreeMap<String, Server>) -> Finding {
    let mut all = servers.values().flat_map(|server| roles(&server.guild).map(move |role| (server, role)));
    let Some((server, role)) = all.find(|(_, role)| role["id"] == id) else {
        return Finding::wrong(
            format!("DISCORD_AGENTS: there is no role {id} on the servers of the staff channels"),
            "in Discord open the server's name → Server Settings → Roles → … beside the role → Copy Role ID",
        );
    };
    let name = text(role, "name");
    if id == text(&server.guild, "id") {
        return Finding::wrong(
            "DISCORD_AGENTS: that is the role of everybody on the server",
            "name a role that only agents have: Server Settings → Roles → … beside the role → Copy Role ID",
        );
    }
    let here = channels.iter().filter(|channel| channel["guild_id"] == server.guild["id"]);
    let lacking = |channel: &Json| {
        let may = may(Some(id), channel, server);
        PEOPLE.iter().filter(|(right, _)| may & right == 0).collect::<Vec<_>>()
    };
    match here.map(lacking).min_by_key(Vec::len) {
        Some(lacking) if !lacking.is_empty() => {
            let names = names(lacking);
            Finding::wrong(
                format!(
                    "agents with the role “{name}” ({id}) can't work in a staff channel: the role lacks {names}"
                ),
                format!("{EDIT}Add members or roles → “{name}” → allow {names} → Save Changes"),
            )
        }
        _ => Finding::fine(format!("agents are those who have the role “{name}” ({id})")),
    }
}

#[cfg(test)]
mod tests;
