//! The desk's place on Discord: a channel of agents with a thread for each customer.
//!
//! What it is not: what is shown there, and what agents' words do, is the board's.
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use bot_runtime::desk::board::{Heard, Place, Post, Spoken, ThreadError, Threads};
use bot_runtime::files::Files;
use bot_runtime::store::Fate;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::api::{Api, Failure};
use crate::files::file_nonce;
use crate::inbound::{
    Me, NAME, attachments, command, is_forward, is_person, is_words, key, name, pressed, replies_to, time,
    user, words,
};
use crate::send::{LONGEST, Letter, id, is_id, literal, measure};
use crate::threads::{ASIDE, PRIVATE, PUBLIC, active};

/// What the bot must be allowed in a channel of agents, with Discord's bits, and how Discord calls it.
pub const RIGHTS: [(u64, &str); 8] = [
    (1 << 10, "View Channel"),
    (1 << 11, "Send Messages"),
    (1 << 38, "Send Messages in Threads"),
    (1 << 35, "Create Public Threads"),
    (1 << 34, "Manage Threads"),
    (1 << 16, "Read Message History"),
    (1 << 6, "Add Reactions"),
    (1 << 15, "Attach Files"),
];

/// The right to everything.
const ADMINISTRATOR: u64 = 1 << 3;

const NO_CHANNEL: [u64; 1] = [10003];
const NO_MESSAGE: [u64; 1] = [10008];
const BAD_FIELDS: [u64; 1] = [50035];
const FORBIDDEN: [u64; 5] = [50001, 50013, 10004, 160005, 40333];
/// Reactions that are not allowed, or of which there are too many.
const NO_REACTION: [u64; 4] = [50013, 90001, 30010, 10014];
const TOO_MANY_THREADS: [u64; 1] = [160006];
const ASLEEP: [u64; 1] = [50083];

const SENT: &str = "✅";
const FAILED: &str = "❌";

/// Channels of agents, as far as they are written to.
pub struct Staff {
    pub api: Api,
    pub me: Me,
    pub files: Files,
}

impl Threads for Staff {
    fn name(&self) -> &str {
        NAME
    }

    fn longest(&self) -> usize {
        LONGEST
    }

    fn measure(&self, text: &str) -> usize {
        measure(text)
    }

    /// The pace of each thread is its own; this leaves the most of what the bot may do in all to customers.
    fn budget(&self) -> (u32, Duration) {
        (100, Duration::from_secs(10))
    }

    async fn open(&self, room: &str, title: &str) -> Result<String, ThreadError> {
        let mut opened = self.make(room, title, PUBLIC).await;
        // Whoever sees the channel sees its threads; where only private ones are allowed, agents need Manage Threads.
        if matches!(&opened, Err(failure) if failure.is(&[50001, 50013])) {
            opened = self.make(room, title, PRIVATE).await;
        }
        opened.map_err(|failure| trouble(failure, None))
    }

    async fn rename(&self, at: &Place, title: &str) -> Result<(), ThreadError> {
        let path = format!("channels/{}", thread(at)?);
        let renamed = self.awake(at, async || self.api.patch(&path, &json!({ "name": title })).await).await;
        renamed.map(drop).map_err(|failure| trouble(failure, Some(at)))
    }

    fn archives(&self) -> bool {
        true
    }

    async fn archive(&self, at: &Place) -> Result<(), ThreadError> {
        let path = format!("channels/{}", thread(at)?);
        match self.api.patch(&path, &json!({ "archived": true })).await {
            Err(failure) if !failure.is(&ASLEEP) => Err(trouble(failure, Some(at))),
            _ => Ok(()),
        }
    }

    async fn unarchived(&self, room: &str) -> Result<Vec<String>, ThreadError> {
        let active = active(&self.api, room).await.map_err(|failure| trouble(failure, None))?;
        let mut own: Vec<_> =
            active.iter().filter(|thread| thread["owner_id"] == self.me.id.as_str()).collect();
        let last = |thread: &Json| [&thread["last_message_id"], &thread["id"]].into_iter().find_map(number);
        own.sort_by_key(|thread| last(thread));
        Ok(own.into_iter().filter_map(|thread| id(thread).ok()).collect())
    }

    fn reads(&self) -> bool {
        self.me.reads
    }

    async fn erase(&self, at: &Place) -> Result<(), ThreadError> {
        let erased = self.api.delete(&format!("channels/{}", thread(at)?)).await;
        erased.map(drop).map_err(|failure| trouble(failure, Some(at)))
    }

    async fn post(&self, at: &Place, post: &Post) -> Result<String, ThreadError> {
        let letter = letter(post).to(post.replies_to.as_deref(), true).quiet(post.silent);
        let letter = match &post.key {
            Some(key) => letter.once(&nonce(at, key, post)),
            None => letter,
        };
        let path = format!("channels/{}/messages", channel(at));
        let posted = self.api.post(&path, &letter.body()).await;
        posted.and_then(|made| id(&made)).map_err(|failure| trouble(failure, Some(at)))
    }

