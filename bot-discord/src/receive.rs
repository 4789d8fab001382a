//! Takes in what Discord tells, one after the other: stored, then the next.
//!
//! What it is not: serenity's or twilight's way of handing events to tasks, which loses their order.
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bot_runtime::channel::SendError;
use bot_runtime::desk::board::{Board, Heard, Place, Room, Spoken};
use bot_runtime::kill;
use bot_runtime::runtime::Runtime;
use bot_runtime::store::{SqliteStore, Store, StoreError};
use bot_serve::patience::{Patience, insist};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::api::{Api, Failure};
use crate::desk::{Agents, Staff, called, heard, missing};
use crate::gateway::{Came, Gateway, Over, Position, address, control};
use crate::inbound::{
    Me, Meaning, NAME, Where, acknowledgement, command, is_direct, is_person, is_words, key, meaning, user,
};
use crate::missed::{Missed, since};
use crate::private::whose;
use crate::send::{Letter, beginning, id, literal};

/// How often it is asked at once what somebody is, while no answer comes.
const ASKED: usize = 3;

const STRANGER: &str = "Only who has a role of an agent does that here. Nothing was done or sent.";

/// Discord waits for three seconds for an answer to a press.
const PRESS: Duration = Duration::from_millis(2500);

/// After a connection on which a session was begun or gone on with, the next follows soon.
const SOON: Duration = Duration::from_millis(250);

/// Events after which the position is kept, also while more are waiting.
const KEPT: u32 = 50;

/// What may come twice changes nothing twice: it is looked at by the name of its event.
const EVENTS: [&str; 4] = ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "INTERACTION_CREATE"];

/// After these the bot may be allowed something else than before.
const RIGHTS: [&str; 4] = ["CHANNEL_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_MEMBER_UPDATE"];

/// A thread of the bot's own that is older, and that nobody knows, is somebody's else.
const YOUNG: SignedDuration = SignedDuration::from_hours(1);

/// Where events go.
pub struct Intake {
    pub api: Api,
    pub me: Me,
    pub runtime: Runtime<SqliteStore>,
    pub board: Board<SqliteStore, Staff>,
    /// The channels of agents.
    pub rooms: Vec<Room>,
    /// The channels in which customers get threads of their own.
    pub support: Vec<String>,
    pub agents: Agents,
}

/// Where something happened.
enum Spot {
    Desk(Place),
    Customers(Where),
}

impl Intake {
    fn store(&self) -> &Arc<SqliteStore> {
        self.runtime.store()
    }

    /// Takes in an event. When it returns, it is stored.
    ///
    /// # Errors
    /// It is not stored: try again, and don't go on to the next.
    pub async fn take_in(&self, event: &Json) -> Result<(), StoreError> {
        kill::point("updates.received");
        let (name, data) = (event["t"].as_str().unwrap_or_default(), &event["d"]);
        match name {
            "MESSAGE_DELETE_BULK" => {
                for id in data["ids"].as_array().into_iter().flatten() {
                    let mut one = data.clone();
                    one["id"] = id.clone();
                    self.take("MESSAGE_DELETE", &one).await?;
                }
            }
            "THREAD_CREATE" => self.thread_made(data).await?,
            "GUILD_CREATE" => {
                // One that was made while no session could be gone on with, by a process that died then.
                for thread in
                    data["threads"].as_array().into_iter().flatten().filter(|thread| is_young(thread))
                {
                    let mut made = thread.clone();
                    made["newly_created"] = json!(true);
                    self.thread_made(&made).await?;
                }
                self.check_rights(name, data).await?;
            }
            _ if EVENTS.contains(&name) => self.take(name, data).await?,
            _ if RIGHTS.contains(&name) => self.check_rights(name, data).await?,
            _ => {}
        }
        kill::point("updates.stored");
        Ok(())
    }

