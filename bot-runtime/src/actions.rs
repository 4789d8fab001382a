//! Actions: answered by registered Rust code, by the back end over HTTP, or by their `sample`.
use std::collections::BTreeMap;

use bot_core::catalog::Catalog;
use bot_core::dialogue::ActionOutcome;
use serde_json::Value as Json;

/// What actions may read: `env.NAME` and `secret.NAME`. Read once, by the program's main.
#[derive(Clone, Default)]
pub struct Environment {
    /// The variables.
    pub variables: BTreeMap<String, String>,
}

/// A call of an action.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The action.
    pub action: &'a str,
    /// Its arguments.
    pub with: &'a Json,
    /// The same for each attempt of this call, and for no other call: the idempotency key.
    pub key: &'a str,
    /// An earlier attempt may have been carried out: only what is safe to repeat is called again.
    pub again: bool,
}

/// Answers calls.
pub struct Actions {}

impl Actions {
    /// Actions over HTTP, with that environment.
    pub fn new(_environment: Environment) -> Actions {
        Actions {}
    }

    /// The outcome of a call. Never fails otherwise: what went wrong is an outcome, its reason is for logs and agents.
    pub async fn call(&self, _catalog: &Catalog, _call: Call<'_>) -> ActionOutcome {
        todo!()
    }
}