    async fn change(&self, at: &Place, message: &str, post: &Post) -> Result<(), ThreadError> {
        let path = format!("channels/{}/messages/{message}", channel(at));
        let body = letter(post).body();
        let changed = self.awake(at, async || self.api.patch(&path, &body).await).await;
        changed.map(drop).map_err(|failure| trouble(failure, Some(at)))
    }

    async fn copy(
        &self,
        at: &Place,
        files: &[String],
        replies_to: Option<&str>,
    ) -> Result<Vec<String>, ThreadError> {
        let mut shown = Vec::new();
        for file in files {
            // Each file stands in a thread once, also when this is done again after a kill.
            let letter = Letter::new("").to(replies_to, true).once(&file_nonce(file));
            let made = self.api.show(&self.files, channel(at), file, letter).await;
            shown.push(made.map_err(|failure| trouble(failure, Some(at)))?);
        }
        Ok(shown)
    }

    async fn mark(&self, at: &Place, message: &str, fate: Fate) -> Result<(), ThreadError> {
        let (put, take) = match fate {
            Fate::Waiting => (None, vec![SENT, FAILED]),
            Fate::Sent => (Some(SENT), vec![FAILED]),
            Fate::Failed => (Some(FAILED), vec![SENT]),
        };
        let path = |emoji: &str| format!("channels/{}/messages/{message}/reactions/{emoji}/@me", channel(at));
        if let Some(emoji) = put {
            let path = path(emoji);
            reacted(self.awake(at, async || self.api.put(&path, &Json::Null).await).await, at)?;
        }
        for emoji in take {
            reacted(self.api.delete(&path(emoji)).await, at)?;
        }
        Ok(())
    }
}

impl Staff {
    async fn make(&self, room: &str, title: &str, kind: u8) -> Result<String, Failure> {
        let body = json!({ "name": title, "type": kind, "auto_archive_duration": ASIDE });
        id(&self.api.post(&format!("channels/{room}/threads"), &body).await?)
    }

    /// A thread that was put aside can be written to, and nothing else; then it is taken up again.
    async fn awake<F>(&self, at: &Place, ask: impl Fn() -> F) -> Result<Json, Failure>
    where
        F: Future<Output = Result<Json, Failure>>,
    {
        match ask().await {
            Err(failure) if failure.is(&ASLEEP) => {
                self.api.patch(&format!("channels/{}", channel(at)), &json!({ "archived": false })).await?;
                ask().await
            }
            answer => answer,
        }
    }
}

fn number(id: &Json) -> Option<u64> {
    id.as_str()?.parse().ok()
}

/// Discord knows the nonces of all channels together, for some minutes; a key is a thread's own.
fn nonce(at: &Place, key: &str, post: &Post) -> String {
    let mut hasher = DefaultHasher::new();
    (channel(at), key, &post.text).hash(&mut hasher);
    post.buttons.iter().for_each(|button| button.data.hash(&mut hasher));
    format!("p{:x}", hasher.finish())
}

fn letter(post: &Post) -> Letter {
    let buttons = post.buttons.iter().map(|button| (button.label.as_str(), button.data.clone()));
    Letter::new(&literal(&post.text)).with(buttons)
}

fn channel(at: &Place) -> &str {
    at.thread.as_deref().unwrap_or(&at.room)
}

fn thread(at: &Place) -> Result<&str, ThreadError> {
    at.thread.as_deref().ok_or(ThreadError::ThreadGone)
}

/// Where no reactions are allowed, none is needed.
fn reacted(done: Result<Json, Failure>, at: &Place) -> Result<(), ThreadError> {
    match done {
        Err(failure) if !failure.is(&NO_REACTION) => Err(trouble(failure, Some(at))),
        _ => Ok(()),
    }
}

/// What a failure means in a thread, in the channel itself, or (`None`) for a new thread.
fn trouble(failure: Failure, at: Option<&Place>) -> ThreadError {
    let is_thread = at.is_some_and(|at| at.thread.is_some());
    // Discord has had two names for it: MESSAGE_REFERENCE_ and REPLIES_.
    let is_reference = failure.is(&BAD_FIELDS) && failure.what.contains("_UNKNOWN_MESSAGE");
    if failure.is(&NO_CHANNEL) && is_thread {
        ThreadError::ThreadGone
    } else if failure.is(&NO_MESSAGE) || is_reference {
        ThreadError::MessageGone
    } else if failure.is(&NO_CHANNEL) || failure.is(&FORBIDDEN) {
        let names = RIGHTS.map(|(_, name)| name).join(", ");
        ThreadError::Forbidden(format!(
            "{}: in Discord open the channel → Edit Channel → Permissions → the bot's role, and allow {names}",
            failure.what
        ))
    } else if failure.is(&TOO_MANY_THREADS) {
        ThreadError::TooMany
    } else {
        ThreadError::Send(failure.error)
    }
}

/// Who counts as an agent in a channel of agents.
#[derive(Clone, Debug, Default)]
pub struct Agents(pub Vec<String>);