    /// One event about what somebody wrote or pressed.
    pub async fn take(&self, name: &str, data: &Json) -> Result<(), StoreError> {
        let now = Timestamp::now();
        match self.place(data).await? {
            Spot::Desk(place) => self.hear(name, data, place, now).await,
            // What agents announce there is for all.
            Spot::Customers(Where::Support { user: None, .. })
                if !self.agents.0.is_empty() && self.agents.has(&data["member"]["roles"]) =>
            {
                Ok(())
            }
            Spot::Customers(at) => match meaning(name, data, &at, &self.me, now) {
                Meaning::Arrival(arrival) => self.runtime.receive(vec![*arrival]).await.map(drop),
                Meaning::Nothing => Ok(()),
                Meaning::Unread => self.keep(name, data, now).await,
            },
        }
    }

    /// Keeps what can't be understood.
    pub async fn keep(&self, name: &str, data: &Json, now: Timestamp) -> Result<(), StoreError> {
        let raw = json!({ "t": name, "d": data }).to_string();
        let key = key(name, data).unwrap_or_else(|| unnamed(&raw));
        tracing::warn!(key, "an event that can't be understood is kept as it is");
        self.store().keep_unread(NAME, &key, &raw, now).await.map(drop)
    }

    /// A message in a thread does not tell whose channel the thread is of: the store knows.
    async fn place(&self, data: &Json) -> Result<Spot, StoreError> {
        let channel = data["channel_id"].as_str().unwrap_or_default();
        if is_direct(data) {
            return Ok(Spot::Customers(Where::Open));
        }
        if self.board.is_room(channel).await? {
            return Ok(Spot::Desk(Place { room: channel.to_owned(), thread: None }));
        }
        let parent = data["channel"]["parent_id"].as_str();
        for Room { id, .. } in &self.rooms {
            let is_here = parent == Some(id) || self.store().thread_at(NAME, id, channel).await?.is_some();
            if is_here {
                return Ok(Spot::Desk(Place { room: id.clone(), thread: Some(channel.to_owned()) }));
            }
        }
        if self.support.iter().any(|support| support == channel) {
            return Ok(Spot::Customers(Where::Support { channel: channel.to_owned(), user: None }));
        }
        let private = whose(self.store(), &self.support, channel).await?;
        Ok(Spot::Customers(private.unwrap_or(Where::Open)))
    }

    async fn hear(&self, name: &str, data: &Json, place: Place, now: Timestamp) -> Result<(), StoreError> {
        let agent = self.agent(name, data).await;
        // In the channel itself people may talk as they like.
        let is_for_desk = place.thread.is_some() || name == "INTERACTION_CREATE";
        if agent.is_none() && is_for_desk && self.refuses(name, data) {
            return Ok(());
        }
        let is_command = name == "INTERACTION_CREATE" && data["type"] == 2;
        let echo = if is_command { self.echo(data).await } else { None };
        let Some(heard) = heard(name, data, (place, &self.me), agent, echo, now) else { return Ok(()) };
        if let Some(told) = self.board.hear(heard).await? {
            self.tell(data, &told);
        }
        Ok(())
    }

    /// How the agent is called who has done it; `None`: it was none.
    async fn agent(&self, name: &str, data: &Json) -> Option<String> {
        let roles = &data["member"]["roles"];
        if roles.is_array() || self.agents.0.is_empty() || name == "MESSAGE_DELETE" {
            return self.agents.has(roles).then(|| called(data));
        }
        // What was looked up later comes without.
        let (guild, user) = (data["guild_id"].as_str()?, user(data)["id"].as_str()?);
        let path = format!("guilds/{guild}/members/{user}");
        let mut asked = self.api.get(&path).await;
        for _ in 1..ASKED {
            if matches!(asked, Err(Failure { status: 0 | 429 | 500.., .. })) {
                asked = self.api.get(&path).await;
            }
        }
        asked.ok().filter(|member| self.agents.has(&member["roles"])).map(|_| called(data))
    }

