//! What the environment says, checked.
use std::net::SocketAddr;

use anyhow::{Context, Result, anyhow, bail, ensure};
use bot_runtime::desk::board::Room;
use reqwest::Url;

/// What is configured. It has no `Debug`: there are secrets in it.
pub struct Settings {
    pub token: String,
    pub server: Option<String>,
    pub rooms: Vec<Room>,
    /// `None`: long polling.
    pub webhook: Option<Webhook>,
}

/// Where Telegram delivers.
pub struct Webhook {
    pub url: Url,
    pub secret: String,
    pub listen: SocketAddr,
}

impl Settings {
    /// Reads them.
    ///
    /// # Errors
    /// Which variable is wrong, and what it should look like.
    pub fn read(values: &bot_serve::Settings) -> Result<Settings> {
        let token = values.get("TELEGRAM_TOKEN").context("TELEGRAM_TOKEN is not set")?.trim().to_owned();
        let rooms = rooms(values.get("TELEGRAM_STAFF").unwrap_or_default())?;
        let webhook = values.get("TELEGRAM_WEBHOOK_URL").map(|url| webhook(url, values)).transpose()?;
        Ok(Settings { token, server: values.get("TELEGRAM_API_URL").map(str::to_owned), rooms, webhook })
    }
}

fn webhook(url: &str, values: &bot_serve::Settings) -> Result<Webhook> {
    let url = Url::parse(url).map_err(|_| anyhow!("TELEGRAM_WEBHOOK_URL: `{url}` is no address"))?;
    let Some(secret) = values.get("TELEGRAM_WEBHOOK_SECRET") else {
        bail!(
            "TELEGRAM_WEBHOOK_URL without TELEGRAM_WEBHOOK_SECRET: anybody could write to the bot in a customer's name; \
             set it to 1 to 256 of A-Z a-z 0-9 _ -, for example what `openssl rand -hex 32` gives"
        )
    };
    let fits = secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    ensure!(fits && secret.len() <= 256, "TELEGRAM_WEBHOOK_SECRET may have 1 to 256 of A-Z a-z 0-9 _ -");
    let listen = values.get("TELEGRAM_WEBHOOK_LISTEN").unwrap_or("127.0.0.1:8080");
    let no_place = || format!("TELEGRAM_WEBHOOK_LISTEN: `{listen}` is not like 127.0.0.1:8080");
    let listen = listen.parse().with_context(no_place)?;
    Ok(Webhook { url, secret: secret.to_owned(), listen })
}

/// `-1001234`, or `support=-1001234,billing=-100777`.
fn rooms(staff: &str) -> Result<Vec<Room>> {
    staff.split(',').map(str::trim).filter(|part| !part.is_empty()).map(room).collect()
}

fn room(part: &str) -> Result<Room> {
    let (team, id) = match part.split_once('=') {
        Some((team, id)) => (Some(team.trim()), id.trim()),
        None => (None, part),
    };
    let is_group = id.parse::<i64>().is_ok_and(|id| id < 0) && team.is_none_or(|team| !team.is_empty());
    ensure!(
        is_group,
        "TELEGRAM_STAFF: `{part}` is no group: write its id, a number like -1001234567890, or TEAM=ID; several with commas"
    );
    Ok(Room { id: id.to_owned(), team: team.map(str::to_owned) })
}
