//! Discord as it is described: requests and answers of its API, and payloads of its gateway in both directions, are held against it.
//!
//! It tells what does not fit and knows nothing of state: whether a channel exists is the stand-in's matter.
mod corrections;
mod formats;
mod gateway;
mod hold;
mod keywords;
mod rest;
#[cfg(test)]
mod tests;
mod watch;

use std::path::Path;

use serde_json::Value;

pub use super::Finding;
use super::noted::found;
use gateway::Payloads;
use hold::Schemas;
pub use rest::Exchange;
pub use watch::Watch;

/// The description of the interface.
#[derive(Debug)]
pub struct Spec {
    api: Schemas,
    /// From the gateway to the bot.
    receive: Payloads,
    /// From the bot to the gateway.
    send: Payloads,
}

impl Spec {
    /// The description in that folder.
    ///
    /// # Panics
    /// Its files are not there, or are something else.
    pub fn read(folder: &Path) -> Spec {
        let file = |name: &str| {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        };
        let gateway = |direction: &str| file(&format!("discord-gateway-{direction}.schema.json"));
        Spec::new(file("discord-openapi.json"), gateway("receive"), gateway("send"))
    }

    /// The description that `PLATFORM_SPECS` names; without, that is told on the terminal.
    pub fn here() -> Option<Spec> {
        super::folder().map(|folder| Spec::read(&folder))
    }

    /// The description from its three documents: OpenAPI, and JSON Schemas of what is received and what is sent.
    ///
    /// # Panics
    /// A schema says something that is not understood here, and would be passed over.
    pub fn new(api: Value, receive: Value, send: Value) -> Spec {
        let [api, receive, send] = [api, receive, send].map(corrections::made);
        Spec { api: Schemas::new(api), receive: Payloads::new(receive), send: Payloads::new(send) }
    }

    /// What does not fit in a request: its address, its query and its body.
    pub fn request(&self, exchange: &Exchange) -> Vec<Finding> {
        rest::request(&self.api, exchange)
    }

    /// What does not fit in an answer; nothing is said about those of a server that fails.
    pub fn answer(&self, exchange: &Exchange) -> Vec<Finding> {
        rest::answer(&self.api, exchange)
    }

    /// What does not fit in a payload that the gateway sends.
    pub fn received(&self, payload: &Value) -> Vec<Finding> {
        self.receive.hold(payload)
    }

    /// What does not fit in a payload that the bot sends.
    pub fn sent(&self, payload: &Value) -> Vec<Finding> {
        self.send.hold(payload)
    }
}
