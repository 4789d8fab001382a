//! Sends a request, again where that does no harm.
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bot_core::catalog::Method;
use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::Value as Json;

use super::attempt::{CONNECT, Failure, attempt};
use super::request::Prepared;
use super::resolve::{Lookup, Resolver};

/// Many servers close an idle connection after 5 s (Node's default); a request into a closing one would be in doubt.
const IDLE: Duration = Duration::from_secs(4);

/// Before the first repetition; doubled before each further one.
const PAUSE: Duration = Duration::from_millis(200);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Reaches back ends.
pub(super) struct Http {
    client: Client,
}

impl Http {
    /// Follows no redirects and uses no proxy: what is reached is the host that the configuration names, and no other.
    pub fn new(private_hosts: BTreeSet<String>, lookup: Lookup) -> Http {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .user_agent(concat!("bot/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(Resolver { private_hosts: Arc::new(private_hosts), lookup }))
            .build()
            .expect("nothing of it depends on the computer: the roots of TLS are compiled in");
        Http { client }
    }

    /// The answer to a request, after as many attempts as it allows.
    ///
    /// # Errors
    /// There is none.
    pub async fn send(&self, request: Prepared, action: &str) -> Result<Json, String> {
        let mut pause = PAUSE;
        for left in (0..=request.retries).rev() {
            let failure = match attempt(&self.client, &request).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let wait = pause_before_repeating(&failure, &request, pause).filter(|_| left > 0);
            let Some(wait) = wait else { return Err(reason(failure, &request)) };
            tracing::debug!(action, left, reason = failure.reason(), "an attempt failed, it is repeated");
            tokio::time::sleep(wait).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        // The last attempt has returned.
        Err("no attempt was made".to_owned())
    }
}

/// How long to wait before sending again; `None`: it must not be sent again, or would not help.
fn pause_before_repeating(failure: &Failure, request: &Prepared, pause: Duration) -> Option<Duration> {
    let after = match failure {
        Failure::NotExecuted { after, .. } => *after,
        Failure::InDoubt { after, .. } if request.is_repeatable => *after,
        Failure::InDoubt { .. } | Failure::Final { .. } => return None,
    };
    // A customer waits: what wants more time than an attempt may take is a failure.
    let wait = after.unwrap_or_default();
    (wait <= request.timeout).then_some(wait.max(pause))
}

fn reason(failure: Failure, request: &Prepared) -> String {
    match failure {
        Failure::InDoubt { reason, .. } if request.method != Method::Get => {
            format!("{reason}; it may or may not have been carried out")
        }
        failure => failure.reason().to_owned(),
    }
}
