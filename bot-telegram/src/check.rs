//! How the bot stands with Telegram, for `--check`: who it is, what it may do, and what to press.
//!
//! What it is not: it changes nothing. Only `check` asks; what the answers mean is decided by pure functions.
use std::time::Duration;

use bot_serve::{Check, Finding, teams};
use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use teloxide_core::payloads::{GetChat, GetChatMember, GetMe, GetWebhookInfo};
use teloxide_core::requests::Payload;
use teloxide_core::types::{ChatId, UserId};
use tokio::time::timeout;

use crate::api::{Api, Failure, SERVER};
use crate::{Hook, api, staff};

/// A check has 15 seconds in all, and ends with the first question that has no answer.
const ANSWER: Duration = Duration::from_secs(6);

#[derive(Deserialize)]
struct Bot {
    id: u64,
    first_name: String,
    username: String,
}

#[derive(Deserialize)]
struct Set {
    url: String,
    pending_update_count: u64,
    last_error_message: Option<String>,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    title: String,
    #[serde(default)]
    is_forum: bool,
}

#[derive(Deserialize)]
struct Member {
    status: String,
    #[serde(default)]
    can_manage_topics: bool,
    #[serde(default)]
    can_delete_messages: bool,
}

/// What a group is called, and what the bot is in it.
type Membership = (Group, Member);

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
    let read = api(settings).and_then(|api| Ok((api, staff(settings)?, Hook::read(settings)?)));
    let (api, rooms, hook) = read.map_err(|error| Finding::unset(&error))?;
    let bot: Bot = ask(&api, &GetMe::new()).await.map_err(|failure| stranger(&failure))?;
    findings.push(Finding::fine(format!("the bot is @{} (“{}”)", bot.username, bot.first_name)));
    let set: Set = ask(&api, &GetWebhookInfo::new()).await.map_err(|failure| unreachable(&failure))?;
    findings.extend(delivery(&set, hook.as_ref().map(|hook| &hook.url)));
    let engine = check.engine.as_deref();
    findings.extend(engine.map(|engine| teams("TELEGRAM_STAFF", engine, &rooms)).unwrap_or_default());
    for room in &rooms {
        findings.push(self::room(&room.id, membership(&api, &bot, &room.id).await)?);
    }
    Ok(())
}

async fn ask<P: Payload + serde::Serialize, T: DeserializeOwned>(
    api: &Api,
    payload: &P,
) -> Result<T, Failure> {
    let late = |_| Failure::doubt("no answer from Telegram in time");
    let answer = timeout(ANSWER, api.call(payload)).await.map_err(late)??;
    serde_json::from_value(answer)
        .map_err(|_| Failure::doubt(&format!("an answer to {} that can't be read", P::NAME)))
}

async fn membership(api: &Api, bot: &Bot, room: &str) -> Result<Membership, Failure> {
    let room = ChatId(room.parse().unwrap_or_default());
    Ok((ask(api, &GetChat::new(room)).await?, ask(api, &GetChatMember::new(room, UserId(bot.id))).await?))
}

fn unreachable(failure: &Failure) -> Finding {
    Finding::unreachable(&failure.what, SERVER)
}

fn stranger(failure: &Failure) -> Finding {
    match failure.code {
        401 | 404 => Finding::wrong(
            format!("TELEGRAM_TOKEN is not the token of any bot: {}", failure.what),
            "in Telegram open @BotFather → /mybots → your bot → API Token, and copy all of it, like 123456:ABC…",
        ),
        _ => unreachable(failure),
    }
}

/// How updates come.
fn delivery(hook: &Set, wanted: Option<&Url>) -> Vec<Finding> {
    let waiting = match hook.pending_update_count {
        0 => String::new(),
        count => format!("; {count} that came meanwhile wait to be taken in"),
    };
    let is_wanted = wanted.is_some_and(|wanted| wanted.as_str() == hook.url);
    let way = match wanted {
        Some(_) if is_wanted => format!("Telegram delivers messages to {}{waiting}", hook.url),
        Some(wanted) => format!("the start has Telegram deliver messages to {wanted}{waiting}"),
        None => format!("the bot asks Telegram for messages{waiting}"),
    };
    let others = (!hook.url.is_empty() && !is_wanted).then(|| {
        Finding::hint(
            format!("Telegram delivers this bot's messages to {}: the start puts an end to that", hook.url),
            "if another program works there, stop it first, or get a bot of your own from @BotFather",
        )
    });
    let error = hook.last_error_message.as_ref().filter(|_| is_wanted).map(|error| {
        Finding::hint(
            format!("the last time Telegram could not deliver: {error}"),
            "if the bot was running then, look at the log of the web server before it: does it pass the address on to the bot?",
        )
    });
    [Some(Finding::fine(way)), others, error].into_iter().flatten().collect()
}

/// A group of agents; an error: Telegram does not answer.
fn room(id: &str, found: Result<Membership, Failure>) -> Result<Finding, Finding> {
    let (group, bot) = match found {
        Ok(found) => found,
        Err(failure) => return absent(id, &failure),
    };
    let called = format!("group “{}” ({id})", group.title);
    let press =
        |rights: &str| format!("in Telegram open the group → its name → Edit → Administrators → {rights}");
    Ok(match bot.status.as_str() {
        "left" | "kicked" => Finding::wrong(format!("{called}: the bot is not in it"), add()),
        _ if !group.is_forum => Finding::wrong(
            format!("{called}: it has no topics"),
            "in Telegram open the group → its name → Edit → Topics → switch on. That may give the group another id: find it once more",
        ),
        "administrator" | "creator" => match (bot.can_manage_topics, bot.can_delete_messages) {
            (true, true) => Finding::fine(format!(
                "{called}: it has topics; the bot is an administrator, may manage topics and delete messages"
            )),
            (false, _) => Finding::wrong(
                format!("{called}: the bot may not manage topics"),
                press("the bot → switch on Manage Topics"),
            ),
            (true, false) => Finding::wrong(
                format!(
                    "{called}: the bot may not delete messages, so topics of customers who want to be forgotten stay"
                ),
                press("the bot → switch on Delete Messages"),
            ),
        },
        _ => Finding::wrong(
            format!("{called}: the bot is not an administrator"),
            press("Add Admin → the bot → switch on Manage Topics and Delete Messages"),
        ),
    })
}

fn absent(id: &str, failure: &Failure) -> Result<Finding, Finding> {
    match failure.code {
        400 | 403 => Ok(match failure.moved {
            Some(now) => Finding::wrong(
                format!("group {id}: its id is {now} now"),
                format!("write {now} into TELEGRAM_STAFF"),
            ),
            None => Finding::wrong(
                format!("group {id}: the bot is not in a group of this id ({})", failure.what),
                add(),
            ),
        }),
        _ => Err(unreachable(failure)),
    }
}

fn add() -> &'static str {
    "in Telegram open the group → its name → Add Members → the bot. If it is in it, the id is another one: hold any message there → \
     Copy Link gives t.me/c/1234567890/…, and the id is -1001234567890"
}
