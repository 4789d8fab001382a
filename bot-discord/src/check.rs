//! How the bot stands with Discord, for `--check`: who it is, what it may do, and what to press.
//!
//! What it is not: it changes nothing. Only `Asking` asks; what the answers mean is decided by pure functions, of the developer portal
//! in `portal`, of channels in `place`.
mod place;
mod portal;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use bot_runtime::channel::SendError;
use bot_runtime::desk::board::Room;
use bot_serve::{Check, Finding, Settings, teams};
use serde_json::Value as Json;
use tokio::time::{sleep, timeout};

use self::place::{STAFF, SUPPORT, Server, Use};
use crate::api::{Api, Failure};
use crate::inbound::NAME;
use crate::{api, ids, staff};

/// A check has 15 seconds in all, and ends with the first question that has no answer.
const ANSWER: Duration = Duration::from_secs(6);
const ALL: Duration = Duration::from_secs(13);

/// For so long the check waits if Discord wants it.
const PAUSE: Duration = Duration::from_secs(3);

/// Asks, and says how it stands.
pub async fn check(check: Check) -> Vec<Finding> {
    let mut findings = Vec::new();
    let asked = timeout(ALL, all(&check, &mut findings)).await;
    let rest = match asked {
        Ok(asked) => asked.err(),
        Err(_) => Some(slow("Discord answers too slowly to ask it for more")),
    };
    findings.into_iter().chain(rest).collect()
}

/// What the environment says.
struct Plan {
    api: Api,
    rooms: Vec<Room>,
    support: Vec<String>,
    agents: Vec<String>,
}

impl Plan {
    fn read(settings: &Settings) -> Result<Plan> {
        let (support, agents) = (ids("DISCORD_SUPPORT", settings)?, ids("DISCORD_AGENTS", settings)?);
        Ok(Plan { api: api(settings)?, rooms: staff(settings)?, support, agents })
    }
}

async fn all(check: &Check, findings: &mut Vec<Finding>) -> Result<(), Finding> {
    let plan = Plan::read(&check.settings).map_err(|error| Finding::unset(&error))?;
    let mut asking = Asking { api: &plan.api, servers: BTreeMap::new(), me: String::new() };
    let bot = asking.must("users/@me").await?;
    let application = asking.must("applications/@me").await?;
    asking.me = text(&bot, "id").to_owned();
    findings.extend(portal::bot(&bot, &application));
    findings.extend(portal::intents(&application, !plan.rooms.is_empty(), !plan.support.is_empty()));
    let gateway = asking.must("gateway/bot").await?;
    findings.push(portal::sessions(&gateway["session_start_limit"]));
    let guilds = asking.must("users/@me/guilds").await?;
    findings.extend(portal::servers(&guilds, text(&application, "id")));
    findings.extend(teams(check, NAME, "DISCORD_STAFF", &plan.rooms));
    findings.extend(place::both(&plan.rooms, &plan.support));
    let has_roles = !plan.agents.is_empty();
    let mut seen = Vec::new();
    for room in &plan.rooms {
        let (found, channel) = asking.place(&room.id, &STAFF, &guilds, has_roles, &bot).await?;
        findings.extend(found);
        seen.extend(channel);
    }
    for channel in &plan.support {
        findings.extend(asking.place(channel, &SUPPORT, &guilds, has_roles, &bot).await?.0);
    }
    if !seen.is_empty() {
        findings.extend(place::agents(&plan.agents, &seen, &asking.servers));
    }
    Ok(())
}

/// Asks Discord; each server once.
struct Asking<'a> {
    api: &'a Api,
    servers: BTreeMap<String, Server>,
    me: String,
}

impl Asking<'_> {
    /// Where nobody answers as Discord does, that is what there is to say.
    async fn ask(&self, path: &str) -> Result<Result<Json, Failure>, Finding> {
        let mut answer = self.once(path).await;
        // Who checks twice in a second is asked to wait so long.
        if let Err(Failure { error: SendError::Wait { pause, .. }, .. }) = &answer
            && *pause <= PAUSE
        {
            sleep(*pause).await;
            answer = self.once(path).await;
        }
        match answer {
            Err(Failure { status: 400.., code: 1.., .. }) if !is_about_now(&answer) => Ok(answer),
            Err(failure) => Err(self.unanswered(&failure)),
            Ok(Json::Object(_) | Json::Array(_)) => Ok(answer),
            Ok(_) => Err(self.other()),
        }
    }

    async fn once(&self, path: &str) -> Result<Json, Failure> {
        let answer = timeout(ANSWER, self.api.get(path)).await;
        answer.unwrap_or_else(|_| Err(Failure::doubt("no answer from Discord in time")))
    }

    /// What there must be an answer to.
    async fn must(&self, path: &str) -> Result<Json, Finding> {
        self.ask(path).await?.map_err(|failure| {
            let what = format!("Discord does not say what was asked ({path}): {}", failure.what);
            slow(&what)
        })
    }

    /// How it stands in a channel; and the channel, if the bot sees it.
    async fn place(
        &mut self,
        id: &str,
        of: &Use,
        guilds: &Json,
        has_roles: bool,
        bot: &Json,
    ) -> Result<(Vec<Finding>, Option<Json>), Finding> {
        let channel = match self.ask(&format!("channels/{id}")).await? {
            Ok(channel) => channel,
            Err(failure) => return Ok((vec![place::absent(id, of, &failure, guilds)], None)),
        };
        if let Some(finding) = place::kind(id, of, &channel) {
            return Ok((vec![finding], None));
        }
        let guild = text(&channel, "guild_id").to_owned();
        if !self.servers.contains_key(&guild) {
            let server = self.must(&format!("guilds/{guild}")).await?;
            let member = self.must(&format!("guilds/{guild}/members/{}", self.me)).await?;
            self.servers.insert(guild.clone(), Server { guild: server, member });
        }
        let findings = match self.servers.get(&guild) {
            Some(server) => place::findings(of, &channel, server, bot, has_roles),
            None => Vec::new(),
        };
        Ok((findings, Some(channel)))
    }

    fn unanswered(&self, failure: &Failure) -> Finding {
        match (failure.status, &failure.error) {
            (401, _) => stranger(failure),
            (_, SendError::Wait { pause, .. }) => Finding::wrong(
                "Discord wants to be asked less (429)",
                format!(
                    "wait {} s and check again; if it stays so, another program asks too much with this token or from this machine",
                    pause.as_secs().max(1)
                ),
            ),
            (500.., _) => slow(&format!("Discord's servers fail: {}", failure.what)),
            (0, _) => Finding::unreachable(&failure.what, &format!("{}/gateway", self.api.server())),
            _ => self.other(),
        }
    }

    fn other(&self) -> Finding {
        Finding::wrong(
            format!("what answers at {} is not Discord", self.api.server()),
            "take DISCORD_API_URL out of the environment; if it is not there, a proxy of your network answers in Discord's place",
        )
    }
}

fn is_about_now(answer: &Result<Json, Failure>) -> bool {
    matches!(answer, Err(Failure { status: 401 | 429 | 500.., .. }))
}

fn stranger(failure: &Failure) -> Finding {
    let press = "Bot → Reset Token, and copy all of it; it has two dots. Client Secret and Public Key are something else";
    Finding::wrong(
        format!("Discord does not know DISCORD_TOKEN: {}", failure.what),
        format!("{}{press}", portal::OPEN),
    )
}

fn slow(what: &str) -> Finding {
    Finding::wrong(what, "try again in some minutes; https://discordstatus.com tells how Discord is")
}

fn text<'a>(of: &'a Json, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}
