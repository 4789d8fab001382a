//! What was said while no session could be gone on with, looked up channel by channel.
//!
//! What it is not: it finds no channel that the bot does not know yet. Bots can't list who writes to them.
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bot_runtime::store::{Store, StoreError};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use crate::api::Failure;
use crate::aside::Aside;
use crate::inbound::{NAME, is_person, user};
use crate::intake::Intake;
use crate::private::Private;
use crate::snowflake::span;

/// Ids are times: events of several channels may come in another order than they happened by so much.
const MARGIN: SignedDuration = SignedDuration::from_mins(2);

/// Messages of one question.
const PAGE: usize = 100;

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(5);

/// A channel that is still to be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Gap {
    channel: String,
    /// The server; `None`: direct messages.
    guild: Option<String>,
    after: u64,
}

/// What is still to be looked up.
#[derive(Debug, Default)]
pub struct Missed {
    gaps: VecDeque<Gap>,
    not_before: Option<Instant>,
}

impl Missed {
    /// All that is newer than that message, in each channel that is known.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn after(intake: &Intake, message: u64) -> Result<Missed, StoreError> {
        let after = message.saturating_sub(span(MARGIN));
        let mut gaps = VecDeque::new();
        let mut add = |channel: String, guild: Option<String>| {
            if !gaps.iter().any(|gap: &Gap| gap.channel == channel) {
                gaps.push_back(Gap { channel, guild, after });
            }
        };
        let (aside, unknown) = (&intake.aside, || Some(String::new()));
        let channels = intake.support.iter().chain(aside.rooms.iter().map(|room| &room.id));
        channels.for_each(|channel| add(channel.clone(), unknown()));
        let store = intake.store();
        let private = Private { api: &aside.api, me: &aside.me, store };
        // Those where something happened last come first.
        for listed in store.list(usize::MAX).await? {
            if listed.address.channel == NAME {
                let is_direct = !listed.address.peer.contains([':', '/']);
                if let Some(channel) = private.known(&listed.address).await? {
                    add(channel, if is_direct { None } else { unknown() });
                }
            }
            if let Some(thread) = store.thread(NAME, listed.id).await?.and_then(|row| row.thread) {
                add(thread, unknown());
            }
        }
        tracing::info!(channels = gaps.len(), "what came in the meantime is looked up");
        Ok(Missed { gaps, not_before: None })
    }

    /// Whether there is something to look up now.
    pub fn is_due(&self) -> bool {
        !self.is_done() && self.wait().is_none()
    }

    /// Whether there is nothing more to look up.
    pub fn is_done(&self) -> bool {
        self.gaps.is_empty()
    }

    /// How long not to ask.
    pub fn wait(&self) -> Option<Duration> {
        let left = self.not_before.filter(|_| !self.is_done())?.saturating_duration_since(Instant::now());
        Some(left).filter(|left| !left.is_zero())
    }

    /// Looks into the next channel.
    ///
    /// # Errors
    /// What was found can't be stored: it is looked up again.
    pub async fn look_up(&mut self, intake: &Intake) -> Result<(), StoreError> {
        let Some(mut gap) = self.gaps.pop_front() else { return Ok(()) };
        match fill(&mut gap, intake).await? {
            Ok(()) => {}
            // Deleted, or the bot may not look into it any more.
            Err(Failure { status: 400..=499, code, .. }) if code > 0 => {}
            Err(failure) => {
                tracing::warn!("what came in the meantime can't be looked up: {}", failure.what);
                self.not_before = Some(Instant::now() + PAUSE);
                self.gaps.push_back(gap);
            }
        }
        Ok(())
    }

    /// Looks into that channel, if it is still to be looked into.
    ///
    /// # Errors
    /// As above.
    pub async fn look_up_now(&mut self, intake: &Intake, channel: &str) -> Result<(), StoreError> {
        let Some(at) = self.gaps.iter().position(|gap| gap.channel == channel) else { return Ok(()) };
        if let Some(gap) = self.gaps.remove(at) {
            self.gaps.push_front(gap);
            self.look_up(intake).await?;
        }
        Ok(())
    }
}

/// Takes in what is newer, the oldest first; the gap begins where it has come to.
async fn fill(gap: &mut Gap, intake: &Intake) -> Result<Result<(), Failure>, StoreError> {
    let api = &intake.aside.api;
    let path = format!("channels/{}", gap.channel);
    if gap.guild.as_deref() == Some("") {
        gap.guild = match api.get(&path).await {
            Ok(channel) => channel["guild_id"].as_str().map(str::to_owned),
            Err(failure) => return Ok(Err(failure)),
        };
    }
    let mut members = BTreeMap::new();
    loop {
        let asked = format!("{path}/messages?after={}&limit={PAGE}", gap.after);
        let page = match api.get(&asked).await {
            Ok(page) => page,
            Err(failure) => return Ok(Err(failure)),
        };
        let mut page = page.as_array().cloned().unwrap_or_default();
        page.sort_by_key(number);
        let mut arrivals = Vec::new();
        for message in &mut page {
            if let Some(guild) = &gap.guild
                && let Err(failure) = complete(message, guild, &intake.aside, &mut members).await
            {
                return Ok(Err(failure));
            }
            intake.take("MESSAGE_CREATE", message, None, &mut arrivals).await?;
        }
        intake.store_all(&mut arrivals).await?;
        gap.after = page.iter().map(number).fold(gap.after, u64::max);
        if page.len() < PAGE {
            return Ok(Ok(()));
        }
    }
}

/// Adds what only the gateway tells with a message: the server, and what its author is there, as agents are known by their roles.
async fn complete(
    message: &mut Json,
    guild: &str,
    aside: &Aside,
    members: &mut BTreeMap<String, Json>,
) -> Result<(), Failure> {
    message["guild_id"] = json!(guild);
    let Some(author) = user(message)["id"].as_str().map(str::to_owned) else { return Ok(()) };
    if aside.agents.0.is_empty() || !is_person(message) {
        return Ok(());
    }
    if !members.contains_key(&author) {
        let member = match aside.api.get(&format!("guilds/{guild}/members/{author}")).await {
            // Who has left is nothing there.
            Err(Failure { status: 404, .. }) => Json::Null,
            member => member?,
        };
        members.insert(author.clone(), member);
    }
    message["member"] = members[&author].clone();
    Ok(())
}

fn number(message: &Json) -> u64 {
    message["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default()
}
