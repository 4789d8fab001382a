//! Telegram: a bot on teloxide's own dispatcher. It shows what becomes of updates that are confirmed before anything is done about
//! them.
use anyhow::{Context, Result};
use teloxide::prelude::*;

/// Runs it until it is told to stop. `TELEGRAM_TOKEN` and `TELEGRAM_API_URL` are its settings.
///
/// # Errors
/// A setting is missing or wrong.
pub fn main() -> Result<()> {
    let token = std::env::var("TELEGRAM_TOKEN").context("TELEGRAM_TOKEN is required")?;
    let api = std::env::var("TELEGRAM_API_URL").context("TELEGRAM_API_URL is required")?;
    let bot = Bot::new(token).set_api_url(api.parse().context("TELEGRAM_API_URL is no URL")?);
    let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    tokio.block_on(async {
        let handler = Update::filter_message().endpoint(answer);
        Dispatcher::builder(bot, handler).enable_ctrlc_handler().build().dispatch().await;
    });
    Ok(())
}

async fn answer(bot: Bot, message: Message) -> ResponseResult<()> {
    if let Some(answer) = message.text().and_then(super::answer) {
        bot.send_message(message.chat.id, answer).await?;
    }
    Ok(())
}
