//! Discord: a bot on serenity's client. It shows what becomes of events that are counted as received before anything is done about
//! them, and that each get a task of their own.
use anyhow::{Context as _, Result};
use serenity::all::{ClientBuilder, Context, EventHandler, GatewayIntents, HttpBuilder, Message};
use serenity::async_trait;

/// What is behind the host in the API's address: serenity puts it there by itself.
const API: &str = "/api/v10";

/// Runs it until its connection is given up. `DISCORD_TOKEN` and `DISCORD_API_URL` are its settings.
///
/// # Errors
/// A setting is missing or wrong, or the connection is given up.
pub fn main() -> Result<()> {
    let token = std::env::var("DISCORD_TOKEN").context("DISCORD_TOKEN is required")?;
    let api = std::env::var("DISCORD_API_URL").context("DISCORD_API_URL is required")?;
    let host = api.strip_suffix(API).with_context(|| format!("DISCORD_API_URL must end with {API}"))?;
    let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    tokio.block_on(async {
        // Its own pace goes to discord.com, whatever the proxy: without it, as the product is measured.
        let http = HttpBuilder::new(token).proxy(host).ratelimiter_disabled(true).build();
        let intents = GatewayIntents::DIRECT_MESSAGES
            | GatewayIntents::GUILD_MESSAGES
            | GatewayIntents::MESSAGE_CONTENT;
        let mut client = ClientBuilder::new_with_http(http, intents).event_handler(Echo).await?;
        Ok(client.start().await?)
    })
}

struct Echo;

#[async_trait]
impl EventHandler for Echo {
    async fn message(&self, context: Context, message: Message) {
        let answer = super::answer(&message.content).filter(|_| !message.author.bot);
        if let Some(answer) = answer
            && let Err(error) = message.channel_id.say(&context.http, answer).await
        {
            eprintln!("not answered: {error}");
        }
    }
}
