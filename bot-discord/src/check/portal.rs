//! What the developer portal says of the bot: who it is, what it is given, where it is. Pure.
use std::time::Duration;

use bot_serve::Finding;
use serde_json::Value as Json;

use super::text;
use crate::{desk, private};

/// The way to the portal's pages.
pub const OPEN: &str =
    "in the developer portal (https://discord.com/developers/applications) open the application → ";

/// Flags of an application: a bot on many servers was given it, or a bot on few has it switched on.
const CONTENT: u64 = 1 << 18 | 1 << 19;
const OTHERS: [(u64, &str); 2] =
    [(1 << 12 | 1 << 13, "Presence Intent"), (1 << 14 | 1 << 15, "Server Members Intent")];

/// Servers that are named.
const NAMED: usize = 5;

/// Who it is, and what keeps it from working anywhere.
pub fn bot(bot: &Json, application: &Json) -> Vec<Finding> {
    let (name, id) = (text(bot, "username"), text(application, "id"));
    let mut findings = vec![Finding::fine(format!("the bot is “{name}”, of the application {id}"))];
    let endpoint = text(application, "interactions_endpoint_url");
    if !endpoint.is_empty() {
        findings.push(Finding::wrong(
            format!("Discord delivers presses and commands to {endpoint}, and not to this program"),
            format!("{OPEN}General Information → Interactions Endpoint URL → make it empty → Save Changes"),
        ));
    }
    if application["bot_require_code_grant"] == true {
        findings.push(Finding::wrong(
            "nobody can invite the bot",
            format!("{OPEN}Bot → Requires OAuth2 Code Grant → switch off → Save Changes"),
        ));
    }
    findings
}

/// What it is given of what people do.
pub fn intents(application: &Json, has_rooms: bool, has_support: bool) -> Vec<Finding> {
    let flags = application["flags"].as_u64().unwrap_or_default();
    let press =
        format!("{OPEN}Bot → Privileged Gateway Intents → Message Content Intent → switch on → Save Changes");
    let content = match flags & CONTENT != 0 {
        true => Finding::fine("Message Content Intent is on: the bot gets what people write on servers"),
        false if has_support => Finding::wrong(
            "Message Content Intent is off: the bot does not get what customers write in support channels, nor what agents write",
            press,
        ),
        false if has_rooms => Finding::hint(
            "Message Content Intent is off: agents can answer with /reply only, and send no files",
            press,
        ),
        false => {
            Finding::fine("Message Content Intent is off: the bot gets direct messages, and what mentions it")
        }
    };
    let others = OTHERS.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, name)| *name);
    let others: Vec<_> = others.collect();
    let needless = (!others.is_empty()).then(|| {
        Finding::hint(
            format!("the bot is given more than it needs: {}", others.join(", ")),
            format!(
                "{OPEN}Bot → Privileged Gateway Intents → switch off {} → Save Changes",
                others.join(" and ")
            ),
        )
    });
    std::iter::once(content).chain(needless).collect()
}

/// How many new sessions Discord lets it begin.
pub fn sessions(limit: &Json) -> Finding {
    let number = |name: &str| limit[name].as_u64().unwrap_or_default();
    let (left, total) = (number("remaining"), number("total"));
    let cause = "something starts again and again with this token: look at the bot's log, and for other programs with it";
    let reset = Duration::from_millis(number("reset_after")).as_secs().div_ceil(60);
    match left {
        0 => Finding::wrong(
            format!("of {total} new sessions a day none is left: the bot can't connect"),
            format!("{cause}. There are new ones in {reset} min"),
        ),
        _ if left < total / 5 => {
            Finding::hint(format!("of {total} new sessions a day only {left} are left"), cause)
        }
        _ => Finding::fine(format!("of {total} new sessions a day {left} are left")),
    }
}

/// Where it is, and how it is invited.
pub fn servers(guilds: &Json, application: &str) -> Vec<Finding> {
    let names: Vec<_> = guilds.as_array().into_iter().flatten().map(|guild| text(guild, "name")).collect();
    let named: Vec<_> = names.iter().take(NAMED).map(|name| format!("“{name}”")).collect();
    let more = if names.len() > NAMED { ", …" } else { "" };
    let invitation = invitation(application);
    let place = match names.len() {
        0 => Finding::wrong(
            "the bot is on no server, so that nobody can find it",
            "open the address below, choose your server (you need Manage Server there) → Continue → Authorize",
        ),
        1 => Finding::fine(format!("the bot is on the server {}", named.join(", "))),
        count => Finding::fine(format!("the bot is on {count} servers: {}{more}", named.join(", "))),
    };
    vec![place, Finding::fine(format!("it is invited to a server by {invitation}"))]
}

/// The address at which somebody who manages a server lets the bot in, with the rights that it needs.
fn invitation(application: &str) -> String {
    let rights = desk::RIGHTS.iter().chain(&private::RIGHTS).fold(0, |all, (right, _)| all | right);
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={rights}"
    )
}

#[cfg(test)]
mod tests;