    /// Tells somebody who is no agent so. `false`: there is nobody to tell.
    fn refuses(&self, name: &str, data: &Json) -> bool {
        let id = data["id"].as_str().unwrap_or_default();
        let letter = Letter::new(&literal(STRANGER));
        let (path, body) = match name {
            "INTERACTION_CREATE" if data["type"] == 3 => {
                self.tell(data, STRANGER);
                return true;
            }
            "INTERACTION_CREATE" => {
                let token = data["token"].as_str().unwrap_or_default();
                let body = json!({ "type": 4, "data": letter.private().body() });
                (format!("interactions/{id}/{token}/callback"), body)
            }
            "MESSAGE_CREATE" if is_person(data) && is_words(data) => {
                let channel = data["channel_id"].as_str().unwrap_or_default();
                let letter = letter.to(Some(id), false).quiet(true).once(&format!("r{id}"));
                (format!("channels/{channel}/messages"), letter.body())
            }
            _ => return false,
        };
        self.ask_aside(path, body);
        true
    }

    /// Asks for something on which nothing depends.
    fn ask_aside(&self, path: String, body: Json) {
        let api = self.api.clone();
        tokio::spawn(async move {
            if let Err(failure) = api.post(&path, &body).await {
                tracing::debug!(code = failure.code, "somebody was not answered");
            }
        });
    }

    /// A command is shown to all agents as a message of its own; returns its id.
    async fn echo(&self, data: &Json) -> Option<String> {
        let (id, token) = (data["id"].as_str()?, data["token"].as_str()?);
        let body = json!({ "type": 4, "data": Letter::new(&beginning(&command(data)?)).body() });
        let path = format!("interactions/{id}/{token}/callback?with_response=true");
        let answer = timeout(PRESS, self.api.post(&path, &body)).await.ok()?.ok()?;
        self::id(&answer["resource"]["message"]).ok()
    }

    /// A few words for the one who has pressed. Nothing depends on them.
    fn tell(&self, data: &Json, text: &str) {
        let Some(token) = data["token"].as_str() else { return };
        let path = format!("webhooks/{}/{token}", self.me.application);
        self.ask_aside(path, Letter::new(&literal(text)).private().body());
    }

    async fn thread_made(&self, data: &Json) -> Result<(), StoreError> {
        let (Some(room), Some(thread)) = (data["parent_id"].as_str(), data["id"].as_str()) else {
            return Ok(());
        };
        let place = Place { room: room.to_owned(), thread: Some(thread.to_owned()) };
        let now = Timestamp::now();
        if let Some(heard) = heard("THREAD_CREATE", data, (place, &self.me), None, None, now)
            && self.board.is_room(room).await?
        {
            self.board.hear(heard).await?;
        }
        Ok(())
    }

    /// What the bot may not do in its channels though it must is told, and what it may again is tried again.
    async fn check_rights(&self, name: &str, data: &Json) -> Result<(), StoreError> {
        let is_other = name == "GUILD_MEMBER_UPDATE" && data["user"]["id"] != self.me.id.as_str();
        let channels: Vec<_> = data["channels"].as_array().into_iter().flatten().collect();
        let is_here = |room: &Room| match name {
            "GUILD_CREATE" => channels.iter().any(|channel| channel["id"] == room.id.as_str()),
            "CHANNEL_UPDATE" => data["id"] == room.id.as_str(),
            _ => true,
        };
        for room in self.rooms.iter().filter(|room| !is_other && is_here(room)) {
            let Ok(missing) = self.missing(&room.id).await else { continue };
            let place = Place { room: room.id.clone(), thread: None };
            let (key, what, at) = (String::new(), Spoken::Rights { missing }, Timestamp::now());
            self.board.hear(Heard { place, key, at, agent: None, what }).await?;
        }
        Ok(())
    }

    async fn missing(&self, room: &str) -> Result<Vec<String>, Failure> {
        let channel = self.api.get(&format!("channels/{room}")).await?;
        let guild = channel["guild_id"].as_str().unwrap_or_default();
        let roles = self.api.get(&format!("guilds/{guild}/roles")).await?;
        let member = self.api.get(&format!("guilds/{guild}/members/{}", self.me.id)).await?;
        Ok(missing(&roles, &member, &channel))
    }

