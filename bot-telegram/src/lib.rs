//! Telegram for the bot: customers in private chats, agents in a group with topics.
//!
//! ```text
//! getUpdates or webhook ─► receive ─► inbound (what it means) ─► Runtime::receive, Board::hear ─► confirmed
//! outbox ─► channel ─► api ─► Telegram          board ─► desk ─► api ─► Telegram
//! ```
//! What it is not: it has no state and no rule of its own. What it must know after a restart is in the store.
mod api;
mod channel;
mod inbound;
mod receive;
mod settings;

use std::sync::Arc;

use anyhow::Result;
use bot_serve::{Kind, Need, Start};

use self::channel::Telegram;
use self::receive::Intake;
use self::settings::Settings;

/// The entry for the programs that serve.
pub const KIND: Kind = Kind {
    name: inbound::NAME,
    needs: &[
        Need::secret("TELEGRAM_TOKEN", "the bot's token, from @BotFather"),
        Need::optional("TELEGRAM_STAFF", "the groups of agents: -1001234, or support=-1001234,billing=-100777"),
        Need::optional("TELEGRAM_WEBHOOK_URL", "the public address at which Telegram delivers; without it the bot asks"),
        Need {
            required: false,
            ..Need::secret("TELEGRAM_WEBHOOK_SECRET", "with a webhook: 1 to 256 of A-Z a-z 0-9 _ -, made by you")
        },
        Need::optional("TELEGRAM_WEBHOOK_LISTEN", "with a webhook: where to listen, else 127.0.0.1:8080"),
        Need::optional("TELEGRAM_API_URL", "a Bot API server of your own, else https://api.telegram.org"),
    ],
    start: |start| Box::pin(run(start)),
};

async fn run(start: Start) -> Result<()> {
    let Start { runtime, settings, stop } = start;
    let settings = Settings::read(&settings)?;
    let api = api::Api::new(&settings.token, settings.server.as_deref())?;
    let Some(me) = receive::greet(&api, &stop).await? else { return Ok(()) };
    runtime.serve(Telegram::new(api.clone()));
    let intake = Arc::new(Intake { api, me, runtime });
    match settings.webhook {
        Some(webhook) => receive::listen(intake, webhook, &stop).await,
        None => receive::poll(&intake, &stop).await,
    }
}
