//! The routes of the API, and how one is found.
mod channels;
mod commands;
mod components;
mod draft;
mod embeds;
mod gateway;
mod guilds;
mod interactions;
mod me;
mod messages;
mod modal;
mod reactions;
mod threads;
mod webhooks;

use std::sync::Arc;

use super::answer::{Answer, Refusal};
use super::limits::{Headers, Limit};
use super::request::Asked;
use super::shared::Shared;
use super::state::State;

/// What is done for a request.
type Deed = fn(&mut State, &Asked) -> Answer;

/// A route.
pub struct Route {
    pub method: &'static str,
    /// As the documentation spells it: `/channels/{channel_id}`.
    pub template: &'static str,
    /// So many in so many milliseconds; per channel, guild and webhook.
    pub limit: Limit,
    /// It can be asked without the bot's token, and doesn't count among all.
    pub open: bool,
    pub deed: Deed,
}

const fn route(method: &'static str, template: &'static str, limit: Limit, deed: Deed) -> Route {
    Route { method, template, limit, open: false, deed }
}

/// All but `/gateway`'s, which ask the gateway.
const ROUTES: &[&[Route]] = &[
    gateway::ROUTES,
    me::ROUTES,
    channels::ROUTES,
    messages::ROUTES,
    reactions::ROUTES,
    threads::ROUTES,
    guilds::ROUTES,
    commands::ROUTES,
    interactions::ROUTES,
    webhooks::ROUTES,
];

/// The route of a request, and the ids in its path.
pub fn found(method: &str, path: &str) -> Option<(&'static Route, Vec<(&'static str, String)>)> {
    let routes = ROUTES.iter().flat_map(|routes| routes.iter()).filter(|route| route.method == method);
    let mut fitting: Vec<_> = routes.filter_map(|route| Some((route, fits(route.template, path)?))).collect();
    // `/users/@me` fits `/users/{user_id}`, too.
    fitting.sort_by_key(|(_, ids)| ids.len());
    fitting.into_iter().next()
}

fn fits(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let (mut parts, mut ids) = (path.trim_end_matches('/').split('/'), Vec::new());
    for wanted in template.split('/') {
        let part = parts.next()?;
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !part.is_empty() => {
                ids.push((name, percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()));
            }
            Some(_) => return None,
            None if wanted != part => return None,
            None => {}
        }
    }
    parts.next().is_none().then_some(ids)
}

/// Does what is asked for, if the limits let it.
pub fn done(shared: &Arc<Shared>, route: &'static Route, asked: &Asked) -> (Answer, Headers) {
    let (free, headers) = shared.quietly(|state| {
        let now = state.instant();
        let key = (route.method.to_owned() + route.template, place(asked));
        state.limits.spend((&key.0, &key.1), route.limit, !route.open, now)
    });
    if let Err(refusal) = free {
        return (Err(refusal), headers);
    }
    let answer = match route.template {
        "/gateway/bot" => gateway::bot(shared),
        _ => shared.change(|state| (route.deed)(state, asked)),
    };
    (answer, headers)
}

/// What a bucket is for besides the route: channel, guild, webhook with its token, interaction.
fn place(asked: &Asked) -> String {
    let major = ["channel_id", "guild_id", "webhook_token", "interaction_id"];
    asked.ids.iter().filter(|(name, _)| major.contains(name)).map(|(_, id)| format!("/{id}")).collect()
}

/// What is in a path that isn't there.
fn unknown(code: u64) -> Refusal {
    Refusal::code(code)
}

/// What a row of a form, or a label in one, has in it.
pub fn inputs_of(row: &serde_json::Value) -> &[serde_json::Value] {
    modal::inputs(row).unwrap_or_default()
}