    /// Ends the button's turning, before anything else is done. One that is too old has ended by itself.
    fn acknowledge(&self, event: &Json) {
        let data = &event["d"];
        let Some(body) = acknowledgement(data).filter(|_| event["t"] == "INTERACTION_CREATE") else { return };
        let is_for_desk = data["type"] == 2 && self.is_agents(data);
        let (Some(id), Some(token), false) = (data["id"].as_str(), data["token"].as_str(), is_for_desk)
        else {
            return;
        };
        self.ask_aside(format!("interactions/{id}/{token}/callback"), body);
    }

    /// Whether a command was given in a channel of agents.
    fn is_agents(&self, data: &Json) -> bool {
        let places = [&data["channel_id"], &data["channel"]["parent_id"]];
        self.rooms.iter().any(|room| places.iter().any(|place| **place == room.id.as_str()))
    }
}

fn is_young(thread: &Json) -> bool {
    let id: Option<u64> = thread["id"].as_str().and_then(|id| id.parse().ok());
    id.is_some_and(|id| id >= since(Timestamp::now() - YOUNG))
}

/// A key for what has no id.
pub fn unnamed(raw: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    raw.hash(&mut hasher);
    format!("x{:016x}", hasher.finish())
}

/// Asks who the bot is, until there is an answer; `None`: it was told to stop meanwhile.
///
/// # Errors
/// Discord does not take the token.
pub async fn greet(api: &Api, stop: &CancellationToken) -> Result<Option<Me>> {
    let ask = async || {
        let asked = async { Ok((api.get("users/@me").await?, api.get("applications/@me").await?)) };
        match asked.await {
            Err(Failure { status: 401 | 403, what, .. }) => Err(SendError::Final(what)),
            answer => Ok(answer?),
        }
    };
    let asked = insist("who the bot is", stop, ask).await.context(
        "Discord does not take DISCORD_TOKEN: in the developer portal open the application → Bot → Reset Token, and copy all of it",
    )?;
    let Some((user, application)) = asked else { return Ok(None) };
    let text = |json: &Json| json["id"].as_str().unwrap_or_default().to_owned();
    // Given by Discord, or for a bot on few servers switched on.
    let reads = application["flags"].as_u64().is_some_and(|flags| flags & (1 << 18 | 1 << 19) != 0);
    let me = Me { id: text(&user), application: text(&application), reads };
    tracing::info!(bot = me.id, "Discord knows the bot");
    if !reads {
        tracing::warn!(
            "the bot does not get what people write on servers, so agents must use /reply: in the developer portal open the application → \
             Bot → Privileged Gateway Intents → switch on Message Content Intent"
        );
    }
    Ok(Some(me))
}

/// Takes in events until it is told to stop.
///
/// # Errors
/// There is no use in trying again, with what to do.
pub async fn listen(intake: &Intake, stop: &CancellationToken) -> Result<()> {
    let mut listener = Listener::load(intake).await?;
    let mut patience = Patience::new(stop);
    loop {
        let Some((at, _)) = insist("the gateway's address", stop, || address(&intake.api)).await? else {
            break;
        };
        listener.is_greeted = false;
        let over = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            over = listener.follow(&at) => over,
        };
        let over = over.unwrap_or_else(|error| {
            tracing::error!("how far Discord's events are stored can't be kept: {error}");
            listener.is_greeted = false;
            Over::Resume
        });
        if let Over::Never(what) = over {
            bail!(what);
        }
        if listener.is_greeted {
            patience.restore();
        }
        if !patience.goes_on(listener.is_greeted.then_some(SOON)).await {
            break;
        }
    }
    listener.keep().await?;
    Ok(())
}

/// One that knows how far it is.
struct Listener<'a> {
    intake: &'a Intake,
    position: Position,
    /// Events since the position was kept.
    fresh: u32,
    missed: Missed,
    /// This connection has begun or gone on with a session.
    is_greeted: bool,
}

