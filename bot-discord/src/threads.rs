//! What agents' threads and customers' private ones have in common on Discord.
use serde_json::Value as Json;

use crate::api::{Api, Failure};

/// Kinds of threads.
pub const PUBLIC: u8 = 11;
pub const PRIVATE: u8 = 12;

/// Minutes without a word after which Discord puts a thread aside.
pub const ASIDE: u32 = 7 * 24 * 60;

/// The threads of a channel that are not put away.
pub async fn active(api: &Api, channel: &str) -> Result<Vec<Json>, Failure> {
    let parent = api.get(&format!("channels/{channel}")).await?;
    let Some(guild) = parent["guild_id"].as_str() else { return Ok(Vec::new()) };
    let active = api.get(&format!("guilds/{guild}/threads/active")).await?;
    let threads = active["threads"].as_array().into_iter().flatten();
    Ok(threads.filter(|thread| thread["parent_id"] == channel).cloned().collect())
}
