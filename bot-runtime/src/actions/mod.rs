//! Actions: answered by registered Rust code, by the back end over HTTP, or by their `sample`.
//!
//! | who answers | when |
//! |---|---|
//! | registered code | there is some ([`Actions::register`]) |
//! | the back end | the action has a request, and the variables that its address names (`env.X`) are set |
//! | its `sample` | it has one |
//! | nobody: it failed | otherwise |
//!
//! What it is not: it keeps nothing and knows no conversation. A call comes from the outbox, its outcome goes to the inbox;
//! what became of a call whose process died is said by [`Call::again`].
//!
//! A reason of a failure is for logs and agents. It never holds an address, a header, a body, an argument or a secret.
mod attempt;
mod environment;
mod http;
mod registered;
mod request;
mod resolve;
mod template;
mod url;

#[cfg(test)]
mod tests;

use std::fmt;

use bot_core::catalog::{Action, Catalog};
use bot_core::dialogue::ActionOutcome;
use bot_core::template::Text;
use serde_json::Value as Json;

pub use environment::Environment;

use http::Http;
use registered::Registry;
use resolve::Lookup;

/// A call of an action.
#[derive(Clone, Copy)]
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

/// Without the arguments: customers wrote them.
impl fmt::Debug for Call<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Call { action, key, again, .. } = self;
        write!(formatter, "Call {{ action: {action:?}, key: {key:?}, again: {again} }}")
    }
}

/// Answers calls.
pub struct Actions {
    environment: Environment,
    registry: Registry,
    http: Http,
}

impl Actions {
    /// Actions over HTTP, with that environment.
    pub fn new(environment: Environment) -> Actions {
        Actions::looking_up(environment, resolve::system())
    }

    fn looking_up(environment: Environment, lookup: Lookup) -> Actions {
        let http = Http::new(environment.private_hosts(), lookup);
        Actions { environment, registry: Registry::default(), http }
    }

    /// Registers the code of an action: its arguments to its result, or the reason of its failure. It answers in place of the
    /// back end and the sample. It may block; a panic in it is a failure of the call, as is taking longer than 30 s.
    ///
    /// ```
    /// use bot_runtime::actions::{Actions, Environment};
    /// use serde_json::json;
    ///
    /// let mut actions = Actions::new(Environment::default());
    /// actions.register("order", |with| match with["number"].as_str() {
    ///     Some("12345678") => Ok(json!({ "status": "shipped" })),
    ///     _ => Err("unknown order".into()),
    /// });
    /// ```
    pub fn register(
        &mut self,
        action: impl Into<String>,
        handler: impl Fn(&Json) -> Result<Json, String> + Send + Sync + 'static,
    ) {
        self.registry.register(action.into(), registered::blocking(handler));
    }

    /// Like [`Actions::register`], for code that waits: from the arguments and the call's key ([`Call::key`]). It must not
    /// block.
    pub fn register_async<H, A>(&mut self, action: impl Into<String>, handler: H)
    where
        H: Fn(Json, String) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Json, String>> + Send + 'static,
    {
        self.registry.register(action.into(), registered::waiting(handler));
    }

    /// The outcome of a call. Never fails otherwise: what went wrong is an outcome, its reason is for logs and agents.
    pub async fn call(&self, catalog: &Catalog, call: Call<'_>) -> ActionOutcome {
        let result = self.answer(catalog, call).await;
        if let Err(reason) = &result {
            tracing::warn!(action = call.action, key = call.key, reason, "an action failed");
        }
        result.map_or_else(ActionOutcome::Failed, ActionOutcome::Done)
    }

    async fn answer(&self, catalog: &Catalog, call: Call<'_>) -> Result<Json, String> {
        let action = catalog.actions.get(call.action);
        if let Some(code) = self.registry.get(call.action) {
            refuse_to_repeat(action, call)?;
            return registered::run(code, call).await;
        }
        let action = action.ok_or("there is no action of that name any more")?;
        let unset = action.request.as_ref().map_or_else(Vec::new, |request| self.unset(&request.url));
        match &action.request {
            Some(request) if unset.is_empty() => {
                refuse_to_repeat(Some(action), call)?;
                let request = request::prepare(request, &self.environment, call).await?;
                self.http.send(request, call.action).await
            }
            _ => action.sample.clone().ok_or_else(|| nobody(&unset)),
        }
    }

    /// The variables that a text names and that are not set.
    fn unset(&self, text: &str) -> Vec<String> {
        let names = template::names(&Text::new(text), "env");
        names.into_iter().filter(|name| self.environment.variable(name).is_none()).collect()
    }
}

/// What may have been carried out is called again only if that does no harm.
fn refuse_to_repeat(action: Option<&Action>, call: Call<'_>) -> Result<(), String> {
    if !call.again || action.is_some_and(request::is_repeatable) {
        return Ok(());
    }
    Err("the call was interrupted, and it may or may not have been carried out; it is not repeated by itself: \
         look it up in the back end before it is done by hand"
        .to_owned())
}

fn nobody(unset: &[String]) -> String {
    match unset {
        [] => "the action has no request, no registered code and no sample".to_owned(),
        names => {
            format!("no back end is configured ({} is not set), and there is no sample", names.join(", "))
        }
    }
}