impl<'a> Listener<'a> {
    async fn load(intake: &'a Intake) -> Result<Listener<'a>, StoreError> {
        let position = Position::load(intake.store(), &intake.me).await?;
        let missed = Missed::default();
        Ok(Listener { intake, position, fresh: 0, missed, is_greeted: false })
    }

    async fn keep(&mut self) -> Result<(), StoreError> {
        if self.fresh > 0 {
            self.position.keep(self.intake.store(), &self.intake.me).await?;
            self.fresh = 0;
        }
        Ok(())
    }

    /// Follows one connection to its end.
    async fn follow(&mut self, at: &str) -> Result<Over, StoreError> {
        let intake = self.intake;
        let session = self.position.session.clone();
        let mut gateway = Gateway::new(&intake.api, &intake.me, intake.store(), at, session.as_ref());
        self.catch_up_again().await?;
        loop {
            let over = match self.next(&mut gateway).await? {
                Came::Text(text) => self.text(&text).await?,
                Came::Odd(text) => {
                    let (key, now) = (unnamed(&text), Timestamp::now());
                    tracing::warn!(key, "a text that is no event is kept as it is");
                    intake.store().keep_unread(NAME, &key, &text, now).await?;
                    None
                }
                Came::Over(over) => Some(over),
            };
            let Some(over) = over else { continue };
            tracing::info!(?over, "a connection to Discord's gateway has ended");
            if over == Over::Anew {
                (self.position.session, self.fresh) = (None, self.fresh + 1);
            }
            self.keep().await?;
            return Ok(over);
        }
    }

    /// What comes next. While nothing does, the position is kept, and what was missed is looked up.
    async fn next(&mut self, gateway: &mut Gateway) -> Result<Came, StoreError> {
        loop {
            {
                let mut next = pin!(gateway.next());
                let came = poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await;
                if let Poll::Ready(came) = came {
                    return Ok(came);
                }
                self.keep().await?;
                if !self.missed.is_due() {
                    return Ok(match self.missed.wait() {
                        Some(wait) => match timeout(wait, next).await {
                            Ok(came) => came,
                            Err(_) => continue,
                        },
                        None => next.await,
                    });
                }
            }
            self.missed.look_up(self.intake).await?;
            self.caught_up();
        }
    }

    async fn text(&mut self, text: &str) -> Result<Option<Over>, StoreError> {
        let event: Json = serde_json::from_str(text).unwrap_or_default();
        if let Some(over) = control(&event) {
            return Ok(Some(over));
        }
        if event["op"] != 0 {
            return Ok(None);
        }
        self.intake.acknowledge(&event);
        if let Some(channel) = event["d"]["channel_id"].as_str() {
            // What was said there before comes before.
            self.missed.look_up_now(self.intake, channel).await?;
            self.caught_up();
        }
        self.store(&event).await;
        self.position.pass(&event);
        self.fresh += 1;
        self.is_greeted |= event["t"] == "READY" || event["t"] == "RESUMED";
        if event["t"] == "READY" {
            tracing::info!("a new session with Discord's gateway");
            self.keep().await?;
            self.catch_up_again().await?;
        }
        if self.fresh >= KEPT {
            self.keep().await?;
        }
        Ok(None)
    }

    /// Nothing else is taken in until it is stored.
    async fn store(&self, event: &Json) {
        let mut pause = Duration::from_millis(100);
        while let Err(error) = self.intake.take_in(event).await {
            tracing::error!("an event of Discord is not stored, and no other is taken in: {error}");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(10));
        }
    }

    async fn catch_up_again(&mut self) -> Result<(), StoreError> {
        if let Some(after) = self.position.behind {
            self.missed = Missed::after(self.intake, after).await?;
            self.caught_up();
        }
        Ok(())
    }

    fn caught_up(&mut self) {
        if self.missed.is_done() && self.position.behind.take().is_some() {
            self.fresh += 1;
            tracing::info!("what came in the meantime is stored");
        }
    }
}

#[cfg(test)]
mod tests;