impl Agents {
    /// Whether somebody with these roles does; without any that are wanted, whoever can write there.
    pub fn has(&self, roles: &Json) -> bool {
        let mut own = roles.as_array().into_iter().flatten().filter_map(Json::as_str);
        self.0.is_empty() || own.any(|role| self.0.iter().any(|wanted| wanted == role))
    }
}

/// What somebody did in a channel of agents; `None`: nothing for the desk. `agent` is who, if it is an agent; `echo` is the
/// message that shows a command.
pub fn heard(
    event: &str,
    data: &Json,
    (place, me): (Place, &Me),
    agent: Option<String>,
    echo: Option<&str>,
    now: Timestamp,
) -> Option<Heard> {
    let own = user(data)["id"] == me.id.as_str();
    let is_own_words = is_person(data) && !is_forward(data);
    let what = match event {
        "THREAD_CREATE" => opened(data, me)?,
        "INTERACTION_CREATE" => done(data, echo)?,
        _ if own || !is_words(data) => return None,
        "MESSAGE_CREATE" => said(data, me)?,
        "MESSAGE_UPDATE" if data["edited_timestamp"].is_string() && data["content"].is_string() => {
            Spoken::Edit { message: id(data).ok()?, text: words(data, me).0 }
        }
        "MESSAGE_DELETE" => Spoken::Delete { message: id(data).ok()? },
        _ => return None,
    };
    let agent = agent.filter(|_| is_own_words);
    Some(Heard { place, key: key(event, data)?, at: time(event, data).unwrap_or(now), agent, what })
}

fn opened(thread: &Json, me: &Me) -> Option<Spoken> {
    let is_own = thread["owner_id"] == me.id.as_str() && thread["newly_created"] == true;
    is_own.then(|| Spoken::Opened { title: thread["name"].as_str().unwrap_or_default().to_owned() })
}

fn said(message: &Json, me: &Me) -> Option<Spoken> {
    let ((text, _), replies_to, id) = (words(message, me), replies_to(message), id(message).ok()?);
    match attachments(message) {
        (Some(_), files) if !files.is_empty() => {
            Some(Spoken::Files { message: id, files, text, album: None, replies_to })
        }
        _ if text.is_empty() => None,
        _ => Some(Spoken::Text { message: id, text, replies_to }),
    }
}

/// A button, or a command: as it would be typed.
fn done(data: &Json, echo: Option<&str>) -> Option<Spoken> {
    if data["type"] == 3 {
        return Some(Spoken::Press { data: pressed(data)?.to_owned() });
    }
    Some(Spoken::Text {
        message: echo.map(str::to_owned).or(id(data).ok())?,
        text: command(data)?,
        replies_to: None,
    })
}

/// How an agent is called towards customers.
pub fn called(data: &Json) -> String {
    name(data)
}

/// What the bot may not do in a channel though it must, with what to do: from the server's roles, what the bot is there, and the
/// channel.
pub fn missing(roles: &Json, member: &Json, channel: &Json) -> Vec<String> {
    let rights = rights(roles, member, channel);
    let lacking = RIGHTS.iter().filter(|(right, _)| rights & right == 0);
    lacking.map(|(_, name)| format!("the bot lacks the right {name}")).collect()
}

/// As Discord works them out: roles, then what the channel takes and gives to everybody, to roles, to the person.
pub fn rights(roles: &Json, member: &Json, channel: &Json) -> u64 {
    let guild = &channel["guild_id"];
    let all = |of: &Json| -> Vec<Json> { of.as_array().cloned().unwrap_or_default() };
    let own: Vec<_> = all(&member["roles"]).into_iter().chain([guild.clone()]).collect();
    let bits = |json: &Json| json.as_str().and_then(|bits| bits.parse().ok()).unwrap_or(0_u64);
    let granted = all(roles)
        .into_iter()
        .filter(|role| own.contains(&role["id"]))
        .map(|role| bits(&role["permissions"]));
    let mut rights = granted.fold(0, |all, more| all | more);
    if rights & ADMINISTRATOR != 0 {
        return u64::MAX;
    }
    let over = all(&channel["permission_overwrites"]);
    let everybody = |over: &&Json| over["id"] == *guild;
    let roles = |over: &&Json| over["type"] == 0 && over["id"] != *guild && own.contains(&over["id"]);
    let person = |over: &&Json| over["type"] == 1 && over["id"] == member["user"]["id"];
    let steps: [&dyn Fn(&&Json) -> bool; 3] = [&everybody, &roles, &person];
    for step in steps {
        let (deny, allow) = over
            .iter()
            .filter(step)
            .fold((0, 0), |(deny, allow), over| (deny | bits(&over["deny"]), allow | bits(&over["allow"])));
        rights = rights & !deny | allow;
    }
    rights
}

/// A channel's or role's id, in a setting.
pub fn is_room(id: &str) -> bool {
    is_id(id)
}

#[cfg(test)]
mod tests;
