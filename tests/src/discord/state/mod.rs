//! Everything that is so at the moment: accounts, guilds, channels, what the bot has asked for.
//!
//! Tests read it in [`super::Discord::wait`]; only the stand-in changes it.
mod asked;
pub(super) mod channel;
mod commands;
mod deeds;
mod events;
pub(super) mod file;
pub(super) mod guild;
pub(super) mod interactions;
pub(super) mod mentions;
pub(super) mod message;
pub(super) mod people;
pub mod permissions;
mod reach;
mod reactions;
pub(super) mod threads;
pub(super) mod user;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use self::channel::Channel;
use self::guild::Guild;
use self::interactions::Interaction;
use self::user::User;
use super::call::Call;
use super::faults::Faults;
use super::gateway as intents;
use super::gateway::Emitted;
use super::limits::{Limits, Now};
use super::shown::Shown;
use crate::fake::Clock;

/// The account of the bot, and its application.
pub const BOT: u64 = 1_000_000_000_000_000_001;
/// The first millisecond of Discord.
const EPOCH: i64 = 1_420_070_400_000;

/// What is so at the moment.
pub struct State {
    pub(super) clock: Clock,
    /// `127.0.0.1:PORT`.
    pub(super) host: String,
    pub(super) users: BTreeMap<u64, User>,
    pub(super) guilds: BTreeMap<u64, Guild>,
    pub(super) channels: BTreeMap<u64, Channel>,
    /// What the bot said with a nonce: when, and the channel and the message.
    pub(super) nonces: BTreeMap<String, (Duration, u64, u64)>,
    pub(super) interactions: BTreeMap<u64, Interaction>,
    /// Slash commands by guild; without one: for everywhere.
    pub(super) commands: BTreeMap<Option<u64>, Vec<Value>>,
    /// People who left all guilds.
    pub(super) gone: Vec<u64>,
    pub(super) faults: Faults,
    pub(super) limits: Limits,
    pub(super) calls: Vec<Call>,
    pub(super) requests: usize,
    /// Channels in which the bot showed that it types, in order.
    pub(super) typing: Vec<u64>,
    /// Privileged intents that are switched on in the portal.
    pub(super) portal: u64,
    /// So many threads may be active in a guild.
    pub(super) most_threads: usize,
    /// Events that the gateway hasn't been told of.
    pub(super) fresh: Vec<Emitted>,
    last: u64,
}

impl State {
    pub(super) fn new() -> State {
        let bot = User { bot: true, ..User::person(BOT, "Shop", "en") };
        State {
            clock: Clock::new(),
            host: String::new(),
            users: BTreeMap::from([(BOT, bot)]),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            nonces: BTreeMap::new(),
            interactions: BTreeMap::new(),
            commands: BTreeMap::new(),
            gone: Vec::new(),
            faults: Faults::default(),
            limits: Limits::new(),
            calls: Vec::new(),
            requests: 0,
            typing: Vec::new(),
            portal: intents::PRIVILEGED,
            most_threads: 1000,
            fresh: Vec::new(),
            last: 0,
        }
    }

    /// The requests of the bot that have been answered, or met their fault, in that order.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// Those of one route: `POST /channels/{channel_id}/messages`.
    pub fn calls_of(&self, what: &str) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.what() == what)
    }

    /// The channels in which the bot showed that it types, in order.
    pub fn typing(&self) -> &[u64] {
        &self.typing
    }

    /// What stands in a channel, in the order of time, with what only one person sees. Nothing, if there is no such channel.
    pub fn shown(&self, channel: u64) -> Vec<Shown> {
        let messages = self.channels.get(&channel).into_iter().flat_map(|channel| channel.messages.values());
        messages.map(|message| Shown::of(message, self)).collect()
    }

    /// The direct channel of a person, once there is one.
    pub fn direct(&self, user: u64) -> Option<u64> {
        self.channels.values().find(|channel| channel.recipient == Some(user)).map(|channel| channel.id)
    }

    /// How many requests of the last ten minutes were answered 401, 403 or 429: at 10,000 Discord bans.
    pub fn invalid_requests(&self) -> usize {
        self.limits.invalid_requests(self.clock.now())
    }

    /// The time since the start, with what was skipped.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    pub(super) fn instant(&self) -> Now {
        Now { now: self.clock.now(), millis: self.clock.millis() }
    }

    /// A new id, of this time.
    pub(super) fn snowflake(&mut self) -> u64 {
        let now = u64::try_from(self.clock.millis() - EPOCH).unwrap_or_default() << 22;
        self.last = now.max(self.last + 1);
        self.last
    }

    /// The bot's account as it sees it itself.
    pub(super) fn me(&self) -> Value {
        let mut json = self.users[&BOT].json();
        json["verified"] = json!(true);
        json["mfa_enabled"] = json!(true);
        json["email"] = Value::Null;
        json["locale"] = json!("en-US");
        json
    }

    /// These intents are open to the bot.
    pub(super) fn may_use(&self, intents: u64) -> bool {
        intents & intents::PRIVILEGED & !self.portal == 0
    }

    /// The flags that say which privileged intents are switched on, for a bot in few guilds.
    pub(super) fn application_flags(&self) -> u64 {
        let flags = [
            (intents::GUILD_PRESENCES, 1 << 13),
            (intents::GUILD_MEMBERS, 1 << 15),
            (intents::MESSAGE_CONTENT, 1 << 19),
        ];
        flags
            .iter()
            .filter(|(intent, _)| self.portal & intent != 0)
            .fold(1 << 23, |all, (_, flag)| all | flag)
    }
}

/// A time in milliseconds since 1970 as Discord writes it.
pub(super) fn stamp(millis: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00").to_string()
}
