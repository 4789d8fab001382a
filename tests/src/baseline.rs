//! The baseline of the kill harness: an echo bot as the documentation of teloxide has it, on its own dispatcher.
//!
//! It answers `echo t1` with `Heard t1.`, as the harness's bot does, and promises nothing: it shows what becomes of updates
//! that are confirmed before anything is done about them.
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
    let tag = message.text().and_then(|text| text.strip_prefix("echo "));
    let tag = tag.map(|tag| tag.trim_end_matches('.'));
    if let Some(tag) = tag {
        bot.send_message(message.chat.id, format!("Heard {tag}.")).await?;
    }
    Ok(())
}
