//! How the bot stands with Telegram, for `--check`: who it is, what it may do, and what to press.
//!
//! What it is not: it changes nothing. Only `all` asks; what the answers mean is decided by pure functions.
use std::time::Duration;

use bot_serve::webhook::Place;
use bot_serve::{Check, Finding, teams};
use serde::Serialize;
use serde_json::Value as Json;
use teloxide_core::payloads::{GetChat, GetChatMember, GetMe, GetWebhookInfo};
use teloxide_core::requests::Payload;
use teloxide_core::types::UserId;
use tokio::time::timeout;

use crate::api::{Api, Failure, SERVER};
use crate::desk::RIGHTS;
use crate::inbound::NAME;
use crate::send::chat;
use crate::{api, staff};

/// A check has 15 seconds in all, and ends with the first question that has no answer.
const ANSWER: Duration = Duration::from_secs(6);

const OPEN: &str = "in Telegram open the group → its name → ";

/// Asks, and says how it stands.
pub async fn check(check: Check) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(finding) = all(&check, &mut findings).await {
        findings.push(finding);
    }
    findings
}

async fn all(check: &Check, findings: &mut Vec<Finding>) -> Result<(), Finding> {
    let settings = &check.settings;
    let read = || anyhow::Ok((api(settings)?, staff(settings)?, Place::read("TELEGRAM", settings)?));
    let (api, rooms, hook) = read().map_err(|error| Finding::unset(&error))?;
    let bot = ask(&api, &GetMe::new()).await?.map_err(|failure| stranger(&failure))?;
    findings.push(Finding::fine(format!(
        "the bot is @{} (“{}”)",
        text(&bot, "username"),
        text(&bot, "first_name")
    )));
    let set = ask(&api, &GetWebhookInfo::new()).await?.map_err(|failure| unreachable(&failure.what))?;
    findings.extend(delivery(&set, hook.as_ref().map(|place| place.url.as_str())));
    findings.extend(teams(check, NAME, "TELEGRAM_STAFF", &rooms));
    let me = UserId(bot["id"].as_u64().unwrap_or_default());
    for room in &rooms {
        let Ok(id) = chat(&room.id) else { continue };
        let group = ask(&api, &GetChat::new(id)).await?;
        findings.push(match group {
            Ok(group) => {
                let member = ask(&api, &GetChatMember::new(id, me)).await?;
                self::group(&room.id, &group, &member.unwrap_or_default())
            }
            Err(failure) => absent(&room.id, &failure),
        });
    }
    Ok(())
}

/// Asks; where nobody answers, that is what there is to say.
async fn ask<P: Payload + Serialize>(api: &Api, payload: &P) -> Result<Result<Json, Failure>, Finding> {
    match timeout(ANSWER, api.call(payload)).await {
        Ok(Err(failure)) if matches!(failure.code, 0..400 | 429 | 500..) => Err(unreachable(&failure.what)),
        Ok(answer) => Ok(answer),
        Err(_) => Err(unreachable("no answer from Telegram in time")),
    }
}

fn text<'a>(of: &'a Json, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

fn unreachable(why: &str) -> Finding {
    Finding::unreachable(why, SERVER)
}

fn stranger(failure: &Failure) -> Finding {
    Finding::wrong(
        format!("Telegram does not know TELEGRAM_TOKEN: {}", failure.what),
        "in Telegram open @BotFather → /mybots → your bot → API Token, and copy all of it, like 123456:ABC…",
    )
}

/// How messages come.
fn delivery(set: &Json, wanted: Option<&str>) -> Vec<Finding> {
    let (url, error) = (text(set, "url"), text(set, "last_error_message"));
    let is_ours = wanted.is_some_and(|wanted| wanted == url);
    let way = match wanted {
        Some(_) if is_ours => format!("Telegram delivers messages to {url}"),
        Some(wanted) => format!("Telegram will deliver messages to {wanted}, from the start on"),
        None => "the bot asks Telegram for messages".to_owned(),
    };
    let waiting = match set["pending_update_count"].as_u64() {
        None | Some(0) => String::new(),
        Some(count) => format!(" ({count} waiting)"),
    };
    let others = (!url.is_empty() && !is_ours).then(|| {
        Finding::hint(
            format!("Telegram delivers this bot's messages to {url}: the start puts an end to that"),
            "if another program works there, stop it first, or get a bot of your own from @BotFather",
        )
    });
    let failed = (is_ours && !error.is_empty()).then(|| {
        Finding::hint(
            format!("the last time that Telegram could not deliver: {error}"),
            "if the bot was running then: does the web server before it pass the address on?",
        )
    });
    [Some(Finding::fine(way + &waiting)), others, failed].into_iter().flatten().collect()
}

/// What a group of agents is like, and what the bot is in it.
fn group(id: &str, group: &Json, bot: &Json) -> Finding {
    let called = format!("group “{}” ({id})", text(group, "title"));
    let status = text(bot, "status");
    let may = |right: &str| status == "creator" || bot[right] == true;
    let names = RIGHTS.map(|(_, name)| name).join(" and ");
    if ["left", "kicked"].contains(&status) {
        return Finding::wrong(format!("{called}: the bot is not in it"), add());
    }
    if group["is_forum"] != true {
        let change = "Edit → Topics → switch on. If the group gets another id by that, find it once more";
        return Finding::wrong(format!("{called}: it has no topics"), format!("{OPEN}{change}"));
    }
    if !["administrator", "creator"].contains(&status) {
        let make = format!("{OPEN}Edit → Administrators → Add Admin → the bot → switch on {names}");
        return Finding::wrong(format!("{called}: the bot is not an administrator"), make);
    }
    match RIGHTS.iter().find(|(right, _)| !may(right)) {
        Some((_, name)) => Finding::wrong(
            format!("{called}: the bot lacks the right {name}"),
            format!("{OPEN}Edit → Administrators → the bot → switch on {name}"),
        ),
        None => {
            Finding::fine(format!("{called}: it has topics, and the bot is an administrator with {names}"))
        }
    }
}

fn absent(id: &str, failure: &Failure) -> Finding {
    match failure.moved {
        Some(now) => Finding::wrong(
            format!("group {id}: its id is {now} now"),
            format!("write {now} into TELEGRAM_STAFF"),
        ),
        None => Finding::wrong(format!("group {id}: the bot is not in it ({})", failure.what), add()),
    }
}

fn add() -> String {
    format!(
        "{OPEN}Add Members → the bot. If it is there, the id is another one: hold a message of the group → Copy Link gives \
         t.me/c/1234567890/…, and the id is -1001234567890"
    )
}
