//! Takes in what Discord tells, one after the other; what customers say one after the other is stored at once.
//!
//! What it is not: it asks Discord nothing. What must be asked is looked up before (`missed`), or beside it (`rights`, `aside`).
use std::sync::Arc;

use bot_runtime::channel::Inbound;
use bot_runtime::desk::board::{Board, Place, Room};
use bot_runtime::kill;
use bot_runtime::runtime::Runtime;
use bot_runtime::store::{SqliteStore, Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use tokio::sync::Notify;

use crate::aside::Aside;
use crate::desk::{Staff, called, heard};
use crate::inbound::{Meaning, NAME, Where, is_direct, key, meaning};
use crate::menu::is_agents;
use crate::private::whose;
use crate::rights;
use crate::snowflake::since;

/// What may come twice changes nothing twice: it is looked at by the name of its event.
const EVENTS: [&str; 4] = ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "INTERACTION_CREATE"];

/// A thread of the bot's own that is older, and that nobody knows, is somebody's else.
const YOUNG: SignedDuration = SignedDuration::from_hours(1);

/// Where events go.
pub struct Intake {
    pub aside: Aside,
    pub runtime: Runtime<SqliteStore>,
    pub board: Board<SqliteStore, Staff>,
    /// The channels in which customers get threads of their own.
    pub support: Vec<String>,
    /// The bot may be allowed something else than before.
    pub rights: Notify,
}

/// An event, and the message that shows it if it is an agent's command.
pub type Told = (Json, Option<String>);

/// Where something happened.
enum Spot {
    Desk(Place),
    Customers(Where),
}

impl Intake {
    pub fn store(&self) -> &Arc<SqliteStore> {
        self.runtime.store()
    }

    /// Takes in the events behind those that are `done`, in their order. When it returns, all are stored.
    ///
    /// # Errors
    /// Not all are stored: try again with those that are not done, and don't go on to the next.
    pub async fn take_in(&self, events: &[Told], done: &mut usize) -> Result<(), StoreError> {
        kill::point("updates.received");
        let mut arrivals = Vec::new();
        for (at, (event, echo)) in events.iter().enumerate().skip(*done) {
            self.take_event(event, echo.as_deref(), &mut arrivals).await?;
            if arrivals.is_empty() {
                *done = at + 1;
            }
        }
        self.store_all(&mut arrivals).await?;
        *done = events.len();
        kill::point("updates.stored");
        Ok(())
    }

    async fn take_event(
        &self,
        event: &Json,
        echo: Option<&str>,
        arrivals: &mut Vec<Inbound>,
    ) -> Result<(), StoreError> {
        let (name, data) = (event["t"].as_str().unwrap_or_default(), &event["d"]);
        if rights::may_have_changed(name, data, &self.aside) {
            self.rights.notify_one();
        }
        match name {
            "MESSAGE_DELETE_BULK" => {
                for id in data["ids"].as_array().into_iter().flatten() {
                    let mut one = data.clone();
                    one["id"] = id.clone();
                    self.take("MESSAGE_DELETE", &one, None, arrivals).await?;
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
            }
            _ if EVENTS.contains(&name) => self.take(name, data, echo, arrivals).await?,
            _ => {}
        }
        Ok(())
    }

    /// Takes in one event about what somebody wrote or pressed. What customers say is stored with the next that is something else,
    /// or with [`Intake::store_all`].
    pub async fn take(
        &self,
        name: &str,
        data: &Json,
        echo: Option<&str>,
        arrivals: &mut Vec<Inbound>,
    ) -> Result<(), StoreError> {
        let (now, agents) = (Timestamp::now(), &self.aside.agents);
        match self.place(data).await? {
            Spot::Desk(place) => {
                self.store_all(arrivals).await?;
                self.hear(name, data, place, echo).await
            }
            // Who has typed it is told.
            Spot::Customers(_) if is_agents(data) => Ok(()),
            // What agents announce there is for all.
            Spot::Customers(Where::Support { user: None, .. })
                if !agents.0.is_empty() && agents.has(&data["member"]["roles"]) =>
            {
                Ok(())
            }
            Spot::Customers(at) => match meaning(name, data, &at, &self.aside.me, now) {
                Meaning::Arrival(arrival) => {
                    arrivals.push(*arrival);
                    Ok(())
                }
                Meaning::Nothing => Ok(()),
                Meaning::Unread => {
                    let raw = json!({ "t": name, "d": data }).to_string();
                    self.keep(key(name, data), &raw).await
                }
            },
        }
    }

    /// Stores what customers have said.
    pub async fn store_all(&self, arrivals: &mut Vec<Inbound>) -> Result<(), StoreError> {
        if arrivals.is_empty() {
            return Ok(());
        }
        self.runtime.receive(std::mem::take(arrivals)).await.map(drop)
    }

    /// Keeps what can't be understood.
    pub async fn keep(&self, key: Option<String>, raw: &str) -> Result<(), StoreError> {
        let key = key.unwrap_or_else(|| unnamed(raw));
        tracing::warn!(key, "what can't be understood is kept as it is");
        self.store().keep_unread(NAME, &key, raw, Timestamp::now()).await.map(drop)
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
        for Room { id, .. } in &self.aside.rooms {
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

    async fn hear(
        &self,
        name: &str,
        data: &Json,
        place: Place,
        echo: Option<&str>,
    ) -> Result<(), StoreError> {
        let agent = self.aside.agents.has(&data["member"]["roles"]).then(|| called(data));
        // In the channel itself people may talk as they like.
        let is_for_desk = place.thread.is_some() || name == "INTERACTION_CREATE";
        if agent.is_none() && is_for_desk && self.aside.refuses(name, data) {
            return Ok(());
        }
        let place = (place, &self.aside.me);
        let Some(heard) = heard(name, data, place, agent, echo, Timestamp::now()) else { return Ok(()) };
        if let Some(told) = self.board.hear(heard).await? {
            self.aside.tell(data, &told);
        }
        Ok(())
    }

    async fn thread_made(&self, data: &Json) -> Result<(), StoreError> {
        let (Some(room), Some(thread)) = (data["parent_id"].as_str(), data["id"].as_str()) else {
            return Ok(());
        };
        let place = Place { room: room.to_owned(), thread: Some(thread.to_owned()) };
        let now = Timestamp::now();
        if let Some(heard) = heard("THREAD_CREATE", data, (place, &self.aside.me), None, None, now)
            && self.board.is_room(room).await?
        {
            self.board.hear(heard).await?;
        }
        Ok(())
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

#[cfg(test)]
mod tests;
