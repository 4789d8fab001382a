//! The bot itself, its application, other accounts, direct channels.
use serde_json::{Value, json};

use super::{Route, route, unknown};
use crate::discord::answer::{Answer, Refusal, ok};
use crate::discord::request::{Asked, id_of};
use crate::discord::state::{BOT, State, user::User};

pub const ROUTES: &[Route] = &[
    route("GET", "/users/@me", (5, 1000), me),
    route("GET", "/users/{user_id}", (30, 30_000), user),
    route("GET", "/users/@me/guilds", (1, 1000), guilds),
    route("POST", "/users/@me/channels", (10, 10_000), open),
    route("GET", "/applications/@me", (5, 5000), application),
    route("GET", "/oauth2/applications/@me", (5, 5000), application),
];

fn me(state: &mut State, _: &Asked) -> Answer {
    ok(state.me())
}

fn user(state: &mut State, asked: &Asked) -> Answer {
    let user = state.users.get(&asked.id("user_id")?).ok_or_else(|| unknown(10013))?;
    ok(user.json())
}

fn guilds(state: &mut State, _: &Asked) -> Answer {
    let guilds = state.guilds.values().filter(|guild| guild.members.contains_key(&BOT));
    let short = guilds.map(|guild| {
        json!({"id": guild.id.to_string(), "name": guild.name, "icon": null, "banner": null, "owner": false,
            "permissions": guild.permissions(BOT).to_string(), "features": []})
    });
    ok(short.collect())
}

/// Opens a direct channel: that goes well also with people who take no messages.
fn open(state: &mut State, asked: &Asked) -> Answer {
    let person = asked.field("recipient_id");
    let id = id_of(person).ok_or_else(|| {
        let text = format!("Value {person} is not snowflake.");
        Refusal::field("recipient_id", "NUMBER_TYPE_COERCE", &text)
    })?;
    match state.users.get(&id) {
        None => Err(Refusal::status(400, 50033)),
        Some(user) if user.bot => Err(Refusal::status(400, 50007)),
        Some(_) => {
            let channel = state.open_direct(id);
            ok(state.channel_json(&state.channels[&channel]))
        }
    }
}

fn application(state: &mut State, _: &Asked) -> Answer {
    let owner = state.users.values().find(|user| !user.bot).map(User::json);
    let bot = state.users[&BOT].json();
    ok(
        json!({"id": BOT.to_string(), "name": "Shop", "icon": null, "description": "", "type": null, "bot": bot,
        "bot_public": false, "bot_require_code_grant": false, "verify_key": "0".repeat(64),
        "flags": state.application_flags(), "flags_new": state.application_flags().to_string(), "redirect_uris": [],
        "interactions_endpoint_url": null, "role_connections_verification_url": null,
        "owner": owner.unwrap_or_else(|| bot.clone()), "approximate_guild_count": state.guilds.len(),
        "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0, "team": Value::Null, "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}}}),
    )
}
