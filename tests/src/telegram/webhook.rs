//! Delivery to the bot's webhook: one update of a chat at a time, in order, again until the bot says 2xx.
//!
//! After a failure the chat waits: not at all, then 2, 4, 8 … up to 120 seconds ([`super::Telegram::webhook_scale`] makes that
//! shorter), or what `Retry-After` says. An answer is waited for 60 seconds. [S]
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Response};
use tokio::time::{Instant, sleep_until};

use super::shared::Shared;
use super::state::State;
use super::updates::Queued;

/// How long the bot may take to answer. [S]
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest wait between two tries, in seconds. [S]
const LONGEST: u64 = 120;

/// A webhook that is set.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Another one each time that it is set.
    number: i64,
    pub url: String,
    secret: Option<String>,
    pub connections: usize,
    /// When delivery failed last, in Unix time, and how.
    pub error: Option<(i64, String)>,
    /// Chats whose update is on its way.
    busy: BTreeSet<Option<i64>>,
    /// Chats whose last try failed: how often, and when the next is due.
    waits: BTreeMap<Option<i64>, (u32, Instant)>,
}

impl Webhook {
    pub fn new(number: i64, url: String, secret: Option<String>, connections: usize) -> Webhook {
        let (error, busy, waits) = Default::default();
        Webhook { number, url, secret, connections, error, busy, waits }
    }

    /// How often a chat has failed in a row.
    pub fn tries(&self, chat: i64) -> Option<u32> {
        self.waits.get(&Some(chat)).map(|(tries, _)| *tries)
    }
}

/// One update on its way.
struct Errand {
    number: i64,
    url: String,
    secret: Option<String>,
    update: Queued,
}

/// Delivers whenever there is something to deliver. Never ends.
pub async fn deliver(shared: Arc<Shared>) {
    // The bot is on this machine: no proxy.
    let client = Client::builder().timeout(PATIENCE).no_proxy().build().expect("a client without options");
    let mut changes = shared.watch();
    loop {
        changes.mark_unchanged();
        let (errands, wake) = shared.quietly(|state| (due(state), next(state)));
        for errand in errands {
            tokio::spawn(run(Arc::clone(&shared), client.clone(), errand));
        }
        let wake = wake.unwrap_or_else(|| Instant::now() + Duration::from_secs(3600));
        tokio::select! {
            _ = changes.changed() => {}
            () = sleep_until(wake) => {}
        }
    }
}

/// The oldest update of each chat that has none on its way and doesn't wait, as long as there are connections.
fn due(state: &mut State) -> Vec<Errand> {
    let now = state.clock.now();
    let State { updates, webhook, .. } = state;
    let Some(webhook) = webhook else { return Vec::new() };
    updates.tick(now);
    let mut errands = Vec::new();
    let mut passed = BTreeSet::new();
    for update in updates.waiting() {
        if webhook.busy.len() >= webhook.connections {
            break;
        }
        let waits = webhook.waits.get(&update.chat).is_some_and(|(_, until)| *until > Instant::now());
        if passed.insert(update.chat) && !waits && webhook.busy.insert(update.chat) {
            let (url, secret) = (webhook.url.clone(), webhook.secret.clone());
            errands.push(Errand { number: webhook.number, url, secret, update: update.clone() });
        }
    }
    errands
}

/// When something is due without a change.
fn next(state: &State) -> Option<Instant> {
    let webhook = state.webhook.as_ref()?;
    let now = Instant::now();
    let held = state.updates.next_tick().map(|at| now + at.saturating_sub(state.clock.now()));
    let waits = webhook.waits.values().map(|(_, until)| *until).filter(|until| *until > now);
    waits.chain(held).min().map(|at| at + Duration::from_millis(1))
}

async fn run(shared: Arc<Shared>, client: Client, errand: Errand) {
    let mut request = client.post(&errand.url).json(&errand.update.json);
    if let Some(secret) = &errand.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let outcome = match request.send().await {
        Ok(response) if response.status().is_success() => Ok(()),
        Ok(response) => Err(refused(&response)),
        Err(error) if error.is_timeout() => Err(("Read timeout expired".to_owned(), None)),
        Err(error) if error.is_connect() => Err(("Connection refused".to_owned(), None)),
        Err(_) => Err(("Connection reset by peer".to_owned(), None)),
    };
    shared.change(|state| settle(state, &errand, outcome));
}

fn refused(response: &Response) -> (String, Option<u64>) {
    let status = response.status();
    let after = response.headers().get("retry-after").and_then(|after| after.to_str().ok()?.parse().ok());
    let reason = status.canonical_reason().unwrap_or_default();
    (format!("Wrong response from the webhook: {} {reason}", status.as_u16()), after)
}

fn settle(state: &mut State, errand: &Errand, outcome: Result<(), (String, Option<u64>)>) {
    let (date, scale) = (state.clock.date(), state.webhook_scale);
    // What was delivered is, also when the webhook was set anew meanwhile.
    if outcome.is_ok() {
        state.updates.delivered(errand.update.place);
    }
    let Some(webhook) = state.webhook.as_mut().filter(|webhook| webhook.number == errand.number) else {
        return;
    };
    webhook.busy.remove(&errand.update.chat);
    match outcome {
        Ok(()) => {
            webhook.waits.remove(&errand.update.chat);
        }
        Err((error, after)) => {
            webhook.error = Some((date, error));
            let (tries, until) = webhook.waits.entry(errand.update.chat).or_insert((0, Instant::now()));
            let seconds = after.unwrap_or(if *tries == 0 { 0 } else { (1 << (*tries).min(7)).min(LONGEST) });
            *until = Instant::now() + Duration::from_secs(seconds).mul_f64(scale);
            *tries += 1;
        }
    }
}
