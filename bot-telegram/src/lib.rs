//! Telegram for the bot: customers in private chats, agents in a group with topics.
//!
//! ```text
//! getUpdates or webhook ─► receive ─► inbound (what it means) ─► Runtime::receive, Board::hear ─► confirmed
//! outbox ─► channel ─► api ─► Telegram          Board ─► desk ─► api ─► Telegram
//! ```
//! What it is not: it has no state and no rule of its own. What must be known after a restart is in the store.
mod api;
mod channel;
mod check;
mod desk;
mod inbound;
mod receive;
mod send;

use std::sync::Arc;

use anyhow::{Context, Result};
use bot_core::dialogue::Command;
use bot_core::text::Language;
use bot_runtime::desk::WORDS;
use bot_runtime::desk::board::{Board, Room};
use bot_serve::webhook::{self, Webhook};
use bot_serve::{Kind, Need, Settings, Start, menu, patience, rooms};
use reqwest::Url;
use teloxide_core::payloads::setters::*;
use teloxide_core::payloads::{SetMyCommands, SetWebhook};
use teloxide_core::types::{BotCommand, BotCommandScope};
use tokio_util::sync::CancellationToken;

pub use self::api::Api;
use self::channel::Telegram;
pub use self::desk::Topics;
use self::receive::{ALLOWED, Intake};

/// The entry for the programs that serve.
pub const KIND: Kind = Kind {
    name: inbound::NAME,
    needs: &[
        Need::secret("TELEGRAM_TOKEN", "the bot's token, from @BotFather"),
        Need::optional(
            "TELEGRAM_STAFF",
            "the groups of agents: -1001234, or support=-1001234,billing=-100777",
        ),
        Need::optional(
            "TELEGRAM_WEBHOOK_URL",
            "the https address at which Telegram delivers; else the bot asks",
        ),
        Need {
            required: false,
            ..Need::secret(
                "TELEGRAM_WEBHOOK_SECRET",
                "with a webhook: 1 to 256 of A-Z a-z 0-9 _ -, made by you",
            )
        },
        Need::optional("TELEGRAM_WEBHOOK_LISTEN", "with a webhook: where to listen, else 127.0.0.1:8080"),
        Need::optional("TELEGRAM_API_URL", "a Bot API server of your own, else https://api.telegram.org"),
    ],
    check: Some(|asked| Box::pin(check::check(asked))),
    start: |start| Box::pin(run(start)),
};

/// What agents may write in their groups, of all that a desk knows.
const AGENTS: [&str; 6] = ["/claim", "/back", "/close", "/why", "/note", "/list"];

async fn run(start: Start) -> Result<()> {
    let Start { runtime, settings, stop } = start;
    let (api, rooms, hook) =
        (api(&settings)?, staff(&settings)?, webhook::Place::read("TELEGRAM", &settings)?);
    let Some(me) = receive::greet(&api, &stop).await? else { return Ok(()) };
    runtime.serve(Telegram { api: api.clone(), store: runtime.store().clone(), files: runtime.files() });
    let board = Board::new(runtime.clone(), Topics(api.clone(), runtime.files()), rooms.clone());
    let intake = Arc::new(Intake { api: api.clone(), me, runtime: runtime.clone(), board: board.clone() });
    // Who can't receive does not stay as if it could.
    let stop = stop.child_token();
    let menus = async {
        for room in &rooms {
            agents_menu(&api, room).await;
        }
        menu::follow(&runtime, &stop, |language, commands| menu(&api, language, commands)).await;
    };
    let shown = async {
        if !rooms.is_empty() {
            board.run(&stop).await;
        }
    };
    let received = async {
        let _ends = stop.clone().drop_guard();
        match hook {
            Some(place) => deliver(intake, place, &stop).await,
            None => receive::poll(&intake, &stop).await,
        }
    };
    let (received, ..) = tokio::join!(received, shown, menus);
    received
}

fn api(settings: &Settings) -> Result<Api> {
    Api::new(settings.get("TELEGRAM_TOKEN").unwrap_or_default(), settings.get("TELEGRAM_API_URL"))
}

fn staff(settings: &Settings) -> Result<Vec<Room>> {
    let is_group = |id: &str| id.parse::<i64>().is_ok_and(|id| id < 0);
    rooms("TELEGRAM_STAFF", settings.get("TELEGRAM_STAFF").unwrap_or_default(), is_group, "-1001234567890")
}

/// Telegram delivers. The webhook stays when the program is told to stop: what comes meanwhile is kept for a day.
async fn deliver(intake: Arc<Intake>, place: webhook::Place, stop: &CancellationToken) -> Result<()> {
    let header = "x-telegram-bot-api-secret-token";
    let webhook = Webhook::bind(place.at, header, place.secret.clone()).await?;
    let url = Url::parse(&place.url).context("TELEGRAM_WEBHOOK_URL is no address")?;
    let payload =
        SetWebhook::new(url).secret_token(place.secret).allowed_updates(ALLOWED).max_connections(40);
    let api = intake.api.clone();
    let set = async {
        let set = patience::insist("setWebhook", stop, || api.call(&payload)).await;
        set.map(drop).context("Telegram does not take TELEGRAM_WEBHOOK_URL")
    };
    let served = webhook.serve(stop, move |text| {
        let intake = intake.clone();
        async move {
            match serde_json::from_str(&text).ok().filter(|update| inbound::key(update).is_some()) {
                Some(update) => intake.take_in(&[update]).await.map(|()| true),
                None => Ok(false),
            }
        }
    });
    tokio::try_join!(set, served).map(drop)
}

/// What customers find in the menu. Telegram knows languages by two letters.
async fn menu(api: &Api, language: Option<Language>, commands: Vec<Command>) {
    let commands = commands.iter().map(|command| BotCommand::new(&command.name, &command.description));
    let mut payload = SetMyCommands::new(commands);
    payload.language_code = language.map(|language| language.code().to_owned());
    if payload.language_code.as_ref().is_none_or(|code| code.len() == 2) {
        set_menu(api, &payload).await;
    }
}

async fn agents_menu(api: &Api, room: &Room) {
    let Ok(chat_id) = send::chat(&room.id) else { return };
    let words = WORDS.iter().filter(|word| AGENTS.contains(&word.word));
    let commands = words.map(|word| BotCommand::new(word.word.trim_start_matches('/'), word.does));
    set_menu(api, &SetMyCommands::new(commands).scope(BotCommandScope::Chat { chat_id: chat_id.into() }))
        .await;
}

/// Nothing depends on it but the menu.
async fn set_menu(api: &Api, payload: &SetMyCommands) {
    if let Err(failure) = api.call(payload).await {
        tracing::warn!("a menu of commands could not be set: {}", failure.what);
    }
}
