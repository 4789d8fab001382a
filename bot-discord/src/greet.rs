//! Who the bot is: asked of Discord at the start, until there is an answer.
use anyhow::{Context, Result};
use bot_runtime::channel::SendError;
use bot_serve::patience::insist;
use serde_json::Value as Json;
use tokio_util::sync::CancellationToken;

use crate::api::{Api, Failure};
use crate::inbound::Me;

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
