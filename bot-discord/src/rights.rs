//! What the bot may do in the channels of agents: looked up aside when it may have changed, told, and tried again.
//!
//! What it is not: nothing that is stored depends on it, so the intake does not wait for its three questions a channel.
use bot_runtime::desk::board::{Heard, Place, Spoken};
use bot_runtime::store::StoreError;
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::api::Failure;
use crate::aside::Aside;
use crate::desk::missing;
use crate::intake::Intake;

/// Whether the bot may be allowed something else than before.
pub fn may_have_changed(name: &str, data: &Json, aside: &Aside) -> bool {
    let is_room = |channel: &Json| aside.rooms.iter().any(|room| channel["id"] == room.id.as_str());
    match name {
        "GUILD_CREATE" => data["channels"].as_array().into_iter().flatten().any(is_room),
        "CHANNEL_UPDATE" => is_room(data),
        "GUILD_ROLE_UPDATE" | "GUILD_ROLE_DELETE" => true,
        "GUILD_MEMBER_UPDATE" => data["user"]["id"] == aside.me.id.as_str(),
        _ => false,
    }
}

/// Looks it up whenever that may be. What changes meanwhile is looked up once more.
pub async fn watch(intake: &Intake) {
    loop {
        intake.rights.notified().await;
        if let Err(error) = look_up(intake).await {
            tracing::warn!("what the bot may do is not told to its board: {error}");
        }
    }
}

/// What the bot may not do though it must is told, and what it may again is tried again.
async fn look_up(intake: &Intake) -> Result<(), StoreError> {
    for room in &intake.aside.rooms {
        let Ok(missing) = lacking(&intake.aside, &room.id).await else { continue };
        let place = Place { room: room.id.clone(), thread: None };
        let (key, what, at) = (String::new(), Spoken::Rights { missing }, Timestamp::now());
        intake.board.hear(Heard { place, key, at, agent: None, what }).await?;
    }
    Ok(())
}

async fn lacking(Aside { api, me, .. }: &Aside, room: &str) -> Result<Vec<String>, Failure> {
    let channel = api.get(&format!("channels/{room}")).await?;
    let guild = channel["guild_id"].as_str().unwrap_or_default();
    let roles = api.get(&format!("guilds/{guild}/roles")).await?;
    let member = api.get(&format!("guilds/{guild}/members/{}", me.id)).await?;
    Ok(missing(&roles, &member, &channel))
}
