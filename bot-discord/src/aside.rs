//! What is said beside the intake: interactions are acknowledged as soon as they are read, and who pressed or wrote gets a few
//! words. Discord waits for three seconds, however long it takes to store what came before.
//!
//! What it is not: it stores nothing, and nothing stored depends on it but the id of the message that shows an agent's command.
use std::time::Duration;

use bot_runtime::desk::board::Room;
use serde_json::{Value as Json, json};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::api::{Api, Failure};
use crate::desk::Agents;
use crate::inbound::{Me, acknowledgement, command, is_person, is_words};
use crate::menu::is_agents;
use crate::send::{Letter, beginning, id, literal};

const STRANGER: &str = "Only who has a role of an agent does that here. Nothing was done or sent.";
const ELSEWHERE: &str = "This command is for agents, where they see customers. Nothing was done or sent.";

/// How long Discord waits for an acknowledgement, and how long one attempt at it may take.
const PRESS: Duration = Duration::from_secs(3);
const ATTEMPT: Duration = Duration::from_secs(1);

/// What Discord says of an interaction that is acknowledged already.
const ACKNOWLEDGED: [u64; 1] = [40060];

/// What it says of one that is not yet, how often it is asked again, and after what time.
const UNACKNOWLEDGED: [u64; 1] = [10015];
const TOLD: u32 = 8;
const SOON: Duration = Duration::from_millis(250);

/// The message that shows a command to all agents, once Discord has said which it is: within three seconds.
pub type Echo = JoinHandle<Option<String>>;

/// One who answers at once.
#[derive(Clone)]
pub struct Aside {
    pub api: Api,
    pub me: Me,
    /// The channels of agents.
    pub rooms: Vec<Room>,
    pub agents: Agents,
}

impl Aside {
    /// Ends the turning of what was pressed, before anything else is done. One that is too old has ended by itself.
    pub fn acknowledge(&self, event: &Json) -> Option<Echo> {
        let data = &event["d"];
        let body = self.acknowledgement(data).filter(|_| event["t"] == "INTERACTION_CREATE")?;
        let (id, token) = (data["id"].as_str()?, data["token"].as_str()?);
        let path = format!("interactions/{id}/{token}/callback?with_response=true");
        let made = format!("webhooks/{}/{token}/messages/@original", self.me.application);
        let api = self.api.clone();
        let asked =
            async move { timeout(PRESS, acknowledged(&api, &path, &body, &made)).await.ok().flatten() };
        let asked = tokio::spawn(asked);
        (data["type"] == 2 && self.is_for_desk(data)).then_some(asked)
    }

    /// Commands in a channel of agents are shown there as messages that all agents see, and stand for what was typed.
    fn acknowledgement(&self, data: &Json) -> Option<Json> {
        if data["type"] != 2 {
            return acknowledgement(data);
        }
        let shown = Letter::new(&beginning(&command(data)?));
        let letter = match (self.is_for_desk(data), self.agents.has(&data["member"]["roles"])) {
            (true, true) => shown,
            (true, false) => Letter::new(&literal(STRANGER)).private(),
            (false, _) if is_agents(data) => Letter::new(&literal(ELSEWHERE)).private(),
            (false, _) => shown.private(),
        };
        Some(json!({ "type": 4, "data": letter.body() }))
    }

    /// Whether it was done in a channel of agents.
    fn is_for_desk(&self, data: &Json) -> bool {
        let places = [&data["channel_id"], &data["channel"]["parent_id"]];
        self.rooms.iter().any(|room| places.iter().any(|place| **place == room.id.as_str()))
    }

    /// Tells somebody who is no agent so; of a command that has been done. `false`: there is nobody to tell.
    pub fn refuses(&self, name: &str, data: &Json) -> bool {
        match name {
            "INTERACTION_CREATE" if data["type"] == 2 => {}
            "INTERACTION_CREATE" => self.tell(data, STRANGER),
            "MESSAGE_CREATE" if is_person(data) && is_words(data) => {
                let [id, channel] = ["id", "channel_id"].map(|name| data[name].as_str().unwrap_or_default());
                let letter = Letter::new(&literal(STRANGER)).to(Some(id), false).quiet(true);
                self.say(format!("channels/{channel}/messages"), letter.once(&format!("r{id}")));
            }
            _ => return false,
        }
        true
    }

    /// A few words for the one who has pressed.
    pub fn tell(&self, data: &Json, text: &str) {
        let Some(token) = data["token"].as_str() else { return };
        let path = format!("webhooks/{}/{token}", self.me.application);
        self.say(path, Letter::new(&beginning(text)).private());
    }

    fn say(&self, path: String, letter: Letter) {
        let (api, body) = (self.api.clone(), letter.body());
        tokio::spawn(async move {
            for _ in 0..TOLD {
                match api.post(&path, &body).await {
                    // Discord knows of no press before it is acknowledged, which is on its way.
                    Err(failure) if failure.is(&UNACKNOWLEDGED) => sleep(SOON).await,
                    Err(failure) => return tracing::debug!(code = failure.code, "somebody was not answered"),
                    Ok(_) => return,
                }
            }
        });
    }
}

/// Acknowledges; returns the message that does it, also where an earlier attempt, or an earlier process, has made it.
async fn acknowledged(api: &Api, path: &str, body: &Json, made: &str) -> Option<String> {
    loop {
        match timeout(ATTEMPT, api.post(path, body)).await {
            Ok(Ok(answer)) => return id(&answer["resource"]["message"]).ok(),
            Ok(Err(failure)) if failure.is(&ACKNOWLEDGED) => return id(&api.get(made).await.ok()?).ok(),
            Ok(Err(Failure { status: 0 | 429 | 500.., .. })) => sleep(SOON).await,
            Ok(Err(failure)) => {
                tracing::debug!(code = failure.code, "an interaction was not acknowledged");
                return None;
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
