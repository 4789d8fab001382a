//! Discord for the bot: customers in direct messages, mentions and private threads, agents in the threads of a channel.
//!
//! ```text
//! gateway ─► listen ─► intake ─► inbound (what it means) ─► Runtime::receive, Board::hear ─► the next; missed: what came meanwhile
//!              └─► aside: presses are acknowledged          rights: what the bot may do
//! outbox ─► channel ─► private (which thread) ─► api ─► Discord          Board ─► desk ─► api ─► Discord
//! ```
//! What it is not: it has no rule of its own. What must be known after a restart is in the store.
mod api;
mod aside;
mod channel;
mod check;
mod desk;
mod files;
mod gateway;
mod greet;
mod inbound;
mod intake;
mod listen;
mod menu;
mod missed;
mod pace;
mod private;
mod rights;
mod send;
mod snowflake;
mod threads;

use anyhow::{Result, ensure};
use bot_runtime::desk::board::{Board, Room};
use bot_serve::{Kind, Need, Settings, Start, rooms};
use tokio::sync::Notify;

pub use self::api::Api;
use self::aside::Aside;
use self::channel::Discord;
pub use self::desk::Staff;
use self::desk::{Agents, is_room};
pub use self::inbound::Me;
use self::intake::Intake;

/// The entry for the programs that serve.
pub const KIND: Kind = Kind {
    name: inbound::NAME,
    needs: &[
        Need::secret("DISCORD_TOKEN", "the bot's token, from the developer portal"),
        Need::optional("DISCORD_STAFF", "the channels of agents: 123, or support=123,billing=456"),
        Need::optional(
            "DISCORD_AGENTS",
            "the roles that make somebody an agent: 123,456; else whoever can write in those channels",
        ),
        Need::optional(
            "DISCORD_SUPPORT",
            "the channels in which each customer gets a private thread: 123,456",
        ),
        Need::optional("DISCORD_API_URL", "another server, else https://discord.com/api/v10"),
    ],
    check: Some(|check| Box::pin(check::check(check))),
    start: |start| Box::pin(run(start)),
};

async fn run(start: Start) -> Result<()> {
    let Start { runtime, settings, stop } = start;
    // Where one part fails for good, the others stop.
    let stop = stop.child_token();
    let (api, rooms) = (api(&settings)?, staff(&settings)?);
    let (support, agents) = (ids("DISCORD_SUPPORT", &settings)?, Agents(ids("DISCORD_AGENTS", &settings)?));
    let Some(me) = greet::greet(&api, &stop).await? else { return Ok(()) };
    let store = runtime.store().clone();
    let files = runtime.files();
    runtime.serve(Discord { api: api.clone(), me: me.clone(), store, files: files.clone() });
    let staff = Staff { api: api.clone(), me: me.clone(), files };
    let board = Board::new(runtime.clone(), staff, rooms.clone());
    // Who can't receive does not stay as if it could.
    let stop = stop.child_token();
    let menus = menu::keep(&api, &me, &runtime, &rooms, &stop);
    let shown = async {
        if !rooms.is_empty() {
            board.run(&stop).await;
        }
    };
    let aside = Aside { api: api.clone(), me: me.clone(), rooms: rooms.clone(), agents };
    let (runtime, board, rights) = (runtime.clone(), board.clone(), Notify::new());
    let intake = Intake { aside, runtime, board, support, rights };
    let swept = private::sweep(&api, intake.store(), &stop);
    let watched = stop.run_until_cancelled(rights::watch(&intake));
    let received = async {
        let _ends = stop.clone().drop_guard();
        listen::listen(&intake, &stop).await
    };
    let (received, ..) = tokio::join!(received, shown, menus, swept, watched);
    received
}

fn api(settings: &Settings) -> Result<Api> {
    Api::new(settings.get("DISCORD_TOKEN").unwrap_or_default(), settings.get("DISCORD_API_URL"))
}

fn staff(settings: &Settings) -> Result<Vec<Room>> {
    let value = settings.get("DISCORD_STAFF").unwrap_or_default();
    rooms("DISCORD_STAFF", value, is_room, "1234567890123456789")
}

/// Ids, several with commas.
fn ids(variable: &str, settings: &Settings) -> Result<Vec<String>> {
    let parts = settings.get(variable).unwrap_or_default().split(',').map(str::trim);
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let wrong = parts.iter().find(|part| !is_room(part));
    ensure!(
        wrong.is_none(),
        "{variable}: `{}` is no id of Discord, like 1234567890123456789; several with commas",
        wrong.map_or("", String::as_str)
    );
    Ok(parts)
}
