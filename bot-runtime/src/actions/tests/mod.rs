//! Actions against real servers on this computer, each test with its own.
mod answers;
mod backend;
mod hostile;
mod repeating;
mod who_answers;

use bot_core::catalog::Source;
use bot_core::dialogue::ActionOutcome;
use bot_core::engine::Engine;
use serde_json::{Value as Json, json};

use super::{Actions, Call, Environment};

/// The bot with these actions.
fn bot(actions: &str) -> Engine {
    let text = format!("actions:\n{actions}");
    Engine::load(vec![Source::new("actions.yaml", text)]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// An environment with the back end's address and a token.
fn environment(url: &str) -> Environment {
    Environment::from_variables([("SHOP_URL", url), ("SHOP_TOKEN", "t0ken")])
}

/// The outcome of the action `it`, called with these arguments.
async fn outcome(actions: &Actions, bot: &Engine, with: Json) -> ActionOutcome {
    actions.call(bot.catalog(), Call { action: "it", with: &with, key: "call-1", again: false }).await
}

/// The outcome of the only action of a bot, whose back end is at `url`.
async fn ask(action: &str, url: &str, with: Json) -> ActionOutcome {
    outcome(&Actions::new(environment(url)), &bot(action), with).await
}

fn failed(reason: &str) -> ActionOutcome {
    ActionOutcome::Failed(reason.to_owned())
}

fn done() -> ActionOutcome {
    ActionOutcome::Done(json!({ "ok": true }))
}
