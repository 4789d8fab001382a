//! The gateway: what the bot is told, over a websocket. For now it only records what would be told.
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

/// An event for the bot.
#[derive(Clone, Debug)]
pub struct Emitted {
    /// Its name, `MESSAGE_CREATE`.
    pub name: &'static str,
    /// Its `d`.
    pub data: Value,
    /// The gateway intents of which the bot needs any; 0: it is always sent.
    pub needs: u64,
    /// It is of a direct channel.
    pub is_direct: bool,
}

/// What the gateway asks of the rest of the stand-in.
pub trait Home: Send + Sync + 'static {
    /// The bot's token.
    fn token(&self) -> String;
    /// The bot's account.
    fn bot(&self) -> Value;
    /// The application, in part: `id` and `flags`.
    fn application(&self) -> Value;
    /// The payloads of GUILD_CREATE.
    fn guilds(&self) -> Vec<Value>;
    /// The privileged ones of these intents are switched on in the portal; else a session is closed with 4014.
    fn may_use(&self, intents: u64) -> bool;
}

/// What goes wrong with sockets.
#[derive(Clone, Debug, PartialEq)]
pub enum SocketFault {}

/// The sessions of the bot.
pub struct Hub {
    emitted: Mutex<Vec<Emitted>>,
}

impl Hub {
    /// Without any session.
    pub fn new() -> Arc<Hub> {
        Arc::new(Hub { emitted: Mutex::new(Vec::new()) })
    }

    /// Tells the bot.
    pub fn emit(&self, event: Emitted) {
        self.emitted.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }

    /// The websocket at `/gateway`.
    pub fn routes(self: &Arc<Hub>, _home: Arc<dyn Home>) -> axum::Router {
        axum::Router::new()
    }

    /// How many IDENTIFYs are left today.
    pub fn identifies_left(&self) -> u32 {
        1000
    }

    /// Something is to go wrong.
    pub fn order(&self, fault: SocketFault) {
        match fault {}
    }
}
