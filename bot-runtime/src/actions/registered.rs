//! Actions that Rust code answers, for programs that embed the bot.
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;

use super::Call;

/// Longer than any look-up should take; what hangs for ever would block the conversation for ever.
const TIMEOUT: Duration = Duration::from_secs(30);

const PANICKED: &str = "the registered code panicked";

type Answer = Pin<Box<dyn Future<Output = Result<Json, String>> + Send>>;

/// The code of an action.
pub(super) type Code = Box<dyn Fn(Json, String) -> Answer + Send + Sync>;

/// The registered code, by the actions' names.
#[derive(Default)]
pub(super) struct Registry(BTreeMap<String, Code>);

impl Registry {
    pub fn register(&mut self, action: String, code: Code) {
        self.0.insert(action, code);
    }

    pub fn get(&self, action: &str) -> Option<&Code> {
        self.0.get(action)
    }
}

/// Code that waits and does not block.
pub(super) fn waiting<H, A>(handler: H) -> Code
where
    H: Fn(Json, String) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Json, String>> + Send + 'static,
{
    Box::new(move |with, key| Box::pin(handler(with, key)))
}

/// Code that may block: on a thread of its own.
pub(super) fn blocking(handler: impl Fn(&Json) -> Result<Json, String> + Send + Sync + 'static) -> Code {
    let handler = Arc::new(handler);
    waiting(move |with, _key| {
        let handler = handler.clone();
        let task = tokio::task::spawn_blocking(move || handler(&with));
        async move { task.await.unwrap_or_else(|_| Err(PANICKED.to_owned())) }
    })
}

/// What the code answers.
pub(super) async fn run(code: &Code, call: Call<'_>) -> Result<Json, String> {
    let (with, key) = (call.with.clone(), call.key.to_owned());
    let started = catch_unwind(AssertUnwindSafe(|| code(with, key)));
    // In a task of its own, so that a panic ends this call and nothing else.
    let mut task = tokio::spawn(started.map_err(|_| PANICKED.to_owned())?);
    match tokio::time::timeout(TIMEOUT, &mut task).await {
        Ok(finished) => finished.map_err(|_| PANICKED.to_owned())?,
        Err(_) => {
            task.abort();
            let seconds = TIMEOUT.as_secs();
            Err(format!(
                "the registered code did not answer within {seconds} s; it may or may not have been carried out"
            ))
        }
    }
}
